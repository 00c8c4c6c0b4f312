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

    [Scenario(40, "Soak and GC stress"), ClassData(typeof(Backends))]
    public Task Mixed_load_with_constant_collections_stays_right(BackendKind backend)
    {
        int seconds = Scale.Of(full: 20, brief: 2);
        return Row.RunAsync(backend, $"{seconds} s of the soak's mixed load, half of them with forced compacting collections", async row =>
        {
            using TemporaryDirectory folder = new();
            string json = folder.File("soak.json");
            row.Measure("exit code", await SoakAsync(backend, seconds, json), most: 0);
            using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
            JsonElement outcome = report.RootElement.GetProperty("outcome");
            JsonElement[] scenarios = [.. outcome.GetProperty("scenarios").EnumerateArray()];
            JsonElement echo = scenarios.Single(s => s.GetProperty("scenario").GetString() == "echo");
            row.Measure("iterations", scenarios.Sum(s => s.GetProperty("iterations").GetInt64()), least: 1000);
            row.Measure("failures", scenarios.Sum(s => s.GetProperty("failures").GetInt64()), most: 0);
            row.Measure("compacting collections", outcome.GetProperty("gcStress").GetProperty("compacting").GetInt32(), least: 30);
            row.Measure("p99 of echo, ms", echo.GetProperty("latency").GetProperty("p99").GetDouble(), most: 500);
            row.Measure("descriptors left over", Number("descriptorsAfter") - Number("descriptorsBefore"), most: 0);

            // So short a run is warming up for most of it: the slope is told, and judged by the long soak.
            if (outcome.GetProperty("rssMebibytesPerHour") is { ValueKind: JsonValueKind.Number } slope)
            {
                row.Measure("RSS slope over the second half, MiB/h", slope.GetDouble());
            }

            double Number(string name) => outcome.GetProperty(name).GetDouble();
        });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<int> SoakAsync(BackendKind backend, int seconds, string json)
    {
        string[] words =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "HotLoop.Soak.dll"),
            "--engine", Path.Combine(AppContext.BaseDirectory, "HotLoop.Engine"),
            "--backend", Backends.NameOf(backend), "--loops", "2", "--gc-stress", Text(seconds / 2), "--seconds", Text(seconds),
            "--seed", "1", "--json", json,
        ];
        using Process soak = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        try
        {
            Task<string> output = soak.StandardOutput.ReadToEndAsync();
            await soak.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(seconds) + s_settle);
            Assert.True(soak.ExitCode == 0, await output);
            return soak.ExitCode;
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
