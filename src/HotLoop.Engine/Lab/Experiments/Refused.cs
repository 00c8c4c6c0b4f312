namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>dial.refused.v4</c>.</summary>
internal sealed class Refused() : Experiment("refused", "a dial to a port where nobody listens fails at once")
{
    internal override async Task PlayAsync(Stage stage)
    {
        // A port that was free a moment ago, and that the kernel will not soon give to anybody else.
        Door door = stage.Listen();
        door.Close();

        Opened dial = await stage.DialAsync(door.Address);
        stage.Expect("the dial", dial.Outcome).Is(null, $"dial tcp {door.Address}: connect: connection refused").AtOnce();
    }
}
