namespace HotLoop.Load;

/// <summary>When the requests in flight on a connection were started, the oldest first.</summary>
internal sealed class StartTimes(int depth)
{
    private readonly long[] _times = new long[depth];
    private int _first;

    internal int Count { get; private set; }

    internal void Add(long time)
    {
        _times[(_first + Count) % _times.Length] = time;
        Count++;
    }

    internal long Take()
    {
        long time = _times[_first];
        _first = (_first + 1) % _times.Length;
        Count--;
        return time;
    }
}
