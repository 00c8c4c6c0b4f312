using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>Where io_uring is denied, auto serves on epoll and says why in one line; who asked for io_uring is told the same and gets 1.</summary>
public class BackendChoiceTests
{
    private const string Sysctl = "/proc/sys/kernel/io_uring_disabled";

    [LauncherTheory]
    [InlineData(Denial.Setup, Denial.EPERM, "EPERM")]
    [InlineData(Denial.Setup, Denial.ENOSYS, "ENOSYS")]
    [InlineData(Denial.Enter, Denial.EPERM, "EPERM")]
    [InlineData(Denial.Register, Denial.EPERM, "EPERM")]
    public async Task Auto_serves_on_epoll_and_one_line_says_why(int call, int errno, string name)
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            new Denial(call, errno), "echo", "--listen", "127.0.0.1:0", "--loops", "2");
        await AssertServesOnAsync(engine, "epoll");
        string line = Assert.Single(await EndAsync(engine));
        Assert.StartsWith($"hotloop: backend: epoll, the default; io_uring does not work here ({name}: ", line, StringComparison.Ordinal);
        AssertNamesCauses(line, errno);
    }

    [LauncherTheory]
    [InlineData(Denial.Setup, Denial.EPERM, "EPERM")]
    [InlineData(Denial.Setup, Denial.ENOSYS, "ENOSYS")]
    [InlineData(Denial.Enter, Denial.EPERM, "EPERM")]
    public async Task Who_asks_for_io_uring_is_told_why_not_in_one_line(int call, int errno, string name)
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            new Denial(call, errno), "echo", "--listen", "127.0.0.1:0", "--backend", "io_uring");
        Assert.Equal(1, await engine.ExitAsync());
        string line = Assert.Single(await engine.Errors.ToEndAsync());
        Assert.StartsWith($"hotloop: io_uring: {name}: ", line, StringComparison.Ordinal);
        AssertNamesCauses(line, errno);
        Assert.Empty(await engine.Output.ToEndAsync());
    }

    [LauncherFact]
    public async Task Who_asks_for_epoll_is_told_nothing()
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            new Denial(Denial.Setup, Denial.EPERM), "echo", "--listen", "127.0.0.1:0", "--loops", "2", "--backend", "epoll");
        await AssertServesOnAsync(engine, "epoll");
        Assert.Empty(await EndAsync(engine));
    }

    // How much memory a ring locks, and whether that counts, depends on the kernel and on the user.
    [LauncherFact]
    public async Task Without_memory_that_may_be_locked_auto_serves_and_says_why_if_not_on_io_uring()
    {
        await using EngineProcess engine = EngineProcess.StartDenied(
            Denial.LockedMemory, "echo", "--listen", "127.0.0.1:0", "--loops", "2");
        await engine.WaitReadyAsync();
        bool isUring = engine.ReadyLine.Contains("(io_uring, ", StringComparison.Ordinal);
        await AssertServesOnAsync(engine, isUring ? "io_uring" : "epoll");
        string[] errors = await EndAsync(engine);
        if (isUring)
        {
            Assert.Empty(errors);
        }
        else
        {
            Assert.StartsWith("hotloop: backend: epoll, the default; io_uring ", Assert.Single(errors), StringComparison.Ordinal);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task The_ready_line_names_the_backend_that_was_asked_for(BackendKind backend)
    {
        string name = Backends.NameOf(backend);
        await using EngineProcess engine = EngineProcess.Start("echo", "--listen", "127.0.0.1:0", "--loops", "2", "--backend", name);
        await AssertServesOnAsync(engine, name);
        Assert.Empty(await EndAsync(engine));
    }

    // What works here is the test kit's own finding, in another process than the engine's.
    [Fact]
    public async Task Auto_takes_epoll_and_says_whether_io_uring_works_here()
    {
        await using EngineProcess engine = EngineProcess.Start("echo", "--listen", "127.0.0.1:0", "--loops", "2");
        await AssertServesOnAsync(engine, "epoll");
        string uring = new Backends().LeftOut.SingleOrDefault() is { } obstacle
            ? $"io_uring does not work here ({obstacle["io_uring: ".Length..]})"
            : "io_uring works here, too";
        Assert.Equal($"hotloop: backend: epoll, the default; {uring}", Assert.Single(await EndAsync(engine)));
    }

    private static async Task AssertServesOnAsync(EngineProcess engine, string backend)
    {
        if (engine.ReadyLine.Length == 0)
        {
            await engine.WaitReadyAsync();
        }

        Assert.Equal($"hotloop: echo listening on 127.0.0.1:{engine.Port} ({backend}, 2 loops)", engine.ReadyLine);
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, 10);
        await Task.WhenAll(clients.Select(client => client.EchoAsync()));
        Array.ForEach(clients, client => client.Dispose());
    }

    private static async Task<string[]> EndAsync(EngineProcess engine)
    {
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        return await engine.Errors.ToEndAsync();
    }

    // Both of the usual ones; but where the sysctl forbids it anyway, that is the cause that is named.
    private static void AssertNamesCauses(string line, int errno)
    {
        if (errno == Denial.ENOSYS)
        {
            Assert.Contains("the kernel has no io_uring, or a seccomp filter hides it", line, StringComparison.Ordinal);
            return;
        }

        Assert.Contains("the sysctl kernel.io_uring_disabled", line, StringComparison.Ordinal);
        if (!File.Exists(Sysctl) || File.ReadAllText(Sysctl).Trim() == "0")
        {
            Assert.Contains("a seccomp filter", line, StringComparison.Ordinal);
        }
    }
}
