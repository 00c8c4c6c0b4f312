using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>
/// Finds the C library for the package, whose imports name that of glibc. Where only musl is, the library has another name.
/// </summary>
internal static class LibraryNames
{
    private const string Glibc = "libc.so.6";

    private static readonly string[] s_candidates =
    [
        Glibc,
        "libc", // which the runtime maps to the name on the system it was built for
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "libc.musl-x86_64.so.1" : "libc.musl-aarch64.so.1",
        "libc.so",
    ];

    private static volatile bool s_prepared;

    /// <summary>Before the first call through the package. May be called again, and by several threads.</summary>
    /// <exception cref="FileNotFoundException">The package is not there.</exception>
    internal static void Prepare()
    {
        if (!s_prepared)
        {
            SetResolver();
            s_prepared = true;
        }
    }

    // Apart, because a method that names the package cannot even be compiled without it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetResolver()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(LibC).Assembly, Find);
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver for the package already, and only one may be set: it knows what it does.
        }
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name == Glibc)
        {
            foreach (string candidate in s_candidates)
            {
                if (NativeLibrary.TryLoad(candidate, out nint library))
                {
                    return library;
                }
            }
        }

        return 0; // as the runtime does it
    }
}
