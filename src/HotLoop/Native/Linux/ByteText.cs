using System.Buffers;
using System.Text.Unicode;

namespace HotLoop.Native.Linux;

/// <summary>
/// Names that are bytes to the kernel and text to callers. Bytes that are not UTF-8 become lone surrogates, 0x80 to 0xff as U+DC80 to
/// U+DCFF, so that each name comes back as the bytes that it was (Python's "surrogateescape", PEP 383).
/// </summary>
internal static class ByteText
{
    private const char EscapeOfZero = '\uDC00';

    /// <summary>Writes <paramref name="text"/>; returns its length in bytes, or -EINVAL when it has no bytes or too many.</summary>
    internal static int Encode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int length = 0;
        while (true)
        {
            OperationStatus status = Utf8.FromUtf16(text, bytes[length..], out int read, out int written, replaceInvalidSequences: false);
            length += written;
            if (status == OperationStatus.Done)
            {
                return length;
            }

            text = text[read..];
            if (status != OperationStatus.InvalidData || text[0] is < '\uDC80' or > '\uDCFF' || length == bytes.Length)
            {
                return -Errno.EINVAL;
            }

            bytes[length++] = (byte)(text[0] - EscapeOfZero);
            text = text[1..];
        }
    }

    /// <summary>Of a name of the kernel's, which are short.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length];
        int length = 0;
        while (true)
        {
            OperationStatus status = Utf8.ToUtf16(bytes, text[length..], out int read, out int written, replaceInvalidSequences: false);
            length += written;
            if (status == OperationStatus.Done)
            {
                return new string(text[..length]);
            }

            text[length++] = (char)(EscapeOfZero + bytes[read]);
            bytes = bytes[(read + 1)..];
        }
    }
}
