using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Tests;

/// <summary>A receive stops short at an urgent byte, and one byte of it once made a loop spin.</summary>
public sealed class UrgentDataTests() : BackendTests(1)
{

    [Theory, ClassData(typeof(Backends))]
    public async Task Bytes_around_an_urgent_one_arrive_and_the_loop_goes_on_serving(BackendKind backend)
    {
        Use(backend);
        using Listener listener = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0");
        using Socket peer = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(listener.Address.ToIPEndPoint());
        using Conn conn = await listener.AcceptAsync();
        byte[] buffer = new byte[16];
        ValueTask<int> parked = conn.ReadAsync(buffer);
        peer.Send("!"u8, SocketFlags.OutOfBand);

        using Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", listener.Address.ToString());
        using Conn other = await listener.AcceptAsync();
        await client.WriteAsync(new byte[1]);
        Assert.Equal(1, await other.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.False(parked.IsCompleted);

        peer.Send("before"u8);
        Assert.Equal(6, await parked.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        peer.Send("a"u8);
        peer.Send("!"u8, SocketFlags.OutOfBand);
        peer.Send("b"u8);
        int got = 0;
        while (got < 2)
        {
            got += await conn.ReadAsync(buffer.AsMemory(got)).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal("ab"u8.ToArray(), buffer[..2]);
    }
}
