using HotLoop.TestKit;

namespace HotLoop.Conformance.Unix;

/// <summary>Records over a connection (unixpacket), and datagrams (unixgram).</summary>
public sealed class UnixMessageTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.packet/1-3")]
    public Task A_read_takes_one_record_and_loses_what_does_not_fit(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, _) = await t.UnixPair("DIR/sock/p1", "unixpacket");
        Assert.Null((await Scenario.Write(conn, 10)).Error);
        Assert.Null((await Scenario.Write(conn, 5)).Error);
        t.Check("unix.packet/1", await Scenario.Read(peer, 3));
        t.Check("unix.packet/2", await Scenario.Read(peer));
        conn.Close();
        t.Check("unix.packet/3", await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.packet/4-6")]
    public Task A_datagram_socket_leaves_its_file_and_refuses_when_it_is_gone(BackendKind backend) => RunBoth(backend, async t =>
    {
        string path = t.PathOf("DIR/sock/g1");
        PacketConn receiver = t.ListenPacket("unixgram", path);
        PacketConn sender = await t.DialPacket(path, "unixgram");
        Assert.Null((await sender.TryWriteAsync(new byte[5])).Error);
        t.Check("unix.packet/4", await Scenario.ReadFrom(receiver));
        t.Check("unix.packet/5", receiver.Close);
        t.CheckExtra("unix.packet/5", "exists_after", File.Exists(path));
        t.Check("unix.packet/6", await sender.TryWriteAsync(new byte[5]));
    });
}
