using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Races;

/// <summary>Descriptor numbers are used again at once: nothing of the connection before may reach the next one.</summary>
public sealed class DescriptorReuseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(1200);

    [Theory, ClassData(typeof(Backends))]
    public Task No_connection_sees_bytes_of_another(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        Listener listener = t.Listen();
        Task serving = Serve(listener);
        Stopwatch watch = Stopwatch.StartNew();
        Task[] clients = [.. Enumerable.Range(0, 6).Select(i => Task.Run(() => Client(t, listener, watch, i)))];
        await Task.WhenAll(clients);
        listener.Close();
        await serving;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task No_connection_on_a_loop_sees_bytes_of_another(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        Listener listener = t.Listen();
        Task serving = Serve(listener);
        Stopwatch watch = Stopwatch.StartNew();
        Task[] clients = [.. Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            await t.Loops.Loops[i % 2].SwitchTo();
            await Client(t, listener, watch, i);
        }))];
        await Task.WhenAll(clients);
        listener.Close();
        await serving;
    });

    private static async Task Serve(Listener listener)
    {
        while (true)
        {
            AcceptResult result = await listener.TryAcceptAsync();
            if (result.Conn is null)
            {
                return;
            }

            _ = result.Conn.Go(Echo.Run);
        }
    }

    // Some connections end in order, some while a read waits that another thread's Close ends.
    private static async Task Client(Scenario t, Listener listener, Stopwatch watch, int number)
    {
        byte[] got = new byte[16];
        for (int round = 0; watch.Elapsed < s_duration; round++)
        {
            using Conn conn = await t.Dialer().DialAsync("tcp", listener.Address.ToString());
            Guid identity = Guid.NewGuid();
            await conn.WriteAsync(identity.ToByteArray());
            int count = 0;
            while (count < got.Length)
            {
                int n = await conn.ReadAsync(got.AsMemory(count));
                Assert.True(n > 0, "the echo ended early");
                count += n;
            }

            Assert.Equal(identity, new Guid(got));
            ValueTask<IoResult> read = conn.TryReadAsync(got);
            Task close = (round + number) % 3 == 0 ? Task.Run(conn.Dispose) : Task.CompletedTask;
            if (close.IsCompleted)
            {
                conn.Dispose();
            }

            IoResult result = await read;
            Assert.True(result is { Count: 0, Error.Kind: OpErrorKind.Closed }, result.ToString());
            await close;
        }
    }
}
