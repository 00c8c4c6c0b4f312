namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.deadline.sticky</c>.</summary>
internal sealed class ReadDeadline()
    : Experiment("read-deadline", "a read ends at its deadline, later ones at once, until it is set anew; nothing is lost")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        string timeout = client.ErrorText("read", "i/o timeout");

        TimeSpan deadline = client.SetReadDeadline(Stage.Moment);
        stage.Expect("the read", await client.ReadAsync(10)).Is(0, timeout).EndsAt(deadline);

        stage.Expect("the write", await server.WriteAsync("hello")).Is(5).AtOnce();
        stage.Expect("a read after the deadline, with data", await client.ReadAsync(10)).Is(0, timeout).AtOnce();

        client.ClearReadDeadline();
        stage.Expect("a read without deadline", await client.ReadAsync(10)).Is(5).Brings("hello"u8).AtOnce();

        deadline = client.SetReadDeadline(Stage.Moment);
        stage.Expect("a read with a new deadline", await client.ReadAsync(10)).Is(0, timeout).EndsAt(deadline);
    }
}
