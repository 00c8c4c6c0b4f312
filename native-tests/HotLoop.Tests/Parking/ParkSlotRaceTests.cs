using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Parking;

/// <summary>Those who end a wait meet on threads of their own, against a loop that this one turns. (The explorer goes through all ways; here many come by chance.)</summary>
public sealed class ParkSlotRaceTests : IDisposable
{
    private readonly SimulatedPoller _poller = new();
    private readonly HandTurnedLoop _loop;

    public ParkSlotRaceTests() => _loop = new HandTurnedLoop(_poller);

    public void Dispose()
    {
        _loop.Dispose();
        Assert.Equal(0, _poller.OpenCount);
    }

    [Fact]
    public void A_read_after_one_that_a_deadline_ended_just_as_its_event_came_finds_the_data()
    {
        using Conn conn = Connect(out int fd);
        for (int i = 0; i < 20_000; i++)
        {
            Task<IoResult> first = conn.TryReadAsync(new byte[4]).AsTask();
            Task arrival = Task.Run(() => _poller.Arrive(fd, 1));
            Task deadline = Task.Run(() =>
            {
                conn.SetReadDeadline(Deadline.Past);
                conn.SetReadDeadline(Deadline.None);
            });
            if (Ended(first).Error is not null)
            {
                // The deadline is still there for a moment.
                _loop.TurnUntil(() => deadline.IsCompleted);
                Assert.Equal(1, Ended(conn.ReadAsync(new byte[4]).AsTask()));
            }

            _loop.TurnUntil(() => arrival.IsCompleted && deadline.IsCompleted);
        }
    }

    [Fact]
    public void A_deadline_of_the_operation_before_does_not_end_the_next()
    {
        using Conn conn = Connect(out int fd);
        for (int i = 0; i < 20_000; i++)
        {
            Task<IoResult> first = conn.TryReadAsync(new byte[4]).AsTask();
            Task poke = Task.Run(() => conn.SetReadDeadline(Deadline.Past));
            _poller.Arrive(fd, 1);
            bool tookByte = Ended(first).Count == 1;
            _loop.TurnUntil(() => poke.IsCompleted);
            conn.SetReadDeadline(_loop.After(TimeSpan.FromSeconds(30)));
            Task<IoResult> second = conn.TryReadAsync(new byte[4]).AsTask();
            if (tookByte)
            {
                _poller.Arrive(fd, 1);
            }

            Assert.Equal(new IoResult(1, null), Ended(second));
            conn.SetReadDeadline(Deadline.None);
        }
    }

    [Fact]
    public void Close_does_not_wait_for_an_operation_that_was_handed_the_lock_but_has_not_run()
    {
        Conn conn = Connect(out int fd);
        Task<IoResult> first = conn.TryReadAsync(new byte[1]).AsTask();
        List<Task> queued = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await conn.TryReadAsync(new byte[1])))];
        _poller.Arrive(fd, 1);
        Ended(first);
        queued.Add(Task.Run(conn.Close));
        _loop.TurnUntil(() => queued.TrueForAll(t => t.IsCompleted));
        Assert.All(queued, t => Assert.True(t.IsCompletedSuccessfully));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_deadline_and_close_race_and_one_of_them_ends_the_read_once(bool onLoop)
    {
        Random random = new(1);
        for (int i = 0; i < 3_000; i++)
        {
            Conn conn = Connect(out int fd);
            Task<IoResult> read = onLoop
                ? _loop.Start(async () => await conn.TryReadAsync(new byte[1]))
                : conn.TryReadAsync(new byte[1]).AsTask();
            Task[] racers =
            [
                After(random.Next(200), () => ArriveUnlessClosed(fd)),
                After(0, () => _ = TestKit.SocketScope.ErrorOf(() => conn.SetReadDeadline(Deadline.Past))),
                After(random.Next(200), conn.Close),
            ];
            IoResult result = Ended(read);
            _loop.TurnUntil(() => Array.TrueForAll(racers, t => t.IsCompleted));
            Assert.All(racers, t => Assert.True(t.IsCompletedSuccessfully));
            bool isLegal = result is { Count: 1, Error: null }
                or { Count: 0, Error.Kind: OpErrorKind.Closed or OpErrorKind.DeadlineExceeded };
            Assert.True(isLegal, result.ToString());
        }
    }

    private static Task After(int spins, Action work) => Task.Run(() =>
    {
        Thread.SpinWait(spins);
        work();
    });

    private void ArriveUnlessClosed(int fd)
    {
        try
        {
            _poller.Arrive(fd, 1);
        }
        catch (KeyNotFoundException)
        {
            // closed already
        }
    }

    private Conn Connect(out int fd)
    {
        fd = _poller.Open();
        return _loop.Connect(fd);
    }

    private T Ended<T>(Task<T> task)
    {
        _loop.TurnUntil(() => task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }
}
