namespace HotLoop.Native;

/// <summary>What a socket is, as the kernel tells.</summary>
internal readonly record struct SocketTraits(SocketFamily Family, SocketKind Kind, bool Listens);
