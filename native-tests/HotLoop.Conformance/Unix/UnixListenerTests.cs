using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.Unix;

/// <summary>The file of a listener, and names that have none.</summary>
public sealed class UnixListenerTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.unlink/1-3")]
    public Task Close_removes_the_file_unless_told_otherwise(BackendKind backend) => RunBoth(backend, t =>
    {
        Listener kept = t.ListenUnix("DIR/sock/kept");
        kept.SetUnlinkOnClose(false);
        t.Check("unix.unlink/1", kept.Close);
        t.CheckExtra("unix.unlink/1", "exists_after", File.Exists(t.PathOf("DIR/sock/kept")));

        Listener duplicated = t.ListenUnix("DIR/sock/dup");
        using SafeFileHandle handle = duplicated.DuplicateHandle();
        t.Check("unix.unlink/2", duplicated.Close);
        t.CheckExtra("unix.unlink/2", "exists_after", File.Exists(t.PathOf("DIR/sock/dup")));

        Listener lost = t.ListenUnix("DIR/sock/lost");
        File.Delete(t.PathOf("DIR/sock/lost"));
        t.Check("unix.unlink/3", lost.Close);
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.unlink/4-6")]
    public Task An_abstract_name_lives_as_long_as_its_socket(BackendKind backend) => RunBoth(backend, async t =>
    {
        string name = t.AbstractName("@gosem-abs");
        Listener listener = t.Listen("unix", name);
        Conn conn = await t.Dial(name, "unix");
        Conn peer = await t.Accept(listener);
        Assert.Equal(2, (await Scenario.Write(conn, 2)).Count);
        Assert.Equal(2, (await Scenario.Read(peer)).Count);
        Assert.Equal(2, (await Scenario.Write(peer, 2)).Count);
        t.Check("unix.unlink/4", await Scenario.Read(conn));
        t.CheckExtra("unix.unlink/4", "listener", listener.Address);
        t.CheckExtra("unix.unlink/4", "client_local", conn.LocalAddress);
        t.CheckExtra("unix.unlink/4", "client_remote", conn.RemoteAddress);
        t.CheckExtra("unix.unlink/4", "server_remote", peer.RemoteAddress);

        t.Check("unix.unlink/5", () => t.Listen("unix", name));
        listener.Close();
        t.Check("unix.unlink/6", () => t.Listen("unix", name));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.unlink/7")]
    public Task Without_a_name_the_kernel_chooses_an_abstract_one(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen("unix", "");
        t.CheckExtra("unix.unlink/7", "addr", listener.Address);
        _ = await t.Dial(listener.Address.ToString(), "unix");
        _ = await t.Accept(listener);
    });
}
