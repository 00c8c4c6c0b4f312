namespace HotLoop.Sockets;

/// <summary>Moves received bytes into an empty pipe: how many, 0 at the end of the stream.</summary>
internal sealed class SpliceIn(KernelPipe pipe) : SocketOperation
{
    /// <summary>Most bytes to move.</summary>
    internal long Limit { get; set; }

    internal override int Try(SocketFd fd) => pipe.TryFill(fd.Descriptor, Limit);
}
