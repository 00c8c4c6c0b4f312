using HotLoop.Native;
using HotLoop.Polling;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

/// <summary>A process that serves, and whose loop's thread then meets an exception. The child of scenario 24.</summary>
internal static class FaultedLoop
{
    /// <summary>Where the exception comes from.</summary>
    internal static readonly string[] Places = ["poller", "post", "timer"];

    internal static int Run(string place, string backendName)
    {
        BackendKind backend = new Backends().Working.Single(b => Backends.NameOf(b) == backendName);
        FailingPoller? poller = null;
        using LoopGroup loops = new(
            new LoopOptions { LoopCount = 1 }, () => poller = new FailingPoller(Polling.BackendProbe.CreatePoller(backend)));
        using Listener listener = new ListenConfig { Loops = loops }.Listen("tcp", "127.0.0.1:0");
        ValueTask<AcceptResult> waiting = listener.TryAcceptAsync();
        Console.WriteLine("ready");
        _ = Console.ReadLine();
        switch (place)
        {
            case "poller":
                poller!.Fails = true;
                poller.Wake();
                break;
            case "post":
                loops.Loops[0].Post(static _ => throw new InvalidTimeZoneException("thrown by posted work"));
                break;
            default:
                loops.Loops[0].Post(static loop => ((Loop)loop!).Core.Timers.Add(new FailingTimer(), 1), loops.Loops[0]);
                break;
        }

        _ = waiting.AsTask().GetAwaiter().GetResult(); // a silent death of the loop would leave this waiting
        return 0;
    }

    private sealed class FailingTimer : Timers.TimerEntry
    {
        internal override void OnTimer() => throw new InvalidTimeZoneException("thrown by a timer");
    }

    private sealed class FailingPoller(Poller inner) : Poller
    {
        internal volatile bool Fails;

        internal override BackendKind Kind => inner.Kind;

        internal override int Watch(PollTarget target, Interest interest) => inner.Watch(target, interest);

        internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
        {
            int filled = inner.Wait(events, timeoutMilliseconds);
            return Fails ? throw new InvalidTimeZoneException("thrown by the poller") : filled;
        }

        internal override void Wake() => inner.Wake();

        internal override int TryReceive(PollTarget target, Span<byte> buffer) => inner.TryReceive(target, buffer);

        internal override int TrySend(PollTarget target, ReadOnlySpan<byte> buffer) => inner.TrySend(target, buffer);

        internal override int TryAccept(PollTarget target, out RawAddress peer) => inner.TryAccept(target, out peer);

        internal override bool Release(PollTarget target, bool mayHaveDuplicates) => inner.Release(target, mayHaveDuplicates);

        public override void Dispose() => inner.Dispose();
    }
}
