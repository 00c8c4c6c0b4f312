using HotLoop.Native;

namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>A reset by the peer ends what waits, reads and writes, and what came before it is a prefix of what was sent.</summary>
internal static class Reset
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        Stripe sent = new(7);
        Task<IoResult> reading = t.Start(() => ReadToEnd(conn));
        Task<IoResult> writing = t.Start(() => WriteToEnd(conn));
        for (int i = t.Random.Next(0, 4); i > 0; i--)
        {
            byte[] part = sent.Make(t.Random.Next(1, 20_000));
            Talk.Require(await Talk.Write(peer, part), part.Length);
        }

        peer.SetLinger(0); // Close resets; a Unix socket does so because bytes are unread
        peer.Close();
        IoResult read = await reading;
        Assert.True(read.Error is null || read.Error.Errno is Errno.ECONNRESET or Errno.EPIPE, $"{read.Error}");
        Assert.True(read.Count <= sent.Count, "more than was sent");
        IoResult written = await writing;
        Assert.True(written.Error?.Errno is Errno.ECONNRESET or Errno.EPIPE, $"{written.Error}");
    }

    private static async Task<IoResult> ReadToEnd(Conn conn)
    {
        Stripe got = new(7);
        byte[] buffer = new byte[4096];
        IoResult result;
        while ((result = await Talk.ReadSome(conn, buffer)).Count > 0)
        {
            got.Check(buffer.AsSpan(0, result.Count));
        }

        return new IoResult(got.Count, result.Error);
    }

    private static async Task<IoResult> WriteToEnd(Conn conn)
    {
        byte[] part = new byte[32 * 1024];
        IoResult result;
        do
        {
            result = await Talk.Write(conn, part);
        }
        while (result.Error is null);
        return result;
    }
}
