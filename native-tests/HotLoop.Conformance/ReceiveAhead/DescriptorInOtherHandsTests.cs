using System.Net.Sockets;
using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>Bytes have been received ahead, and then somebody wants the descriptor itself; and a descriptor that is at its end while a write waits.</summary>
public sealed class DescriptorInOtherHandsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int TicksPerSecond = 100; // USER_HZ
    private const int WaitMilliseconds = 500;

    // It read later bytes before those that were held, or waited for ever.
    [Theory, ClassData(typeof(Backends))]
    public Task A_raw_read_sees_the_next_bytes_or_says_that_it_cannot(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await Held(t);
        byte[] raw = new byte[64];
        int count = 0;
        OpError? error = await Scenario.ErrorOf(conn.SyscallConn().ReadAsync(descriptor =>
        {
            count = NonBlocking(descriptor).Receive(raw);
            return true;
        }).AsTask());
        Assert.Equal(backend == BackendKind.IoUring, error is not null);
        Assert.Equal(error is null ? 5 : 0, count);
        if (error is not null)
        {
            Assert.Contains("operation not supported", error.Message, StringComparison.Ordinal);
            Assert.Equal(new IoResult(5, null), await Scenario.Read(conn));
        }

        // From here on bytes stay in the socket.
        KernelView view = KernelView.Of(conn);
        _ = await Scenario.Write(peer, 5);
        await view.UntilAvailable(5);
        await conn.SyscallConn().ReadAsync(descriptor => NonBlocking(descriptor).Receive(raw) == 5);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_close_with_bytes_held_does_not_reset_who_has_a_duplicate(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await Held(t);
        using SafeFileHandle duplicate = conn.DuplicateHandle();
        conn.Close();
        Assert.Equal(5, NonBlocking((int)duplicate.DangerousGetHandle()).Send(new byte[5]));
        Assert.Equal(new IoResult(5, null), await Scenario.Read(peer));
        Assert.Equal(new IoResult(5, null), await Scenario.Write(peer, 5));
        peer.SetReadDeadline(Timing.In(20));
        Assert.True((await Scenario.Read(peer)).Error!.Timeout);
    });

    // A poll for room ends at once, each time, when the peer has sent its end.
    [Theory, ClassData(typeof(Backends))]
    public Task A_write_that_waits_for_a_peer_at_its_end_costs_no_processor_time(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        peer.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(conn));
        conn.SetWriteDeadline(Timing.In(WaitMilliseconds));
        long before = TicksOfThread();
        IoResult result = await Scenario.Write(conn, Scenario.Flood);
        Assert.True(result.Error!.Timeout);
        long spent = (TicksOfThread() - before) * 1000 / TicksPerSecond;
        Assert.True(spent < WaitMilliseconds / 2, $"{spent} ms of processor time in {WaitMilliseconds} ms of waiting");
    });

    private static Socket NonBlocking(int descriptor)
    {
        Socket socket = BorrowedSocket.Of(descriptor);
        socket.Blocking = false;
        return socket;
    }

    // A connection whose reads wait on the loop, and five bytes for it that nobody has read.
    private static async Task<(Conn Conn, Conn Peer)> Held(Scenario t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        _ = await Scenario.Write(peer, 1);
        Assert.Equal(1, (await read).Count);
        Task<int> readable = conn.AsStream().ReadAsync(Memory<byte>.Empty).AsTask();
        _ = await Scenario.Write(peer, 5);
        Assert.Equal(0, await readable);
        return (conn, peer);
    }

    // User and system time of the calling thread: fields 14 and 15 of proc(5)'s stat.
    private static long TicksOfThread()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], null) + long.Parse(fields[12], null);
    }
}
