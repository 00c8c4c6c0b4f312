using System.Runtime.InteropServices;
using HotLoop.TestKit;

namespace HotLoop.Abi;

/// <summary>A processor that the library runs on, and how a C program for it is compiled and run here.</summary>
/// <param name="Name">As in the names of .NET's runtimes.</param>
/// <param name="Macro">By which a C program knows that it is compiled for it.</param>
/// <param name="SkipReason">Null, or why that cannot be done here.</param>
internal sealed record Processor(string Name, string Macro, string? SkipReason)
{
    private const string CrossCompiler = "aarch64-linux-gnu-gcc";

    private static readonly string[] s_emulators = ["qemu-aarch64", "qemu-aarch64-static"];

    private static readonly string? s_emulator = s_emulators.FirstOrDefault(program => Compiler.Find(program) is not null);

    internal static Processor X64 { get; } = new("x64", "__x86_64__", IsNative("x64") ? Compiler.SkipReason : "Not this machine's processor.");

    internal static Processor Arm64 { get; } = new("arm64", "__aarch64__", IsNative("arm64") ? Compiler.SkipReason : CrossSkipReason());

    internal static Processor Native { get; } = IsNative("arm64") ? Arm64 : X64;

    internal static Processor ByName(string name) => name == Arm64.Name ? Arm64 : X64;

    /// <summary>Compiles <paramref name="source"/>, runs it, and returns what it wrote.</summary>
    internal string Run(string source, string folder)
    {
        string program = Path.Combine(folder, "probe");
        string[] arguments = ["-Wall", "-Werror", "-I", folder, "-o", program, source];
        if (this == Native)
        {
            Compiler.Execute(Compiler.Path!, arguments);
            return Compiler.Execute(program);
        }

        Compiler.Execute(CrossCompiler, ["-static", .. arguments]); // so that the emulator needs no libraries
        return Compiler.Execute(s_emulator!, program);
    }

    private static bool IsNative(string name) =>
        string.Equals(RuntimeInformation.ProcessArchitecture.ToString(), name, StringComparison.OrdinalIgnoreCase);

    private static string? CrossSkipReason() =>
        Compiler.Find(CrossCompiler) is null ? $"No C compiler for arm64: '{CrossCompiler}' is not in PATH."
        : s_emulator is null ? "No emulator of arm64: 'qemu-aarch64' is not in PATH."
        : null;
}
