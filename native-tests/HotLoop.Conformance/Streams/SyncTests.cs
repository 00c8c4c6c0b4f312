using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Members that block their thread: fine off the loops, refused on one.</summary>
public sealed class SyncTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task They_read_and_write_in_all_their_shapes(BackendKind backend) => RunOffLoop(backend, t => Blocking(async () =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        return (conn.AsStream(), peer.AsStream());
    }, static (stream, other) =>
    {
        stream.Write("abc"u8.ToArray(), 1, 1);
        stream.Write("cde"u8);
        stream.WriteByte((byte)'f');
        stream.Write([]);
        stream.Flush();
        byte[] buffer = new byte[5];
        Assert.Equal('b', other.ReadByte());
        other.ReadExactly(buffer.AsSpan(0, 3));
        Assert.Equal(1, other.Read(buffer, 3, 2));
        Assert.Equal("cdef\0"u8, buffer);
        stream.Dispose();
        Assert.Equal(0, other.Read(buffer));
        Assert.Equal(0, other.Read([]));
        Assert.Equal(-1, other.ReadByte());
        MemoryStream copied = new();
        other.CopyTo(copied);
        Assert.Equal(0, copied.Length);
    }));

    [Theory, ClassData(typeof(Backends))]
    public Task They_fail_as_the_asynchronous_ones_do(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Task<int> read = OnThread(() => stream.Read(new byte[1]));
        Scenario.Reset(peer);
        await Ends.With(SocketError.ConnectionReset, read);
        await Ends.With(SocketError.Shutdown, OnThread(() =>
        {
            stream.WriteByte(0);
            return 0;
        }));
        Task<int> waiting;
        (Conn other, _) = await t.Pair();
        ConnStream second = other.AsStream();
        waiting = OnThread(() => second.Read(new byte[1]));
        await Task.Delay(10); // either order is right, this one more interesting
        other.Close();
        await Ends.Closed(waiting);
        second.Dispose();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Many_block_at_once(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        List<Task> echoes = [];
        List<Task<int>> clients = [];
        for (int i = 0; i < 32; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            echoes.Add(Echo.Run(peer));
            clients.Add(OnThread(() =>
            {
                using ConnStream stream = conn.AsStream();
                for (int round = 0; round < 50; round++)
                {
                    stream.WriteByte((byte)round);
                    Assert.Equal(round, stream.ReadByte());
                }

                return 50;
            }));
        }

        Assert.All(await Task.WhenAll(clients), rounds => Assert.Equal(50, rounds));
        await Task.WhenAll(echoes);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_caller_whose_context_is_blocked_by_the_call_is_not_needed(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = 5000;
        Task<int> read = OnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new DeadContext());
            return stream.Read(new byte[8]);
        });
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await read);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_loop_refuses_them_and_nothing_is_read(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        await peer.WriteAsync(new byte[5]);
        await KernelView.Of(conn).UntilAvailable(5);
        byte[] buffer = new byte[8];
        List<Action> calls =
        [
            () => _ = stream.Read(buffer, 0, 8),
            () => _ = stream.Read(buffer),
            () => stream.ReadByte(),
            () => stream.Write(buffer, 0, 8),
            () => stream.Write(buffer),
            () => stream.WriteByte(0),
            () => stream.CopyTo(Stream.Null),
        ];
        Assert.All(calls, call => Assert.Throws<InvalidOperationException>(call));
        stream.Flush();
        Assert.Equal(5, await stream.ReadAsync(buffer));
        stream.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    private static async Task Blocking(Func<Task<(ConnStream, ConnStream)>> prepare, Action<ConnStream, ConnStream> body)
    {
        (ConnStream stream, ConnStream other) = await prepare();
        await OnThread(() =>
        {
            body(stream, other);
            return 0;
        });
        await other.DisposeAsync();
    }

    // A thread of its own: blocked threads of the pool would slow the tests that follow.
    private static Task<int> OnThread(Func<int> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class DeadContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }

        public override void Send(SendOrPostCallback d, object? state)
        {
        }
    }
}
