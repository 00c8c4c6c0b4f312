using System.Buffers;

namespace HotLoop.Soak.Scenarios;

/// <summary>A connection to the echo server that sends one stream of content and checks that the same comes back.</summary>
/// <remarks>Sending and receiving may go on at the same time, one of each.</remarks>
internal sealed class EchoLink : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly Content _content;
    private long _sent;

    private EchoLink(Conn conn, ulong seed)
    {
        Conn = conn;
        _content = new Content(seed);
    }

    internal Conn Conn { get; }

    /// <summary>Bytes that came back and were right.</summary>
    internal long Received { get; private set; }

    internal static async Task<EchoLink> DialAsync(SoakTarget target, Random random) =>
        new(await target.DialAsync(), (ulong)random.NextInt64());

    /// <summary>Sends the next bytes of the content.</summary>
    /// <param name="count">So many.</param>
    /// <param name="piece">At most so many in one write.</param>
    internal async Task SendAsync(int count, int piece = BlockBytes)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(count, piece));
        try
        {
            for (int left = count; left > 0;)
            {
                Memory<byte> part = buffer.AsMemory(0, Math.Min(left, piece));
                _content.Fill(part.Span, _sent);
                await Conn.WriteAsync(part);
                _sent += part.Length;
                left -= part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Waits for the next bytes and checks them.</summary>
    /// <param name="count">So many.</param>
    /// <param name="piece">At most so many in one read.</param>
    /// <param name="pause">Waited for after each read.</param>
    internal async Task ReceiveAsync(int count, int piece = BlockBytes, TimeSpan pause = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(count, piece));
        try
        {
            for (int left = count; left > 0;)
            {
                int n = await Conn.ReadAsync(buffer.AsMemory(0, Math.Min(left, piece)));
                if (n == 0)
                {
                    throw new ScenarioException(
                        FailureKind.WrongCount, $"wrong count: the stream ended after {Received} bytes, {left} are missing");
                }

                _content.Check(buffer.AsSpan(0, n), Received);
                Received += n;
                left -= n;
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends the next bytes of the content, and meanwhile waits for them and checks them.</summary>
    internal Task ExchangeAsync(int count) => JoinAsync(SendAsync(count), ReceiveAsync(count));

    /// <summary>
    /// Waits for both. If receiving fails, that is the failure, and the connection is closed so that sending ends too.
    /// </summary>
    internal async Task JoinAsync(Task sending, Task receiving)
    {
        try
        {
            await receiving;
        }
        catch
        {
            Conn.Dispose();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await sending;
    }

    /// <summary>Waits for the end of the stream.</summary>
    internal async Task ReceiveEndAsync()
    {
        int n = await Conn.ReadAsync(new byte[1]);
        if (n > 0)
        {
            throw new ScenarioException(
                FailureKind.WrongCount, $"wrong count: the stream goes on after the {Received} bytes that were sent");
        }
    }

    /// <summary>Closes with a reset instead of an end; what waits ends at once.</summary>
    internal void Abort()
    {
        Conn.SetLinger(0);
        Conn.Close();
    }

    public void Dispose() => Conn.Dispose();
}
