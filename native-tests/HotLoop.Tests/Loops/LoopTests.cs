using HotLoop.TestKit;

namespace HotLoop.Tests.Loops;

/// <summary>Which awaits come back to the loop, and what a loop does with work of others.</summary>
public sealed class LoopTests() : BackendTests(2)
{
    private Loop First => Group.Loops[0];

    private Loop Second => Group.Loops[1];

    [Theory, ClassData(typeof(Backends))]
    public async Task SwitchTo_goes_to_the_loop_and_does_nothing_when_there(BackendKind backend)
    {
        Use(backend);
        Assert.Null(Loop.Current);
        await First.SwitchTo();
        Assert.Same(First, Loop.Current);
        Assert.True(First.SwitchTo().IsCompleted);
        await Second.SwitchTo();
        Assert.Same(Second, Loop.Current);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Other_tasks_come_home_unless_told_otherwise(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        await Task.Delay(1);
        Assert.True(First.IsCurrent);
        await Task.Run(static () => { });
        Assert.True(First.IsCurrent);
        await Task.Delay(1).ConfigureAwait(false);
        Assert.False(First.IsCurrent);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Offload_runs_elsewhere_and_comes_back(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        Assert.False(await First.Offload(() => First.IsCurrent));
        Assert.True(First.IsCurrent);
        await First.Offload(static () => { });
        Assert.True(First.IsCurrent);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Offload_brings_the_exception_home_too(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        await Assert.ThrowsAsync<InvalidOperationException>(() => First.Offload<int>(static () => throw new InvalidOperationException()));
        Assert.True(First.IsCurrent);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Code_of_one_loop_that_awaits_a_connection_of_another_comes_home(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        using Listener listener = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0");
        using Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", listener.Address.ToString());
        using Conn accepted = await listener.AcceptAsync();
        await Second.SwitchTo();
        ValueTask<int> read = client.ReadAsync(new byte[1]);
        await accepted.WriteAsync(new byte[1]);
        Assert.Same(First, client.Loop);
        await read;
        Assert.True(Second.IsCurrent);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Work_posted_by_many_threads_runs_once_each_on_the_loop(BackendKind backend)
    {
        Use(backend);
        const int Posts = 20_000;
        int ran = 0;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Posts; i++)
            {
                First.Post(_ =>
                {
                    Assert.True(First.IsCurrent);
                    if (++ran == Posts * 4) // no lock: the loop is one thread
                    {
                        done.SetResult();
                    }
                });
            }
        })));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_post_to_a_sleeping_loop_wakes_it_every_time(BackendKind backend)
    {
        Use(backend);
        for (int i = 0; i < 5_000; i++)
        {
            TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
            First.Post(static t => ((TaskCompletionSource)t!).SetResult(), ran);
            await ran.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Send_runs_on_the_loop_and_brings_exceptions_back(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        SynchronizationContext context = SynchronizationContext.Current!;
        await Task.Run(() =>
        {
            bool there = false;
            context.Send(_ => there = First.IsCurrent, null);
            Assert.True(there);
            Assert.Throws<InvalidOperationException>(() => context.Send(_ => throw new InvalidOperationException(), null));
        });
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Disposing_a_group_ends_waits_and_what_is_posted_later_still_runs(BackendKind backend)
    {
        Use(backend);
        LoopGroup group = new(new LoopOptions { Backend = backend, LoopCount = 2 });
        Listener listener = new ListenConfig { Loops = group }.Listen("tcp", "127.0.0.1:0");
        Conn client = await new Dialer { Loops = group }.DialAsync("tcp", listener.Address.ToString());
        Conn accepted = await listener.AcceptAsync();
        ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
        ValueTask<IoResult> read = client.TryReadAsync(new byte[1]);
        group.Dispose();
        Assert.Equal(OpErrorKind.Closed, (await accept).Error!.Kind);

        // The other end's loop may have closed first; then this is the end of the stream.
        IoResult ended = await read;
        Assert.True(ended.Error is null or { Kind: OpErrorKind.Closed } or { Errno: 104 }, ended.ToString());
        Assert.Equal(OpErrorKind.Closed, (await accepted.TryReadAsync(new byte[1])).Error!.Kind);
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        group.Loops[0].Post(_ => ran.SetResult());
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<OpError>(() => new Dialer { Loops = group }.DialAsync("tcp", "127.0.0.1:1"));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_loop_cannot_dispose_its_own_group(BackendKind backend)
    {
        Use(backend);
        await First.SwitchTo();
        Assert.Throws<InvalidOperationException>(Group.Dispose);
        await Task.Delay(1).ConfigureAwait(false); // off the loop again, for the test's own Dispose
    }

    [Fact]
    public void The_default_group_lives_as_long_as_the_process() =>
        Assert.Throws<InvalidOperationException>(LoopGroup.Default.Dispose);

    [Theory]
    [InlineData(-1, 4096)]
    [InlineData(1025, 4096)]
    [InlineData(1, 255)]
    [InlineData(1, 2_000_000)]
    public void Options_out_of_range_are_refused(int loops, int blockSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopGroup(new LoopOptions { LoopCount = loops, BlockSizeBytes = blockSize }));
}
