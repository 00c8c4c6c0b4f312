// An echo server over TLS.
// Usage: TlsEcho [ADDRESS [CERTIFICATE.pem KEY.pem]]; without a certificate it makes one for itself.
// Talk to it with: openssl s_client -quiet -connect 127.0.0.1:8443

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HotLoop;

string address = args.Length > 0 ? args[0] : "127.0.0.1:8443";
using X509Certificate2 certificate = args.Length > 2 ? X509Certificate2.CreateFromPemFile(args[1], args[2]) : SelfSigned();
await using Server server = Server.Listen("tcp", address, Echo);
Console.WriteLine($"listening on {server.Address}");
await server.Stopped;

async Task Echo(Conn conn)
{
    await using SslStream stream = new(conn.AsStream());
    conn.SetDeadline(Deadline.After(TimeSpan.FromSeconds(5))); // of the handshake
    await stream.AuthenticateAsServerAsync(certificate);
    conn.SetDeadline(Deadline.None);

    byte[] buffer = new byte[4096];
    int n;
    while ((n = await stream.ReadAsync(buffer)) > 0)
    {
        await stream.WriteAsync(buffer.AsMemory(0, n));
    }

    await stream.ShutdownAsync();
}

static X509Certificate2 SelfSigned()
{
    using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
    return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
}
