namespace HotLoop.Conformance.Seeds;

/// <summary>What a seed stands for: some conversations at once, each in its place, on loops that are made for them and end with them.</summary>
internal sealed class Seed
{
    // All of a seed takes some tens of milliseconds, more on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly List<(Conversation Conversation, bool OnLoop, string Network, int Seed)> _parts = [];

    internal Seed(int number)
    {
        Random random = new(number);
        LoopCount = random.Next(1, 3);
        for (int i = random.Next(2, 5); i > 0; i--)
        {
            Conversation conversation = Conversation.All[random.Next(Conversation.All.Count)];
            _parts.Add((conversation, random.Next(2) == 0, random.Next(3) == 0 ? "unix" : "tcp", random.Next()));
        }
    }

    internal int LoopCount { get; }

    public override string ToString() =>
        string.Join(", ", _parts.Select(p => $"{p.Conversation.Name} ({p.Network}{(p.OnLoop ? ", on a loop" : "")})"));

    /// <summary>Has the conversations on <paramref name="loops"/>, which it disposes of. Fails with the first failure, or names what hangs.</summary>
    internal async Task RunAsync(LoopGroup loops, TimeSpan? patience = null)
    {
        Talk[] talks = [.. _parts.Select(p => new Talk(loops, p.OnLoop, p.Network, p.Seed))];
        Task[] tasks = [.. talks.Select((talk, i) => talk.RunInPlace(() => _parts[i].Conversation.Run(talk)))];
        try
        {
            await AllOrFirstFailure(tasks).WaitAsync(patience ?? s_patience);
        }
        catch (TimeoutException)
        {
            IEnumerable<string> hanging = _parts.Where((_, i) => !tasks[i].IsCompleted).Select(p => p.Conversation.Name);
            throw new TimeoutException($"hangs: {string.Join(", ", hanging)}");
        }
        finally
        {
            await Task.Run(() => End(talks, loops)).WaitAsync(s_patience);
            await Task.WhenAll(tasks).WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task AllOrFirstFailure(Task[] tasks)
    {
        await foreach (Task task in Task.WhenEach(tasks))
        {
            await task;
        }
    }

    private static void End(Talk[] talks, LoopGroup loops)
    {
        foreach (Talk talk in talks)
        {
            talk.Dispose();
        }

        loops.Dispose();
    }
}
