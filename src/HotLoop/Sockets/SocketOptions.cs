using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>Socket options of TCP. Each returns 0 or -errno.</summary>
internal static class SocketOptions
{
    /// <summary>Go's default: probes after 15 s of silence, each 15 s; as many as the kernel likes.</summary>
    internal static readonly TimeSpan KeepAliveDefault = TimeSpan.FromSeconds(15);

    // tcp(7): MAX_TCP_KEEPIDLE and MAX_TCP_KEEPINTVL.
    private static readonly TimeSpan s_keepAliveMax = TimeSpan.FromSeconds(32_767);

    internal static int SetNoDelay(int fd, bool on) =>
        Kernel.Current.SetOption(fd, SocketOption.NoDelay, on ? 1 : 0);

    internal static int SetKeepAlive(int fd, bool on) =>
        Kernel.Current.SetOption(fd, SocketOption.KeepAlive, on ? 1 : 0);

    /// <summary>Idle time and interval; rounded up to whole seconds.</summary>
    internal static int SetKeepAlivePeriod(int fd, TimeSpan period)
    {
        int seconds = (int)Math.Clamp(Math.Ceiling(period.TotalSeconds), int.MinValue, int.MaxValue);
        int result = Kernel.Current.SetOption(fd, SocketOption.KeepAliveInterval, seconds);
        return result < 0 ? result : Kernel.Current.SetOption(fd, SocketOption.KeepAliveIdle, seconds);
    }

    /// <summary>Negative: the kernel's default (close returns at once, data is still delivered).</summary>
    internal static int SetLinger(int fd, int seconds) => Kernel.Current.SetLinger(fd, seconds);

    internal static int SetReadBuffer(int fd, int bytes) =>
        Kernel.Current.SetOption(fd, SocketOption.ReceiveBuffer, bytes);

    internal static int SetWriteBuffer(int fd, int bytes) =>
        Kernel.Current.SetOption(fd, SocketOption.SendBuffer, bytes);

    /// <summary>
    /// What a connection gets when nothing else is asked for: no delay, and keep-alive (zero: the default period;
    /// negative: off; longer than the kernel takes: the longest that it does). Set on a listener, every accepted connection inherits it without a
    /// system call.
    /// </summary>
    internal static void ApplyDefaults(int fd, TimeSpan keepAlive)
    {
        _ = SetNoDelay(fd, on: true);
        if (keepAlive >= TimeSpan.Zero)
        {
            _ = SetKeepAlive(fd, on: true);
            TimeSpan period = keepAlive == TimeSpan.Zero ? KeepAliveDefault : keepAlive;
            _ = SetKeepAlivePeriod(fd, period < s_keepAliveMax ? period : s_keepAliveMax);
        }
    }
}
