using System.Net;
using System.Net.Sockets;
using HotLoop.Native;
using HotLoop.Polling;
using HotLoop.TestKit.Faults;
using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Kit;

/// <summary>The faulty poller keeps the port's contract. (That the seeds notice when it does not is tested with them.)</summary>
public sealed class FaultyPollerTests
{
    private const ulong Token = (7UL << 32) | 3;

    private readonly SimulatedPoller _kernel = new();
    private readonly PollEvent[] _events = new PollEvent[8];

    [Fact]
    public void An_event_follows_a_receive_that_it_made_block()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.WouldBlock));
        PollTarget target = Watch(poller);
        _kernel.Arrive(target.Fd, 1);
        DrainEvents(poller);
        Assert.Equal(-Errno.EAGAIN, poller.TryReceive(target, new byte[4]));
        Assert.Contains(new PollEvent(Token, Readiness.Read), DrainEvents(poller));
    }

    [Fact]
    public void An_event_follows_a_receive_that_it_cut_short()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.Short));
        PollTarget target = Watch(poller);
        _kernel.Arrive(target.Fd, 1, 2, 3, 4);
        DrainEvents(poller);
        Assert.InRange(poller.TryReceive(target, new byte[4]), 1, 3);
        Assert.Contains(new PollEvent(Token, Readiness.Read), DrainEvents(poller));
    }

    [Fact]
    public void The_event_of_a_try_before_the_watch_follows_the_watch()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.WouldBlock));
        PollTarget target = new(_kernel.Open(sendRoom: 0), Token);
        Assert.Equal(-Errno.EAGAIN, poller.TryReceive(target, new byte[4]));
        Assert.Empty(DrainEvents(poller));
        Assert.Equal(1, poller.Watch(target, Interest.Receive));
        Assert.Contains(new PollEvent(Token, Readiness.Read), DrainEvents(poller));
    }

    [Fact]
    public void An_event_follows_a_send_that_it_made_block()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.WouldBlock));
        PollTarget target = Watch(poller);
        Assert.Equal(-Errno.EAGAIN, poller.TrySend(target, new byte[4]));
        Assert.Contains(new PollEvent(Token, Readiness.Write), DrainEvents(poller));
    }

    [Fact]
    public async Task A_loop_that_sleeps_is_woken_for_the_event_of_a_try_elsewhere()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.WouldBlock));
        PollTarget target = Watch(poller);
        DrainEvents(poller);
        Task<int> waiting = Task.Run(() =>
        {
            int n = 0;
            while (n == 0)
            {
                n = poller.Wait(_events, -1);
            }

            return n;
        });
        Assert.Equal(-Errno.EAGAIN, poller.TryReceive(target, new byte[4]));
        Assert.Equal(1, await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(new PollEvent(Token, Readiness.Read), _events[0]);
    }

    [Fact]
    public void Late_doubled_joined_and_shuffled_events_all_come()
    {
        using FaultyPoller poller = new(_kernel, new FaultPlan(1, 0.5, Fault.Late, Fault.Joined, Fault.Doubled, Fault.Shuffled));
        PollTarget[] targets = [.. Enumerable.Range(0, 20).Select(i => Watch(poller, Token + (ulong)i))];
        DrainEvents(poller);
        foreach (PollTarget target in targets)
        {
            _kernel.Arrive(target.Fd, 1);
            _kernel.ArriveEof(target.Fd);
        }

        ILookup<ulong, Readiness> told = DrainEvents(poller).ToLookup(e => e.Token, e => e.Readiness);
        Assert.All(targets, target => Assert.Equal(Readiness.Read | Readiness.Drain, told[target.Token].Aggregate((a, b) => a | b)));
    }

    [Fact]
    public void Of_a_closed_descriptor_events_come_under_its_own_generation_and_none_is_a_release()
    {
        using FaultyPoller poller = new(_kernel, Always(Fault.Stale));
        PollTarget target = Watch(poller);
        poller.Close(target);
        List<PollEvent> events = [];
        for (int i = 0; i < 50; i++)
        {
            events.AddRange(_events[..poller.Wait(_events, 0)]);
        }

        Assert.NotEmpty(events);
        Assert.All(events, e => Assert.Equal(Token, e.Token));
        Assert.All(events, e => Assert.InRange(e.Readiness, Readiness.Read, Readiness.Read | Readiness.Write | Readiness.Drain));
    }

    [Fact]
    public void Datagrams_are_not_cut()
    {
        using FaultyPoller poller = new(BackendProbe.CreatePoller(BackendKind.Epoll), Always(Fault.Short));
        using Socket one = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        one.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        one.Connect(one.LocalEndPoint!);
        PollTarget target = new((int)one.Handle, Token);
        Assert.Equal(100, poller.TrySend(target, new byte[100]));
        Assert.Equal(100, poller.TryReceive(target, new byte[200]));
    }

    [Fact]
    public void A_seed_does_the_same_to_the_same_calls()
    {
        Assert.Equal(Trace(seed: 5), Trace(seed: 5));
        Assert.NotEqual(Trace(seed: 5), Trace(seed: 6));
    }

    private static List<string> Trace(int seed)
    {
        SimulatedPoller kernel = new();
        using FaultyPoller poller = new(kernel, new FaultPlan(seed, 0.3, Enum.GetValues<Fault>()));
        PollTarget target = new(kernel.Open(), Token);
        PollEvent[] events = new PollEvent[4];
        List<string> trace = [];
        for (int i = 0; i < 100; i++)
        {
            trace.Add($"watch {poller.Watch(target, Interest.Receive)}");
            kernel.Arrive(target.Fd, 1, 2, 3);
            trace.AddRange(events[..poller.Wait(events, 0)].Select(e => $"{e}"));
            trace.Add($"receive {poller.TryReceive(target, new byte[8])}");
            trace.Add($"send {poller.TrySend(target, new byte[8])}");
        }

        return trace;
    }

    private static FaultPlan Always(params Fault[] faults) => new(seed: 1, rate: 1, faults);

    private PollTarget Watch(FaultyPoller poller, ulong token = Token)
    {
        PollTarget target = new(_kernel.Open(sendRoom: 0), token);
        Assert.Equal(1, poller.Watch(target, Interest.Receive));
        return target;
    }

    // What comes in more waits than any event is held for.
    private List<PollEvent> DrainEvents(FaultyPoller poller)
    {
        List<PollEvent> all = [];
        for (int i = 0; i < 50; i++)
        {
            all.AddRange(_events[..poller.Wait(_events, 0)]);
        }

        return all;
    }
}
