using System.Buffers.Binary;

namespace HotLoop.Load;

/// <summary>Messages of fixed length that come back. Each holds its number and then bytes that do not change.</summary>
internal sealed class EchoExchange : Exchange
{
    internal const string WrongBytes = "wrong bytes";

    // Of all connections of the process, so that an echo of another connection's message shows too.
    private static long s_connections;

    private readonly int _messageBytes;
    private readonly byte[] _requests;
    private readonly byte[]? _expected;
    private readonly long _firstNumber;
    private long _sent;
    private long _back;
    private int _part; // bytes of the next message that have come back

    internal EchoExchange(int messageBytes, int maxRequests, bool verify)
    {
        _messageBytes = messageBytes;
        _requests = new byte[messageBytes * maxRequests];
        for (int i = 0; i < _requests.Length; i++)
        {
            _requests[i] = (byte)(i % messageBytes % 251); // a prime: blocks that change places show
        }

        _expected = verify ? _requests.AsSpan(0, messageBytes).ToArray() : null;
        _firstNumber = Interlocked.Increment(ref s_connections) << 40;
    }

    internal override ReadOnlyMemory<byte> NextRequests(int count)
    {
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_requests.AsSpan(i * _messageBytes), _firstNumber + _sent++);
        }

        return _requests.AsMemory(0, count * _messageBytes);
    }

    internal override int Take(ReadOnlySpan<byte> data)
    {
        if (_expected is not null && !IsExpected(data))
        {
            return Fail(WrongBytes);
        }

        long bytes = _part + (long)data.Length;
        int complete = (int)(bytes / _messageBytes);
        _part = (int)(bytes % _messageBytes);
        _back += complete;
        return _back > _sent || (_back == _sent && _part > 0) ? Fail("more than was sent") : complete;
    }

    private bool IsExpected(ReadOnlySpan<byte> data)
    {
        long number = _back;
        int part = _part;
        while (data.Length > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_expected, _firstNumber + number);
            int length = Math.Min(data.Length, _messageBytes - part);
            if (!data[..length].SequenceEqual(_expected.AsSpan(part, length)))
            {
                return false;
            }

            data = data[length..];
            part = (part + length) % _messageBytes;
            number += part == 0 ? 1 : 0;
        }

        return true;
    }
}
