using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Polling.Epoll;

/// <summary>A descriptor in an epoll set: added when something first waits, for both directions and for good.</summary>
internal sealed class EpollHandle(EpollPoller poller) : PollHandle
{
    // Both directions set it, perhaps on two threads.
    private bool _isWatched;

    internal override void Open(int fd, ulong token)
    {
        _isWatched = false;
        base.Open(fd, token);
    }

    internal override int Watch(Interest interest)
    {
        if (_isWatched)
        {
            return 0;
        }

        int result = poller.Add(Fd, Token);
        if (result >= 0)
        {
            _isWatched = true;
        }

        return result;
    }

    internal override int TryReceive(Span<byte> buffer) => Syscall.Receive(Fd, buffer);

    internal override int TrySend(ReadOnlySpan<byte> buffer) => Syscall.Send(Fd, buffer);

    internal override int TryAccept(out RawAddress peer) => Syscall.Accept(Fd, out peer);

    // close(2) takes a descriptor out of the set, unless it has duplicates.
    internal override bool Release()
    {
        if (_isWatched && IsShared)
        {
            poller.Remove(Fd);
        }

        return true;
    }
}
