using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>One connection that is read from in every way there is, while its loop may have received ahead.</summary>
public sealed class MixedUseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int PartBytes = 700;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory, ClassData(typeof(Backends))]
    public Task Reads_on_and_off_the_loop_share_a_stream_in_order(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int start = 0; start < 10; start++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                long at = 0;
                for (int i = 0; i < 100; i++)
                {
                    int way = i + start;
                    bool offLoop = way % 2 == 0;
                    if (way % 3 == 0)
                    {
                        // Nothing is there yet: it waits.
                        long from = at;
                        Task reading = offLoop
                            ? Task.Run(() => PlainPeers.ReadNumbered(conn, from, PartBytes))
                            : PlainPeers.ReadNumbered(conn, from, PartBytes);
                        await peers.Turn();
                        peer.Send(NumberedBytes.Make(at, PartBytes));
                        await reading;
                    }
                    else
                    {
                        peer.Send(NumberedBytes.Make(at, PartBytes));
                        await peers.Turn();
                        await ReadIn(conn, at, 300, offLoop);
                        await ReadIn(conn, at + 300, PartBytes - 300, !offLoop);
                    }

                    at += PartBytes;
                }

                peer.Shutdown(SocketShutdown.Send);
                await peers.Turn();
                Assert.Equal(new IoResult(0, null), await (start % 2 == 0 ? Scenario.Read(conn) : new(Task.Run(() => Scenario.Read(conn).AsTask()))));
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Zero_byte_reads_tell_of_bytes_that_are_held(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            (Conn conn, Socket peer) = await peers.ConnectArmed();
            await using ConnStream stream = conn.AsStream(leaveOpen: true);
            for (int i = 0; i < 200; i++)
            {
                bool waits = i % 2 == 0;
                Task<int>? waiting = waits ? stream.ReadAsync(Memory<byte>.Empty).AsTask() : null;
                peer.Send(NumberedBytes.Make(i, PartBytes));
                await peers.Turn();
                Assert.Equal(0, await (waiting ?? stream.ReadAsync(Memory<byte>.Empty).AsTask()));
                await ReadIn(conn, i, 300, offLoop: i % 4 < 2);
                Assert.Equal(0, await Task.Run(() => stream.ReadAsync(Memory<byte>.Empty).AsTask()));
                await ReadIn(conn, i + 300, PartBytes - 300, offLoop: i % 8 < 4);
            }
        },
        s_limit);

    // Of a copy splice(2) would see nothing of what is held.
    [Theory, ClassData(typeof(Backends))]
    public Task A_copy_begins_with_the_bytes_that_are_held(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < 100; i++)
            {
                (Conn source, Socket feeder) = await peers.ConnectArmed();
                (Conn destination, Socket sink) = await peers.ConnectArmed();
                feeder.Send(NumberedBytes.Make(0, PartBytes));
                await peers.Turn();
                if (i % 2 == 0)
                {
                    await PlainPeers.ReadNumbered(source, 0, 100);
                }

                Task<CopyResult> copy = i % 3 == 0
                    ? Task.Run(() => source.TryCopyToAsync(destination).AsTask())
                    : source.TryCopyToAsync(destination).AsTask();
                feeder.Send(NumberedBytes.Make(PartBytes, PartBytes));
                await peers.Turn();
                feeder.Send(NumberedBytes.Make(2 * PartBytes, PartBytes));
                feeder.Shutdown(SocketShutdown.Send);
                int skipped = i % 2 == 0 ? 100 : 0;
                Assert.Equal(new CopyResult((3 * PartBytes) - skipped, null), await copy);
                destination.Close();
                byte[] got = new byte[3 * PartBytes];
                int count = 0;
                int n;
                while ((n = sink.Receive(got.AsSpan(count))) > 0)
                {
                    count += n;
                }

                Assert.Equal((3 * PartBytes) - skipped, count);
                NumberedBytes.Check(skipped, got.AsSpan(0, count));
                source.Close();
            }
        },
        s_limit);

    // Who reads the descriptor itself does so behind the loop's back: what the loop holds is to be read first.
    [Theory, ClassData(typeof(Backends))]
    public Task A_callback_on_the_descriptor_comes_after_what_was_read_before(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < 100; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                peer.Send(NumberedBytes.Make(0, PartBytes));
                await peers.Turn();
                await PlainPeers.ReadNumbered(conn, 0, PartBytes);
                byte[] got = new byte[PartBytes];
                int count = 0;
                Task raw = conn.SyscallConn().ReadAsync(descriptor =>
                {
                    int n;
                    while (count < PartBytes && (n = Receive(descriptor, got.AsSpan(count))) > 0)
                    {
                        count += n;
                    }

                    return count == PartBytes;
                }).AsTask();
                await peers.Turn(); // it waits
                Assert.False(raw.IsCompleted);
                peer.Send(NumberedBytes.Make(PartBytes, PartBytes));
                await raw;
                NumberedBytes.Check(PartBytes, got);
                peer.Send(NumberedBytes.Make(2 * PartBytes, PartBytes));
                await ReadIn(conn, 2 * PartBytes, PartBytes, offLoop: i % 2 == 0);
                conn.Close();
                peer.Dispose();
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task With_a_duplicate_the_connection_still_has_what_was_held(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < 100; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                peer.Send(NumberedBytes.Make(0, PartBytes));
                await peers.Turn();
                using SafeFileHandle duplicate = conn.DuplicateHandle();
                await ReadIn(conn, 0, PartBytes, offLoop: i % 2 == 0);
                ValueTask<IoResult> read = conn.TryReadAsync(new byte[PartBytes]);
                await peers.Turn();
                peer.Send(NumberedBytes.Make(0, PartBytes));
                Assert.Equal(new IoResult(PartBytes, null), await read);

                // From here on nothing is received ahead: the duplicate sees what comes.
                peer.Send(NumberedBytes.Make(0, PartBytes));
                await peers.Turn();
                byte[] got = new byte[PartBytes];
                Assert.Equal(PartBytes, Receive((int)duplicate.DangerousGetHandle(), got));
                NumberedBytes.Check(0, got);
                conn.Close();
                peer.Dispose();
            }
        },
        s_limit);

    private static Task ReadIn(Conn conn, long from, int count, bool offLoop) =>
        offLoop ? Task.Run(() => PlainPeers.ReadNumbered(conn, from, count)) : PlainPeers.ReadNumbered(conn, from, count);

    // How many bytes; negative when there are none.
    private static int Receive(int descriptor, Span<byte> buffer)
    {
        Socket socket = BorrowedSocket.Of(descriptor);
        socket.Blocking = false; // as the descriptor is
        int n = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? n : -1;
    }
}
