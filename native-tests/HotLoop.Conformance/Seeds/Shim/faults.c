/*
 * Stands between HotLoop and the C library, in a child process of the tests: the same names, the same results, except where the plan of a
 * seed says otherwise. Everything that is drawn comes from the seed, in the order in which it is drawn; several threads have an order of
 * their own, which the seed does not fix.
 *
 * What a kernel may do, and so may be done here:
 *   EINTR         from any call that waits, or could. Nothing has happened, but after close(2) the number is free and after connect(2) the
 *                 connection is under way all the same.
 *   EAGAIN        from a receive, a send, an accept: what it wants came a moment later. The edge of it may have been told already, so one
 *                 more must follow: the descriptor is armed anew (EPOLL_CTL_MOD reports what is ready). What io_uring polls cannot be armed
 *                 anew from here, so there it is left out.
 *   short counts  of streams. A receive that fills less than its buffer says "that was all", so an edge must follow, as above. A short send
 *                 promises nothing: it may be cut anywhere.
 *   ENOBUFS       from a send on a Unix socket or a datagram socket, which allocates what it sends; TCP says EAGAIN instead.
 *   accept4       ECONNABORTED, EMFILE, ENFILE, ENOMEM, ENOBUFS; what is in the queue stays there.
 *   epoll_ctl     ENOMEM, ENOSPC from EPOLL_CTL_ADD: nothing was added.
 *   epoll_wait    fewer events than there are: the others come with the next wait.
 *   io_uring_enter  EAGAIN (no memory) or EBUSY (no room for completions) instead of submitting, EINTR or ETIME instead of waiting. Never
 *                 EINTR after something was submitted: then the kernel returns how much.
 *   delays        anywhere.
 *
 * What it may not do, and what is never done here: lose or change bytes, tell an error twice that is told once, cut a datagram or a record,
 * leave out an edge.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

enum fault { INTERRUPTED, WOULD_BLOCK, SHORT, NO_MEMORY, REFUSED, UNWATCHED, FEW, NOT_ENTERED, SLOW, FAULTS };

#define DESCRIPTORS 65536
#define ENTER_EXT_ARG (1u << 3)

static _Atomic uint64_t seed, drawn, counts[FAULTS];
static _Atomic unsigned rates[FAULTS]; /* of 1024 */

/* By which epoll descriptor a descriptor is watched, and for what. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct { int epoll; struct epoll_event event; } watched[DESCRIPTORS];

static long (*real_syscall)(long, long, long, long, long, long, long);
static int (*real_epoll_wait)(int, struct epoll_event *, int, int);
static int (*real_epoll_ctl)(int, int, int, struct epoll_event *);
static int (*real_accept4)(int, void *, socklen_t *, int);
static int (*real_connect)(int, const void *, socklen_t);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);

/* The names that HotLoop declares. Those that are not here are found in the library behind. */
long faulty_syscall(long, long, long, long, long, long, long) __asm__("syscall");
int faulty_epoll_wait(int, struct epoll_event *, int, int) __asm__("epoll_wait");
int faulty_epoll_ctl(int, int, int, struct epoll_event *) __asm__("epoll_ctl");
int faulty_accept4(int, void *, socklen_t *, int) __asm__("accept4");
int faulty_connect(int, const void *, socklen_t) __asm__("connect");
int faulty_close(int) __asm__("close");
ssize_t faulty_write(int, const void *, size_t) __asm__("write");

static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

__attribute__((constructor)) static void find_real_ones(void)
{
    real_syscall = next("syscall");
    real_epoll_wait = next("epoll_wait");
    real_epoll_ctl = next("epoll_ctl");
    real_accept4 = next("accept4");
    real_connect = next("connect");
    real_close = next("close");
    real_write = next("write");
}

/* ---- the plan --------------------------------------------------------------------------------------------------- */

/* splitmix64: a good number for each place of the sequence. */
static uint64_t draw(void)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u * (1 + atomic_fetch_add(&drawn, 1));
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned limit)
{
    return (unsigned)(draw() % limit);
}

static int strikes(enum fault fault)
{
    unsigned rate = rates[fault];
    if (!rate || below(1024) >= rate)
        return 0;
    counts[fault]++;
    return 1;
}

/* Another plan. For io_uring without what only epoll can be told again. Seed 0: no faults. */
void hotloop_faults(uint64_t number, int io_uring)
{
    static const unsigned possible[] = { 0, 20, 100, 400 };
    seed = number * 0x2545f4914f6cdd1du;
    drawn = 0;
    for (int i = 0; i < FAULTS; i++)
        rates[i] = number ? possible[below(4)] : 0;
    if (io_uring)
        rates[WOULD_BLOCK] = 0;
}

uint64_t hotloop_fault_count(int fault)
{
    return counts[fault];
}

/* ---- what is known of descriptors ------------------------------------------------------------------------------- */

static int option(int fd, int name)
{
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &length) < 0 ? -1 : value;
}

static int is_stream(int fd)
{
    return option(fd, SO_TYPE) == SOCK_STREAM;
}

static void watch(int fd, int epoll, const struct epoll_event *event)
{
    if (fd < 0 || fd >= DESCRIPTORS)
        return;
    pthread_mutex_lock(&gate);
    watched[fd].epoll = epoll;
    if (event)
        watched[fd].event = *event;
    pthread_mutex_unlock(&gate);
}

/* The edge may have been told before: it is told once more. A descriptor that is not watched yet is looked at when it is. */
static void arm_anew(int fd)
{
    pthread_mutex_lock(&gate);
    if (fd < DESCRIPTORS && watched[fd].epoll)
        real_epoll_ctl(watched[fd].epoll, EPOLL_CTL_MOD, fd, &watched[fd].event);
    pthread_mutex_unlock(&gate);
}

