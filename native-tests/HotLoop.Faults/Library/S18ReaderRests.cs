using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S18ReaderRests
{
    private const int KernelBytes = 64 * 1024;
    private const int PerConnKiB = 1024; // the reference: Kestrel's MaxReadBufferSize

    [Scenario(18, "Application does not read", Brief = true), ClassData(typeof(Backends))]
    public Task Memory_is_bounded_and_the_stream_is_whole(BackendKind backend)
    {
        int count = Scale.Of(full: 100, brief: 20);
        TimeSpan rest = Scale.Of(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        return Row.RunAsync(backend, $"{count} peers that send as fast as they can, while the application rests for {rest.TotalSeconds:0} s and then reads on", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 1 });
            using Listener listener = new ListenConfig { Loops = loops }.Listen("tcp", "127.0.0.1:0");
            long sent = 0, received = 0;
            int broken = 0;
            using CancellationTokenSource stop = new();
            List<Task> sending = [], reading = [];
            TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
            long before = 0;
            for (int i = 0; i < count; i++)
            {
                Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = KernelBytes };
                await peer.ConnectAsync("127.0.0.1", listener.Address.Port);
                Conn conn = await listener.AcceptAsync();
                conn.SetReadBuffer(KernelBytes);
                reading.Add(conn.Go(ReadAsync));
                sending.Add(Task.Run(() => SendAsync(peer)));
            }

            before = WorkingSetOfWhatLives();
            await Task.Delay(rest);
            long held = Volatile.Read(ref sent);
            await Task.Delay(rest); // nothing more goes in, or little: what is full is full
            row.Measure("sent in the second half of the rest, KiB a connection", (Volatile.Read(ref sent) - held) / 1024.0 / count, most: 64);
            row.Measure("held for each connection, by the kernel and here, KiB", (Volatile.Read(ref sent) - Volatile.Read(ref received)) / 1024.0 / count, most: PerConnKiB);
            row.Measure("memory of the process grew, MiB", (WorkingSetOfWhatLives() - before) / 1048576.0, most: 64);
            await stop.CancelAsync();
            go.SetResult();
            await Task.WhenAll(sending);
            await Task.WhenAll(reading).WaitAsync(TimeSpan.FromSeconds(20));
            row.Measure("bytes lost", sent - received, most: 0);
            row.Measure("wrong bytes", broken, most: 0);

            async Task SendAsync(Socket peer)
            {
                byte[] bytes = new byte[16 * 1024];
                for (long at = 0; !stop.IsCancellationRequested; at += bytes.Length)
                {
                    Pattern(at, bytes);
                    for (int done = 0; done < bytes.Length;)
                    {
                        int n = await peer.SendAsync(bytes.AsMemory(done));
                        done += n;
                        Interlocked.Add(ref sent, n);
                    }
                }

                peer.Dispose();
            }

            async Task ReadAsync(Conn conn)
            {
                byte[] bytes = new byte[64 * 1024], expected = new byte[bytes.Length];
                int n = await conn.ReadAsync(bytes); // so that what receives ahead begins
                for (long at = 0; n > 0; n = await conn.ReadAsync(bytes))
                {
                    Pattern(at, expected.AsSpan(0, n));
                    Interlocked.Add(ref broken, bytes.AsSpan(0, n).SequenceEqual(expected.AsSpan(0, n)) ? 0 : 1);
                    at += n;
                    Interlocked.Add(ref received, n);
                    await go.Task;
                }
            }
        });
    }

    private static long WorkingSetOfWhatLives()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    // Each byte follows from its place in the stream.
    private static void Pattern(long at, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((at + i) * 2654435761 >> 16);
        }
    }
}
