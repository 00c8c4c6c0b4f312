using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// Connections to an echo server, each full of messages: a length, random bytes, and a CRC. They are sent in pieces of random length and
/// checked as they come back, until this is disposed of; then what is on the way is awaited.
/// </summary>
internal sealed class CheckedTraffic : IAsyncDisposable
{
    private const int HeaderBytes = 8;
    private const int MaxBodyBytes = 4096;
    private const int WindowMessages = 16;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _bytes;
    private long _messages;
    private long _corrupt;
    private long _failures;

    private CheckedTraffic(EndPoint server, int connections, int seed) =>
        _running = Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(() => RunAsync(server, seed + i))));

    /// <summary>That came back so far.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    internal long Messages => Interlocked.Read(ref _messages);

    /// <summary>Messages whose length or CRC was wrong; the rest of that connection is not looked at.</summary>
    internal long Corrupt => Interlocked.Read(ref _corrupt);

    /// <summary>Connections that failed, ended early, or waited longer than <see cref="EngineProcess.Patience"/>.</summary>
    internal long Failures => Interlocked.Read(ref _failures);

    internal static CheckedTraffic Start(EndPoint server, int connections, int seed = 1) => new(server, connections, seed);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(EndPoint server, int seed)
    {
        try
        {
            using Client client = await Client.ConnectAsync(server);
            using SemaphoreSlim window = new(WindowMessages);
            Task sending = SendAllAsync(client, new Random(seed), window);
            await ReceiveAllAsync(client, window);
            await sending;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    private async Task SendAllAsync(Client client, Random random, SemaphoreSlim window)
    {
        byte[] message = new byte[HeaderBytes + MaxBodyBytes];
        while (!_stop.IsCancellationRequested)
        {
            await window.WaitAsync(EngineProcess.Patience);
            Memory<byte> rest = message.AsMemory(0, Fill(message, random));
            while (rest.Length > 0)
            {
                int piece = random.Next(1, rest.Length + 1);
                await client.SendAsync(rest[..piece]);
                rest = rest[piece..];
            }
        }

        client.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ReceiveAllAsync(Client client, SemaphoreSlim window)
    {
        byte[] buffer = new byte[HeaderBytes + MaxBodyBytes];
        int held = 0;
        while (true)
        {
            int n = await client.Socket.ReceiveAsync(buffer.AsMemory(held)).AsTask().WaitAsync(EngineProcess.Patience);
            if (n == 0)
            {
                Interlocked.Add(ref _failures, held == 0 && _stop.IsCancellationRequested ? 0 : 1);
                return;
            }

            Interlocked.Add(ref _bytes, n);
            held += n;
            int used = 0;
            while (MessageLength(buffer.AsSpan(used, held - used)) is int length and > 0)
            {
                used += length;
                Interlocked.Increment(ref _messages);
                window.Release();
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }
    }

    private static int Fill(Span<byte> message, Random random)
    {
        int length = random.Next(1, MaxBodyBytes + 1);
        Span<byte> body = message.Slice(HeaderBytes, length);
        random.NextBytes(body);
        BinaryPrimitives.WriteInt32LittleEndian(message, length);
        BinaryPrimitives.WriteUInt32LittleEndian(message[4..], Crc(body));
        return HeaderBytes + length;
    }

    /// <returns>The length of a whole message at the beginning of <paramref name="bytes"/>; 0: it is not whole yet.</returns>
    private int MessageLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < 1 or > MaxBodyBytes)
        {
            Interlocked.Increment(ref _corrupt);
            throw new SocketException((int)SocketError.ProtocolNotSupported);
        }

        if (bytes.Length < HeaderBytes + length)
        {
            return 0;
        }

        if (Crc(bytes.Slice(HeaderBytes, length)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            Interlocked.Increment(ref _corrupt);
        }

        return HeaderBytes + length;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
