namespace HotLoop.Engine.Lab;

/// <summary>Where an experiment plays: it makes listeners and connections, which are closed with it, and judges.</summary>
/// <param name="log">Takes down what they do.</param>
/// <param name="verdict">Told where Go would have done otherwise.</param>
internal sealed class Stage(Log log, Verdict verdict) : IDisposable
{
    // Kernel buffers of a narrow connection. Bigger ones would do, but would need more data to show the same.
    private const int NarrowBytes = 16 * 1024;

    private readonly Stack<IDisposable> _owned = [];
    private bool _disposed;

    internal Log Log { get; } = log;

    internal Verdict Verdict { get; } = verdict;

    /// <summary>Long enough to tell waiting from not waiting, and also for anything on the way over loopback to arrive.</summary>
    internal static TimeSpan Moment { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>More than narrow buffers hold.</summary>
    internal static int MuchBytes => 4 * 1024 * 1024;

    /// <summary>Bytes of which each is another than its neighbours, so that a gap or a repeat is seen.</summary>
    internal static byte[] Pattern(int size)
    {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++)
        {
            data[i] = (byte)(i % 251);
        }

        return data;
    }

    /// <param name="backlog">Connections that may wait to be accepted; 0 leaves it to the system.</param>
    internal LoggedListener Listen(int backlog = 0)
    {
        Listener listener = Own(new ListenConfig { Backlog = backlog }.Listen("tcp", "127.0.0.1:0"));
        Log.Write(Side.Server, $"listen on {listener.Address}{(backlog == 0 ? "" : $", backlog {backlog}")}");
        return new LoggedListener(this, listener);
    }

    internal async Task<ConnResult> DialAsync(string address, TimeSpan? timeout = null)
    {
        Conn? conn = null;
        string within = timeout is { } limit ? $" within {limit.TotalMilliseconds:0} ms" : "";
        Outcome outcome = await Log.CallAsync(Side.Client, $"dial {address}{within}", async () =>
        {
            try
            {
                conn = await new Dialer { Timeout = timeout }.DialAsync("tcp", address);
                return new Outcome { Note = $"connected from {conn.LocalAddress}" };
            }
            catch (OpError e)
            {
                return Outcome.Of(e);
            }
        });
        return new ConnResult(outcome, conn is null ? null : new LoggedConn(Log, Side.Client, Own(conn)));
    }

    /// <summary>Both ends of a connection.</summary>
    internal async Task<(LoggedConn Client, LoggedConn Server)> ConnectAsync()
    {
        LoggedListener listener = Listen();
        LoggedConn client = (await DialAsync(listener.Address)).Required;
        LoggedConn server = (await listener.AcceptAsync()).Required;
        bool match = server.LocalAddress == client.RemoteAddress && server.RemoteAddress == client.LocalAddress;
        Verdict.Check(match && client.RemoteAddress == listener.Address, "the ends of a connection do not name each other");
        return (client, server);
    }

    /// <summary>Both ends of a connection that holds little data from the client to a server which does not read.</summary>
    internal async Task<(LoggedConn Client, LoggedConn Server)> ConnectNarrowAsync()
    {
        (LoggedConn client, LoggedConn server) = await ConnectAsync();
        client.SetWriteBuffer(NarrowBytes);
        server.SetReadBuffer(NarrowBytes);
        return (client, server);
    }

    internal Expectation Expect(string what, Outcome outcome) => new(Verdict, what, outcome);

    /// <summary>Lets <see cref="Moment"/> go by, in which <paramref name="waiting"/> must not end.</summary>
    internal async Task ExpectWaitsAsync(string what, Task waiting)
    {
        await Task.Delay(Moment);
        Verdict.Check(!waiting.IsCompleted, $"{what}: does not wait");
    }

    /// <summary>Closes it with the stage.</summary>
    internal T Own<T>(T disposable)
        where T : IDisposable
    {
        lock (_owned)
        {
            if (!_disposed)
            {
                _owned.Push(disposable);
                return disposable;
            }
        }

        // The experiment hung, was left, and has come back to life.
        disposable.Dispose();
        return disposable;
    }

    /// <summary>Closes what is open. May be called again, and while an experiment that hangs still runs.</summary>
    public void Dispose()
    {
        lock (_owned)
        {
            _disposed = true;
        }

        while (TryTake() is { } disposable)
        {
            disposable.Dispose();
        }
    }

    private IDisposable? TryTake()
    {
        lock (_owned)
        {
            return _owned.TryPop(out IDisposable? disposable) ? disposable : null;
        }
    }
}
