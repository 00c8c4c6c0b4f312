using System.Net.Security;
using System.Security.Authentication;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>TLS that does not come about, or is cut off.</summary>
public sealed class TlsFailureTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_handshake_with_a_silent_peer_is_canceled(BackendKind backend) => RunBoth(backend, async t =>
    {
        List<Func<Conn, CancellationToken, Task<SslStream>>> sides = [Tls.Client, Tls.Server];
        foreach (Func<Conn, CancellationToken, Task<SslStream>> shakeHands in sides)
        {
            (Conn conn, _) = await t.Pair();
            using CancellationTokenSource source = new();
            Task<SslStream> handshake = shakeHands(conn, source.Token);
            Assert.False(handshake.IsCompleted);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handshake);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_handshake_ends_at_the_deadline(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        conn.SetDeadline(Timing.In(20));
        await Ends.TimedOut(Tls.Server(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_client_that_goes_away_in_the_handshake_fails_the_server(BackendKind backend) => RunBoth(backend, async t =>
    {
        byte[] hello = await ClientHello(t);
        foreach (int part in new[] { 0, 1, 5, hello.Length / 2, hello.Length })
        {
            (Conn conn, Conn peer) = await t.Pair();
            Task<SslStream> handshake = Tls.Server(conn);
            await peer.WriteAsync(hello.AsMemory(0, part));
            peer.CloseWrite();
            Exception e = await Assert.ThrowsAnyAsync<Exception>(() => handshake);
            Assert.True(e is IOException or AuthenticationException, e.ToString());
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_reset_in_the_handshake_fails_the_server(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<SslStream> handshake = Tls.Server(conn);
        Scenario.Reset(peer);
        await Ends.With(System.Net.Sockets.SocketError.ConnectionReset, handshake);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_peer_that_does_not_speak_TLS_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<SslStream> handshake = Tls.Server(conn);
        await peer.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await Assert.ThrowsAnyAsync<AuthenticationException>(() => handshake);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_ends_a_waiting_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<SslStream> other = Tls.Client(peer);
        await using SslStream server = await Tls.Server(conn);
        await using SslStream client = await other;
        Task<int> read = server.ReadAsync(new byte[8]).AsTask();
        conn.Close();
        await Ends.Closed(read);
    });

    // What a client says first.
    private static async Task<byte[]> ClientHello(Scenario t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        using CancellationTokenSource source = new();
        Task<SslStream> handshake = Tls.Client(conn, source.Token);
        byte[] header = new byte[5];
        await using ConnStream stream = peer.AsStream();
        await stream.ReadExactlyAsync(header);
        byte[] body = new byte[(header[3] << 8) | header[4]];
        await stream.ReadExactlyAsync(body);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => handshake);
        return [.. header, .. body];
    }
}
