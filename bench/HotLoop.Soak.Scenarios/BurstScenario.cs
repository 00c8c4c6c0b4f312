using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>16 MiB in one write, far more than the kernel holds, while another task reads.</summary>
/// <remarks>Its latency is the time of the whole exchange.</remarks>
internal sealed class BurstScenario() : Scenario("burst")
{
    private const int Bytes = 16 * 1024 * 1024;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        long start = Stopwatch.GetTimestamp();
        Task sending = Task.Run(() => link.SendAsync(Bytes, piece: Bytes), CancellationToken.None);
        await link.JoinAsync(sending, link.ReceiveAsync(Bytes));
        return new Moved(link.Received, Stopwatch.GetElapsedTime(start));
    }
}
