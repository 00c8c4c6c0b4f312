namespace HotLoop;

/// <summary>
/// Called with a new socket, before it is bound or connected: Go's <c>Control</c> of Dialer and ListenConfig. To set options that HotLoop
/// has no member for.
/// </summary>
/// <param name="network">The network with its family: "tcp4", "udp6", "unix".</param>
/// <param name="address">The address to connect to, or to listen on, as text.</param>
/// <param name="descriptor">The socket's descriptor, valid during the call and not to be closed. A <c>SafeSocketHandle</c> that does not own it
/// makes it a .NET <c>Socket</c>.</param>
/// <remarks>
/// An exception ends the dial or listen: it becomes the inner exception of an <see cref="OpError"/> of kind
/// <see cref="OpErrorKind.Control"/>. Runs once for each address that is tried: on the caller's thread, or after a look-up where the dialing code is resumed; in a
/// race of two families perhaps twice at once.
/// </remarks>
public delegate void SocketControl(string network, string address, int descriptor);
