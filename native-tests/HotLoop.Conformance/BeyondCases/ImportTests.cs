using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Sockets that were made elsewhere.</summary>
public sealed class ImportTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // The handle keeps the first import's entry in the poller alive, under a descriptor number that the second gets again.
    [Theory, ClassData(typeof(Backends))]
    public Task The_same_handle_serves_one_connection_after_the_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        using SafeFileHandle handle = conn.DuplicateHandle();
        for (int i = 0; i < 20; i++)
        {
            Conn import = t.Own(Net.FileConn(handle, loops: t.Loops));
            ValueTask<IoResult> read = Scenario.Read(import);
            Assert.False(read.IsCompleted);
            _ = await Scenario.Write(peer, 3);
            Assert.Equal(new IoResult(3, null), await read);
            import.Close();
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task What_an_imported_listener_accepts_has_the_usual_options(BackendKind backend) => RunBoth(backend, async t =>
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        Listener listener = t.Own(Net.FileListener(socket.SafeHandle, loops: t.Loops));
        Conn client = await t.Dial(listener);
        KernelView accepted = KernelView.Of(await t.Accept(listener));
        Assert.Equal(1, accepted.Option("TCP_NODELAY"));
        Assert.Equal(1, accepted.Option("SO_KEEPALIVE"));
        client.Close();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_socket_of_another_kind_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        Listener listener = t.Listen();
        using SafeFileHandle connection = conn.DuplicateHandle();
        using SafeFileHandle listening = listener.DuplicateHandle();
        Assert.Equal("file", Scenario.ErrorOf(() => Net.FileListener(connection, "it"))?.Op);
        Assert.Equal("file", Scenario.ErrorOf(() => Net.FileConn(listening, "it"))?.Op);
        Assert.Equal("file", Scenario.ErrorOf(() => Net.FilePacketConn(listening, "it"))?.Op);
        Assert.Equal("file", Scenario.ErrorOf(() => Net.FileConn(new SafeFileHandle(-1, ownsHandle: false), "it"))?.Op);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Loops_that_have_ended_close_the_import_once(BackendKind backend) => RunOffLoop(backend, t =>
    {
        LoopGroup ended = new(new LoopOptions { Backend = backend, LoopCount = 1 });
        ended.Dispose();
        using PacketConn packets = new ListenConfig { Loops = t.Loops }.ListenPacket("udp", "127.0.0.1:0");
        using SafeFileHandle handle = packets.DuplicateHandle();
        PacketConn import = Net.FilePacketConn(handle, loops: ended);
        Assert.Equal(OpErrorKind.Closed, Scenario.ErrorOf(import.Close)?.Kind);
        return Task.CompletedTask;
    });
}
