using System.Globalization;
using System.Net;
using System.Text;
using HotLoop.Naming;
using HotLoop.Native;

namespace HotLoop.TestKit.Simulation;

/// <summary>
/// Loops of hand-turned machines and the network between them, in one thread and on one clock that nobody waits for: real connections and listeners over
/// simulated descriptors. Whose turn it is, how long bytes are under way, what is cut short and what breaks is drawn from one seed, so a
/// run can be repeated: its <see cref="Trace"/> is then the same, letter by letter.
/// <para>
/// What code on the loops awaits must come from these loops too: a thread of the pool would come at a time of its own.
/// </para>
/// </summary>
internal sealed class SimulatedNetwork : IDisposable
{
    private const int StepsMax = 1_000_000;

    private readonly Random _random;
    private readonly long _start;
    private readonly List<Machine> _machines = [];
    private readonly List<Machine> _awake = [];
    private readonly List<Conn> _dialed = []; // none is left to the garbage collector, which has a thread of its own
    private readonly Dictionary<int, ListeningEnd> _ports = [];
    private readonly PriorityQueue<Action, (long Time, long Number)> _underWay = new();
    private readonly StringBuilder _trace = new();
    private long _number;
    private int _nextPort = 40_000;

    internal SimulatedNetwork(int seed, NetworkConditions? conditions = null)
    {
        _random = new Random(seed);
        Conditions = conditions ?? new NetworkConditions();
        _start = Clock.Now;
    }

    internal ManualClock Clock { get; } = new();

    internal NetworkConditions Conditions { get; }

    /// <summary>What has happened: a line is a moment, in nanoseconds, and a step.</summary>
    internal string Trace => _trace.ToString();

    /// <summary>Descriptors that are open on any machine.</summary>
    internal int OpenCount => _machines.Sum(m => m.Poller.OpenCount);

    /// <summary>Another machine, with one loop.</summary>
    internal HandTurnedLoop AddLoop(string name)
    {
        SimulatedPoller poller = new();
        HandTurnedLoop loop = new(poller, Clock);
        _machines.Add(new Machine(name, poller, loop));
        return loop;
    }

    internal Listener Listen(HandTurnedLoop loop, int port)
    {
        ListeningEnd end = new(() => _ports.Remove(port));
        _ports.Add(port, end);
        NetAddress address = new("tcp", IPAddress.Loopback, port);
        return Listener.Adopt(MachineOf(loop).Poller.Open(end), Network.Tcp, address, loop.Loop, spread: null, ownsPath: false);
    }

    /// <summary>Connects a loop to whoever listens at <paramref name="port"/>. For code on that loop.</summary>
    internal Task<Conn> DialAsync(HandTurnedLoop loop, int port)
    {
        Machine machine = MachineOf(loop);
        int ownPort = _nextPort++;
        TaskCompletionSource<Conn> dialed = new();
        At(Clock.Now + DrawDelay(), () =>
        {
            Action<object?> answer = _ => dialed.SetException(Refused(port));
            if (_ports.TryGetValue(port, out ListeningEnd? listener))
            {
                StreamEnd near = new(this, $"{machine.Name}:{ownPort}");
                StreamEnd far = new(this, $"{port}<-{ownPort}");
                StreamEnd.Link(near, far);
                listener.Add(far, ownPort);
                answer = _ => dialed.SetResult(Keep(loop.Connect(machine.Poller.Open(near), ownPort, port)));
            }

            At(Clock.Now + DrawDelay(), () => loop.Core.Post(answer, null));
        });
        return dialed.Task;
    }

    /// <summary>Goes on until <paramref name="end"/> has ended. Throws when it cannot end any more: nothing is under way, and nobody waits for a time.</summary>
    internal void Run(Task end)
    {
        for (int i = 0; !end.IsCompleted; i++)
        {
            if (i == StepsMax || !Step())
            {
                throw new InvalidOperationException($"{(i == StepsMax ? "It does not end" : "Nothing can happen any more")}:\n{Trace}");
            }
        }

        end.GetAwaiter().GetResult();
    }

    /// <summary>As above.</summary>
    internal T Run<T>(Task<T> end)
    {
        Run((Task)end);
        return end.Result;
    }

    /// <summary>Goes on until nothing can happen any more.</summary>
    internal void RunUntilQuiet()
    {
        for (int i = 0; Step(); i++)
        {
            if (i == StepsMax)
            {
                throw new InvalidOperationException($"It does not come to rest:\n{Trace}");
            }
        }
    }

    /// <summary>Ends the loops.</summary>
    public void Dispose()
    {
        foreach (Machine machine in _machines)
        {
            machine.Loop.Dispose();
        }
    }

    // ---- for the sockets -----------------------------------------------------------------------------------------------

    internal void Note(string what) =>
        _trace.AppendLine(CultureInfo.InvariantCulture, $"{Clock.Now - _start,12} {what}");

    internal void At(long time, Action arrive) => _underWay.Enqueue(arrive, (time, _number++));

    internal long DrawDelay()
    {
        (TimeSpan least, TimeSpan most) = Conditions.Delay;
        TimeSpan delay = Draw(least, most) + (Strikes(Conditions.LossRate) ? Conditions.LossDelay : TimeSpan.Zero);
        return delay.Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>As many of <paramref name="length"/> bytes as a call takes: at least one.</summary>
    internal int Part(int length) => length > 1 && Strikes(Conditions.PartRate) ? _random.Next(1, length) : length;

    internal bool Breaks() => Strikes(Conditions.ResetRate);

    // ---- inside --------------------------------------------------------------------------------------------------------

    // Somebody who has something to do does it; if nobody has, time passes. False: there is nothing to wait for either.
    private bool Step()
    {
        _awake.Clear();
        foreach (Machine machine in _machines)
        {
            if (machine.HasWork)
            {
                _awake.Add(machine);
            }
        }

        bool arrives = _underWay.TryPeek(out _, out (long Time, long) first) && first.Time <= Clock.Now;
        int ways = _awake.Count + (arrives ? 1 : 0);
        if (ways == 0)
        {
            return PassTime();
        }

        int way = _random.Next(ways);
        if (way == _awake.Count)
        {
            _underWay.Dequeue()();
        }
        else
        {
            Note($"{_awake[way].Name} turns");
            _awake[way].Loop.Turn();
            Clock.Advance(Draw(TimeSpan.Zero, Conditions.TurnTime));
        }

        return true;
    }

    private bool PassTime()
    {
        long next = _underWay.TryPeek(out _, out (long Time, long) first) ? first.Time : long.MaxValue;
        foreach (Machine machine in _machines)
        {
            next = Math.Min(next, machine.Loop.Core.NextTimer ?? long.MaxValue);
        }

        if (next == long.MaxValue)
        {
            return false;
        }

        Clock.MoveTo(next);
        return true;
    }

    private TimeSpan Draw(TimeSpan least, TimeSpan most) => least + ((most - least) * _random.NextDouble());

    private bool Strikes(double rate) => rate > 0 && _random.NextDouble() < rate;

    private Machine MachineOf(HandTurnedLoop loop) => _machines.Find(m => m.Loop == loop)!;

    private Conn Keep(Conn conn)
    {
        _dialed.Add(conn);
        return conn;
    }

    private static OpError Refused(int port) =>
        OpError.FromCode("dial", "tcp", null, new NetAddress("tcp", IPAddress.Loopback, port), -Errno.ECONNREFUSED, "connect");

    private sealed record Machine(string Name, SimulatedPoller Poller, HandTurnedLoop Loop)
    {
        internal bool HasWork => Loop.Core.HasWork || Poller.HasEvents;
    }
}
