using System.Diagnostics;
using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.Options;

/// <summary>The descriptor of a connection, and duplicates of it.</summary>
public sealed class DescriptorTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.closed/13-16")]
    public Task A_closed_connection_gives_no_descriptor_away(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        (Conn source, Conn feeder) = await t.Pair();
        conn.Close();
        t.Check("opt.closed/13", () => conn.DuplicateHandle().Dispose());
        RawConn? raw = null;
        t.Check("opt.closed/14", () => raw = conn.SyscallConn());
        t.Check("opt.closed/15", () => raw!.Control(_ => { }));

        // With nothing to copy, it does not matter where to.
        feeder.Close();
        t.Check("opt.closed/16", await source.TryCopyToAsync(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.file/1-4")]
    public Task The_peer_sees_the_end_when_the_last_duplicate_is_closed(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        SafeFileHandle duplicate = t.Own(conn.DuplicateHandle());
        t.Check("opt.file/1", (OpError?)null);
        t.CheckExtra("opt.file/1", "same_fd", (int)duplicate.DangerousGetHandle() == view.Descriptor);
        t.CheckOptions("opt.file/2", view);

        conn.Close();
        Stopwatch watch = Stopwatch.StartNew();
        peer.SetReadDeadline(Timing.In(50));
        t.Check("opt.file/3", await Scenario.Read(peer));
        t.About(watch, 50);

        duplicate.Dispose();
        peer.SetReadDeadline(Deadline.None);
        t.Check("opt.file/4", await Scenario.Read(peer));
    });
}
