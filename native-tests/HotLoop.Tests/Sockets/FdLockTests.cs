using HotLoop.Sockets;

namespace HotLoop.Tests.Sockets;

public class FdLockTests
{
    [Fact]
    public void The_last_reference_after_close_destroys()
    {
        FdLock fdLock = Open(7);
        Assert.True(fdLock.TryReference(7));
        Assert.True(fdLock.TryClose(7));
        Assert.False(fdLock.Release());
        Assert.True(fdLock.Release());
    }

    [Fact]
    public void A_second_close_and_everything_after_close_is_refused()
    {
        FdLock fdLock = Open(1);
        Assert.True(fdLock.TryClose(1));
        Assert.False(fdLock.TryClose(1));
        Assert.False(fdLock.TryReference(1));
        Assert.Equal(LockResult.Closed, fdLock.TryAcquire(Direction.Read, 1));
    }

    [Fact]
    public void A_handle_of_an_earlier_generation_is_told_closed()
    {
        FdLock fdLock = Open(1);
        fdLock.TryClose(1);
        fdLock.Release();
        fdLock.Open(2);
        Assert.Equal(LockResult.Closed, fdLock.TryAcquire(Direction.Read, 1));
        Assert.False(fdLock.TryClose(1));
        Assert.Equal(LockResult.Acquired, fdLock.TryAcquire(Direction.Read, 2));
    }

    [Fact]
    public void The_directions_are_independent_and_each_has_one_holder()
    {
        FdLock fdLock = Open(1);
        Assert.Equal(LockResult.Acquired, fdLock.TryAcquire(Direction.Read, 1));
        Assert.Equal(LockResult.Busy, fdLock.TryAcquire(Direction.Read, 1));
        Assert.Equal(LockResult.Acquired, fdLock.TryAcquire(Direction.Write, 1));
        Assert.True(fdLock.TryReleaseBoth(Direction.Read));
        Assert.Equal(LockResult.Acquired, fdLock.TryAcquire(Direction.Read, 1));
        Assert.False(fdLock.HasNoLocks);
    }

    [Fact]
    public async Task A_lock_is_handed_to_the_first_in_the_queue()
    {
        FdLock fdLock = Open(1);
        FdLockQueue queue = new();
        fdLock.TryAcquire(Direction.Read, 1);
        Task<bool> first = queue.LockAsync(ref fdLock, Direction.Read, 1);
        Task<bool> second = queue.LockAsync(ref fdLock, Direction.Read, 1);
        Assert.False(first.IsCompleted);
        Assert.False(fdLock.TryUnlock(Direction.Read));
        queue.Unlock(ref fdLock, Direction.Read);
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        Assert.Equal(LockResult.Busy, fdLock.TryAcquire(Direction.Read, 1));
        queue.Unlock(ref fdLock, Direction.Read);
        Assert.True(await second);
        Assert.True(fdLock.TryUnlock(Direction.Read));
        Assert.True(fdLock.HasNoLocks);
    }

    [Fact]
    public async Task A_place_in_the_queue_can_be_given_up()
    {
        FdLock fdLock = Open(1);
        FdLockQueue queue = new();
        fdLock.TryAcquire(Direction.Read, 1);
        Task<bool> first = queue.LockAsync(ref fdLock, Direction.Read, 1);
        Task<bool> second = queue.LockAsync(ref fdLock, Direction.Read, 1);
        Assert.True(queue.TryLeave(Direction.Read, first));
        Assert.False(queue.TryLeave(Direction.Read, first));
        queue.Unlock(ref fdLock, Direction.Read);
        Assert.True(await second);
        Assert.False(queue.TryLeave(Direction.Read, second));
        Task<bool> third = queue.LockAsync(ref fdLock, Direction.Read, 1);
        Assert.True(queue.TryLeave(Direction.Read, third));
        Assert.False(fdLock.TryUnlock(Direction.Read)); // the mark is still there
        queue.Unlock(ref fdLock, Direction.Read);
        Assert.True(fdLock.HasNoLocks);
        Assert.Equal(LockResult.Acquired, fdLock.TryAcquire(Direction.Read, 1));
        Assert.True(fdLock.TryReleaseBoth(Direction.Read));
        Assert.False(first.IsCompleted || third.IsCompleted);
    }

    [Fact]
    public async Task Close_fails_everybody_in_the_queue()
    {
        FdLock fdLock = Open(1);
        FdLockQueue queue = new();
        fdLock.TryAcquire(Direction.Write, 1);
        Task<bool> waiting = queue.LockAsync(ref fdLock, Direction.Write, 1);
        fdLock.TryClose(1);
        queue.Close();
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Under_contention_from_many_threads_there_is_one_holder_and_one_destroyer()
    {
        for (int round = 0; round < 2_000; round++)
        {
            Contended contended = new();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(contended.Work)));
            Assert.Equal(1, contended.Destroyed);
            Assert.Equal(0, contended.Violations);
        }
    }

    private static FdLock Open(uint generation)
    {
        FdLock fdLock = default;
        fdLock.Open(generation);
        return fdLock;
    }

    private sealed class Contended
    {
        private readonly FdLockQueue _queue = new();
        private FdLock _lock;
        private int _holders;
        private int _destroyed;
        private int _violations;

        internal Contended() => _lock.Open(1);

        internal int Destroyed => _destroyed;

        internal int Violations => _violations;

        internal async Task Work()
        {
            for (int i = 0; i < 50; i++)
            {
                LockResult result = _lock.TryAcquire(Direction.Read, 1);
                if (result == LockResult.Closed || (result == LockResult.Busy && !await LockAndReference()))
                {
                    return;
                }

                if (Interlocked.Increment(ref _holders) != 1)
                {
                    Interlocked.Increment(ref _violations);
                }

                Interlocked.Decrement(ref _holders);
                if (!_lock.TryReleaseBoth(Direction.Read))
                {
                    Unlock();
                    Release();
                }
            }

            if (_lock.TryClose(1))
            {
                _queue.Close();
                Release();
            }
        }

        private async Task<bool> LockAndReference()
        {
            if (!await _queue.LockAsync(ref _lock, Direction.Read, 1))
            {
                return false;
            }

            if (_lock.TryReference(1))
            {
                return true;
            }

            Unlock();
            return false;
        }

        private void Unlock()
        {
            if (!_lock.TryUnlock(Direction.Read))
            {
                _queue.Unlock(ref _lock, Direction.Read);
            }
        }

        private void Release()
        {
            if (_lock.Release())
            {
                Interlocked.Increment(ref _destroyed);
            }
        }
    }
}
