namespace HotLoop.Load;

/// <summary>One connection of the load, and the next when that has failed. Lives on its loop.</summary>
internal abstract class Worker(LoadLoop loop)
{
    /// <summary>What <see cref="WaitsSince"/> says when no answer is due.</summary>
    private protected const long Never = long.MaxValue;

    // After a failure the server may need a moment; without one a refusing server would be asked as fast as the machine can.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The connection, while there is one.</summary>
    internal Conn? Conn { get; private set; }

    private protected LoadLoop Loop => loop;

    private protected Tally Tally => loop.Tally;

    /// <summary>Since when the oldest answer is waited for, by <see cref="Clock"/>.</summary>
    private protected long WaitsSince { get; set; } = Never;

    /// <summary>When the connection was begun, by <see cref="Clock"/>.</summary>
    private protected long OpenedAt { get; private set; }

    /// <summary>Whether nothing is left to be sent, or waited for.</summary>
    private protected virtual bool IsDone => WaitsSince == Never;

    /// <summary>Connects; a failure is counted.</summary>
    internal async Task OpenAsync()
    {
        OpenedAt = Clock.Now;
        Dialer dialer = new() { Loops = loop.Loop.Group, Timeout = loop.Options.Timeout, LocalAddress = loop.NextSource() };
        try
        {
            Conn = await dialer.DialAsync("tcp", loop.Options.Target.Address);
            if (loop.Options.Mode == LoadMode.Exchange)
            {
                CongestionControl.Simplify(Conn);
            }
        }
        catch (OpError e)
        {
            Tally.Fail(ErrorKind.Of(e));
        }
    }

    /// <summary>Works until the load ends.</summary>
    internal async Task RunAsync()
    {
        while (!loop.IsEnding)
        {
            if (Conn is null)
            {
                await OpenAsync();
            }

            string? failure = Conn is null ? "" : await UseAsync(Conn);
            if (failure?.Length > 0)
            {
                Tally.Fail(failure);
            }

            WaitsSince = Never;
            Conn?.Dispose();
            Conn = null;
            if (failure is not null && !loop.IsEnding)
            {
                await Task.Delay(s_pause);
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
        IoResult written = await conn.TryWriteAsync(exchange.NextRequests(1));
        if (written.Error is not null)
        {
            return ErrorKind.Of(written.Error);
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

    /// <summary>The load is over.</summary>
    private protected virtual void Conclude()
    {
    }

    /// <summary>Uses the connection as long as it lives, or the load lasts.</summary>
    /// <returns>A kind of error; null: none.</returns>
    private protected abstract Task<string?> UseAsync(Conn conn);
}
