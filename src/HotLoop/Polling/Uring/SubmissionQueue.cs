using System.Runtime.CompilerServices;
using HotLoop.Native.Linux;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>
/// The requests on their way to the kernel: written here, taken by it in the next io_uring_enter(2). One thread uses it.
/// <para>The kernel moves the head while it is in that call, and reads the tail there; we move the tail.</para>
/// </summary>
internal sealed unsafe class SubmissionQueue
{
    private readonly io_uring_sqe* _entries;
    private readonly uint* _head;
    private readonly uint* _publishedTail;
    private readonly uint* _flags;
    private readonly uint _mask;
    private readonly uint _size;
    private uint _tail;

    /// <param name="ring">The mapping of the ring.</param>
    /// <param name="entries">The mapping of the requests.</param>
    /// <param name="parameters">As io_uring_setup(2) has filled them in.</param>
    internal SubmissionQueue(byte* ring, io_uring_sqe* entries, in io_uring_params parameters)
    {
        _entries = entries;
        _head = (uint*)(ring + parameters.sq_off.head);
        _publishedTail = (uint*)(ring + parameters.sq_off.tail);
        _flags = (uint*)(ring + parameters.sq_off.flags);
        _size = parameters.sq_entries;
        _mask = _size - 1;
        _tail = *_publishedTail;
        if ((parameters.flags & ByHand.IORING_SETUP_NO_SQARRAY) == 0)
        {
            uint* order = (uint*)(ring + parameters.sq_off.array);
            for (uint i = 0; i < _size; i++)
            {
                order[i] = i;
            }
        }
    }

    /// <summary>The kernel keeps completions that found no room in their queue; they come with the next call.</summary>
    internal bool CompletionsOverflowed => (Volatile.Read(ref *_flags) & ByHand.IORING_SQ_CQ_OVERFLOW) != 0;

    /// <summary>Requests that the kernel has not taken yet.</summary>
    internal uint Count => _tail - Volatile.Read(ref *_head);

    /// <summary>A cleared request to be filled in, or null when there is no room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal io_uring_sqe* TryAdd()
    {
        if (Count == _size)
        {
            return null;
        }

        io_uring_sqe* entry = _entries + (_tail++ & _mask);
        *entry = default;
        return entry;
    }

    /// <summary>Shows the kernel what has been added. Before each call.</summary>
    internal void Publish() => Volatile.Write(ref *_publishedTail, _tail);
}
