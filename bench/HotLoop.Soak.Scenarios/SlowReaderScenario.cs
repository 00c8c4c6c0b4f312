using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// Sends as fast as it goes and reads slowly, in small steps: the server has to wait for room, and everything must be right all
/// the same.
/// </summary>
/// <remarks>Its latency is the time of the whole exchange, which the pauses rule.</remarks>
internal sealed class SlowReaderScenario() : Scenario("slow-reader")
{
    // A socket of the server takes up to 4 MiB by Linux's defaults (tcp_wmem, tcp(7)); only with more must the server wait.
    private const int MinBytes = 6 * 1024 * 1024;
    private const int MaxBytes = 10 * 1024 * 1024;
    private const int StepBytes = 32 * 1024;

    // Small, or the kernel would take all of it at this end. But one segment of the loopback (64 KiB) should fit: with 16 KiB an
    // iteration took more than ten times as long.
    private const int ReadBufferBytes = 128 * 1024;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        link.Conn.SetReadBuffer(ReadBufferBytes);
        int bytes = random.Next(MinBytes, MaxBytes + 1);
        long start = Stopwatch.GetTimestamp();
        await link.JoinAsync(link.SendAsync(bytes), link.ReceiveAsync(bytes, StepBytes, s_pause));
        return new Moved(link.Received, Stopwatch.GetElapsedTime(start));
    }
}
