using System.Runtime.InteropServices;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Import;

/// <summary>Takes in a socket that was made elsewhere.</summary>
internal static class SocketImport
{
    // As Go names what is not known before the descriptor has been looked at.
    private const string FileNetwork = "file+net";

    /// <summary>Duplicates <paramref name="handle"/>, looks what it is, and has <paramref name="make"/> take over the duplicate.</summary>
    internal static T Run<T>(
        SafeHandle handle, string? name, LoopGroup? loops, ImportKind kind, Func<int, Network, LoopGroup, T> make)
    {
        ArgumentNullException.ThrowIfNull(handle);
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            int original = (int)handle.DangerousGetHandle();
            NetAddress shown = new(FileNetwork, name ?? $"fd {original}");
            LoopGroup group = loops ?? LoopGroup.Default;
            int fd = Check(Syscall.Duplicate(original), shown, "fcntl");
            Network network;
            try
            {
                network = NetworkOf(fd, shown, kind);
                _ = Check(Syscall.SetNonBlocking(fd), shown, "fcntl");
            }
            catch (OpError)
            {
                _ = Syscall.Close(fd);
                throw;
            }

            return make(fd, network, group);
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    internal static NetAddress? PeerOf(int fd, Network network)
    {
        if (Syscall.PeerAddress(fd, out RawAddress raw) < 0)
        {
            return null;
        }

        return network.IsUnix
            ? new NetAddress(network.Plain, Syscall.PeerUnixName(fd))
            : Endpoint.ToNetAddress(network.Plain, raw);
    }

    private static Network NetworkOf(int fd, NetAddress shown, ImportKind kind)
    {
        _ = Check(Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_TYPE, out int type), shown, "getsockopt");
        _ = Check(Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_DOMAIN, out int family), shown, "getsockopt");
        _ = Check(Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_ACCEPTCONN, out int listens), shown, "getsockopt");
        Network? network = Network.Find(family, type);
        bool fits = network is not null && kind switch
        {
            ImportKind.Listener => listens != 0,
            ImportKind.Connection => listens == 0 && network.HasConnections && Syscall.PeerAddress(fd, out _) >= 0,
            _ => !network.HasConnections,
        };
        return fits
            ? network!
            : throw OpError.FromCode("file", FileNetwork, null, shown, -Errno.EINVAL, "getsockopt");
    }

    private static int Check(int result, NetAddress shown, string call) =>
        result >= 0 ? result : throw OpError.FromCode("file", FileNetwork, null, shown, result, call);
}
