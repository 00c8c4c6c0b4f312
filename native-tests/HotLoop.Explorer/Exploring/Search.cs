using System.Diagnostics;

namespace HotLoop.Explorer.Exploring;

/// <summary>
/// The interleavings of a machine that are yet to be run, each given by the choices it begins with, and what those that were run came to. Every one
/// is run once: it names those that turn off from it, behind the choices that it was given.
/// </summary>
internal sealed class Search(Func<Machine> create, int preemptions)
{
    private readonly object _gate = new();
    private readonly Stack<Choice[]> _open = new([[]]);
    private readonly HashSet<ulong> _states = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _running;
    private int _interleavings;
    private long _steps;
    private Run? _failed;
    private string? _fault;

    internal int Preemptions => preemptions;

    private bool HasFailed => _failed is not null || _fault is not null;

    internal Machine CreateMachine() => create();

    /// <summary>What the next run begins with; null when there is none.</summary>
    internal Choice[]? Take()
    {
        lock (_gate)
        {
            while (_open.Count == 0 && _running > 0 && !HasFailed)
            {
                Monitor.Wait(_gate);
            }

            if (_open.Count == 0 || HasFailed)
            {
                return null;
            }

            _running++;
            return _open.Pop();
        }
    }

    /// <summary>Instead of <see cref="Add"/>: there was no run.</summary>
    internal void Fail(string fault)
    {
        lock (_gate)
        {
            _running--;
            _fault ??= fault;
            Monitor.PulseAll(_gate);
        }
    }

    internal void Add(Run run)
    {
        lock (_gate)
        {
            _running--;
            _interleavings++;
            _steps += run.Steps;
            _states.UnionWith(run.States);
            _failed ??= run.Failure is null ? null : run;
            foreach (Choice[] branch in run.Choices.Branches())
            {
                _open.Push(branch);
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>After all runs have ended.</summary>
    internal Findings Findings() => new(
        _interleavings, _steps, _states.Count, preemptions, _watch.Elapsed, !HasFailed, _failed?.Report() ?? _fault, _failed?.Preemptions ?? 0);
}
