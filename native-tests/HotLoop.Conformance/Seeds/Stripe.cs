namespace HotLoop.Conformance.Seeds;

/// <summary>A stream whose every byte is known by its place: what is lost, doubled or in another order shows.</summary>
internal sealed class Stripe(int salt)
{
    private int _next;

    internal int Count => _next;

    /// <summary>The next bytes, to be written.</summary>
    internal byte[] Make(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = At(_next++);
        }

        return bytes;
    }

    /// <summary>The next bytes, as they were read.</summary>
    internal void Check(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            Assert.True(b == At(_next), $"another byte at {_next}");
            _next++;
        }
    }

    // Neighbours differ, and so do stretches of any power of two.
    private byte At(int place) => (byte)(((uint)(place + salt) * 2654435761) >> 24);
}
