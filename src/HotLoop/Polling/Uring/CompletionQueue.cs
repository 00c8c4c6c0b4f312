using System.Runtime.CompilerServices;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>What the kernel has to tell, oldest first. One thread uses it. The kernel moves the tail, we move the head.</summary>
internal sealed unsafe class CompletionQueue
{
    private readonly io_uring_cqe* _entries;
    private readonly uint* _publishedHead;
    private readonly uint* _tail;
    private readonly uint _mask;
    private uint _head;

    /// <param name="ring">The mapping of the ring.</param>
    /// <param name="parameters">As io_uring_setup(2) has filled them in.</param>
    internal CompletionQueue(byte* ring, in io_uring_params parameters)
    {
        _entries = (io_uring_cqe*)(ring + parameters.cq_off.cqes);
        _publishedHead = (uint*)(ring + parameters.cq_off.head);
        _tail = (uint*)(ring + parameters.cq_off.tail);
        _mask = parameters.cq_entries - 1;
        _head = *_publishedHead;
    }

    /// <summary>Completions that would still fit.</summary>
    internal uint Room => _mask + 1 - (Volatile.Read(ref *_tail) - _head);

    internal bool IsEmpty => _head == Volatile.Read(ref *_tail);

    /// <summary>Takes the oldest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out io_uring_cqe completion)
    {
        if (IsEmpty)
        {
            completion = default;
            return false;
        }

        completion = _entries[_head++ & _mask];
        return true;
    }

    /// <summary>Gives the kernel the room of what has been taken.</summary>
    internal void Publish() => Volatile.Write(ref *_publishedHead, _head);
}
