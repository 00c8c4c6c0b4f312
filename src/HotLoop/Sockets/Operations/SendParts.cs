using System.Buffers;
using HotLoop.Native;
using HotLoop.Parking;
using Microsoft.Extensions.ObjectPool;

namespace HotLoop.Sockets.Operations;

/// <summary>Sends a sequence of buffers, up to 1,024 of them in one call.</summary>
internal sealed unsafe class SendParts : SocketOperation
{
    // IOV_MAX of Linux.
    private const int PartsPerCall = 1024;

    private static readonly ObjectPool<SendParts> s_pool = new DefaultObjectPool<SendParts>(new DefaultPooledObjectPolicy<SendParts>());

    private MemoryHandle[] _pins = new MemoryHandle[8];
    private MemoryPart[] _parts = new MemoryPart[8];
    private ReadOnlySequence<byte> _rest;

    /// <summary>Bytes that are with the kernel.</summary>
    internal long Sent { get; private set; }

    /// <summary>An operation of the pool's, to be given back by <see cref="Return"/>.</summary>
    internal static SendParts Rent(in ReadOnlySequence<byte> buffers)
    {
        SendParts operation = s_pool.Get();
        operation._rest = buffers;
        operation.Sent = 0;
        return operation;
    }

    internal static void Return(SendParts operation)
    {
        operation._rest = default;
        s_pool.Return(operation);
    }

    internal override int Try(SocketFd fd)
    {
        for (int i = 0; i < WriteSlot.SendsPerTurn; i++)
        {
            if (_rest.IsEmpty)
            {
                return 0;
            }

            int n = SendSome(fd);
            if (n < 0)
            {
                return n;
            }

            Sent += n;
            _rest = _rest.Slice(n);
        }

        return _rest.IsEmpty ? 0 : Outcome.Unfinished;
    }

    private int SendSome(SocketFd fd)
    {
        int count = 0;
        try
        {
            foreach (ReadOnlyMemory<byte> part in _rest)
            {
                if (count == PartsPerCall)
                {
                    break;
                }

                if (!part.IsEmpty)
                {
                    EnsureRoom(count);
                    _pins[count] = part.Pin();
                    _parts[count] = new MemoryPart { Start = _pins[count].Pointer, Length = (nuint)part.Length };
                    count++;
                }
            }

            return fd.Poll.TrySendParts(_parts.AsSpan(0, count));
        }
        finally
        {
            while (count > 0)
            {
                _pins[--count].Dispose();
            }
        }
    }

    private void EnsureRoom(int count)
    {
        if (count == _parts.Length)
        {
            Array.Resize(ref _pins, count * 2);
            Array.Resize(ref _parts, count * 2);
        }
    }
}
