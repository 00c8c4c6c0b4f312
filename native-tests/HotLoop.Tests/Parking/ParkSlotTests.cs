using HotLoop.Polling;
using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Parking;

/// <summary>The park slot's moves, step by step: the poller says exactly what the test wants, and the loop turns when the test turns it.</summary>
public sealed class ParkSlotTests : IDisposable
{
    private readonly SimulatedPoller _poller = new();
    private readonly HandTurnedLoop _loop;

    public ParkSlotTests() => _loop = new HandTurnedLoop(_poller);

    public void Dispose()
    {
        _loop.Dispose();
        Assert.Equal(0, _poller.OpenCount);
    }

    [Fact]
    public void A_read_without_data_parks_and_data_ends_it()
    {
        using Conn conn = Connect(out int fd);
        byte[] buffer = new byte[10];
        ValueTask<int> read = conn.ReadAsync(buffer);
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 1, 2, 3);
        Assert.False(read.IsCompleted);
        Assert.Equal(3, Ended(read));
        Assert.Equal([1, 2, 3], buffer[..3]);
    }

    [Fact]
    public void A_short_receive_is_not_followed_by_a_call_that_would_block()
    {
        using Conn conn = Connect(out int fd);
        byte[] buffer = new byte[10];
        ParkThenArrive(conn, fd, buffer);
        int calls = _poller.ReceiveCalls;
        ValueTask<int> next = conn.ReadAsync(buffer);
        _loop.TurnUntilQuiet();
        Assert.Equal(calls, _poller.ReceiveCalls);
        _poller.Arrive(fd, 9);
        Assert.Equal(1, Ended(next));
    }

    [Fact]
    public void A_receive_that_fills_the_buffer_is_followed_by_another_at_once()
    {
        using Conn conn = Connect(out int fd);
        _poller.Arrive(fd, 1, 2, 3, 4);
        byte[] buffer = new byte[2];
        Assert.Equal(2, AtOnce(conn.ReadAsync(buffer)));
        Assert.Equal(2, AtOnce(conn.ReadAsync(buffer)));
    }

    [Fact]
    public void After_an_end_of_stream_was_announced_short_receives_prove_nothing()
    {
        using Conn conn = Connect(out int fd);
        byte[] buffer = new byte[10];
        ParkThenArrive(conn, fd, buffer);
        _poller.ArriveEof(fd);
        _poller.Arrive(fd, 5);
        _loop.TurnUntilQuiet();
        Assert.Equal(1, AtOnce(conn.ReadAsync(buffer)));
        Assert.Equal(0, AtOnce(conn.ReadAsync(buffer)));
        Assert.Equal(0, AtOnce(conn.ReadAsync(buffer)));
    }

    [Fact]
    public void A_spurious_event_leaves_the_operation_parked()
    {
        using Conn conn = Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[4]);
        for (int i = 0; i < 100; i++)
        {
            _poller.Spurious(fd, Readiness.Read | Readiness.Write);
        }

        _loop.TurnUntilQuiet();
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 1);
        Assert.Equal(1, Ended(read));
    }

    [Fact]
    public void Urgent_data_that_cannot_be_received_parks_the_read_instead_of_spinning()
    {
        using Conn conn = Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[4]);
        _poller.Spurious(fd, Readiness.Read | Readiness.Drain);
        _loop.TurnUntilQuiet();
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 1);
        Assert.Equal(1, Ended(read));
    }

    [Fact]
    public void Events_of_the_generation_before_do_not_reach_the_next_connection()
    {
        Conn first = Connect(out int oldFd);
        _ = first.ReadAsync(new byte[4]).AsTask();
        _poller.Arrive(oldFd, 1); // collected by the next turn, after the close
        first.Close();
        using Conn second = Connect(out int fd);
        ValueTask<int> read = second.ReadAsync(new byte[4]);
        _loop.TurnUntilQuiet();
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 2, 2);
        Assert.Equal(2, Ended(read));
    }

    [Fact]
    public void A_write_goes_on_where_the_kernel_stopped_taking()
    {
        using Conn conn = Connect(out int fd, sendRoom: 3);
        byte[] data = [1, 2, 3, 4, 5, 6, 7, 8];
        ValueTask<IoResult> write = conn.TryWriteAsync(data);
        Assert.False(write.IsCompleted);
        _poller.MakeRoom(fd, 2);
        _loop.TurnUntilQuiet();
        Assert.False(write.IsCompleted);
        _poller.MakeRoom(fd, 100);
        Assert.Equal(new IoResult(8, null), Ended(write));
        Assert.Equal(data, _poller.Sent(fd));
    }

    [Fact]
    public void Close_ends_both_directions_and_a_partial_write_tells_its_count()
    {
        Conn conn = Connect(out _, sendRoom: 3);
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[4]);
        ValueTask<IoResult> write = conn.TryWriteAsync(new byte[8]);
        conn.Close();
        Assert.Equal(OpErrorKind.Closed, AtOnce(read).Error!.Kind);
        IoResult written = AtOnce(write);
        Assert.Equal(OpErrorKind.Closed, written.Error!.Kind);
        Assert.Equal(3, written.Count);
        Assert.Equal(0, _poller.OpenCount);
    }

    [Fact]
    public void A_deadline_ends_a_parked_read_and_the_connection_stays_usable()
    {
        using Conn conn = Connect(out int fd);
        conn.SetReadDeadline(_loop.After(TimeSpan.FromMilliseconds(20)));
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[4]);
        _loop.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(read.IsCompleted);
        _loop.Advance(TimeSpan.FromMilliseconds(2));
        IoResult result = AtOnce(read);
        Assert.Equal((0, true), (result.Count, result.Error!.Timeout));
        conn.SetReadDeadline(Deadline.None);
        _poller.Arrive(fd, 1);
        Assert.Equal(1, Ended(conn.ReadAsync(new byte[4])));
    }

    // An edge is told once: a read that did not even try must not use it up.
    [Fact]
    public void A_read_that_its_deadline_refused_leaves_what_was_announced_to_the_next()
    {
        using Conn conn = Connect(out int fd);
        ParkThenArrive(conn, fd, new byte[4]);
        _poller.Arrive(fd, 1);
        _loop.TurnUntilQuiet();
        conn.SetReadDeadline(Deadline.Past);
        Assert.True(AtOnce(conn.TryReadAsync(new byte[4])).Error!.Timeout);
        conn.SetReadDeadline(Deadline.None);
        Assert.Equal(1, AtOnce(conn.ReadAsync(new byte[4])));
    }

    [Fact]
    public void An_earlier_deadline_set_while_parked_takes_effect_and_a_later_one_extends()
    {
        using Conn conn = Connect(out int fd);
        conn.SetReadDeadline(_loop.After(TimeSpan.FromHours(1)));
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[4]);
        _loop.TurnUntilQuiet();
        conn.SetReadDeadline(_loop.After(TimeSpan.FromMilliseconds(10)));
        _loop.Advance(TimeSpan.FromMilliseconds(11));
        Assert.True(AtOnce(read).Error!.Timeout);

        conn.SetReadDeadline(_loop.After(TimeSpan.FromMilliseconds(10)));
        read = conn.TryReadAsync(new byte[4]);
        _loop.TurnUntilQuiet();
        conn.SetReadDeadline(_loop.After(TimeSpan.FromHours(1)));
        _loop.Advance(TimeSpan.FromMinutes(59));
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 1);
        Assert.Equal(1, Ended(read).Count);
    }

    [Fact]
    public void An_awaiter_on_the_loop_is_resumed_there_and_one_elsewhere_is_not()
    {
        using Conn conn = Connect(out int fd);
        Task<bool> inside = _loop.Start(async () =>
        {
            await conn.ReadAsync(new byte[1]).ConfigureAwait(false);
            return _loop.Loop.IsCurrent;
        });
        _loop.Turn();
        _poller.Arrive(fd, 1);
        Assert.True(Ended(new ValueTask<bool>(inside)));

        Task<bool> outside = Task.Run(async () =>
        {
            await conn.ReadAsync(new byte[1]);
            return _loop.Loop.IsCurrent;
        });
        _poller.Arrive(fd, 1);
        _loop.TurnUntil(() => outside.IsCompleted);
        Assert.False(AtOnce(new ValueTask<bool>(outside)));
    }

    [Fact]
    public void Completions_by_a_handler_run_after_it_not_inside_it()
    {
        using Conn other = Connect(out _);
        List<string> order = [];
        Task reader = _loop.Start(async () =>
        {
            await other.TryReadAsync(new byte[1]);
            order.Add("woken");
        });
        _loop.Turn();
        _loop.Core.Post(
            _ =>
            {
                other.Close();
                order.Add("closer went on");
            },
            null);
        _loop.TurnUntilQuiet();
        Assert.True(reader.IsCompletedSuccessfully);
        Assert.Equal(["closer went on", "woken"], order);
    }

    [Fact]
    public void A_handler_that_always_finds_data_lets_others_run()
    {
        using Conn greedy = Connect(out int greedyFd);
        using Conn modest = Connect(out int modestFd);
        bool stop = false;
        Task flood = _loop.Start(async () =>
        {
            byte[] one = new byte[1];
            while (!stop)
            {
                _poller.Arrive(greedyFd, 1, 1);
                await greedy.ReadAsync(one);
            }
        });
        Task<int> ping = _loop.Start(async () => await modest.ReadAsync(new byte[1]));
        _loop.Turn();
        _poller.Arrive(modestFd, 1);
        _loop.Turn();
        Assert.True(ping.IsCompletedSuccessfully);
        Assert.False(flood.IsCompleted);
        stop = true;
        _loop.TurnUntilQuiet();
        Assert.True(flood.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_value_task_is_awaited_once()
    {
        using Conn conn = Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        ValueTask<int> copy = read;
        _poller.Arrive(fd, 1);
        Ended(read);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await copy);
    }

    [Fact]
    public async Task A_second_await_of_a_waiting_operation_is_refused_and_spoils_nothing()
    {
        using Conn conn = Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[10]);
        Task<int> first = read.AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => read.AsTask());
        _poller.Arrive(fd, 1);
        _loop.Turn();
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task The_execution_context_flows_when_a_continuation_asks_for_it()
    {
        using Conn conn = Connect(out int fd);
        AsyncLocal<int> local = new() { Value = 42 };
        TaskCompletionSource<int> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        read.GetAwaiter().OnCompleted(() => seen.SetResult(local.Value));
        local.Value = 0;
        _poller.Arrive(fd, 1);
        _loop.Turn();
        Assert.Equal(42, await seen.Task);
        Assert.Equal(1, AtOnce(read));
    }

    private Conn Connect(out int fd, int sendRoom = int.MaxValue)
    {
        fd = _poller.Open(sendRoom);
        return _loop.Connect(fd);
    }

    private void ParkThenArrive(Conn conn, int fd, byte[] buffer)
    {
        ValueTask<int> read = conn.ReadAsync(buffer);
        Assert.False(read.IsCompleted);
        _poller.Arrive(fd, 1);
        Assert.Equal(1, Ended(read));
    }

    // What has to end now that the loop comes to rest.
    private T Ended<T>(ValueTask<T> task)
    {
        _loop.TurnUntilQuiet();
        return AtOnce(task);
    }

    private static T AtOnce<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }
}
