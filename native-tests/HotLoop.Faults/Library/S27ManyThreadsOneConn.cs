using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S27ManyThreadsOneConn
{
    private const int Threads = 16;
    private const int MessageBytes = 16;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [Scenario(27, "Many threads on one connection", Brief = true), ClassData(typeof(Backends))]
    public Task Writes_stay_whole_and_everybody_comes_back(BackendKind backend)
    {
        TimeSpan time = Scale.Of(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        string provoked = $"{Threads} threads read, write messages of {MessageBytes} bytes and set read deadlines; after {time.TotalSeconds:0} s one of them closes";
        return Row.RunAsync(backend, provoked, async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using SocketScope scope = new(loops, onLoop: false);
            (Conn conn, Conn peer) = await scope.Pair();
            Task<(long Messages, long Broken)> checking = CheckAsync(peer);
            Task<long> sending = SendAsync(peer);
            using CancellationTokenSource stop = new(time);
            Task<long>[] users = [.. Enumerable.Range(0, Threads).Select(i => Task.Run(() => UseAsync(conn, i, () => stop.IsCancellationRequested)))];
            await Task.WhenAny(Task.WhenAll(users), Task.Delay(time + s_limit));

            row.Measure("threads that did not come back", users.Count(u => !u.IsCompleted), most: 0);
            row.Measure("threads that saw another error than time-out and closed", users.Count(u => u.IsFaulted), most: 0);
            (long messages, long broken) = await checking;
            row.Measure("messages", messages, least: 1000);
            row.Measure("broken messages", broken, most: 0);
            row.Check("no more was read than was sent", users.Where(u => u.IsCompletedSuccessfully).Sum(u => u.Result) <= await sending);
        });
    }

    // Until the connection is closed: how many bytes were read.
    private static async Task<long> UseAsync(Conn conn, int number, Func<bool> mayClose)
    {
        Random random = new(number);
        byte[] message = new byte[MessageBytes], buffer = new byte[64];
        long read = 0;
        try
        {
            while (true)
            {
                if (number == 0 && mayClose())
                {
                    conn.Dispose();
                }

                switch (random.Next(8))
                {
                    case 0:
                        conn.SetReadDeadline(random.Next(2) == 0 ? Deadline.None : Deadline.After(TimeSpan.FromMilliseconds(random.Next(3))));
                        break;
                    case < 4:
                        random.NextBytes(message);
                        message[^1] = MarkOf(message);
                        await conn.WriteAsync(message);
                        break;
                    default:
                        IoResult result = await conn.TryReadAsync(buffer);
                        read += result.Count;
                        if (result.Error is { Timeout: false } error)
                        {
                            throw error;
                        }

                        break;
                }
            }
        }
        catch (OpError e) when (e.Kind == OpErrorKind.Closed)
        {
            return read;
        }
    }

    private static async Task<(long Messages, long Broken)> CheckAsync(Conn peer)
    {
        byte[] message = new byte[MessageBytes];
        (long messages, long broken) = (0, 0);
        try
        {
            for (; await peer.ReadFullAsync(message); messages++)
            {
                broken += message[^1] == MarkOf(message) ? 0 : 1;
            }
        }
        catch (OpError e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // It was closed with bytes unread.
        }

        return (messages, broken);
    }

    // Until the other end has closed: how many bytes were sent.
    private static async Task<long> SendAsync(Conn peer)
    {
        byte[] bytes = new byte[1000];
        long sent = 0;
        while (true)
        {
            IoResult result = await peer.TryWriteAsync(bytes);
            sent += result.Count;
            if (result.Error is not null)
            {
                return sent;
            }
        }
    }

    private static byte MarkOf(ReadOnlySpan<byte> message)
    {
        byte mark = 1;
        foreach (byte b in message[..^1])
        {
            mark = (byte)((mark * 31) + b);
        }

        return mark;
    }
}
