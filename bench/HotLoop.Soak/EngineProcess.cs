using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HotLoop.Soak;

/// <summary><c>hotloop echo</c> on a port of its own choice. It is gone when this is disposed.</summary>
internal sealed partial class EngineProcess : IAsyncDisposable
{
    private const int SIGTERM = 15;
    private const int DrainSeconds = 5;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(DrainSeconds + 2);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly bool _namesBackend;

    private EngineProcess(Process process, bool namesBackend)
    {
        _process = process;
        _namesBackend = namesBackend;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal int Id => _process.Id;

    /// <summary>HOST:PORT.</summary>
    internal string Address { get; private set; } = "";

    /// <param name="path">The binary.</param>
    /// <param name="backend">Its option of that name.</param>
    /// <param name="loops">Its option of that name.</param>
    /// <param name="stress">For its collector, or null.</param>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    /// <exception cref="IOException">It did not get ready.</exception>
    internal static async Task<EngineProcess> StartAsync(string path, string backend, int loops, GcStress? stress)
    {
        string[] arguments =
        [
            "echo", "--listen", "127.0.0.1:0", "--backend", backend, "--loops", Text(loops), "--drain", Text(DrainSeconds),
        ];
        ProcessStartInfo start = new(Path.GetFullPath(path), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        stress?.AddTo(start.Environment);

        EngineProcess engine = new(Process.Start(start)!, namesBackend: backend == "auto");
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

    /// <summary>Sends SIGTERM and waits for the end of the process.</summary>
    internal async Task<EngineEnd> EndAsync()
    {
        long start = Stopwatch.GetTimestamp();
        if (!_process.HasExited && kill(Id, SIGTERM) != 0)
        {
            throw new Win32Exception();
        }

        bool ended = await WaitExitAsync();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!ended)
        {
            Kill();
            return new EngineEnd(null, seconds, []);
        }

        string[] lines = (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // Left to choose a backend, it says in its first line which it took; that is no error.
        int expected = _namesBackend && lines is [var first, ..] && first.StartsWith("hotloop: backend: ", StringComparison.Ordinal) ? 1 : 0;
        return new EngineEnd(_process.ExitCode, seconds, lines[expected..]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    // The line is "hotloop: echo listening on HOST:PORT (epoll, 2 loops)".
    private async Task WaitReadyAsync()
    {
        const string Before = " listening on ";
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync().WaitAsync(s_startLimit);
        }
        catch (TimeoutException)
        {
            throw new IOException($"the engine was not ready after {s_startLimit.TotalSeconds} s");
        }

        int from = line?.IndexOf(Before, StringComparison.Ordinal) ?? -1;
        if (from < 0)
        {
            throw new IOException($"the engine did not get ready: {line ?? (await _errors).Trim()}");
        }

        Address = line![(from + Before.Length)..].Split(' ')[0];
    }

    private async Task<bool> WaitExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_endLimit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // With what it has started: the path may be that of a script around the engine.
    private void Kill() => _process.Kill(entireProcessTree: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
