using System.Net;
using HotLoop.TestKit;
using static HotLoop.Conformance.LoopbackAnswer;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>A race of two addresses leaves the winner's socket and no other.</summary>
public sealed class DialRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(10);

    [Theory, ClassData(typeof(Backends))]
    public Task When_the_first_wins_the_second_never_begins(BackendKind backend) => RunBoth(backend, async t =>
    {
        TwoLoopbacks host = await TwoLoopbacks.Make(t, ipv6: Listens, ipv4: Listens);
        int before = FdLeakGuard.CountSockets();
        Conn conn = t.Own(await TwoLoopbacks.Dialer(t).DialAsync("tcp", host.Address));
        Assert.Equal(host.IPv6!.Address, conn.RemoteAddress);
        await UntilSockets(before + 1);

        host.IPv4!.SetDeadline(Timing.In(20));
        Assert.True((await host.IPv4.TryAcceptAsync()).Error?.Timeout);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task When_the_second_wins_the_first_is_given_up(BackendKind backend) => RunBoth(backend, async t =>
    {
        TwoLoopbacks host = await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Listens);
        int before = FdLeakGuard.CountSockets();
        Conn conn = t.Own(await TwoLoopbacks.Dialer(t, s_delay).DialAsync("tcp", host.Address));
        Assert.Equal(host.IPv4!.Address, conn.RemoteAddress);
        await UntilSockets(before + 1);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task When_both_fail_nothing_is_left(BackendKind backend) => RunBoth(backend, async t =>
    {
        string hanging = (await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Hangs)).Address;
        string refusing = (await TwoLoopbacks.Make(t, ipv6: Refuses, ipv4: Refuses)).Address;
        int before = FdLeakGuard.CountSockets();
        Dialer dialer = TwoLoopbacks.Dialer(t, s_delay, TimeSpan.FromMilliseconds(100));
        Assert.True((await Scenario.ErrorOf(dialer.DialAsync("tcp", hanging)))!.Timeout);
        Assert.Equal("connect", (await Scenario.ErrorOf(dialer.DialAsync("tcp", refusing)))!.SystemCall);
        await UntilSockets(before);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_ends_both(BackendKind backend) => RunBoth(backend, async t =>
    {
        TwoLoopbacks host = await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Hangs);
        int before = FdLeakGuard.CountSockets();
        using CancellationTokenSource source = new();
        TaskCompletionSource racing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        Dialer dialer = TwoLoopbacks.Dialer(t, s_delay, control: (_, _, _) =>
        {
            if (Interlocked.Increment(ref begun) == 2)
            {
                racing.SetResult();
            }
        });
        Task<Conn> dial = dialer.DialAsync("tcp", host.Address, source.Token);
        await racing.Task;
        await UntilSockets(before + 2);
        await source.CancelAsync();
        Assert.Equal(OpErrorKind.Canceled, (await Scenario.ErrorOf(dial))!.Kind);
        await UntilSockets(before);
    });

    // The second begins to connect at the very moment when the first has been connected.
    [Theory, ClassData(typeof(Backends))]
    public Task When_both_connect_the_loser_is_closed(BackendKind backend) => RunBoth(backend, async t =>
    {
        TwoLoopbacks host = await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Listens);
        int first = -1;
        Dialer dialer = TwoLoopbacks.Dialer(t, s_delay, control: (network, _, descriptor) =>
        {
            if (network == "tcp6")
            {
                first = descriptor;
                return;
            }

            System.Net.Sockets.Socket borrowed = BorrowedSocket.Of(first);
            Assert.True(SpinWait.SpinUntil(
                () => BorrowedSocket.TcpInfo(borrowed)[0] == Kernel.TcpEstablished, TimeSpan.FromSeconds(5)));
        });
        Task<Conn> dial = dialer.DialAsync("tcp", host.Address);
        _ = await t.Accept(host.IPv6!); // room for the first; it asks again after a second
        Conn conn = t.Own(await dial);
        _ = await t.Accept(host.IPv6!);

        Conn[] peers = [await t.Accept(host.IPv6!), await t.Accept(host.IPv4!)];
        Conn peer = Assert.Single(peers, p => p.RemoteAddress.Equals(conn.LocalAddress));
        Conn loser = Assert.Single(peers, p => p != peer);
        Assert.Equal(new IoResult(0, null), await Scenario.Read(loser));
        _ = await Scenario.Write(conn, 3);
        Assert.Equal(new IoResult(3, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_last_of_a_thousand_addresses_is_reached(BackendKind backend) => RunBoth(backend, async t =>
    {
        TwoLoopbacks host = await TwoLoopbacks.Make(t, ipv6: Refuses, ipv4: Listens);
        int before = FdLeakGuard.CountSockets();
        Conn conn = t.Own(await Dialer(t, IPAddress.Loopback).DialAsync("tcp", host.Address));
        Assert.Equal(host.IPv4!.Address, conn.RemoteAddress);
        await UntilSockets(before + 1);

        OpError error = await Assert.ThrowsAsync<OpError>(
            () => Dialer(t, IPAddress.Parse("127.0.9.9")).DialAsync("tcp", host.Address));
        Assert.Equal(new NetAddress("tcp", IPAddress.IPv6Loopback, host.IPv4.Address.Port), error.Addr);
        await UntilSockets(before + 1);
    });

    // Five hundred of each family; on all but the last one nobody listens.
    private static Dialer Dialer(Scenario t, IPAddress last)
    {
        IPAddress[] addresses =
        [
            .. Enumerable.Repeat(IPAddress.IPv6Loopback, 500),
            .. Enumerable.Range(0, 499).Select(i => new IPAddress(new byte[] { 127, 1, (byte)(i / 250), (byte)(1 + (i % 250)) })),
            last,
        ];
        return new Dialer { Loops = t.Loops, Resolver = (_, _) => Task.FromResult(addresses) };
    }

    private static Task UntilSockets(int count) => KernelView.Until(() => FdLeakGuard.CountSockets() == count);
}
