using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>What <see cref="FaultyPoller"/> knows of a descriptor.</summary>
internal sealed class FaultyTarget(PollTarget target)
{
    // Null: a descriptor without a kernel.
    private readonly SocketTraits? _traits = Kernel.Current.Describe(target.Fd, out SocketTraits traits) < 0 ? null : traits;

    /// <summary>Counts may be short: records and datagrams go whole or not at all. A descriptor without a kernel is a stream.</summary>
    internal bool IsStream => _traits is null or { Kind: SocketKind.Stream };

    /// <summary>See <see cref="Fault.NoMemory"/>.</summary>
    internal bool AllocatesToSend => _traits is { Family: SocketFamily.Unix } or { Kind: SocketKind.Datagram };

    /// <summary>Events may come.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>To be told when it is watched.</summary>
    internal Readiness Owed { get; set; }
}
