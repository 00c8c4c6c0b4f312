namespace HotLoop.Polling.Uring;

/// <summary>
/// The user_data of a request, by which its completions are known: kind (bits 0-7, a <see cref="Requests"/> flag or one of the
/// constants), slot (bits 8-31) and generation (bits 32-63) of the socket.
/// </summary>
internal static class Tag
{
    /// <summary>Of the request that wakes the loop.</summary>
    internal const ulong Wake = 0x40;

    /// <summary>Of requests that cancel another one; their own results say nothing that the other one's does not.</summary>
    internal const ulong Cancel = 0x80;

    private const int SlotMax = 1 << 24;

    internal static ulong Of(ulong token, Requests kind)
    {
        int slot = PollToken.SlotOf(token);
        if (slot >= SlotMax)
        {
            Environment.FailFast("io_uring: more than 2^24 sockets on a loop");
        }

        return ((ulong)PollToken.GenerationOf(token) << 32) | ((ulong)slot << 8) | (ulong)kind;
    }

    internal static int SlotOf(ulong tag) => (int)((uint)tag >> 8);

    internal static ulong KindOf(ulong tag) => tag & 0xFF;
}
