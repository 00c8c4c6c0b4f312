using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <content>Receiving and sending that names addresses, several pieces, or nothing at all.</content>
internal static unsafe partial class Syscall
{
    /// <summary>
    /// Receives with the sender's address, as the kernel writes it: <paramref name="addressLength"/> is 0 when it has none.
    /// </summary>
    internal static int ReceiveFrom(int fd, Span<byte> buffer, Span<byte> address, out int addressLength)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        fixed (byte* a = address)
        {
            while (true)
            {
                uint length = (uint)address.Length;
                nint n = LibC.syscall(LibC.SYS_recvfrom, fd, p, (nuint)Math.Min(buffer.Length, LengthMax), 0, a, (nuint)(&length));
                addressLength = (int)length;
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = LastError();
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    internal static int SendTo(int fd, ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        fixed (byte* a = address)
        {
            while (true)
            {
                nint n = LibC.syscall(
                    LibC.SYS_sendto, fd, p, (nuint)Math.Min(buffer.Length, LengthMax), LibC.MSG_NOSIGNAL, a, (nuint)address.Length);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = LastError();
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>Sends pieces of memory, which stay where they are meanwhile, as one (writev(2) without SIGPIPE).</summary>
    internal static int SendParts(int fd, ReadOnlySpan<iovec> parts)
    {
        fixed (iovec* p = parts)
        {
            msghdr message = new() { msg_iov = p, msg_iovlen = (nuint)parts.Length };
            while (true)
            {
                nint n = LibC.syscall(LibC.SYS_sendmsg, fd, &message, LibC.MSG_NOSIGNAL, 0, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = LastError();
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>Whether a receive would not wait: 0 or more if so, -EAGAIN if not, else -errno: told once, as by a receive.</summary>
    internal static int Peek(int fd)
    {
        byte first;
        while (true)
        {
            nint n = LibC.syscall(LibC.SYS_recvfrom, fd, &first, 1, LibC.MSG_PEEK, null, 0);
            if (n >= 0)
            {
                return (int)n;
            }

            int error = LastError();
            if (error != Errno.EINTR)
            {
                return -error;
            }
        }
    }
}
