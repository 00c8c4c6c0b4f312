using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Package.Tests.Kit;

/// <summary>Commands of the SDK, run as in a shell: without what the host of the tests set, and with temporary files that go with the test.</summary>
internal sealed class Sdk(TemporaryDirectory folder)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>The words for <c>env</c> before a command.</summary>
    internal string[] Environment { get; } =
    [
        .. System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfHost).SelectMany(name => new[] { "-u", name }),
        $"TMPDIR={Directory.CreateDirectory(folder.File("tmp")).FullName}",
        "MSBUILDDISABLENODEREUSE=1", // else they stay behind
        "UseSharedCompilation=false",
        "DOTNET_CLI_TELEMETRY_OPTOUT=1",
        "DOTNET_NOLOGO=1",
    ];

    /// <summary>Runs it to its end, and fails with what it said unless that is 0.</summary>
    internal async Task RunAsync(string directory, params string[] command)
    {
        ProcessStartInfo start = new("env", [.. Environment, .. command]) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(s_patience);
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static bool IsOfHost(string name) =>
        name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MAKE", StringComparison.Ordinal) || name == "MFLAGS";
}
