namespace HotLoop.Engine.Lab;

/// <summary>A listener that writes into the log what it does.</summary>
internal sealed class LoggedListener(Stage stage, Listener listener)
{
    /// <summary>Where to dial.</summary>
    internal string Address { get; } = listener.Address.ToString();

    internal async Task<ConnResult> AcceptAsync()
    {
        Conn? conn = null;
        Outcome outcome = await stage.Log.CallAsync(Side.Server, "accept", async () =>
        {
            AcceptResult result = await listener.TryAcceptAsync();
            conn = result.Conn;
            return Outcome.Of(result.Error) with { Note = conn is null ? null : $"connection from {conn.RemoteAddress}" };
        });
        return new ConnResult(outcome, conn is null ? null : new LoggedConn(stage.Log, Side.Server, stage.Own(conn)));
    }

    internal void Close()
    {
        listener.Close();
        stage.Log.Write(Side.Server, $"close of the listener {Address}");
    }
}
