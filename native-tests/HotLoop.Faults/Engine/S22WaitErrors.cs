using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>A wait that fails for a passing reason costs a round of the loop and nothing else.</summary>
public class S22WaitErrors
{
    private const int Connections = 20;
    private const string OneIn50 = "when=50+50";

    private static TimeSpan Time => Scale.Of(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1));

    [Scenario(22, "Errors of the wait", Needs = "strace"), ClassData(typeof(Backends))]
    public Task Traffic_stays_right_and_fast_enough(BackendKind backend)
    {
        (string call, string[] errors) = backend == BackendKind.IoUring
            ? ("io_uring_enter", new[] { "EINTR", "EAGAIN", "EBUSY", "ETIME" })
            : ("epoll_wait", ["EINTR"]);
        string provoked = $"{string.Join(", ", errors)} in 1 of 50 {call}, {Time.TotalSeconds:0} s each, {Connections} connections, messages of random length in random pieces";
        return Row.RunAsync(backend, provoked, async row =>
        {
            await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
            Footprint before = Footprint.Of(engine);
            CheckedTraffic traffic = CheckedTraffic.Start(engine.EndPoint, Connections);
            await using (traffic)
            {
                double plain = await RateAsync(row, engine, traffic, call, error: null);
                foreach (string error in errors)
                {
                    double rate = await RateAsync(row, engine, traffic, call, error);
                    row.Measure($"{error}: throughput, % of that under strace without", rate * 100 / plain, least: 50);
                }
            }

            row.Measure("messages", traffic.Messages, least: 1000);
            row.Measure("wrong CRCs", traffic.Corrupt, most: 0);
            row.Measure("failed connections", traffic.Failures, most: 0);
            await before.SettleAsync(engine, row);
            engine.Send(Signal.Terminate);
            row.Measure("exit code", await engine.ExitAsync(), most: 0);
            row.Measure("lines of log", engine.Errors.SoFar.Length, most: 0);
        });
    }

    private static async Task<double> RateAsync(Row row, EngineProcess engine, CheckedTraffic traffic, string call, string? error)
    {
        await using Tracer tracer = await Tracer.AttachAsync(engine.Id, call, error is null ? null : $"error={error}:{OneIn50}");
        long start = Stopwatch.GetTimestamp();
        long before = traffic.Bytes;
        await Task.Delay(Time); // how much comes back meanwhile is measured
        double rate = (traffic.Bytes - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        (long calls, long injected) = await tracer.DetachAsync();
        if (error is not null)
        {
            row.Measure($"{error}: % of the waits", injected * 100.0 / calls, least: 1);
        }

        return rate;
    }
}
