namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.partial</c>.</summary>
internal sealed class ReadPartial()
    : Experiment("read-partial", "a read returns what is there, and does not wait for a full buffer")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        stage.Expect("the write", await server.WriteAsync("hello")).Is(5).AtOnce();
        stage.Expect("the read", await client.ReadAsync(10)).Is(5).Brings("hello"u8).AtOnce();

        // And a read that waits for the next bytes does not wait for more than those either.
        Task<Outcome> read = client.ReadAsync(10);
        await stage.ExpectWaitsAsync("the second read", read);
        Outcome write = await server.WriteAsync("you");
        stage.Expect("the second read", await read).Is(3).Brings("you"u8).EndsAt(write.Began);
    }
}
