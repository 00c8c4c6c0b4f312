using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>Messages of 1 byte to 64 KiB, one after the other, on connections of 1 to 100 messages.</summary>
/// <remarks>Its latency is the longest round trip of the iteration, connecting not included.</remarks>
internal sealed class EchoScenario() : Scenario(Catalogue.Echo)
{
    private const int MaxMessages = 100;
    private const int MaxBytes = 64 * 1024;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        TimeSpan longest = TimeSpan.Zero;
        for (int left = random.Next(1, MaxMessages + 1); left > 0; left--)
        {
            long start = Stopwatch.GetTimestamp();
            await link.ExchangeAsync(random.Next(1, MaxBytes + 1));
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            if (stop.IsCancellationRequested)
            {
                break;
            }
        }

        return new Moved(link.Received, longest);
    }
}
