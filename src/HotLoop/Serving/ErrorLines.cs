namespace HotLoop.Serving;

/// <summary>
/// Lines to standard error, where the user has given no callback: ten in ten seconds. How many were left out is told when that time is over.
/// From any thread.
/// </summary>
internal sealed class ErrorLines(Action<string> write, TimeProvider time)
{
    private const int LinesPerWindow = 10;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _windowStart;
    private int _written;
    private long _leftOut;
    private ITimer? _timer;

    internal static ErrorLines Default { get; } = new(Console.Error.WriteLine, TimeProvider.System);

    internal void Write(string line)
    {
        lock (_gate)
        {
            if (_written == 0 || time.GetElapsedTime(_windowStart) >= s_window)
            {
                TellLeftOut();
                _windowStart = time.GetTimestamp();
                _written = 0;
            }

            if (_written < LinesPerWindow)
            {
                _written++;
                write("hotloop: " + line);
                return;
            }

            _leftOut++;
            _timer ??= time.CreateTimer(
                static self => ((ErrorLines)self!).OnTimer(), this, s_window - time.GetElapsedTime(_windowStart), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            TellLeftOut();
        }
    }

    private void TellLeftOut()
    {
        if (_leftOut > 0)
        {
            write($"hotloop: {_leftOut} more lines were left out");
            _leftOut = 0;
        }

        _timer?.Dispose();
        _timer = null;
    }
}
