namespace HotLoop.Engine.Lab;

/// <summary>What went otherwise than in Go. Safe for use from any thread.</summary>
internal sealed class Verdict
{
    private readonly Lock _gate = new();
    private readonly List<string> _differences = [];
    private bool _closed;

    internal bool IsSame
    {
        get
        {
            lock (_gate)
            {
                return _differences.Count == 0;
            }
        }
    }

    /// <summary>Notes a difference; too late ones, of an experiment that was left because it hung, are dropped.</summary>
    internal void Differs(string what)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _differences.Add(what);
            }
        }
    }

    /// <summary>Notes <paramref name="otherwise"/> as a difference, unless <paramref name="asInGo"/>.</summary>
    internal void Check(bool asInGo, string otherwise)
    {
        if (!asInGo)
        {
            Differs(otherwise);
        }
    }

    /// <summary>The differences. No more are taken.</summary>
    internal IReadOnlyList<string> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _differences;
        }
    }
}
