using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S12AcceptQueueOverflow
{
    private const int Backlog = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Scenario(12, "Accept queue overflows"), ClassData(typeof(Backends))]
    public Task Who_waited_is_served_and_nobody_is_forgotten(BackendKind backend)
    {
        int count = Scale.Of(full: 500, brief: 50);
        TimeSpan rest = Scale.Of(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        return Row.RunAsync(backend, $"a backlog of {Backlog}, {count} dials at once, nobody accepts for {rest.TotalSeconds:0} s", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using SocketScope scope = new(loops, onLoop: false);
            using Listener listener = scope.Listen(backlog: Backlog);
            Task<bool>[] clients = [.. Enumerable.Range(0, count).Select(_ => UseAsync(scope, listener))];
            await Task.Delay(rest); // the server's rest
            int early = clients.Count(c => c.IsCompleted);
            Stopwatch watch = Stopwatch.StartNew();
            Task accepting = AcceptAllAsync(listener);
            bool[] served = await Task.WhenAll(clients).WaitAsync(s_patience * 2);
            row.Measure("answered while nobody accepted", early, most: 0);
            row.Measure("clients served", served.Count(s => s), least: count);
            row.Measure("the last one after, s", watch.Elapsed.TotalSeconds, most: s_patience.TotalSeconds);
            listener.Dispose();
            await accepting;
        });
    }

    private static async Task<bool> UseAsync(SocketScope scope, Listener listener)
    {
        using Conn conn = await scope.Dialer(s_patience).DialAsync("tcp", listener.Address.ToString());
        conn.SetDeadline(Deadline.After(s_patience));
        await conn.WriteAsync(new byte[] { 7 });
        byte[] answer = new byte[1];
        return await conn.ReadAsync(answer) == 1 && answer[0] == 7;
    }

    private static async Task AcceptAllAsync(Listener listener)
    {
        while ((await listener.TryAcceptAsync()).Conn is { } conn)
        {
            _ = conn.Go(static async c =>
            {
                byte[] buffer = new byte[1];
                await c.ReadAsync(buffer);
                await c.WriteAsync(buffer);
            });
        }
    }
}
