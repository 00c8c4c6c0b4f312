namespace HotLoop.Sockets;

/// <summary>A hook of the caller threw, and the socket it was called for has been closed. Becomes an <see cref="OpError"/> at the edge.</summary>
internal sealed class ControlException(Exception fault) : Exception(fault.Message, fault);
