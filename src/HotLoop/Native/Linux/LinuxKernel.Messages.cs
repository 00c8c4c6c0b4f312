using System.Runtime.InteropServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>Receiving and sending that names addresses, several pieces, or nothing at all.</content>
internal sealed unsafe partial class LinuxKernel
{
    internal override int ReceiveFrom(int fd, Span<byte> buffer, Span<byte> address, out int addressLength)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        fixed (byte* a = address)
        {
            while (true)
            {
                uint length = (uint)address.Length;
                nint n = ByHand.syscall(ByHand.SYS_recvfrom, fd, p, Math.Min(buffer.Length, Syscall.LengthMax), 0, a, (nint)(&length));
                addressLength = (int)length;
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = ByHand.errno;
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    internal override int SendTo(int fd, ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        fixed (byte* a = address)
        {
            while (true)
            {
                nint n = ByHand.syscall(
                    ByHand.SYS_sendto, fd, p, Math.Min(buffer.Length, Syscall.LengthMax), LibC.MSG_NOSIGNAL, a, address.Length);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = ByHand.errno;
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>writev(2) without SIGPIPE.</summary>
    internal override int SendParts(int fd, ReadOnlySpan<MemoryPart> parts)
    {
        fixed (MemoryPart* p = parts)
        {
            msghdr message = new() { msg_iov = (iovec*)p, msg_iovlen = parts.Length };
            while (true)
            {
                nint n = ByHand.syscall(ByHand.SYS_sendmsg, fd, &message, LibC.MSG_NOSIGNAL, 0, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = ByHand.errno;
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    internal override int Peek(int fd) => Syscall.Peek(fd);
}
