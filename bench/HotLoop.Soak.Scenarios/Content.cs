using System.Buffers.Binary;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// A stream of bytes without end in which every byte follows from the seed and its position. So neither side keeps what it sent, and bytes
/// lost, doubled, swapped or of another connection are noticed.
/// </summary>
internal sealed class Content(ulong seed)
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>The bytes from <paramref name="position"/> on.</summary>
    internal void Fill(Span<byte> span, long position)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        while (span.Length > 0)
        {
            int skipped = (int)(position % WordBytes);
            int count = Math.Min(WordBytes - skipped, span.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(word, WordAt(position / WordBytes));
            word.Slice(skipped, count).CopyTo(span);
            span = span[count..];
            position += count;
        }
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
                    FailureKind.WrongByte, $"wrong byte at {position + same} of the stream: 0x{span[same]:x2}, expected 0x{piece[same]:x2}");
            }

            span = span[piece.Length..];
            position += piece.Length;
        }
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
