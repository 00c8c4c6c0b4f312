using System.Reflection;
using System.Runtime.InteropServices;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Seeds.Shim;

/// <summary>
/// <c>faults.c</c>, in the place of the C library: for this process, for good, and for HotLoop's native calls only. So it belongs in a
/// process of its own.
/// </summary>
internal sealed unsafe class FaultyLibrary
{
    // In the order of the C source's enumeration.
    private static readonly string[] s_faults =
        ["interrupted", "would block", "short", "no memory", "refused", "unwatched", "few", "not entered", "slow"];

    private readonly delegate* unmanaged<ulong, int, void> _setSeed;
    private readonly delegate* unmanaged<int, ulong> _countOf;

    private FaultyLibrary(nint library)
    {
        _setSeed = (delegate* unmanaged<ulong, int, void>)NativeLibrary.GetExport(library, "hotloop_faults");
        _countOf = (delegate* unmanaged<int, ulong>)NativeLibrary.GetExport(library, "hotloop_fault_count");

        // HotLoop's own calls, and those that it makes through the package.
        foreach (Assembly assembly in (ReadOnlySpan<Assembly>)[typeof(Conn).Assembly, typeof(Tmds.Linux.LibC).Assembly])
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name is "libc" or "libc.so.6" ? library : 0);
        }
    }

    internal static void Compile(string path) =>
        Compiler.Execute(
            Compiler.Path!, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", path,
            Path.Combine(AppContext.BaseDirectory, "Seeds", "Shim", "faults.c"), "-ldl");

    /// <summary>Before the first native call.</summary>
    internal static FaultyLibrary Load(string path) => new(NativeLibrary.Load(path));

    /// <summary>Begins a plan.</summary>
    internal void SetSeed(int seed, BackendKind backend) => _setSeed((ulong)seed, backend == BackendKind.IoUring ? 1 : 0);

    /// <summary>Ends it.</summary>
    internal void Stop() => _setSeed(0, 0);

    /// <summary>How often which fault has struck, such as "short 17".</summary>
    internal string Describe()
    {
        List<string> counts = [];
        for (int i = 0; i < s_faults.Length; i++)
        {
            counts.Add($"{s_faults[i]} {_countOf(i)}");
        }

        return string.Join(", ", counts);
    }
}
