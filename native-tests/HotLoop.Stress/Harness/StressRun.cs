using HotLoop.TestKit;

namespace HotLoop.Stress;

/// <summary>One seed of one test. What it draws it draws in the body, in one order; what threads make of it is theirs.</summary>
public sealed class StressRun(LoopGroup loops, Setting setting, int seed) : SocketScope(loops, setting.OnLoop)
{
    private readonly Racers _racers = new();
    private Listener? _pairs;

    public Random Random { get; } = new(seed);

    public Completions Completions { get; } = new();

    /// <summary>Iterations begun: shows where it stands when it hangs.</summary>
    public int Iteration { get; private set; }

    public Transport Transport => setting.Transport;

    /// <summary>Repeats <paramref name="body"/>; after each time all must have ended, and its sockets are closed.</summary>
    public async Task Repeat(int count, Func<Task> body)
    {
        while (Iteration < count)
        {
            Iteration++;
            await body();
            Completions.RequireBalance();
            base.Dispose();
        }
    }

    /// <summary>Begins an operation whose end is counted.</summary>
    public Task<T> Watch<T>(ValueTask<T> operation) => Completions.Watch(operation);

    public Listener Listen(int backlog = 0) => Listen(Transport.Network, Transport.FreshAddress(), backlog);

    /// <summary>Two ends of one connection, on whatever loops. All pairs come from one listener: one flow of the test makes them.</summary>
    public override async Task<(Conn Conn, Conn Peer)> Pair()
    {
        _pairs ??= new ListenConfig { Loops = Loops }.Listen(Transport.Network, Transport.FreshAddress());
        bool elsewhere = Random.Next(4) == 0;
        Conn conn = elsewhere ? await Task.Run(() => Dial(_pairs)) : await Dial(_pairs);
        return (conn, elsewhere ? await Task.Run(() => Accept(_pairs)) : await Accept(_pairs));
    }

    /// <summary>Starts a flow beside the body: mostly in the place of the run, sometimes on the pool.</summary>
    public Task Start(Func<Task> flow) => OnLoop && Random.Next(4) != 0 ? flow() : Task.Run(flow);

    /// <summary>As the other, with a result.</summary>
    public Task<T> Start<T>(Func<Task<T>> flow) => OnLoop && Random.Next(4) != 0 ? flow() : Task.Run(flow);

    /// <summary><see cref="Conn.Go"/>, whose task here fails with the handler.</summary>
    public static async Task Handle(Conn conn, Func<Conn, Task> handler)
    {
        Task? handling = null;
        await conn.Go(c => handling = handler(c));
        await handling!;
    }

    /// <summary>Starts all at one moment, each on a thread of its own or from there on one of the loops, after a pause.</summary>
    public Task Race(params Action[] actions) => _racers.Race([.. actions.Select(Somewhere)]);

    /// <summary>Starts all at one moment, each on a thread of its own: for what takes long.</summary>
    public Task RaceOnThreads(params Action[] actions) => _racers.Race(actions);

    /// <summary>A number of spins: often none or few, sometimes the time that a wake-up takes.</summary>
    public int Spins() => Random.Next(4) switch
    {
        0 => 0,
        1 => Random.Next(3000),
        _ => Random.Next(100),
    };

    /// <summary>A duration of <paramref name="least"/> to <paramref name="most"/> microseconds.</summary>
    public TimeSpan Microseconds(int least, int most) => TimeSpan.FromMicroseconds(Random.Next(least, most));

    public override void Dispose()
    {
        base.Dispose();
        _pairs?.Dispose();
        _racers.Dispose();
    }

    private Action Somewhere(Action action)
    {
        int spins = Spins();
        int place = Random.Next(4); // half of them on threads, half on the two loops
        return () =>
        {
            Thread.SpinWait(spins);
            if (place < Loops.Loops.Count)
            {
                RunOn(Loops.Loops[place], action);
            }
            else
            {
                action();
            }
        };
    }

    // An exception that leaves posted work would end the process.
    private static void RunOn(Loop loop, Action action)
    {
        ManualResetEventSlim done = new(); // not disposed: Set may still be busy in it when Wait returns
        Exception? failure = null;
        loop.Post(_ =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }

            done.Set();
        });
        done.Wait();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }
}
