namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>write.deadline</c>.</summary>
internal sealed class WriteTimeout()
    : Experiment("write-timeout", "a write after its deadline, or without room until then, writes nothing")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectNarrowAsync();
        string timeout = client.ErrorText("write", "i/o timeout");

        client.ExpireWriteDeadline();
        Outcome late = await client.WriteAsync("hello");
        stage.Expect("a write with room, after the deadline", late).Is(0, timeout).AtOnce();
        TimeSpan deadline = server.SetReadDeadline(Stage.Moment);
        string nothing = server.ErrorText("read", "i/o timeout");
        stage.Expect("the peer's read", await server.ReadAsync(10)).Is(0, nothing).EndsAt(deadline);

        await FillAsync(client);
        deadline = client.SetWriteDeadline(Stage.Moment);
        stage.Expect("a write without room", await client.WriteAsync("hello")).Is(0, timeout).EndsAt(deadline);
    }

    // The kernel moves some more into the peer's buffer after the first write has stopped: full is when nothing more goes in.
    private static async Task FillAsync(LoggedConn client)
    {
        byte[] data = new byte[Stage.MuchBytes];
        int? taken;
        do
        {
            client.SetWriteDeadline(Stage.Moment);
            taken = (await client.WriteAsync(data)).Count;
        }
        while (taken > 0);
    }
}
