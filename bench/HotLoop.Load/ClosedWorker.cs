namespace HotLoop.Load;

/// <summary>Keeps so many requests in flight: for every answer, the next request.</summary>
internal sealed class ClosedWorker(LoadLoop loop) : Worker(loop)
{
    private readonly int _depth = loop.Options.Depth ?? 1;
    private readonly StartTimes _started = new(loop.Options.Depth ?? 1);

    private protected override async Task<string?> UseAsync(Conn conn)
    {
        string? failure = await ExchangeAsync(conn, Exchange.Create(Loop.Options, _depth, Tally));
        if (failure is not null)
        {
            GiveUp(failure);
        }

        return failure;
    }

    private async Task<string?> ExchangeAsync(Conn conn, Exchange exchange)
    {
        Task<IoResult>? writing = null; // reads go on meanwhile: the server may not read before its answers are read
        int again = _started.Count; // asked for behind the last answer of the connection before
        int due = Loop.IsEnding ? again : _depth;
        long now = Clock.Now;
        while (true)
        {
            if (writing is { IsCompleted: true })
            {
                OpError? error = (await writing).Error;
                if (error is not null)
                {
                    return ErrorKind.Of(error);
                }

                writing = null;
            }

            if (due > 0 && writing is null && (!Loop.IsEnding || again > 0))
            {
                WaitsSince = now;
                for (; again < due; again++)
                {
                    _started.Add(now);
                }

                ValueTask<IoResult> write = conn.TryWriteAsync(exchange.NextRequests(due));
                (due, again) = (0, 0);
                if (!write.IsCompleted)
                {
                    writing = write.AsTask();
                }
                else if ((await write).Error is { } error)
                {
                    return ErrorKind.Of(error);
                }
            }

            if (_started.Count == 0)
            {
                return null; // the load ends
            }

            int done;
            using (ReadLease lease = await conn.TryReadLeaseAsync())
            {
                now = Clock.Now;
                if (lease.Length > 0)
                {
                    Tally.Receive(lease.Length, now);
                    done = exchange.Take(lease.Memory.Span);
                }
                else if (lease.Error is null && exchange.TakeEnd())
                {
                    done = 1;
                }
                else
                {
                    return lease.Error is null ? ErrorKind.Closed : ErrorKind.Of(lease.Error);
                }
            }

            if (done < 0)
            {
                return exchange.Problem;
            }

            for (int i = 0; i < done; i++)
            {
                Tally.Complete(_started.Take(), now);
            }

            if (exchange.IsLast)
            {
                return null;
            }

            due += done;
            WaitsSince = _started.Count == 0 ? Never : done > 0 ? now : WaitsSince;
        }
    }

    // As for those of an open loop: the time they were waited for counts.
    private void GiveUp(string kind)
    {
        long now = Clock.Now;
        int lost = _started.Count;
        while (_started.Count > 0)
        {
            Tally.Miss(_started.Take(), now);
        }

        if (lost > 1)
        {
            Tally.Fail(kind, lost - 1); // one is counted with the connection
        }
    }
}
