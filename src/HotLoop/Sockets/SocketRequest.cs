using HotLoop.Naming;

namespace HotLoop.Sockets;

/// <summary>What a new socket is to be like.</summary>
/// <param name="Network">Of the socket.</param>
/// <param name="KeepAlive">Of TCP: see <see cref="SocketOptions.ApplyDefaults"/>.</param>
/// <param name="Control">Called between socket(2) and what follows; may throw.</param>
internal readonly record struct SocketRequest(Network Network, TimeSpan KeepAlive, SocketControl? Control)
{
    /// <summary>Who else may have the port.</summary>
    internal PortSharing Sharing { get; init; }

    /// <summary>Queue length; 0: what the system allows.</summary>
    internal int Backlog { get; init; }
}
