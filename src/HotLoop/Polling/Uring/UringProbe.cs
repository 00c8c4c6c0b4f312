using HotLoop.Native;
using HotLoop.Native.Linux;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>Whether io_uring can be used here: found out by using it, once a process.</summary>
internal static class UringProbe
{
    private const int PatienceMilliseconds = 1000;
    private const int WaitsMax = 8;
    private const string DisabledBySysctl = "/proc/sys/kernel/io_uring_disabled";

    private static readonly Lazy<string?> s_obstacle = new(Find);

    /// <summary>Null when it works, else why not, in a few words.</summary>
    internal static string? Obstacle => s_obstacle.Value;

    /// <summary>What -errno of setting up a ring means.</summary>
    internal static string Explain(int code) => -code switch
    {
        Errno.ENOSYS => "ENOSYS: the kernel has no io_uring, or a seccomp filter hides it",
        Errno.EPERM => $"EPERM: forbidden by {(IsDisabledBySysctl() ? "the sysctl kernel.io_uring_disabled" : "a seccomp filter, as in containers, or the sysctl kernel.io_uring_disabled")}",
        Errno.ENOMEM => "ENOMEM: no memory, or none that may be locked (ulimit -l)",
        Errno.EINVAL => "EINVAL: the kernel is too old, Linux 6.1 is needed",
        int other => $"{Errno.Name(other)}: {Errno.Text(other)}",
    };

    private static string? Find()
    {
        int result = TryEachCall();
        if (result < 0)
        {
            return Explain(result);
        }

        result = UringPoller.TryCreate(UringLimits.Default, out UringPoller? poller);
        if (result < 0)
        {
            return Explain(result);
        }

        using (poller)
        {
            result = Syscall.SocketPair(out int own, out int other);
            if (result < 0)
            {
                return Explain(result);
            }

            PollHandle handle = poller!.CreateHandle();
            handle.Open(own, PollToken.Of(slot: 0, generation: 1));
            string? failure = Test(poller, handle, other);
            _ = handle.Release();
            handle.Close();
            _ = Syscall.Close(other);
            return failure is null ? null : $"the self-test failed: {failure}";
        }
    }

    // A filter may let some of the three system calls pass; a poller whose wait is refused ends the process.
    private static int TryEachCall()
    {
        int result = Ring.TryCreate(1, 2, out Ring? ring);
        if (result < 0)
        {
            return result;
        }

        using (ring)
        {
            result = ring!.Enable();
            return result < 0 ? result : ring.Enter();
        }
    }

    // Receive, send, and the end of the stream, as a loop uses them.
    private static string? Test(UringPoller poller, PollHandle handle, int other)
    {
        ReadOnlySpan<byte> message = [1, 2, 3];
        Span<byte> received = stackalloc byte[8];
        _ = poller.Wait(new PollEvent[1], 0); // the ring is this thread's from now on
        _ = handle.Watch(Interest.Receive);
        _ = Syscall.Send(other, message);
        int n = ReceiveWhenReady(poller, handle, received);
        if (n != message.Length || !received[..n].SequenceEqual(message))
        {
            return $"a receive gave {n}";
        }

        n = handle.TrySend(message);
        if (n != message.Length || Syscall.Receive(other, received) != message.Length)
        {
            return $"a send gave {n}";
        }

        _ = handle.Watch(Interest.Receive);
        _ = Syscall.Shutdown(other, LibC.SHUT_WR);
        n = ReceiveWhenReady(poller, handle, received);
        return n == 0 ? null : $"the end of the stream gave {n}";
    }

    private static int ReceiveWhenReady(UringPoller poller, PollHandle handle, Span<byte> buffer)
    {
        PollEvent[] events = new PollEvent[4];
        int n = -Errno.EAGAIN;
        for (int i = 0; n == -Errno.EAGAIN && i < WaitsMax; i++)
        {
            _ = poller.Wait(events, PatienceMilliseconds / WaitsMax);
            n = handle.TryReceive(buffer);
        }

        return n;
    }

    private static bool IsDisabledBySysctl()
    {
        try
        {
            return File.ReadAllText(DisabledBySysctl).Trim() != "0";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // before Linux 6.6, or hidden
        }
    }
}
