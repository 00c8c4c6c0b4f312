using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>A descriptor of a <see cref="FaultyPoller"/>.</summary>
internal sealed unsafe class FaultyHandle(FaultyPoller poller, PollHandle inner) : PollHandle
{
    // Null: a descriptor without a kernel.
    private SocketTraits? _traits;

    internal override bool KeepsBytes
    {
        get => inner.KeepsBytes;
        set => inner.KeepsBytes = value;
    }

    /// <summary>Events may come. Under the poller's gate, as the next.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>To be told when it is watched.</summary>
    internal Readiness Owed { get; set; }

    // Counts may be short: records and datagrams go whole or not at all. A descriptor without a kernel is a stream.
    private bool IsStream => _traits is null or { Kind: SocketKind.Stream };

    // See Fault.NoMemory.
    private bool AllocatesToSend => _traits is { Family: SocketFamily.Unix } or { Kind: SocketKind.Datagram };

    internal override void Open(int fd, ulong token)
    {
        _traits = Kernel.Current.Describe(fd, out SocketTraits traits) < 0 ? null : traits;
        IsWatched = false;
        Owed = 0;
        inner.Open(fd, token);
        base.Open(fd, token);
    }

    internal override int Watch(Interest interest)
    {
        int error = poller.Ask(static plan => plan.Strikes(Fault.Unwatched) ? plan.WatchError() : 0);
        if (error < 0)
        {
            return error;
        }

        Linger();
        int result = inner.Watch(interest);
        if (result >= 0)
        {
            poller.OnWatched(this);
        }

        return result;
    }

    internal override int TryReceive(Span<byte> buffer)
    {
        if (Blocks(Readiness.Read))
        {
            return -Errno.EAGAIN;
        }

        int length = Cut(buffer.Length);
        int n = inner.TryReceive(buffer[..length]);
        if (n == length && length < buffer.Length)
        {
            poller.Owe(this, Readiness.Read);
        }

        Linger();
        return n;
    }

    internal override int TrySend(ReadOnlySpan<byte> buffer)
    {
        int fault = SendFault(buffer.Length);
        return fault < 0 ? fault : inner.TrySend(buffer[..Cut(buffer.Length)]);
    }

    internal override int TryAccept(out RawAddress peer)
    {
        peer = default;
        int error = poller.Ask(static plan => plan.Strikes(Fault.Refused) ? plan.AcceptError() : 0);
        return error < 0 ? error : Blocks(Readiness.Read) ? -Errno.EAGAIN : inner.TryAccept(out peer);
    }

    internal override int TryReceiveFrom(Span<byte> buffer, Span<byte> address, out int addressLength)
    {
        addressLength = 0;
        return Blocks(Readiness.Read) ? -Errno.EAGAIN : inner.TryReceiveFrom(buffer, address, out addressLength);
    }

    internal override int TrySendTo(ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address)
    {
        int fault = SendFault(buffer.Length);
        return fault < 0 ? fault : inner.TrySendTo(buffer, address);
    }

    internal override int TrySendParts(ReadOnlySpan<MemoryPart> parts)
    {
        int total = 0;
        foreach (MemoryPart part in parts)
        {
            total += (int)part.Length;
        }

        int fault = SendFault(total);
        return fault < 0 ? fault : inner.TrySendParts(First(parts, Cut(total)));
    }

    internal override int TryPeek() => Blocks(Readiness.Read) ? -Errno.EAGAIN : inner.TryPeek();

    internal override int EndReceiving() => inner.EndReceiving();

    internal override int EndSending() => inner.EndSending();

    internal override void Share()
    {
        inner.Share();
        base.Share();
    }

    internal override int StopReceivingAhead() => inner.StopReceivingAhead();

    internal override bool Release()
    {
        Linger();
        return inner.Release();
    }

    private protected override void CloseDescriptor()
    {
        poller.OnClosed(this);
        Linger();
        inner.Close();
    }

    private bool Blocks(Readiness readiness)
    {
        Linger();
        bool blocks = poller.Ask(static plan => plan.Strikes(Fault.WouldBlock));
        if (blocks)
        {
            poller.Owe(this, readiness);
        }

        return blocks;
    }

    private int SendFault(int length)
    {
        if (length > 0 && Blocks(Readiness.Write))
        {
            return -Errno.EAGAIN;
        }

        return AllocatesToSend ? poller.Ask(static plan => plan.Strikes(Fault.NoMemory) ? plan.SendError() : 0) : 0;
    }

    private int Cut(int length) => length > 1 && IsStream
        ? poller.Ask(plan => plan.Strikes(Fault.Short) ? plan.Part(length) : length)
        : length;

    private static MemoryPart[] First(ReadOnlySpan<MemoryPart> parts, int length)
    {
        List<MemoryPart> first = [];
        foreach (MemoryPart part in parts)
        {
            int n = Math.Min((int)part.Length, length);
            if (n > 0)
            {
                first.Add(new MemoryPart { Start = part.Start, Length = (nuint)n });
            }

            length -= n;
        }

        return [.. first];
    }

    private void Linger() => Thread.SpinWait(poller.Ask(static plan => plan.Strikes(Fault.Slow) ? plan.Spins() : 0));
}
