namespace HotLoop.Load;

/// <summary>Has one request answered, to show that the connection is served, and then holds it.</summary>
internal sealed class IdleWorker(LoadLoop loop) : Worker(loop)
{
    private protected override async Task<string?> UseAsync(Conn conn)
    {
        string? failure = await ExchangeOnceAsync(conn);
        if (failure is not null)
        {
            return failure;
        }

        WaitsSince = Never;
        Tally.Held++;
        using ReadLease lease = await conn.TryReadLeaseAsync();
        if (lease.Error is { Timeout: true } && Loop.IsEnding)
        {
            return null;
        }

        Tally.Held--;
        return lease.Error is not null ? ErrorKind.Of(lease.Error) : lease.Length == 0 ? ErrorKind.Closed : "bytes nobody asked for";
    }
}
