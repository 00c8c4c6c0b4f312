using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>Connect, one message, close: in turn with an ordinary end (FIN) and with a reset (RST).</summary>
/// <remarks>Its latency is the time from dialing until the message is back.</remarks>
internal sealed class ChurnScenario() : Scenario("churn")
{
    private const int MaxBytes = 512;

    private int _turn;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        using EchoLink link = await EchoLink.DialAsync(target, random);
        await link.ExchangeAsync(random.Next(1, MaxBytes + 1));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        if (Interlocked.Increment(ref _turn) % 2 == 0)
        {
            link.Abort();
        }

        return new Moved(link.Received, took);
    }
}
