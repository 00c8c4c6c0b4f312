using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

/// <summary>Copies from connection to connection that go well.</summary>
public sealed class CopyTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly byte[] s_pattern = Pattern.Bytes(2 * 1024 * 1024);

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/2", "write.iocopy/5")]
    public Task A_copy_ends_with_its_source(BackendKind backend) => RunBoth(backend, async t =>
    {
        await Copy(t, "write.iocopy/2", s_pattern);
        await Copy(t, "write.iocopy/5", []);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/3-4")]
    public Task What_is_over_the_limit_stays_at_the_source(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn source, Conn feeder) = await t.Pair();
        (Conn destination, Conn sink) = await t.Pair();
        Task feed = Feed(feeder, s_pattern);
        t.Check("write.iocopy/3", await source.TryCopyToAsync(destination, 1000));
        destination.CloseWrite();
        CheckGot(t, "write.iocopy/3", s_pattern[..1000], await Pattern.ReadAll(sink));

        using MemoryStream rest = new();
        t.Check("write.iocopy/4", await Scenario.ReadUpTo(source, int.MaxValue, part => rest.Write(part.Span)));
        Pattern.AssertSame(s_pattern.AsMemory(1000), rest.ToArray());
        await feed;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.iocopy/6-7")]
    public Task Other_sources_are_copied_through_streams(BackendKind backend) => RunBoth(backend, async t =>
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, s_pattern);
            using FileStream file = File.OpenRead(path);
            await CopyStream(t, "write.iocopy/6", file);
        }
        finally
        {
            File.Delete(path);
        }

        using MemoryStream memory = new(s_pattern);
        await CopyStream(t, "write.iocopy/7", memory);
    });

    private static async Task Copy(Scenario t, string id, byte[] bytes)
    {
        (Conn source, Conn feeder) = await t.Pair();
        (Conn destination, Conn sink) = await t.Pair();
        Task feed = Feed(feeder, bytes);
        Task<byte[]> drain = Pattern.ReadAll(sink);
        t.Check(id, await source.TryCopyToAsync(destination));
        destination.CloseWrite();
        CheckGot(t, id, bytes, await drain);
        await feed;
    }

    private static async Task CopyStream(Scenario t, string id, Stream source)
    {
        (Conn destination, Conn sink) = await t.Pair();
        Task<byte[]> drain = Pattern.ReadAll(sink);
        await source.CopyToAsync(destination.AsStream());
        destination.CloseWrite();
        byte[] got = await drain;
        t.Check(id, new CopyResult(source.Position, null));
        CheckGot(t, id, s_pattern, got);
    }

    private static async Task Feed(Conn feeder, byte[] bytes)
    {
        await feeder.WriteAsync(bytes);
        feeder.CloseWrite();
    }

    private static void CheckGot(Scenario t, string id, byte[] expected, byte[] got)
    {
        t.CheckExtra(id, "expected", expected.Length);
        t.CheckExtra(id, "peer_got", got.Length);
        Pattern.AssertSame(expected, got);
    }
}
