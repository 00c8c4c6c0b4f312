namespace HotLoop.TestKit.Engine;

/// <summary>What a process wrote to one stream, line by line, as it comes.</summary>
internal sealed class OutputLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly Task _end;
    private TaskCompletionSource _news = NewSource();

    internal OutputLines(StreamReader reader) => _end = Pump(reader);

    internal string[] SoFar
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The first line that <paramref name="wanted"/> accepts; null when the stream ends without it.</summary>
    internal async Task<string?> FindAsync(Func<string, bool> wanted)
    {
        int looked = 0;
        while (true)
        {
            bool isEnd = _end.IsCompleted;
            Task news;
            lock (_gate)
            {
                for (; looked < _lines.Count; looked++)
                {
                    if (wanted(_lines[looked]))
                    {
                        return _lines[looked];
                    }
                }

                news = _news.Task;
            }

            if (isEnd)
            {
                return null;
            }

            if (await Task.WhenAny(news, _end, Task.Delay(EngineProcess.Patience)) is var first && first != news && first != _end)
            {
                throw new TimeoutException($"The line did not come; so far: [{string.Join('\n', SoFar)}]");
            }
        }
    }

    /// <summary>All of it, once the process has closed the stream.</summary>
    internal async Task<string[]> ToEndAsync()
    {
        await _end.WaitAsync(EngineProcess.Patience);
        return SoFar;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Pump(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                _lines.Add(line);
                _news.SetResult();
                _news = NewSource();
            }
        }
    }
}
