using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>Under a low limit the engine serves, or says at once which limit stands in the way; it neither hangs nor crashes.</summary>
public class S38LowLimits
{
    private const int DescriptorsMax = 64;
    private const int LockedMax = 64 * 1024;
    private const int TasksMax = 32;
    private const int MemoryMax = 256 << 20;
    private const int Connections = 20;

    private static readonly TimeSpan s_time = Scale.Of(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(0.3));

    [Scenario(38, "Low limits", Brief = true, Needs = "prlimit setpriv sh"), ClassData(typeof(Backends))]
    public async Task It_serves_or_names_the_limit(BackendKind backend)
    {
        using Cgroup? memory = Cgroup.OfMemory(MemoryMax);
        using Cgroup? tasks = Cgroup.OfTasks(TasksMax);
        string provoked = $"nofile {DescriptorsMax}, soft and hard; memlock 64 KiB without CAP_IPC_LOCK; "
            + $"{(memory is null ? "no memory cgroup here" : "memory cgroup of 256 MiB")}; {(tasks is null ? "no pids cgroup here" : $"pids cgroup of {TasksMax}")}; "
            + $"{Connections} connections' traffic and as many that come and go, {s_time.TotalSeconds} s";
        await Row.RunAsync(backend, provoked, async row =>
        {
            await RunAsync(row, backend, "nofile", "prlimit", [$"--nofile={DescriptorsMax}:{DescriptorsMax}"], "Too many open files", "ulimit -n");
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync(row, backend, "memlock", "prlimit", [$"--memlock={LockedMax}:{LockedMax}", "setpriv", "--bounding-set=-ipc_lock"], "ulimit -l");
            }

            if (memory is not null)
            {
                await RunAsync(row, backend, "memory", "sh", Joining(memory), "memory");
                row.Measure("memory: most, % of the limit", memory.PeakBytes * 100.0 / MemoryMax, most: 80);
            }

            if (tasks is not null)
            {
                await RunAsync(row, backend, "pids", "sh", Joining(tasks), "thread");
            }
        });
    }

    private static string[] Joining(Cgroup group) => ["-c", "echo $$ > \"$0\" && exec \"$@\"", group.Members];

    private static async Task RunAsync(Row row, BackendKind backend, string limit, string program, string[] words, params string[] named)
    {
        await using EngineProcess engine = EngineProcess.StartBy(
            program, words, "echo", "--listen", "127.0.0.1:0", "--loops", "2", "--backend", Backends.NameOf(backend), "--drain", "1");
        if (await engine.Output.FindAsync(_ => true) is null)
        {
            int refused = await engine.ExitAsync();
            row.Measure($"{limit}: refuses, exit code", refused, least: 1, most: 1);
            row.Check($"{limit}: named in one line ({string.Join(" | ", engine.Errors.SoFar)})", engine.Errors.SoFar is [string line] && named.Any(name => line.Contains(name, StringComparison.OrdinalIgnoreCase)));
            return;
        }

        await engine.WaitReadyAsync();
        (long messages, long corrupt, int served) = await LoadAsync(engine);
        row.Measure($"{limit}: messages", messages, least: 100);
        row.Measure($"{limit}: of those that come and go, served", served, least: 1);
        row.Measure($"{limit}: wrong CRCs", corrupt, most: 0);
        using Client after = await Client.ConnectAsync(engine.EndPoint);
        await after.EchoAsync();
        after.Dispose();
        engine.Send(Signal.Terminate);
        row.Measure($"{limit}: exit code", await engine.ExitAsync(), most: 0);
    }

    // More connections than 64 descriptors can serve at once: some wait in the queue meanwhile, which is not a failure.
    private static async Task<(long Messages, long Corrupt, int Served)> LoadAsync(EngineProcess engine)
    {
        using CancellationTokenSource stop = new(s_time);
        CheckedTraffic traffic = CheckedTraffic.Start(engine.EndPoint, Connections);
        int served = 0;
        await using (traffic)
        {
            while (!stop.IsCancellationRequested)
            {
                Client[] clients = await Client.ConnectAsync(engine.EndPoint, Connections);
                foreach (Client client in clients)
                {
                    served += await IsServedAsync(client) ? 1 : 0;
                    client.Dispose();
                }
            }
        }

        return (traffic.Messages, traffic.Corrupt, served);
    }

    private static async Task<bool> IsServedAsync(Client client)
    {
        try
        {
            await client.EchoAsync().WaitAsync(TimeSpan.FromMilliseconds(500));
            return true;
        }
        catch (Exception e) when (e is TimeoutException or SocketException or Xunit.Sdk.XunitException)
        {
            return false;
        }
    }
}
