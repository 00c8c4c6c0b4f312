using System.Runtime.CompilerServices;
using HotLoop.Explorer.Exploring;
using HotLoop.Loops;
using HotLoop.Parking;
using HotLoop.Sockets;
using HotLoop.TestKit.Simulation;

namespace HotLoop.Explorer.Machines;

/// <summary>A loop and its sockets, the library's own, over a poller and a clock of the machine's. An explored thread turns it.</summary>
internal abstract class SocketMachine : Machine
{
    private readonly List<object> _owners = [];

    protected SocketMachine()
    {
        Core = new LoopCore(Poller, Clock, blockSize: 256);
        _owners.AddRange([Core, Table]);
    }

    internal override IReadOnlyList<object> Owners => _owners;

    protected ManualClock Clock { get; } = new();

    protected ManualPoller Poller { get; } = new();

    protected LoopCore Core { get; }

    protected SocketTable Table => Core.Sockets;

    /// <summary>A turn of the loop would do something. For conditions: on an explored thread it would be a step.</summary>
    protected bool HasWork => Poller.HasEvents || Core.HasWork;

    /// <summary>A connection with this descriptor, as its handle knows it.</summary>
    protected Handle Open(int fd)
    {
        Poller.Open(fd);
        SocketHandle handle = Table.Open(fd);
        _owners.AddRange([handle.Socket, handle.Socket.Reader]);
        return new Handle(handle.Socket, handle.Generation, fd);
    }

    /// <summary>Writes to its words may be seen late.</summary>
    protected void Own(object owner) => _owners.Add(owner);

    protected static long WordOf(SocketFd socket) => (long)WordOf(ref LockOf(socket));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    protected static extern ref FdLock LockOf(SocketFd socket);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queue")]
    protected static extern ref FdLockQueue? QueueOf(SocketFd socket);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref ulong WordOf(ref FdLock fdLock);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    protected static extern ref int WordOf(ParkSlot slot);

    protected sealed record Handle(SocketFd Socket, uint Generation, int Fd);
}
