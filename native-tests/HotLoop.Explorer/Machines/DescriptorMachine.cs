using HotLoop.Explorer.Exploring;
using HotLoop.Loops;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Sockets;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// Who uses a descriptor, waits in line for it, closes it, and uses what is made of it next. A descriptor is closed once and when nobody is
/// inside a system call with it; a handle meets no other connection than its own; one at a time has a lock; everybody gets through.
/// </summary>
internal sealed class DescriptorMachine : SocketMachine
{
    private readonly List<Handle> _handles = [];
    private readonly int[] _inside = new int[3];
    private readonly int[] _locked = new int[3];
    private bool _mayClose;
    private bool _isSealed;

    private DescriptorMachine() => _handles.Add(Open(1));

    private Handle First => _handles[0];

    /// <summary>Two threads use a descriptor while a third closes it.</summary>
    internal static DescriptorMachine UseMeetsClose()
    {
        DescriptorMachine machine = new();
        machine.Thread("reader", () => machine.Operate(machine.First));
        machine.Thread("referent", () => machine.Refer(machine.First));
        return machine.WithCloser();
    }

    /// <summary>The descriptor's object goes to another connection while one still has a result to take, and another an old handle.</summary>
    internal static DescriptorMachine HandleMeetsReuse()
    {
        DescriptorMachine machine = new() { _mayClose = true };
        machine.Thread("reader", () => machine.OperateAndTakeLater(machine.First));
        machine.Thread("old handle", () =>
        {
            machine.Refer(machine.First);
            machine.Operate(machine.First);
        });
        machine.Thread("closer", () =>
        {
            machine.First.Socket.Close(machine.First.Generation);
            machine.OpenAnother();
        });
        return machine;
    }

    /// <summary>The same, where the poller lets go of the descriptor later, on the loop.</summary>
    internal static DescriptorMachine ReleaseMeetsReuse()
    {
        DescriptorMachine machine = new() { _mayClose = true };
        machine.Poller.ReleasesLater = true;
        machine.Thread("reader", () =>
        {
            if (machine.First.Socket.TryAcquire(Direction.Read, machine.First.Generation) == LockResult.Acquired)
            {
                machine.First.Socket.EnsureWatched(Interest.Read);
                machine.First.Socket.EndOperation(Direction.Read);
            }
        });
        machine.Thread("closer", () =>
        {
            machine.First.Socket.Close(machine.First.Generation);
            machine.OpenAnother();
        });
        machine.Thread("loop", () =>
        {
            machine.Core.Enter();
            try
            {
                BlockUntil("Poller.Wait", () => machine.Poller.HasEvents || machine.Poller.Closed == 2);
                while (machine.Poller.HasEvents)
                {
                    machine.Core.Turn();
                }
            }
            finally
            {
                LoopCore.Leave();
            }
        });
        return machine;
    }

    /// <summary>Three want the same lock.</summary>
    internal static DescriptorMachine ThreeInLine()
    {
        DescriptorMachine machine = new();
        for (int i = 0; i < 3; i++)
        {
            machine.Thread($"reader {i}", () => Assert.Equal(0, machine.Operate(machine.First)));
        }

        return machine;
    }

    /// <summary>Two want the lock of one who closes before it gives the lock back.</summary>
    internal static DescriptorMachine LineMeetsClose()
    {
        DescriptorMachine machine = new();
        machine._mayClose = true;
        machine.First.Socket.TryAcquire(Direction.Read, machine.First.Generation);
        machine.Thread("holder", () =>
        {
            machine.First.Socket.Close(machine.First.Generation);
            machine.First.Socket.EndOperation(Direction.Read);
        });
        machine.Thread("reader 0", () => machine.Operate(machine.First));
        machine.Thread("reader 1", () => machine.Operate(machine.First));
        return machine;
    }

    /// <summary>Three want the same lock, and one of them gives up waiting.</summary>
    internal static DescriptorMachine OneLeavesTheLine()
    {
        DescriptorMachine machine = new();
        QueueOf(machine.First.Socket) = new FdLockQueue();
        machine.Thread("reader 0", () => Assert.Equal(0, machine.Operate(machine.First)));
        machine.Thread("reader 1", () => Assert.Equal(0, machine.Operate(machine.First)));
        machine.Thread("leaver", () => machine.OperateOrLeave(machine.First));
        return machine;
    }

    /// <summary>A connection comes while its loop closes all it has.</summary>
    internal static DescriptorMachine OpenMeetsSeal()
    {
        DescriptorMachine machine = new() { _mayClose = true };
        machine.First.Socket.Close(machine.First.Generation); // so that its object is used again
        machine.Thread("opener", () => machine._handles.Add(machine.Open(2)));
        machine.Thread("loop", machine.Table.Seal);
        machine._isSealed = true;
        return machine;
    }

