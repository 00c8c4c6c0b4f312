// An echo server that a .NET host starts and stops; Ctrl-C and SIGTERM end it.
// Usage: HostedEcho [--listen ADDRESS]

using HotLoop;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddHostedService<EchoService>();
await builder.Build().RunAsync();

internal sealed partial class EchoService(IConfiguration configuration, ILogger<EchoService> logger) : IHostedService
{
    private Server? _server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _server = Server.Listen("tcp", configuration["listen"] ?? "127.0.0.1:8888", Echo);
        LogListening(_server.Address);
        return Task.CompletedTask;
    }

    // Connections get the time to finish that the host waits: thirty seconds, unless its options say otherwise.
    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[4096];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }

    [LoggerMessage(LogLevel.Information, "listening on {Address}")]
    private partial void LogListening(NetAddress address);
}
