using System.Buffers.Binary;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// A stream of bytes without end in which every byte follows from the seed and its position. So neither side keeps what it
/// sent, and bytes lost, doubled, swapped or of another connection are noticed.
/// </summary>
internal sealed class Content(ulong seed)
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>The bytes from <paramref name="position"/> on.</summary>
    internal void Fill(Span<byte> span, long position)
    {
        int skipped = (int)(position % WordBytes);
        long index = position / WordBytes;
        if (skipped > 0)
        {
            int head = Math.Min(WordBytes - skipped, span.Length);
            FillPart(span[..head], index++, skipped);
            span = span[head..];
        }

        for (; span.Length >= WordBytes; span = span[WordBytes..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(span, WordAt(index++));
        }

        FillPart(span, index, 0);
    }

    /// <exception cref="ScenarioException">A byte is not what stands at its place.</exception>
    internal void Check(ReadOnlySpan<byte> span, long position)
    {
        Span<byte> expected = stackalloc byte[1024];
        while (span.Length > 0)
        {
            Span<byte> piece = expected[..Math.Min(expected.Length, span.Length)];
            Fill(piece, position);
            int same = span.CommonPrefixLength(piece);
            if (same < piece.Length)
            {
                throw new ScenarioException(
                    FailureKind.WrongByte,
                    $"wrong byte at {position + same} of the stream: 0x{span[same]:x2}, expected 0x{piece[same]:x2}");
            }

            span = span[piece.Length..];
            position += piece.Length;
        }
    }

    private void FillPart(Span<byte> span, long index, int skipped)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(word, WordAt(index));
        word.Slice(skipped, span.Length).CopyTo(span);
    }

    // Neighbouring numbers in, unrelated numbers out: the finalizer of MurmurHash3.
    private ulong WordAt(long index)
    {
        ulong x = seed ^ ((ulong)index + 1);
        x = (x ^ (x >> 33)) * 0xff51afd7ed558ccd;
        x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53;
        return x ^ (x >> 33);
    }
}
