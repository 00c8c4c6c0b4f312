using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S25HandlerThrows
{
    private const int Lanes = 16;

    [Scenario(25, "A handler throws", Brief = true), ClassData(typeof(Backends))]
    public Task Only_its_connection_closes_and_it_is_reported_once(BackendKind backend)
    {
        int count = Scale.Of(full: 10_000, brief: 800);
        return Row.RunAsync(
            backend, $"{count} handlers throw: before their first await, after a read, in a task, resumed, after they disposed of the connection; a bystander echoes all the time", async row =>
        {
            int reports = 0;
            using LoopGroup loops = new(new LoopOptions
            {
                Backend = backend,
                LoopCount = 2,
                OnHandlerFault = (_, _) => Interlocked.Increment(ref reports),
            });
            await using Server server = Server.Listen("tcp", "127.0.0.1:0", Handle, new ServerOptions { Loops = loops });
            await using Server thrower = Server.Listen(
                "tcp", "127.0.0.1:0", static _ => throw new InvalidOperationException("before any await"), new ServerOptions { Loops = loops });
            string address = server.Address.ToString();
            Dialer dialer = new() { Loops = loops };
            using Conn bystander = await dialer.DialAsync("tcp", address);
            await EchoAsync(bystander);

            int left = count, open = 0;
            using CancellationTokenSource done = new();
            Task<int> echoing = EchoAllTheTimeAsync(bystander, done.Token);
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
            {
                for (int i = Interlocked.Decrement(ref left); i >= 0; i = Interlocked.Decrement(ref left))
                {
                    using Conn conn = await dialer.DialAsync("tcp", i % 5 == 0 ? thrower.Address.ToString() : address);
                    _ = await conn.TryWriteAsync(new[] { (byte)(1 + (i % 4)) });
                    _ = Interlocked.Add(ref open, (await conn.TryReadAsync(new byte[1])).Count);
                }
            })));

            await done.CancelAsync();
            int echoed = await echoing;
            bystander.Dispose();
            await server.StopAsync(Timeout.InfiniteTimeSpan);
            await thrower.StopAsync(Timeout.InfiniteTimeSpan);
            row.Measure("echoes of the bystander", echoed, least: Scale.Of(full: 100, brief: 5));
            row.Measure("connections that did not close", open, most: 0);
            row.Measure("reports a fault", (double)reports / count, most: 1, least: 1);
            row.Measure("connections left", server.ConnectionCount + thrower.ConnectionCount, most: 0);
        });
    }

    private static async Task Handle(Conn conn)
    {
        byte[] buffer = new byte[1];
        while (await conn.ReadAsync(buffer) > 0)
        {
            switch (buffer[0])
            {
                case 0:
                    await conn.WriteAsync(buffer);
                    break;
                case 1:
                    throw new InvalidOperationException("after a read");
                case 2:
                    await Task.FromException(new InvalidOperationException("from inside a task"));
                    break;
                case 3:
                    conn.Dispose();
                    throw new InvalidOperationException("after disposal");
                default:
                    await Task.Yield();
                    throw new InvalidOperationException("after it was resumed");
            }
        }
    }

    private static async Task<int> EchoAllTheTimeAsync(Conn conn, CancellationToken stop)
    {
        int echoed = 0;
        for (; !stop.IsCancellationRequested; echoed++)
        {
            await EchoAsync(conn);
        }

        return echoed;
    }

    private static async Task EchoAsync(Conn conn)
    {
        await conn.WriteAsync(new byte[1]);
        Assert.Equal(1, await conn.ReadAsync(new byte[1]));
    }
}
