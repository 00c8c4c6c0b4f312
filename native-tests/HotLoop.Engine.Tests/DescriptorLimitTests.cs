using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>Out of descriptors, the server goes on with those it has, waits quietly, and serves the others later.</summary>
public class DescriptorLimitTests
{
    private const int Free = 60;
    private const int Clients = 100;

    [Theory, ClassData(typeof(Backends))]
    public async Task Few_descriptors_delay_clients_but_lose_none(BackendKind backend)
    {
        await using EngineProcess engine = EngineProcess.Start(
            "echo", "--listen", "127.0.0.1:0", "--loops", "1", "--backend", Backends.NameOf(backend));
        await engine.WaitReadyAsync();
        Descriptors.Leave(engine.Id, Free);
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, Clients);
        string? warning = await engine.Errors.FindAsync(_ => true);
        Assert.Equal(
            $"hotloop: accept tcp 127.0.0.1:{engine.Port}: accept4: too many open files; accepting pauses", warning);

        await AssertServesThoseItHasAsync(clients);
        await AssertRestsAsync(engine);
        Assert.Single(engine.Errors.SoFar);

        // One after the other leaves, and so makes room for those who wait.
        foreach (Client client in clients)
        {
            await client.EchoAsync();
            client.Dispose();
        }

        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.All(await engine.Errors.ToEndAsync(), line => Assert.Equal(warning, line));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Both_loops_run_out_and_recover(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
        Descriptors.Leave(engine.Id, Free);
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, Clients);
        string? warning = await engine.Errors.FindAsync(_ => true);
        Assert.Contains("too many open files", warning, StringComparison.Ordinal);

        // Which client a loop has taken is the kernel's choice, so all ask, and whoever is answered leaves.
        await Task.WhenAll(clients.Select(async client =>
        {
            await client.EchoAsync();
            client.Dispose();
        }));
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
    }

    // Ending needs descriptors too: the runtime opens a pipe for each thread that it starts, also for the one that drains.
    [Theory, ClassData(typeof(Backends))]
    public async Task A_signal_ends_it_while_all_descriptors_are_taken(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", "0.5", "--backend", Backends.NameOf(backend));
        Descriptors.Leave(engine.Id, Free);
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, Clients);
        await clients[0].EchoAsync();
        await engine.Errors.FindAsync(line => line.Contains("too many open files", StringComparison.Ordinal));
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        foreach (Client client in clients)
        {
            await client.WaitClosedAsync();
            client.Dispose();
        }
    }

    // With one loop they are taken in the order they came. Not all free descriptors serve clients: the runtime opens files and
    // pipes meanwhile, and the engine may keep some for that.
    private static async Task AssertServesThoseItHasAsync(Client[] clients)
    {
        for (int i = 0; i < Free / 2; i++)
        {
            await clients[i].EchoAsync();
        }
    }

    private static async Task AssertRestsAsync(EngineProcess engine)
    {
        TimeSpan before = engine.ProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(1)); // the measurement itself
        Assert.InRange((engine.ProcessorTime - before).TotalSeconds, 0, 0.2);
    }
}
