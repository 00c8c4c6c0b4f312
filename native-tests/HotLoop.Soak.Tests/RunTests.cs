using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using HotLoop.Soak.Scenarios;
using HotLoop.Soak.Tests.Kit;

namespace HotLoop.Soak.Tests;

/// <summary>Whole runs. Thresholds are wide where the machine, not the server, decides.</summary>
public sealed class RunTests : IDisposable
{
    private static readonly string[] s_wideLimits = ["--max-latency", "10000", "--max-rss-growth", "40"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hotloop-soak-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_engine_passes()
    {
        string json = Path.Combine(_folder.FullName, "soak.json");
        string svg = Path.Combine(_folder.FullName, "soak.svg");
        (int exitCode, string output, string errors) = await SoakProcess.RunAsync(
            ["--engine", SoakProcess.Engine, "--seconds", "3", "--gc-stress", "1", .. s_wideLimits, "--json", json, "--svg", svg]);
        Assert.True(exitCode == 0, output + errors);
        Assert.Empty(errors);
        Assert.EndsWith("good\n", output, StringComparison.Ordinal);

        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        JsonElement outcome = report.RootElement.GetProperty("outcome");
        Assert.Equal(
            Catalogue.All.Select(e => e.Scenario.Name),
            outcome.GetProperty("scenarios").EnumerateArray().Select(s => s.GetProperty("scenario").GetString()));
        Assert.Equal(0, outcome.GetProperty("end").GetProperty("exitCode").GetInt32());
        JsonElement stress = outcome.GetProperty("gcStress");
        Assert.Equal(0.5, stress.GetProperty("from").GetDouble());
        Assert.InRange(stress.GetProperty("compacting").GetInt32(), 5, 100); // one every 10 ms at most
        Assert.True(report.RootElement.GetProperty("samples").GetArrayLength() >= 3); // one a second, and while it settles
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
    }

    [Fact]
    public async Task A_wrong_byte_is_found()
    {
        (int exitCode, string output, _) = await RunOnAsync(Flaw.WrongByte);
        Assert.Equal(1, exitCode);
        Assert.Matches(@"failed: \S+: \d+ of \d+ iterations failed \(.*WrongByte.*\); the first: wrong byte at \d+ of", output);
    }

    [Fact]
    public async Task Descriptors_that_stay_are_found()
    {
        (int exitCode, string output, _) = await RunOnAsync(Flaw.KeepsDescriptors);
        Assert.Equal(1, exitCode);
        Assert.Matches(@"failed: descriptors: \d+ before the load, \d+ after it", output);
        Assert.DoesNotContain("iterations failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "127.0.0.1:1")]
    [InlineData("--seconds", "never")]
    [InlineData("--target", "127.0.0.1:1", "--server-pid", "1", "--gc-stress", "1")]
    [InlineData("--seconds", "3", "--gc-stress", "2")]
    [InlineData("--seconds", "never", "--gc-stress", "2")]
    public async Task A_wrong_command_line_is_exit_code_2(params string[] options)
    {
        (int exitCode, string output, string errors) = await SoakProcess.RunAsync(options);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("usage: hotloop-soak", errors, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunOnAsync(Flaw flaw)
    {
        using FlawedServer server = new(flaw);
        string pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return await SoakProcess.RunAsync("--target", server.Address, "--server-pid", pid, "--seconds", "1", "--settle", "0.2");
    }
}
