using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HotLoop.TestKit.Engine;

/// <summary>
/// The descriptors of another process and its limit of them, prlimit(2). The runtime has dozens open before the first connection
/// comes, how many differs by version; so the limit is set when the server runs, as what it holds and a number of free ones.
/// </summary>
internal static partial class Descriptors
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>Limits <paramref name="process"/> so that it can open <paramref name="free"/> more.</summary>
    internal static void Leave(int process, int free)
    {
        HashSet<int> taken = [.. Open(process)];
        int limit = 0;
        for (int left = free; left > 0; limit++)
        {
            left -= taken.Contains(limit) ? 0 : 1;
        }

        Limits limits = default;
        Check(prlimit(process, RLIMIT_NOFILE, 0, ref limits));
        limits.Soft = (nuint)limit;
        Check(prlimit(process, RLIMIT_NOFILE, ref limits, 0));
    }

    internal static int SocketCount(int process) =>
        Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(IsSocket);

    private static IEnumerable<int> Open(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
        .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));

    private static bool IsSocket(string path)
    {
        try
        {
            string? target = File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name;
            return target is not null && target.StartsWith("socket:", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // closed between the listing and the look
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, nint none, ref Limits old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit(int process, int resource, ref Limits limits, nint none);

    private struct Limits
    {
        internal nuint Soft;
        internal nuint Hard;
    }
}
