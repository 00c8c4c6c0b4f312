using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Copies that must do without splice(2).</summary>
public sealed class CopyFallbackTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Records_stay_records(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn source, Conn feeder) = await Records(t);
        (Conn destination, Conn sink) = await Records(t);
        Task<CopyResult> copy = source.TryCopyToAsync(destination).AsTask();
        foreach (int size in new[] { 1, 5, 3000, 2 })
        {
            Assert.Equal(new IoResult(size, null), await Scenario.Write(feeder, size));
            Assert.Equal(new IoResult(size, null), await Scenario.Read(sink, 4096));
        }

        feeder.Close();
        Assert.Equal(new CopyResult(3008, null), await copy);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Records_become_bytes_of_a_stream(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn source, Conn feeder) = await Records(t);
        (Conn destination, Conn sink) = await t.Pair();
        foreach (int size in new[] { 1, 5, 3000 })
        {
            Assert.Equal(new IoResult(size, null), await Scenario.Write(feeder, size));
        }

        feeder.Close();
        Assert.Equal(new CopyResult(3006, null), await source.TryCopyToAsync(destination));
        destination.Close();
        Assert.Equal(3006, (await Pattern.ReadAll(sink)).Length);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Without_descriptors_for_a_pipe_a_buffer_does(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn destination, Conn sink) = await t.Pair();
        (Conn source, Conn feeder) = await t.Pair();
        byte[] bytes = Pattern.Bytes(100_000);
        await feeder.WriteAsync(bytes);
        feeder.Close();

        // Copies that wait hold every pipe that was kept for use.
        List<Task<CopyResult>> waiting = [];
        List<Conn> waitingFor = [];
        for (int i = 0; i <= 2 * Environment.ProcessorCount; i++)
        {
            (Conn idle, Conn silent) = await t.Pair();
            waiting.Add(idle.TryCopyToAsync(destination).AsTask());
            waitingFor.Add(silent);
        }

        using (DescriptorLimit limit = new())
        {
            int pipes = CountPipes(limit);
            Assert.Equal(new CopyResult(bytes.Length, null), await source.TryCopyToAsync(destination));
            Assert.Equal(pipes, CountPipes(limit));
        }

        waitingFor.ForEach(conn => conn.Close());
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(new CopyResult(0, null), result));
        destination.Close();
        Pattern.AssertSame(bytes, await Pattern.ReadAll(sink));
    });

    private static async Task<(Conn Conn, Conn Peer)> Records(Scenario t)
    {
        using Listener listener = t.Listen("unixpacket", "");
        Conn conn = await t.Dial(listener.Address.ToString(), "unixpacket");
        return (conn, await t.Accept(listener));
    }

    // Listing a directory takes a descriptor itself.
    private static int CountPipes(DescriptorLimit limit)
    {
        limit.Free(1);
        string?[] targets =
        [
            .. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(p => new FileInfo(p).LinkTarget),
        ];
        limit.Fill();
        return targets.Count(target => target?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }
}
