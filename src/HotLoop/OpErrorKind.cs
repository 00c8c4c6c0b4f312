namespace HotLoop;

/// <summary>What stands inside an <see cref="OpError"/>: Go's innermost error, for tests like <c>errors.Is</c>.</summary>
public enum OpErrorKind
{
    /// <summary>The kernel refused: see <see cref="OpError.Errno"/> and <see cref="OpError.SystemCall"/>. Go: syscall.Errno.</summary>
    SystemCall,

    /// <summary>A deadline has passed. Go: os.ErrDeadlineExceeded ("i/o timeout").</summary>
    DeadlineExceeded,

    /// <summary>Used after, or ended by, an own Close. Go: net.ErrClosed ("use of closed network connection").</summary>
    Closed,

    /// <summary>A cancellation token ended it. Go: context.Canceled ("operation was canceled").</summary>
    Canceled,

    /// <summary>The address cannot be used: malformed, of the wrong family, missing. Go: net.AddrError.</summary>
    Address,

    /// <summary>The network's name is not known. Go: net.UnknownNetworkError.</summary>
    UnknownNetwork,

    /// <summary>A <see cref="SocketControl"/> hook threw; its exception is the inner one. Go: the hook's own error.</summary>
    Control,

    /// <summary>The host name could not be resolved. Go: net.DNSError.</summary>
    Lookup,
}
