using HotLoop.Loops;
using HotLoop.Native;
using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>
/// The part of a server that lives on one loop: accepts, runs handlers, knows its connections. The list of connections and what belongs
/// to it is under the gate: almost always used on the loop, but handlers may end elsewhere, and a loop may end first.
/// </summary>
internal sealed class Acceptor
{
    private const ConfigureAwaitOptions EndQuietlyOnLoop =
        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    // As Go's net/http Serve.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Listener _listener;
    private readonly Loop _loop;
    private readonly Func<Conn, Task> _handler;
    private readonly SemaphoreSlim? _limit;
    private readonly PauseReport _onPaused;
    private readonly DescriptorBudget _descriptors;
    private readonly LoopDelay _pause;
    private readonly CancellationToken _stopping;
    private readonly Action<Task, object?> _end;
    private readonly CancellationTokenSource _stop = new();
    private Conn? _first;
    private int _count;

    // Written on the loop, or after its end (Draining: under the gate); read there, and on whatever thread a handler ends.
    private volatile ServingStage _stage;

    /// <param name="listener">The loop's.</param>
    /// <param name="loop">Where it accepts.</param>
    /// <param name="handler">Of each connection.</param>
    /// <param name="limit">The server's places; null: no limit.</param>
    /// <param name="onPaused">Told when accepting pauses.</param>
    /// <param name="stopping">Tells the handlers, before <see cref="StopAsync"/> is called.</param>
    internal Acceptor(
        Listener listener, Loop loop, Func<Conn, Task> handler, SemaphoreSlim? limit, PauseReport onPaused, CancellationToken stopping)
    {
        _stopping = stopping;
        _listener = listener;
        _loop = loop;
        _handler = handler;
        _limit = limit;
        _onPaused = onPaused;
        _descriptors = new DescriptorBudget(loop.Group.Loops.Count);
        _pause = new LoopDelay(loop.Core);
        _end = End; // made once, not for each connection
    }

    internal int ConnectionCount => Volatile.Read(ref _count);

    internal void Start() => _loop.Post(static self => _ = ((Acceptor)self!).AcceptAll(), this);

    /// <summary>
    /// Takes what the kernel has queued, stops accepting, waits for the handlers until <paramref name="force"/>, closes what is left.
    /// </summary>
    /// <param name="idleGrace">See <see cref="ServerOptions.IdleGrace"/>.</param>
    /// <param name="force">Ends the wait.</param>
    internal async Task StopAsync(TimeSpan idleGrace, CancellationToken force)
    {
        await _loop.SwitchTo();
        if (_loop.IsCurrent)
        {
            TakeQueued(force);
            _pause.Cancel(); // else the loop has ended, and its timers with it
        }

        _listener.Dispose();
        lock (_gate)
        {
            _stage = ServingStage.Draining;
            if (_count == 0)
            {
                _drained.TrySetResult();
            }
        }

        await _stop.CancelAsync();
        await DrainAsync(idleGrace, force);
        _stage = ServingStage.Closing;
        foreach (Conn conn in Connections())
        {
            conn.TryClose();
        }

        await _drained.Task;
        _stop.Dispose();
    }

    private void TakeQueued(CancellationToken force)
    {
        for (int left = Kernel.Current.BacklogMax; left > 0 && !force.IsCancellationRequested && !_descriptors.IsNearlySpent(_loop.Core.Now); left--)
        {
            if (_listener.TakeQueued() is not { } conn)
            {
                return;
            }

            if (_limit is null || _limit.Wait(0, CancellationToken.None))
            {
                Begin(conn);
            }
            else
            {
                conn.Dispose(); // who waits for a place is not taken on any more
            }
        }
    }

