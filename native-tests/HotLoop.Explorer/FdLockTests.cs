using HotLoop.Explorer.Machines;
using HotLoop.Explorer.Rewriting;
using Xunit.Abstractions;

namespace HotLoop.Explorer;

public sealed class FdLockTests(ITestOutputHelper output) : ExplorerTests(output)
{
    [Fact]
    public void A_descriptor_is_destroyed_once_and_by_the_last_to_leave() =>
        Holds("FdLock: operation, reference, Close", () => new FdLockMachine());

    [Fact]
    public void A_swap_in_two_steps_is_found() => Catches(Mutants.TornSwap, "Assert.", () => new FdLockMachine());
}
