using System.Reflection;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

public class CommandLineTests
{
    private static readonly string[] s_options = ["--listen", "--backend", "--loops", "--pin", "--busy-poll", "--shared-listener", "--drain", "--idle-grace", "--help"];

    [Theory]
    [InlineData("--bogus", "echo", "--bogus")]
    [InlineData("--loops", "echo", "--loops", "x")]
    [InlineData("--loops", "echo", "--loops", "-1")]
    [InlineData("--loops", "echo", "--loops", "99999999999")]
    [InlineData("--loops", "echo", "--loops")]
    [InlineData("--drain", "echo", "--drain", "soon")]
    [InlineData("--idle-grace", "echo", "--idle-grace", "soon")]
    [InlineData("--busy-poll", "echo", "--busy-poll", "2s")]
    [InlineData("--backend", "echo", "--backend", "kqueue")]
    [InlineData("extra", "echo", "extra")]
    public async Task What_was_wrong_is_said_with_the_usage_of_the_command(string named, params string[] arguments)
    {
        string[] errors = await AssertUsageAsync(arguments);
        Assert.Contains(named, errors[0], StringComparison.Ordinal);
        Assert.Equal("usage: hotloop echo [options]; hotloop echo --help lists them", errors[^1]);
        Assert.Equal(2, errors.Length);
    }

    [Fact]
    public async Task The_usage_names_the_command_that_was_meant()
    {
        string[] errors = await AssertUsageAsync(["discard", "--bogus"]);
        Assert.Equal("usage: hotloop discard [options]; hotloop discard --help lists them", errors[^1]);
    }

    [Theory]
    [InlineData("'bogus'", "bogus")]
    [InlineData("'--bogus'", "--bogus")]
    [InlineData("command")]
    public async Task A_wrong_command_is_said_with_the_usage_of_hotloop(string named, params string[] arguments)
    {
        string[] errors = await AssertUsageAsync(arguments);
        Assert.Contains(errors, line => line.Contains(named, StringComparison.Ordinal));
        Assert.Equal("usage: hotloop COMMAND [options]; hotloop --help lists them", errors[^1]);
    }

    [Fact]
    public async Task Help_names_the_commands()
    {
        string help = await AssertPrintsAsync("--help");
        Assert.Contains("echo ", help, StringComparison.Ordinal);
        Assert.Contains("discard ", help, StringComparison.Ordinal);
        Assert.Contains("load ", help, StringComparison.Ordinal);
        Assert.Contains("lab ", help, StringComparison.Ordinal);
        Assert.Contains("--version", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("discard")]
    public async Task Help_of_a_server_names_every_option(string command)
    {
        string help = await AssertPrintsAsync(command, "--help");
        Assert.All(s_options, option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    // These tests are built with the same version as the engine.
    [Fact]
    public async Task Version_prints_the_version_alone()
    {
        Assembly own = typeof(CommandLineTests).Assembly;
        string version = own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.Equal(version, await AssertPrintsAsync("--version"));
    }

    private static async Task<string[]> AssertUsageAsync(string[] arguments)
    {
        await using EngineProcess engine = EngineProcess.Start(arguments);
        Assert.Equal(2, await engine.ExitAsync());
        Assert.Empty(await engine.Output.ToEndAsync());
        string[] errors = await engine.Errors.ToEndAsync();
        Assert.True(errors.Length >= 2);
        Assert.All(errors[..^1], line => Assert.StartsWith("hotloop: ", line, StringComparison.Ordinal));
        return errors;
    }

    private static async Task<string> AssertPrintsAsync(params string[] arguments)
    {
        await using EngineProcess engine = EngineProcess.Start(arguments);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
        return string.Join('\n', await engine.Output.ToEndAsync()).Trim();
    }
}
