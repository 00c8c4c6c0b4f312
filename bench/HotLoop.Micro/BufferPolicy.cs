using Microsoft.Extensions.ObjectPool;

namespace HotLoop.Micro;

/// <summary>Buffers for an <see cref="ObjectPool{T}"/>.</summary>
internal sealed class BufferPolicy(int bytes) : PooledObjectPolicy<byte[]>
{
    public override byte[] Create() => new byte[bytes];

    public override bool Return(byte[] obj) => true;
}
