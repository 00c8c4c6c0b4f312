using System.Net;

namespace HotLoop.Load;

/// <summary>One loop's part of the load: its workers and what they count. After it was made only its loop's thread touches it.</summary>
internal sealed class LoadLoop
{
    private static readonly TimeSpan s_sweepPeriod = TimeSpan.FromMilliseconds(100);

    // Of all loops. More would overflow the queue of a listener, whose clients then wait a second and more.
    private const int OpeningMax = 64;

    private readonly int _atOnce;
    private int _nextSource;

    private LoadLoop(LoadOptions options, Loop loop, int number, int count)
    {
        Options = options;
        Loop = loop;
        Tally = new Tally(options.Duration);
        _atOnce = Math.Max(1, OpeningMax / count);
        _nextSource = number * 61; // loops begin at different sources, and go through all
    }

    /// <summary>Loops that share the connections of <paramref name="options"/>, and their rate, evenly.</summary>
    internal static List<LoadLoop> Create(LoadOptions options, LoopGroup group)
    {
        int count = Math.Min(group.Loops.Count, options.Connections);
        List<LoadLoop> loops = [];
        Lazy<Task<IPAddress[]>> addresses = new(() => Dns.GetHostAddressesAsync(HostOf(options.Target)));
        Func<string, CancellationToken, Task<IPAddress[]>> resolver = (_, _) => addresses.Value; // once, not for every connection
        for (int i = 0; i < count; i++)
        {
            LoadLoop loop = new(options, group.Loops[i], i, count) { Resolver = resolver };
            int connections = (options.Connections + count - 1 - i) / count;
            if (options.Rate is { } rate)
            {
                // Loops take turns too: the first of the second loop is due between the first two of the first.
                loop.Pacer = new Pacer(loop, rate * connections / options.Connections, (double)i / count);
            }

            for (int k = 0; k < connections; k++)
            {
                loop.Workers.Add(loop.CreateWorker(k));
            }

            loops.Add(loop);
        }

        return loops;
    }

    internal LoadOptions Options { get; }

    internal Loop Loop { get; }

    internal Tally Tally { get; }

    internal List<Worker> Workers { get; } = [];

    /// <summary>Looks up the target's name.</summary>
    internal required Func<string, CancellationToken, Task<IPAddress[]>> Resolver { get; init; }

    /// <summary>Of an open loop.</summary>
    internal Pacer? Pacer { get; private set; }

    /// <summary>Whether nothing more is to be begun: what is on its way is waited for.</summary>
    internal bool IsEnding { get; private set; }

    /// <summary>Opens a connection for every worker, some at a time. If none of the first comes about, the others are not tried.</summary>
    /// <returns>How many there are. For a load that opens its own they are closed again.</returns>
    internal async Task<int> OpenAsync(CancellationToken stop)
    {
        Queue<Worker> closed = new(Workers);
        int opened = 0, failed = 0;
        await Task.WhenAll(Enumerable.Range(0, _atOnce).Select(_ => OpenNextAsync()));
        if (Options.Mode == LoadMode.Churn)
        {
            Workers.ForEach(w => w.Close());
        }

        return opened;

        async Task OpenNextAsync()
        {
            while (!stop.IsCancellationRequested && (opened > 0 || failed < _atOnce) && closed.TryDequeue(out Worker? worker))
            {
                await worker.OpenAsync(stop);
                opened += worker.Conn is null ? 0 : 1;
                failed += worker.Conn is null ? 1 : 0;
            }
        }
    }

    /// <summary>Nothing more is begun.</summary>
    internal void BeginEnding() => IsEnding = true;

    /// <summary>Has the workers work, until <see cref="Tally.End"/> and until what then is on its way has come back.</summary>
    /// <param name="epoch">When the load begins, by <see cref="Clock"/>.</param>
    internal async Task RunAsync(long epoch)
    {
        List<Task> running = [.. Workers.Select(w => w.RunAsync())];
        if (Pacer is not null)
        {
            running.Add(Pacer.RunAsync(epoch));
        }

        Task all = Task.WhenAll(running);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(s_sweepPeriod));
            Sweep(Clock.Now);
        }

        await all; // whatever went wrong in a worker itself is to be seen
    }

    /// <summary>The address to connect from, if not the kernel's choice.</summary>
    internal NetAddress? NextSource()
    {
        bool many = Options.ManySources ?? Options.Mode == LoadMode.Churn;
        if (!many || !Options.Target.Address.StartsWith("127.", StringComparison.Ordinal))
        {
            return null;
        }

        byte last = (byte)(2 + (_nextSource++ % 249));
        return new NetAddress("tcp", new IPAddress([127, 0, 0, last]), 0);
    }

    private Worker CreateWorker(int index) => Options.Mode switch
    {
        LoadMode.Churn => new ChurnWorker(this),
        LoadMode.Idle => new IdleWorker(this),
        _ => Pacer is null ? new ClosedWorker(this) : new OpenWorker(this, Pacer, index),
    };

    // "host:port", "[host]:port"
    private static string HostOf(LoadTarget target) => target.Address[..target.Address.LastIndexOf(':')].Trim('[', ']');

    // Time-outs are looked for now and then: no request has a timer of its own.
    private void Sweep(long now)
    {
        foreach (Worker worker in Workers)
        {
            worker.Check(now, Clock.Of(Options.Timeout));
        }
    }
}
