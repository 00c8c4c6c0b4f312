using System.Buffers;
using HotLoop.Native;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;
using Microsoft.Extensions.ObjectPool;

namespace HotLoop.Conns;

/// <summary>
/// Copies from one connection to another. Both may fail or be closed at any moment; only one direction of each is held at a time.
/// </summary>
internal static class ConnCopy
{
    private const int BufferBytes = 64 * 1024;

    // A pool of the provider's disposes of what it has no room for.
    private static readonly ObjectPool<KernelPipe> s_pipes = new DefaultObjectPoolProvider().Create(new PipePolicy());

    internal static async ValueTask<CopyResult> RunAsync(Conn source, Conn destination, long limit)
    {
        if (source.Network.KeepsRecords || destination.Network.KeepsRecords) // splice(2) is for streams
        {
            return await CopyAsync(source, destination, limit);
        }

        KernelPipe pipe = s_pipes.Get();
        try
        {
            return await (pipe.IsOpen
                ? SpliceAsync(source, destination, pipe, limit)
                : CopyAsync(source, destination, limit));
        }
        finally
        {
            s_pipes.Return(pipe);
        }
    }

    private static async ValueTask<CopyResult> SpliceAsync(Conn source, Conn destination, KernelPipe pipe, long limit)
    {
        SpliceIn fill = new(pipe);
        SpliceOut drain = new(pipe);
        long copied = 0;
        while (copied < limit)
        {
            fill.Limit = limit - copied;
            int code = (await source.RunAsync(Direction.Read, fill)).Code;
            if (code == -Errno.EOPNOTSUPP)
            {
                CopyResult rest = await CopyAsync(source, destination, limit - copied);
                return rest with { Count = copied + rest.Count };
            }

            int moved = pipe.Count;
            if (code > 0)
            {
                code = (await destination.RunAsync(Direction.Write, drain)).Code;
                copied += moved - pipe.Count;
            }

            if (code < 0)
            {
                return new CopyResult(copied, destination.CreateError("readfrom", code, "splice"));
            }

            if (moved == 0)
            {
                break;
            }
        }

        return new CopyResult(copied, null);
    }

    // Where splicing is not possible.
    private static async ValueTask<CopyResult> CopyAsync(Conn source, Conn destination, long limit)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        long copied = 0;
        OpError? error = null;
        try
        {
            while (copied < limit && error is null)
            {
                (int count, error) = await source.TryReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit - copied)));
                if (error is null && count == 0)
                {
                    break;
                }

                if (error is null)
                {
                    (count, error) = await destination.TryWriteAsync(buffer.AsMemory(0, count));
                    copied += count;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new CopyResult(copied, error?.During("readfrom", destination.Network.Name, destination.LocalAddress, destination.Peer));
    }

    private sealed class PipePolicy : PooledObjectPolicy<KernelPipe>
    {
        public override KernelPipe Create() => new();

        // One that still holds bytes of a failed copy is not used again.
        public override bool Return(KernelPipe obj)
        {
            bool reusable = obj is { IsOpen: true, Count: 0 };
            if (!reusable)
            {
                obj.Dispose();
            }

            return reusable;
        }
    }
}
