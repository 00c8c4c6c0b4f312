using System.Text.Json.Nodes;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>What the engine cannot do without is named in one line, with what to do about it; no stack trace.</summary>
public class MissingPartTests
{
    [LauncherTheory]
    [InlineData("auto")]
    [InlineData("epoll")]
    [InlineData("io_uring")]
    public async Task A_kernel_that_is_too_old_is_named(string backend)
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            new Denial(Denial.EpollCreate, Denial.ENOSYS), "echo", "--listen", "127.0.0.1:0", "--backend", backend);
        await AssertSaysAsync(engine, "hotloop: epoll: ENOSYS: the kernel is too old, or a seccomp filter forbids it; run Linux ");
    }

    [LauncherFact]
    public async Task A_client_is_told_the_same()
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            new Denial(Denial.EpollCreate, Denial.EPERM), "load", "tcp://127.0.0.1:1", "--duration", "1s");
        await AssertSaysAsync(engine, "hotloop: epoll: EPERM: the kernel is too old, or a seccomp filter forbids it; run Linux ");
    }

    // As when a program that was published for one processor is run on another.
    [Fact]
    public async Task A_native_library_that_is_not_there_is_named()
    {
        using TemporaryDirectory folder = new();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*").Where(IsOfEngine))
        {
            File.Copy(file, folder.File(Path.GetFileName(file)));
        }

        string dependencies = folder.File("HotLoop.Engine.deps.json");
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(dependencies))!;
        JsonObject packages = json["targets"]!.AsObject().Single().Value!.AsObject();
        Assert.True(packages.Single(package => package.Key.StartsWith("Tmds.LibC/", StringComparison.Ordinal)).Value!.AsObject().Remove("runtimeTargets"));
        await File.WriteAllTextAsync(dependencies, json.ToJsonString());

        await using EngineProcess engine = EngineProcess.Run(
            folder.File("HotLoop.Engine"), ["echo", "--listen", "127.0.0.1:0"]);
        await AssertSaysAsync(engine, "hotloop: Tmds.LibC.dll is missing, or is not one for this processor: publish the program again for it (dotnet publish -r linux-");
    }

    private static bool IsOfEngine(string path) =>
        Path.GetFileName(path).StartsWith("HotLoop.Engine", StringComparison.Ordinal) || path.EndsWith(".dll", StringComparison.Ordinal);

    private static async Task AssertSaysAsync(EngineProcess engine, string start)
    {
        Assert.Equal(1, await engine.ExitAsync());
        string line = Assert.Single(await engine.Errors.ToEndAsync());
        Assert.StartsWith(start, line, StringComparison.Ordinal);
        Assert.Empty(await engine.Output.ToEndAsync());
    }
}
