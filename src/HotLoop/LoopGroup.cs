using HotLoop.Loops;
using HotLoop.Native;
using HotLoop.Polling;
using HotLoop.Serving;
using HotLoop.Timers;

namespace HotLoop;

/// <summary>
/// A set of loops that share the connections: each connection lives on one of them. Safe for use from any thread.
/// </summary>
/// <remarks>
/// Most programs use <see cref="Default"/> without naming it, as Go programs use the one scheduler of their process. Disposing a
/// group closes the listeners and connections of its loops (waits end with "use of closed network connection") and ends the
/// threads; code that a loop would have resumed later continues on the thread pool.
/// </remarks>
public sealed class LoopGroup : IDisposable, IAsyncDisposable
{
    private static readonly LoopOptions s_defaults = new();
    private static readonly Lazy<LoopGroup> s_default = new(() => new LoopGroup());

    private readonly Loop[] _loops;
    private readonly LoopThread[] _threads;
    private readonly BackendKind _asked;
    private readonly Action<Conn, Exception> _onHandlerFault;
    private uint _next;
    private long _lost;

    /// <summary>Starts the loops.</summary>
    /// <param name="options">Null: the defaults of <see cref="LoopOptions"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="IOException">The kernel refused a poller, for example for want of descriptors.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// The backend that <see cref="LoopOptions.Backend"/> asks for does not work here; the message says why. Or none does.
    /// </exception>
    public LoopGroup(LoopOptions? options = null)
        : this(options ?? s_defaults, BackendProbe.Choose((options ?? s_defaults).Backend))
    {
    }

    private LoopGroup(LoopOptions options, BackendKind backend)
        : this(options, () => BackendProbe.CreatePoller(backend))
    {
    }

    /// <summary>Over pollers of another kind, such as a simulated one.</summary>
    internal LoopGroup(LoopOptions options, Func<Poller> createPoller)
    {
        options.Validate();
        _asked = options.Backend;
        _onHandlerFault = options.OnHandlerFault ?? ReportFault;
        int[] cpus = options.PinThreads ? Kernel.Current.AllowedCpus() : [];
        Poller[] pollers = CreatePollers(options.LoopCount == 0 ? Environment.ProcessorCount : options.LoopCount, createPoller);
        LoopCore[] cores = [.. pollers.Select(p => new LoopCore(p, MonotonicClock.Instance, options.BlockSizeBytes, options.BusyPoll))];
        _loops = [.. cores.Select(core => new Loop(this, core))];
        _threads = [.. cores.Select((core, i) => new LoopThread($"HotLoop {i}", core, cpus.Length == 0 ? null : cpus[i % cpus.Length]))];
        foreach (LoopThread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Over a loop that somebody else turns, and ends: it has no thread here.</summary>
    internal LoopGroup(LoopOptions options, LoopCore core)
    {
        _asked = options.Backend;
        _onHandlerFault = options.OnHandlerFault ?? ReportFault;
        _loops = [new Loop(this, core)];
        _threads = [];
    }

    /// <summary>The group that is used when none is named: made at first use, one loop per processor, never disposed.</summary>
    public static LoopGroup Default => s_default.Value;

    /// <summary>The loops, always the same ones in the same order.</summary>
    public IReadOnlyList<Loop> Loops => _loops;

    /// <summary>The backend in use; never <see cref="BackendKind.Auto"/>.</summary>
    public BackendKind Backend => _loops[0].Core.Backend;

    /// <summary>
    /// Which backend and why, in a line for a log: <c>epoll, the default; io_uring works here, too</c>. Where it was left to
    /// <see cref="BackendKind.Auto"/>, the first look at it finds out whether io_uring works here, by setting one up.
    /// </summary>
    public string BackendReason => BackendProbe.Reason(_asked);

    /// <summary>
    /// Connections whose handler (<see cref="Conn.Go"/>, <see cref="Server"/>) ended with an exception because the peer reset them or vanished, or
    /// because their deadline passed. That is no fault of the handler: it is counted here and reported nowhere.
    /// </summary>
    public long LostConnections => Interlocked.Read(ref _lost);

    /// <summary>Ends the loops and waits for their threads. May be called again. Not from a loop of this group.</summary>
    /// <exception cref="InvalidOperationException">Called on a loop of this group, or for <see cref="Default"/>.</exception>
    public void Dispose()
    {
        ThrowIfDefault();
        if (Loop.Current is { } current && current.Group == this)
        {
            throw new InvalidOperationException("A loop cannot wait for its own end: dispose its group from another thread.");
        }

        Stop();
        foreach (LoopThread thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>As <see cref="Dispose"/>, without blocking: ends when the threads have ended. May be called from a loop of this group, too.</summary>
    /// <exception cref="InvalidOperationException">Called for <see cref="Default"/>.</exception>
    public ValueTask DisposeAsync()
    {
        ThrowIfDefault();
        Stop();
        return new ValueTask(Task.WhenAll(_threads.Select(t => t.Ended)));
    }

    /// <summary>The loop for a new connection: the running one when it is of this group, else each in turn.</summary>
    internal Loop Choose() =>
        Loop.Current is { } current && current.Group == this ? current : Next();

    internal Loop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];

    internal void CountLoss() => Interlocked.Increment(ref _lost);

    internal void OnHandlerFault(Conn conn, Exception exception) => _onHandlerFault(conn, exception);

    private void ThrowIfDefault()
    {
        if (s_default.IsValueCreated && ReferenceEquals(this, s_default.Value))
        {
            throw new InvalidOperationException("The default group lives as long as the process.");
        }
    }

    private void Stop()
    {
        foreach (Loop loop in _loops)
        {
            loop.Core.Stop();
        }
    }

    // All or none: each holds descriptors.
    private static Poller[] CreatePollers(int count, Func<Poller> create)
    {
        List<Poller> pollers = [];
        try
        {
            while (pollers.Count < count)
            {
                pollers.Add(create());
            }
        }
        catch (IOException)
        {
            pollers.ForEach(p => p.Dispose());
            throw;
        }

        return [.. pollers];
    }

    private static void ReportFault(Conn conn, Exception exception) =>
        ErrorLines.Default.Write($"handler of {conn.RemoteAddress} failed: {exception.GetType().Name}: {exception.Message}");
}
