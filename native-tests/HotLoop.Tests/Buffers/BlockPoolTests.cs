using HotLoop.Buffers;
using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Buffers;

public sealed class BlockPoolTests : IDisposable
{
    private readonly HandTurnedLoop _loop = new(new SimulatedPoller());

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Blocks_have_the_size_asked_for_and_do_not_overlap()
    {
        BlockPool pool = new(_loop.Core, 256);
        Block[] blocks = [.. Enumerable.Range(0, 40).Select(_ => pool.Rent())];
        foreach ((int i, Block block) in blocks.Index())
        {
            Assert.Equal(256, block.Memory.Length);
            block.Memory.Span.Fill((byte)i);
        }

        Assert.All(blocks.Index(), b => Assert.False(b.Item.Memory.Span.ContainsAnyExcept((byte)b.Index)));
    }

    [Fact]
    public void A_block_comes_back_once_per_rent()
    {
        BlockPool pool = new(_loop.Core, 256);
        Block block = pool.Rent();
        int version = block.Version;
        Assert.True(block.TryReturn(version));
        Assert.False(block.TryReturn(version));
    }

    [Fact]
    public void What_other_threads_return_the_loop_rents_again()
    {
        BlockPool pool = new(_loop.Core, 256);
        Block[] rented = OnLoop(() => Enumerable.Range(0, 100).Select(_ => pool.Rent()).ToArray());
        int created = pool.Created;
        foreach (Block block in rented)
        {
            block.TryReturn(block.Version);
        }

        Block[] again = OnLoop(() => Enumerable.Range(0, 100).Select(_ => pool.Rent()).ToArray());
        Assert.Equal(created, pool.Created);
        Assert.Equal(100, again.Distinct().Count());
    }

    private Block[] OnLoop(Func<Block[]> work)
    {
        Block[] result = [];
        _loop.Core.Post(_ => result = work(), null);
        _loop.Turn();
        return result;
    }
}
