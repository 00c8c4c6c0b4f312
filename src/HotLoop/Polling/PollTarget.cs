namespace HotLoop.Polling;

/// <summary>
/// A descriptor as the poller knows it. <see cref="Token"/> is slot (low 32 bits) and generation (high 32 bits): what
/// comes back in a <see cref="PollEvent"/>, and how a stale event is told from a live one.
/// </summary>
internal readonly record struct PollTarget(int Fd, ulong Token)
{
    internal static ulong MakeToken(int slot, uint generation) => ((ulong)generation << 32) | (uint)slot;

    internal static int SlotOf(ulong token) => (int)(uint)token;

    internal static uint GenerationOf(ulong token) => (uint)(token >> 32);
}
