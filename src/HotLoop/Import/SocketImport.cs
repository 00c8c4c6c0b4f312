using System.Runtime.InteropServices;
using HotLoop.Naming;
using HotLoop.Native;

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
            int fd = Check(Kernel.Current.Duplicate(original), shown, "fcntl");
            Network network;
            try
            {
                network = NetworkOf(fd, shown, kind);
                _ = Check(Kernel.Current.SetNonBlocking(fd), shown, "fcntl");
            }
            catch (OpError)
            {
                _ = Kernel.Current.Close(fd);
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
        if (Kernel.Current.PeerAddress(fd, out RawAddress raw) < 0)
        {
            return null;
        }

        return network.IsUnix
            ? new NetAddress(network.Plain, Kernel.Current.PeerUnixName(fd))
            : Endpoint.ToNetAddress(network.Plain, raw);
    }

    private static Network NetworkOf(int fd, NetAddress shown, ImportKind kind)
    {
        _ = Check(Kernel.Current.Describe(fd, out SocketTraits traits), shown, "getsockopt");
        Network? network = Network.Find(traits.Family, traits.Kind);
        bool fits = network is not null && kind switch
        {
            ImportKind.Listener => traits.Listens,
            ImportKind.Connection => !traits.Listens && network.HasConnections && Kernel.Current.PeerAddress(fd, out _) >= 0,
            _ => !network.HasConnections,
        };
        return fits
            ? network!
            : throw OpError.FromCode("file", FileNetwork, null, shown, -Errno.EINVAL, "getsockopt");
    }

    private static int Check(int result, NetAddress shown, string call) =>
        result >= 0 ? result : throw OpError.FromCode("file", FileNetwork, null, shown, result, call);
}
