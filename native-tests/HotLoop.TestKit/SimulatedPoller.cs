using System.Collections.Concurrent;
using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit;

/// <summary>
/// The poller's port without a kernel: descriptors are numbers, and what arrives on them is what the test says.
/// Edge-triggered, with the port's rules: an event at Watch when ready, and one for each change to ready afterwards. Every method may
/// be called from any thread.
/// </summary>
internal sealed class SimulatedPoller : Poller
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

    /// <summary>Calls of <see cref="TryReceive"/> so far.</summary>
    internal int ReceiveCalls { get; private set; }

    /// <summary>A new descriptor, with <paramref name="sendRoom"/> bytes of room for sends.</summary>
    internal int Open(int sendRoom = int.MaxValue)
    {
        lock (_gate)
        {
            int fd = _nextFd++;
            _sockets.Add(fd, new SimulatedSocket { SendRoom = sendRoom });
            return fd;
        }
    }

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
            return [.. _sockets[fd].Sent];
        }
    }

    internal override int Watch(PollTarget target, Interest interest)
    {
        lock (_gate)
        {
            SimulatedSocket socket = _sockets[target.Fd];
            socket.Token = target.Token;
            Readiness ready = (socket.IsReadable ? Readiness.Read : 0) | (socket.SendRoom > 0 ? Readiness.Write : 0);
            if (ready != 0)
            {
                Raise(socket, ready);
            }

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
            SimulatedSocket socket = _sockets[target.Fd];
            int n = Math.Min(buffer.Length, socket.Received.Count);
            if (n == 0)
            {
                return socket.Eof ? 0 : -Errno.EAGAIN;
            }

            for (int i = 0; i < n; i++)
            {
                buffer[i] = socket.Received[i];
            }

            socket.Received.RemoveRange(0, n);
            return n;
        }
    }

    internal override int TrySend(PollTarget target, ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            SimulatedSocket socket = _sockets[target.Fd];
            int n = Math.Min(buffer.Length, socket.SendRoom);
            if (n == 0 && buffer.Length > 0)
            {
                return -Errno.EAGAIN;
            }

            socket.Sent.AddRange(buffer[..n]);
            socket.SendRoom -= n;
            return n;
        }
    }

    internal override int TryAccept(PollTarget target, out RawAddress peer)
    {
        peer = default;
        return -Errno.EAGAIN;
    }

    internal override int Close(PollTarget target)
    {
        lock (_gate)
        {
            return _sockets.Remove(target.Fd) ? 0 : -Errno.EBADF;
        }
    }

    public override void Dispose() => _signal.Dispose();

    private void Change(int fd, Readiness readiness, Action<SimulatedSocket> change)
    {
        lock (_gate)
        {
            SimulatedSocket socket = _sockets[fd];
            change(socket);
            Raise(socket, readiness);
        }
    }

    private void Raise(SimulatedSocket socket, Readiness readiness)
    {
        if (socket.Token is ulong token)
        {
            _events.Enqueue(new PollEvent(token, readiness));
            _signal.Release();
        }
    }

    private sealed class SimulatedSocket
    {
        internal List<byte> Received { get; } = [];

        internal List<byte> Sent { get; } = [];

        internal int SendRoom { get; set; }

        internal bool Eof { get; set; }

        internal ulong? Token { get; set; }

        internal bool IsReadable => Received.Count > 0 || Eof;
    }
}
