using System.Diagnostics;

namespace HotLoop.TestKit;

/// <summary>The C compiler of the machine, if it has one.</summary>
public static class Compiler
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static string? Path { get; } = Find("cc");

    /// <summary>Null, or why nothing can be compiled here.</summary>
    public static string? SkipReason => Path is null ? "No C compiler: 'cc' is not in PATH." : null;

    /// <summary>Where a program is in PATH; null when it is not.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program, such as the compiler, and returns what it wrote; an exception with its complaints when it fails.</summary>
    public static string Execute(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            throw new TimeoutException($"{program} does not end.");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"{program} failed: {errors.GetAwaiter().GetResult()}");
    }
}
