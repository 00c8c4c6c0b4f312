// An echo server on stock System.Net.Sockets: one async handler per connection.
// Usage: SocketsEcho PORT

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: SocketsEcho PORT");
    return 2;
}

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
listener.Listen(4096);
Console.WriteLine("listening");

while (true)
{
    var connection = await listener.AcceptAsync();
    connection.NoDelay = true;
    _ = EchoAsync(connection);
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
