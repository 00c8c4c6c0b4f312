using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>The forms that throw tell the same as those that return errors.</summary>
public sealed class ThrowingFormsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task They_move_data(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        byte[] buffer = new byte[10];
        ValueTask<int> read = peer.ReadAsync(buffer);
        ValueTask<int> queued = peer.ReadAsync(buffer.AsMemory(5));
        await conn.WriteAsync("hello"u8.ToArray());
        Assert.Equal(5, await read);
        await conn.WriteAsync("world"u8.ToArray());
        Assert.Equal(5, await queued);
        Assert.Equal("helloworld"u8, buffer);

        ValueTask write = conn.WriteAsync(new byte[Scenario.Flood]);
        ValueTask queuedWrite = conn.WriteAsync(new byte[1]);
        Assert.False(write.IsCompleted || queuedWrite.IsCompleted);
        Task<IoResult> drain = Scenario.ReadUpTo(peer, Scenario.Flood + 1);
        await write; // whose awaiter lets the next one begin
        await queuedWrite;
        Assert.Equal(Scenario.Flood + 1, (await drain).Count);
        conn.Close();
        Assert.Equal(0, await peer.ReadAsync(buffer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task They_throw_what_the_others_return(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        conn.SetDeadline(Deadline.Past);
        await Same(async () => await conn.ReadAsync(new byte[1]), (await Scenario.Read(conn)).Error);
        await Same(async () => await conn.WriteAsync(new byte[1]), (await Scenario.Write(conn)).Error);
        await Same(async () => await conn.ReadLeaseAsync(), (await Scenario.Read(conn)).Error);
        Assert.Equal(SocketError.TimedOut, (await Scenario.Read(conn)).Error!.SocketErrorCode);

        conn.SetDeadline(Deadline.None);
        conn.CloseWrite();
        await Same(async () => await conn.WriteAsync(new byte[1]), (await Scenario.Write(conn)).Error);
        conn.Close();
        await Same(async () => await conn.ReadAsync(new byte[1]), (await Scenario.Read(conn)).Error);
        await Same(async () => await conn.WriteAsync(new byte[1]), (await Scenario.Write(conn)).Error);
        await Same(async () => await conn.ReadLeaseAsync(), (await conn.TryReadLeaseAsync()).Error);

        Listener listener = t.Listen();
        listener.Close();
        await Same(async () => await listener.AcceptAsync(), (await listener.TryAcceptAsync()).Error);
        conn.Dispose();
        listener.Dispose();
        peer.Close();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task They_throw_from_a_wait_and_from_a_line_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        ValueTask<int> queuedRead = conn.ReadAsync(new byte[1]);
        ValueTask write = conn.WriteAsync(new byte[Scenario.Flood]);
        ValueTask queuedWrite = conn.WriteAsync(new byte[1]);
        conn.Close();
        OpError[] errors =
        [
            await Assert.ThrowsAsync<OpError>(async () => await read),
            await Assert.ThrowsAsync<OpError>(async () => await queuedRead),
            await Assert.ThrowsAsync<OpError>(async () => await write),
            await Assert.ThrowsAsync<OpError>(async () => await queuedWrite),
        ];
        Assert.All(errors, e => Assert.Equal(OpErrorKind.Closed, e.Kind));
        Assert.Equal(["read", "read", "write", "write"], errors.Select(e => e.Op));
    });

    private static async Task Same(Func<Task> call, OpError? expected)
    {
        OpError error = await Assert.ThrowsAsync<OpError>(call);
        Assert.Equal(expected!.Message, error.Message);
        Assert.Equal(expected.Kind, error.Kind);
        Assert.IsAssignableFrom<IOException>(error);
        Assert.Equal(error.SocketErrorCode, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }
}
