namespace HotLoop.Serving;

/// <summary>
/// The part of a server that lives on one loop: accepts, runs handlers, knows its connections. Everything but <see cref="Start"/>,
/// <see cref="StopAsync"/> and <see cref="ConnectionCount"/> happens on the loop, so nothing here is locked.
/// </summary>
internal sealed class Acceptor(
    Listener listener, Loop loop, Func<Conn, Task> handler, SemaphoreSlim? limit, Action<OpError> onPaused)
{
    private const ConfigureAwaitOptions EndQuietlyOnLoop =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    // As Go's net/http Serve.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private Conn? _first;
    private int _count;
    private bool _stopping;

    internal int ConnectionCount => Volatile.Read(ref _count);

    internal void Start() => loop.Post(static self => _ = ((Acceptor)self!).AcceptAll(), this);

    /// <summary>Stops accepting, waits up to <paramref name="drain"/>, closes what is left, waits for the handlers.</summary>
    internal async Task StopAsync(TimeSpan drain)
    {
        await loop.SwitchTo();
        _stopping = true;
        listener.Dispose();
        await _stop.CancelAsync();
        if (_count == 0)
        {
            _drained.TrySetResult();
        }

        if (drain > TimeSpan.Zero)
        {
            await Task.WhenAny(_drained.Task, Task.Delay(drain));
        }

        await loop.SwitchTo();
        for (Conn? conn = _first; conn is not null; conn = conn.ListNext)
        {
            conn.TryClose(); // resumes handlers in a later step, so the list stands still
        }

        await _drained.Task;
        _stop.Dispose();
    }

    private async Task AcceptAll()
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!_stopping)
        {
            AcceptResult result = await listener.TryAcceptAsync();
            if (result.Conn is { } conn)
            {
                pause = TimeSpan.Zero;
                await Serve(conn);
                continue;
            }

            if (result.Error!.Kind == OpErrorKind.Closed)
            {
                return;
            }

            if (pause == TimeSpan.Zero)
            {
                onPaused(result.Error);
            }

            pause = pause == TimeSpan.Zero ? s_firstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks));
            await Task.Delay(pause, _stop.Token).ConfigureAwait(EndQuietlyOnLoop);
        }
    }

    private ValueTask Serve(Conn conn)
    {
        if (limit is null || limit.Wait(0))
        {
            Begin(conn);
            return default;
        }

        return ServeWhenAllowed(conn, limit);
    }

    private async ValueTask ServeWhenAllowed(Conn conn, SemaphoreSlim places)
    {
        await places.WaitAsync(_stop.Token).ConfigureAwait(EndQuietlyOnLoop);
        if (_stopping)
        {
            conn.Dispose();
            return;
        }

        Begin(conn);
    }

    private void Begin(Conn conn)
    {
        conn.Owner = this;
        conn.ListNext = _first;
        if (_first is not null)
        {
            _first.ListPrevious = conn;
        }

        _first = conn;
        Volatile.Write(ref _count, _count + 1);
        _ = HandlerRunner.Run(conn, handler);
    }

    /// <summary>The handler has ended and the connection is closed. From any thread.</summary>
    internal void OnEnded(Conn conn)
    {
        if (loop.IsCurrent)
        {
            Remove(conn);
        }
        else
        {
            loop.Post(static conn => ((Conn)conn!).Owner!.Remove((Conn)conn), conn);
        }
    }

    private void Remove(Conn conn)
    {
        if (conn.ListPrevious is null)
        {
            _first = conn.ListNext;
        }
        else
        {
            conn.ListPrevious.ListNext = conn.ListNext;
        }

        if (conn.ListNext is not null)
        {
            conn.ListNext.ListPrevious = conn.ListPrevious;
        }

        conn.ListNext = null;
        conn.ListPrevious = null;
        Volatile.Write(ref _count, _count - 1);
        limit?.Release();
        if (_stopping && _count == 0)
        {
            _drained.TrySetResult();
        }
    }
}
