using HotLoop.Conformance.Seeds.Shim;
using HotLoop.Polling;
using HotLoop.TestKit;
using HotLoop.TestKit.Faults;

namespace HotLoop.Conformance.Seeds;

/// <summary>HotLoop's promises while the kernel does whatever it may. See <see cref="Conversation"/> for the promises.</summary>
public sealed class SeedTests : IClassFixture<FdLeakGuard>
{
    // So many seeds have every fault among them, many times over.
    private const int Many = 50;

    private static readonly TimeSpan s_shortPatience = TimeSpan.FromSeconds(1);

    public SeedTests() => PoolThreads.Ensure();

    [Theory, ClassData(typeof(Backends))]
    public async Task Promises_hold_behind_a_faulty_poller(BackendKind backend)
    {
        List<FaultPlan> plans = [];
        foreach (int number in SeedRange.All)
        {
            Seed seed = new(number);
            try
            {
                await seed.RunAsync(FaultyLoops(seed, backend, loop => new FaultPlan(number, loop), plans));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"seed {number} on {Backends.NameOf(backend)}: {seed}: {e.Message}\n"
                    + SeedRange.Replay(number, nameof(Promises_hold_behind_a_faulty_poller)),
                    e);
            }
        }

        if (SeedRange.Count >= Many)
        {
            Assert.All(Enum.GetValues<Fault>(), fault => Assert.NotEqual(0, plans.Sum(plan => plan.CountOf(fault))));
        }
    }

    // With one fault only, and the event that must follow left out: if the seeds did not see that, they would see nothing.
    [Theory, ClassData(typeof(Backends))]
    public async Task An_event_that_a_poller_loses_is_reported_as_a_hang(BackendKind backend)
    {
        string[] reports = await Task.WhenAll(Enumerable.Range(1, 3).Select(async number =>
        {
            Seed seed = new(number);
            LoopGroup loops = FaultyLoops(
                seed, backend, loop => new FaultPlan(number + loop, 0.3, Fault.WouldBlock, Fault.Short) { LosesEvents = true });
            Exception? failure = await Record.ExceptionAsync(() => seed.RunAsync(loops, s_shortPatience));
            return failure?.Message ?? "nothing";
        }));
        Assert.All(reports, report => Assert.StartsWith("hangs: ", report, StringComparison.Ordinal));
    }

    [CompilerTheory, ClassData(typeof(Backends))]
    public async Task Promises_hold_over_a_faulty_C_library(BackendKind backend)
    {
        using TemporaryDirectory directory = new();
        string library = directory.File("faults.so");
        FaultyLibrary.Compile(library);
        string said = await FaultyProcess.StartAsync(library, backend, SeedRange.First, SeedRange.Count);
        if (SeedRange.Count >= Many)
        {
            string[] notThere = backend == BackendKind.Epoll ? ["not entered 0"] : ["would block 0", "unwatched 0", "few 0"];
            Assert.Equal(notThere, said.Trim().Split(", ").Where(count => count.EndsWith(" 0", StringComparison.Ordinal)));
        }
    }

    private static LoopGroup FaultyLoops(Seed seed, BackendKind backend, Func<int, FaultPlan> create, List<FaultPlan>? plans = null)
    {
        int made = 0;
        LoopOptions options = new() { LoopCount = seed.LoopCount, Backend = backend };
        return new LoopGroup(options, () =>
        {
            FaultPlan plan = create(made++);
            plans?.Add(plan);
            return new FaultyPoller(BackendProbe.CreatePoller(backend), plan);
        });
    }
}
