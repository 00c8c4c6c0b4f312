using System.Reflection;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Abi;

/// <summary>The constants that the library declares under libc's names.</summary>
internal static class Constants
{
    internal static IReadOnlyDictionary<string, long> OfLibC { get; } = Read(typeof(LibC));

    internal static IReadOnlyDictionary<string, long> OfErrno { get; } = Read(typeof(Errno));

    // What is private, such as the library's name, is not libc's.
    private static Dictionary<string, long> Read(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => field is { IsLiteral: true, IsPrivate: false })
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), null));
}
