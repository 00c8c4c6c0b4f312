using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>Where io_uring is refused, who did not ask for it is served on epoll, and who did is told why: both in one line and at once.</summary>
public class S37UringRefused
{
    private const string Provoked =
        "seccomp: io_uring_setup EPERM and ENOSYS, io_uring_enter EPERM, io_uring_register EPERM; in full also the sysctl kernel.io_uring_disabled = 2";

    private static readonly (string Name, Denial Denial, string Errno)[] s_denials =
    [
        ("set-up EPERM", new(Denial.Setup, Denial.EPERM), "EPERM"),
        ("set-up ENOSYS", new(Denial.Setup, Denial.ENOSYS), "ENOSYS"),
        ("enter EPERM", new(Denial.Enter, Denial.EPERM), "EPERM"),
        ("register EPERM", new(Denial.Register, Denial.EPERM), "EPERM"),
    ];

    private static int Rounds => Scale.Of(full: 3, brief: 1);

    [Scenario(37, "io_uring refused", Brief = true, Needs = "cc"), ClassData(typeof(Backends))]
    public Task It_serves_on_epoll_or_says_why_not(BackendKind backend) => Row.RunAsync(backend, Provoked, async row =>
    {
        // epoll is what auto falls back to; io_uring is asked for by name and cannot be had.
        bool isAsked = backend == BackendKind.IoUring;
        double usual = await BestAsync(() => ServeAsync(EngineProcess.Start(Arguments(isAsked: false)), errno: null));
        row.Measure("ready with nothing refused, ms", usual);
        foreach ((string name, Denial denial, string errno) in s_denials)
        {
            double time = await BestAsync(() => RunAsync(EngineProcess.StartDenied(denial, Arguments(isAsked)), isAsked, errno));
            Judge(row, name, isAsked, time - usual);
        }

        if (Scale.Full && IoUringSysctl.CanBeSet)
        {
            double time;
            using (IoUringSysctl.Disable())
            {
                time = await BestAsync(() => RunAsync(EngineProcess.Start(Arguments(isAsked)), isAsked, "EPERM"));
            }

            Judge(row, "sysctl", isAsked, time - usual);
        }
    });

    // The process writes its one line and ends, or serves: anything else is an exception, and a failed row.
    private static void Judge(Row row, string name, bool isAsked, double later) =>
        row.Measure($"{name}: {(isAsked ? "refused" : "ready")} in one line, ms more", later, most: Scale.Of(full: 100, brief: 1000)); // brief runs have other tests beside them

    private static string[] Arguments(bool isAsked) =>
        ["echo", "--listen", "127.0.0.1:0", "--loops", "2", "--backend", isAsked ? "io_uring" : "auto"];

    // Other processes use the machine too: the shortest time is the program's own.
    private static async Task<double> BestAsync(Func<Task<double>> run)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Rounds; i++)
        {
            best = Math.Min(best, await run());
        }

        return best;
    }

    private static Task<double> RunAsync(EngineProcess engine, bool isAsked, string errno) =>
        isAsked ? RefuseAsync(engine, errno) : ServeAsync(engine, errno);

    private static async Task<double> ServeAsync(EngineProcess started, string? errno)
    {
        long start = Stopwatch.GetTimestamp();
        await using EngineProcess engine = started;
        await engine.WaitReadyAsync();
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Assert.Contains("(epoll, 2 loops)", engine.ReadyLine, StringComparison.Ordinal);
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        await client.EchoAsync();
        client.Dispose();
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        string line = Assert.Single(await engine.Errors.ToEndAsync());
        string uring = errno is null ? "" : $"does not work here ({errno}: ";
        Assert.StartsWith($"hotloop: backend: epoll, the default; io_uring {uring}", line, StringComparison.Ordinal);

        return time;
    }

    private static async Task<double> RefuseAsync(EngineProcess started, string errno)
    {
        long start = Stopwatch.GetTimestamp();
        await using EngineProcess engine = started;
        int code = await engine.ExitAsync();
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Assert.Equal(1, code);
        Assert.StartsWith($"hotloop: io_uring: {errno}: ", Assert.Single(engine.Errors.SoFar), StringComparison.Ordinal);
        Assert.Empty(engine.Output.SoFar);
        return time;
    }
}
