using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Samples.Tests;

public sealed class TlsEchoTests : IClassFixture<FdLeakGuard>
{
    [ProgramFact("openssl")]
    public async Task It_answers_openssl()
    {
        await using EngineProcess server = Sample.Run("TlsEcho", "127.0.0.1:0");
        IPEndPoint address = await Sample.WaitListeningAsync(server);
        ProcessStartInfo start = new("openssl", ["s_client", "-quiet", "-connect", address.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process client = Process.Start(start)!;
        try
        {
            _ = client.StandardError.ReadToEndAsync();
            await client.StandardInput.WriteLineAsync("hello");
            await client.StandardInput.FlushAsync();
            Assert.Equal("hello", await client.StandardOutput.ReadLineAsync().WaitAsync(EngineProcess.Patience));
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync().WaitAsync(EngineProcess.Patience);
        }
    }

    [Fact]
    public async Task It_makes_a_certificate_and_echoes()
    {
        await using EngineProcess server = Sample.Run("TlsEcho", "127.0.0.1:0");
        Assert.Equal("CN=localhost", await EchoAsync(await Sample.WaitListeningAsync(server)));
    }

    [Fact]
    public async Task It_takes_a_certificate_of_two_files()
    {
        using TemporaryDirectory folder = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=given", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(folder.File("certificate.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        await using EngineProcess server = Sample.Run("TlsEcho", "127.0.0.1:0", folder.File("certificate.pem"), folder.File("key.pem"));
        Assert.Equal("CN=given", await EchoAsync(await Sample.WaitListeningAsync(server)));
    }

    [Fact]
    public async Task A_client_without_TLS_is_hung_up_on_and_the_next_is_served()
    {
        await using EngineProcess server = Sample.Run("TlsEcho", "127.0.0.1:0");
        IPEndPoint address = await Sample.WaitListeningAsync(server);
        using (Client plain = await Client.ConnectAsync(address))
        {
            await plain.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            while (await plain.Socket.ReceiveAsync(new byte[64]).WaitAsync(EngineProcess.Patience) > 0)
            {
            }
        }

        string? line = await server.Errors.FindAsync(_ => true);
        Assert.Contains("AuthenticationException", line, StringComparison.Ordinal);
        await EchoAsync(address);
    }

    // The deadline of the handshake does not hold for what follows.
    [Fact]
    public async Task A_client_that_does_not_shake_hands_is_closed_after_five_seconds_one_that_did_is_not()
    {
        await using EngineProcess server = Sample.Run("TlsEcho", "127.0.0.1:0");
        IPEndPoint address = await Sample.WaitListeningAsync(server);
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(address);
        Stopwatch watch = Stopwatch.StartNew();
        await using SslStream stream = await ConnectAsync(address);
        Assert.Equal(0, await silent.ReceiveAsync(new byte[1]).WaitAsync(EngineProcess.Patience));
        Assert.InRange(watch.Elapsed.TotalSeconds, 4.5, 9);
        await EchoAsync(stream);
    }

    /// <summary>Whom the server's certificate names.</summary>
    private static async Task<string> EchoAsync(IPEndPoint address)
    {
        await using SslStream stream = await ConnectAsync(address);
        await EchoAsync(stream);
        await stream.ShutdownAsync();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(EngineProcess.Patience));
        return stream.RemoteCertificate!.Subject;
    }

    private static async Task EchoAsync(SslStream stream)
    {
        byte[] answer = new byte[5];
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(EngineProcess.Patience);
        Assert.Equal("hello"u8, answer);
    }

    private static async Task<SslStream> ConnectAsync(IPEndPoint address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address).WaitAsync(EngineProcess.Patience);
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, IsSelfSigned);
        await stream.AuthenticateAsClientAsync("localhost").WaitAsync(EngineProcess.Patience);
        return stream;
    }

    private static bool IsSelfSigned(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && certificate.Issuer == certificate.Subject;
}
