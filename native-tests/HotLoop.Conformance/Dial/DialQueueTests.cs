using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

/// <summary>What happens in the kernel's queue of connections that nobody accepts.</summary>
public sealed class DialQueueTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.backlog.count/1-4")]
    public Task A_queue_takes_one_more_than_it_was_asked_to(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        // ListenConfig's 0 means the system's maximum.
        Socket smallest = t.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        smallest.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        smallest.Listen(0);

        await CountConnects(t, "dial.backlog.count/1", smallest.LocalEndPoint!.ToString()!);
        await CountConnects(t, "dial.backlog.count/2", t.Listen(backlog: 1).Address.ToString());
        await CountConnects(t, "dial.backlog.count/3", t.Listen(backlog: 8).Address.ToString());
        await CountConnects(t, "dial.backlog.count/4", t.Listen(backlog: 128).Address.ToString());
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.backlog.count/5-7")]
    public Task A_queued_connection_can_be_used_until_its_listener_closes(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Conn conn = await t.Dial(listener);
        t.Check("dial.backlog.count/5", await Scenario.Write(conn));

        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(50));
        t.Check("dial.backlog.count/6", await Scenario.Read(conn));
        t.About(watch, 50);

        conn.SetReadDeadline(Deadline.None);
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        listener.Close();
        t.Check("dial.backlog.count/7", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.backlog.unblock/1")]
    public Task A_waiting_connect_gets_the_next_free_place(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = await t.FullListener();
        Task<Conn> dial = t.Dial(listener);
        Assert.False(dial.IsCompleted);
        _ = await t.Accept(listener);

        // The kernel asks again after a second.
        await t.Check("dial.backlog.unblock/1", dial);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.default.backlog/1")]
    public Task The_queue_is_as_long_as_the_system_allows(BackendKind backend) => RunBoth(backend, t =>
    {
        _ = t.Saw("dial.default.backlog/1", "max_backlog=somaxconn");
        Assert.Equal(Kernel.Setting("net/core/somaxconn"), KernelView.Of(t.Listen()).Backlog);
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.concurrent.nothreads/1")]
    public Task Waiting_connects_take_no_threads(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("dial.concurrent.nothreads/1", "parked=100, no thread for each");
        string address = (await t.FullListener()).Address.ToString();
        int before = Kernel.ThreadCount();
        Task<OpError>[] dials = [.. Enumerable.Range(0, 100).Select(_ => Assert.ThrowsAsync<OpError>(
            () => t.Dialer(TimeSpan.FromMilliseconds(300)).DialAsync("tcp", address)))];

        // Some slack for the pool, whose threads come and go by themselves.
        Assert.True(Kernel.ThreadCount() < before + 10);
        Assert.All(dials, d => Assert.False(d.IsCompleted));
        Assert.All(await Task.WhenAll(dials), e => Assert.True(e.Timeout, e.Message));
    });

    private static async Task CountConnects(Scenario t, string id, string address)
    {
        int succeeded = 0;
        try
        {
            while (true)
            {
                _ = t.Own(await t.Dialer(TimeSpan.FromMilliseconds(100)).DialAsync("tcp", address));
                succeeded++;
            }
        }
        catch (OpError e) when (e.Timeout)
        {
            t.CheckExtra(id, "succeeded", succeeded);
        }
    }
}
