using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using HotLoop.Explorer.Exploring;
using HotLoop.Native;
using HotLoop.Parking;

namespace HotLoop.Explorer.Machines;

/// <summary>A park slot that receives from a socket of one counter, started as SocketSlot starts its operations.</summary>
internal sealed class ManualSlot : ParkSlot
{
    internal ManualSlot(ManualScheduler scheduler)
        : base(scheduler) => Reset();

    /// <summary>Messages in the socket.</summary>
    internal int Arrived { get; set; }

    /// <summary>The next try that finds a message says that it has done enough for one tick.</summary>
    internal bool YieldsOnce { get; set; }

    internal bool IsClosed { get; set; }

    /// <summary>References given up by operations that were parked.</summary>
    internal int Ended { get; private set; }

    internal int Word => WordOf(this);

    internal long ArmedFor => ArmedForOf(this);

    private protected override bool IsClosing
    {
        get
        {
            Steps.Access("closed?");
            return IsClosed;
        }
    }

    /// <summary>True: it has ended with the code. False: it is parked.</summary>
    internal bool TryStart(out int code)
    {
        if (IsDeadlineExceeded)
        {
            code = Outcome.DeadlineExceeded;
            return true;
        }

        do
        {
            while (TakeReady())
            {
                if (Attempt(out code))
                {
                    return true;
                }
            }

            Begin();
        }
        while (!TryWait());

        code = Outcome.Unfinished;
        return false;
    }

    internal int Take(short token)
    {
        int code = TakeCode(token, out bool endPending);
        Ended += endPending ? 1 : 0;
        return code;
    }

    internal void Await(Action continuation) =>
        Await(static state => ((Action)state!)(), continuation, Version, ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    private protected override bool Attempt(out int code)
    {
        Steps.Access("recv");
        if (Arrived > 0 && YieldsOnce)
        {
            YieldsOnce = false;
            code = Outcome.Unfinished;
            return false;
        }

        code = Arrived > 0 ? 1 : -Errno.EAGAIN;
        Arrived -= Arrived > 0 ? 1 : 0;
        return code > 0;
    }

    private protected override void OnEnded() => Ended++;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref int WordOf(ParkSlot slot);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_armedFor")]
    private static extern ref long ArmedForOf(ParkSlot slot);
}
