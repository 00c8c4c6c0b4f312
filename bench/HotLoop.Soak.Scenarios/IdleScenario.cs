using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// A connection on which nothing comes: its read deadline must expire, not early and not much too late, and once it is cleared
/// the connection must echo as before.
/// </summary>
/// <remarks>Its latency is by how much the deadline was late.</remarks>
internal sealed class IdleScenario() : Scenario("idle")
{
    private const int MinMilliseconds = 20;
    private const int MaxMilliseconds = 500;
    private const int MaxBytes = 1024;

    // A loaded machine makes it late; a deadline that was missed would come far later, or never.
    private static readonly TimeSpan s_maxLate = TimeSpan.FromSeconds(1);

    private protected override async Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        using EchoLink link = await EchoLink.DialAsync(target, random);
        await link.ExchangeAsync(random.Next(1, MaxBytes + 1));
        int milliseconds = random.Next(MinMilliseconds, MaxMilliseconds + 1);
        TimeSpan late = await ExpireAsync(link.Conn, TimeSpan.FromMilliseconds(milliseconds));

        // Cleared, not moved: what must hold from here on is that there is none. So the limit stands outside.
        link.Conn.SetReadDeadline(Deadline.None);
        Task exchange = link.ExchangeAsync(random.Next(1, MaxBytes + 1));
        try
        {
            await exchange.WaitAsync(SoakTarget.Patience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            link.Conn.Dispose();
            await exchange.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new ScenarioException(FailureKind.TimedOut, "timed out: no echo after the deadline was cleared");
        }

        return new Moved(link.Received, late);
    }

    private static async Task<TimeSpan> ExpireAsync(Conn conn, TimeSpan after)
    {
        long start = Stopwatch.GetTimestamp(); // before the deadline's own clock is read, so that early is really early
        conn.SetReadDeadline(Deadline.After(after));
        Task<IoResult> read = conn.TryReadAsync(new byte[1]).AsTask();
        if (await Task.WhenAny(read, Task.Delay(after + SoakTarget.Patience)) != read)
        {
            throw new ScenarioException(
                FailureKind.Deadline, $"a read deadline of {after.TotalMilliseconds} ms did not end the read");
        }

        IoResult result = await read;
        TimeSpan late = Stopwatch.GetElapsedTime(start) - after;
        if (result.Error is not { Kind: OpErrorKind.DeadlineExceeded })
        {
            throw new ScenarioException(
                FailureKind.Deadline,
                $"a read that had to run into its deadline gave {result.Count}, {result.Error?.Message ?? "no error"}");
        }

        if (late < TimeSpan.Zero || late > s_maxLate)
        {
            throw new ScenarioException(
                FailureKind.Deadline,
                $"a read deadline of {after.TotalMilliseconds} ms was late by {late.TotalMilliseconds:0.###} ms");
        }

        return late;
    }
}
