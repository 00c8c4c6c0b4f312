using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Stress.Crowd;

/// <summary>
/// The child process: connects many times to one address, says "connected", waits until the other side has closed each connection, and
/// says how many ended in order and how many with a reset. With a number of rounds it has an exchange before: at each line it reads, all
/// connections send a message of their own, and only then the answers are read; it says how many were right.
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
        int rounds = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 0;
        for (int round = 0; round < rounds; round++)
        {
            _ = Console.ReadLine();
            for (int i = 0; i < count; i++)
            {
                sockets[i].Send(Message(i, round));
            }

            int right = sockets.Where((socket, i) => IsAnswered(socket, Message(i, round))).Count();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right} answers"));
        }

        int inOrder = sockets.Count(EndsInOrder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inOrder} in order, {count - inOrder} reset"));
        return 0;
    }

    private static byte[] Message(int connection, int round) => [.. BitConverter.GetBytes(connection), .. BitConverter.GetBytes(round)];

    private static bool IsAnswered(Socket socket, byte[] message)
    {
        byte[] answer = new byte[message.Length];
        int count = 0;
        int n = 1;
        while (n > 0 && count < answer.Length)
        {
            n = socket.Receive(answer.AsSpan(count));
            count += n;
        }

        return answer.AsSpan().SequenceEqual(message);
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
