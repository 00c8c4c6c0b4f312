using System.Globalization;

namespace HotLoop.Faults.Engine;

/// <summary>A control group of its own for one limit, version 1 or 2, whichever is there. It goes when disposed of; its processes must have ended.</summary>
internal sealed class Cgroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    private Cgroup(string folder) => _folder = folder;

    /// <summary>The file by which a process joins.</summary>
    internal string Members => Path.Combine(_folder, "cgroup.procs");

    /// <returns>Null where the machine has no such controller that this user may use.</returns>
    internal static Cgroup? OfMemory(long bytes)
    {
        bool isSecond = IsSecond("memory");
        return Create("memory", isSecond, isSecond ? "memory.max" : "memory.limit_in_bytes", bytes);
    }

    /// <summary>How many threads and processes.</summary>
    internal static Cgroup? OfTasks(int count) => Create("pids", IsSecond("pids"), "pids.max", count);

    /// <summary>The most memory it held.</summary>
    internal long PeakBytes => Read(File.Exists(Path.Combine(_folder, "memory.peak")) ? "memory.peak" : "memory.max_usage_in_bytes");

    public void Dispose() => Directory.Delete(_folder);

    private static bool IsSecond(string controller)
    {
        string controllers = Path.Combine(Root, "cgroup.controllers");
        return File.Exists(controllers) && File.ReadAllText(controllers).Split().Contains(controller);
    }

    private static Cgroup? Create(string controller, bool isSecond, string file, long limit)
    {
        string parent = isSecond ? Root : Path.Combine(Root, controller);
        if (!Directory.Exists(parent) || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        Cgroup group = new(Path.Combine(parent, $"hotloop-faults-{Environment.ProcessId}-{controller}"));
        Directory.CreateDirectory(group._folder);
        File.WriteAllText(Path.Combine(group._folder, file), limit.ToString(CultureInfo.InvariantCulture));
        return group;
    }

    private long Read(string file) => long.Parse(File.ReadAllText(Path.Combine(_folder, file)), CultureInfo.InvariantCulture);
}
