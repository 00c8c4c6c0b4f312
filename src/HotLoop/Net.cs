namespace HotLoop;

/// <summary>The short forms of dialing and listening: Go's package functions <c>net.Dial</c> and <c>net.Listen</c>.</summary>
public static class Net
{
    /// <summary>Connects with the defaults of <see cref="Dialer"/>. Go: net.Dial.</summary>
    /// <inheritdoc cref="Dialer.DialAsync"/>
    public static Task<Conn> DialAsync(string network, string address, CancellationToken cancellationToken = default) =>
        new Dialer().DialAsync(network, address, cancellationToken);

    /// <summary>Connects within <paramref name="timeout"/>. Go: net.DialTimeout.</summary>
    /// <inheritdoc cref="Dialer.DialAsync"/>
    public static Task<Conn> DialTimeoutAsync(
        string network, string address, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        new Dialer { Timeout = timeout }.DialAsync(network, address, cancellationToken);

    /// <summary>Listens with the defaults of <see cref="ListenConfig"/>. Go: net.Listen.</summary>
    /// <inheritdoc cref="ListenConfig.Listen"/>
    public static Listener Listen(string network, string address) => new ListenConfig().Listen(network, address);
}
