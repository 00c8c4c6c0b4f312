using HotLoop.Faults.Frame;
using HotLoop.Polling.Uring;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S21CompletionsOverflow
{
    private const int Completions = 64;
    private const int Buffers = 8192; // enough for all: here they are not what runs short
    private const int AtOnce = 250;
    private const int MessageBytes = 4 * BufferRing.BufferBytes; // four completions each

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Scenario(21, "Completion queue overflows", Brief = true, IsUringOnly = true), ClassData(typeof(UringOnly))]
    public Task No_completion_is_lost(BackendKind backend)
    {
        int count = Scale.Of(full: 1250, brief: 250), rounds = Scale.Of(full: 10, brief: 2);
        return Row.RunAsync(
            backend, $"a completion queue of {Completions}; the loop stands still while {count} connections send {MessageBytes / 1024} KiB each, {rounds} times", async row =>
        {
            UringLimits limits = UringLimits.Default with { Submissions = Completions, Completions = Completions, Buffers = Buffers, BufferStep = Buffers };
            await using UringServer server = new(limits, Echo);
            using LoopGroup clients = new(new LoopOptions { LoopCount = 1, Backend = BackendKind.Epoll });
            using SocketScope scope = new(clients, onLoop: false);
            List<Conn> conns = [];
            while (conns.Count < count)
            {
                conns.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => scope.Dial(server.Address.ToString()))));
            }

            int answered = 0;
            for (int round = 0; round < rounds; round++)
            {
                Task<bool>[] answers = [];
                await server.WhileBlockedAsync(async () =>
                {
                    await Task.WhenAll(conns.Select(conn => conn.WriteAsync(new byte[MessageBytes]).AsTask()));
                    answers = [.. conns.Select(conn => conn.ReadFullAsync(new byte[MessageBytes]))];
                });
                await Task.WhenAny(Task.WhenAll(answers), Task.Delay(s_limit));
                answered += answers.Count(a => a.IsCompleted && a.Result);
            }

            row.Measure("messages lost", (count * rounds) - answered, most: 0);
            row.Measure("overflows", server.Poller.CompletionOverflows, least: 1);
        });
    }

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[MessageBytes];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }
}
