namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.peerclose.data</c>.</summary>
internal sealed class CloseWithData()
    : Experiment("close-with-data", "the peer writes and closes: first comes the data, then the end, again and again")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        stage.Expect("the write", await server.WriteAsync("hello")).Is(5).AtOnce();
        server.Close();
        stage.Expect("the first read", await client.ReadAsync(10)).Is(5).Brings("hello"u8).AtOnce();
        stage.Expect("the second read", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();
        stage.Expect("the third read", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();
    }
}
