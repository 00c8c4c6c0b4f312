namespace HotLoop.Faults.Library;

/// <summary>Opens and closes files all the time: a descriptor that is closed twice would be one of its.</summary>
internal sealed class Bystander : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _running;

    internal Bystander() => _running = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);

    /// <returns>How many files were closed by somebody else.</returns>
    internal async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running;
    }

    public void Dispose() => _stop.Dispose();

    private int Run()
    {
        int closed = 0;
        Span<byte> buffer = stackalloc byte[8];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using FileStream file = new("/proc/self/stat", FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                Thread.Yield();
                closed += file.Read(buffer) == buffer.Length ? 0 : 1;
            }
            catch (IOException)
            {
                closed++; // EBADF
            }
        }

        return closed;
    }
}
