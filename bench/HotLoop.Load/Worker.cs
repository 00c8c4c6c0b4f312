namespace HotLoop.Load;

/// <summary>One connection of the load, and the next when that has failed. Lives on its loop.</summary>
internal abstract class Worker(LoadLoop loop)
{
    /// <summary>What <see cref="WaitsSince"/> says when no answer is due.</summary>
    private protected const long Never = long.MaxValue;

    private const int PauseSpreadMilliseconds = 50;

    // After a failure the server may need a moment; without one a refusing server would be asked as fast as the machine can.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The connection, while there is one.</summary>
    internal Conn? Conn { get; private set; }

    private protected LoadLoop Loop => loop;

    private protected Tally Tally => loop.Tally;

    /// <summary>Since when no answer has come though one is waited for, by <see cref="Clock"/>.</summary>
    private protected long WaitsSince { get; set; } = Never;

    /// <summary>When the connection was begun, by <see cref="Clock"/>.</summary>
    private protected long OpenedAt { get; private set; }

    /// <summary>Whether nothing is left to be sent, or waited for.</summary>
    private protected virtual bool IsDone => WaitsSince == Never;

    /// <summary>Connects; a failure is counted.</summary>
    internal async Task OpenAsync(CancellationToken stop)
    {
        OpenedAt = Clock.Now;
        Dialer dialer = new()
        {
            Loops = loop.Loop.Group,
            Timeout = loop.Options.Timeout,
            LocalAddress = loop.NextSource(),
            Resolver = loop.Resolver,
        };
        try
        {
            Conn = await dialer.DialAsync("tcp", loop.Options.Target.Address, stop);
            if (loop.Options.Mode == LoadMode.Exchange)
            {
                CongestionControl.Simplify(Conn);
            }
        }
        catch (OpError e) when (e.Kind == OpErrorKind.Canceled && stop.IsCancellationRequested)
        {
            // Whoever stopped it knows.
        }
        catch (OpError e)
        {
            Tally.Fail(ErrorKind.Of(e));
            OnOpenFailed();
        }
    }

    /// <summary>Closes the connection.</summary>
    internal void Close()
    {
        WaitsSince = Never;
        Conn?.Dispose();
        Conn = null;
    }

    /// <summary>Works until the load ends.</summary>
    internal async Task RunAsync()
    {
        while (!loop.IsEnding)
        {
            if (Conn is null)
            {
                await OpenAsync(CancellationToken.None);
            }

            bool isOpen = Conn is not null;
            string? failure = isOpen ? await UseAsync(Conn!) : null;
            if (failure is not null)
            {
                Tally.Fail(failure);
            }

            Close();
            if ((!isOpen || failure is not null) && !loop.IsEnding)
            {
                // Not all in the same moment: a listener's queue would overflow.
                await Task.Delay(s_pause + TimeSpan.FromMilliseconds(Random.Shared.Next(PauseSpreadMilliseconds)));
            }
        }

        Conclude();
    }

    /// <summary>Ends a wait that took too long, or that the end of the load has made pointless.</summary>
    internal void Check(long now, long timeout)
    {
        bool isLate = (WaitsSince != Never && now - WaitsSince > timeout) || now - timeout > Tally.End;
        if (isLate || (loop.IsEnding && IsDone))
        {
            Conn?.SetDeadline(Deadline.Past);
        }
    }

    /// <summary>Has one request answered.</summary>
    /// <returns>A kind of error; null: none.</returns>
    private protected async Task<string?> ExchangeOnceAsync(Conn conn)
    {
        Exchange exchange = Exchange.Create(loop.Options, 1, Tally);
        WaitsSince = Clock.Now;

        // A long request may not be read to its end before its answer is read: a write that waits is left to itself, and if it fails so do reads.
        ValueTask<IoResult> write = conn.TryWriteAsync(exchange.NextRequests(1));
        if (!write.IsCompleted)
        {
            _ = write.AsTask();
        }
        else if ((await write).Error is { } error)
        {
            return ErrorKind.Of(error);
        }

        while (true)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            if (lease.Length == 0)
            {
                return lease.Error is not null ? ErrorKind.Of(lease.Error) : exchange.TakeEnd() ? null : ErrorKind.Closed;
            }

            Tally.Receive(lease.Length, Clock.Now);
            int done = exchange.Take(lease.Memory.Span);
            if (done != 0)
            {
                return done < 0 ? exchange.Problem : null;
            }
        }
    }

    /// <summary>A connection did not come about.</summary>
    private protected virtual void OnOpenFailed()
    {
    }

    /// <summary>The load is over.</summary>
    private protected virtual void Conclude()
    {
    }

    /// <summary>Uses the connection as long as it lives, or the load lasts.</summary>
    /// <returns>A kind of error; null: none.</returns>
    private protected abstract Task<string?> UseAsync(Conn conn);
}
