namespace HotLoop.Faults.Engine;

/// <summary>The sysctl kernel.io_uring_disabled. It is the whole machine's: disposing of this restores what it was, and should come soon.</summary>
internal readonly struct IoUringSysctl : IDisposable
{
    private const string Path = "/proc/sys/kernel/io_uring_disabled";
    private const string ForAll = "2";

    private readonly string _before;

    private IoUringSysctl(string before) => _before = before;

    /// <summary>Whether there is one here, and who runs this may write it.</summary>
    internal static bool CanBeSet => File.Exists(Path) && Environment.IsPrivilegedProcess;

    internal static IoUringSysctl Disable()
    {
        IoUringSysctl setting = new(File.ReadAllText(Path));
        File.WriteAllText(Path, ForAll);
        return setting;
    }

    public void Dispose() => File.WriteAllText(Path, _before);
}
