using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;

namespace HotLoop.TestKit.Networks;

/// <summary>
/// Changes of the network of the calling thread's namespace, by rtnetlink(7): the interface's state and routes, without a program of the
/// system's.
/// </summary>
public static partial class RouteMessage
{
    private const int Family = 16; // AF_NETLINK
    private const int RawCloseOnExec = 0x80003; // SOCK_RAW | SOCK_CLOEXEC
    private const ushort NewLink = 16;
    private const ushort NewRoute = 24;
    private const ushort Request = 1;
    private const ushort Acknowledge = 4;
    private const ushort Create = 0x400;
    private const int HeaderSize = 16;
    private const int LoopbackIndex = 1;

    /// <summary>Takes the loopback interface up or down.</summary>
    public static void SetLoopback(bool up)
    {
        byte[] message = Message(NewLink, 0, bodySize: 16);
        Span<byte> link = message.AsSpan(HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(link[4..], LoopbackIndex);
        BinaryPrimitives.WriteInt32LittleEndian(link[8..], up ? 1 : 0); // IFF_UP
        BinaryPrimitives.WriteInt32LittleEndian(link[12..], 1); // of the flags, this one
        Send(message);
    }

    /// <summary>Adds a route to one address that refuses; it is looked at before the interface's own.</summary>
    public static void Refuse(IPAddress address, RouteRefusal refusal)
    {
        byte[] message = Message(NewRoute, Create, bodySize: 20);
        Span<byte> route = message.AsSpan(HeaderSize);
        route[0] = 2; // AF_INET
        route[1] = 32; // all bits of the address
        route[4] = 255; // RT_TABLE_LOCAL
        route[5] = 4; // RTPROT_STATIC
        route[7] = (byte)refusal;
        BinaryPrimitives.WriteInt16LittleEndian(route[12..], 8); // the attribute's size
        BinaryPrimitives.WriteInt16LittleEndian(route[14..], 1); // RTA_DST
        address.TryWriteBytes(route[16..], out _);
        Send(message);
    }

    private static byte[] Message(ushort type, ushort flags, int bodySize)
    {
        byte[] message = new byte[HeaderSize + bodySize];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)(Request | Acknowledge | flags));
        return message;
    }

    private static void Send(byte[] message)
    {
        int descriptor = socket(Family, RawCloseOnExec, 0);
        try
        {
            byte[] answer = new byte[256];
            if (send(descriptor, message, message.Length, 0) < 0 || recv(descriptor, answer, answer.Length, 0) < 0)
            {
                throw new Win32Exception();
            }

            // The acknowledgement is a header and a negative errno.
            int error = -BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(HeaderSize));
            if (error != 0)
            {
                throw new Win32Exception(error);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
