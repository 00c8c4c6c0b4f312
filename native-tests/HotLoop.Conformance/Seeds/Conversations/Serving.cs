using System.Collections.Concurrent;

namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>A server answers every client, pauses where accepts fail, and drains when it is stopped.</summary>
internal static class Serving
{
    internal static async Task Run(Talk t)
    {
        ConcurrentQueue<OpError> pauses = [];
        ServerOptions options = new() { Loops = t.Loops, OnAcceptPaused = pauses.Enqueue };
        Server server = Server.Listen("tcp", "127.0.0.1:0", static conn => Echoing.Echo(conn), options);
        await Task.WhenAll(Enumerable.Range(0, t.Random.Next(1, 5)).Select(_ => t.Start(() => Ask(t, server.Address))));
        await server.StopAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, server.ConnectionCount);
        Assert.All(pauses, error => Assert.True(Talk.IsGiven(error), $"{error}"));
    }

    private static async Task Ask(Talk t, NetAddress address)
    {
        Conn conn = await t.Connect(address);
        byte[] question = new Stripe(9).Make(2000);
        Talk.Require(await Talk.Write(conn, question), question.Length);
        byte[] answer = new byte[question.Length];
        Talk.Require(await Talk.Read(conn, answer), answer.Length);
        Assert.Equal(question, answer);
        conn.Close();
    }
}
