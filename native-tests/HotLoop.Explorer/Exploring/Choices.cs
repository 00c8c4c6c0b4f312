namespace HotLoop.Explorer.Exploring;

/// <summary>The choices of one run: the given ones first, and from there on always the first way. The ways not gone are for other runs.</summary>
internal sealed class Choices(Choice[] given)
{
    private readonly List<Choice> _path = [];

    /// <summary>The run is where no other has been.</summary>
    internal bool AreNew => _path.Count >= given.Length;

    /// <summary>Which of so many ways.</summary>
    internal int Choose(int ways)
    {
        if (ways == 1)
        {
            return 0;
        }

        Choice choice = AreNew ? new Choice(0, ways) : given[_path.Count];
        if (choice.Ways != ways)
        {
            throw new InvalidOperationException("The run did not repeat: something in it does not depend on the choices alone.");
        }

        _path.Add(choice);
        return choice.Taken;
    }

    /// <summary>What the runs begin with that turn off from this one. The last turns off last.</summary>
    internal IEnumerable<Choice[]> Branches()
    {
        for (int i = given.Length; i < _path.Count; i++)
        {
            for (int way = 1; way < _path[i].Ways; way++)
            {
                yield return [.. _path[..i], new Choice(way, _path[i].Ways)];
            }
        }
    }
}
