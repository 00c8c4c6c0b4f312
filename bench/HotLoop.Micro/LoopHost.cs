namespace HotLoop.Micro;

/// <summary>One loop, with epoll, to run batches on.</summary>
internal sealed class LoopHost : IDisposable
{
    private readonly LoopGroup _group = new(new LoopOptions { LoopCount = 1, Backend = BackendKind.Epoll });

    internal Loop Loop => _group.Loops[0];

    /// <summary>Runs <paramref name="batch"/> on the loop, start to end.</summary>
    internal async Task On(Action batch)
    {
        await Loop.SwitchTo();
        batch();
    }

    /// <inheritdoc cref="On(Action)"/>
    internal async Task On(Func<Task> batch)
    {
        await Loop.SwitchTo();
        await batch();
    }

    /// <summary>Both ends of a TCP connection over loopback, on the loop.</summary>
    internal (Conn Client, Conn Server) Connect()
    {
        using Listener listener = new ListenConfig { Loops = _group }.Listen("tcp", "127.0.0.1:0");
        Task<Conn> accept = listener.AcceptAsync().AsTask();
        Conn client = new Dialer { Loops = _group }.DialAsync("tcp", listener.Address.ToString()).GetAwaiter().GetResult();
        return (client, accept.GetAwaiter().GetResult());
    }

    public void Dispose() => _group.Dispose();
}
