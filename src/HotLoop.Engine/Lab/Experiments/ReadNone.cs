namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.park</c>.</summary>
internal sealed class ReadNone() : Experiment("read-none", "a read waits while there is nothing, and returns when data comes")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        Task<Outcome> read = client.ReadAsync(10);
        await stage.ExpectWaitsAsync("the read", read);

        Outcome write = await server.WriteAsync("hello");
        stage.Expect("the write", write).Is(5).AtOnce();
        stage.Expect("the read", await read).Is(5).Brings("hello"u8).EndsAt(write.Began);
    }
}
