// An echo server on stock System.Net.Sockets: one async handler per connection.
// Usage: SocketsEcho PORT [echo|discard]

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

if (args is not ([_] or [_, "echo" or "discard"]))
{
    Console.Error.WriteLine("usage: SocketsEcho PORT [echo|discard]");
    return 2;
}

Func<Socket, Task> serve = args is [_, "discard"] ? DiscardAsync : EchoAsync;

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
listener.Listen(4096);
Console.WriteLine("listening");

while (true)
{
    var connection = await listener.AcceptAsync();
    connection.NoDelay = true;
    _ = serve(connection);
}

static async Task EchoAsync(Socket connection)
{
    using var _ = connection;
    try
    {
        while (true)
        {
            // A read of no bytes waits for data without holding a buffer: idle connections stay small.
            await connection.ReceiveAsync(Memory<byte>.Empty);

            var buffer = ArrayPool<byte>.Shared.Rent(4096);
            try
            {
                var read = await connection.ReceiveAsync(buffer.AsMemory());
                if (read == 0)
                {
                    return;
                }

                for (var sent = 0; sent < read;)
                {
                    sent += await connection.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
    catch (SocketException)
    {
        // The peer reset the connection; closing it is all there is to do.
    }
}

// A connection that sends all the time keeps its buffer.
static async Task DiscardAsync(Socket connection)
{
    using var _ = connection;
    var buffer = new byte[64 * 1024];
    try
    {
        while (await connection.ReceiveAsync(buffer.AsMemory()) > 0)
        {
        }
    }
    catch (SocketException)
    {
        // As above.
    }
}
