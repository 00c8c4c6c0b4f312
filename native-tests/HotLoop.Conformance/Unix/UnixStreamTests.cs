using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Unix;

/// <summary>The ends of a stream, one after the other, and a write that nobody reads.</summary>
public sealed class UnixStreamTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/13-15")]
    public Task A_close_with_unread_bytes_is_a_reset_and_then_the_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, _) = await t.UnixPair("DIR/sock/e2");
        Assert.Null((await Scenario.Write(conn)).Error);
        peer.Close();
        t.Check("unix.echo/13", await Scenario.Read(conn));
        t.Check("unix.echo/14", await Scenario.Read(conn));
        t.Check("unix.echo/15", await Scenario.Write(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/16-19")]
    public Task Each_direction_can_be_closed_alone(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, _) = await t.UnixPair("DIR/sock/e3");
        conn.CloseWrite();
        t.Check("unix.echo/16", await Scenario.Read(peer));
        t.Check("unix.echo/17", await Scenario.Write(conn));
        t.Check("unix.echo/18", await Scenario.Write(peer, 4));
        t.Check("unix.echo/19", await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/20")]
    public Task A_write_that_nobody_reads_waits_until_its_deadline(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _, _) = await t.UnixPair("DIR/sock/e4");
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(80));
        t.Check("unix.echo/20", await Scenario.Write(conn, 4 * 1024 * 1024), Counts.Some);
        t.About(watch, 80);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/22")]
    public Task The_peer_s_close_wakes_a_waiting_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, _) = await t.UnixPair("DIR/sock/e6");
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        peer.Close();
        t.Check("unix.echo/22", await read);
    });
}
