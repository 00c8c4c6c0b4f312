using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// Aborts in the middle of an echo, while both ends are sending. A new connection must be served as if nothing had been.
/// </summary>
/// <remarks>Its latency is the time from the abort until the new connection has had its echo.</remarks>
internal sealed class ResetScenario() : Scenario("reset")
{
    private const int Bytes = 1024 * 1024;
    private const int MaxBytesBefore = 256 * 1024;
    private const int MaxBytesAfter = 1024;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        Task sending = link.SendAsync(Bytes);
        await link.ReceiveAsync(random.Next(1, MaxBytesBefore + 1));
        long start = Stopwatch.GetTimestamp();
        link.Abort();
        await EndAsync(sending);

        using EchoLink next = await EchoLink.DialAsync(target, random);
        await next.ExchangeAsync(random.Next(1, MaxBytesAfter + 1));
        return new Moved(link.Received + next.Received, Stopwatch.GetElapsedTime(start));
    }

    // The own Close ends the write, if the kernel has not taken all of it; no other error belongs here.
    private static async Task EndAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (OpError e) when (e.Kind == OpErrorKind.Closed)
        {
        }
    }
}
