using HotLoop.TestKit;

namespace HotLoop.Conformance.Unix;

public sealed class UnixDialTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly string s_longName = "DIR/sock/" + new string('x', 120);

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.dial/1-5", "unix.dial/9")]
    public Task A_name_that_nobody_listens_on_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        await t.Check("unix.dial/1", DialUnix(t, "DIR/sock/none"));
        await t.Check("unix.dial/2", DialUnix(t, "DIR/sock/no/such"));
        await File.WriteAllTextAsync(t.PathOf("DIR/sock/plain"), "");
        await t.Check("unix.dial/3", DialUnix(t, "DIR/sock/plain"));
        await t.Check("unix.dial/4", t.Dial(t.AbstractName("@gosem-none"), "unix"));
        LeaveFile(t, "DIR/sock/stale");
        await t.Check("unix.dial/5", DialUnix(t, "DIR/sock/stale"));
        await t.Check("unix.dial/9", DialUnix(t, s_longName));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.dial/6-8")]
    public Task A_path_must_be_free_and_short_and_its_directory_there(BackendKind backend) => RunBoth(backend, t =>
    {
        LeaveFile(t, "DIR/sock/stale");
        t.Check("unix.dial/6", () => t.ListenUnix("DIR/sock/stale"));
        t.Check("unix.dial/7", () => t.ListenUnix("DIR/sock/no/such"));
        t.Check("unix.dial/8", () => t.ListenUnix(s_longName));
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.dial/10-11")]
    public Task The_kinds_of_both_sockets_must_be_the_same(BackendKind backend) => RunBoth(backend, async t =>
    {
        t.ListenUnix("DIR/sock/strm");
        await t.Check("unix.dial/10", t.DialPacket(t.PathOf("DIR/sock/strm"), "unixgram"));
        await t.Check("unix.dial/11", t.Dial(t.PathOf("DIR/sock/strm"), "unixpacket"));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("unix.dial/12")]
    public Task A_full_queue_refuses_at_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        t.ListenUnix("DIR/sock/full", backlog: 1);
        string path = t.PathOf("DIR/sock/full");
        int succeeded = 0;
        Task<Conn> dial = Dial();
        for (; dial.IsCompletedSuccessfully; dial = Dial())
        {
            t.Own(await dial);
            succeeded++;
        }

        Assert.True(dial.IsFaulted, "it waits");
        await t.Check("unix.dial/12", dial);
        t.CheckExtra("unix.dial/12", "succeeded_before", succeeded);

        // Never waiting, such a dial has ended when it returns.
        Task<Conn> Dial() => t.Dialer(TimeSpan.FromMilliseconds(300)).DialAsync("unix", path);
    });

    private static Task<Conn> DialUnix(Scenario t, string shown) => t.Dial(t.PathOf(shown), "unix");

    private static void LeaveFile(Scenario t, string shown)
    {
        Listener listener = t.ListenUnix(shown);
        listener.SetUnlinkOnClose(false);
        listener.Close();
    }
}
