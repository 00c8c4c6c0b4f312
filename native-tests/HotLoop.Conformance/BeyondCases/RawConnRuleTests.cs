using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

public sealed class RawConnRuleTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly Exception s_fault = new FormatException("the callback's own");

    [Theory, ClassData(typeof(Backends))]
    public Task What_a_callback_throws_comes_to_the_caller_and_the_connection_goes_on(BackendKind backend) =>
        RunBoth(backend, async t =>
        {
            (Conn conn, Conn peer) = await t.Pair();
            RawConn raw = conn.SyscallConn();
            Assert.Same(s_fault, Assert.Throws<FormatException>(() => raw.Control(_ => throw s_fault)));
            Assert.Same(s_fault, await Assert.ThrowsAsync<FormatException>(() => raw.ReadAsync(_ => throw s_fault).AsTask()));
            Assert.Same(s_fault, await Assert.ThrowsAsync<FormatException>(() => raw.WriteAsync(_ => throw s_fault).AsTask()));

            KernelView view = KernelView.Of(conn);
            Task parked = raw.ReadAsync(_ => view.Available > 0 ? throw s_fault : false).AsTask();
            Assert.False(parked.IsCompleted);
            _ = await Scenario.Write(peer, 5);
            Assert.Same(s_fault, await Assert.ThrowsAsync<FormatException>(() => parked));

            Assert.Equal(new IoResult(5, null), await Scenario.Read(conn));
            Assert.Equal(new IoResult(5, null), await Scenario.Write(conn, 5));
            Assert.Equal(new IoResult(5, null), await Scenario.Read(peer));
        });

    // The callback had taken the event with it, and the read waited for another one.
    [Theory, ClassData(typeof(Backends))]
    public Task A_read_finds_what_a_callback_has_left(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        RawConn raw = conn.SyscallConn();
        KernelView view = KernelView.Of(conn);
        ValueTask<IoResult> read = Scenario.Read(conn);
        _ = await Scenario.Write(peer, 1);
        Assert.Equal(1, (await read).Count); // watched by its loop from here on

        _ = await Scenario.Write(peer, 5);
        await view.UntilAvailable(5);
        conn.SetReadDeadline(Timing.In(20));
        Assert.True((await Scenario.ErrorOf(raw.ReadAsync(_ => false).AsTask()))!.Timeout);
        conn.SetReadDeadline(Deadline.None);
        Assert.Equal(new IoResult(5, null), await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_callback_that_waits_to_write_is_called_when_there_is_room(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        conn.SetWriteDeadline(Timing.In(20));
        IoResult full = await Scenario.Write(conn, Scenario.Flood);
        Assert.True(full.Error!.Timeout);
        conn.SetWriteDeadline(Deadline.None);

        int calls = 0;
        Task write = conn.SyscallConn().WriteAsync(_ => ++calls > 1).AsTask();
        Assert.False(write.IsCompleted);
        Assert.Equal(full.Count, (await Scenario.ReadUpTo(peer, full.Count)).Count);
        await write;
        Assert.Equal(2, calls);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_listener_has_a_descriptor_but_is_neither_read_nor_written(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        RawConn raw = listener.SyscallConn();
        int seen = -1;
        raw.Control(descriptor => seen = descriptor);
        Assert.Equal(KernelView.Of(listener).Descriptor, seen);
        Assert.Same(s_fault, Assert.Throws<FormatException>(() => raw.Control(_ => throw s_fault)));
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => raw.ReadAsync(_ => true).AsTask());
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => raw.WriteAsync(_ => true).AsTask());
        _ = await t.Dial(listener);
        _ = await t.Accept(listener);
    });
}
