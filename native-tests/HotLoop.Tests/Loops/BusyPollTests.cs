using System.Diagnostics;
using HotLoop.TestKit;
using HotLoop.Tests.Kit;

namespace HotLoop.Tests.Loops;

/// <summary>How long a loop looks for more before it sleeps.</summary>
public sealed class BusyPollTests : IClassFixture<FdLeakGuard>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_loop_looks_for_more_that_long_and_then_sleeps()
    {
        TimeSpan time = TimeSpan.FromMilliseconds(50);
        SleepWatcher poller = new();
        Task first = poller.NextSleep();
        using LoopGroup group = new(new LoopOptions { LoopCount = 1, BusyPoll = time }, () => poller);
        await first.WaitAsync(s_limit);
        for (int i = 0; i < 3; i++)
        {
            Task asleep = poller.NextSleep();
            int looks = poller.Looks;
            long start = Stopwatch.GetTimestamp();
            group.Loops[0].Post(static _ => { });
            await asleep.WaitAsync(s_limit);
            Assert.True(Stopwatch.GetElapsedTime(start) >= time);
            Assert.True(poller.Looks > looks + 1);
        }
    }

    [Fact]
    public async Task Without_it_a_loop_sleeps_at_once()
    {
        SleepWatcher poller = new();
        Task first = poller.NextSleep();
        using LoopGroup group = new(new LoopOptions { LoopCount = 1 }, () => poller);
        await first.WaitAsync(s_limit);
        Assert.Equal(0, poller.Looks);
    }

    [Fact]
    public async Task A_loop_that_never_sleeps_need_not_be_woken_and_ends_all_the_same()
    {
        SleepWatcher poller = new();
        LoopGroup group = new(new LoopOptions { LoopCount = 1, BusyPoll = Timeout.InfiniteTimeSpan }, () => poller);
        for (int i = 0; i < 100; i++)
        {
            await group.Loops[0].Offload(static () => { }).WaitAsync(s_limit);
        }

        group.Dispose();
        Assert.Equal(0, poller.Wakes);
        Assert.Equal(0, poller.Sleeps);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Connections_and_timers_work_on_loops_that_never_sleep(BackendKind backend)
    {
        using LoopGroup group = new(new LoopOptions { Backend = backend, LoopCount = 2, BusyPoll = Timeout.InfiniteTimeSpan });
        await using Server server = Server.Listen(
            "tcp", "127.0.0.1:0", static async conn => await conn.WriteAsync("hello"u8.ToArray()), new ServerOptions { Loops = group });
        using Conn conn = await new Dialer { Loops = group }.DialAsync("tcp", server.Address.ToString());
        byte[] buffer = new byte[16];
        Assert.Equal(5, await conn.ReadAsync(buffer));
        using Listener silent = new ListenConfig { Loops = group }.Listen("tcp", "127.0.0.1:0");
        silent.SetDeadline(Deadline.After(TimeSpan.FromMilliseconds(20)));
        Assert.True((await silent.TryAcceptAsync()).Error!.Timeout);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(1001)]
    public void A_time_out_of_range_is_refused(int milliseconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopGroup(new LoopOptions { BusyPoll = TimeSpan.FromMilliseconds(milliseconds) }));
    }
}
