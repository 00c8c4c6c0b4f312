namespace HotLoop.Native;

/// <summary>
/// The seam for systems: what everything above <c>Polling/</c> wants from the kernel, in words of no system's own. One kind of system is one
/// folder beside this file with one class in it that says how it is done there; pollers are at home in one system, and call it directly.
/// <para>
/// <b>Results.</b> A value, or -errno in the numbers of <see cref="Errno"/>; EINTR never comes out. Descriptors that are made are non-blocking and
/// close-on-exec.
/// </para>
/// <para><b>Threads.</b> Any.</para>
/// </summary>
internal abstract class Kernel
{
    /// <summary>
    /// This system's. The JIT takes the value of a readonly field of a class that has been initialised for a constant, so a call through it is a direct
    /// one.
    /// </summary>
    internal static readonly Kernel Current = new Linux.LinuxKernel();

    /// <summary>Room for the address of any socket, in bytes.</summary>
    internal const int AddressSizeMax = 128;

    /// <summary>Null, or a sentence that says what is missing for HotLoop to run here at all, and what to do about it. Found out once a process.</summary>
    internal abstract string? Obstacle { get; }

    /// <summary>The longest queue of connections that may be asked for in <see cref="Listen"/>.</summary>
    internal abstract int BacklogMax { get; }

    // ---- sockets

    internal abstract int Socket(SocketFamily family, SocketKind kind);

    internal abstract int Bind(int fd, in RawAddress address, SocketFamily family);

    /// <param name="fd">A Unix socket.</param>
    /// <param name="name">
    /// A path; where the system has them, an abstract name after "@". Bytes that are not UTF-8 stand in it as lone surrogates, 0x80 as U+DC80.
    /// </param>
    internal abstract int BindUnix(int fd, string name);

    internal abstract int Listen(int fd, int backlog);

    /// <summary>-EINPROGRESS: the answer is yet to come, and is told by <see cref="TakeError"/> once the socket is writable.</summary>
    internal abstract int Connect(int fd, in RawAddress address, SocketFamily family);

    /// <summary>As <see cref="Connect"/>. A full queue is -EAGAIN: nothing is under way then.</summary>
    internal abstract int ConnectUnix(int fd, string name);

    /// <summary>No more is received; the peer notices nothing.</summary>
    internal abstract int EndReceiving(int fd);

    /// <summary>No more is sent; the peer sees the end of the stream.</summary>
    internal abstract int EndSending(int fd);

    internal abstract int Close(int fd);

    // ---- what a socket is

    internal abstract int SetOption(int fd, SocketOption option, int value);

    /// <summary>For how long close(2) waits for what was sent to arrive. Negative: the kernel sends it after the close.</summary>
    internal abstract int SetLinger(int fd, int seconds);

    /// <summary>The error that the socket has been waiting to tell, and forgets by telling: 0 or -errno.</summary>
    internal abstract int TakeError(int fd);

    internal abstract int Describe(int fd, out SocketTraits traits);

    internal abstract int LocalAddress(int fd, out RawAddress address);

    internal abstract int PeerAddress(int fd, out RawAddress address);

    internal abstract string LocalUnixName(int fd);

    internal abstract string PeerUnixName(int fd);

    // ---- addresses as this kernel writes them (sockaddr)

    /// <summary>Writes an address for a socket of <paramref name="family"/>; returns its length in bytes.</summary>
    internal abstract int Encode(in RawAddress address, SocketFamily family, Span<byte> bytes);

    /// <summary>Writes the name of a Unix socket; returns its length in bytes, or -EINVAL when it is too long or a path with a NUL.</summary>
    internal abstract int EncodeUnix(string name, Span<byte> bytes);

    internal abstract RawAddress Decode(ReadOnlySpan<byte> bytes);

    /// <param name="bytes">As many as the kernel said: abstract names may end in NULs. A path that begins with "@" comes as "./@...".</param>
    internal abstract string DecodeUnix(ReadOnlySpan<byte> bytes);

    /// <summary>The number of a network interface; 0 for a name that none has.</summary>
    internal abstract uint InterfaceIndex(string name);

    /// <summary>The name of a network interface; null for a number that none has.</summary>
    internal abstract string? InterfaceName(uint index);

    // ---- messages

    /// <summary>
    /// Takes one datagram with the sender's address, as the kernel writes it: <paramref name="addressLength"/> is 0 when it has none.
    /// </summary>
    internal abstract int ReceiveFrom(int fd, Span<byte> buffer, Span<byte> address, out int addressLength);

    internal abstract int SendTo(int fd, ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address);

    /// <summary>Sends pieces of memory as one.</summary>
    internal abstract int SendParts(int fd, ReadOnlySpan<MemoryPart> parts);

    /// <summary>Whether a receive would not wait: 0 or more if so, -EAGAIN if not, else -errno: told once, as by a receive.</summary>
    internal abstract int Peek(int fd);

    // ---- descriptors

    /// <summary>Another descriptor of the same open file.</summary>
    internal abstract int Duplicate(int fd);

    internal abstract int SetNonBlocking(int fd);

    /// <summary>Removes a file, by the very name that a socket was bound to.</summary>
    internal abstract int Unlink(string path);

    /// <summary>A pipe that <see cref="Splice"/> can move bytes through; -ENOSYS where it cannot.</summary>
    internal abstract int Pipe(out int read, out int write);

    /// <summary>Asks for room; the kernel may refuse, and the pipe stays as it is.</summary>
    internal abstract int SetPipeSize(int fd, int bytes);

    /// <summary>Moves bytes between a pipe and a socket without copying them to user space: a count, 0 at the end, or -EAGAIN.</summary>
    internal abstract int Splice(int from, int to, int length);

    /// <summary>Writes to a pipe that has room.</summary>
    internal abstract int WriteToPipe(int fd, ReadOnlySpan<byte> bytes);

    /// <summary>How many descriptors the process may have (the soft limit); descriptor numbers stay below.</summary>
    internal abstract long DescriptorLimit();

    /// <summary>The number that the next descriptor would get: the lowest that is free. Or -errno (EMFILE).</summary>
    internal abstract int NextDescriptor();

    // ---- processors

    /// <summary>The CPUs the calling thread may run on, lowest first; none where that cannot be told.</summary>
    internal abstract int[] AllowedCpus();

    /// <summary>Binds the calling thread to one CPU.</summary>
    internal abstract int PinThread(int cpu);
}
