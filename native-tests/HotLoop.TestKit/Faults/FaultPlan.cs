using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>
/// Which faults come, how often and how grave: all drawn from one seed, in the order of the calls. What several threads ask for comes in
/// their order, which the seed does not fix. Not safe for use from several threads at once.
/// </summary>
internal sealed class FaultPlan
{
    private const int WaitsMax = 4;
    private const int SpinsMax = 2000;

    private static readonly double[] s_rates = [0, 0.02, 0.1, 0.4];
    private static readonly int[] s_acceptErrors = [Errno.ECONNABORTED, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS];

    private readonly Random _random;
    private readonly double[] _rates;
    private readonly int[] _counts = new int[Enum.GetValues<Fault>().Length];

    /// <param name="seed">Of everything that is drawn.</param>
    /// <param name="loop">Of several pollers with one seed each has a plan of its own.</param>
    internal FaultPlan(int seed, int loop = 0)
    {
        _random = new Random((seed * 61) + loop);
        _rates = [.. _counts.Select(_ => s_rates[_random.Next(s_rates.Length)])];
    }

    /// <summary>With one rate for the <paramref name="faults"/> that are named, and no others.</summary>
    internal FaultPlan(int seed, double rate, params Fault[] faults)
    {
        _random = new Random(seed);
        _rates = [.. Enum.GetValues<Fault>().Select(fault => faults.Contains(fault) ? rate : 0)];
    }

    /// <summary>
    /// Breaks the port's contract: the event that has to follow an -EAGAIN or a short receive of the plan never comes. For the
    /// test that such a thing is found.
    /// </summary>
    internal bool LosesEvents { get; init; }

    /// <summary>How often <paramref name="fault"/> has struck.</summary>
    internal int CountOf(Fault fault) => Volatile.Read(ref _counts[(int)fault]);

    internal bool Strikes(Fault fault)
    {
        double rate = _rates[(int)fault];
        if (rate == 0 || _random.NextDouble() >= rate)
        {
            return false;
        }

        _counts[(int)fault]++;
        return true;
    }

    internal bool Coin() => _random.Next(2) == 0;

    /// <summary>Less than <paramref name="length"/>, which is at least 2, but something.</summary>
    internal int Part(int length) => 1 + _random.Next(Coin() ? length - 1 : Math.Min(length - 1, 16));

    internal int SendError() => Coin() ? -Errno.ENOBUFS : -Errno.ENOMEM;

    internal int AcceptError() => -s_acceptErrors[_random.Next(s_acceptErrors.Length)];

    internal int WatchError() => Coin() ? -Errno.ENOMEM : -Errno.ENOSPC;

    internal int Waits() => 1 + _random.Next(WaitsMax);

    internal int Spins() => _random.Next(SpinsMax);

    internal Readiness Readiness() => (Readiness)(1 + _random.Next(7)); // of Read, Write and Drain

    internal T Choose<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    internal void Shuffle<T>(Span<T> values) => _random.Shuffle(values);
}
