namespace HotLoop.Faults.Library;

/// <summary>Go's io.ReadFull.</summary>
internal static class FullReads
{
    /// <summary>Fills the buffer; false if the stream ended before.</summary>
    internal static async Task<bool> ReadFullAsync(this Conn conn, Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int n = await conn.ReadAsync(buffer);
            if (n == 0)
            {
                return false;
            }

            buffer = buffer[n..];
        }

        return true;
    }
}
