using HotLoop.TestKit;

namespace HotLoop.Conformance.Options;

public sealed class OptionTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // The kernel sizes these by the machine.
    private static readonly string[] s_buffers = ["SO_SNDBUF", "SO_RCVBUF"];

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.defaults/1-2")]
    public Task Connections_begin_with_Go_s_defaults(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        t.CheckOptions("opt.defaults/1", KernelView.Of(conn), s_buffers);
        t.CheckOptions("opt.defaults/2", KernelView.Of(peer), s_buffers);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.nodelay/1-2", "opt.keepalive/1-8")]
    public Task Options_reach_the_kernel_or_its_refusal_the_caller(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        void Check(string id, Action call)
        {
            t.Check(id, call);
            t.CheckOptions(id, view);
        }

        Check("opt.nodelay/1", () => conn.SetNoDelay(false));
        Check("opt.nodelay/2", () => conn.SetNoDelay(true));
        Check("opt.keepalive/1", () => conn.SetKeepAlive(false));
        Check("opt.keepalive/2", () => conn.SetKeepAlive(true));
        Check("opt.keepalive/3", () => conn.SetKeepAlivePeriod(TimeSpan.FromSeconds(60)));
        Check("opt.keepalive/4", () => conn.SetKeepAlivePeriod(TimeSpan.FromMilliseconds(1500)));
        Check("opt.keepalive/5", () => conn.SetKeepAlivePeriod(TimeSpan.FromTicks(1)));
        Check("opt.keepalive/6", () => conn.SetKeepAlivePeriod(TimeSpan.Zero));
        Check("opt.keepalive/7", () => conn.SetKeepAlivePeriod(TimeSpan.FromSeconds(-1)));
        Check("opt.keepalive/8", () => conn.SetKeepAlivePeriod(TimeSpan.FromSeconds(32768)));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.buffers/1-10")]
    public Task Buffer_sizes_are_doubled_and_bounded_by_the_kernel(BackendKind backend) => RunBoth(backend, async t =>
    {
        int readMaximum = 2 * Kernel.Setting("net/core/rmem_max");
        int writeMaximum = 2 * Kernel.Setting("net/core/wmem_max");
        (Conn conn, _) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        foreach (((int bytes, bool bounded), int i) in new[]
        {
            (65536, false), (1, false), (0, false), (-1, true), (1073741824, true),
        }.Select((v, i) => (v, i)))
        {
            t.Check($"opt.buffers/{(2 * i) + 1}", () => conn.SetReadBuffer(bytes));
            t.Check($"opt.buffers/{(2 * i) + 2}", () => conn.SetWriteBuffer(bytes));
            if (bounded)
            {
                Assert.Equal((readMaximum, writeMaximum), (view.Option("SO_RCVBUF"), view.Option("SO_SNDBUF")));
                _ = t.Saw($"opt.buffers/{(2 * i) + 1}", "SO_RCVBUF=the machine's maximum");
                _ = t.Saw($"opt.buffers/{(2 * i) + 2}", "SO_SNDBUF=the machine's maximum");
            }
            else
            {
                t.CheckOptions($"opt.buffers/{(2 * i) + 1}", view);
                t.CheckOptions($"opt.buffers/{(2 * i) + 2}", view);
            }
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.closed/1-12")]
    public Task Every_call_on_a_closed_connection_says_closed(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        conn.Close();
        t.Check("opt.closed/1", conn.Close);
        t.Check("opt.closed/2", () => conn.SetNoDelay(true));
        t.Check("opt.closed/3", () => conn.SetKeepAlive(true));
        t.Check("opt.closed/4", () => conn.SetKeepAlivePeriod(TimeSpan.FromSeconds(1)));
        t.Check("opt.closed/5", () => conn.SetLinger(0));
        t.Check("opt.closed/6", () => conn.SetReadBuffer(1));
        t.Check("opt.closed/7", () => conn.SetWriteBuffer(1));
        t.Check("opt.closed/8", () => conn.SetDeadline(Deadline.None));
        t.Check("opt.closed/9", () => conn.SetReadDeadline(Deadline.None));
        t.Check("opt.closed/10", () => conn.SetWriteDeadline(Deadline.None));
        t.Check("opt.closed/11", conn.CloseRead);
        t.Check("opt.closed/12", conn.CloseWrite);
    });
}
