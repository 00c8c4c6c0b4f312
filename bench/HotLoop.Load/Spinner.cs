namespace HotLoop.Load;

/// <summary>
/// Keeps a loop from sleeping while the load runs: otherwise every answer that finds it asleep charges the server for waking it, and the more so
/// the faster the server is.
/// </summary>
internal sealed class Spinner(Loop loop)
{
    private static readonly Action<object?> s_turn = static spinner => ((Spinner)spinner!).Turn();

    private bool _stopped;

    internal void Start() => Turn();

    internal void Stop() => _stopped = true;

    private void Turn()
    {
        if (!_stopped)
        {
            loop.Post(s_turn, this);
        }
    }
}
