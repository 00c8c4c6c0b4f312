using System.Buffers.Binary;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S02DescriptorReuse
{
    private const int Churners = 8;
    private const int Talkers = 8;
    private const int MessageBytes = 16;
    private const int MessagesMax = 20;

    private static long s_ids;

    [Scenario(2, "Descriptor numbers used again", Brief = true), ClassData(typeof(Backends))]
    public Task No_connection_sees_another_ones_bytes(BackendKind backend)
    {
        TimeSpan time = Scale.Of(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(1));
        return Row.RunAsync(
            backend, $"for {time.TotalSeconds:0} s {Churners} tasks open and close connections while {Talkers} talk; each connection's own number is in all its messages", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2, OnHandlerFault = static (_, _) => { } });
            int foreign = 0, connections = 0;
            long messages = 0;
            await using Server server = Server.Listen("tcp", "127.0.0.1:0", Handle, new ServerOptions { Loops = loops });
            Dialer dialer = new() { Loops = loops };
            using CancellationTokenSource stop = new(time);
            await Task.WhenAll(Enumerable.Range(0, Churners + Talkers).Select(i => Task.Run(() => UseAsync(new Random(i), talks: i < Talkers))));
            await server.StopAsync(TimeSpan.FromSeconds(5));
            row.Measure("foreign messages", foreign, most: 0);
            row.Measure("connections", connections, least: 100);
            row.Measure("messages", messages, least: Scale.Of(full: 10_000, brief: 20));

            async Task UseAsync(Random random, bool talks)
            {
                while (!stop.IsCancellationRequested)
                {
                    using Conn conn = await dialer.DialAsync("tcp", server.Address.ToString());
                    Interlocked.Increment(ref connections);
                    byte[] message = new byte[MessageBytes], echo = new byte[MessageBytes];
                    long id = Interlocked.Increment(ref s_ids);
                    BinaryPrimitives.WriteInt64LittleEndian(message, id);
                    BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(sizeof(long)), ~id);
                    int count = talks ? 1 + random.Next(MessagesMax) : random.Next(2);
                    for (int i = 0; i < count; i++)
                    {
                        await conn.WriteAsync(message);
                        if (talks)
                        {
                            bool whole = await conn.ReadFullAsync(echo);
                            Interlocked.Add(ref foreign, whole && echo.AsSpan().SequenceEqual(message) ? 0 : 1);
                            Interlocked.Increment(ref messages);
                        }
                    }

                    if (random.Next(4) == 0)
                    {
                        conn.SetLinger(0); // so that it is reset
                    }
                }
            }

            // Whoever hangs up in the middle of a message ends it with an error, which is not a fault here.
            async Task Handle(Conn conn)
            {
                byte[] first = new byte[MessageBytes], next = new byte[MessageBytes];
                if (!await conn.ReadFullAsync(first))
                {
                    return;
                }

                first.CopyTo(next, 0);
                do
                {
                    Interlocked.Add(ref foreign, next.AsSpan().SequenceEqual(first) ? 0 : 1);
                    await conn.WriteAsync(next);
                }
                while (await conn.ReadFullAsync(next));
            }
        });
    }
}
