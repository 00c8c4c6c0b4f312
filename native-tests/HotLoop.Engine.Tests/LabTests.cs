using System.Diagnostics;
using System.Text.RegularExpressions;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary><c>hotloop lab</c> as a user runs it.</summary>
public partial class LabTests
{
    private const string Same = "as Go does";
    private const string Totals = "16 experiments: 16 as Go does, 0 differ";

    private static readonly string[] s_names =
    [
        "refused", "backlog", "dial-timeout", "read-none", "read-partial", "read-enough", "close-with-data",
        "close-without-data", "read-deadline", "write-block", "write-partial", "write-timeout", "write-after-close",
        "half-close", "linger", "concurrent",
    ];

    public static TheoryData<string> Names => [.. s_names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_experiment_shows_both_sides_and_goes_as_in_Go(string name)
    {
        await using EngineProcess engine = EngineProcess.Start("lab", name);
        int exit = await engine.ExitAsync();
        string[] lines = await engine.Output.ToEndAsync();
        Assert.True(exit == 0, string.Join('\n', lines));
        Assert.StartsWith($"{name}: ", lines[0], StringComparison.Ordinal);
        Assert.Equal(Same, lines[^1]);
        AssertLog(lines[1..^1]);
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Fact]
    public async Task All_run_one_after_the_other_within_a_minute()
    {
        Stopwatch watch = Stopwatch.StartNew();
        await using EngineProcess engine = EngineProcess.Start("lab", "all");
        await engine.Output.FindAsync(line => line.Contains(" experiments: ", StringComparison.Ordinal));
        int exit = await engine.ExitAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        string[] lines = await engine.Output.ToEndAsync();
        Assert.True(exit == 0, string.Join('\n', lines));
        Assert.Equal(Totals, lines[^1]);
        Assert.Equal(s_names.Length, lines.Count(line => line == Same));
        Assert.Equal(s_names, lines.Select(line => line.Split(':')[0]).Where(s_names.Contains));
    }

    [Fact]
    public async Task Without_a_name_they_are_listed()
    {
        await using EngineProcess engine = EngineProcess.Start("lab");
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Equal([.. s_names, "all"], (await engine.Output.ToEndAsync()).Select(NameOf));
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("Refused")]
    [InlineData("")]
    public async Task A_name_that_is_not_known_is_said_with_those_that_are(string name)
    {
        await using EngineProcess engine = EngineProcess.Start("lab", name);
        Assert.Equal(2, await engine.ExitAsync());
        Assert.Empty(await engine.Output.ToEndAsync());
        string[] errors = await engine.Errors.ToEndAsync();
        Assert.Equal($"hotloop: lab has no experiment '{name}'; it has", errors[0]);
        Assert.Equal([.. s_names, "all"], errors[1..^1].Select(NameOf));
        Assert.Equal("usage: hotloop lab [EXPERIMENT] [options]; hotloop lab --help lists them", errors[^1]);
    }

    // A process that is stopped is late. The dial that finds the queue full waits for a second, so there is time to do it.
    [Fact]
    public async Task What_differs_is_said_and_ends_with_1()
    {
        await using EngineProcess engine = EngineProcess.Start("lab", "backlog");
        int connected = 0;
        await engine.Output.FindAsync(line =>
        {
            connected += line.Contains("connected from", StringComparison.Ordinal) ? 1 : 0;
            return connected == 3 && line.EndsWith(" ...", StringComparison.Ordinal);
        });
        engine.Send(Signal.Stop);
        await Task.Delay(TimeSpan.FromSeconds(1.5)); // longer than that dial takes, with all that is tolerated
        engine.Send(Signal.Continue);

        Assert.Equal(1, await engine.ExitAsync());
        string[] lines = await engine.Output.ToEndAsync();
        Assert.DoesNotContain(Same, lines);
        Assert.Matches(@"^differs from Go: dial \d: late by \d+\.\d ms", lines[^1]);
    }

    private static string NameOf(string line) => line.Trim().Split(' ')[0];

    private static void AssertLog(string[] lines)
    {
        double before = 0;
        foreach (string line in lines)
        {
            Match match = LogLine().Match(line);
            Assert.True(match.Success, line);
            double time = double.Parse(match.Groups["time"].Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(time >= before, line);
            before = time;
        }

        Assert.Contains(lines, line => line.Contains(" client | ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" server | ", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^ *(?<time>\d+\.\d) ms  (client|server) \| \S")]
    private static partial Regex LogLine();
}
