using System.Collections.Concurrent;
using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>
/// The poller's port without a kernel: descriptors are numbers, and behind each stands a <see cref="SimulatedSocket"/>. Edge-triggered, with the
/// port's rules: an event at Watch when ready, and one for each change to ready afterwards. Every method may be called from any thread.
/// </summary>
internal sealed unsafe class SimulatedPoller : Poller
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, SimulatedSocket> _sockets = [];
    private readonly ConcurrentQueue<PollEvent> _events = new();
    private readonly SemaphoreSlim _signal = new(0);
    private int _nextFd = 1_000_000; // far from real descriptors, so that a mix-up fails

    internal override BackendKind Kind => BackendKind.Auto;

    /// <summary>Open descriptors.</summary>
    internal int OpenCount
    {
        get
        {
            lock (_gate)
            {
                return _sockets.Count;
            }
        }
    }

    /// <summary>A wait would return some.</summary>
    internal bool HasEvents => !_events.IsEmpty;

    /// <summary>Calls of <see cref="TryReceive"/> so far.</summary>
    internal int ReceiveCalls { get; private set; }

    /// <summary>A new descriptor whose other end is the test, with <paramref name="sendRoom"/> bytes of room for sends.</summary>
    internal int Open(int sendRoom = int.MaxValue) => Open(new ScriptedSocket(sendRoom));

    /// <summary>A new descriptor.</summary>
    internal int Open(SimulatedSocket socket)
    {
        lock (_gate)
        {
            int fd = _nextFd++;
            _sockets.Add(fd, socket);
            socket.Attach(this);
            return fd;
        }
    }

    // ---- the test's side of a scripted socket --------------------------------------------------------------------------

    /// <summary>Bytes arrive.</summary>
    internal void Arrive(int fd, params byte[] bytes) => Change(fd, Readiness.Read, s => s.Received.AddRange(bytes));

    /// <summary>The peer's end of the stream arrives.</summary>
    internal void ArriveEof(int fd) => Change(fd, Readiness.Read | Readiness.Drain, s => s.Eof = true);

    /// <summary>An event that nothing stands behind.</summary>
    internal void Spurious(int fd, Readiness readiness) => Change(fd, readiness, static _ => { });

    /// <summary>The kernel has room for <paramref name="bytes"/> more.</summary>
    internal void MakeRoom(int fd, int bytes) => Change(fd, Readiness.Write, s => s.SendRoom += bytes);

    /// <summary>What was sent so far.</summary>
    internal byte[] Sent(int fd)
    {
        lock (_gate)
        {
            return [.. ((ScriptedSocket)_sockets[fd]).Sent];
        }
    }

    // ---- the port ------------------------------------------------------------------------------------------------------

    internal override int Watch(PollTarget target, Interest interest)
    {
        lock (_gate)
        {
            _sockets[target.Fd].Watch(target.Token);
            return 1;
        }
    }

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        if (_events.IsEmpty)
        {
            _signal.Wait(timeoutMilliseconds);
        }

        int n = 0;
        while (n < events.Length && _events.TryDequeue(out PollEvent e))
        {
            events[n++] = e;
        }

        return n;
    }

    internal override void Wake() => _signal.Release();

    internal override int TryReceive(PollTarget target, Span<byte> buffer)
    {
        lock (_gate)
        {
            ReceiveCalls++;
            return _sockets[target.Fd].Receive(buffer);
        }
    }

    internal override int TryPeek(PollTarget target)
    {
        lock (_gate)
        {
            return _sockets[target.Fd].IsReadable ? 1 : -Errno.EAGAIN;
        }
    }

    internal override int TrySend(PollTarget target, ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            return _sockets[target.Fd].Send(buffer);
        }
    }

    internal override int TrySendParts(PollTarget target, ReadOnlySpan<MemoryPart> parts)
    {
        int sent = 0;
        foreach (MemoryPart part in parts)
        {
            int n = TrySend(target, new ReadOnlySpan<byte>(part.Start, (int)part.Length));
            if (n < 0)
            {
                return sent == 0 ? n : sent;
            }

            sent += n;
            if (n < (int)part.Length)
            {
                break;
            }
        }

        return sent;
    }

    internal override int TryAccept(PollTarget target, out RawAddress peer)
    {
        lock (_gate)
        {
            return _sockets[target.Fd].Accept(out peer);
        }
    }

    internal override int EndReceiving(PollTarget target)
    {
        lock (_gate)
        {
            return _sockets[target.Fd].EndReceiving();
        }
    }

    internal override int EndSending(PollTarget target)
    {
        lock (_gate)
        {
            return _sockets[target.Fd].EndSending();
        }
    }

    internal override int Close(PollTarget target)
    {
        lock (_gate)
        {
            if (!_sockets.Remove(target.Fd, out SimulatedSocket? socket))
            {
                return -Errno.EBADF;
            }

            socket.OnClosed();
            return 0;
        }
    }

    public override void Dispose() => _signal.Dispose();

    /// <summary>From any thread.</summary>
    internal void Enqueue(PollEvent e)
    {
        _events.Enqueue(e);
        _signal.Release();
    }

    private void Change(int fd, Readiness readiness, Action<ScriptedSocket> change)
    {
        lock (_gate)
        {
            ScriptedSocket socket = (ScriptedSocket)_sockets[fd];
            change(socket);
            socket.Raise(readiness);
        }
    }
}
