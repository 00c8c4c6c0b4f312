namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.peerclose.nodata</c>.</summary>
internal sealed class CloseWithoutData()
    : Experiment("close-without-data", "the peer closes without a word: a read sees the end, and one that waits too")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        server.Close();
        stage.Expect("a read after the close", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();

        (client, server) = await stage.ConnectAsync();
        Task<Outcome> read = client.ReadAsync(10);
        await stage.ExpectWaitsAsync("a read before the close", read);
        TimeSpan closed = server.Close();
        stage.Expect("a read before the close", await read).Is(0, Outcome.EndOfStream).EndsAt(closed);
    }
}
