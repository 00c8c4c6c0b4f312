using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

/// <summary>Copies of which one end is closed, reset or too late.</summary>
public sealed class CopyFailureTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/8", "write.iocopy/16")]
    public Task The_deadlines_of_both_ends_hold(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn source, Conn feeder) = await t.Pair();
        (Conn destination, _) = await t.NarrowPair();
        _ = await Scenario.Write(feeder, 5);
        Stopwatch watch = Stopwatch.StartNew();
        source.SetReadDeadline(Timing.In(50));
        t.Check("write.iocopy/8", await source.TryCopyToAsync(destination));
        t.About(watch, 50);

        source.SetReadDeadline(Deadline.None);
        Task<IoResult> feed = Scenario.Write(feeder, 8 * Scenario.Flood).AsTask();
        watch.Restart();
        destination.SetWriteDeadline(Timing.In(100));
        t.Check("write.iocopy/16", await source.TryCopyToAsync(destination), Counts.Some);
        t.About(watch, 100);
        source.Close();
        feeder.Close();
        _ = await feed;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/9-13")]
    public Task A_closed_end_ends_the_copy(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn source, _) = await t.Pair();
        (Conn destination, _) = await t.Pair();
        source.Close();
        t.Check("write.iocopy/9", await source.TryCopyToAsync(destination));
        t.Check("write.iocopy/10", await Scenario.Read(source));

        (source, Conn feeder) = await t.Pair();
        Task<CopyResult> copy = source.TryCopyToAsync(destination).AsTask();
        Assert.False(copy.IsCompleted);
        source.Close();
        t.Check("write.iocopy/13", await copy);

        (source, feeder) = await t.Pair();
        _ = await Scenario.Write(feeder, 5);
        destination.Close();
        t.Check("write.iocopy/11", await source.TryCopyToAsync(destination));

        Stopwatch watch = Stopwatch.StartNew();
        source.SetReadDeadline(Timing.In(50));
        t.Check("write.iocopy/12", await Scenario.Read(source));
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/14-15")]
    public Task A_reset_of_the_source_ends_the_copy_one_of_the_destination_at_the_next_data(BackendKind backend) =>
        RunBoth(backend, async t =>
        {
            (Conn source, Conn feeder) = await t.Pair();
            (Conn destination, Conn sink) = await t.Pair();
            Task<CopyResult> copy = source.TryCopyToAsync(destination).AsTask();
            Assert.False(copy.IsCompleted);
            Scenario.Reset(feeder);
            t.Check("write.iocopy/14", await copy);

            (source, feeder) = await t.Pair();
            copy = source.TryCopyToAsync(destination).AsTask();
            KernelView view = KernelView.Of(destination);
            Scenario.Reset(sink);
            await view.UntilReset();
            bool early = copy.IsCompleted;
            _ = await Scenario.Write(feeder, 5);
            t.Check("write.iocopy/15", await copy);
            t.CheckExtra("write.iocopy/15", "returned_before_data", early);
        });
}
