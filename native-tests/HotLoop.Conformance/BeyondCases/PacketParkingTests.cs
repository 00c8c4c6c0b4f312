using System.Buffers.Binary;
using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Datagram sockets that wait, to receive and to send.</summary>
public sealed class PacketParkingTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Each_of_a_thousand_datagrams_wakes_its_receive(BackendKind backend) => RunBoth(backend, async t =>
    {
        (PacketConn receiver, PacketConn sender) = await t.PacketPair();
        byte[] buffer = new byte[64];
        for (int i = 0; i < 1_000; i++)
        {
            ValueTask<PacketResult> read = receiver.TryReadFromAsync(buffer);
            Assert.False(read.IsCompleted);
            await sender.WriteAsync(Numbered(i));
            PacketResult result = await read;
            Assert.Equal(sender.LocalAddress, result.From);
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(0, result.Count)));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Receives_get_datagrams_in_the_order_in_which_they_were_started(BackendKind backend) => RunBoth(backend, async t =>
    {
        const int Callers = 8;
        (PacketConn receiver, PacketConn sender) = await t.PacketPair();
        byte[][] buffers = [.. Enumerable.Range(0, Callers).Select(_ => new byte[4])];
        Task<PacketResult>[] reads = [.. buffers.Select(b => receiver.TryReadFromAsync(b).AsTask())];
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        for (int i = 0; i < Callers; i++)
        {
            await sender.WriteAsync(Numbered(i));
        }

        for (int i = 0; i < Callers; i++)
        {
            Assert.Equal(new PacketResult(4, sender.LocalAddress, null), await reads[i]);
            Assert.Equal(Numbered(i), buffers[i]);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_ends_the_receives_in_line_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket("unixgram", t.PathOf("DIR/a"));
        Task<PacketResult>[] reads = [.. Enumerable.Range(0, 3).Select(_ => Scenario.ReadFrom(conn).AsTask())];
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        conn.Close();
        foreach (Task<PacketResult> read in reads)
        {
            Assert.Equal(OpErrorKind.Closed, (await read).Error!.Kind);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_read_deadline_covers_the_time_in_line_and_can_be_moved(BackendKind backend) => RunBoth(backend, async t =>
    {
        (PacketConn receiver, PacketConn sender) = await t.PacketPair();
        Stopwatch watch = Stopwatch.StartNew();
        receiver.SetDeadline(Timing.In(50));
        Task<PacketResult>[] reads = [.. Enumerable.Range(0, 2).Select(_ => Scenario.ReadFrom(receiver).AsTask())];
        foreach (Task<PacketResult> read in reads)
        {
            Assert.True((await read).Error!.Timeout);
            Timing.About(watch, 50);
        }

        receiver.SetDeadline(Timing.In(50));
        ValueTask<PacketResult> kept = Scenario.ReadFrom(receiver);
        receiver.SetDeadline(Deadline.None);
        await Task.Delay(100); // past the deadline that was cleared
        Assert.False(kept.IsCompleted);
        await sender.WriteAsync(Numbered(1));
        Assert.Equal(4, (await kept).Count);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_send_to_a_full_queue_waits_for_room_its_deadline_or_Close(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn receiver = t.ListenPacket("unixgram", t.PathOf("DIR/r"));
        PacketConn free = t.ListenPacket("unixgram", t.PathOf("DIR/s"));
        await FillAndDrain(() => free.TryWriteToAsync(Numbered(1), receiver.LocalAddress), free, receiver);

        receiver = t.ListenPacket("unixgram", t.PathOf("DIR/q"));
        PacketConn dialed = await t.DialPacket(t.PathOf("DIR/q"), "unixgram");
        await FillAndDrain(() => dialed.TryWriteAsync(Numbered(1)), dialed, receiver);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Each_send_that_fails_names_the_address_it_was_for(BackendKind backend) => RunBoth(backend, async t =>
    {
        NetAddress full = t.ListenPacket("unixgram", t.PathOf("DIR/full")).LocalAddress;
        NetAddress other = t.ListenPacket("unixgram", t.PathOf("DIR/other")).LocalAddress;
        PacketConn sender = t.ListenPacket("unixgram", "");
        await Fill(() => sender.TryWriteToAsync(Numbered(1), full), sender);

        ValueTask<IoResult> waits = sender.TryWriteToAsync(Numbered(1), full);
        Task<IoResult> inLine = sender.TryWriteToAsync(Numbered(2), other).AsTask();
        Task throws = sender.WriteToAsync(Numbered(3), full).AsTask();
        Assert.False(waits.IsCompleted || inLine.IsCompleted || throws.IsCompleted);
        sender.SetWriteDeadline(Deadline.Past);
        Assert.Equal(full, (await waits).Error!.Addr);
        Assert.Equal(other, (await inLine).Error!.Addr);
        Assert.Equal(full, (await Assert.ThrowsAsync<OpError>(() => throws)).Addr);
    });

    // Until a send has to wait.
    private static async Task Fill(Func<ValueTask<IoResult>> write, PacketConn sender)
    {
        IoResult result;
        do
        {
            sender.SetWriteDeadline(Timing.In(20));
            result = await write();
        }
        while (result.Error is null);
        Assert.Equal(OpErrorKind.DeadlineExceeded, result.Error.Kind);
        sender.SetWriteDeadline(Deadline.None);
    }

    private static async Task FillAndDrain(Func<ValueTask<IoResult>> write, PacketConn sender, PacketConn receiver)
    {
        await Fill(write, sender);
        ValueTask<IoResult> waiting = write();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(4, (await Scenario.ReadFrom(receiver)).Count);
        Assert.Equal(new IoResult(4, null), await waiting);

        waiting = write();
        Assert.False(waiting.IsCompleted);
        sender.Close();
        Assert.Equal(OpErrorKind.Closed, (await waiting).Error!.Kind);
    }

    private static byte[] Numbered(int number)
    {
        byte[] datagram = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        return datagram;
    }
}
