using System.Net.Sockets;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Load.Tests;

public sealed class HttpLoadTests : IClassFixture<FdLeakGuard>
{
    private static readonly byte[] s_hello = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

    public HttpLoadTests() => PoolThreads.Ensure();

    [Theory]
    [InlineData(LoadMode.Exchange, null)]
    [InlineData(LoadMode.Exchange, 1000.0)]
    [InlineData(LoadMode.Churn, null)]
    public async Task HTTP_is_spoken(LoadMode mode, double? rate)
    {
        await using TcpPeer peer = new(ServeHttpAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Http, Mode = mode, Rate = rate });
        Runs.AssertClean(report);
    }

    [Fact]
    public async Task A_server_that_closes_after_some_requests_is_connected_to_again_without_an_error()
    {
        byte[] last = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using TcpPeer peer = new(async (connection, _) =>
        {
            byte[] buffer = new byte[1024];
            for (int i = 0; i < 5 && await connection.ReceiveAsync(buffer) > 0; i++)
            {
                await TcpPeer.SendAllAsync(connection, i < 4 ? s_hello : last);
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Http });
        Runs.AssertClean(report);
        Assert.True(peer.Accepted > 8);
    }

    [Fact]
    public async Task A_bad_status_is_an_answer_and_an_error()
    {
        byte[] unavailable = Encoding.ASCII.GetBytes("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        await using TcpPeer peer = new(async (connection, _) =>
        {
            byte[] buffer = new byte[1024];
            while (await connection.ReceiveAsync(buffer) > 0)
            {
                await TcpPeer.SendAllAsync(connection, unavailable);
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Http });
        Assert.True(report.Requests > 0, TextReport.Of(report));
        Assert.True(report.Errors["status 503"] >= report.Requests, TextReport.Of(report));
    }

    private static async Task ServeHttpAsync(Socket connection, int number)
    {
        byte[] buffer = new byte[1024];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
        {
            string request = Encoding.ASCII.GetString(buffer, 0, count);
            Assert.StartsWith("GET /path HTTP/1.1\r\nHost: 127.0.0.1:", request, StringComparison.Ordinal);
            await TcpPeer.SendAllAsync(connection, s_hello);
            if (request.Contains("Connection: close", StringComparison.Ordinal))
            {
                return;
            }
        }
    }
}
