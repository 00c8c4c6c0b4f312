using HotLoop.Timers;

namespace HotLoop.Tests.Timers;

public class TimerWheelTests
{
    private const long Millisecond = 1_000_000;
    private const long TickNanoseconds = 1 << 18;

    [Fact]
    public void A_timer_never_fires_early_and_at_most_one_wheel_tick_late()
    {
        foreach (long delay in (long[])[1, TickNanoseconds - 1, TickNanoseconds, 5 * Millisecond, 1234 * Millisecond, 3_600_000 * Millisecond])
        {
            long start = 777_777_777;
            TimerWheel wheel = new(start);
            wheel.Add(new Timer(), start + delay);
            Assert.Null(wheel.PopDue(start + delay - 1));
            Assert.NotNull(wheel.PopDue(start + delay + TickNanoseconds));
            Assert.Equal(0, wheel.Count);
        }
    }

    [Fact]
    public void A_timer_in_the_past_fires_at_the_next_look()
    {
        TimerWheel wheel = new(1_000_000_000);
        wheel.Add(new Timer(), 1);
        Assert.NotNull(wheel.PopDue(1_000_000_000));
    }

    [Fact]
    public void The_farthest_time_of_all_can_be_armed_and_removed()
    {
        TimerWheel wheel = new(1);
        Timer timer = new();
        wheel.Add(timer, long.MaxValue);
        Assert.Null(wheel.PopDue(long.MaxValue / 2));
        wheel.Remove(timer);
        Assert.Equal(-1, wheel.TimeoutMilliseconds(long.MaxValue / 2));
    }

    [Fact]
    public void Without_timers_there_is_no_timeout() => Assert.Equal(-1, new TimerWheel(5).TimeoutMilliseconds(5));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Against_a_sorted_list_with_random_arms_removals_and_steps(int seed)
    {
        Random random = new(seed);
        long now = random.NextInt64(1L << 50);
        TimerWheel wheel = new(now);
        HashSet<Timer> armed = [];
        for (int step = 0; step < 20_000; step++)
        {
            switch (random.Next(4))
            {
                case 0 or 1:
                    Timer added = new() { AskedFor = now + (long)Math.Pow(2, random.NextDouble() * 45) };
                    wheel.Add(added, added.AskedFor);
                    armed.Add(added);
                    break;
                case 2 when armed.Count > 0:
                    Timer removed = armed.First();
                    wheel.Remove(removed);
                    armed.Remove(removed);
                    break;
                default:
                    now += (long)Math.Pow(2, random.NextDouble() * 34);
                    CheckDue(wheel, armed, now);
                    break;
            }

            Assert.Equal(armed.Count, wheel.Count);
        }
    }

    [Fact]
    public void Sleeping_for_the_timeout_it_names_reaches_every_timer()
    {
        Random random = new(7);
        long now = 123_456_789;
        TimerWheel wheel = new(now);
        HashSet<Timer> armed = [];
        for (int i = 0; i < 500; i++)
        {
            Timer timer = new() { AskedFor = now + random.NextInt64(10_000 * Millisecond) };
            wheel.Add(timer, timer.AskedFor);
            armed.Add(timer);
        }

        int sleeps = 0;
        while (armed.Count > 0)
        {
            int timeout = wheel.TimeoutMilliseconds(now);
            Assert.InRange(timeout, 0, 10_000);
            now += timeout * Millisecond;
            Assert.True(++sleeps < 5_000, "the wheel asks to be woken again and again for nothing");
            CheckDue(wheel, armed, now);
        }

        Assert.Equal(-1, wheel.TimeoutMilliseconds(now));
    }

    [Fact]
    public void A_timer_may_arm_itself_again_while_others_are_due()
    {
        TimerWheel wheel = new(0);
        Timer first = new();
        Timer second = new();
        wheel.Add(first, 10 * Millisecond);
        wheel.Add(second, 10 * Millisecond);
        long now = 11 * Millisecond;
        TimerEntry popped = wheel.PopDue(now)!;
        wheel.Add(popped, now + (5 * Millisecond));
        Assert.NotSame(popped, wheel.PopDue(now));
        Assert.Null(wheel.PopDue(now));
        Assert.Same(popped, wheel.PopDue(now + (6 * Millisecond)));
    }

    // What is due by now must come out; what is due later by a wheel tick or more must not.
    private static void CheckDue(TimerWheel wheel, HashSet<Timer> armed, long now)
    {
        while (wheel.PopDue(now) is Timer fired)
        {
            Assert.True(fired.AskedFor <= now, "fired early");
            Assert.True(armed.Remove(fired), "fired twice");
        }

        Assert.DoesNotContain(armed, t => t.AskedFor <= now - TickNanoseconds);
    }

    private sealed class Timer : TimerEntry
    {
        internal long AskedFor { get; init; }

        internal override void OnTimer()
        {
        }
    }
}
