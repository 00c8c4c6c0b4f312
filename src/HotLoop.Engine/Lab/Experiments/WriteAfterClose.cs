namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>write.peerclosed</c>.</summary>
internal sealed class WriteAfterClose()
    : Experiment("write-after-close", "the peer has closed: one write still succeeds, unless it left data unread; the next fails")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        string brokenPipe = client.ErrorText("write", "write: broken pipe");
        server.Close();
        stage.Expect("the first write", await client.WriteAsync("hello")).Is(5).AtOnce();
        await Task.Delay(Stage.Moment); // for the answer to it, a reset
        stage.Expect("the second write", await client.WriteAsync("hello")).Is(0, brokenPipe).AtOnce();
        stage.Expect("the third write", await client.WriteAsync("hello")).Is(0, brokenPipe).AtOnce();

        (client, server) = await stage.ConnectAsync();
        brokenPipe = client.ErrorText("write", "write: broken pipe");
        string reset = client.ErrorText("write", "write: connection reset by peer");
        stage.Expect("a write that nobody reads", await client.WriteAsync("hello")).Is(5).AtOnce();
        server.Close();
        await Task.Delay(Stage.Moment);
        stage.Expect("the first write after data unread", await client.WriteAsync("hello")).Is(0, reset).AtOnce();
        stage.Expect("the second write after data unread", await client.WriteAsync("hello")).Is(0, brokenPipe).AtOnce();
    }
}
