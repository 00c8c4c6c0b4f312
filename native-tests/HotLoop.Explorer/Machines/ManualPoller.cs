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

    /// <summary>Messages for which the sockets have room.</summary>
    internal int Room { get; set; }

    /// <summary>Descriptors closed so far.</summary>
    internal int Closed { get; private set; }

    /// <summary>Like a ring with requests under way: it lets go of a descriptor later, and says so by an event.</summary>
    internal bool ReleasesLater { get; set; }

    internal bool HasEvents => _events.Count > 0;

    internal void Open(int fd) => Assert.True(_open.Add(fd));

    internal bool IsOpen(int fd) => _open.Contains(fd);

    internal void Raise(ulong token, Readiness readiness) => _events.Enqueue(new PollEvent(token, readiness));

    internal override PollHandle CreateHandle() => new ManualHandle(this);

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

    public override void Dispose()
    {
    }

    private void Use(int fd, string what)
    {
        Steps.Access(what);
        Assert.True(IsOpen(fd), $"{what}: descriptor {fd} is not open");
    }

    private sealed class ManualHandle(ManualPoller poller) : PollHandle
    {
        private bool _isWatched;

        internal override void Open(int fd, ulong token)
        {
            _isWatched = false;
            base.Open(fd, token);
        }

        internal override int Watch(Interest interest)
        {
            if (!_isWatched)
            {
                poller.Use(Fd, "Watch");
                _isWatched = true;
            }

            return 0;
        }

        internal override int TryReceive(Span<byte> buffer)
        {
            poller.Use(Fd, "recv");
            if (poller.Arrived == 0)
            {
                return -Errno.EAGAIN;
            }

            poller.Arrived--;
            return 1;
        }

        internal override int TrySend(ReadOnlySpan<byte> buffer)
        {
            poller.Use(Fd, "send");
            if (poller.Room == 0)
            {
                return -Errno.EAGAIN;
            }

            poller.Room--;
            return 1;
        }

        internal override int TryAccept(out RawAddress peer) => throw new NotSupportedException();

        internal override bool Release()
        {
            if (!_isWatched)
            {
                return true;
            }

            poller.Use(Fd, "Release");
            if (poller.ReleasesLater)
            {
                poller.Raise(Token, Readiness.Released);
            }

            return !poller.ReleasesLater;
        }

        private protected override void CloseDescriptor()
        {
            poller.Use(Fd, "close");
            poller._open.Remove(Fd);
            poller.Closed++;
        }
    }
}
