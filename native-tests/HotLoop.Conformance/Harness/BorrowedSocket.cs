using System.Net.Sockets;

namespace HotLoop.Conformance;

/// <summary>A descriptor of HotLoop's as a .NET socket, which does not close it.</summary>
public static class BorrowedSocket
{
    private const int TcpLevel = 6;
    private const int TcpInfoOption = 11;

    // Disposing or finalizing the Socket would end what is only borrowed.
    public static Socket Of(int descriptor)
    {
        Socket socket = new(new SafeSocketHandle(descriptor, ownsHandle: false));
        GC.SuppressFinalize(socket);
        return socket;
    }

    /// <summary>The kernel's TCP_INFO; its first byte is the state.</summary>
    public static byte[] TcpInfo(Socket socket)
    {
        byte[] info = new byte[104];
        socket.GetRawSocketOption(TcpLevel, TcpInfoOption, info);
        return info;
    }
}
