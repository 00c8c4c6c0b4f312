namespace HotLoop.Explorer.Exploring;

/// <summary>Goes through all interleavings of a machine that need no more than so many preemptions.</summary>
internal static class Exploration
{
    // A run is mostly waiting for the kernel to switch threads, the more so on a busy machine: several go on side by side.
    private static readonly Crew[] s_crews = [.. Enumerable.Range(0, 12).Select(_ => new Crew())];

    /// <summary>Ends with the first failure, or when every interleaving has been seen.</summary>
    internal static Findings Explore(Func<Machine> create, int preemptions)
    {
        Search search = new(create, preemptions);
        foreach (Crew crew in s_crews)
        {
            crew.Begin(search);
        }

        foreach (Crew crew in s_crews)
        {
            crew.Join();
        }

        return search.Findings();
    }
}
