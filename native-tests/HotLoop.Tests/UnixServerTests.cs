using HotLoop.TestKit;

namespace HotLoop.Tests;

/// <summary>A server on a Unix socket: its loops share one listening socket and one file.</summary>
public sealed class UnixServerTests() : BackendTests(2)
{
    private readonly TemporaryDirectory _directory = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _directory.Dispose();
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Every_connection_is_served_and_the_file_goes_with_the_server(BackendKind backend)
    {
        Use(backend);
        const int Connections = 200;
        int served = 0;
        string path = _directory.File("s");
        await using Server server = Server.Listen("unix", path, Handle, new ServerOptions { Loops = Group });
        Conn[] clients = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Dial(path)));
        await Task.WhenAll(clients.Select(RoundTrip));
        Assert.Equal(Connections, server.ConnectionCount);
        Array.ForEach(clients, c => c.Dispose());
        await server.StopAsync(Timeout.InfiniteTimeSpan);
        Assert.Equal(Connections, served);
        Assert.False(File.Exists(path));

        Task Handle(Conn conn)
        {
            Assert.Same(Loop.Current, conn.Loop);
            Interlocked.Increment(ref served);
            return Echo(conn);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Once_stopped_its_name_is_free(BackendKind backend)
    {
        Use(backend);
        foreach (string name in new[] { _directory.File("s"), $"@{_directory.Name}" })
        {
            for (int i = 0; i < 3; i++)
            {
                await using Server server = Server.Listen("unix", name, Echo, new ServerOptions { Loops = Group });
                using Conn client = await Dial(name);
                await RoundTrip(client);
            }
        }
    }

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[8];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }

    private static async Task RoundTrip(Conn client)
    {
        await client.WriteAsync(new byte[1]);
        Assert.Equal(1, await client.ReadAsync(new byte[8]));
    }

    private Task<Conn> Dial(string name) => new Dialer { Loops = Group }.DialAsync("unix", name);
}
