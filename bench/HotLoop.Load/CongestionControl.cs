using System.Net;
using System.Net.Sockets;

namespace HotLoop.Load;

/// <summary>How the generator's own sockets pace what they send.</summary>
internal static class CongestionControl
{
    private const int Tcp = 6; // IPPROTO_TCP
    private const int Congestion = 13; // TCP_CONGESTION, tcp(7)

    /// <summary>
    /// On loopback takes reno, the cheapest, whatever the machine's default is: there nothing is lost, and what the generator does not spend it can
    /// load with. Where that is not allowed, nothing changes.
    /// </summary>
    internal static void Simplify(Conn conn)
    {
        if (conn.RemoteAddress.Ip is not { } address || !IPAddress.IsLoopback(address))
        {
            return;
        }

        conn.SyscallConn().Control(descriptor =>
        {
            using SafeSocketHandle handle = new(descriptor, ownsHandle: false);
            using Socket socket = new(handle);
            try
            {
                socket.SetRawSocketOption(Tcp, Congestion, "reno"u8);
            }
            catch (SocketException)
            {
                // It is only cheaper.
            }
        });
    }
}
