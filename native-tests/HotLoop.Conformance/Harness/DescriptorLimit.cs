using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance;

/// <summary>Leaves the process without a free descriptor, by lowering its limit (prlimit(1)) and filling what is left.</summary>
public sealed class DescriptorLimit : IDisposable
{
    // Free numbers below the limit, for starting prlimit once more when the fillers are gone.
    private const int Slack = 100;

    private readonly List<SafeFileHandle> _fillers = [];
    private readonly string _before;

    public DescriptorLimit()
    {
        _before = SoftLimit();
        int highest = Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Max(p => int.Parse(Path.GetFileName(p), CultureInfo.InvariantCulture));
        Set((highest + Slack).ToString(CultureInfo.InvariantCulture));
        Fill();
    }

    /// <summary>Takes what has become free.</summary>
    public void Fill()
    {
        try
        {
            while (true)
            {
                _fillers.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Frees some descriptors.</summary>
    public void Free(int count)
    {
        while (count-- > 0)
        {
            _fillers[^1].Dispose();
            _fillers.RemoveAt(_fillers.Count - 1);
        }
    }

    public void Dispose()
    {
        Free(_fillers.Count);
        Set(_before);
    }

    private static string SoftLimit() =>
        File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];

    private static void Set(string limit)
    {
        using Process process = Process.Start("prlimit", [$"--pid={Environment.ProcessId}", $"--nofile={limit}:"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
