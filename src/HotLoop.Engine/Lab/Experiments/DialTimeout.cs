namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>dial.timeout.backlog</c>.</summary>
internal sealed class DialTimeout() : Experiment("dial-timeout", "a dial that gets no answer ends with its timeout")
{
    private const int Size = 1;

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(300);

    internal override async Task PlayAsync(Stage stage)
    {
        // A full queue stands for a server that does not answer: the kernel says nothing to the dial.
        LoggedListener listener = stage.Listen(Size);
        for (int i = 1; i <= Size + 1; i++)
        {
            ConnResult queued = await stage.DialAsync(listener.Address);
            stage.Expect($"dial {i}", queued.Outcome).Is(null).AtOnce();
        }

        ConnResult dial = await stage.DialAsync(listener.Address, s_timeout);
        stage.Expect("the dial with a timeout", dial.Outcome)
            .Is(null, $"dial tcp {listener.Address}: i/o timeout")
            .EndsAt(dial.Outcome.Began + s_timeout);
    }
}
