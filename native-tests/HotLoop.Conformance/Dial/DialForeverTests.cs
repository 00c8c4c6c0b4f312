using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialForeverTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // With the kernel's usual number of attempts, 127 to 134 s.
    private static readonly TimeSpan s_atLeast = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [SlowTheory, ClassData(typeof(Backends))]
    [GoCase("dial.forever/1")]
    public Task Without_a_time_out_the_kernel_gives_up(BackendKind backend) => RunOffLoop(
        backend,
        async t =>
        {
            Listener listener = await t.FullListener();
            Stopwatch watch = Stopwatch.StartNew();
            await t.Check("dial.forever/1", t.Dial(listener));
            Assert.True(watch.Elapsed > s_atLeast, $"after {watch.Elapsed}");
        },
        s_limit);
}
