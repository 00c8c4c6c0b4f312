using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Simulation;

/// <summary>An echo server that drops who is silent, on one machine, and clients on two others that give up on an answer that does not come.</summary>
internal sealed class EchoSimulation : IDisposable
{
    internal const int Clients = 4;
    internal const int Rounds = 5;

    private const int Port = 7;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedNetwork _network;
    private readonly HandTurnedLoop[] _loops;
    private readonly Listener _listener;
    private readonly Random _random;

    internal EchoSimulation(int seed, NetworkConditions? conditions = null)
    {
        _random = new Random(seed);
        _network = new SimulatedNetwork(seed, conditions);
        _loops = [_network.AddLoop("server"), _network.AddLoop("first"), _network.AddLoop("second")];
        _listener = _network.Listen(_loops[0], Port);
    }

    /// <summary>How each client ended: "echoed", or why it gave up.</summary>
    internal List<string> Ends { get; } = [];

    internal string Trace => _network.Trace;

    internal int OpenCount => _network.OpenCount;

    internal EchoSimulation Run()
    {
        Task server = _loops[0].Start(ServeAsync);
        _network.Run(Task.WhenAll(Enumerable.Range(0, Clients).Select(i => _loops[1 + (i % 2)].Start(() => TalkAsync(_loops[1 + (i % 2)])))));
        _listener.Dispose();
        _network.Run(server);
        _network.RunUntilQuiet();
        return this;
    }

    public void Dispose() => _network.Dispose();

    private async Task ServeAsync()
    {
        while ((await _listener.TryAcceptAsync()).Conn is { } conn)
        {
            _ = conn.Go(EchoAsync);
        }
    }

    private static async Task EchoAsync(Conn conn)
    {
        byte[] buffer = new byte[1000];
        while (true)
        {
            conn.SetDeadline(Deadline.After(s_silence));
            IoResult read = await conn.TryReadAsync(buffer);
            if (read.Count == 0 || (await conn.TryWriteAsync(buffer.AsMemory(0, read.Count))).Error is not null)
            {
                return;
            }
        }
    }

    private async Task TalkAsync(HandTurnedLoop loop)
    {
        using Conn conn = await _network.DialAsync(loop, Port);
        string end = "echoed";
        for (int i = 0; i < Rounds && end == "echoed"; i++)
        {
            conn.SetDeadline(Deadline.After(s_patience));
            end = await AskAsync(conn);
        }

        _network.Note($"{conn.LocalAddress}: {end}");
        Ends.Add(end);
    }

    private async Task<string> AskAsync(Conn conn)
    {
        byte[] question = new byte[_random.Next(1, 4_000)];
        _random.NextBytes(question);
        byte[] answer = new byte[question.Length];
        Task<IoResult> written = conn.TryWriteAsync(question).AsTask();
        int got = 0;
        string end = "echoed";
        while (got < answer.Length && end == "echoed")
        {
            IoResult read = await conn.TryReadAsync(answer.AsMemory(got));
            got += read.Count;
            end = read.Error is { } error ? error.Kind.ToString() : read.Count == 0 ? "closed by the server" : end;
        }

        Assert.Equal(question[..got], answer[..got]);
        if (end != "echoed")
        {
            conn.Dispose(); // what is left of the question need not be sent
        }

        await written;
        return end;
    }
}
