namespace HotLoop.Native.Linux;

/// <summary>struct msghdr: what sendmsg(2) sends, and where to.</summary>
internal unsafe struct msghdr
{
    internal void* msg_name;
    internal uint msg_namelen;
    internal iovec* msg_iov;
    internal nuint msg_iovlen;
    internal void* msg_control;
    internal nuint msg_controllen;
    internal int msg_flags;
}
