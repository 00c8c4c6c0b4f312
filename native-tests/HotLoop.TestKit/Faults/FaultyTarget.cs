using HotLoop.Native.Linux;
using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>What <see cref="FaultyPoller"/> knows of a descriptor.</summary>
internal sealed class FaultyTarget(PollTarget target)
{
    /// <summary>Counts may be short: records and datagrams go whole or not at all. A descriptor without a kernel is a stream.</summary>
    internal bool IsStream { get; } =
        Syscall.GetOption(target.Fd, LibC.SOL_SOCKET, LibC.SO_TYPE, out int type) < 0 || type == LibC.SOCK_STREAM;

    /// <summary>See <see cref="Fault.NoMemory"/>.</summary>
    internal bool AllocatesToSend { get; } =
        Syscall.GetOption(target.Fd, LibC.SOL_SOCKET, LibC.SO_DOMAIN, out int domain) >= 0
        && (domain == LibC.AF_UNIX
            || (Syscall.GetOption(target.Fd, LibC.SOL_SOCKET, LibC.SO_TYPE, out int type) >= 0 && type == LibC.SOCK_DGRAM));

    /// <summary>Events may come.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>To be told when it is watched.</summary>
    internal Readiness Owed { get; set; }
}
