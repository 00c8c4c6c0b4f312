using HotLoop.Native;

namespace HotLoop.Polling;

/// <summary>
/// The port, a descriptor's half: all that a socket wants of a poller and of the kernel. Made by <see cref="Poller.CreateHandle"/> for a
/// socket object, and used again for each connection that the object serves.
/// <para>
/// <b>Shape.</b> Readiness; a poller may also receive ahead. An operation first tries (<see cref="TryReceive"/>,
/// <see cref="TrySend"/>, <see cref="TryAccept"/>) and parks when that would block; an event only means "try again".
/// After a method returns, the kernel neither reads nor writes memory that the caller gave: a wait can therefore be
/// abandoned (deadline, Close) without asking the kernel.
/// </para>
/// <para>
/// <b>Events.</b> Edge-triggered: whoever is about to wait calls <see cref="Watch"/>, each time; if the
/// descriptor is ready at that moment, an event follows. After that an event follows each change to "ready" that
/// happens after a try which returned -EAGAIN. A receive shorter than its buffer counts as such a try, unless
/// <see cref="Readiness.Drain"/> was reported. Events may be spurious, may join several changes, and may name a
/// descriptor that has been closed since they were collected: the token's generation tells.
/// </para>
/// <para>
/// <b>Results.</b> A value, or -errno (<see cref="Errno"/>); EINTR never comes out.
/// </para>
/// <para>
/// <b>Receiving ahead.</b> Bytes that the poller holds are the loop's: elsewhere <see cref="TryReceive"/> and <see cref="TryPeek"/> say
/// -EAGAIN while it may hold some, and <see cref="Watch"/>, which must follow, brings an event if it does: it has the loop try.
/// </para>
/// <para>
/// <b>Threads.</b> Any, and different descriptors at once. The caller sees to it that one descriptor is not received from (or sent
/// to) by two threads at once, that nobody uses it any more when it is released, and that nobody knows the handle when it is opened.
/// </para>
/// </summary>
internal abstract class PollHandle
{
    private ulong _token;
    private volatile int _fd = -1;
    private volatile bool _isShared;

    /// <summary>-1: none, or closed.</summary>
    internal int Fd => _fd;

    /// <summary>
    /// Slot (low 32 bits) and generation (high 32 bits): what comes back in a <see cref="PollEvent"/>, and how a stale event is told from a
    /// live one.
    /// </summary>
    internal ulong Token => Volatile.Read(ref _token);

    /// <summary>Bytes must stay in the socket until they are asked for. Before it is used; false after <see cref="Open"/>.</summary>
    internal virtual bool KeepsBytes { get; set; }

    /// <summary>Others may have the same open file, which is what the kernel watches: closing the descriptor may not close that.</summary>
    internal bool IsShared => _isShared;

    /// <summary>Names <paramref name="fd"/> from now on.</summary>
    internal virtual void Open(int fd, ulong token)
    {
        _fd = fd;
        KeepsBytes = false;
        _isShared = false;
        Volatile.Write(ref _token, token);
    }

    /// <summary>
    /// An operation is about to wait: events of the descriptor are reported from now on. By the holder of the direction's lock. 0 or
    /// -errno (ENOMEM, ENOSPC; EBADF: the poller has ended).
    /// </summary>
    internal abstract int Watch(Interest interest);

    /// <summary>Takes what has arrived, up to the buffer's length: a count, 0 at EOF, -EAGAIN when nothing is there.</summary>
    internal abstract int TryReceive(Span<byte> buffer);

    /// <summary>Takes nothing: -EAGAIN while <see cref="TryReceive"/> would find nothing to say.</summary>
    internal virtual int TryPeek() => Kernel.Current.Peek(Fd);

    /// <summary>Gives bytes to the kernel: how many it took, -EAGAIN when it has no room.</summary>
    internal abstract int TrySend(ReadOnlySpan<byte> buffer);

    /// <summary>As <see cref="TrySend"/>, for several pieces at once, which are pinned.</summary>
    internal virtual int TrySendParts(ReadOnlySpan<MemoryPart> parts) => Kernel.Current.SendParts(Fd, parts);

    /// <summary>
    /// Takes one datagram, up to the buffer's length (the rest of it is lost), and the sender's address as the kernel writes it: -EAGAIN when
    /// none is there.
    /// </summary>
    internal virtual int TryReceiveFrom(Span<byte> buffer, Span<byte> address, out int addressLength) =>
        Kernel.Current.ReceiveFrom(Fd, buffer, address, out addressLength);

    /// <summary>Gives one datagram to the kernel, for the address as the kernel reads it.</summary>
    internal virtual int TrySendTo(ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address) => Kernel.Current.SendTo(Fd, buffer, address);

    /// <summary>Takes a connection off a listener's queue: a non-blocking, close-on-exec descriptor, or -EAGAIN.</summary>
    internal abstract int TryAccept(out RawAddress peer);

    /// <summary>Nothing more is received; the peer notices nothing.</summary>
    internal virtual int EndReceiving() => Kernel.Current.EndReceiving(Fd);

    /// <summary>Nothing more is sent; the peer sees the end of the stream.</summary>
    internal virtual int EndSending() => Kernel.Current.EndSending(Fd);

    /// <summary>Others may have the same open file from now on, and read from it.</summary>
    internal virtual void Share()
    {
        _isShared = true;
        Interlocked.MemoryBarrier(); // against a receiving ahead that begins now, which looks at the flag again
        _ = StopReceivingAhead();
    }

    /// <summary>
    /// The descriptor itself is to be read from, by others than the poller: bytes must be in the socket. On the loop's thread, for
    /// the holder of the read lock, the result is exact.
    /// </summary>
    /// <returns>
    /// 0: they are. -EAGAIN: they will be, when an event comes for <see cref="Interest.Read"/>. -EOPNOTSUPP: some have been received
    /// already, and are to be taken by <see cref="TryReceive"/>.
    /// </returns>
    internal virtual int StopReceivingAhead() => 0;

    /// <summary>
    /// Stops watching, before <see cref="Close"/>. False: the kernel has yet to let go of the descriptor, and
    /// <see cref="Readiness.Released"/> will say when it has.
    /// </summary>
    internal virtual bool Release() => true;

    /// <summary>Closes the descriptor, which the handle names no more. Events of it may still come out of a wait.</summary>
    internal void Close()
    {
        CloseDescriptor();
        _fd = -1;
    }

    private protected virtual void CloseDescriptor() => _ = Kernel.Current.Close(Fd);
}
