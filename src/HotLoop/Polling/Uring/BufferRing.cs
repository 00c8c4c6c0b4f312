using HotLoop.Native.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>
/// The memory that a loop's receives go to: equal buffers, given to the kernel through a ring of their addresses, taken by it only when data
/// is there, and given back when they have been read. So memory is bound by what has arrived and was not read yet, not by the
/// number of connections.
/// <para>It begins with few buffers and gives more when they run short, up to the size of the ring; memory never given is never touched.</para>
/// </summary>
internal sealed unsafe class BufferRing : IDisposable
{
#if DEBUG
    internal const int BufferBytes = 256; // small, so that messages fill several
#else
    internal const int BufferBytes = 4096;
#endif

    internal const ushort Group = 0;

    private readonly int _size;
    private readonly int _step;
    private readonly Segment[] _segments;
    private readonly nuint _ringBytes;
    private readonly nuint _memoryBytes;
    private io_uring_buf* _ring;
    private byte* _memory;
    private int _given;
    private ushort _tail;

    private BufferRing(int size, int step)
    {
        _size = size;
        _step = step;
        _segments = new Segment[size];
        _ringBytes = (nuint)(size * sizeof(io_uring_buf));
        _memoryBytes = (nuint)size * BufferBytes;
    }

    /// <summary>Buffers that the kernel has, or will have when its completions have been looked at.</summary>
    internal int Available { get; private set; }

    /// <summary>0 or -errno. The ring must not be enabled yet.</summary>
    /// <param name="ring">Whose receives take the buffers.</param>
    /// <param name="size">Most buffers; a power of two.</param>
    /// <param name="step">Buffers given at a time.</param>
    /// <param name="buffers">Null when it failed.</param>
    internal static int TryCreate(Ring ring, int size, int step, out BufferRing? buffers)
    {
        BufferRing made = new(size, step);
        made._ring = (io_uring_buf*)Syscall.Map(made._ringBytes, -1, 0, out int error);
        if (error == 0)
        {
            made._memory = (byte*)Syscall.Map(made._memoryBytes, -1, 0, out error);
        }

        if (error == 0)
        {
            error = ring.Register(new io_uring_buf_reg { ring_addr = (ulong)made._ring, ring_entries = (uint)size, bgid = Group });
        }

        if (error < 0)
        {
            made.Dispose();
            buffers = null;
            return error;
        }

        _ = made.TryGrow();
        buffers = made;
        return 0;
    }

    /// <summary>Gives the kernel some more buffers; false when it has had them all.</summary>
    internal bool TryGrow()
    {
        int end = Math.Min(_given + _step, _size);
        bool grown = end > _given;
        while (_given < end)
        {
            Give(_given++);
        }

        return grown;
    }

    /// <summary>The kernel has filled a buffer.</summary>
    internal void Append(ref SegmentList list, int buffer, int length)
    {
        Available--;
        _segments[buffer] = new Segment { Length = length };
        if (list.IsEmpty)
        {
            list.First = buffer + 1;
        }
        else
        {
            _segments[list.Last - 1].Next = buffer + 1;
        }

        list.Last = buffer + 1;
        list.Bytes += length;
        list.Count++;
    }

    /// <summary>The kernel has taken a buffer and put nothing into it.</summary>
    internal void GiveBack(int buffer)
    {
        Available--;
        Give(buffer);
    }

    /// <summary>Moves as much as fits into <paramref name="target"/>: how many bytes.</summary>
    internal int Take(ref SegmentList list, Span<byte> target)
    {
        int taken = 0;
        while (!list.IsEmpty && taken < target.Length)
        {
            int buffer = list.First - 1;
            ref Segment segment = ref _segments[buffer];
            int n = Math.Min(segment.Length, target.Length - taken);
            new ReadOnlySpan<byte>(_memory + ((nint)buffer * BufferBytes) + segment.Start, n).CopyTo(target[taken..]);
            taken += n;
            segment.Start += n;
            segment.Length -= n;
            if (segment.Length == 0)
            {
                list.First = segment.Next;
                list.Count--;
                Give(buffer);
            }
        }

        list.Bytes -= taken;
        return taken;
    }

    /// <summary>Gives all buffers of a list back to the kernel, unread.</summary>
    internal void Drop(ref SegmentList list)
    {
        for (int i = list.First; i != 0;)
        {
            int buffer = i - 1;
            i = _segments[buffer].Next;
            Give(buffer);
        }

        list = default;
    }

    /// <summary>After the ring has been disposed of.</summary>
    public void Dispose()
    {
        Syscall.Unmap(_ring, _ringBytes);
        Syscall.Unmap(_memory, _memoryBytes);
        _ring = null;
        _memory = null;
    }

    private void Give(int buffer)
    {
        io_uring_buf* entry = _ring + (_tail & (_size - 1));
        entry->addr = (ulong)(_memory + ((nint)buffer * BufferBytes));
        entry->len = BufferBytes;
        entry->bid = (ushort)buffer; // not resv, which in the first entry is the tail
        Volatile.Write(ref _ring->resv, ++_tail);
        Available++;
    }

    private struct Segment
    {
        internal int Start;
        internal int Length;
        internal int Next;
    }
}
