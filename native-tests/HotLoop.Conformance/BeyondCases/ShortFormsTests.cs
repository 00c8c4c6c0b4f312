using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Net's functions, on the default group of loops.</summary>
public sealed class ShortFormsTests : IDisposable
{
    private readonly FdLeakGuard _guard = new();

    [Fact]
    public async Task They_listen_and_dial()
    {
        using Listener listener = Net.Listen("tcp", "127.0.0.1:0");
        using Conn first = await Net.DialAsync("tcp", listener.Address.ToString());
        using Conn accepted = await listener.AcceptAsync();
        Assert.Equal(first.LocalAddress, accepted.RemoteAddress);
        Assert.Equal(first.RemoteAddress, listener.Address);
        using Conn second = await Net.DialTimeoutAsync("tcp", listener.Address.ToString(), TimeSpan.FromSeconds(5));
        OpError error = await Assert.ThrowsAsync<OpError>(
            () => Net.DialTimeoutAsync("tcp", listener.Address.ToString(), TimeSpan.Zero));
        Assert.True(error.Timeout);
    }

    [Fact]
    public async Task They_make_datagram_sockets()
    {
        using PacketConn receiver = Net.ListenPacket("udp", "127.0.0.1:0");
        using PacketConn sender = await Net.DialPacketAsync("udp", receiver.LocalAddress.ToString());
        await sender.WriteAsync(new byte[3]);
        Assert.Equal(new PacketResult(3, sender.LocalAddress, null), await receiver.ReadFromAsync(new byte[8]));
        Assert.Null(receiver.RemoteAddress);
        Assert.Equal(receiver.LocalAddress, sender.RemoteAddress);
    }

    public void Dispose() => _guard.Dispose();
}
