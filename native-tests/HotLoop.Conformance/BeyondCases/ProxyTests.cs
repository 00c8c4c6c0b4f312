using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Two copies, one for each direction, between a client's connection and a server's.</summary>
public sealed class ProxyTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly byte[] s_question = Pattern.Bytes(1_000_000);
    private static readonly byte[] s_answer = [.. Pattern.Bytes(1_500_000).Reverse()];

    [Theory, ClassData(typeof(Backends))]
    public Task Both_directions_flow_at_once_and_end_one_after_the_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn client, Conn near) = await t.NarrowPair();
        (Conn far, Conn server) = await t.NarrowPair();
        Task<CopyResult> forth = CopyAndClose(near, far);
        Task<CopyResult> back = CopyAndClose(far, near);

        Task[] writes = [WriteAndClose(client, s_question), WriteAndClose(server, s_answer)];
        Task<byte[]> asked = Pattern.ReadAll(server);
        Task<byte[]> answered = Pattern.ReadAll(client);
        await Task.WhenAll(writes);
        Pattern.AssertSame(s_question, await asked);
        Pattern.AssertSame(s_answer, await answered);
        Assert.Equal(new CopyResult(s_question.Length, null), await forth);
        Assert.Equal(new CopyResult(s_answer.Length, null), await back);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_half_close_passes_and_the_other_direction_goes_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn client, Conn near) = await t.Pair();
        (Conn far, Conn server) = await t.Pair();
        Task<CopyResult> forth = CopyAndClose(near, far);
        Task<CopyResult> back = CopyAndClose(far, near);

        client.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(server));
        Assert.Equal(new CopyResult(0, null), await forth);
        _ = await Scenario.Write(server, 5);
        Assert.Equal(new IoResult(5, null), await Scenario.Read(client));
        server.Close();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(client));
        Assert.Equal(new CopyResult(5, null), await back);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_close_of_the_proxy_s_ends_ends_both_copies(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn client, Conn near) = await t.NarrowPair();
        (Conn far, Conn server) = await t.NarrowPair();
        Task<CopyResult> forth = near.TryCopyToAsync(far).AsTask();
        Task<CopyResult> back = far.TryCopyToAsync(near).AsTask();
        Task<IoResult> flood = Scenario.Write(client, 4 * Scenario.Flood).AsTask();
        Assert.Equal(1000, (await Scenario.ReadUpTo(server, 1000)).Count); // one copies, the other waits
        far.Close();
        Assert.Equal(OpErrorKind.Closed, (await forth).Error?.Kind);
        Assert.Equal(OpErrorKind.Closed, (await back).Error?.Kind);
        near.Close();
        Assert.NotNull((await flood).Error);
    });

    private static async Task<CopyResult> CopyAndClose(Conn source, Conn destination)
    {
        CopyResult result = await source.TryCopyToAsync(destination);
        destination.CloseWrite();
        return result;
    }

    private static async Task WriteAndClose(Conn conn, byte[] bytes)
    {
        await conn.WriteAsync(bytes);
        conn.CloseWrite();
    }
}
