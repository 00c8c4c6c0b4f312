using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>Moves received bytes into an empty pipe: how many, 0 at the end of the stream.</summary>
internal sealed class SpliceIn(KernelPipe pipe) : SocketOperation
{
    // Of what stands behind an urgent byte; the rest is spliced again.
    private const int StepBytes = 4096;

    /// <summary>Most bytes to move.</summary>
    internal long Limit { get; set; }

    /// <summary>Not while the poller holds bytes of the connection: EOPNOTSUPP.</summary>
    internal override int Try(SocketFd fd)
    {
        int n = fd.Poll.StopReceivingAhead();
        if (n < 0)
        {
            return n;
        }

        n = pipe.TryFill(fd.Descriptor, Limit);
        if (n is not (0 or -Errno.EAGAIN))
        {
            return n;
        }

        // splice(2) says "nothing" and "the end" at an urgent byte too, where a receive steps over it.
        int peeked = fd.Poll.TryPeek();
        if (peeked <= 0)
        {
            return peeked is 0 or -Errno.EAGAIN ? n : peeked; // an error is told once, and the peek has heard it
        }

        Span<byte> buffer = stackalloc byte[(int)Math.Min(Limit, StepBytes)];
        n = fd.Poll.TryReceive(buffer);
        return n > 0 ? pipe.Fill(buffer[..n]) : n;
    }
}
