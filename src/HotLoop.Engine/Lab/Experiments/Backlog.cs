namespace HotLoop.Engine.Lab.Experiments;

/// <summary>Observed in Go as <c>dial.backlog.count, dial.backlog.unblock</c>.</summary>
internal sealed class Backlog()
    : Experiment("backlog", "without accepts one connection more than the backlog is queued; the next dial waits for one")
{
    private const int Size = 2;
    private const int Late = 2;

    // A full queue drops the connection request, and the kernel sends it again after so long.
    private static readonly TimeSpan s_resend = TimeSpan.FromSeconds(1);

    internal override async Task PlayAsync(Stage stage)
    {
        LoggedListener listener = stage.Listen(Size);
        List<string> clients = [];
        for (int i = 1; i <= Size + 1; i++)
        {
            ConnResult dial = await stage.DialAsync(listener.Address);
            stage.Expect($"dial {i}", dial.Outcome).Is(null).AtOnce();
            clients.Add(dial.Required.LocalAddress);
        }

        for (int i = 0; i < Late; i++)
        {
            string name = $"dial {Size + 2 + i}";
            Task<ConnResult> dial = stage.DialAsync(listener.Address);
            await stage.ExpectWaitsAsync(name, dial);

            ConnResult accept = await listener.AcceptAsync();
            stage.Expect("an accept", accept.Outcome).Is(null).AtOnce();
            stage.Verdict.Check(accept.Required.RemoteAddress == clients[i], "accepts do not come in the order of the dials");

            Outcome outcome = (await dial).Outcome;
            stage.Expect(name, outcome).Is(null).EndsBetween(accept.Outcome.Began, outcome.Began + s_resend);
        }
    }
}
