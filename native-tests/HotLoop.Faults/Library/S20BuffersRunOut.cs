using System.Buffers.Binary;
using HotLoop.Faults.Frame;
using HotLoop.Polling.Uring;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S20BuffersRunOut
{
    private const int Buffers = 16;
    private const int BurstBytes = 64 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Scenario(20, "Buffer ring exhausted", Brief = true, IsUringOnly = true), ClassData(typeof(UringOnly))]
    public Task Every_burst_is_answered_with_its_checksum(BackendKind backend)
    {
        int count = Scale.Of(full: 1000, brief: 200), rounds = Scale.Of(full: 10, brief: 2);
        return Row.RunAsync(backend, $"{Buffers} buffers; {count} connections send {BurstBytes / 1024} KiB each at once, {rounds} times", async row =>
        {
            await using UringServer server = new(UringLimits.Default with { Buffers = Buffers, BufferStep = 4 }, AnswerAsync);
            using LoopGroup clients = new(new LoopOptions { LoopCount = 1, Backend = BackendKind.Epoll });
            using SocketScope scope = new(clients, onLoop: false);
            List<Conn> conns = [];
            for (int i = 0; i < count; i++)
            {
                conns.Add(await scope.Dial(server.Address.ToString()));
            }

            int wrong = 0, stuck = 0;
            for (int round = 0; round < rounds; round++)
            {
                byte[] burst = new byte[BurstBytes];
                new Random(round).NextBytes(burst);
                Task<bool>[] answers = [.. conns.Select(conn => AskAsync(conn, burst))];
                await Task.WhenAny(Task.WhenAll(answers), Task.Delay(s_limit));
                stuck += answers.Count(a => !a.IsCompleted);
                wrong += answers.Count(a => a.IsCompleted && !a.Result);
            }

            row.Measure("connections stuck", stuck, most: 0);
            row.Measure("wrong checksums", wrong, most: 0);
            row.Measure("receives without a buffer", server.Poller.BufferShortages, least: 1);
        });
    }

    private static async Task<bool> AskAsync(Conn conn, byte[] burst)
    {
        byte[] answer = new byte[sizeof(uint)];
        await conn.WriteAsync(burst);
        return await conn.ReadFullAsync(answer) && BinaryPrimitives.ReadUInt32LittleEndian(answer) == Checksum.Of(burst);
    }

    private static async Task AnswerAsync(Conn conn)
    {
        byte[] burst = new byte[BurstBytes];
        byte[] answer = new byte[sizeof(uint)];
        while (await conn.ReadFullAsync(burst))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(answer, Checksum.Of(burst));
            await conn.WriteAsync(answer);
        }
    }
}
