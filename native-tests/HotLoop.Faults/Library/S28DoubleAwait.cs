using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S28DoubleAwait
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Scenario(28, "Double completion, double await", Brief = true), ClassData(typeof(Backends))]
    public Task Misuse_is_refused_and_reaches_no_other_operation(BackendKind backend)
    {
        int misuses = Scale.Of(full: 20_000, brief: 1000), races = Scale.Of(full: 200_000, brief: 5000);
        return Row.RunAsync(
            backend, $"{misuses} results asked for early, twice, and while another read waits; {races} completions that race with a cancellation", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using SocketScope scope = new(loops, onLoop: false);
            (Conn conn, Conn peer) = await scope.Pair();
            int notRefused = 0;
            for (int i = 0; i < misuses; i++)
            {
                notRefused += await MisuseAsync(conn, peer, (byte)i);
            }

            row.Measure("misuses not refused", notRefused, most: 0);
            (int ends, int wrong, int canceled) = await RaceAsync(conn, peer, races).WaitAsync(s_limit + Scale.Of(TimeSpan.FromSeconds(60), TimeSpan.Zero));
            row.Measure("ends a read", (double)ends / races, most: 1, least: 1);
            row.Measure("bytes lost, doubled or of another read", wrong, most: 0);
            row.Measure("of them canceled, %", 100.0 * canceled / races, most: 99.9, least: 0.1);
        });
    }

    // How many of its three misuses were not refused.
    private static async Task<int> MisuseAsync(Conn conn, Conn peer, byte value)
    {
        byte[] buffer = new byte[1];
        ValueTask<int> read = conn.ReadAsync(buffer);
        int accepted = 0;
        if (!read.IsCompleted)
        {
            accepted += IsRefused(read) ? 0 : 1; // early
        }

        await peer.WriteAsync(new[] { value });
        Assert.Equal(1, await read);
        Assert.Equal(value, buffer[0]);

        ValueTask<int> next = conn.ReadAsync(buffer);
        if (next.IsCompleted)
        {
            return accepted + 1; // it has taken what was not there
        }

        accepted += IsRefused(read) ? 0 : 1; // twice, while the next one waits
        await peer.WriteAsync(new[] { (byte)(value + 1) });
        Assert.Equal(1, await next);
        Assert.Equal((byte)(value + 1), buffer[0]);
        return accepted + (IsRefused(next) ? 0 : 1);
    }

    private static bool IsRefused(ValueTask<int> task)
    {
        try
        {
            _ = task.GetAwaiter().GetResult();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    // One byte for each read, which is canceled at the same time: it comes with this read or with a later one, once, in order.
    private static async Task<(int Ends, int Wrong, int Canceled)> RaceAsync(Conn conn, Conn peer, int races)
    {
        ConnStream stream = conn.AsStream(leaveOpen: true);
        (int ends, int wrong, int canceled) = (0, 0, 0);
        byte[] buffer = new byte[1];
        byte expected = 0, sent = 0;
        for (int i = 0; i < races; i++)
        {
            using CancellationTokenSource source = new();
            ValueTask<int> read = stream.ReadAsync(buffer, source.Token);
            Task cancel = Task.Run(source.Cancel);
            await peer.WriteAsync(new[] { sent++ });
            try
            {
                int n = await read;
                wrong += n == 1 && buffer[0] == expected++ ? 0 : 1;
            }
            catch (OperationCanceledException e) when (e.CancellationToken == source.Token)
            {
                canceled++;
            }

            ends++;
            await cancel;
            while (expected != sent)
            {
                wrong += await conn.ReadAsync(buffer) == 1 && buffer[0] == expected++ ? 0 : 1;
            }
        }

        return (ends, wrong, canceled);
    }
}
