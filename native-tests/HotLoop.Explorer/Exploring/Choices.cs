namespace HotLoop.Explorer.Exploring;

/// <summary>
/// The choices of one run, and from them those of the next: depth first, so every run repeats the one before up to its last choice that had another way to go.
/// </summary>
internal sealed class Choices
{
    private readonly List<(int Taken, int Ways)> _path = [];
    private int _next;

    /// <summary>Which of so many ways. The first, where no earlier run has been.</summary>
    internal int Choose(int ways)
    {
        if (ways == 1)
        {
            return 0;
        }

        if (_next == _path.Count)
        {
            _path.Add((0, ways));
        }

        (int taken, int known) = _path[_next++];
        return known == ways ? taken : throw new InvalidOperationException("The run did not repeat: something in it does not depend on the choices alone.");
    }

    /// <summary>Prepares for the next run; false when every way has been gone.</summary>
    internal bool Advance()
    {
        _next = 0;
        while (_path.Count > 0)
        {
            (int taken, int ways) = _path[^1];
            if (taken + 1 < ways)
            {
                _path[^1] = (taken + 1, ways);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }
}
