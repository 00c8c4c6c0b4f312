using System.Net;
using System.Net.Sockets;

namespace HotLoop.Faults.Engine;

/// <summary>Many clients at a time, each from the next of 200 loopback addresses, so that ports last.</summary>
internal static class Crowd
{
    private const int Sources = 200;

    private static int s_next;

    /// <summary>Has <paramref name="lanes"/> clients at a time do something, <paramref name="count"/> times in all.</summary>
    internal static Task RunAsync(int count, int lanes, Func<int, Task> use)
    {
        int next = 0;
        return Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i <= count; i = Interlocked.Increment(ref next))
            {
                await use(i);
            }
        })));
    }

    /// <param name="server">Where to.</param>
    /// <param name="bufferBytes">Of the kernel's two buffers; null: as it likes.</param>
    internal static async Task<Socket> ConnectAsync(EndPoint server, int? bufferBytes = null)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (bufferBytes is not null)
            {
                socket.ReceiveBufferSize = socket.SendBufferSize = bufferBytes.Value;
            }

            byte last = (byte)(2 + ((uint)Interlocked.Increment(ref s_next) % Sources));
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, last]), 0));
            await socket.ConnectAsync(server);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes with a reset.</summary>
    internal static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
