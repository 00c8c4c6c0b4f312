namespace HotLoop.Conformance.Streams;

/// <summary>A sequence of bytes in which a lost, doubled or misplaced one shows: a prime number of values, over and over.</summary>
internal static class NumberedBytes
{
    private const int Period = 251;

    public static byte[] Make(long from, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)((from + i) % Period);
        }

        return bytes;
    }

    public static void Check(long from, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (from + i) % Period)
            {
                Assert.Fail($"byte {from + i} is {bytes[i]}"); // the text only now: it would take longer than the bytes
            }
        }
    }
}
