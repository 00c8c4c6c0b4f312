namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>dial.refused.v4</c>.</summary>
internal sealed class Refused() : Experiment("refused", "a dial to a port where nobody listens fails at once")
{
    internal override async Task PlayAsync(Stage stage)
    {
        // A port that was free a moment ago, and that the kernel will not soon give to anybody else.
        LoggedListener listener = stage.Listen();
        listener.Close();

        ConnResult dial = await stage.DialAsync(listener.Address);
        stage.Expect("the dial", dial.Outcome).Is(null, $"dial tcp {listener.Address}: connect: connection refused").AtOnce();
    }
}
