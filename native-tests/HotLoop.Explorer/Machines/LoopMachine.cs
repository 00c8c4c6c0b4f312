using System.Runtime.CompilerServices;
using HotLoop.Explorer.Exploring;
using HotLoop.Loops;
using HotLoop.TestKit.Simulation;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// A loop's own code, from its first tick to its end, while others post to it and stop it: what is posted is run once, on the loop or after its end
/// on the thread pool, the loop does not sleep over it, and the poller is not woken once it is gone.
/// </summary>
internal sealed class LoopMachine : Machine
{
    private static readonly TimeSpan s_poolLimit = TimeSpan.FromSeconds(5);

    private readonly LoopCore _loop;
    private readonly LoopThread _thread;
    private int _ran;

    private LoopMachine(Action<Func<bool>> sleep)
    {
        _loop = new LoopCore(new SleepyPoller(sleep), new ManualClock(), blockSize: 256);
        _thread = new LoopThread("explored", _loop, cpu: null);
        Thread("loop", RunLoop);
        Thread("poster", () => _loop.Post(_ => Interlocked.Increment(ref _ran), null));
    }

    internal override IReadOnlyList<object> Owners => [_loop];

    /// <summary>Somebody posts; once that has been run, the loop is stopped.</summary>
    internal static Machine PostMeetsSleep()
    {
        LoopMachine machine = new(isWoken => BlockUntil("Poller.Wait", isWoken));
        machine.Thread("stopper", () =>
        {
            BlockUntil("the work", () => machine._ran == 1);
            machine._loop.Stop();
        });
        return machine;
    }

    /// <summary>Somebody posts while the loop, which also wakes by itself, is being stopped.</summary>
    internal static Machine PostMeetsEnd()
    {
        LoopMachine machine = new(_ => SleepUntilSomethingHappens());
        machine.Thread("stopper", machine._loop.Stop);
        return machine;
    }

    // Work that came too late is on its way to a thread of the pool, which is not explored.
    internal override void CheckEnd() => Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _ran) == 1, s_poolLimit), "work was lost");

    internal override void Describe(ref Fingerprint state)
    {
        state.Add(SleepingOf(_loop));
        state.Add(WakersOf(_loop));
    }

    private static void SleepUntilSomethingHappens()
    {
        SpinWait spin = default;
        Steps.SpinOnce(ref spin);
    }

    private void RunLoop()
    {
        try
        {
            Run(_thread);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            LoopCore.Leave();
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Run")]
    private static extern void Run(LoopThread thread);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sleeping")]
    private static extern ref int SleepingOf(LoopCore loop);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_wakers")]
    private static extern ref int WakersOf(LoopCore loop);
}
