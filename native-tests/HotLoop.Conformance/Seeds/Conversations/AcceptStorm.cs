namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>A listener outlives what the kernel has against its accepts: every client that connects is answered.</summary>
internal static class AcceptStorm
{
    internal static async Task Run(Talk t)
    {
        Listener listener = t.Listen();
        int clients = t.Random.Next(3, 15);
        Task<int> answering = t.Start(() => AnswerAll(t, listener, clients));
        await Task.WhenAll(Enumerable.Range(0, clients).Select(i => t.Start(() => Ask(t, listener, i))));
        Assert.Equal(clients, await answering);
    }

    private static async Task Ask(Talk t, Listener listener, int number)
    {
        Conn conn = await t.Connect(listener.Address);
        byte[] question = BitConverter.GetBytes(number);
        Talk.Require(await Talk.Write(conn, question), question.Length);
        byte[] answer = new byte[question.Length];
        Talk.Require(await Talk.Read(conn, answer), answer.Length);
        Assert.Equal(question, answer);
        conn.Close();
    }

    // Connections of dials that failed say nothing and do not count.
    private static async Task<int> AnswerAll(Talk t, Listener listener, int clients)
    {
        List<Task<bool>> answers = [];
        int answered = 0;
        while (answered < clients)
        {
            while (answers.Count < clients - answered)
            {
                answers.Add(Answer(await t.Take(listener)));
            }

            answered += (await Task.WhenAll(answers)).Count(right => right);
            answers.Clear();
        }

        return answered;
    }

    private static async Task<bool> Answer(Conn conn)
    {
        byte[] question = new byte[sizeof(int)];
        bool asked = (await Talk.Read(conn, question)).Count == question.Length;
        if (asked)
        {
            Talk.Require(await Talk.Write(conn, question), question.Length);
        }

        conn.Close();
        return asked;
    }
}
