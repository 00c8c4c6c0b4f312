using HotLoop.Explorer.Machines;
using HotLoop.Explorer.Rewriting;
using Xunit.Abstractions;

namespace HotLoop.Explorer;

public sealed class LoopTests(ITestOutputHelper output) : ExplorerTests(output)
{
    private const string Hangs = "nobody can go on";

    [Fact]
    public void A_loop_does_not_sleep_over_what_is_posted() => Holds("LoopCore: post, sleep, stop", LoopMachine.PostMeetsSleep);

    [Fact]
    public void What_is_posted_while_a_loop_ends_is_run() => Holds("LoopCore: post against stop", LoopMachine.PostMeetsEnd);

    [Fact]
    public void A_sleep_without_a_second_look_is_found() => Catches(Mutants.NoSecondLookAtInbox, Hangs, LoopMachine.PostMeetsSleep);

    [Fact]
    public void A_post_that_does_not_wake_is_found() => Catches(Mutants.NoWake, Hangs, LoopMachine.PostMeetsSleep);

    [Fact]
    public void An_end_without_a_fence_is_found() => Catches(Mutants.NoFenceInEnd, "work was lost", LoopMachine.PostMeetsEnd);

    [Fact]
    public void An_end_that_does_not_wait_for_wakers_is_found() =>
        Catches(Mutants.NoWaitForWakers, "woken after it was disposed of", LoopMachine.PostMeetsEnd);
}
