namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>write.block</c>.</summary>
internal sealed class WriteBlock()
    : Experiment("write-block", "a write waits while the peer does not read, and returns when all is on its way")
{
    // More than the kernel buffers by itself.
    private const int Size = 8 * 1024 * 1024;

    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        byte[] data = Stage.Pattern(Size);
        Task<Outcome> write = client.WriteAsync(data);
        await stage.ExpectWaitsAsync("the write", write);

        Outcome reads = await server.ReadFullAsync(Size);
        stage.Expect("the reads", reads).Is(Size).Brings(data);
        stage.Expect("the write", await write).Is(Size).EndsBetween(reads.Began, reads.Ended);
    }
}
