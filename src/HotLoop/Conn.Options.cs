using HotLoop.Sockets;

namespace HotLoop;

/// <content>Socket options.</content>
public sealed partial class Conn
{
    /// <summary>Sends small writes at once (on, the default) or lets the kernel join them (off). Go: SetNoDelay.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetNoDelay(bool on) => SetOption(on, SocketOptions.SetNoDelay);

    /// <summary>Probes a silent peer (on, the default). Go: SetKeepAlive.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetKeepAlive(bool on) => SetOption(on, SocketOptions.SetKeepAlive);

    /// <summary>
    /// Silence before the first probe, and time between probes; rounded up to whole seconds, 1 s to 32,767 s. Default 15 s. Go:
    /// SetKeepAlivePeriod.
    /// </summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused (zero, negative or too long).</exception>
    public void SetKeepAlivePeriod(TimeSpan period) => SetOption(period, SocketOptions.SetKeepAlivePeriod);

    /// <summary>
    /// What Close does with bytes not yet sent: negative (the default) sends them in the background; 0 drops them and sends a reset;
    /// above 0 sends them for at most so many seconds before the descriptor is released. Go: SetLinger.
    /// </summary>
    /// <remarks>With a value above 0 a Close off the loop blocks for as long; on the loop the waiting is left to the thread pool.</remarks>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetLinger(int seconds)
    {
        SetOption(seconds, SocketOptions.SetLinger);
        _socket.SetLingers(_generation, seconds > 0);
    }

    /// <summary>Size in bytes asked for the kernel's receive buffer (Linux doubles it). Go: SetReadBuffer.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetReadBuffer(int bytes) => SetOption(bytes, SocketOptions.SetReadBuffer, sourceOnly: true);

    /// <summary>Size in bytes asked for the kernel's send buffer (Linux doubles it). Go: SetWriteBuffer.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetWriteBuffer(int bytes) => SetOption(bytes, SocketOptions.SetWriteBuffer, sourceOnly: true);

    private void SetOption<T>(T value, Func<int, T, int> set, bool sourceOnly = false)
    {
        Reference("set", sourceOnly);
        int result = set(_socket.Descriptor, value);
        _socket.Release();
        if (result < 0)
        {
            throw sourceOnly
                ? OpError.FromCode("set", _network.Name, null, LocalAddress, result, "setsockopt")
                : CreateError("set", result, "setsockopt");
        }
    }
}
