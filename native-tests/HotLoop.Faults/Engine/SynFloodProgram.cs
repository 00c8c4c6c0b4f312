using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HotLoop.Faults.Engine;

/// <summary>
/// A process that sends SYNs at a rate, each from another address of 10.99.0.0/16 or another port, until SIGTERM or so many seconds have passed.
/// Lines: "begun", and at the end <see cref="SynsSent"/>.
/// </summary>
internal static class SynFloodProgram
{
    internal const string Command = "syn-flood";

    private const int IpBytes = 20;
    private const int TcpBytes = 20;
    private const byte Tcp = 6;
    private const byte Syn = 2;
    private const int Addresses = 1 << 16;

    internal static int Run(string target, string rate, string seconds)
    {
        bool isOver = false;
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Volatile.Write(ref isOver, true);
        });
        IPEndPoint server = IPEndPoint.Parse(target);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw); // IPPROTO_RAW: the IP header is given, too
        socket.Connect(server);
        byte[] packet = Packet(server);
        int each = int.Parse(rate, CultureInfo.InvariantCulture);
        TimeSpan limit = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        Console.WriteLine("begun");
        long sent = 0;
        Stopwatch watch = Stopwatch.StartNew();
        while (!Volatile.Read(ref isOver) && watch.Elapsed < limit)
        {
            for (long due = (long)(watch.Elapsed.TotalSeconds * each); sent < due; sent++)
            {
                Number(packet, sent);
                socket.Send(packet);
            }

            Thread.Sleep(1); // the pace: what is due by then is the next batch
        }

        Console.WriteLine(JsonSerializer.Serialize(new SynsSent(sent, watch.Elapsed.TotalSeconds)));
        return 0;
    }

    // The kernel fills in the IP header's length and checksum, raw(7).
    private static byte[] Packet(IPEndPoint server)
    {
        byte[] packet = new byte[IpBytes + TcpBytes];
        packet[0] = 0x45; // version 4, of five words
        packet[8] = 64; // time to live
        packet[9] = Tcp;
        packet[12] = 10;
        packet[13] = 99;
        server.Address.TryWriteBytes(packet.AsSpan(16), out _);
        Span<byte> tcp = packet.AsSpan(IpBytes);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)server.Port);
        tcp[12] = TcpBytes / 4 << 4;
        tcp[13] = Syn;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], ushort.MaxValue); // window
        return packet;
    }

    private static void Number(Span<byte> packet, long number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)number);
        Span<byte> tcp = packet[IpBytes..];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)(1024 + (number / Addresses)));
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], (uint)number); // sequence
        tcp[16..18].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(packet[12..])); // from the addresses on, which are of its pseudo-header
    }

    private static ushort Checksum(ReadOnlySpan<byte> addressesAndSegment)
    {
        uint sum = Tcp + TcpBytes;
        for (int i = 0; i < addressesAndSegment.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(addressesAndSegment[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}

/// <summary>What <see cref="SynFloodProgram"/> did.</summary>
internal sealed record SynsSent(long Count, double Seconds);
