using HotLoop.Polling;
using HotLoop.TestKit;

namespace HotLoop.Tests.Parking;

/// <summary>The park slot's moves, over a poller that says exactly what the test wants.</summary>
public sealed class ParkSlotTests : IDisposable
{
    private readonly SimulatedLoop _simulation = new();

    public void Dispose()
    {
        _simulation.Dispose();
        Assert.Equal(0, _simulation.Poller.OpenCount);
    }

    [Fact]
    public async Task A_read_without_data_parks_and_data_ends_it()
    {
        using Conn conn = _simulation.Connect(out int fd);
        byte[] buffer = new byte[10];
        ValueTask<int> read = conn.ReadAsync(buffer);
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 1, 2, 3);
        Assert.Equal(3, await read);
        Assert.Equal([1, 2, 3], buffer[..3]);
    }

    [Fact]
    public async Task A_short_receive_is_not_followed_by_a_call_that_would_block()
    {
        using Conn conn = _simulation.Connect(out int fd);
        byte[] buffer = new byte[10];
        await ParkThenArrive(conn, fd, buffer);
        int calls = _simulation.Poller.ReceiveCalls;
        ValueTask<int> next = conn.ReadAsync(buffer);
        await _simulation.Settle();
        Assert.Equal(calls, _simulation.Poller.ReceiveCalls);
        _simulation.Poller.Arrive(fd, 9);
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task A_receive_that_fills_the_buffer_is_followed_by_another_at_once()
    {
        using Conn conn = _simulation.Connect(out int fd);
        _simulation.Poller.Arrive(fd, 1, 2, 3, 4);
        byte[] buffer = new byte[2];
        Assert.Equal(2, await conn.ReadAsync(buffer));
        ValueTask<int> second = conn.ReadAsync(buffer);
        Assert.True(second.IsCompleted);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task After_an_end_of_stream_was_announced_short_receives_prove_nothing()
    {
        using Conn conn = _simulation.Connect(out int fd);
        byte[] buffer = new byte[10];
        await ParkThenArrive(conn, fd, buffer);
        _simulation.Poller.ArriveEof(fd);
        _simulation.Poller.Arrive(fd, 5);
        await _simulation.Settle();
        Assert.Equal(1, await conn.ReadAsync(buffer));
        Assert.Equal(0, await conn.ReadAsync(buffer));
        Assert.Equal(0, await conn.ReadAsync(buffer));
    }

    [Fact]
    public async Task A_spurious_event_leaves_the_operation_parked()
    {
        using Conn conn = _simulation.Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[4]);
        for (int i = 0; i < 100; i++)
        {
            _simulation.Poller.Spurious(fd, Readiness.Read | Readiness.Write);
        }

        await _simulation.Settle();
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, await read);
    }

    [Fact]
    public async Task Urgent_data_that_cannot_be_received_parks_the_read_instead_of_spinning()
    {
        using Conn conn = _simulation.Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[4]);
        _simulation.Poller.Spurious(fd, Readiness.Read | Readiness.Drain);
        await _simulation.Settle();
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, await read);
    }

    [Fact]
    public async Task A_read_after_one_that_a_deadline_ended_just_as_its_event_came_finds_the_data()
    {
        using Conn conn = _simulation.Connect(out int fd);
        await ParkThenArrive(conn, fd, new byte[4]);
        for (int i = 0; i < 20_000; i++)
        {
            ValueTask<IoResult> first = conn.TryReadAsync(new byte[4]);
            Task arrival = Task.Run(() => _simulation.Poller.Arrive(fd, 1));
            conn.SetReadDeadline(Deadline.Past);
            conn.SetReadDeadline(Deadline.None);
            IoResult result = await first.AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            if (result.Error is not null)
            {
                Assert.Equal(1, await conn.ReadAsync(new byte[4]).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
            }

            await arrival;
        }
    }

    [Fact]
    public async Task A_deadline_of_the_operation_before_does_not_end_the_next()
    {
        using Conn conn = _simulation.Connect(out int fd);
        for (int i = 0; i < 20_000; i++)
        {
            ValueTask<IoResult> first = conn.TryReadAsync(new byte[4]);
            Task poke = Task.Run(() => conn.SetReadDeadline(Deadline.Past));
            _simulation.Poller.Arrive(fd, 1);
            IoResult result = await first;
            bool tookByte = result.Count == 1;
            await poke;
            conn.SetReadDeadline(Deadline.After(TimeSpan.FromSeconds(30)));
            ValueTask<IoResult> second = conn.TryReadAsync(new byte[4]);
            if (tookByte)
            {
                _simulation.Poller.Arrive(fd, 1);
            }

            Assert.Equal(new IoResult(1, null), await second.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
            conn.SetReadDeadline(Deadline.None);
        }
    }

    [Fact]
    public async Task Close_does_not_wait_for_an_operation_that_was_handed_the_lock_but_has_not_run()
    {
        Conn conn = _simulation.Connect(out int fd);
        ValueTask<IoResult> first = conn.TryReadAsync(new byte[1]);
        List<Task> queued = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await conn.TryReadAsync(new byte[1])))];
        _simulation.Poller.Arrive(fd, 1);
        await first;
        await Task.Run(conn.Close).WaitAsync(TimeSpan.FromSeconds(10));
        await Task.WhenAll(queued).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Events_of_the_generation_before_do_not_reach_the_next_connection()
    {
        Conn first = _simulation.Connect(out int oldFd);
        _ = first.ReadAsync(new byte[4]);
        await _simulation.On(() =>
        {
            _simulation.Poller.Arrive(oldFd, 1); // collected in a later tick, after the close
            first.Close();
            return Task.FromResult(0);
        });
        using Conn second = _simulation.Connect(out int fd);
        ValueTask<int> read = second.ReadAsync(new byte[4]);
        await _simulation.Settle();
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 2, 2);
        Assert.Equal(2, await read);
    }

    [Fact]
    public async Task A_write_goes_on_where_the_kernel_stopped_taking()
    {
        using Conn conn = _simulation.Connect(out int fd, sendRoom: 3);
        byte[] data = [1, 2, 3, 4, 5, 6, 7, 8];
        ValueTask<IoResult> write = conn.TryWriteAsync(data);
        Assert.False(write.IsCompleted);
        _simulation.Poller.MakeRoom(fd, 2);
        await _simulation.Settle();
        Assert.False(write.IsCompleted);
        _simulation.Poller.MakeRoom(fd, 100);
        Assert.Equal(new IoResult(8, null), await write);
        Assert.Equal(data, _simulation.Poller.Sent(fd));
    }

    [Fact]
    public async Task Close_ends_both_directions_and_a_partial_write_tells_its_count()
    {
        Conn conn = _simulation.Connect(out _, sendRoom: 3);
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[4]);
        ValueTask<IoResult> write = conn.TryWriteAsync(new byte[8]);
        conn.Close();
        Assert.Equal(OpErrorKind.Closed, (await read).Error!.Kind);
        IoResult written = await write;
        Assert.Equal(OpErrorKind.Closed, written.Error!.Kind);
        Assert.Equal(3, written.Count);
        Assert.Equal(0, _simulation.Poller.OpenCount);
    }

    [Fact]
    public async Task A_deadline_ends_a_parked_read_and_the_connection_stays_usable()
    {
        using Conn conn = _simulation.Connect(out int fd);
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromMilliseconds(20)));
        IoResult result = await conn.TryReadAsync(new byte[4]);
        Assert.Equal((0, true), (result.Count, result.Error!.Timeout));
        conn.SetReadDeadline(Deadline.None);
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, await conn.ReadAsync(new byte[4]));
    }

    [Fact]
    public async Task An_earlier_deadline_set_while_parked_takes_effect_and_a_later_one_extends()
    {
        using Conn conn = _simulation.Connect(out int fd);
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromHours(1)));
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[4]);
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromMilliseconds(10)));
        Assert.True((await read).Error!.Timeout);

        conn.SetReadDeadline(Deadline.After(TimeSpan.FromMilliseconds(10)));
        read = conn.TryReadAsync(new byte[4]);
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromHours(1)));
        await Task.Delay(40); // past the deadline that was moved
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, (await read).Count);
    }

    [Fact]
    public async Task An_awaiter_on_the_loop_is_resumed_there_and_one_elsewhere_is_not()
    {
        using Conn conn = _simulation.Connect(out int fd);
        Task<bool> inside = _simulation.On(async () =>
        {
            await conn.ReadAsync(new byte[1]).ConfigureAwait(false);
            return _simulation.Loop.IsCurrent;
        });
        _simulation.Poller.Arrive(fd, 1);
        Assert.True(await inside);

        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        _simulation.Poller.Arrive(fd, 1);
        await read;
        Assert.False(_simulation.Loop.IsCurrent);
    }

    [Fact]
    public async Task Completions_by_a_handler_run_after_it_not_inside_it()
    {
        using Conn other = _simulation.Connect(out _);
        List<string> order = [];
        Task reader = _simulation.On(async () =>
        {
            await other.TryReadAsync(new byte[1]);
            order.Add("woken");
            return 0;
        });
        await _simulation.On(() =>
        {
            other.Close();
            order.Add("closer went on");
            return Task.FromResult(0);
        });
        await reader;
        Assert.Equal(["closer went on", "woken"], order);
    }

    [Fact]
    public async Task A_handler_that_always_finds_data_lets_others_run()
    {
        using Conn greedy = _simulation.Connect(out int greedyFd);
        using Conn modest = _simulation.Connect(out int modestFd);
        bool stop = false;
        Task flood = _simulation.On(async () =>
        {
            byte[] one = new byte[1];
            while (!stop)
            {
                _simulation.Poller.Arrive(greedyFd, 1, 1);
                await greedy.ReadAsync(one);
            }

            return 0;
        });
        Task<int> ping = _simulation.On(async () => await modest.ReadAsync(new byte[1]));
        _simulation.Poller.Arrive(modestFd, 1);
        Assert.Equal(1, await ping.WaitAsync(TimeSpan.FromSeconds(10)));
        stop = true;
        await flood;
    }

    [Fact]
    public async Task A_value_task_is_awaited_once()
    {
        using Conn conn = _simulation.Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        ValueTask<int> copy = read;
        _simulation.Poller.Arrive(fd, 1);
        await read;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await copy);
    }

    [Fact]
    public async Task A_second_await_of_a_waiting_operation_is_refused_and_spoils_nothing()
    {
        using Conn conn = _simulation.Connect(out int fd);
        ValueTask<int> read = conn.ReadAsync(new byte[10]);
        Task<int> first = read.AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => read.AsTask());
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task The_execution_context_flows_when_a_continuation_asks_for_it()
    {
        using Conn conn = _simulation.Connect(out int fd);
        AsyncLocal<int> local = new() { Value = 42 };
        TaskCompletionSource<int> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask<int> read = conn.ReadAsync(new byte[1]);
        read.GetAwaiter().OnCompleted(() => seen.SetResult(local.Value));
        local.Value = 0;
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(42, await seen.Task);
        Assert.Equal(1, await read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_deadline_and_close_race_and_one_of_them_ends_the_read_once(bool onLoop)
    {
        Random random = new(1);
        for (int i = 0; i < 3_000; i++)
        {
            Conn conn = _simulation.Connect(out int fd);
            Task<IoResult> read = onLoop
                ? _simulation.On(async () => await conn.TryReadAsync(new byte[1]))
                : conn.TryReadAsync(new byte[1]).AsTask();
            int spin = random.Next(200);
            Task data = Task.Run(() =>
            {
                Thread.SpinWait(spin);
                try
                {
                    _simulation.Poller.Arrive(fd, 1);
                }
                catch (KeyNotFoundException)
                {
                    // closed already
                }
            });
            Task deadline = Task.Run(() =>
            {
                try
                {
                    conn.SetReadDeadline(Deadline.Past);
                }
                catch (OpError e) when (e.Kind == OpErrorKind.Closed)
                {
                }
            });
            Thread.SpinWait(random.Next(200));
            conn.Close();
            IoResult result = await read.WaitAsync(TimeSpan.FromSeconds(10));
            await Task.WhenAll(data, deadline);
            bool isLegal = result is { Count: 1, Error: null }
                or { Count: 0, Error.Kind: OpErrorKind.Closed or OpErrorKind.DeadlineExceeded };
            Assert.True(isLegal, result.ToString());
        }
    }

    private async Task ParkThenArrive(Conn conn, int fd, byte[] buffer)
    {
        ValueTask<int> read = conn.ReadAsync(buffer);
        Assert.False(read.IsCompleted);
        _simulation.Poller.Arrive(fd, 1);
        Assert.Equal(1, await read);
    }
}
