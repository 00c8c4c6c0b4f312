namespace HotLoop.Polling;

/// <summary>See <see cref="PollHandle.Token"/>.</summary>
internal static class PollToken
{
    internal static ulong Of(int slot, uint generation) => ((ulong)generation << 32) | (uint)slot;

    internal static int SlotOf(ulong token) => (int)(uint)token;

    internal static uint GenerationOf(ulong token) => (uint)(token >> 32);
}
