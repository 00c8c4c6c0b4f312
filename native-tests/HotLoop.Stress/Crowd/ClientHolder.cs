using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Stress.Crowd;

/// <summary>
/// The child process: connects many times to one port, says "connected", waits until the other side has closed each connection, and
/// says how many ended in order and how many with a reset.
/// </summary>
internal static class ClientHolder
{
    internal static int Run(string[] arguments)
    {
        int port = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int count = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        List<Socket> sockets = [];
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
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
