namespace HotLoop.Native;

/// <summary>One piece of memory, pinned: laid out as struct iovec of POSIX, so that a system call takes an array of them.</summary>
internal unsafe struct MemoryPart
{
    internal void* Start;
    internal nuint Length;
}
