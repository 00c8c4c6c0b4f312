using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance;

/// <summary>One run of a test's body: what makes and closes sockets, and compares results with Go's.</summary>
public sealed partial class Scenario(LoopGroup loops, bool onLoop, IReadOnlyList<string> declared) : SocketScope(loops, onLoop)
{
    /// <summary>A listener whose queue is full: a further connect waits.</summary>
    public async Task<Listener> FullListener()
    {
        Listener listener = Listen(backlog: 1);
        _ = await Dial(listener);
        _ = await Dial(listener);
        return listener;
    }

    /// <summary>A port, of both families, that is taken but where nobody listens.</summary>
    public int RefusingPort()
    {
        Socket socket = Own(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true });
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Resets the connection: a Close that sends RST instead of FIN.</summary>
    public static void Reset(Conn conn)
    {
        conn.SetLinger(0);
        conn.Close();
    }
}
