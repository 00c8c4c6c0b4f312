namespace HotLoop.Native.Linux;

/// <summary>struct sockaddr_un (unix(7)): a path, or after a NUL byte a name that is in no file system.</summary>
internal unsafe struct sockaddr_un
{
    internal const int PathSize = 108;

    internal ushort sun_family;
    internal fixed byte sun_path[PathSize];
}
