using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>A cancellation that meets something else: whoever wins, nothing is lost, doubled or left hanging.</summary>
public sealed class CancelRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Rounds = 3000;

    [Theory, ClassData(typeof(Backends))]
    public Task Reads_canceled_at_any_moment_lose_no_byte(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Random random = new(1);
        byte[] buffer = new byte[64];
        (long sent, long got, int canceled) = (0, 0, 0);
        for (int i = 0; i < Rounds; i++)
        {
            using CancellationTokenSource source = new();
            Task<int> read = stream.ReadAsync(buffer.AsMemory(0, random.Next(buffer.Length)), source.Token).AsTask();
            Task cancel = Later(random, source.Cancel);
            if (random.Next(4) != 0)
            {
                byte[] bytes = NumberedBytes.Make(sent, random.Next(1, 48));
                sent += bytes.Length;
                await peer.WriteAsync(bytes);
            }

            try
            {
                int count = await read;
                NumberedBytes.Check(got, buffer.AsSpan(0, count));
                got += count;
            }
            catch (OperationCanceledException)
            {
                canceled++;
            }

            await cancel;
        }

        peer.CloseWrite();
        await Scenario.ReadUpTo(conn, long.MaxValue, part =>
        {
            NumberedBytes.Check(got, part.Span);
            got += part.Length;
        });
        Assert.Equal(sent, got);
        Assert.True(canceled > 0, "no round was canceled");
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_and_Close_end_a_call_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        Random random = new(3);
        for (int i = 0; i < 100; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            ConnStream stream = conn.AsStream();
            using CancellationTokenSource source = new();
            Task<int> read = stream.ReadAsync(new byte[random.Next(2)], source.Token).AsTask();
            Task cancel = Later(random, source.Cancel);
            Task close = Later(random, stream.Dispose);
            Exception e = await Assert.ThrowsAnyAsync<Exception>(() => read);
            Assert.True(e is OperationCanceledException or OpError { Kind: OpErrorKind.Closed }, e.Message);
            await Task.WhenAll(cancel, close);
            peer.Close();
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_and_a_deadline_end_a_call_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Random random = new(4);
        byte[] buffer = new byte[8];
        for (int i = 0; i < 500; i++)
        {
            using CancellationTokenSource source = new();
            Task<int> read = stream.ReadAsync(buffer.AsMemory(0, random.Next(2)), source.Token).AsTask();
            Task cancel = Later(random, source.Cancel);
            Task expire = Later(random, () => conn.SetReadDeadline(Deadline.Past));
            Exception e = await Assert.ThrowsAnyAsync<Exception>(() => read);
            Assert.True(e is OperationCanceledException or OpError { Timeout: true }, e.Message);
            await Task.WhenAll(cancel, expire);
            conn.SetReadDeadline(Deadline.None);
            await peer.WriteAsync(new byte[3]);
            Assert.Equal(3, await stream.ReadAsync(buffer));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_that_runs_out_and_a_reset_end_a_call_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        Random random = new(5);
        for (int i = 0; i < 100; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            await using ConnStream stream = conn.AsStream();
            using CancellationTokenSource source = new();
            Task<int> read = stream.ReadAsync(new byte[random.Next(2)], source.Token).AsTask();
            Task cancel = Later(random, source.Cancel);
            Task reset = Later(random, () => Scenario.Reset(peer));
            Exception e = await Assert.ThrowsAnyAsync<Exception>(() => read);
            await Task.WhenAll(cancel, reset);
            if (e is OperationCanceledException)
            {
                // The reset was not told, so it still is.
                e = await Assert.ThrowsAnyAsync<Exception>(async () => Assert.Equal(0, await stream.ReadAsync(new byte[1])));
            }

            Assert.True(e is OpError { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionReset }, e.Message);
        }
    });

    // In another thread, after a while too short for a timer.
    private static Task Later(Random random, Action action)
    {
        int spins = random.Next(4000);
        return Task.Run(() =>
        {
            Thread.SpinWait(spins);
            action();
        });
    }
}
