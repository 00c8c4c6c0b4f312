namespace HotLoop.Native.Linux;

/// <summary>struct timespec, 64 bits wide.</summary>
internal struct timespec
{
    internal long tv_sec;
    internal long tv_nsec;
}
