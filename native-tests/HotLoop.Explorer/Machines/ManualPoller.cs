using HotLoop.Explorer.Exploring;
using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// The kernel's side of a few sockets, as counters: which descriptors are open, and how many messages have arrived. What is done with a
/// descriptor that is not open fails the run.
/// </summary>
internal sealed class ManualPoller : Poller
{
    private readonly HashSet<int> _open = [];
    private readonly Queue<PollEvent> _events = new();

    internal override BackendKind Kind => BackendKind.Auto;

    /// <summary>Messages in the sockets.</summary>
    internal int Arrived { get; set; }

    /// <summary>Descriptors closed so far.</summary>
    internal int Closed { get; private set; }

    /// <summary>Like a ring with requests under way: it lets go of a descriptor later, and says so by an event.</summary>
    internal bool ReleasesLater { get; set; }

    internal bool HasEvents => _events.Count > 0;

    internal void Open(int fd) => Assert.True(_open.Add(fd));

    internal bool IsOpen(int fd) => _open.Contains(fd);

    internal void Raise(ulong token, Readiness readiness) => _events.Enqueue(new PollEvent(token, readiness));

    internal override int TryReceive(PollTarget target, Span<byte> buffer)
    {
        Use(target, "recv");
        if (Arrived == 0)
        {
            return -Errno.EAGAIN;
        }

        Arrived--;
        return 1;
    }

    internal override int Watch(PollTarget target, Interest interest)
    {
        Use(target, "Poller.Watch");
        return 1;
    }

    internal override bool Release(PollTarget target, bool mayHaveDuplicates)
    {
        Use(target, "Poller.Release");
        if (ReleasesLater)
        {
            Raise(target.Token, Readiness.Released);
        }

        return !ReleasesLater;
    }

    internal override int Close(PollTarget target)
    {
        Use(target, "close");
        _open.Remove(target.Fd);
        Closed++;
        return 0;
    }

    // A system call: what its thread has written is seen. The loop is only turned when there is something to do, which was its step.
    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        Steps.Commit();
        Assert.Equal(0, timeoutMilliseconds);
        int n = 0;
        while (n < events.Length && _events.TryDequeue(out PollEvent e))
        {
            events[n++] = e;
        }

        return n;
    }

    internal override void Wake() => throw new NotSupportedException();

    internal override int TrySend(PollTarget target, ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

    internal override int TryAccept(PollTarget target, out RawAddress peer) => throw new NotSupportedException();

    public override void Dispose()
    {
    }

    private void Use(PollTarget target, string what)
    {
        Steps.Access(what);
        Assert.True(IsOpen(target.Fd), $"{what}: descriptor {target.Fd} is not open");
    }
}
