namespace HotLoop.Abi;

/// <summary>The C compiler of the machine, if it has one.</summary>
internal static class Compiler
{
    internal static string? Path { get; } = Find();

    /// <summary>Null, or why nothing can be compared here.</summary>
    internal static string? SkipReason =>
        Path is null ? "No C compiler: 'cc' is not in PATH, so the C headers cannot be asked." : null;

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, "cc"))
            .FirstOrDefault(File.Exists);
}
