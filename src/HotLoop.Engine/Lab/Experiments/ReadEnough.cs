namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.enough</c>.</summary>
internal sealed class ReadEnough()
    : Experiment("read-enough", "a read takes as much as its buffer holds, and the next one the rest")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        stage.Expect("the write", await server.WriteAsync("hello, world")).Is(12).AtOnce();
        stage.Expect("the first read", await client.ReadAsync(10)).Is(10).Brings("hello, wor"u8).AtOnce();
        stage.Expect("the second read", await client.ReadAsync(10)).Is(2).Brings("ld"u8).AtOnce();
    }
}
