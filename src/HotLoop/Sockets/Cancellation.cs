using HotLoop.Parking;

namespace HotLoop.Sockets;

/// <summary>A token that ends one parked operation.</summary>
internal static class Cancellation
{
    /// <summary>
    /// For the operation that is parked in <paramref name="slot"/>, by its starter and before its result is taken. Disposing waits for a
    /// callback under way; one that comes late finds another operation's number and does nothing.
    /// </summary>
    internal static CancellationTokenRegistration Register(ParkSlot slot, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return default;
        }

        int operation = slot.Operation;
        return cancellationToken.UnsafeRegister(
            static state =>
            {
                (ParkSlot slot, int operation) = ((ParkSlot, int))state!;
                slot.Cancel(operation);
            },
            (slot, operation));
    }
}
