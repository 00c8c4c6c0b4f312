using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Samples.Tests;

public sealed class HttpGetTests : IClassFixture<FdLeakGuard>
{
    private const string Page = "first line\nlast line\n";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task It_prints_the_page(string host)
    {
        if (IPAddress.Parse(host).AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            return;
        }

        using TcpListener listener = Listen(IPAddress.Parse(host));
        Task serve = ServeAsync(listener);
        await using EngineProcess get = Sample.Run("HttpGet", UrlOf(listener));
        Assert.Equal(0, await get.ExitAsync());
        Assert.Equal(Page.TrimEnd().Split('\n'), get.Output.SoFar);
        await serve;
    }

    [ProgramFact("curl")]
    public async Task It_prints_what_curl_prints()
    {
        using TcpListener listener = Listen(IPAddress.Loopback);
        Task serve = ServeAsync(listener);
        string expected = Compiler.Execute("curl", "--silent", "--max-time", "10", UrlOf(listener));
        await serve;

        serve = ServeAsync(listener);
        Assert.Equal(expected, Compiler.Execute(Path.Combine(AppContext.BaseDirectory, "HttpGet"), UrlOf(listener)));
        await serve;
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so_in_a_line()
    {
        TcpListener listener = Listen(IPAddress.Loopback);
        string url = UrlOf(listener);
        listener.Stop();
        await using EngineProcess get = Sample.Run("HttpGet", url);
        Assert.Equal(1, await get.ExitAsync());
        Assert.Contains("connection refused", Assert.Single(get.Errors.SoFar), StringComparison.Ordinal);
    }

    private static TcpListener Listen(IPAddress address)
    {
        TcpListener listener = new(address, 0);
        listener.Start();
        return listener;
    }

    private static string UrlOf(TcpListener listener) => $"http://{listener.LocalEndpoint}/";

    // One request, of one packet.
    private static async Task ServeAsync(TcpListener listener)
    {
        using Socket socket = await listener.AcceptSocketAsync();
        byte[] request = new byte[4096];
        Assert.NotEqual(0, await socket.ReceiveAsync(request));
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n\r\n{Page}"));
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(request) > 0)
        {
        }
    }
}
