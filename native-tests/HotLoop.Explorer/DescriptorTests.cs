using HotLoop.Explorer.Machines;
using HotLoop.Explorer.Rewriting;
using Xunit.Abstractions;

namespace HotLoop.Explorer;

public sealed class DescriptorTests(ITestOutputHelper output) : ExplorerTests(output)
{
    private const string Hangs = "nobody can go on";

    [Fact]
    public void A_descriptor_is_closed_once_and_by_the_last_to_leave() =>
        Holds("SocketFd: operation, reference, Close", DescriptorMachine.UseMeetsClose);

    [Fact]
    public void An_old_handle_meets_no_other_connection() =>
        Holds("SocketFd: result not taken, old handle, reuse", DescriptorMachine.HandleMeetsReuse);

    [Fact]
    public void A_poller_that_lets_go_later_closes_once() => Holds("SocketFd: operation, late release, reuse", DescriptorMachine.ReleaseMeetsReuse);

    [Fact]
    public void A_connection_that_comes_while_the_loop_ends_is_closed() => Holds("SocketTable: Open, Seal", DescriptorMachine.OpenMeetsSeal);

    [Fact]
    public void Everybody_in_line_has_a_turn() => Holds("FdLockQueue: three in line", DescriptorMachine.ThreeInLine);

    [Fact]
    public void Close_ends_the_line() => Holds("FdLockQueue: two in line, Close by who has the lock", DescriptorMachine.LineMeetsClose);

    [Fact]
    public void Who_leaves_the_line_takes_no_turn_away() => Holds("FdLockQueue: three in line, one leaves", DescriptorMachine.OneLeavesTheLine);

    [Fact]
    public void A_swap_in_two_steps_is_found() => Catches(Mutants.TornSwap, "closed", DescriptorMachine.UseMeetsClose);

    [Fact]
    public void Reuse_before_the_result_is_taken_is_found() => Catches(Mutants.ReusedTooSoon, "lock is ", DescriptorMachine.HandleMeetsReuse);

    [Fact]
    public void A_connection_that_is_opened_without_a_fence_is_found() =>
        Catches(Mutants.NoFenceInOpen, "a connection was forgotten", DescriptorMachine.OpenMeetsSeal);

    [Fact]
    public void A_line_without_a_gate_is_found() => Catches(Mutants.NoGateAtTheEndOfTheLine, Hangs, DescriptorMachine.ThreeInLine);

    [Fact]
    public void An_unlock_without_a_look_at_the_line_is_found() => Catches(Mutants.NoLookAtTheLine, Hangs, DescriptorMachine.ThreeInLine);

    [Fact]
    public void A_Close_that_forgets_the_line_is_found() => Catches(Mutants.NoEndOfTheLine, Hangs, DescriptorMachine.LineMeetsClose);

    [Fact]
    public void A_lock_that_is_kept_when_the_line_is_empty_is_found() =>
        Catches(Mutants.NoMarkTakenAway, Hangs, DescriptorMachine.OneLeavesTheLine);
}
