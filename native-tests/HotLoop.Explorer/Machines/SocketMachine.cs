using System.Runtime.CompilerServices;
using HotLoop.Buffers;
using HotLoop.Explorer.Exploring;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop.Explorer.Machines;

/// <summary>Sockets of a loop, the library's own, over a poller and a scheduler of the machine's.</summary>
internal abstract class SocketMachine : Machine
{
    private readonly List<object> _owners = [];

    protected SocketMachine()
    {
        Table = new SocketTable(Scheduler, Poller, new BlockPool(Scheduler, blockSize: 256));
        _owners.Add(Table);
    }

    internal override IReadOnlyList<object> Owners => _owners;

    protected ManualScheduler Scheduler { get; } = new();

    protected ManualPoller Poller { get; } = new();

    protected SocketTable Table { get; }

    /// <summary>A connection with this descriptor, as its handle knows it.</summary>
    protected Handle Open(int fd)
    {
        Poller.Open(fd);
        SocketFd socket = Table.Open(fd, out uint generation);
        _owners.AddRange([socket, socket.Reader]);
        return new Handle(socket, generation, fd);
    }

    protected static long WordOf(SocketFd socket) => (long)WordOf(ref LockOf(socket));

    protected static long WordOfReader(SocketFd socket) => WordOf(socket.Reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    protected static extern ref FdLock LockOf(SocketFd socket);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queue")]
    protected static extern ref FdLockQueue? QueueOf(SocketFd socket);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref ulong WordOf(ref FdLock fdLock);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref int WordOf(ParkSlot slot);

    protected sealed record Handle(SocketFd Socket, uint Generation, int Fd);
}
