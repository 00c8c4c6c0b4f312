namespace HotLoop.Serving;

/// <summary>
/// Lines to standard error, of what the user has given no callback for, and of callbacks that failed: ten in ten seconds. How many were left out is told when that time is over.
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

    internal static ErrorLines Default { get; } = new(static line => Console.Error.WriteLine(line), TimeProvider.System);

    internal void Write(string line)
    {
        lock (_gate)
        {
            TimeSpan elapsed = time.GetElapsedTime(_windowStart);
            if (_written == 0 || elapsed >= s_window)
            {
                TellLeftOut();
                _windowStart = time.GetTimestamp();
                _written = 0;
            }

            if (_written < LinesPerWindow)
            {
                _written++;
                TryWrite("hotloop: " + line);
                return;
            }

            _leftOut++;
            _timer ??= time.CreateTimer(
                static self => ((ErrorLines)self!).OnTimer(), this, s_window - elapsed, Timeout.InfiniteTimeSpan);
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
            TryWrite($"hotloop: {_leftOut} more lines were left out");
            _leftOut = 0;
        }

        _timer?.Dispose();
        _timer = null;
    }

    // Nobody is left to tell that standard error cannot be written to, such as a file on a full disk.
    private void TryWrite(string line)
    {
        try
        {
            write(line);
        }
        catch (IOException)
        {
        }
    }
}
