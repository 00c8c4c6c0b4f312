namespace HotLoop.Engine;

/// <summary>What the servers do with a connection.</summary>
/// <remarks>
/// A connection that waits holds no buffer: the lease is rented when data is there and given back once it is used. One of no length is
/// the end, or an error: nobody is left to answer.
/// </remarks>
internal static class Handlers
{
    internal static async Task Echo(Conn conn)
    {
        while (true)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            if (lease.Length == 0)
            {
                return;
            }

            IoResult written = await conn.TryWriteAsync(lease.Memory);
            if (written.Error is not null)
            {
                return;
            }
        }
    }

    internal static async Task Discard(Conn conn)
    {
        while (true)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            if (lease.Length == 0)
            {
                return;
            }
        }
    }
}
