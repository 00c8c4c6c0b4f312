using HotLoop.TestKit;

namespace HotLoop.Stress;

/// <summary>Connections that bounce a message for as long as a test runs, one or more on each loop: no loop of the group is idle.</summary>
public sealed class Load
{
    private readonly List<Conn> _conns = [];
    private readonly List<Task> _handlers = [];

    private Load()
    {
    }

    public static async Task<Load> StartAsync(LoopGroup loops)
    {
        Load load = new();
        using Listener listener = new ListenConfig { Loops = loops }.Listen("tcp", "127.0.0.1:0");
        for (int i = 0; i < loops.Loops.Count; i++)
        {
            Conn conn = await new Dialer { Loops = loops }.DialAsync("tcp", listener.Address.ToString());
            Conn peer = await listener.AcceptAsync();
            load._conns.Add(conn);
            load._handlers.Add(conn.Go(Echo.Run));
            load._handlers.Add(peer.Go(Echo.Run));
            await conn.WriteAsync(new byte[64]);
        }

        return load;
    }

    public Task StopAsync()
    {
        _conns.ForEach(conn => conn.Dispose());
        return Task.WhenAll(_handlers);
    }
}
