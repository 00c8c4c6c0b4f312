namespace HotLoop.Load;

/// <summary>Has one request answered on each connection, and closes it.</summary>
internal sealed class ChurnWorker(LoadLoop loop) : Worker(loop)
{
    private protected override async Task<string?> UseAsync(Conn conn)
    {
        string? failure = await ExchangeOnceAsync(conn);
        if (failure is null)
        {
            Tally.Complete(OpenedAt, Clock.Now);
        }
        else
        {
            Tally.Miss(OpenedAt, Clock.Now);
        }

        return failure;
    }

    private protected override void OnOpenFailed() => Tally.Miss(OpenedAt, Clock.Now);
}
