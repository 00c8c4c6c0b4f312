using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit;

namespace HotLoop.TestKit.Engine;

/// <summary>One run of the binary. It is gone when the test ends, however the test ends.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    /// <summary>The longest that a test waits for anything; only a broken engine makes it wait so long.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private EngineProcess(Process process)
    {
        _process = process;
        Output = new OutputLines(process.StandardOutput);
        Errors = new OutputLines(process.StandardError);
    }

    internal OutputLines Output { get; }

    internal OutputLines Errors { get; }

    internal int Id => _process.Id;

    internal bool IsRunning => !_process.HasExited;

    /// <summary>The line that said where it listens.</summary>
    internal string ReadyLine { get; private set; } = "";

    internal int Port { get; private set; }

    internal IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    internal long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The backend of servers whose test does not name one: the best that works here, as auto takes it.</summary>
    internal static string Backend { get; } = Backends.NameOf(new Backends().Working[^1]);

    /// <summary>HOTLOOP_BIN, else the build of this checkout, which lies beside the tests.</summary>
    private static string Binary
    {
        get
        {
            string? other = Environment.GetEnvironmentVariable("HOTLOOP_BIN");
            return string.IsNullOrEmpty(other) ? Path.Combine(AppContext.BaseDirectory, "HotLoop.Engine") : Path.GetFullPath(other);
        }
    }

    /// <summary>Whether the binary was compiled ahead of time: then its assemblies are in it, not beside it.</summary>
    internal static bool IsNative => !File.Exists(Path.Combine(Path.GetDirectoryName(Binary)!, "HotLoop.Engine.dll"));

    internal static EngineProcess Start(params string[] arguments) => Run(Binary, arguments);

    /// <summary>As <see cref="Start"/>, in a process that may not do something: see <see cref="Launcher"/>.</summary>
    internal static EngineProcess StartDenied(Denial denial, params string[] arguments) =>
        Run(Launcher.Path, [.. Launcher.Arguments(denial), Binary, .. arguments]);

    /// <summary>As <see cref="Start"/>, by <paramref name="program"/>, which replaces itself with the engine: prlimit, capsh, unshare.</summary>
    internal static EngineProcess StartBy(string program, string[] words, params string[] arguments) => Run(program, [.. words, Binary, .. arguments]);

    /// <summary>Another program than the engine, run and ended in the same way.</summary>
    internal static EngineProcess Run(string binary, string[] arguments)
    {
        ProcessStartInfo start = new(binary, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Signals.WithInterrupt(() => Process.Start(start)!);
        process.StandardInput.Close();
        return new EngineProcess(process);
    }

    /// <summary><c>hotloop echo</c> on a port of its own choice, ready.</summary>
    internal static Task<EngineProcess> EchoAsync(params string[] options) => EchoOnAsync("127.0.0.1:0", options);

    internal static Task<EngineProcess> EchoOnAsync(string address, params string[] options) => ServeAsync("echo", address, options);

    /// <summary><c>hotloop discard</c>, ready.</summary>
    internal static Task<EngineProcess> DiscardAsync(params string[] options) => ServeAsync("discard", "127.0.0.1:0", options);

    private static async Task<EngineProcess> ServeAsync(string command, string address, string[] options)
    {
        EngineProcess engine = Start([command, "--listen", address, "--loops", "2", .. Named(options), .. options]);
        try
        {
            await engine.WaitReadyAsync();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    // Not auto, which may have something to say on standard error.
    private static string[] Named(string[] options) => options.Contains("--backend") ? [] : ["--backend", Backend];

    internal async Task WaitReadyAsync()
    {
        string? line = await Output.FindAsync(_ => true);
        Assert.True(line is not null, $"It ended before it was ready: {string.Join('\n', Errors.SoFar)}");
        ReadyLine = line;
        string address = line.Split(" (")[0];
        Port = int.Parse(address[(address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    internal void Send(Signal signal) => Signals.Send(Id, signal);

    /// <summary>Waits for the end of the process and of its output.</summary>
    internal async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await Output.ToEndAsync();
        await Errors.ToEndAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }
}
