namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>write.closewrite</c>.</summary>
internal sealed class HalfClose()
    : Experiment("half-close", "one side has closed its writing half: the peer reads to the end, and the other direction goes on")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        stage.Expect("the write", await client.WriteAsync("hello")).Is(5).AtOnce();
        client.CloseWrite();
        stage.Expect("the peer's read", await server.ReadAsync(10)).Is(5).Brings("hello"u8).AtOnce();
        stage.Expect("the peer's second read", await server.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();

        stage.Expect("the peer's write", await server.WriteAsync("good-bye")).Is(8).AtOnce();
        stage.Expect("the read", await client.ReadAsync(10)).Is(8).Brings("good-bye"u8).AtOnce();
        stage.Expect("a write after the half-close", await client.WriteAsync("hello"))
            .Is(0, client.ErrorText("write", "write: broken pipe"))
            .AtOnce();

        server.Close();
        stage.Expect("the last read", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();
    }
}
