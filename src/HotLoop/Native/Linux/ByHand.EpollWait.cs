using System.Runtime.InteropServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>
/// epoll_wait(2). Nanoseconds a call, with no event and no wait, by hand and through the package (<c>make micro FILTER=native-calls</c>, medians): 258 and 275; a loop makes one
/// every turn. What is made once a connection is left to the package: accept4 5,293 and 5,345, epoll_ctl 509 and 523, setsockopt 521 and 534, close (of nothing) 202 and 230.
/// </content>
internal static unsafe partial class ByHand
{
    [LibraryImport(Library)]
    internal static partial int epoll_wait(int epfd, epoll_event* events, int maxEvents, int timeoutMilliseconds);
}
