namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>opt.linger, read.rst.parked</c>.</summary>
internal sealed class Linger()
    : Experiment("linger", "a close with a linger of 0 is a reset: the peer reads what had come, that error once, the end")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        Task<Outcome> read = client.ReadAsync(10);
        await stage.ExpectWaitsAsync("the read", read);
        server.SetLinger(0);
        TimeSpan closed = server.Close();
        stage.Expect("the read", await read).Is(0, Reset(client)).EndsAt(closed);
        stage.Expect("the read after it", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();

        (client, server) = await stage.ConnectAsync();
        stage.Expect("the write", await server.WriteAsync("hello")).Is(5).AtOnce();
        server.SetLinger(0);
        server.Close();
        stage.Expect("the first read, with data", await client.ReadAsync(10)).Is(5).Brings("hello"u8).AtOnce();
        stage.Expect("the second read, with data", await client.ReadAsync(10)).Is(0, Reset(client)).AtOnce();
        stage.Expect("the third read, with data", await client.ReadAsync(10)).Is(0, Outcome.EndOfStream).AtOnce();
    }

    private static string Reset(LoggedConn conn) => conn.ErrorText("read", "read: connection reset by peer");
}
