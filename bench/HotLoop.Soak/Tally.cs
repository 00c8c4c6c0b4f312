using HotLoop.Load;
using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>Counts the iterations of one scenario. For any thread.</summary>
internal sealed class Tally(string scenario)
{
    private readonly Lock _gate = new();
    private readonly Count _all = new();
    private readonly Count _interval = new();

    internal void Add(IterationResult result)
    {
        lock (_gate)
        {
            _all.Add(result);
            _interval.Add(result);
        }
    }

    /// <summary>Everything since the start.</summary>
    internal ScenarioSummary Sum()
    {
        lock (_gate)
        {
            return _all.ToSummary(scenario);
        }
    }

    /// <summary>What came since the call before this.</summary>
    internal ScenarioSummary TakeInterval()
    {
        lock (_gate)
        {
            ScenarioSummary summary = _interval.ToSummary(scenario);
            _interval.Clear();
            return summary;
        }
    }

    private sealed class Count
    {
        private readonly LatencyHistogram _latency = new();
        private readonly SortedDictionary<FailureKind, long> _failures = [];
        private string _firstFailure = "";
        private long _iterations;
        private long _bytes;

        internal void Add(IterationResult result)
        {
            _iterations++;
            _bytes += result.Bytes;
            if (result.IsGood)
            {
                _latency.Record((long)result.Latency.TotalNanoseconds);
                return;
            }

            _firstFailure = _failures.Count == 0 ? result.Text : _firstFailure;
            _failures[result.Failure] = _failures.GetValueOrDefault(result.Failure) + 1;
        }

        internal ScenarioSummary ToSummary(string scenario) => new(
            scenario,
            _iterations,
            _failures.Values.Sum(),
            new SortedDictionary<FailureKind, long>(_failures),
            _firstFailure,
            _bytes,
            LatencySummary.Of(_latency));

        internal void Clear()
        {
            _latency.Clear();
            _failures.Clear();
            _firstFailure = "";
            _iterations = 0;
            _bytes = 0;
        }
    }
}
