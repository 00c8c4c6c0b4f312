using HotLoop.Buffers;
using HotLoop.Parking;
using HotLoop.Polling;
using Microsoft.Extensions.ObjectPool;

namespace HotLoop.Sockets;

/// <summary>
/// All sockets of a loop by slot number, and what they share. Sockets are opened and recycled by any thread; the loop looks them up
/// without a lock.
/// </summary>
internal sealed class SocketTable
{
    // Quiet sockets kept for the next connections, some 400 bytes each.
    private const int SocketsRetained = 4096;

    private readonly Lock _gate = new();
    private readonly ObjectPool<SocketFd> _pool;
    private readonly Stack<(int Slot, uint Generation)> _free = new();

    private SocketFd?[] _sockets = new SocketFd?[16];
    private int _used;
    private int _open;
    private volatile bool _sealed;

    /// <summary>Descriptors that are not closed yet.</summary>
    internal int OpenCount => Volatile.Read(ref _open);

    internal SocketTable(Scheduler scheduler, Poller poller, BlockPool blocks)
    {
        Scheduler = scheduler;
        Poller = poller;
        Blocks = blocks;
        _pool = new DefaultObjectPoolProvider { MaximumRetained = SocketsRetained }.Create(new Policy(this));
    }

    internal Scheduler Scheduler { get; }

    internal Poller Poller { get; }

    internal BlockPool Blocks { get; }

    /// <summary>Takes over the connection <paramref name="fd"/>. When the loop is ending the socket is closed at once.</summary>
    internal SocketHandle Open(int fd)
    {
        SocketFd socket = _pool.Get();
        Interlocked.Increment(ref _open);
        uint generation = socket.Open(fd);
        Interlocked.MemoryBarrier();
        if (_sealed)
        {
            socket.Close(generation);
        }

        return new SocketHandle(socket, generation);
    }

    /// <summary>Closes every socket, and any that is opened later.</summary>
    internal void Seal()
    {
        _sealed = true;
        Interlocked.MemoryBarrier();
        foreach (SocketFd socket in Snapshot())
        {
            socket.Close(socket.Generation);
        }
    }

    /// <summary>The socket that an event names, or null when the event is stale. On the loop's thread.</summary>
    internal SocketFd? Find(ulong token)
    {
        SocketFd?[] sockets = Volatile.Read(ref _sockets);
        int slot = PollToken.SlotOf(token);
        SocketFd? socket = (uint)slot < (uint)sockets.Length ? sockets[slot] : null;
        return socket is not null && socket.Generation == PollToken.GenerationOf(token) ? socket : null;
    }

    private SocketFd[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _sockets.OfType<SocketFd>()];
        }
    }

    /// <summary>A descriptor has been closed.</summary>
    internal void OnDestroyed() => Interlocked.Decrement(ref _open);

    /// <summary>A socket has been closed. Reusable: nobody will touch it again.</summary>
    internal void Return(SocketFd socket, bool reusable)
    {
        if (reusable)
        {
            _pool.Return(socket);
        }
        else
        {
            Drop(socket);
        }
    }

    /// <summary>Gives up a closed socket; its slot goes on, under later generations.</summary>
    internal void Drop(SocketFd socket)
    {
        lock (_gate)
        {
            _sockets[socket.Slot] = null;
            _free.Push((socket.Slot, socket.Generation));
        }
    }

    private SocketFd Create()
    {
        lock (_gate)
        {
            if (!_free.TryPop(out (int Slot, uint Generation) place))
            {
                place = (_used++, 0);
                if (place.Slot == _sockets.Length)
                {
                    SocketFd?[] larger = new SocketFd?[_sockets.Length * 2];
                    _sockets.CopyTo(larger, 0);
                    Volatile.Write(ref _sockets, larger);
                }
            }

            SocketFd socket = new(this, place.Slot, place.Generation);
            _sockets[place.Slot] = socket;
            return socket;
        }
    }

    private sealed class Policy(SocketTable table) : PooledObjectPolicy<SocketFd>
    {
        public override SocketFd Create() => table.Create();

        public override bool Return(SocketFd obj) => true;
    }
}
