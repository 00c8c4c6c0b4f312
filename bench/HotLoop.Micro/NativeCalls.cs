using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using HotLoop.Native.Linux;
using Tmds.Linux;
using LibC = Tmds.Linux.LibC;

namespace HotLoop.Micro;

/// <summary>
/// What a system call costs by hand and through the package Tmds.LibC, whose imports save errno on every call. Each call is one that returns at once: nothing to
/// receive, nobody to accept, no event, so that what is around the call is as large beside the kernel's share as it can be. The two take turns in slices, and the
/// median of the slices counts: what else the machine does meets both alike.
/// </summary>
internal sealed unsafe class NativeCalls
{
    // So short that most are not interrupted, on a busy machine too.
    private const int CallsPerSlice = 200;
    private const int SlicesPerCall = 4_000;
    private const int WarmupCalls = 20_000;

    private const int SYS_io_uring_setup = 425;
    private const int SYS_io_uring_enter = 426;

    private readonly byte* _buffer = (byte*)NativeMemory.AllocZeroed(256);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly nint _sysSendTo;
    private readonly nint _sysReceiveFrom;
    private readonly int _socket;
    private readonly int _full;
    private readonly int _udp;
    private readonly int _epoll;
    private readonly int _ring;

    private NativeCalls()
    {
        bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        (_sysSendTo, _sysReceiveFrom) = isX64 ? (44, 45) : (206, 207);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _listener.Blocking = false;
        _datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _datagrams.Blocking = false;
        _socket = (int)_listener.Handle;
        _udp = (int)_datagrams.Handle;
        int* pair = stackalloc int[2];
        _ = LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK, 0, pair);
        _full = pair[0];
        while (LibC.send(_full, _buffer, 256, LibC.MSG_NOSIGNAL) > 0)
        {
        }

        _epoll = LibC.epoll_create1(0);
        epoll_event e = new() { events = LibC.EPOLLIN };
        _ = LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_ADD, _udp, &e);
        io_uring_params parameters = default;
        _ring = (int)ByHand.syscall(SYS_io_uring_setup, 8, &parameters, 0, 0, null, 0);
        if (_full < 0 || _epoll < 0 || _ring < 0)
        {
            throw new InvalidOperationException("setup");
        }
    }

    internal static void Run()
    {
        NativeCalls calls = new();
        Console.WriteLine("median ns a call: by hand, by package, difference");
        for (int round = 1; round <= 3; round++)
        {
            calls.CompareAll();
        }
    }

    private void CompareAll()
    {
        Compare(
            "recv",
            static s => ByHand.syscall(s._sysReceiveFrom, s._full, s._buffer, 16, 0, null, 0) < 0 ? Marshal.GetLastSystemError() : 0,
            static s => LibC.recv(s._full, s._buffer, 16, 0) < 0 ? LibC.errno : 0);
        Compare(
            "send",
            static s => ByHand.syscall(s._sysSendTo, s._full, s._buffer, 16, 0x4000, null, 0) < 0 ? Marshal.GetLastSystemError() : 0,
            static s => LibC.send(s._full, s._buffer, 16, LibC.MSG_NOSIGNAL) < 0 ? LibC.errno : 0);
        Compare(
            "recvfrom",
            static s =>
            {
                uint length = 128;
                return ByHand.syscall(s._sysReceiveFrom, s._udp, s._buffer, 16, 0, s._buffer + 128, (nint)(&length)) < 0 ? Marshal.GetLastSystemError() : 0;
            },
            static s =>
            {
                socklen_t length = 128;
                return LibC.recvfrom(s._udp, s._buffer, 16, 0, (sockaddr*)(s._buffer + 128), &length) < 0 ? LibC.errno : 0;
            });
        Compare(
            "sendto",
            static s => ByHand.syscall(s._sysSendTo, s._full, s._buffer, 16, 0x4000, s._buffer, 0) < 0 ? Marshal.GetLastSystemError() : 0,
            static s => LibC.sendto(s._full, s._buffer, 16, LibC.MSG_NOSIGNAL, (sockaddr*)s._buffer, 0) < 0 ? LibC.errno : 0);
        Compare(
            "accept4",
            static s =>
            {
                uint length = 128;
                return Libc.accept4(s._socket, s._buffer, &length, 0x80800) < 0 ? Marshal.GetLastSystemError() : 0;
            },
            static s =>
            {
                socklen_t length = 128;
                return LibC.accept4(s._socket, (sockaddr*)s._buffer, &length, LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC) < 0 ? LibC.errno : 0;
            });
        Compare(
            "epoll_wait",
            static s => ByHand.epoll_wait(s._epoll, (epoll_event*)s._buffer, 8, 0),
            static s => LibC.epoll_wait(s._epoll, (epoll_event*)s._buffer, 8, 0));
        Compare(
            "epoll_ctl",
            static s => Libc.epoll_ctl(s._epoll, 3, s._udp, s._buffer),
            static s => LibC.epoll_ctl(s._epoll, LibC.EPOLL_CTL_MOD, s._udp, (epoll_event*)s._buffer));
        Compare(
            "io_uring_enter",
            static s => (int)ByHand.syscall(SYS_io_uring_enter, s._ring, null, 0, 1, null, 0),
            static s => LibC.io_uring_enter(s._ring, 0, 0, LibC.IORING_ENTER_GETEVENTS, null));
        Compare(
            "close",
            static _ => Libc.close(-1) < 0 ? Marshal.GetLastSystemError() : 0,
            static _ => LibC.close(-1) < 0 ? LibC.errno : 0);
        Compare(
            "setsockopt",
            static s => Libc.setsockopt(s._socket, 6, 1, s._buffer, 4),
            static s => LibC.setsockopt(s._socket, LibC.IPPROTO_TCP, LibC.TCP_NODELAY, s._buffer, 4));
        Console.WriteLine();
    }

    private void Compare(string name, Func<NativeCalls, int> byHand, Func<NativeCalls, int> byPackage)
    {
        Repeat(byHand, WarmupCalls);
        Repeat(byPackage, WarmupCalls);
        double[] hand = new double[SlicesPerCall];
        double[] package = new double[SlicesPerCall];
        for (int i = 0; i < SlicesPerCall; i++)
        {
            hand[i] = Repeat(byHand, CallsPerSlice);
            package[i] = Repeat(byPackage, CallsPerSlice);
        }

        Array.Sort(hand);
        Array.Sort(package);
        double h = hand[SlicesPerCall / 2];
        double p = package[SlicesPerCall / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16}{h,8:F1}{p,8:F1}{p - h,8:F1}"));
    }

    // Nanoseconds a call.
    private double Repeat(Func<NativeCalls, int> call, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            _ = call(this);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
