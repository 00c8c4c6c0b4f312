using System.Buffers;

namespace HotLoop.Conformance;

/// <summary>Buffers one after the other, as a sequence: Go's net.Buffers.</summary>
public sealed class Parts : ReadOnlySequenceSegment<byte>
{
    private Parts(ReadOnlyMemory<byte> memory, long index)
    {
        Memory = memory;
        RunningIndex = index;
    }

    public static ReadOnlySequence<byte> Of(params IEnumerable<byte[]> parts)
    {
        Parts? first = null;
        Parts? last = null;
        foreach (byte[] part in parts)
        {
            Parts next = new(part, last is null ? 0 : last.RunningIndex + last.Memory.Length);
            last?.Next = next;
            last = next;
            first ??= next;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    /// <summary>How many of them, not counting empty ones, are not yet written when <paramref name="written"/> bytes are.</summary>
    public static int CountLeft(ReadOnlySequence<byte> parts, long written)
    {
        int count = 0;
        foreach (ReadOnlyMemory<byte> part in parts.Slice(written))
        {
            count += part.IsEmpty ? 0 : 1;
        }

        return count;
    }
}