    // Waits until the handlers have ended. A connection is idle when the same read has waited for the peer all of the grace: that read, and later
    // ones, see the end of the stream, so that its handler ends as if the peer had gone.
    private async Task DrainAsync(TimeSpan idleGrace, CancellationToken force)
    {
        Dictionary<Conn, int> waiting = [];
        while (!_drained.Task.IsCompleted && !force.IsCancellationRequested)
        {
            Dictionary<Conn, int> stillWaiting = [];
            foreach (Conn conn in Connections())
            {
                if (conn.Handle.IdleRead() is not { } read)
                {
                    continue;
                }

                if (waiting.TryGetValue(conn, out int before) && before == read)
                {
                    _ = conn.Handle.Shutdown(Direction.Read);
                }
                else
                {
                    stillWaiting.Add(conn, read);
                }
            }

            waiting = stillWaiting;
            await _drained.Task.WaitAsync(idleGrace, force).ConfigureAwait(EndQuietlyOnLoop);
        }
    }

    private List<Conn> Connections()
    {
        List<Conn> connections = [];
        lock (_gate)
        {
            for (Conn? conn = _first; conn is not null; conn = conn.ListNext)
            {
                connections.Add(conn);
            }
        }

        return connections;
    }

    private async Task AcceptAll()
    {
        TimeSpan pause = TimeSpan.Zero;
        while (_stage == ServingStage.Serving)
        {
            AcceptResult result = await _listener.TryAcceptAsync();
            OpError? error = result.Error;
            if (result.Conn is { } conn)
            {
                int fd = conn.Handle.Descriptor; // before the handler may have closed it
                await Serve(conn);
                if (!_descriptors.IsNearlySpent(fd, _loop.Core.Now))
                {
                    pause = TimeSpan.Zero;
                    continue;
                }

                error = _listener.CreateError(-Errno.EMFILE);
            }

            if (error!.Kind == OpErrorKind.Closed)
            {
                return;
            }

            _onPaused.Report(error, _loop.Core.Now);
            do
            {
                pause = pause == TimeSpan.Zero ? s_firstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks));
                await _pause.WaitAsync(pause);
            }
            while (_stage == ServingStage.Serving && _descriptors.IsNearlySpent(_loop.Core.Now));
        }
    }

    private ValueTask Serve(Conn conn)
    {
        if (_limit is null || _limit.Wait(0))
        {
            Begin(conn);
            return default;
        }

        return ServeWhenAllowed(conn, _limit);
    }

    private async ValueTask ServeWhenAllowed(Conn conn, SemaphoreSlim places)
    {
        Task place = places.WaitAsync(_stop.Token);
        await place.ConfigureAwait(EndQuietlyOnLoop);
        if (_stage != ServingStage.Serving && place.IsCompletedSuccessfully)
        {
            places.Release(); // too late: the connection is not taken on, and another loop may have one for the place
        }

        Begin(conn);
    }

    private void Begin(Conn conn)
    {
        if (!TryAdd(conn))
        {
            conn.Dispose();
            return;
        }

        _ = HandlerRunner.RunHere(conn, _handler, _end);
    }

    // On whatever thread the handler ended.
    private void End(Task task, object? connection)
    {
        Conn conn = (Conn)connection!;
        ServingStage stage = _stage;
        try
        {
            HandlerRunner.End(task, conn, stage == ServingStage.Serving && _stopping.IsCancellationRequested ? ServingStage.Draining : stage);
        }
        finally
        {
            Remove(conn);
        }
    }

    private bool TryAdd(Conn conn)
    {
        lock (_gate)
        {
            if (_stage != ServingStage.Serving)
            {
                return false;
            }

            conn.ListNext = _first;
            if (_first is not null)
            {
                _first.ListPrevious = conn;
            }

            _first = conn;
            _count++;
            return true;
        }
    }

    private void Remove(Conn conn)
    {
        lock (_gate)
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
            _count--;
            if (_stage != ServingStage.Serving && _count == 0)
            {
                _drained.TrySetResult();
            }
        }

        _limit?.Release();
    }
}
