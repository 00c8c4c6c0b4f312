namespace HotLoop.Faults.Library;

/// <summary>How late things came, in milliseconds. From any thread.</summary>
internal sealed class Lateness
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _milliseconds.Count;
            }
        }
    }

    internal double Min => Percentile(0);

    internal double Max => Percentile(100);

    internal void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _milliseconds.Add(time.TotalMilliseconds);
        }
    }

    internal double Percentile(double percent)
    {
        lock (_gate)
        {
            if (_milliseconds.Count == 0)
            {
                return double.NaN;
            }

            _milliseconds.Sort();
            return _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(_milliseconds.Count * percent / 100))];
        }
    }
}
