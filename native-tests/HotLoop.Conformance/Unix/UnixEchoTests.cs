using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Unix;

/// <summary>A connection from its begin to its end, and its listener's end.</summary>
public sealed class UnixEchoTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/1-4")]
    public Task Only_the_listening_end_has_a_name(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, Listener listener) = await t.UnixPair("DIR/sock/echo");
        t.CheckExtra("unix.echo/1", "network", conn.LocalAddress.Network);
        t.CheckExtra("unix.echo/1", "listener", listener.Address);
        t.CheckExtra("unix.echo/1", "client_local", conn.LocalAddress);
        t.CheckExtra("unix.echo/1", "client_remote", conn.RemoteAddress);
        t.CheckExtra("unix.echo/1", "server_local", peer.LocalAddress);
        t.CheckExtra("unix.echo/1", "server_remote", peer.RemoteAddress);

        t.Check("unix.echo/2", await Scenario.Write(conn));
        t.Check("unix.echo/3", await Scenario.Read(peer));
        Stopwatch watch = Stopwatch.StartNew();
        peer.SetReadDeadline(Timing.In(50));
        t.Check("unix.echo/4", await Scenario.Read(peer));
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/5-8")]
    public Task After_a_close_both_ends_know(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer, _) = await t.UnixPair("DIR/sock/echo");
        ValueTask<IoResult> read = Scenario.Read(peer);
        Assert.False(read.IsCompleted);
        peer.Close();
        t.Check("unix.echo/5", await read);

        t.Check("unix.echo/6", await Scenario.Write(conn));
        t.Check("unix.echo/7", await Scenario.Read(conn));
        conn.Close();
        t.Check("unix.echo/8", conn.Close);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/9-12")]
    public Task A_listener_s_file_goes_with_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.ListenUnix("DIR/sock/echo");
        string path = t.PathOf("DIR/sock/echo");
        t.CheckExtra("unix.echo/9", "exists", File.Exists(path));
        t.Check("unix.echo/10", listener.Close);
        t.CheckExtra("unix.echo/10", "socket_file_exists_after", File.Exists(path));
        t.Check("unix.echo/11", await listener.TryAcceptAsync());
        t.Check("unix.echo/12", listener.Close);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.echo/21")]
    public Task Close_wakes_a_waiting_accept(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.ListenUnix("DIR/sock/e5");
        ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
        Assert.False(accept.IsCompleted);
        listener.Close();
        t.Check("unix.echo/21", await accept);
    });
}
