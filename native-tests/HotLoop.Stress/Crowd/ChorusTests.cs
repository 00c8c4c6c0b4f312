using HotLoop.TestKit;

namespace HotLoop.Stress.Crowd;

/// <summary>
/// Fifteen thousand connections whose reads wait, and which all get a message at nearly the same time: more than the loops' queues and
/// buffers hold.
/// </summary>
public sealed class ChorusTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Connections = 15_000;
    private const int Rounds = 3;
    private const int MessageBytes = 8;

    [DescriptorTheory(Connections + 500), ClassData(typeof(Settings))]
    public Task Fifteen_thousand_connections_that_speak_at_once_are_all_answered(Setting setting) => Once(setting, async t =>
    {
        Listener listener = t.Listen();
        using ClientProcess clients = ClientProcess.Start(listener.Address, Connections, Rounds);
        Conn[] conns = new Conn[Connections];
        Task<int>[] answering = new Task<int>[Connections];
        for (int i = 0; i < Connections; i++)
        {
            conns[i] = await t.Accept(listener);
            answering[i] = t.OnLoop ? AnswerOnItsLoop(conns[i]) : Answer(conns[i]);
        }

        Assert.Equal("connected", await clients.ReadLineAsync());
        for (int round = 0; round < Rounds; round++)
        {
            Assert.DoesNotContain(answering, a => a.IsCompleted);
            await clients.BeginRoundAsync();
            Assert.Equal($"{Connections} answers", await clients.ReadLineAsync());
        }

        int[] answered = await Task.WhenAll(answering);
        Assert.All(answered, n => Assert.Equal(Rounds, n));
        Array.ForEach(conns, conn => conn.Close());
        Assert.Equal($"{Connections} in order, 0 reset", await clients.ReadLineAsync());
    });

    private static async Task<int> AnswerOnItsLoop(Conn conn)
    {
        await conn.Loop.SwitchTo();
        return await Answer(conn);
    }

    // How many messages it has answered.
    private static async Task<int> Answer(Conn conn)
    {
        byte[] message = new byte[MessageBytes];
        int rounds = 0;
        while (rounds < Rounds)
        {
            int count = 0;
            while (count < MessageBytes)
            {
                int n = await conn.ReadAsync(message.AsMemory(count));
                Assert.NotEqual(0, n);
                count += n;
            }

            await conn.WriteAsync(message);
            rounds++;
        }

        return rounds;
    }
}
