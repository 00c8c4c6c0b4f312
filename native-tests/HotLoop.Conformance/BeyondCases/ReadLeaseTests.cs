using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>A read with a rented buffer follows the rules of every read.</summary>
public sealed class ReadLeaseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task It_takes_what_is_there_and_then_the_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<ReadLease> waiting = conn.ReadLeaseAsync();
        Assert.False(waiting.IsCompleted);
        await peer.WriteAsync("hello"u8.ToArray());
        using (ReadLease lease = await waiting)
        {
            Assert.Equal("hello"u8, lease.Memory.Span);
        }

        await peer.WriteAsync("again"u8.ToArray());
        await KernelView.Of(conn).UntilAvailable(5);
        using (ReadLease lease = await conn.TryReadLeaseAsync())
        {
            Assert.Equal("again"u8, lease.Memory.Span);
        }

        peer.Close();
        using ReadLease end = await conn.ReadLeaseAsync();
        Assert.Equal((0, 0), (end.Length, end.Memory.Length));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Deadline_Close_and_reset_come_as_errors(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await peer.WriteAsync(new byte[5]);
        await KernelView.Of(conn).UntilAvailable(5);
        conn.SetReadDeadline(Deadline.Past);
        Assert.Equal(OpErrorKind.DeadlineExceeded, (await conn.TryReadLeaseAsync()).Error?.Kind);
        conn.SetReadDeadline(Deadline.None);
        using (ReadLease lease = await conn.TryReadLeaseAsync())
        {
            Assert.Equal(5, lease.Length);
        }

        ValueTask<ReadLease> waiting = conn.TryReadLeaseAsync();
        ValueTask<ReadLease> queued = conn.TryReadLeaseAsync();
        Scenario.Reset(peer);
        Assert.Equal(Kernel.ErrnoOf("ECONNRESET"), (await waiting).Error?.Errno);
        using (ReadLease end = await queued)
        {
            Assert.Equal((0, null), (end.Length, end.Error));
        }

        conn.Close();
        Assert.Equal(OpErrorKind.Closed, (await conn.TryReadLeaseAsync()).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Its_bytes_outlive_the_connection_and_later_reads(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        List<ReadLease> leases = [];
        for (byte i = 0; i < 20; i++)
        {
            await peer.WriteAsync(new[] { i });
            leases.Add(await conn.ReadLeaseAsync());
        }

        conn.Close();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), leases.Select(l => l.Memory.Span[0]));
        leases.ForEach(l => l.Dispose());
        leases.ForEach(l => l.Dispose());
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_mixes_with_other_reads_in_line(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        byte[] buffer = new byte[2];
        ValueTask<IoResult> first = conn.TryReadAsync(buffer);
        ValueTask<ReadLease> second = conn.TryReadLeaseAsync();
        await peer.WriteAsync("hello"u8.ToArray());
        Assert.Equal(2, (await first).Count);
        using ReadLease lease = await second;
        Assert.Equal("he"u8, buffer);
        Assert.Equal("llo"u8, lease.Memory.Span);
    });
}
