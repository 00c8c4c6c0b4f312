using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>16 small messages in flight on one connection: whenever one is back, the next is sent.</summary>
/// <remarks>Its latency is the longest round trip of the iteration.</remarks>
internal sealed class PipelinedScenario() : Scenario("pipelined")
{
    private const int InFlight = 16;
    private const int Messages = 500;
    private const int MaxBytes = 1024;

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        Queue<(int Bytes, long Sent)> flying = new(InFlight);
        TimeSpan longest = TimeSpan.Zero;
        for (int left = Messages; left > 0 || flying.Count > 0;)
        {
            if (left > 0 && flying.Count < InFlight)
            {
                int bytes = random.Next(1, MaxBytes + 1);
                flying.Enqueue((bytes, Stopwatch.GetTimestamp()));
                await link.SendAsync(bytes);
                left = stop.IsCancellationRequested ? 0 : left - 1;
                continue;
            }

            (int expected, long sent) = flying.Dequeue();
            await link.ReceiveAsync(expected);
            TimeSpan took = Stopwatch.GetElapsedTime(sent);
            longest = took > longest ? took : longest;
        }

        return new Moved(link.Received, longest);
    }
}
