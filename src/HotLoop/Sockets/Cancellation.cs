using HotLoop.Parking;

namespace HotLoop.Sockets;

/// <summary>A token that ends one parked operation.</summary>
internal sealed class Cancellation
{
    private readonly ParkSlot _slot;
    private readonly int _operation;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>
    /// For the operation that is parked in <paramref name="slot"/>, by its starter and before its result can be taken. A token that has been
    /// canceled ends it here and now.
    /// </summary>
    internal Cancellation(ParkSlot slot, CancellationToken token)
    {
        _slot = slot;
        _operation = slot.Operation;
        Token = token;
        _registration = token.UnsafeRegister(static state => ((Cancellation)state!).Cancel(), this);
    }

    internal CancellationToken Token { get; }

    /// <summary>
    /// When the result is taken. Waits for a callback under way, which at most spins for another thread's system call; one that comes late finds
    /// the operation ended, or another one's number, and does nothing.
    /// </summary>
    internal void End() => _registration.Dispose();

    private void Cancel() => _slot.Cancel(_operation);
}
