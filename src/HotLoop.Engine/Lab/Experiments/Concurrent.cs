namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>read.concurrent, write.concurrent</c>.</summary>
internal sealed class Concurrent()
    : Experiment("concurrent", "a second read waits its turn, and writes of several threads are not mixed")
{
    private const int Writers = 4;
    private const int EachBytes = 512 * 1024;

    internal override async Task PlayAsync(Stage stage)
    {
        await ReadAsync(stage);
        await WriteAsync(stage);
    }

    private static async Task ReadAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectAsync();
        Task<Outcome> first = client.ReadAsync(3);
        Task<Outcome> second = client.ReadAsync(10);
        await stage.ExpectWaitsAsync("the first read", first);

        Outcome write = await server.WriteAsync("hel");
        stage.Expect("the first read", await first).Is(3).Brings("hel"u8).EndsAt(write.Began);
        await stage.ExpectWaitsAsync("the second read", second);

        write = await server.WriteAsync("lo");
        stage.Expect("the second read", await second).Is(2).Brings("lo"u8).EndsAt(write.Began);
    }

    // Narrow, and nobody reads at first: each of them has to wait in the middle of its bytes.
    private static async Task WriteAsync(Stage stage)
    {
        (LoggedConn client, LoggedConn server) = await stage.ConnectNarrowAsync();
        Task<Outcome>[] writes = [.. Enumerable.Range(0, Writers).Select(i => Task.Run(() => client.WriteAsync(Letters(i))))];
        await stage.ExpectWaitsAsync("each write", Task.WhenAny(writes));

        Outcome reads = await server.ReadFullAsync(Writers * EachBytes);
        stage.Expect("the reads", reads).Is(Writers * EachBytes);
        foreach (Outcome write in await Task.WhenAll(writes))
        {
            stage.Expect("a write", write).Is(EachBytes).EndsBetween(reads.Began, reads.Ended);
        }

        int runs = CountRuns(reads.Data.Span);
        stage.Verdict.Check(runs == Writers, $"{Writers} writes arrive in {runs} runs of one letter, in Go in {Writers}");
    }

    private static byte[] Letters(int writer)
    {
        byte[] data = new byte[EachBytes];
        data.AsSpan().Fill((byte)('a' + writer));
        return data;
    }

    private static int CountRuns(ReadOnlySpan<byte> data)
    {
        int runs = data.IsEmpty ? 0 : 1;
        for (int i = 1; i < data.Length; i++)
        {
            runs += data[i] == data[i - 1] ? 0 : 1;
        }

        return runs;
    }
}
