using Tmds.Linux;

namespace HotLoop.Polling.Epoll;

/// <summary>poll(2)'s bits, which epoll and io_uring share: which to ask for, and what they say.</summary>
internal static class PollMask
{
    /// <summary>
    /// Everything that operations wait for. EPOLLPRI: a receive stops short at an urgent byte, so urgent data must lift the trust in short
    /// receives.
    /// </summary>
    internal static int Everything => LibC.EPOLLIN | LibC.EPOLLOUT | LibC.EPOLLRDHUP | LibC.EPOLLPRI;

    private static int Read => LibC.EPOLLIN | Drain;
    private static int Write => LibC.EPOLLOUT | LibC.EPOLLERR | LibC.EPOLLHUP;
    private static int Drain => LibC.EPOLLRDHUP | LibC.EPOLLHUP | LibC.EPOLLERR | LibC.EPOLLPRI;

    internal static Readiness Translate(int events)
    {
        Readiness readiness = 0;
        if ((events & Read) != 0)
        {
            readiness |= Readiness.Read;
        }

        if ((events & Write) != 0)
        {
            readiness |= Readiness.Write;
        }

        if ((events & Drain) != 0)
        {
            readiness |= Readiness.Drain;
        }

        return readiness;
    }
}
