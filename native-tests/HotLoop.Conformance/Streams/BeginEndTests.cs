using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>The old pairs of methods that older libraries still call.</summary>
public sealed class BeginEndTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task The_callback_gets_the_state_and_End_gives_the_result(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        TaskCompletionSource<IAsyncResult> called = New();
        byte[] buffer = new byte[8];
        object state = new();
        IAsyncResult read = stream.BeginRead(buffer, 1, 7, called.SetResult, state);
        Assert.False(read.IsCompleted);
        TaskCompletionSource<IAsyncResult> written = New();
        await using ConnStream other = peer.AsStream();
        IAsyncResult write = other.BeginWrite("xhellox"u8.ToArray(), 1, 5, written.SetResult, state);
        Assert.Same(write, await written.Task);
        Assert.Same(state, write.AsyncState);
        other.EndWrite(write);
        Assert.Same(read, await called.Task);
        Assert.Same(state, read.AsyncState);
        Assert.Equal(5, stream.EndRead(read));
        Assert.Equal("\0hello\0\0"u8, buffer);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_failure_comes_out_of_End(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        TaskCompletionSource<IAsyncResult> called = New();
        stream.BeginRead(new byte[1], 0, 1, called.SetResult, null);
        Scenario.Reset(peer);
        IAsyncResult read = await called.Task;
        await Ends.With(SocketError.ConnectionReset, Task.Run(() => stream.EndRead(read)));
        TaskCompletionSource<IAsyncResult> written = New();
        stream.BeginWrite(new byte[1], 0, 1, written.SetResult, null);
        IAsyncResult write = await written.Task;
        await Ends.With(SocketError.Shutdown, Task.Run(() => stream.EndWrite(write)));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task End_waits_but_not_on_a_loop(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        IAsyncResult read = stream.BeginRead(new byte[8], 0, 8, null, null);
        if (t.OnLoop)
        {
            Assert.Throws<InvalidOperationException>(() => stream.EndRead(read));
        }

        Task<int> end = Task.Run(() => stream.EndRead(read));
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await end);
    });

    private static TaskCompletionSource<IAsyncResult> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
