using System.Runtime.CompilerServices;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Parking;

namespace HotLoop.Sockets;

/// <summary>
/// A socket as its connection or listener holds it. The <see cref="SocketFd"/> serves one connection after the other, and the generation
/// says which one is meant: after Close everything fails, whatever the object has become. Any thread.
/// </summary>
internal readonly struct SocketHandle(SocketFd socket, uint generation)
{
    internal SocketFd Socket { get; } = socket;

    internal uint Generation { get; } = generation;

    internal Scheduler Scheduler => Socket.Scheduler;

    /// <summary>-1 once it is closed. Exact only for the holder of a reference; to others it may be another socket's by now.</summary>
    internal int Descriptor => Socket.Descriptor;

    /// <summary>
    /// Starts a call: the one way in which operations begin. Takes the lock of its direction; if that is taken, waits in line for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TTask Start<TCall, TTask>(TCall call, CancellationToken cancellationToken = default)
        where TCall : struct, ICall<TTask>
    {
        LockResult found = Socket.TryAcquire(call.Direction, Generation);
        return found == LockResult.Acquired
            ? StartLocked<TCall, TTask>(ref call, cancellationToken)
            : found == LockResult.Busy
                ? TCall.Flatten(WaitInLine<TCall, TTask>(call, cancellationToken))
                : call.Ended(Outcome.Closed, cancellationToken);
    }

    /// <summary>Takes a reference, so that the descriptor stays open until <see cref="Release"/>. False: closed.</summary>
    internal bool TryReference() => Socket.TryReference(Generation);

    internal void Release() => Socket.Release();

    /// <summary>Sets the deadline of one or both directions; it holds for what waits, too. False: closed.</summary>
    /// <param name="nanoseconds">By the loop's clock; 0: none.</param>
    /// <param name="ofReads">Of reads.</param>
    /// <param name="ofWrites">Of writes.</param>
    internal bool TrySetDeadline(long nanoseconds, bool ofReads, bool ofWrites)
    {
        if (!TryReference())
        {
            return false;
        }

        if (ofReads)
        {
            Socket.Reader.SetDeadline(nanoseconds);
        }

        if (ofWrites)
        {
            Socket.Writer.SetDeadline(nanoseconds);
        }

        Release();
        return true;
    }

    /// <summary>Others may have the same open file from now on; false: closed.</summary>
    internal bool TryShare()
    {
        if (!TryReference())
        {
            return false;
        }

        Socket.Poll.Share();
        Release();
        return true;
    }

    /// <summary>Calls <paramref name="use"/> with the descriptor, which it may duplicate. False: closed.</summary>
    internal bool TryUse(Action<int> use)
    {
        if (!TryReference())
        {
            return false;
        }

        try
        {
            Socket.Poll.Share();
            use(Socket.Descriptor);
        }
        finally
        {
            Release();
        }

        return true;
    }

    /// <summary>As shutdown(2) of one direction: 0, -errno or <see cref="Outcome.Closed"/>.</summary>
    internal int Shutdown(Direction direction)
    {
        if (!TryReference())
        {
            return Outcome.Closed;
        }

        int result = direction == Direction.Read
            ? Socket.Poll.EndReceiving()
            : Socket.Poll.EndSending();
        Release();
        return result;
    }

    /// <summary>The result of <paramref name="call"/> with the descriptor, or <see cref="Outcome.Closed"/>.</summary>
    internal int Call<T>(Func<int, T, int> call, T argument)
    {
        if (!TryReference())
        {
            return Outcome.Closed;
        }

        int result = call(Socket.Descriptor, argument);
        Release();
        return result;
    }

    /// <summary>Names the read that waits for the peer, while nothing has come for it and no write waits; null: there is none, or it is closed.</summary>
    internal int? IdleRead()
    {
        if (!TryReference())
        {
            return null;
        }

        int? operation = Socket.Reader.WaitingOperation;
        if (operation is not null && ((Socket.HasWriter && Socket.Writer.WaitingOperation is not null) || Socket.Poll.TryPeek() != -Errno.EAGAIN))
        {
            operation = null;
        }

        Release();
        return operation;
    }

    /// <summary>Where it is bound; unknown when closed.</summary>
    internal NetAddress LocalAddress(Network network)
    {
        if (!TryReference())
        {
            return new NetAddress(network.Plain, null, 0);
        }

        NetAddress found = Endpoint.LocalOf(Socket.Descriptor, network);
        Release();
        return found;
    }

    /// <summary>Other: once it is closed.</summary>
    internal SocketFamily Family()
    {
        SocketTraits traits = default;
        if (TryReference())
        {
            _ = Kernel.Current.Describe(Socket.Descriptor, out traits);
            Release();
        }

        return traits.Family;
    }

    /// <summary>See <see cref="SocketFd.SetNetwork"/>. Before the socket is used.</summary>
    internal void SetNetwork(Network network) => Socket.SetNetwork(network);

    /// <summary>Another descriptor of the same open file, or -errno, or <see cref="Outcome.Closed"/>.</summary>
    internal int Duplicate()
    {
        if (!TryReference())
        {
            return Outcome.Closed;
        }

        Socket.Poll.Share();
        int result = Kernel.Current.Duplicate(Socket.Descriptor);
        Release();
        return result;
    }

    /// <summary>See <see cref="SocketFd.SetLingers"/>.</summary>
    internal void SetLingers(bool lingers) => Socket.SetLingers(Generation, lingers);

    /// <summary>
    /// Closes: what waits ends with "closed". False: it was closed before. Never waits; for the garbage collector, and for whoever need
    /// not know when the descriptor has gone.
    /// </summary>
    internal bool Abandon() => Socket.Close(Generation);

    /// <summary>As <see cref="Abandon"/>; off the loop, it returns when the descriptor is really closed (see <see cref="SocketFd.AwaitDestruction"/>).</summary>
    internal bool Close()
    {
        if (!Abandon())
        {
            return false;
        }

        if (Scheduler.Current is null)
        {
            Socket.AwaitDestruction(Generation);
        }

        return true;
    }

    // With lock and reference.
    private TTask StartLocked<TCall, TTask>(ref TCall call, CancellationToken cancellationToken)
        where TCall : struct, ICall<TTask>
    {
        bool ended;
        int code;
        try
        {
            ended = call.TryStart(Socket, out code);
        }
        catch
        {
            Socket.EndOperation(call.Direction); // the caller's memory or code threw, so it gets the exception
            throw;
        }

        if (ended)
        {
            Socket.EndOperation(call.Direction);
            return call.Ended(code, cancellationToken);
        }

        if (cancellationToken.CanBeCanceled)
        {
            Socket.SlotOf(call.Direction).CancelBy(cancellationToken); // before the task is given away
        }

        return call.Parked(Socket);
    }

    private async ValueTask<TTask> WaitInLine<TCall, TTask>(TCall call, CancellationToken cancellationToken)
        where TCall : struct, ICall<TTask>
    {
        int code = await Socket.AcquireAsync(call.Direction, Generation, cancellationToken);
        return code < 0 ? call.Ended(code, cancellationToken) : StartLocked<TCall, TTask>(ref call, cancellationToken);
    }
}