    internal override void CheckEnd()
    {
        foreach (Handle handle in _handles)
        {
            Assert.False(_isSealed && Poller.IsOpen(handle.Fd), "a connection was forgotten");

            // All references have been given back: this is the last one.
            handle.Socket.Close(handle.Generation);
            Assert.False(Poller.IsOpen(handle.Fd), $"descriptor {handle.Fd} was left open");
        }

        Assert.Equal(_handles.Count, Poller.Closed);
        Assert.Equal(0, Table.OpenCount);
    }

    internal override void Describe(ref Fingerprint state)
    {
        foreach (Handle handle in _handles)
        {
            state.Add(WordOf(handle.Socket));
            state.Add(_inside[handle.Fd]);
        }

        state.Add(Poller.Closed);
    }

    private DescriptorMachine WithCloser()
    {
        _mayClose = true;
        Thread("closer", () => First.Socket.Close(First.Generation));
        return this;
    }

    private void OpenAnother()
    {
        Handle another = Open(2);
        _handles.Add(another);
        Assert.Equal(0, Operate(another));
        Assert.True(another.Socket.Close(another.Generation));
    }

    // An operation from start to end: 0, or closed.
    private int Operate(Handle handle)
    {
        int code = Acquire(handle);
        if (code == 0)
        {
            Enter(handle, isLocked: true);
            handle.Socket.EndOperation(Direction.Read);
        }

        Assert.True(code == 0 || (code == Outcome.Closed && _mayClose));
        return code;
    }

    // As one that was parked: the reference goes when it ends, the lock when its result is taken.
    private void OperateAndTakeLater(Handle handle)
    {
        if (Acquire(handle) == 0)
        {
            Enter(handle, isLocked: true);
            _locked[handle.Fd]++;
            handle.Socket.Release();
            Steps.Access("the result is there");
            _locked[handle.Fd]--;
            handle.Socket.Unlock(Direction.Read);
        }
    }

    private static int Acquire(Handle handle)
    {
        LockResult result = handle.Socket.TryAcquire(Direction.Read, handle.Generation);
        if (result != LockResult.Busy)
        {
            return result == LockResult.Acquired ? 0 : Outcome.Closed;
        }

        ThreadContext context = new();
        SynchronizationContext.SetSynchronizationContext(context);
        ValueTask<int> turn = handle.Socket.AcquireAsync(Direction.Read, handle.Generation, CancellationToken.None);
        context.RunUntil("its turn", () => turn.IsCompleted);
        return turn.Result;
    }

    // What AcquireAsync does with a token, which is canceled at whatever moment this thread goes on.
    private void OperateOrLeave(Handle handle)
    {
        SocketFd socket = handle.Socket;
        FdLockQueue queue = QueueOf(socket)!;
        Task<bool> turn = queue.LockAsync(ref LockOf(socket), Direction.Read, handle.Generation);
        Steps.Access("canceled");
        if (!turn.IsCompleted && queue.TryLeave(Direction.Read, turn))
        {
            return;
        }

        BlockUntil("its turn", () => turn.IsCompleted);
        Assert.True(turn.Result && socket.TryReference(handle.Generation));
        Enter(handle, isLocked: true);
        socket.EndOperation(Direction.Read);
    }

    private void Refer(Handle handle)
    {
        if (handle.Socket.TryReference(handle.Generation))
        {
            Enter(handle, isLocked: false);
            handle.Socket.Release();
        }
    }

    // A system call with the descriptor.
    private void Enter(Handle handle, bool isLocked)
    {
        CheckIsItsOwn(handle);
        if (isLocked)
        {
            Assert.Equal(0, _locked[handle.Fd]);
            _locked[handle.Fd]++;
        }

        _inside[handle.Fd]++;
        Steps.Access("inside the system call");
        CheckIsItsOwn(handle);
        Assert.True(!isLocked || handle.Socket.TryAcquire(Direction.Read, handle.Generation) != LockResult.Acquired, "the lock is not held");
        _inside[handle.Fd]--;
        _locked[handle.Fd] -= isLocked ? 1 : 0;
    }

    private void CheckIsItsOwn(Handle handle)
    {
        Assert.True(Poller.IsOpen(handle.Fd), $"a system call with descriptor {handle.Fd}, which is closed");
        Assert.Equal(handle.Fd, handle.Socket.Descriptor);
        Assert.Equal(handle.Generation, handle.Socket.Generation);
    }
}
