namespace HotLoop.Conformance;

/// <summary>Bytes of which no two stretches are alike, and what has become of them on their way.</summary>
public static class Pattern
{
    private const int Seed = 4711;

    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(Seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Says in few words what a list of a million bytes would hide.</summary>
    public static void AssertSame(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> got)
    {
        Assert.Equal(expected.Length, got.Length);
        int same = expected.Span.CommonPrefixLength(got.Span);
        Assert.True(same == expected.Length, $"other bytes from {same} on");
    }

    /// <summary>All that comes from <paramref name="conn"/> until the end of the stream.</summary>
    public static async Task<byte[]> ReadAll(Conn conn)
    {
        using MemoryStream got = new();
        IoResult end = await Scenario.ReadUpTo(conn, int.MaxValue, part => got.Write(part.Span));
        Assert.Null(end.Error);
        return got.ToArray();
    }
}
