using HotLoop.Engine.Lab;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests.Lab;

/// <summary>How experiments that go wrong are reported.</summary>
public class RunnerTests
{
    private readonly StringWriter _output = new();

    private string[] Lines => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Each_difference_is_a_line_and_there_is_no_other_verdict()
    {
        Assert.False(await RunAsync(new Fake("fake", stage =>
        {
            stage.Verdict.Differs("this");
            stage.Verdict.Differs("that");
            return Task.CompletedTask;
        })));
        Assert.Equal(["fake: a fake", "differs from Go: this", "differs from Go: that"], Lines);
    }

    [Fact]
    public async Task One_that_cannot_go_on_differs()
    {
        string refused = "";
        Assert.False(await RunAsync(new Fake("fake", async stage =>
        {
            LoggedListener listener = stage.Listen();
            listener.Close();
            refused = $"dial tcp {listener.Address}: connect: connection refused";
            _ = (await stage.DialAsync(listener.Address)).Required;
        })));
        Assert.Equal($"differs from Go: it could not go on: {refused}", Lines[^1]);
    }

    [Fact]
    public async Task One_that_fails_differs()
    {
        Assert.False(await RunAsync(new Fake("fake", _ => throw new InvalidOperationException("oh"))));
        Assert.Equal("differs from Go: it failed: InvalidOperationException: oh", Lines[^1]);
    }

    [Fact]
    public async Task One_that_hangs_differs_and_its_wait_is_ended_and_not_reported()
    {
        ManualTime time = new();
        TaskCompletionSource<Task<Outcome>> reading = new();
        Fake fake = new("fake", async stage =>
        {
            // The server's end is the first that the stage closes. The other would be told by that that the stream has ended, or by its own
            // close, whichever is faster.
            (_, LoggedConn server) = await stage.ConnectAsync();
            Task<Outcome> read = server.ReadAsync(1);
            reading.SetResult(read);
            stage.Expect("the read", await read).Is(1);
        });
        Task<bool> run = new Runner(_output, TimeSpan.FromSeconds(0.5), time).RunAsync(fake);
        Task<Outcome> read = await reading.Task.WaitAsync(EngineProcess.Patience);
        time.Expire();
        Assert.False(await run);

        string[] lines = Lines;
        Assert.Equal("differs from Go: it hangs: no end after 0.5 s", lines[^1]);
        Outcome outcome = await read.WaitAsync(EngineProcess.Patience);
        Assert.EndsWith("use of closed network connection", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(lines, Lines);
    }

    [Fact]
    public async Task One_that_blocks_its_thread_hangs_too()
    {
        using ManualResetEventSlim gate = new();
        Fake fake = new("fake", _ =>
        {
            gate.Wait();
            return Task.CompletedTask;
        });
        Assert.False(await new Runner(_output, TimeSpan.FromSeconds(0.2)).RunAsync(fake));
        gate.Set();
        Assert.Equal("differs from Go: it hangs: no end after 0.2 s", Lines[^1]);
    }

    [Fact]
    public async Task The_totals_count_those_that_differ()
    {
        Fake same = new("same", _ => Task.CompletedTask);
        Fake other = new("other", stage =>
        {
            stage.Verdict.Differs("this");
            return Task.CompletedTask;
        });
        Assert.False(await new Runner(_output, EngineProcess.Patience).RunAllAsync([same, other, same]));
        Assert.Equal(
            [
                "same: a fake", "as Go does",
                "other: a fake", "differs from Go: this",
                "same: a fake", "as Go does",
                "3 experiments: 2 as Go does, 1 differ",
            ],
            Lines);
    }

    private Task<bool> RunAsync(Fake fake) => new Runner(_output, EngineProcess.Patience).RunAsync(fake);

    private sealed class Fake(string name, Func<Stage, Task> play) : Experiment(name, "a fake")
    {
        internal override Task PlayAsync(Stage stage) => play(stage);
    }

    /// <summary>Time that stands still until every timer is made to expire, by one call for those that there are then and come later.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly TaskCompletionSource _expired = new();

        internal void Expire() => _expired.SetResult();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(callback, state, _expired.Task);

        private sealed class Timer : ITimer
        {
            internal Timer(TimerCallback callback, object? state, Task expired) =>
                expired.ContinueWith(_ => callback(state), TaskScheduler.Default);

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
