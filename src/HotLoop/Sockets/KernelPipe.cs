using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>A pipe through which splice(2) moves bytes from one socket to another. Used by one copy at a time.</summary>
internal sealed class KernelPipe : IDisposable
{
    // Four times the default of pipe(7), which is kept where that is refused; a quarter of the most that may be asked for, because one
    // step of a copy runs to its end while the others of its loop wait.
    private const int Size = 1 << 18;

    private readonly int _read;
    private readonly int _write;

    internal KernelPipe()
    {
        IsOpen = Kernel.Current.Pipe(out _read, out _write) >= 0;
        if (IsOpen)
        {
            _ = Kernel.Current.SetPipeSize(_write, Size);
        }
    }

    ~KernelPipe() => Close();

    /// <summary>False when the kernel refused, for want of descriptors.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Bytes inside.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes from a socket; the pipe must be empty, so that "would block" is said of the socket.</summary>
    internal int TryFill(int fd, long limit)
    {
        int n = Kernel.Current.Splice(fd, _write, (int)Math.Min(limit, Size));
        Count += Math.Max(n, 0);
        return n;
    }

    /// <summary>As <see cref="TryFill"/>, with bytes that have been received.</summary>
    internal int Fill(ReadOnlySpan<byte> bytes)
    {
        int n = Kernel.Current.WriteToPipe(_write, bytes);
        Count += Math.Max(n, 0);
        return n;
    }

    /// <summary>Gives what is inside to a socket.</summary>
    internal int TryDrain(int fd)
    {
        int n = Kernel.Current.Splice(_read, fd, Count);
        Count -= Math.Max(n, 0);
        return n;
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        if (IsOpen)
        {
            IsOpen = false;
            _ = Kernel.Current.Close(_read);
            _ = Kernel.Current.Close(_write);
        }
    }
}
