using System.Diagnostics;
using System.Globalization;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// Deadlines keep to the monotonic clock, wherever it begins, and through a stop of the process: one that ends meanwhile fires on time, one
/// that has passed fires as soon as the process goes on.
/// </summary>
public class S39Clocks
{
    private const int Day = 86400;
    private const int LateMost = 50;

    private static readonly int[] s_deadlines = [50, 200, 500];

    [Scenario(39, "Clocks", Brief = true, Needs = "unshare cc env"), ClassData(typeof(Backends))]
    public Task Deadlines_keep_to_the_monotonic_clock(BackendKind backend) => Row.RunAsync(
        backend,
        $"monotonic clock a day ahead in a time namespace, deadlines of {string.Join(", ", s_deadlines)} ms, and with the wall clock of clock_gettime jumping by two hours, forth and back, 66 times a second; SIGSTOP of 400 ms in one of 1 s; SIGSTOP of 1 s in one of 500 ms",
        async row =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                await DayAheadAsync(row, backend);
            }

            await WallClockJumpsAsync(row, backend);
            await StoppedAsync(row, backend, "stopped before its end: late, ms", deadline: 1000, stop: 400);
            await StoppedAsync(row, backend, "stopped past its end: late, ms", deadline: 500, stop: 1000);
        });

    private static async Task DayAheadAsync(Row row, BackendKind backend)
    {
        double here = Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        string[] words = ["-T", "--monotonic", $"{Day}", Program, DeadlineProgram.Command, Backends.NameOf(backend), .. s_deadlines.Select(d => $"{d}")];
        await using EngineProcess process = EngineProcess.Run("unshare", words);
        await FiredAsync(row, process, "a day ahead");
        row.Check("the clock is a day ahead", Number(process.Output.SoFar[0]) - here is > Day - 1 and < Day + 60);
    }

    private static async Task WallClockJumpsAsync(Row row, BackendKind backend)
    {
        using TemporaryDirectory folder = new();
        string library = folder.File("wall-clock.so");
        Compiler.Execute(
            Compiler.Path!, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", library, Path.Combine(AppContext.BaseDirectory, "wall-clock.c"));
        string[] words = [$"LD_PRELOAD={library}", Program, DeadlineProgram.Command, Backends.NameOf(backend), .. s_deadlines.Select(d => $"{d}")];
        await using EngineProcess process = EngineProcess.Run("env", words);
        await FiredAsync(row, process, "wall clock jumps");
        row.Measure("jumps of the wall clock in 100 ms", Number(process.Output.SoFar[^1]), least: 3);
    }

    private static async Task FiredAsync(Row row, EngineProcess process, string when)
    {
        Assert.Equal(0, await process.ExitAsync());
        string[] lines = process.Output.SoFar;
        double[] late = [.. lines.Where(l => l.StartsWith("fired", StringComparison.Ordinal)).Select(Number).Zip(s_deadlines, (time, due) => time - due)];
        Assert.Equal(s_deadlines.Length, late.Length);
        row.Measure($"{when}: earliest, ms", late.Min(), least: 0);
        row.Measure($"{when}: latest, ms", late.Max(), most: LateMost);
        row.Check("a read without deadline follows", lines[^2] == "read 1");
    }

    private static async Task StoppedAsync(Row row, BackendKind backend, string what, int deadline, int stop)
    {
        await using EngineProcess process = EngineProcess.Run(Program, [DeadlineProgram.Command, Backends.NameOf(backend), $"{deadline}"]);
        int seen = 0;
        await process.Output.FindAsync(line => line == "armed" && ++seen == 2); // the first is the one that warms up
        long armed = Stopwatch.GetTimestamp();
        process.Send(Signal.Stop);
        await Task.Delay(stop); // stopped that long
        process.Send(Signal.Continue);
        double wentOn = Stopwatch.GetElapsedTime(armed).TotalMilliseconds;
        Assert.Equal(0, await process.ExitAsync());
        string[] lines = process.Output.SoFar;
        double fired = Number(Assert.Single(lines, l => l.StartsWith("fired", StringComparison.Ordinal)));

        // Its clock began a moment before the line that this process saw.
        row.Measure(what, fired - Math.Max(deadline, wentOn), most: LateMost, least: wentOn > deadline ? null : 0);
        row.Check("a read without deadline follows", lines[^2] == "read 1");
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "HotLoop.Faults");

    private static double Number(string line) => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
}
