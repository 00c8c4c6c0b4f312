using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Descriptor numbers and slots that many threads close and open again at once: every byte of a connection is its own.</summary>
public sealed class ReuseTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Flows = 6;
    private const int Rounds = 100;

    [Theory, ClassData(typeof(Settings))]
    public Task No_connection_sees_a_byte_of_another(Setting setting) => Race(setting, 1, async t =>
    {
        Listener listener = t.Listen();
        List<Task> handlers = [];
        Task serving = t.Start(() => Serve(t, listener, handlers));
        int seed = t.Random.Next();
        await Task.WhenAll(Enumerable.Range(0, Flows).Select(flow => t.Start(async () =>
        {
            Random random = new(seed + flow);
            for (int round = 0; round < Rounds; round++)
            {
                await Visit(t, listener, random);
            }
        })));
        listener.Close();
        await serving;
        await Task.WhenAll(handlers);
    });

    private static async Task Serve(StressRun t, Listener listener, List<Task> handlers)
    {
        while ((await t.Watch(listener.TryAcceptAsync())).Conn is { } conn)
        {
            handlers.Add(conn.Go(Echo.Run));
        }
    }

    // Writes its mark until the end; all that comes back must be that mark. Closes while a read waits, and mostly a write too.
    private static async Task Visit(StressRun t, Listener listener, Random random)
    {
        using Conn conn = await t.Dialer().DialAsync(listener.Address.Network, listener.Address.ToString());
        byte[] mark = new byte[16];
        random.NextBytes(mark);
        byte[] sent = [.. Enumerable.Repeat(mark, random.Next(1, 64)).SelectMany(m => m)];
        Assert.Equal(new IoResult(sent.Length, null), await t.Watch(conn.TryWriteAsync(sent)));
        byte[] got = new byte[sent.Length];
        int count = 0;
        while (count < got.Length)
        {
            IoResult read = await t.Watch(conn.TryReadAsync(got.AsMemory(count)));
            Assert.True(read is { Count: > 0, Error: null }, read.ToString());
            count += read.Count;
        }

        Assert.True(sent.AsSpan().SequenceEqual(got), "bytes of another connection");
        Task<IoResult> last = t.Watch(conn.TryReadAsync(got));
        Task? writing = random.Next(3) == 0 ? null : t.Watch(conn.TryWriteAsync(sent));
        Task closing = random.Next(2) == 0 ? Task.Run(conn.Close) : Task.CompletedTask;
        if (closing.IsCompleted)
        {
            conn.Dispose();
        }

        IoResult end = await last;
        Assert.True(end is { Error.Kind: OpErrorKind.Closed } || sent.AsSpan().StartsWith(got.AsSpan(0, end.Count)), end.ToString());
        await (writing ?? Task.CompletedTask);
        await closing;
    }
}
