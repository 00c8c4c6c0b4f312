using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class RawConnTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.rawconn/1")]
    public Task A_callback_that_is_not_done_is_called_again_when_data_comes(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        int calls = 0;
        Task read = conn.SyscallConn().ReadAsync(_ =>
        {
            calls++;
            return view.Available > 0;
        }).AsTask();
        Assert.False(read.IsCompleted);
        _ = await Scenario.Write(peer);
        t.Check("read.rawconn/1", await Scenario.ErrorOf(read));
        t.CheckExtra("read.rawconn/1", "calls", calls);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.rawconn/2-6")]
    public Task Deadline_and_close_hold_for_the_raw_descriptor_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        RawConn raw = conn.SyscallConn();
        conn.SetReadDeadline(Timing.In(30));
        t.Check("read.rawconn/2", await Scenario.ErrorOf(raw.ReadAsync(_ => false).AsTask()));

        conn.SetReadDeadline(Deadline.None);
        Task read = raw.ReadAsync(_ => false).AsTask();
        Assert.False(read.IsCompleted);
        conn.Close();
        t.Check("read.rawconn/3", await Scenario.ErrorOf(read));
        t.Check("read.rawconn/4", await Scenario.ErrorOf(raw.ReadAsync(_ => true).AsTask()));
        t.Check("read.rawconn/5", await Scenario.ErrorOf(raw.WriteAsync(_ => true).AsTask()));
        t.Check("read.rawconn/6", () => raw.Control(_ => { }));
    });

    // A loop never waits, so this is for other threads only.
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.close.waits/1")]
    public Task Close_waits_for_who_holds_the_descriptor(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        using ManualResetEventSlim release = new();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task control = OnThread(() => conn.SyscallConn().Control(_ =>
        {
            held.SetResult();
            release.Wait();
        }));
        await held.Task;
        Stopwatch watch = Stopwatch.StartNew();
        Task close = OnThread(conn.Close);
        Task hundred = Task.Delay(110); // .NET's timers may be early by a tick of the kernel
        Assert.Same(hundred, await Task.WhenAny(close, hundred));
        release.Set();
        t.Check("read.close.waits/1", await Scenario.ErrorOf(close));
        t.About(watch, 100);
        await control;
    });

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
