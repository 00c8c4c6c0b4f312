using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>Events on their way to the loop, each with the number of waits that it lets pass.</summary>
internal sealed class HeldEvents
{
    private readonly List<(PollEvent Event, int Waits)> _held = [];

    internal int Count => _held.Count;

    internal void Add(PollEvent e, int waits = 0) => _held.Add((e, waits));

    /// <summary>Makes it part of an event of the same descriptor. A release comes alone.</summary>
    internal bool TryJoin(PollEvent e)
    {
        int i = _held.FindIndex(h => h.Event.Token == e.Token && h.Event.Readiness != Readiness.Released);
        if (i < 0 || e.Readiness == Readiness.Released)
        {
            return false;
        }

        _held[i] = (new PollEvent(e.Token, _held[i].Event.Readiness | e.Readiness), _held[i].Waits);
        return true;
    }

    /// <summary>A wait: takes what is due, as far as there is room; the others have waited once more.</summary>
    internal int TakeDue(Span<PollEvent> events)
    {
        int taken = 0;
        int kept = 0;
        for (int i = 0; i < _held.Count; i++)
        {
            (PollEvent e, int waits) = _held[i];
            if (waits == 0 && taken < events.Length)
            {
                events[taken++] = e;
            }
            else
            {
                _held[kept++] = (e, Math.Max(waits - 1, 0));
            }
        }

        _held.RemoveRange(kept, _held.Count - kept);
        return taken;
    }
}
