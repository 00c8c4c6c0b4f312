namespace HotLoop.Faults.Library;

/// <summary>Makes connections, and knows both ends of each.</summary>
internal sealed class PairSource(LoopGroup loops) : IDisposable
{
    private readonly Listener _listener = new ListenConfig { Loops = loops }.Listen("tcp", "127.0.0.1:0");
    private readonly Dialer _dialer = new() { Loops = loops };
    private readonly SemaphoreSlim _turn = new(1); // whom an accept takes must be whom this dial made

    internal async Task<(Conn Conn, Conn Peer)> NextAsync()
    {
        await _turn.WaitAsync();
        try
        {
            Conn conn = await _dialer.DialAsync("tcp", _listener.Address.ToString());
            return (conn, await _listener.AcceptAsync());
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _turn.Dispose();
    }
}
