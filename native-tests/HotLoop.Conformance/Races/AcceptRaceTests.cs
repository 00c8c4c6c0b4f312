using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Races;

public sealed class AcceptRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.race.close/1")]
    public Task An_accept_that_meets_a_connection_and_Close_ends_with_one(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("listen.race.close/1", "200 times a connection or closed");
        for (int i = 0; i < 200; i++)
        {
            Listener listener = t.Listen();
            ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
            Assert.False(accept.IsCompleted);
            using Barrier start = new(2);
            Task dial = Task.Run(() =>
            {
                start.SignalAndWait();
                Connect(listener.Address.Port);
            });
            Task close = Task.Run(() =>
            {
                start.SignalAndWait();
                listener.Close();
            });
            AcceptResult result = await accept;
            await Task.WhenAll(dial, close);
            result.Conn?.Close();
            Assert.True(result.Conn is not null || result.Error?.Kind == OpErrorKind.Closed, result.Error?.Message);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task No_connection_is_lost_while_deadlines_fall(BackendKind backend) => RunBoth(backend, async t =>
    {
        const int Connections = 200;
        Listener listener = t.Listen();
        listener.SetDeadline(Timing.In(1));
        int accepted = 0;
        async Task Acceptor()
        {
            while (Volatile.Read(ref accepted) < Connections)
            {
                AcceptResult result = await listener.TryAcceptAsync();
                if (result.Conn is not null)
                {
                    result.Conn.Close();
                    Interlocked.Increment(ref accepted);
                    continue;
                }

                Assert.True(result.Error!.Timeout, result.Error.Message);
                listener.SetDeadline(Timing.In(1));
            }
        }

        Task[] acceptors = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(Acceptor))];
        for (int i = 0; i < Connections; i++)
        {
            using Conn conn = await t.Dialer().DialAsync("tcp", listener.Address.ToString());
        }

        await Task.WhenAll(acceptors);
        Assert.Equal(Connections, accepted);
    });

    private static void Connect(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);
        }
        catch (SocketException)
        {
            // Close was first.
        }
    }
}
