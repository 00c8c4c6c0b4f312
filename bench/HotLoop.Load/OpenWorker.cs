namespace HotLoop.Load;

/// <summary>Sends each request when it is due, whatever comes back. Requests are numbered; they go out, and come back, in order.</summary>
internal sealed class OpenWorker(LoadLoop loop, Pacer pacer, int index) : Worker(loop)
{
    // What can wait for one write: after a stall, many are due at once.
    private const int BatchBytes = 64 * 1024;

    private readonly int _limit = loop.Options.Depth ?? (loop.Options.Target.Protocol == LoadProtocol.Http ? 1 : int.MaxValue);
    private readonly int _batch = Math.Clamp(BatchBytes / loop.Options.RequestBytes, 1, 64);
    private Exchange? _exchange;
    private string? _writeFailure;
    private bool _writing;
    private long _due; // requests whose time has come
    private long _sent; // of those, that have gone out
    private long _back; // of those, that have an answer, or will never have one

    /// <summary>The time of the next request has come.</summary>
    internal void MakeDue()
    {
        _due++;
        Send();
    }

    /// <summary>As <see cref="MakeDue"/>, for several: <see cref="Send"/> follows.</summary>
    internal void AddDue() => _due++;

    /// <summary>Sends what is due, as far as it may be in flight.</summary>
    internal void Send()
    {
        while (_exchange is not null && !_writing && _writeFailure is null && !_exchange.IsLast)
        {
            long room = Math.Min(_limit - (_sent - _back), _batch);
            int count = (int)Math.Min(_due - _sent, room);
            if (count <= 0)
            {
                return;
            }

            if (_back == _sent)
            {
                WaitsSince = Clock.Now;
            }

            _sent += count;
            ValueTask<IoResult> write = Conn!.TryWriteAsync(_exchange.NextRequests(count));
            if (!write.IsCompleted)
            {
                _writing = true;
                _ = FinishAsync(write, _exchange);
                return;
            }

            Judge(write.Result);
        }
    }

    private protected override async Task<string?> UseAsync(Conn conn)
    {
        _exchange = Exchange.Create(Loop.Options, Math.Min(_batch, _limit), Tally);
        _writeFailure = null;
        _writing = false;
        Send();
        string? failure = await ReceiveAsync(conn, _exchange);
        _exchange = null;
        failure = _writeFailure ?? failure;
        if (failure is null)
        {
            _sent = _back; // what the server will not answer on this connection goes out again on the next
        }
        else
        {
            GiveUp(_sent, failure, alreadyCounted: 1);
        }

        return failure;
    }

    private protected override bool IsDone => _back == _due;

    private protected override void Conclude()
    {
        _sent = _due;
        GiveUp(_due, "unanswered", alreadyCounted: 0);
    }

    private async Task<string?> ReceiveAsync(Conn conn, Exchange exchange)
    {
        while (!Loop.IsEnding || !IsDone)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            long now = Clock.Now;
            if (lease.Length == 0 && !(lease.Error is null && exchange.TakeEnd()))
            {
                return Loop.IsEnding && IsDone ? null : lease.Error is null ? ErrorKind.Closed : ErrorKind.Of(lease.Error);
            }

            Tally.Receive(lease.Length, now);
            int done = lease.Length == 0 ? 1 : exchange.Take(lease.Memory.Span);
            if (done < 0)
            {
                return exchange.Problem;
            }

            for (int i = 0; i < done; i++)
            {
                Tally.Complete(DueTime(_back++), now);
            }

            if (exchange.IsLast)
            {
                return null;
            }

            WaitsSince = _back == _sent ? Never : done > 0 ? now : WaitsSince;
            Send();
        }

        return null;
    }

    private async Task FinishAsync(ValueTask<IoResult> write, Exchange exchange)
    {
        IoResult result = await write;
        if (!ReferenceEquals(exchange, _exchange))
        {
            return; // of a connection that is gone
        }

        _writing = false;
        Judge(result);
        Send();
    }

    private void Judge(IoResult result)
    {
        if (result.Error is not null)
        {
            _writeFailure = ErrorKind.Of(result.Error);
            Conn!.SetReadDeadline(Deadline.Past); // the reader ends the connection
        }
    }

    // A request without an answer has taken at least as long as it was waited for: without it the worst would be left out.
    private void GiveUp(long end, string kind, int alreadyCounted)
    {
        long now = Clock.Now, lost = end - _back;
        while (_back < end)
        {
            Tally.Miss(DueTime(_back++), now);
        }

        if (lost > alreadyCounted)
        {
            Tally.Fail(kind, lost - alreadyCounted);
        }
    }

    private long DueTime(long number) => pacer.DueTime((number * Loop.Workers.Count) + index);
}
