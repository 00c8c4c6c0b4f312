using HotLoop.Native;

namespace HotLoop.Polling;

/// <summary>
/// The port: all that a loop wants from the kernel's readiness facility. One poller serves one loop.
/// <para>
/// <b>Shape.</b> Readiness, with optional prefetched data. An operation first tries (<see cref="TryReceive"/>,
/// <see cref="TrySend"/>, <see cref="TryAccept"/>) and parks when that would block; an event only means "try again".
/// After a method returns, the kernel neither reads nor writes memory that the caller gave: a wait can therefore be
/// abandoned (deadline, Close) without asking the kernel.
/// </para>
/// <para>
/// <b>Events.</b> Edge-triggered: whoever is about to wait calls <see cref="Watch"/>, unless it has said "for good" before; if the
/// descriptor is ready at that moment, an event follows. After that an event follows each change to "ready" that
/// happens after a try which returned -EAGAIN. A receive shorter than its buffer counts as such a try, unless
/// <see cref="Readiness.Drain"/> was reported. Events may be spurious, may join several changes, and may name a
/// descriptor that has been closed since they were collected: the token's generation tells.
/// </para>
/// <para>
/// <b>Results.</b> A value, or -errno (<see cref="Errno"/>); EINTR never comes out.
/// </para>
/// <para>
/// <b>Threads.</b> <see cref="Wait"/> and <see cref="IDisposable.Dispose"/> belong to the loop's thread; everything else may be
/// called from any thread, and for different descriptors at once. The caller sees to it that one descriptor is
/// not received from (or sent to) by two threads at once, and not used after <see cref="Release"/>.
/// </para>
/// </summary>
internal abstract class Poller : IDisposable
{
    /// <summary>The most events that a loop takes in one wait.</summary>
#if DEBUG
    internal const int EventsPerWait = 4; // small, so that tests fill the batch
#else
    internal const int EventsPerWait = 256;
#endif

    internal abstract BackendKind Kind { get; }

    /// <summary>
    /// An operation is about to wait: reports events of <paramref name="target"/> from now on. By the holder of the direction's lock.
    /// </summary>
    /// <returns>1: for good, in all directions. 0: for this wait. Or -errno (ENOMEM, ENOSPC).</returns>
    internal abstract int Watch(PollTarget target, Interest interest);

    /// <summary>
    /// Whether bytes are received before they are asked for: then only the loop's thread may call <see cref="TryReceive"/> and
    /// <see cref="TryPeek"/>. For the holder of the read lock, while which it does not become true by itself.
    /// </summary>
    internal virtual bool ReceivesAhead(PollTarget target) => false;

    /// <summary>
    /// The descriptor itself is to be read from, by others than the poller: bytes must be in the socket. From any thread; on the loop's, for
    /// the holder of the read lock, the result is exact.
    /// </summary>
    /// <returns>
    /// 0: they are. -EAGAIN: they will be, when an event comes for <see cref="Interest.Read"/>. -EOPNOTSUPP: some have been received
    /// already, and are to be taken by <see cref="TryReceive"/>.
    /// </returns>
    internal virtual int LetGo(PollTarget target) => 0;

    /// <summary>
    /// Waits until something is ready, <see cref="Wake"/> was called since the last wait, or the time is up; fills
    /// <paramref name="events"/> and returns their number.
    /// </summary>
    /// <param name="events">Where the events go; what does not fit comes with the next wait.</param>
    /// <param name="timeoutMilliseconds">0: only look. Negative: no limit.</param>
    internal abstract int Wait(Span<PollEvent> events, int timeoutMilliseconds);

    /// <summary>Makes the current or the next <see cref="Wait"/> return. Calls may be joined.</summary>
    internal abstract void Wake();

    /// <summary>Takes what has arrived, up to the buffer's length: a count, 0 at EOF, -EAGAIN when nothing is there.</summary>
    internal abstract int TryReceive(PollTarget target, Span<byte> buffer);

    /// <summary>Gives bytes to the kernel: how many it took, -EAGAIN when it has no room.</summary>
    internal abstract int TrySend(PollTarget target, ReadOnlySpan<byte> buffer);

    /// <summary>Takes a connection off a listener's queue: a non-blocking, close-on-exec descriptor, or -EAGAIN.</summary>
    internal abstract int TryAccept(PollTarget target, out RawAddress peer);

    /// <summary>
    /// Takes one datagram, up to the buffer's length (the rest of it is lost), and the sender's address as the kernel writes it: -EAGAIN when none is there.
    /// </summary>
    internal virtual int TryReceiveFrom(PollTarget target, Span<byte> buffer, Span<byte> address, out int addressLength) =>
        Kernel.Current.ReceiveFrom(target.Fd, buffer, address, out addressLength);

    /// <summary>Gives one datagram to the kernel, for the address as the kernel reads it.</summary>
    internal virtual int TrySendTo(PollTarget target, ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address) =>
        Kernel.Current.SendTo(target.Fd, buffer, address);

    /// <summary>As <see cref="TrySend"/>, for several pieces at once, which are pinned.</summary>
    internal virtual int TrySendParts(PollTarget target, ReadOnlySpan<MemoryPart> parts) => Kernel.Current.SendParts(target.Fd, parts);

    /// <summary>Takes nothing: -EAGAIN while <see cref="TryReceive"/> would find nothing to say.</summary>
    internal virtual int TryPeek(PollTarget target) => Kernel.Current.Peek(target.Fd);

    /// <summary>Nothing more is received; the peer notices nothing.</summary>
    internal virtual int EndReceiving(PollTarget target) => Kernel.Current.EndReceiving(target.Fd);

    /// <summary>Nothing more is sent; the peer sees the end of the stream.</summary>
    internal virtual int EndSending(PollTarget target) => Kernel.Current.EndSending(target.Fd);

    /// <summary>
    /// Stops watching, before <see cref="Close"/>. False: the kernel has yet to let go of the descriptor, and
    /// <see cref="Readiness.Released"/> will say when it has.
    /// </summary>
    /// <param name="target">A descriptor that has been watched and that nobody uses any more.</param>
    /// <param name="mayHaveDuplicates">Closing it may not close the open file, which is what the kernel watches.</param>
    internal virtual bool Release(PollTarget target, bool mayHaveDuplicates) => true;

    /// <summary>Closes the descriptor. Events of it may still come out of a wait.</summary>
    internal virtual int Close(PollTarget target) => Kernel.Current.Close(target.Fd);

    public abstract void Dispose();
}
