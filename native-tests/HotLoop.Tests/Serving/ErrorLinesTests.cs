using HotLoop.Serving;

namespace HotLoop.Tests.Serving;

public class ErrorLinesTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _written = [];
    private readonly ErrorLines _lines;

    public ErrorLinesTests() => _lines = new ErrorLines(_written.Add, _time);

    [Fact]
    public void Ten_lines_are_written_and_the_others_counted_when_the_time_is_over()
    {
        for (int i = 0; i < 25; i++)
        {
            _lines.Write($"line {i}");
        }

        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"hotloop: line {i}")], _written);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("hotloop: 15 more lines were left out", _written[10]);
        _lines.Write("again");
        Assert.Equal("hotloop: again", _written[11]);
        Assert.Equal(12, _written.Count);
    }

    [Fact]
    public void Few_lines_are_all_written()
    {
        for (int i = 0; i < 30; i++)
        {
            _lines.Write("a line");
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(30, _written.Count);
    }

    [Fact]
    public void Whoever_complains_is_not_troubled_by_a_standard_error_that_cannot_be_written_to() =>
        new ErrorLines(static _ => throw new IOException("No space left on device"), _time).Write("a line");

    // One timer at a time, fired by Advance.
    private sealed class ManualTime : TimeProvider
    {
        private long _now;
        private Timer? _timer;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _timer = new Timer(this, callback, state, _now + dueTime.Ticks);

        internal void Advance(TimeSpan time)
        {
            _now += time.Ticks;
            if (_timer is { } timer && timer.Due <= _now)
            {
                _timer = null;
                timer.Fire();
            }
        }

        private sealed class Timer(ManualTime time, TimerCallback callback, object? state, long due) : ITimer
        {
            internal long Due => due;

            internal void Fire() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose()
            {
                if (time._timer == this)
                {
                    time._timer = null;
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
