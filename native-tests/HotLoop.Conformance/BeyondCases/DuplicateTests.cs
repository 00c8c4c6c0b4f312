using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Duplicates of descriptors, which share the socket with the connection or listener.</summary>
public sealed class DuplicateTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // The handle had been one of .NET's sockets, which are closed with a reset unless they were shut down before.
    [Theory, ClassData(typeof(Backends))]
    public Task Disposing_one_changes_nothing_for_the_connection(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        string linger = view.Linger;
        conn.DuplicateHandle().Dispose();
        Assert.Equal(linger, view.Linger);
        conn.Close();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Disposing_one_of_a_listener_changes_nothing_for_what_it_accepts(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        listener.DuplicateHandle().Dispose();
        Conn conn = await t.Dial(listener);
        (await t.Accept(listener)).Close();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_duplicate_becomes_a_connection_of_its_own(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn); // watched by its loop from here on
        Conn second;
        using (SafeFileHandle duplicate = conn.DuplicateHandle())
        {
            second = t.Own(Net.FileConn(duplicate));
        }

        Assert.Equal((conn.LocalAddress, conn.RemoteAddress), (second.LocalAddress, second.RemoteAddress));
        conn.Close();
        Assert.Equal(OpErrorKind.Closed, (await read).Error?.Kind);

        ValueTask<IoResult> waiting = Scenario.Read(second);
        _ = await Scenario.Write(peer, 5);
        Assert.Equal(5, (await waiting).Count);
        Assert.Equal(new IoResult(3, null), await Scenario.Write(second, 3));
        Assert.Equal(3, (await Scenario.Read(peer)).Count);
    });
}
