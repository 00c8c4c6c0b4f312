using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HotLoop.TestKit.Engine;

internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Terminate = 15,
    Child = 17,
    Continue = 18,
    Stop = 19,
    WindowChange = 28,
}

/// <summary>kill(2), and what a child inherits of signals.</summary>
internal static partial class Signals
{
    private const nint Default = 0; // SIG_DFL
    private const nint Ignore = 1; // SIG_IGN

    internal static void Send(int process, Signal signal)
    {
        if (kill(process, (int)signal) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>To one thread of a process, tgkill(2).</summary>
    internal static void SendTo(int process, int thread, Signal signal)
    {
        if (tgkill(process, thread, (int)signal) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>
    /// Runs <paramref name="start"/>, which starts a process, so that the process does not inherit an ignored SIGINT: a shell
    /// script gives that to what it runs in the background, and the engine, like any program, would leave it ignored.
    /// </summary>
    internal static T WithInterrupt<T>(Func<T> start)
    {
        if (!IsInterruptIgnored())
        {
            return start();
        }

        signal((int)Signal.Interrupt, Default);
        try
        {
            return start();
        }
        finally
        {
            signal((int)Signal.Interrupt, Ignore);
        }
    }

    private static bool IsInterruptIgnored()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        ulong mask = ulong.Parse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask & (1UL << ((int)Signal.Interrupt - 1))) != 0;
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tgkill(int process, int thread, int signal);
}
