using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>splice(2) stops at an urgent byte and says "nothing there", or "the end" where that follows.</summary>
public sealed class UrgentCopyTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_copy_steps_over_an_urgent_byte(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await sender.ConnectAsync(IPAddress.Loopback, listener.Address.Port);
        Conn source = await t.Accept(listener);
        (Conn destination, Conn end) = await t.Pair();
        ValueTask<CopyResult> copy = source.TryCopyToAsync(destination);

        sender.Send("abc"u8);
        sender.Send("x"u8, SocketFlags.OutOfBand);
        sender.Send("def"u8);
        List<byte> got = [];
        _ = await Scenario.ReadUpTo(end, 6, part => got.AddRange(part.Span));
        Assert.Equal("abcdef"u8, got.ToArray());

        sender.Send("y"u8, SocketFlags.OutOfBand);
        sender.Send("ghi"u8);
        sender.Shutdown(SocketShutdown.Send);
        Assert.Equal(new CopyResult(9, null), await copy);
        destination.Close();
        Assert.Equal(3, (await Scenario.ReadUpTo(end, 100)).Count);
    });
}
