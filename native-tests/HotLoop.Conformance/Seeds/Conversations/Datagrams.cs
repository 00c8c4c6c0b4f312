namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Datagrams, few at a time so that none is dropped, come back whole and once, whatever was against sending them.</summary>
internal static class Datagrams
{
    private const int InFlight = 3;
    private const int BytesMax = 2000;

    internal static async Task Run(Talk t)
    {
        PacketConn server = t.Own(new ListenConfig { Loops = t.Loops }.ListenPacket("udp", "127.0.0.1:0"));
        PacketConn client = await Dial(t, server.LocalAddress);
        Task echo = t.Start(() => Echo(server));
        for (int i = t.Random.Next(2, 10); i > 0; i--)
        {
            byte[][] sent = [.. Enumerable.Range(0, InFlight).Select(n => new Stripe(n).Make(t.Random.Next(1, BytesMax)))];
            foreach (byte[] datagram in sent)
            {
                Talk.Require(await Again(() => client.TryWriteAsync(datagram)), datagram.Length);
            }

            foreach (byte[] datagram in sent)
            {
                byte[] got = new byte[BytesMax];
                Talk.Require(await Again(() => client.TryReadAsync(got)), datagram.Length);
                Pattern.AssertSame(datagram, got.AsMemory(0, datagram.Length));
            }
        }

        server.Close();
        await echo;
    }

    private static async Task Echo(PacketConn server)
    {
        byte[] buffer = new byte[BytesMax];
        while (true)
        {
            PacketResult result = await server.TryReadFromAsync(buffer);
            if (result.From is { } from)
            {
                Talk.Require(await Again(() => server.TryWriteToAsync(buffer.AsMemory(0, result.Count), from)), result.Count);
            }
            else if (!Talk.IsGiven(result.Error))
            {
                Assert.Equal(OpErrorKind.Closed, result.Error?.Kind);
                return;
            }
        }
    }

    private static async Task<IoResult> Again(Func<ValueTask<IoResult>> operation)
    {
        IoResult result;
        do
        {
            result = await operation();
        }
        while (Talk.IsGiven(result.Error));
        return result;
    }

    private static async Task<PacketConn> Dial(Talk t, NetAddress address)
    {
        while (true)
        {
            try
            {
                return t.Own(await t.Dialer().DialPacketAsync("udp", address.ToString()));
            }
            catch (OpError e) when (Talk.IsGiven(e))
            {
                // Again.
            }
        }
    }
}
