using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HotLoop.Conformance.Streams;

/// <summary>The two ends of TLS over connections, with a certificate made for the run.</summary>
internal static class Tls
{
    private const string Host = "hotloop.test";

    private static readonly X509Certificate2 s_certificate = MakeCertificate();

    public static SslServerAuthenticationOptions ServerOptions { get; } = new() { ServerCertificate = s_certificate };

    public static SslClientAuthenticationOptions ClientOptions { get; } = new()
    {
        TargetHost = Host,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) =>
            certificate is not null && certificate.GetCertHashString() == s_certificate.GetCertHashString(),
    };

    public static async Task<SslStream> Client(Conn conn, CancellationToken token = default)
    {
        SslStream stream = new(conn.AsStream());
        await stream.AuthenticateAsClientAsync(ClientOptions, token);
        return stream;
    }

    public static async Task<SslStream> Server(Conn conn, CancellationToken token = default)
    {
        SslStream stream = new(conn.AsStream());
        await stream.AuthenticateAsServerAsync(ServerOptions, token);
        return stream;
    }

    /// <summary>Both ends after their handshake.</summary>
    public static async Task<(SslStream Client, SslStream Server)> Pair(Scenario t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<SslStream> client = Client(conn);
        Task<SslStream> server = Server(peer);
        return (t.Own(await client), t.Own(await server));
    }

    /// <summary>Sends back what comes until the end, then ends too.</summary>
    public static async Task Echo(SslStream stream)
    {
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count));
        }

        await stream.ShutdownAsync();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={Host}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
