using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Stress.Crowd;

/// <summary>
/// The child process: connects many times to one address, says "connected", waits until the other side has closed each connection, and
/// says how many ended in order and how many with a reset.
/// </summary>
internal static class ClientHolder
{
    internal static int Run(string[] arguments)
    {
        EndPoint server = arguments[0].StartsWith('/') ? new UnixDomainSocketEndPoint(arguments[0]) : IPEndPoint.Parse(arguments[0]);
        int count = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        List<Socket> sockets = [];
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(server);
            sockets.Add(socket);
        }

        Console.WriteLine("connected");
        int inOrder = sockets.Count(EndsInOrder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inOrder} in order, {count - inOrder} reset"));
        return 0;
    }

    private static bool EndsInOrder(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            socket.Dispose();
        }
    }
}
