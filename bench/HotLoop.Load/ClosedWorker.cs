namespace HotLoop.Load;

/// <summary>Keeps so many requests in flight: for every answer, the next request.</summary>
internal sealed class ClosedWorker(LoadLoop loop) : Worker(loop)
{
    private readonly int _depth = loop.Options.Depth ?? 1;

    private protected override async Task<string?> UseAsync(Conn conn)
    {
        Exchange exchange = Exchange.Create(Loop.Options, _depth, Tally);
        StartTimes started = new(_depth);
        Task<IoResult>? writing = null; // reads go on meanwhile: the server may not read before its answers are read
        int due = _depth;
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

            if (due > 0 && writing is null && !Loop.IsEnding)
            {
                WaitsSince = now;
                for (int i = 0; i < due; i++)
                {
                    started.Add(now);
                }

                ValueTask<IoResult> write = conn.TryWriteAsync(exchange.NextRequests(due));
                due = 0;
                if (!write.IsCompleted)
                {
                    writing = write.AsTask();
                }
                else if ((await write).Error is { } error)
                {
                    return ErrorKind.Of(error);
                }
            }

            if (started.Count == 0)
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
                Tally.Complete(started.Take(), now);
            }

            if (exchange.IsLast)
            {
                return null; // what was asked for behind that is asked for again on the next connection
            }

            due += done;
            WaitsSince = started.Count == 0 ? Never : done > 0 ? now : WaitsSince;
        }
    }
}