/* ---- faults ----------------------------------------------------------------------------------------------------- */

static void linger(void)
{
    if (strikes(SLOW)) {
        struct timespec time = { 0, below(200) * 1000 };
        nanosleep(&time, NULL);
    }
}

static long fail(int error)
{
    errno = error;
    return -1;
}

static int blocks(int fd)
{
    if (fd >= DESCRIPTORS || !strikes(WOULD_BLOCK))
        return 0;
    arm_anew(fd);
    return 1;
}

static size_t part(size_t length)
{
    return 1 + below(below(2) && length > 17 ? 16 : (unsigned)length - 1);
}

static int lacks_memory(int fd)
{
    return (option(fd, SO_DOMAIN) == AF_UNIX || option(fd, SO_TYPE) == SOCK_DGRAM) && strikes(NO_MEMORY);
}

static long receive(long fd, long buffer, long length, long flags, long address, long address_length)
{
    if (strikes(INTERRUPTED))
        return fail(EINTR);
    if (blocks(fd))
        return fail(EAGAIN);
    /* Where edges cannot be told again, nothing is cut: rates[WOULD_BLOCK] says the same of -EAGAIN. */
    int cut = fd < DESCRIPTORS && watched[fd].epoll && length > 1 && !(flags & MSG_PEEK) && is_stream(fd) && strikes(SHORT);
    long wanted = cut ? (long)part(length) : length;
    long n = real_syscall(SYS_recvfrom, fd, buffer, wanted, flags, address, address_length);
    if (cut && n == wanted)
        arm_anew(fd);
    return n;
}

static long send_some(long fd, long buffer, long length, long flags, long address, long address_length)
{
    if (strikes(INTERRUPTED))
        return fail(EINTR);
    if (length && blocks(fd))
        return fail(EAGAIN);
    if (lacks_memory(fd))
        return fail(ENOBUFS);
    if (length > 1 && is_stream(fd) && strikes(SHORT))
        length = (long)part(length);
    return real_syscall(SYS_sendto, fd, buffer, length, flags, address, address_length);
}

static long send_parts(long fd, const struct msghdr *message, long flags)
{
    if (strikes(INTERRUPTED))
        return fail(EINTR);
    if (blocks(fd))
        return fail(EAGAIN);
    if (lacks_memory(fd))
        return fail(ENOBUFS);
    struct msghdr first = *message;
    struct iovec piece;
    if (first.msg_iovlen > 0 && first.msg_iov[0].iov_len > 1 && is_stream(fd) && strikes(SHORT)) {
        piece = first.msg_iov[0];
        piece.iov_len = part(piece.iov_len);
        first.msg_iov = &piece;
        first.msg_iovlen = 1;
    }
    return real_syscall(SYS_sendmsg, fd, (long)&first, flags, 0, 0, 0);
}

static long enter(long ring, long submit, long complete, long flags, long argument, long size)
{
    if ((submit || complete) && strikes(NOT_ENTERED)) {
        if (submit)
            return fail(below(2) ? EAGAIN : EBUSY);
        return fail((flags & ENTER_EXT_ARG) && below(2) ? ETIME : EINTR);
    }
    return real_syscall(SYS_io_uring_enter, ring, submit, complete, flags, argument, size);
}

long faulty_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    linger();
    switch (number) {
    case SYS_recvfrom:
        return receive(a, b, c, d, e, f);
    case SYS_sendto:
        return send_some(a, b, c, d, e, f);
    case SYS_sendmsg:
        return send_parts(a, (const struct msghdr *)b, c);
    case SYS_io_uring_enter:
        return enter(a, b, c, d, e, f);
    default:
        return real_syscall(number, a, b, c, d, e, f);
    }
}

int faulty_epoll_wait(int epoll, struct epoll_event *events, int max, int timeout)
{
    linger();
    if (strikes(INTERRUPTED))
        return (int)fail(EINTR);
    return real_epoll_wait(epoll, events, max > 1 && strikes(FEW) ? 1 : max, timeout);
}

int faulty_epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    linger();
    if (operation == EPOLL_CTL_ADD && option(fd, SO_TYPE) >= 0 && strikes(UNWATCHED))
        return (int)fail(below(2) ? ENOMEM : ENOSPC);
    if (operation == EPOLL_CTL_DEL)
        watch(fd, 0, NULL);
    else
        watch(fd, epoll, event); /* first: whoever is told EAGAIN meanwhile finds it, or is seen by the kernel when it is added */
    return real_epoll_ctl(epoll, operation, fd, event);
}

int faulty_accept4(int fd, void *address, socklen_t *length, int flags)
{
    static const int errors[] = { ECONNABORTED, EMFILE, ENFILE, ENOMEM, ENOBUFS };
    linger();
    if (strikes(INTERRUPTED))
        return (int)fail(EINTR);
    if (strikes(REFUSED))
        return (int)fail(errors[below(sizeof errors / sizeof *errors)]);
    if (blocks(fd))
        return (int)fail(EAGAIN);
    return real_accept4(fd, address, length, flags);
}

int faulty_connect(int fd, const void *address, socklen_t length)
{
    linger();
    int result = real_connect(fd, address, length);
    return result < 0 && errno == EINPROGRESS && strikes(INTERRUPTED) ? (int)fail(EINTR) : result;
}

int faulty_close(int fd)
{
    linger();
    watch(fd, 0, NULL); /* first: the number may be another's at once */
    int result = real_close(fd);
    return result == 0 && strikes(INTERRUPTED) ? (int)fail(EINTR) : result;
}

ssize_t faulty_write(int fd, const void *buffer, size_t length)
{
    linger();
    return strikes(INTERRUPTED) ? fail(EINTR) : real_write(fd, buffer, length);
}
