using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>Sends all, closes the writing half, and reads to the end: not a byte more or less may come before it.</summary>
/// <remarks>Its latency is the time from the first byte sent until the end has been read.</remarks>
internal sealed class HalfCloseScenario() : Scenario("half-close")
{
    private const int MaxBytes = 1024 * 1024;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        int bytes = random.Next(1, MaxBytes + 1);
        long start = Stopwatch.GetTimestamp();
        await link.JoinAsync(SendAllAsync(link, bytes), ReceiveAllAsync(link, bytes));
        return new Moved(link.Received, Stopwatch.GetElapsedTime(start));
    }

    private static async Task SendAllAsync(EchoLink link, int bytes)
    {
        await link.SendAsync(bytes);
        link.Conn.CloseWrite();
    }

    private static async Task ReceiveAllAsync(EchoLink link, int bytes)
    {
        await link.ReceiveAsync(bytes);
        await link.ReceiveEndAsync();
    }
}
