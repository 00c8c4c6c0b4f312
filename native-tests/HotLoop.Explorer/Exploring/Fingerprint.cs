namespace HotLoop.Explorer.Exploring;

/// <summary>64 bits for a state: FNV-1a over its words. Two states in a million have a chance of one in thirty million to share one.</summary>
internal struct Fingerprint
{
    private ulong _hash;

    internal readonly ulong Value => _hash;

    internal void Add(long word)
    {
        _hash ^= (ulong)word;
        _hash *= 1099511628211UL;
        _hash ^= _hash >> 29;
    }
}
