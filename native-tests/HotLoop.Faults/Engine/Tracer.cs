using System.Diagnostics;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>strace on a process that runs: it counts one system call, and makes some of them fail. Let go again when disposed of.</summary>
internal sealed class Tracer : IAsyncDisposable
{
    private const string InjectedMark = "(INJECTED)";

    private readonly Process _strace;
    private readonly TemporaryDirectory _folder;

    private Tracer(Process strace, TemporaryDirectory folder)
    {
        _strace = strace;
        _folder = folder;
    }

    private string LogPath => _folder.File("trace");

    /// <param name="process">To be traced, all its threads.</param>
    /// <param name="call">The system call.</param>
    /// <param name="inject">As of <c>-e inject=CALL:…</c>, such as "error=EINTR:when=50+50"; null: it is only watched.</param>
    internal static async Task<Tracer> AttachAsync(int process, string call, string? inject = null)
    {
        TemporaryDirectory folder = new();
        List<string> words = ["-f", "-p", $"{process}", "-e", $"trace={call}", "-e", "signal=none", "-o", folder.File("trace")];
        if (inject is not null)
        {
            words.AddRange(["-e", $"inject={call}:{inject}"]);
        }

        Tracer tracer = new(Process.Start(new ProcessStartInfo("strace", words) { RedirectStandardError = true })!, folder);
        await new OutputLines(tracer._strace.StandardError).FindAsync(line => line.Contains("attached", StringComparison.Ordinal));
        return tracer;
    }

    /// <summary>Lets go of the process.</summary>
    /// <returns>How often it made the system call, and how many of these strace made fail.</returns>
    internal async Task<(long Calls, long Injected)> DetachAsync()
    {
        Signals.Send(_strace.Id, Signal.Interrupt);
        await _strace.WaitForExitAsync().WaitAsync(EngineProcess.Patience);
        long calls = 0;
        long injected = 0;
        foreach (string line in File.ReadLines(LogPath))
        {
            calls++;
            injected += line.EndsWith(InjectedMark, StringComparison.Ordinal) ? 1 : 0;
        }

        return (calls, injected);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            Signals.Send(_strace.Id, Signal.Interrupt);
            await _strace.WaitForExitAsync().WaitAsync(EngineProcess.Patience);
        }

        _strace.Dispose();
        _folder.Dispose();
    }
}
