using System.Runtime.CompilerServices;
using HotLoop.Explorer.Exploring;
using HotLoop.Sockets;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// Two threads use a descriptor while a third closes it: destroyed once, by the last to leave.
/// </summary>
internal sealed class FdLockMachine : Machine
{
    private FdLock _lock;
    private int _users;
    private int _destroyed;
    private int _closed;

    internal FdLockMachine()
    {
        _lock.Renew(1);
        Thread("reader", () => Use(Direction.Read));
        Thread("referent", Refer);
        Thread("closer", Close);
    }

    internal override void CheckEnd()
    {
        Assert.Equal(1, _destroyed);
        Assert.Equal(1, _closed);
        Assert.Equal(0, _users);
    }

    internal override void Describe(ref Fingerprint state)
    {
        state.Add((long)WordOf(ref _lock));
        state.Add(_users);
        state.Add(_destroyed);
    }

    private void Use(Direction direction)
    {
        if (_lock.TryAcquire(direction, 1) != LockResult.Acquired)
        {
            return;
        }

        Enter();
        if (!_lock.TryReleaseBoth(direction))
        {
            Assert.True(_lock.TryUnlock(direction));
            Release();
        }
    }

    private void Refer()
    {
        if (_lock.TryReference(1))
        {
            Enter();
            Release();
        }
    }

    private void Close()
    {
        if (_lock.TryClose(1))
        {
            _closed++;
            Release();
        }
    }

    // A system call with the descriptor.
    private void Enter()
    {
        Assert.Equal(0, _destroyed);
        _users++;
        Steps.Access("inside the system call");
        Assert.Equal(0, _destroyed);
        _users--;
    }

    private void Release()
    {
        if (_lock.Release())
        {
            Assert.Equal(0, _users);
            _destroyed++;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_word")]
    private static extern ref ulong WordOf(ref FdLock fdLock);
}
