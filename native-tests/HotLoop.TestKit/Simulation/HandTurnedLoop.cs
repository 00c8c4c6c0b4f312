using System.Diagnostics;
using System.Net;
using HotLoop.Loops;
using HotLoop.Naming;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>
/// A loop without a thread: the test's own thread turns it, over any poller, by a clock that the test moves. While it turns, the calling thread is the
/// loop's; between turns it is a foreign one, as are all others, which may use the loop's connections at any time.
/// </summary>
internal sealed class HandTurnedLoop : IDisposable
{
    // Far more than any test needs: what goes on for so long does not come to rest.
    private const int TurnsMax = 100_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private bool _hasEnded;

    internal HandTurnedLoop(Poller poller, ManualClock? clock = null)
    {
        Clock = clock ?? new ManualClock();
        Core = new LoopCore(poller, Clock, blockSize: 256);
        Loop = new LoopGroup(new LoopOptions(), Core).Loops[0];
    }

    internal ManualClock Clock { get; }

    internal LoopCore Core { get; }

    internal Loop Loop { get; }

    /// <summary>A moment on the loop's clock: what <see cref="Deadline.After"/> gives to code on the loop.</summary>
    internal Deadline After(TimeSpan time) => Deadline.FromNanoseconds(Clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick));

    /// <summary>A connection over a descriptor of the loop's poller, between two ports of this machine that are only names.</summary>
    internal Conn Connect(int fd, int localPort = 1, int remotePort = 2) => new(
        Core.Sockets.Open(fd),
        Network.Tcp,
        remote: new NetAddress("tcp", IPAddress.Loopback, remotePort),
        local: new NetAddress("tcp", IPAddress.Loopback, localPort));

    /// <summary>Has <paramref name="work"/> run on the loop, from the next turn on.</summary>
    internal Task<T> Start<T>(Func<Task<T>> work)
    {
        TaskCompletionSource<Task<T>> started = new();
        Core.Post(_ => started.SetResult(work()), null);
        return started.Task.Unwrap();
    }

    /// <summary>As above.</summary>
    internal Task Start(Func<Task> work) => Start(async () =>
    {
        await work();
        return 0;
    });

    /// <summary>One turn. False: there was nothing to do.</summary>
    internal bool Turn()
    {
        bool hadWork = Core.HasWork;
        return AsTheLoop(Core.Turn) > 0 || hadWork;
    }

    /// <summary>Turns until there is nothing to do before time passes, or another thread brings something.</summary>
    internal void TurnUntilQuiet()
    {
        for (int i = 0; Turn(); i++)
        {
            if (i == TurnsMax)
            {
                throw new InvalidOperationException("The loop does not come to rest.");
            }
        }
    }

    /// <summary>Turns until <paramref name="condition"/> holds, which other threads may bring about.</summary>
    internal void TurnUntil(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Turn())
            {
                continue;
            }

            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException("Nothing comes any more.");
            }

            Thread.Yield(); // to those whom it waits for
        }
    }

    /// <summary>Lets time pass: the clock stands at each due timer in between while the loop comes to rest.</summary>
    internal void Advance(TimeSpan time)
    {
        long end = Clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick);
        TurnUntilQuiet();
        while (Core.NextTimer is { } due && due <= end)
        {
            Clock.MoveTo(Math.Max(due, Clock.Now));
            TurnUntilQuiet();
        }

        Clock.MoveTo(end);
        TurnUntilQuiet();
    }

    /// <summary>Ends the loop, as its thread would: open connections are closed, and what waits there is told.</summary>
    public void Dispose()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            AsTheLoop(() =>
            {
                Core.End();
                return 0;
            });
        }
    }

    private int AsTheLoop(Func<int> work)
    {
        SynchronizationContext? own = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Core.Context);
        Core.Enter();
        try
        {
            return work();
        }
        finally
        {
            LoopCore.Leave();
            SynchronizationContext.SetSynchronizationContext(own);
        }
    }
}
