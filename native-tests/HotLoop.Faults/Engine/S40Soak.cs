using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Engine;

/// <summary>The soak program judges by itself; here it is a row, and short. Hours of it are its own matter.</summary>
public class S40Soak
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(30);

    private static readonly (string Name, string Value)[] s_serverCollector = [("DOTNET_gcServer", "1")];

    [Scenario(40, "Soak and GC stress"), ClassData(typeof(Backends))]
    public Task Mixed_load_with_constant_collections_stays_right(BackendKind backend)
    {
        int seconds = Scale.Of(full: 20, brief: 2);
        string provoked = $"{seconds} s of the soak's mixed load, half of them with forced compacting collections; the same with the server's collector, for the clients, too";
        return Row.RunAsync(backend, provoked, async row =>
        {
            await JudgeAsync(row, backend, seconds, "workstation", []);
            await JudgeAsync(row, backend, seconds, "server", s_serverCollector);
        });
    }

    // So short a run is warming up for most of it: how its memory grows is judged by the long soak.
    private static async Task JudgeAsync(Row row, BackendKind backend, int seconds, string collector, (string Name, string Value)[] environment)
    {
        using TemporaryDirectory folder = new();
        string json = folder.File("soak.json");
        await SoakAsync(backend, seconds, json, environment);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        JsonElement outcome = report.RootElement.GetProperty("outcome");
        JsonElement[] scenarios = [.. outcome.GetProperty("scenarios").EnumerateArray()];
        JsonElement echo = scenarios.Single(s => s.GetProperty("scenario").GetString() == "echo");
        row.Measure($"{collector}: iterations", scenarios.Sum(s => s.GetProperty("iterations").GetInt64()), least: Scale.Of(full: 1000, brief: 200));
        row.Measure($"{collector}: failures", scenarios.Sum(s => s.GetProperty("failures").GetInt64()), most: 0);
        JsonElement stress = outcome.GetProperty("gcStress");
        row.Measure($"{collector}: compacting collections", stress.GetProperty("compacting").GetInt32(), least: 30);
        row.Check($"{collector}: it is that collector", stress.GetProperty("isServer").GetBoolean() == (collector == "server"));
        row.Measure($"{collector}: p99 of echo, ms", echo.GetProperty("latency").GetProperty("p99").GetDouble(), most: 500);
        row.Measure($"{collector}: descriptors left over", Number("descriptorsAfter") - Number("descriptorsBefore"), most: 0);

        double Number(string name) => outcome.GetProperty(name).GetDouble();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task SoakAsync(BackendKind backend, int seconds, string json, (string Name, string Value)[] environment)
    {
        string[] words =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "HotLoop.Soak.dll"),
            "--engine", Path.Combine(AppContext.BaseDirectory, "HotLoop.Engine"),
            "--backend", Backends.NameOf(backend), "--loops", "2", "--gc-stress", Text(seconds / 2), "--seconds", Text(seconds),
            "--seed", "1", "--json", json,
        ];
        ProcessStartInfo start = new("dotnet", words) { RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process soak = Process.Start(start)!;
        try
        {
            Task<string> output = soak.StandardOutput.ReadToEndAsync();
            await soak.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(seconds) + s_settle);
            Assert.True(soak.ExitCode == 0, await output);
        }
        finally
        {
            if (!soak.HasExited)
            {
                soak.Kill(entireProcessTree: true);
            }
        }
    }
}
