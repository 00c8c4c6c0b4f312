namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>write.timeout.partial</c>.</summary>
internal sealed class WritePartial()
    : Experiment("write-partial", "a write that its deadline ends says how much is on its way; the stream goes on there")
{
    internal override async Task PlayAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectNarrowAsync();
        byte[] data = Stage.Pattern(Stage.MuchBytes);
        TimeSpan deadline = client.SetWriteDeadline(Stage.Moment);
        Outcome first = await client.WriteAsync(data);
        stage.Expect("the write", first).IsPartOf(data.Length, client.ErrorText("write", "i/o timeout")).EndsAt(deadline);

        int written = first.Count ?? 0;
        client.ClearWriteDeadline();
        Task<Outcome> rest = client.WriteAsync(data.AsMemory(written));
        Outcome reads = await server.ReadFullAsync(data.Length);
        stage.Expect("the write of the rest", await rest).Is(data.Length - written);
        stage.Expect("the reads", reads).Is(data.Length).Brings(data);
    }
}
