using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Conformance;

/// <summary>
/// What the kernel says about a socket of HotLoop, whose descriptor is no part of its API: found among the process's own by its
/// addresses, and looked at through a borrowed handle. Make it while the socket is open and connected.
/// </summary>
public sealed class KernelView
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly string _link;

    private KernelView(Socket socket, int descriptor)
    {
        _socket = socket;
        Descriptor = descriptor;
        _link = Link(descriptor);
    }

    public int Descriptor { get; }

    /// <summary>Whether the descriptor still is this socket.</summary>
    public bool IsOpen => Link(Descriptor) == _link;

    /// <summary>Bytes that wait to be read.</summary>
    public int Available => _socket.Available;

    /// <summary>The kernel's state of the connection.</summary>
    public int State => Info()[0];

    /// <summary>Of a listener: the queue length that was asked for.</summary>
    public int Backlog => BitConverter.ToInt32(Info().AsSpan(28));

    public bool IsNonBlocking => (Flags() & NonBlocking) != 0;

    public bool IsCloseOnExec => (Flags() & CloseOnExec) != 0;

    /// <summary>SO_LINGER, as Go's observations write it.</summary>
    public string Linger
    {
        get
        {
            byte[] value = new byte[8];
            _socket.GetRawSocketOption(1, 13, value);
            return $"onoff={BitConverter.ToInt32(value)} linger={BitConverter.ToInt32(value, 4)}";
        }
    }

    public static KernelView Of(Conn conn) => Find(conn.LocalAddress, conn.RemoteAddress);

    public static KernelView Of(Listener listener) => Find(listener.Address, null);

    public static KernelView Of(PacketConn conn) => Find(conn.LocalAddress, conn.RemoteAddress);

    public int Option(string name) =>
        Kernel.TryOption(name, out (int Level, int Name) option)
            ? Option(option.Level, option.Name)
            : throw new ArgumentOutOfRangeException(nameof(name), name, "unknown option");

    /// <summary>An option that HotLoop has no method for.</summary>
    public void SetOption(string name, int value)
    {
        Assert.True(Kernel.TryOption(name, out (int Level, int Name) option), $"unknown option {name}");
        _socket.SetRawSocketOption(option.Level, option.Name, BitConverter.GetBytes(value));
    }

    /// <summary>Until so many bytes have arrived.</summary>
    public Task UntilAvailable(int count) => Until(() => Available >= count);

    /// <summary>Until the peer's FIN has arrived.</summary>
    public Task UntilPeerClosed() => Until(() => State == Kernel.TcpCloseWait);

    /// <summary>Until a reset has arrived.</summary>
    public Task UntilReset() => Until(() => State == Kernel.TcpClose);

    /// <summary>Until an error waits to be reported, such as the refusal of a datagram.</summary>
    public Task UntilError() => Until(() => _socket.Poll(0, SelectMode.SelectError));

    public static async Task Until(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < s_patience, "what the test waits for does not happen");
            await Task.Yield();
        }
    }

    private static KernelView Find(NetAddress local, NetAddress? remote)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int descriptor = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            if (Link(descriptor).StartsWith("socket:", StringComparison.Ordinal)
                && TryBorrow(descriptor) is { } socket
                && IsAt(local, socket.LocalEndPoint)
                && (remote is null ? !socket.Connected : socket.Connected && IsAt(remote, socket.RemoteEndPoint)))
            {
                return new KernelView(socket, descriptor);
            }
        }

        throw new InvalidOperationException($"this process has no socket {local}->{remote}");
    }

    private static Socket? TryBorrow(int descriptor)
    {
        try
        {
            return BorrowedSocket.Of(descriptor);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsAt(NetAddress address, EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint ip || ip.Port != address.Port)
        {
            return false;
        }

        IPAddress plain = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        return plain.Equals(address.Ip);
    }

    private static string Link(int descriptor)
    {
        try
        {
            FileSystemInfo? target = File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false);
            return Path.GetFileName(target?.FullName ?? "");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private int Option(int level, int name)
    {
        byte[] value = new byte[4];
        _socket.GetRawSocketOption(level, name, value);
        return BitConverter.ToInt32(value);
    }

    private byte[] Info() => BorrowedSocket.TcpInfo(_socket);

    private int Flags()
    {
        string line = File.ReadLines($"/proc/self/fdinfo/{Descriptor}")
            .First(l => l.StartsWith("flags:", StringComparison.Ordinal));
        return Convert.ToInt32(line["flags:".Length..].Trim(), 8);
    }
}
