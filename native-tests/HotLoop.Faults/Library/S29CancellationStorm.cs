using System.Runtime.CompilerServices;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S29CancellationStorm
{
    private const int Pairs = 32;
    private const byte Untouched = 0xEE;

    [Scenario(29, "Cancellation storm", Brief = true), ClassData(typeof(Backends))]
    public Task Each_operation_ends_once_with_its_own_token(BackendKind backend)
    {
        int count = Scale.Of(full: 400_000, brief: 20_000);
        string provoked = $"{count} reads on {Pairs} connections, each with a token of its own, canceled before, during or after, or disposed of; bytes come at random";
        return Row.RunAsync(backend, provoked, async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using CancellationTokenSource shared = new(); // lives longer than the connections: what is registered with it would keep them
            (WeakReference[] conns, Sums sums) = await RunAsync(loops, count / Pairs, shared);
            row.Measure("ends an operation", (double)(sums.Ended + sums.Canceled) / (count / Pairs * Pairs), most: 1, least: 1);
            row.Measure("canceled, %", 100.0 * sums.Canceled / count, most: 99.9, least: 0.1);
            row.Measure("with another's token", sums.WrongToken, most: 0);
            row.Measure("bytes sent and not received", sums.Sent - sums.Received, most: 0);
            row.Measure("buffers touched after the return", sums.Touched, most: 0);
            for (int i = 0; i < 10 && conns.Any(c => c.IsAlive); i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(10); // the loops let go of what they ran last
            }

            row.Measure("connections kept by a token, %", 100.0 * conns.Count(c => c.IsAlive) / conns.Length, most: 10);
        });
    }

    // Not inlined: nothing of a connection may stay in the caller's frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(WeakReference[] Conns, Sums Sums)> RunAsync(LoopGroup loops, int rounds, CancellationTokenSource shared)
    {
        using SocketScope scope = new(loops, onLoop: false);
        Sums sums = new();
        List<WeakReference> conns = [];
        List<Task> running = [];
        for (int i = 0; i < Pairs; i++)
        {
            using Listener listener = scope.Listen();
            Conn conn = await scope.Dialer().DialAsync("tcp", listener.Address.ToString());
            Conn peer = await listener.AcceptAsync();
            conns.Add(new WeakReference(conn));
            int seed = i;
            running.Add(Task.Run(() => UseAsync(conn, peer, new Random(seed), rounds, sums, shared)));
        }

        await Task.WhenAll(running);
        return ([.. conns], sums);
    }

    private static async Task UseAsync(Conn conn, Conn peer, Random random, int rounds, Sums sums, CancellationTokenSource shared)
    {
        ConnStream stream = conn.AsStream();
        byte[] buffer = new byte[4];
        int owed = 0;
        for (int i = 0; i < rounds; i++)
        {
            buffer.AsSpan().Fill(Untouched);
            using CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(shared.Token);
            if (random.Next(8) == 0)
            {
                await own.CancelAsync();
            }

            ValueTask<int> read = stream.ReadAsync(buffer.AsMemory(0, 1), own.Token);
            bool sends = random.Next(2) == 0;
            Task cancel = random.Next(3) == 0 ? Task.CompletedTask : Task.Run(own.Cancel);
            if (sends || cancel.IsCompleted)
            {
                await peer.WriteAsync(new byte[] { 1 });
                Interlocked.Increment(ref sums.Sent);
                owed++;
            }

            try
            {
                owed -= await read;
                Interlocked.Increment(ref sums.Received);
                Interlocked.Increment(ref sums.Ended);
            }
            catch (OperationCanceledException e)
            {
                Interlocked.Increment(ref sums.Canceled);
                Interlocked.Add(ref sums.WrongToken, e.CancellationToken == own.Token ? 0 : 1);
                buffer[0] = Untouched;
            }

            await cancel;
            Interlocked.Add(ref sums.Touched, buffer.AsSpan(1).ContainsAnyExcept(Untouched) || (buffer[0] is not (1 or Untouched)) ? 1 : 0);
        }

        for (byte[] rest = new byte[64]; owed > 0;)
        {
            int n = await conn.ReadAsync(rest);
            owed -= n;
            Interlocked.Add(ref sums.Received, n);
        }

        conn.Dispose();
        peer.Dispose();
    }

    private sealed class Sums
    {
        internal int Ended;
        internal int Canceled;
        internal int WrongToken;
        internal int Touched;
        internal int Sent;
        internal int Received;
    }
}
