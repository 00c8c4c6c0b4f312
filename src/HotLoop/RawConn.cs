using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop;

/// <summary>
/// The descriptor of a connection or listener, held for as long as it is used: Go's <c>syscall.RawConn</c>.
/// </summary>
/// <remarks>
/// Safe for use from any thread. The descriptor given to a callback must not be closed, nor used after the callback has returned; a
/// <c>SafeSocketHandle</c> that does not own it makes it a .NET <c>Socket</c>.
/// </remarks>
public sealed class RawConn
{
    private readonly Conn? _conn;
    private readonly Listener? _listener;

    internal RawConn(Conn conn) => _conn = conn;

    internal RawConn(Listener listener) => _listener = listener;

    /// <summary>
    /// Calls <paramref name="use"/> with the descriptor, now and on this thread. A Close of another thread waits until it has returned; it must
    /// not itself close the connection. Go: Control.
    /// </summary>
    /// <exception cref="OpError">The connection or listener is closed.</exception>
    public void Control(Action<int> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (_conn is not null)
        {
            _conn.UseDescriptor("raw-control", use);
        }
        else
        {
            _listener!.UseDescriptor("raw-control", use);
        }
    }

    /// <summary>
    /// Calls <paramref name="tryRead"/> until it returns true: now, and again, on the connection's loop, whenever the descriptor may have become
    /// readable. It must not block nor close the connection, and must have read until "would block" before it returns false. Deadlines and order are those of reads; an
    /// exception of it ends the operation and comes out of the task. Go: Read.
    /// </summary>
    /// <exception cref="OpError">
    /// Deadline, Close. "operation not supported": the loop has received bytes ahead, which are to be read from the connection first. It
    /// may do so from the first read that waits on it, with <see cref="BackendKind.IoUring"/>, until <see cref="Conn.SyscallConn"/>'s
    /// result is first used.
    /// </exception>
    /// <exception cref="InvalidOperationException">It is a listener's.</exception>
    public ValueTask ReadAsync(Func<int, bool> tryRead) => UseAsync(Direction.Read, "raw-read", tryRead);

    /// <summary>As <see cref="ReadAsync"/>, for writing. Go: Write.</summary>
    /// <exception cref="OpError">Deadline, Close.</exception>
    /// <exception cref="InvalidOperationException">It is a listener's.</exception>
    public ValueTask WriteAsync(Func<int, bool> tryWrite) => UseAsync(Direction.Write, "raw-write", tryWrite);

    private async ValueTask UseAsync(Direction direction, string operation, Func<int, bool> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        Conn conn = _conn ?? throw new InvalidOperationException("A listener is neither read nor written.");
        int code = (await conn.RunAsync(direction, new RawUse(use, direction))).Code;
        if (code < 0)
        {
            throw conn.CreateError(operation, code);
        }
    }
}
