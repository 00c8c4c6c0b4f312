using System.Collections.Concurrent;

namespace HotLoop.Stress;

/// <summary>
/// Threads of their own that start together: the pool's would start when it has one to spare, which on a busy machine is one after
/// the other.
/// </summary>
public sealed class Racers : IDisposable
{
    private readonly List<BlockingCollection<Action>> _lanes = [];

    /// <summary>Runs each action on a thread of its own. Ends when all have; fails with the first failure.</summary>
    public Task Race(params Action[] actions)
    {
        while (_lanes.Count < actions.Length)
        {
            _lanes.Add(OpenLane());
        }

        Start start = new(actions.Length);
        for (int i = 0; i < actions.Length; i++)
        {
            Action action = actions[i];
            _lanes[i].Add(() => start.Run(action));
        }

        return start.Finished;
    }

    public void Dispose() => _lanes.ForEach(lane => lane.CompleteAdding());

    private static BlockingCollection<Action> OpenLane()
    {
        BlockingCollection<Action> lane = [];
        Thread thread = new(() =>
        {
            foreach (Action action in lane.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "racer",
        };
        thread.Start();
        return lane;
    }

    private sealed class Start(int count)
    {
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = count;
        private int _running = count;
        private Exception? _failure;

        internal Task Finished => _finished.Task;

        internal void Run(Action action)
        {
            Interlocked.Decrement(ref _missing);
            SpinWait spin = default;
            while (Volatile.Read(ref _missing) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            try
            {
                action();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }

            if (Interlocked.Decrement(ref _running) == 0)
            {
                Finish();
            }
        }

        private void Finish()
        {
            if (_failure is null)
            {
                _finished.SetResult();
            }
            else
            {
                _finished.SetException(_failure);
            }
        }
    }
}
