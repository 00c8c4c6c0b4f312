using System.Text.Json;
using HotLoop.Engine.Tests.Kit;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary><c>hotloop load</c> against <c>hotloop echo</c>: what is printed and written, and the exit codes. How the load itself behaves is tested in HotLoop.Load.Tests.</summary>
public class LoadTests
{
    private static readonly string[] s_brief = ["--connections", "10", "--duration", "500ms", "--warmup", "100ms"];

    [Theory]
    [ClassData(typeof(Backends))]
    public async Task A_run_ends_with_a_table(BackendKind backend)
    {
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, [.. s_brief, "--verify", "--backend", Backends.NameOf(backend)]);
        Assert.Equal(0, await load.ExitAsync());
        string[] lines = await load.Output.ToEndAsync();
        Assert.Equal(
            $"tcp://{server.EndPoint}: 10 connections, 1 in flight on each, 64 bytes, verified (1 loop, {Backends.NameOf(backend)})", lines[0]);
        string[] names = [.. lines.Skip(1).Select(l => l[..12].TrimEnd())];
        Assert.Equal(["requests", "rate", "received", "latency", "", "errors"], names);
        Assert.Equal("errors      0", lines[^1]);
    }

    [Fact]
    public async Task Progress_goes_to_standard_error_once_a_second()
    {
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, ["--duration", "2s", "--warmup", "1s"]);
        Assert.Equal(0, await load.ExitAsync());
        string[] lines = await load.Errors.ToEndAsync();
        Assert.InRange(lines.Length, 2, 5);
        Assert.All(lines, l => Assert.Contains(" requests/s  0 errors", l, StringComparison.Ordinal));
        Assert.EndsWith("(warm-up)", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_written_and_tell_of_the_server()
    {
        using TemporaryDirectory directory = new();
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, [
            .. s_brief, "--quiet", "--json", directory.File("a.json"), "--report", directory.File("a.html"),
            "--server-pid", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal(0, await load.ExitAsync());
        Assert.Empty(await load.Errors.ToEndAsync());
        JsonElement json = ReadJson(directory.File("a.json"));
        Assert.True(json.GetProperty("requests").GetInt64() > 0);
        Assert.True(json.GetProperty("server").GetProperty("cpu_us_per_request").GetDouble() > 0);
        Assert.True(json.GetProperty("server").GetProperty("rss_bytes_after").GetInt64() > 1 << 20);
        Assert.Contains("</svg>", await File.ReadAllTextAsync(directory.File("a.html")), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task A_browser_shows_the_page_with_its_three_plots()
    {
        using TemporaryDirectory directory = new();
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, [.. s_brief, "--quiet", "--report", directory.File("a.html")]);
        Assert.Equal(0, await load.ExitAsync());
        string shown = await ChromiumFactAttribute.ShowAsync(directory.File("a.html"), directory.File("profile"));
        Assert.Equal(3, shown.Split("<polyline class=\"curve\" points=\"").Length - 1);
        Assert.Contains("Latency by percentile", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stall_of_the_server_shows_in_the_percentiles_of_an_open_loop()
    {
        using TemporaryDirectory directory = new();
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(
            server, ["--rate", "1000", "--duration", "2s", "--warmup", "500ms", "--json", directory.File("a.json")]);
        await load.Errors.FindAsync(l => !l.EndsWith("(warm-up)", StringComparison.Ordinal));
        server.Send(Signal.Stop);
        await Task.Delay(TimeSpan.FromMilliseconds(200)); // the stall
        server.Send(Signal.Continue);
        Assert.Equal(0, await load.ExitAsync());
        JsonElement latency = ReadJson(directory.File("a.json")).GetProperty("latency_us");
        Assert.InRange(latency.GetProperty("p99.9").GetDouble(), 180_000, 2_000_000);
        Assert.InRange(latency.GetProperty("p95").GetDouble(), 60_000, 2_000_000); // a tenth of all was due in the stall
    }

    [Theory]
    [InlineData("errors>=0", 1)]
    [InlineData("p50>10s", 0)]
    public async Task A_condition_decides_the_exit_code(string condition, int code)
    {
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, [.. s_brief, "--quiet", "--fail-if", "max>100s", "--fail-if", condition]);
        Assert.Equal(code, await load.ExitAsync());
        Assert.Equal(code == 0 ? [] : [$"hotloop: failed: {condition}"], await load.Errors.ToEndAsync());
    }

    [Fact]
    public async Task Nobody_there_is_an_error_and_exit_code_1()
    {
        // Not io_uring: the kernel takes a ring apart, and closes the sockets it waits for, after its process has ended.
        EngineProcess gone = await EngineProcess.EchoAsync("--backend", "epoll");
        await gone.DisposeAsync();
        await using EngineProcess load = Load(gone, ["--quiet", "--connections", "3"]);
        Assert.Equal(1, await load.ExitAsync());
        Assert.Contains("errors      3: refused 3", await load.Output.ToEndAsync());
        Assert.Equal(["hotloop: failed: no request succeeded"], await load.Errors.ToEndAsync());
    }

    [Fact]
    public async Task A_server_that_ends_in_the_middle_is_counted_and_what_came_before_stands()
    {
        EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, ["--connections", "3", "--duration", "2s", "--warmup", "0s"]);
        await load.Errors.FindAsync(_ => true);
        await server.DisposeAsync();
        Assert.Equal(0, await load.ExitAsync());
        string[] lines = await load.Output.ToEndAsync();
        Assert.Contains("refused", lines.Single(l => l.StartsWith("errors ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_ends_it_early_with_its_table()
    {
        await using EngineProcess server = await EngineProcess.EchoAsync();
        await using EngineProcess load = Load(server, ["--duration", "1h"]);
        await load.Errors.FindAsync(l => !l.EndsWith("(warm-up)", StringComparison.Ordinal));
        load.Send(Signal.Interrupt);
        Assert.Equal(0, await load.ExitAsync());
        Assert.Contains(await load.Output.ToEndAsync(), l => l.StartsWith("latency ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'127.0.0.1:1'", "127.0.0.1:1")]
    [InlineData("a rate is", "tcp://127.0.0.1:1", "--rate", "0")]
    [InlineData("--rate", "tcp://127.0.0.1:1", "--rate", "Infinity")]
    [InlineData("a file", "tcp://127.0.0.1:1", "--json", "")]
    [InlineData("--size", "tcp://127.0.0.1:1", "--size", "1")]
    [InlineData("--duration", "tcp://127.0.0.1:1", "--duration", "long")]
    [InlineData("--fail-if", "tcp://127.0.0.1:1", "--fail-if", "p99")]
    [InlineData("--churn and --idle", "tcp://127.0.0.1:1", "--churn", "--idle")]
    [InlineData("verified", "http://127.0.0.1:1", "--verify")]
    [InlineData("depth", "tcp://127.0.0.1:1", "--churn", "--depth", "4")]
    public async Task What_was_wrong_is_said_with_the_usage(string named, params string[] arguments)
    {
        await using EngineProcess load = EngineProcess.Start(["load", .. arguments]);
        Assert.Equal(2, await load.ExitAsync());
        string[] errors = await load.Errors.ToEndAsync();
        Assert.Contains(named, errors[0], StringComparison.Ordinal);
        Assert.Equal("usage: hotloop load [URL] [options]; hotloop load --help lists them", errors[^1]);
    }

    private static EngineProcess Load(EngineProcess server, string[] options) =>
        EngineProcess.Start(["load", $"tcp://{server.EndPoint}", .. options]);

    private static JsonElement ReadJson(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
}
