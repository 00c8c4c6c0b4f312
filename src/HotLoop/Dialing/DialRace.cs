using HotLoop.Naming;
using HotLoop.Parking;

namespace HotLoop.Dialing;

/// <summary>
/// One dial: the addresses in turn, or, when there are some of both families, a race of the two (RFC 6555, Go's "happy eyeballs").
/// </summary>
internal sealed class DialRace(Dialer dialer, Network network)
{
    private static readonly TimeSpan s_fallbackDelay = TimeSpan.FromMilliseconds(300);

    // What Task.Delay takes.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    // The least time for one of several addresses, as Go: with less a slow but working one would never be reached.
    private const long FairShareNanoseconds = 2_000_000_000;

    internal Task<(Conn? Conn, OpError? Error)> RunAsync(
        IReadOnlyList<Endpoint> remotes, Deadline deadline, CancellationToken cancellationToken)
    {
        bool firstIsIPv4 = remotes[0].Raw.IsIPv4;
        Endpoint[] primaries = [.. remotes.Where(r => r.Raw.IsIPv4 == firstIsIPv4)];
        Endpoint[] fallbacks = [.. remotes.Where(r => r.Raw.IsIPv4 != firstIsIPv4)];
        return fallbacks.Length == 0 || network.Name != "tcp" || dialer.FallbackDelay < TimeSpan.Zero
            ? InTurnAsync(remotes, deadline, cancellationToken)
            : RaceAsync(primaries, fallbacks, deadline, cancellationToken);
    }

    private async Task<(Conn? Conn, OpError? Error)> InTurnAsync(
        IReadOnlyList<Endpoint> remotes, Deadline deadline, CancellationToken cancellationToken)
    {
        OpError? first = null;
        for (int i = 0; i < remotes.Count; i++)
        {
            Endpoint? local = LocalFor(remotes[i], out OpError? error);
            if (error is null)
            {
                DialAttempt attempt = new(dialer, network, remotes[i], local);
                (Conn? conn, error) = await attempt.RunAsync(ShareOf(Scheduler.CurrentClock.Now, deadline, remotes.Count - i), cancellationToken);
                if (conn is not null)
                {
                    return (conn, null);
                }
            }

            first ??= error;
            if (error!.Kind == OpErrorKind.Canceled)
            {
                return (null, error);
            }
        }

        return (null, first);
    }

    // The fallbacks start when the others have failed or the delay is over. The first connection wins; the other side is canceled, and
    // waited for, which takes no time then: nothing is left behind.
    private async Task<(Conn? Conn, OpError? Error)> RaceAsync(
        Endpoint[] primaries, Endpoint[] fallbacks, Deadline deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<(Conn? Conn, OpError? Error)> primary = InTurnAsync(primaries, deadline, stop.Token);
        if (!await SucceedsInTime(primary))
        {
            return await FallBackAsync(primary, InTurnAsync(fallbacks, deadline, stop.Token), stop);
        }

        return await primary;
    }

    // True: it has connected before the fallbacks' time has come.
    private async Task<bool> SucceedsInTime(Task<(Conn? Conn, OpError? Error)> primary)
    {
        TimeSpan delay = dialer.FallbackDelay == TimeSpan.Zero ? s_fallbackDelay : dialer.FallbackDelay;
        using CancellationTokenSource timer = new();
        await Task.WhenAny(primary, Task.Delay(delay < s_longestDelay ? delay : s_longestDelay, timer.Token));
        await timer.CancelAsync();
        return primary.IsCompletedSuccessfully && (await primary).Conn is not null;
    }

    private static async Task<(Conn? Conn, OpError? Error)> FallBackAsync(
        Task<(Conn? Conn, OpError? Error)> primary, Task<(Conn? Conn, OpError? Error)> fallback, CancellationTokenSource stop)
    {

        Task<(Conn? Conn, OpError? Error)> winner = await Task.WhenAny(primary, fallback);
        Task<(Conn? Conn, OpError? Error)> other = winner == primary ? fallback : primary;
        if ((await winner).Conn is null)
        {
            (winner, other) = (other, winner);
        }
        else
        {
            await stop.CancelAsync();
        }

        Conn? won = (await winner).Conn;
        Conn? late = (await other).Conn;
        if (won is null)
        {
            return await primary;
        }

        late?.Dispose();
        return (won, null);
    }

    /// <summary>Until when an address may take: of several, each gets its part of the time that is left.</summary>
    internal static Deadline ShareOf(long now, Deadline deadline, int addressesLeft)
    {
        long left = deadline.Nanoseconds - now;
        if (deadline.IsNone || left <= 0)
        {
            return deadline;
        }

        long share = Math.Max(left / addressesLeft, Math.Min(left, FairShareNanoseconds));
        return Deadline.FromNanoseconds(now + share);
    }

    private Endpoint? LocalFor(in Endpoint remote, out OpError? error)
    {
        error = null;
        if (dialer.LocalAddress is not { } address)
        {
            return null;
        }

        string? complaint = null;
        Endpoint local = default;
        if (Network.Find(address.Network)?.Plain != network.Plain)
        {
            complaint = "mismatched local address type";
        }
        else
        {
            local = Endpoint.Of(address);
            if (local.HasHost && remote.HasHost && local.Raw.Length != remote.Raw.Length)
            {
                complaint = "no suitable address found";
            }
        }

        if (complaint is not null)
        {
            error = OpError.FromText("dial", network.Name, null, null, OpErrorKind.Address, $"address {address}: {complaint}");
        }

        return local;
    }
}
