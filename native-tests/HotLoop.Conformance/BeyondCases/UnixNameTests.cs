using System.Net.Sockets;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Names of Unix sockets are bytes: what the kernel says reaches the same socket again, and a path means no other file.</summary>
public sealed class UnixNameTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int PathSize = 108;

    [Theory, ClassData(typeof(Backends))]
    public Task A_path_with_NUL_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.ListenUnix("DIR/a");
        string path = t.PathOf("DIR/a\0b");
        Assert.Equal($"dial unix {path}: connect: invalid argument", (await Assert.ThrowsAsync<OpError>(() => t.Dial(path, "unix"))).Message);
        Assert.Equal($"listen unix {path}: bind: invalid argument", Scenario.ErrorOf(() => t.Listen("unix", path))?.Message);
        Assert.True(File.Exists(listener.Address.Path));

        PacketConn packets = t.ListenPacket("unixgram", t.PathOf("DIR/p"));
        NetAddress to = new("unixgram", t.PathOf("DIR/p\0b"));
        Assert.Equal(
            $"write unixgram {packets.LocalAddress}->{to}: sendto: invalid argument",
            (await packets.TryWriteToAsync(new byte[1], to)).Error?.Message);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_sender_with_any_abstract_name_can_be_answered(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket("unixgram", t.PathOf("DIR/r"));
        foreach (byte[] tail in new byte[][] { [], [0], [0, 0, 1, 0], [0xff, 0xfe, 0], [0xe2, 0x82], [0xc3, 0xa9], [0x40] })
        {
            await AnswerReaches(t, conn, [0, .. Own(t), .. tail]);
        }

        // A C program that passes the whole of sockaddr_un.
        byte[] whole = new byte[PathSize];
        Own(t).CopyTo(whole, 1);
        await AnswerReaches(t, conn, whole);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_sender_with_any_path_can_be_answered(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket("unixgram", t.PathOf("DIR/r"));
        byte[] directory = Encoding.UTF8.GetBytes(t.PathOf("DIR/"));
        foreach (byte[] name in new byte[][] { [0xff, 0x80], [0xc3, 0xa9, 0xc3, 0] })
        {
            byte[] path = [.. directory, .. name];
            await AnswerReaches(t, conn, path);
            RawUnix.Remove(path); // .NET cannot remove it with the directory
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_listener_is_reached_by_the_address_that_it_shows(BackendKind backend) => RunBoth(backend, async t =>
    {
        string own = Encoding.ASCII.GetString(Own(t));
        foreach (string name in new[] { $"@{own}", $"@{own}\0", $"@{own}\0b\0\0", $"@{own}\udcff", t.PathOf("DIR/a\udcff\udc80"), "" })
        {
            Listener listener = t.Listen("unix", name);
            Assert.Equal(name.Length == 0 ? listener.Address.Path : name, listener.Address.Path);
            using Conn conn = await t.Dial(listener);
            using Conn peer = await t.Accept(listener);
            Assert.Equal(listener.Address, peer.LocalAddress);
            listener.Close();
        }

        // A file goes by the bytes that it was bound to.
        Assert.Equal([t.PathOf("DIR/sock")], Directory.EnumerateFileSystemEntries(t.PathOf("DIR")));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task NUL_and_at_sign_begin_an_abstract_name(BackendKind backend) => RunBoth(backend, async t =>
    {
        string own = Encoding.ASCII.GetString(Own(t));
        Listener listener = t.Listen("unix", $"\0{own}");
        Assert.Equal($"@{own}", listener.Address.Path);
        using Conn conn = await t.Dial($"@{own}", "unix");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Assert.Equal(0, RawUnix.Connect(socket, [0, .. Own(t)]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_file_whose_name_begins_with_an_at_sign_is_no_abstract_name(BackendKind backend) => RunBoth(backend, async t =>
    {
        string file = $"@{Encoding.ASCII.GetString(Own(t))}"; // in the working directory: no path else begins so
        using Socket socket = RawUnix.Listening(Encoding.ASCII.GetBytes(file));
        try
        {
            using Listener listener = Net.FileListener(socket.SafeHandle, loops: t.Loops);
            Assert.Equal($"./{file}", listener.Address.Path);
            using Conn conn = await t.Dial(listener);
            Assert.Equal($"./{file}", conn.RemoteAddress.Path);
            listener.SetUnlinkOnClose(true);
            listener.Close();
            Assert.False(File.Exists(file));
        }
        finally
        {
            File.Delete(file);
        }
    });

    // Sends from a socket of that name, and awaits the answer there.
    private static async Task AnswerReaches(Scenario t, PacketConn conn, byte[] path)
    {
        using Socket peer = RawUnix.BoundPackets(path);
        Assert.Equal(0, RawUnix.Connect(peer, Encoding.UTF8.GetBytes(conn.LocalAddress.Path!)));
        peer.Send([1]);
        PacketResult got = await Scenario.ReadFrom(conn);
        Assert.Equal((1, null), (got.Count, got.Error));
        Assert.Equal(new IoResult(2, null), await conn.TryWriteToAsync(new byte[] { 2, 3 }, got.From!));
        Assert.Equal(2, peer.Receive(new byte[8]));
    }

    // Abstract names are the whole machine's.
    private static byte[] Own(Scenario t) => Encoding.ASCII.GetBytes(t.AbstractName("a"));
}
