using HotLoop.Explorer.Machines;
using HotLoop.Explorer.Rewriting;
using HotLoop.Explorer.Exploring;

namespace HotLoop.Explorer;

public sealed class FdLockTests
{
    [Fact]
    public void A_descriptor_is_destroyed_once_when_nobody_uses_it()
    {
        var f = Exploration.Explore(() => new FdLockMachine(), 2);
        Console.WriteLine(f);
        Assert.Null(f.Failure);
        Mutants.On = Mutants.TornSwap;
        f = Exploration.Explore(() => new FdLockMachine(), 2);
        Mutants.On = null;
        Console.WriteLine(f);
        Assert.NotNull(f.Failure);
    }
}
