using System.Reflection;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Abi;

/// <summary>The constants that the library has under libc's names.</summary>
internal static class Constants
{
    internal static IReadOnlyDictionary<string, long> ByHand { get; } = Read(typeof(ByHand));

    internal static IReadOnlyDictionary<string, long> OfErrno { get; } = Read(typeof(Errno));

    /// <summary>All that can be compared with the headers of <paramref name="processor"/>.</summary>
    internal static IEnumerable<string> For(Processor processor) =>
        ByHand.Keys.Where(name => ProbeSource.ProcessorOf(name) is null || ProbeSource.ProcessorOf(name) == processor)
            .Concat(OfErrno.Keys)
            .Concat(Package.Constants);

    internal static bool IsByHand(string name) => ByHand.ContainsKey(name) || OfErrno.ContainsKey(name);

    // What is private, such as the library's name, is not libc's.
    private static Dictionary<string, long> Read(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => field is { IsLiteral: true, IsPrivate: false })
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), null));
}
