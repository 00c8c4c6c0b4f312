// A plain single-threaded io_uring echo server in C, by raw system calls: the yardstick for the others.
// Usage: echo_uring PORT [echo|discard] [--send queued|direct] [--accept multishot|ready]
//
// queued  sends are entries of the ring and go out with the one system call of a turn (the default)
// direct  each is a send(2) of its own, as soon as the data is there
//
// multishot  the kernel accepts by itself (the default)
// ready      it tells that connections are there, and accept4(2) takes them

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef IORING_SETUP_NO_SQARRAY
#define IORING_SETUP_NO_SQARRAY (1U << 16)
#endif

enum { SQ_ENTRIES = 1024, CQ_ENTRIES = 8192, BACKLOG = 4096, POOL_BYTES = 4 << 20 };
enum op { OP_NONE, OP_ACCEPT, OP_RECV, OP_SEND, OP_WRITABLE, OP_MASK = 7 }; // beside a pointer in user_data
enum { NO_BUFFER = -1 };

struct conn {
    int fd;
    int first, last; // buffers waiting to be sent, linked by `following`; the first may be in a SEND
    int send_result;
    bool receiving, sending, polling, ended;
    bool starved; // its receive ended for want of a buffer
    char *rest;   // what a full socket did not take; NULL while there is none
    size_t rest_len, rest_off;
};

struct conns { // a growing array
    struct conn **at;
    size_t count, room;
};

static int ring, listener;
static bool discard, direct, accept_ready;
static unsigned *sq_head, *sq_tail, *cq_head, *cq_tail, sq_mask, cq_mask, sq_size, next_sqe;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;

// The kernel takes a buffer of this pool only when data has come, so an idle connection holds none.
static struct io_uring_buf_ring *pool;
static char *pool_data;
static int buffer_size, buffer_count, buffers_free;
static uint16_t pool_tail;
static int *following, *filled; // by buffer: the next of the connection, and the bytes in it

static struct conns sent, submitted, starved;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void *map(size_t bytes, int fd, off_t offset)
{
    int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE;
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);
    if (at == MAP_FAILED)
        die("mmap");
    return at;
}

static void append(struct conns *list, struct conn *c)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->at = realloc(list->at, list->room * sizeof *list->at);
        if (!list->at)
            die("realloc");
    }
    list->at[list->count++] = c;
}

// ---------------------------------------------------------------- the ring

static void set_up_ring(void)
{
    struct io_uring_params p;
    unsigned flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL |
                     IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_NO_SQARRAY;
    for (;;) {
        p = (struct io_uring_params){.flags = flags, .cq_entries = CQ_ENTRIES};
        ring = syscall(__NR_io_uring_setup, SQ_ENTRIES, &p);
        if (ring >= 0)
            break;
        if (errno != EINVAL || !(flags & IORING_SETUP_NO_SQARRAY))
            die("io_uring_setup");
        flags &= ~IORING_SETUP_NO_SQARRAY; // Linux before 6.6
    }
    // Both rings share a mapping since Linux 5.4.
    size_t sq_bytes = p.sq_off.array + p.sq_entries * sizeof(unsigned);
    size_t cq_bytes = p.cq_off.cqes + p.cq_entries * sizeof *cqes;
    char *rings = map(sq_bytes > cq_bytes ? sq_bytes : cq_bytes, ring, IORING_OFF_SQ_RING);
    sqes = map(p.sq_entries * sizeof *sqes, ring, IORING_OFF_SQES);
    sq_head = (unsigned *)(rings + p.sq_off.head);
    sq_tail = (unsigned *)(rings + p.sq_off.tail);
    cq_head = (unsigned *)(rings + p.cq_off.head);
    cq_tail = (unsigned *)(rings + p.cq_off.tail);
    sq_mask = *(unsigned *)(rings + p.sq_off.ring_mask);
    cq_mask = *(unsigned *)(rings + p.cq_off.ring_mask);
    cqes = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
    sq_size = p.sq_entries;
    if (!(flags & IORING_SETUP_NO_SQARRAY))
        for (unsigned i = 0; i < p.sq_entries; i++)
            ((unsigned *)(rings + p.sq_off.array))[i] = i; // entry i is always at place i
}

static unsigned not_submitted(void)
{
    return next_sqe - __atomic_load_n(sq_head, __ATOMIC_ACQUIRE);
}

static void enter(unsigned wait_for)
{
    __atomic_store_n(sq_tail, next_sqe, __ATOMIC_RELEASE);
    // Completions of receives are made in this call, and only if GETEVENTS is set.
    unsigned flags = wait_for ? IORING_ENTER_GETEVENTS : 0;
    // EBUSY and EAGAIN: the kernel wants its completions read first, which happens next.
    if (syscall(__NR_io_uring_enter, ring, not_submitted(), wait_for, flags, NULL, 0) < 0 && errno != EINTR &&
        errno != EBUSY && errno != EAGAIN)
        die("io_uring_enter");
}

static struct io_uring_sqe *new_sqe(int opcode, int fd, struct conn *c, enum op op)
{
    while (not_submitted() == sq_size)
        enter(0);
    struct io_uring_sqe *sqe = &sqes[next_sqe++ & sq_mask];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = opcode;
    sqe->fd = fd;
    sqe->user_data = (uintptr_t)c | op;
    return sqe;
}

// ---------------------------------------------------------------- the pool of buffers

static char *data_of(int buffer)
{
    return pool_data + (size_t)buffer * buffer_size;
}

static void give_back(int buffer)
{
    struct io_uring_buf *slot = &pool->bufs[pool_tail++ & (buffer_count - 1)];
    slot->addr = (uintptr_t)data_of(buffer);
    slot->len = buffer_size;
    slot->bid = buffer;
    __atomic_store_n(&pool->tail, pool_tail, __ATOMIC_RELEASE);
    buffers_free++;
}

static void set_up_pool(void)
{
    buffer_size = discard ? 64 << 10 : 4 << 10;
    buffer_count = POOL_BYTES / buffer_size; // a power of two
    pool_data = map(POOL_BYTES, -1, 0);
    pool = map(buffer_count * sizeof(struct io_uring_buf), -1, 0);
    following = calloc(buffer_count, sizeof *following);
    filled = calloc(buffer_count, sizeof *filled);
    if (!following || !filled)
        die("calloc");
    struct io_uring_buf_reg reg = {.ring_addr = (uintptr_t)pool, .ring_entries = buffer_count};
    if (syscall(__NR_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &reg, 1) < 0)
        die("IORING_REGISTER_PBUF_RING");
    for (int i = 0; i < buffer_count; i++)
        give_back(i);
}

// ---------------------------------------------------------------- connections

static void start_accepting(void)
{
    if (accept_ready) {
        struct io_uring_sqe *sqe = new_sqe(IORING_OP_POLL_ADD, listener, NULL, OP_ACCEPT);
        sqe->poll32_events = POLLIN;
        sqe->len = IORING_POLL_ADD_MULTI;
        return;
    }
    struct io_uring_sqe *sqe = new_sqe(IORING_OP_ACCEPT, listener, NULL, OP_ACCEPT);
    sqe->ioprio = IORING_ACCEPT_MULTISHOT;
    sqe->accept_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
}

static void receive(struct conn *c)
{
    struct io_uring_sqe *sqe = new_sqe(IORING_OP_RECV, c->fd, c, OP_RECV);
    sqe->ioprio = IORING_RECV_MULTISHOT;
    sqe->flags = IOSQE_BUFFER_SELECT; // of group 0, the only one
    c->receiving = true;
}

static void accepted(int fd)
{
    int one = 1;
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        die("calloc");
    c->fd = fd;
    c->first = c->last = NO_BUFFER;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    receive(c);
}

static void accept_all(void)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        accepted(fd);
    if (errno != EAGAIN && errno != ECONNABORTED)
        perror("accept4");
}

static int take_first(struct conn *c)
{
    int buffer = c->first;
    c->first = following[buffer];
    if (c->first == NO_BUFFER)
        c->last = NO_BUFFER;
    return buffer;
}

// Called after everything that changed a connection. Closing a descriptor does not end what the
// ring still does with it, so that comes last.
static void settle(struct conn *c)
{
    if (!c->ended || c->receiving || c->sending || c->polling || c->starved || c->first != NO_BUFFER || c->rest)
        return;
    close(c->fd);
    free(c);
}

// Nothing can be sent any more: forgets it, and ends the receive.
static void fail(struct conn *c)
{
    while (c->first != NO_BUFFER)
        give_back(take_first(c));
    free(c->rest);
    c->rest = NULL;
    c->ended = true;
    shutdown(c->fd, SHUT_RDWR);
}

// A receive that has ended goes on, unless the connection has ended or waits for its reader.
static void receive_again(struct conn *c)
{
    if (!c->receiving && !c->starved && !c->ended && !c->rest)
        receive(c);
}

// ---------------------------------------------------------------- sending

static void poll_writable(struct conn *c)
{
    new_sqe(IORING_OP_POLL_ADD, c->fd, c, OP_WRITABLE)->poll32_events = POLLOUT;
    c->polling = true;
}

// What a socket does not take is copied, for the buffers belong to all: a slow reader slows only
// itself. It is not read until its rest is gone; what had already been received joins the rest.
static void keep_rest(struct conn *c, const char *data, size_t len)
{
    if (!c->rest) {
        poll_writable(c);
        if (c->receiving) {
            struct io_uring_sqe *sqe = new_sqe(IORING_OP_ASYNC_CANCEL, -1, NULL, OP_NONE);
            sqe->addr = (uintptr_t)c | OP_RECV;
        }
    }
    c->rest = realloc(c->rest, c->rest_len + len);
    if (!c->rest)
        die("realloc");
    memcpy(c->rest + c->rest_len, data, len);
    c->rest_len += len;
}

static void keep_buffers(struct conn *c, size_t offset)
{
    while (c->first != NO_BUFFER) {
        int buffer = take_first(c);
        keep_rest(c, data_of(buffer) + offset, filled[buffer] - offset);
        give_back(buffer);
        offset = 0;
    }
}

static void flush_rest(struct conn *c)
{
    ssize_t n = send(c->fd, c->rest + c->rest_off, c->rest_len - c->rest_off, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        fail(c);
        return;
    }
    c->rest_off += n < 0 ? 0 : n;
    if (c->rest_off < c->rest_len) {
        poll_writable(c);
        return;
    }
    free(c->rest);
    c->rest = NULL;
    c->rest_len = c->rest_off = 0;
    receive_again(c);
}

// With both flags of the message a send is over when the submission is: DONTWAIT lets it not wait
// for room, and WAITALL makes a part count as a failure. Only failures get a completion.
static void queue_send(struct conn *c)
{
    struct io_uring_sqe *sqe = new_sqe(IORING_OP_SEND, c->fd, c, OP_SEND);
    sqe->addr = (uintptr_t)data_of(c->first);
    sqe->len = filled[c->first];
    sqe->msg_flags = MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL;
    sqe->flags = IOSQE_CQE_SKIP_SUCCESS;
    c->sending = true;
    c->send_result = filled[c->first]; // unless a completion says otherwise
    append(&sent, c);
}

// One send at a time: two of them on one socket might mix.
static void echo_queued(struct conn *c, int buffer)
{
    following[buffer] = NO_BUFFER;
    if (c->first == NO_BUFFER)
        c->first = buffer;
    else
        following[c->last] = buffer;
    c->last = buffer;
    if (!c->sending)
        queue_send(c);
}

// After a submission and its completions: the sends that nothing was heard of have gone out.
static void finish_sends(void)
{
    for (size_t i = 0; i < submitted.count; i++) {
        struct conn *c = submitted.at[i];
        c->sending = false;
        if (c->send_result == filled[c->first]) {
            give_back(take_first(c));
            if (c->first != NO_BUFFER)
                queue_send(c);
        } else if (c->send_result >= 0 || c->send_result == -EAGAIN) {
            keep_buffers(c, c->send_result >= 0 ? c->send_result : 0);
        } else {
            fail(c);
        }
        settle(c);
    }
    submitted.count = 0;
}

static void echo_direct(struct conn *c, int buffer)
{
    char *data = data_of(buffer);
    ssize_t n = send(c->fd, data, filled[buffer], MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN)
        fail(c);
    else if (n < filled[buffer])
        keep_rest(c, data + (n < 0 ? 0 : n), filled[buffer] - (n < 0 ? 0 : n));
    give_back(buffer);
}

// ---------------------------------------------------------------- the loop

static void received(struct conn *c, int result, unsigned flags)
{
    c->receiving = flags & IORING_CQE_F_MORE;
    int buffer = flags & IORING_CQE_F_BUFFER ? (int)(flags >> IORING_CQE_BUFFER_SHIFT) : NO_BUFFER;
    if (buffer != NO_BUFFER) {
        buffers_free--;
        filled[buffer] = result;
    }
    if (result <= 0 || c->ended || discard) {
        if (buffer != NO_BUFFER)
            give_back(buffer);
    } else if (c->rest) {
        keep_rest(c, data_of(buffer), result);
        give_back(buffer);
    } else if (direct) {
        echo_direct(c, buffer);
    } else {
        echo_queued(c, buffer);
    }

    if (result == -ENOBUFS) {
        c->starved = true;
        append(&starved, c);
    } else if (result <= 0 && result != -ECANCELED) {
        c->ended = true; // what is there to send still goes out
    }
    receive_again(c);
    settle(c);
}

static void handle(const struct io_uring_cqe *cqe)
{
    struct conn *c = (struct conn *)(uintptr_t)(cqe->user_data & ~(uint64_t)OP_MASK);
    switch ((enum op)(cqe->user_data & OP_MASK)) {
    case OP_ACCEPT:
        if (cqe->res >= 0 && accept_ready)
            accept_all();
        else if (cqe->res >= 0)
            accepted(cqe->res);
        else
            fprintf(stderr, "accept: %s\n", strerror(-cqe->res));
        if (!(cqe->flags & IORING_CQE_F_MORE))
            start_accepting();
        break;
    case OP_RECV:
        received(c, cqe->res, cqe->flags);
        break;
    case OP_SEND:
        c->send_result = cqe->res; // for finish_sends
        break;
    case OP_WRITABLE:
        c->polling = false;
        if (c->rest)
            flush_rest(c);
        settle(c);
        break;
    default:
        break; // a cancellation; the receive tells what came of it
    }
}

// When no buffer is free, all are in sends, and the next turn gives them back.
static void feed_starved(void)
{
    if (!buffers_free)
        return;
    for (size_t i = 0; i < starved.count; i++) {
        starved.at[i]->starved = false;
        receive_again(starved.at[i]);
        settle(starved.at[i]);
    }
    starved.count = 0;
}

// Nothing wakes the server when a send has gone out, so it must not sleep if that matters to somebody.
static bool may_sleep(void)
{
    for (size_t i = 0; i < sent.count; i++)
        if (sent.at[i]->ended || following[sent.at[i]->first] != NO_BUFFER)
            return false;
    return !starved.count;
}

static void run(void)
{
    for (;;) {
        bool wait = may_sleep();
        struct conns empty = submitted;
        submitted = sent;
        sent = empty;
        enter(wait);
        unsigned head = *cq_head;
        while (head != __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE)) {
            struct io_uring_cqe cqe = cqes[head++ & cq_mask];
            __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
            handle(&cqe);
        }
        finish_sends();
        feed_starved();
    }
}

static int listen_on(int port)
{
    struct sockaddr_in addr = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, BACKLOG) < 0)
        die("listen");
    return fd;
}

static void parse(int argc, char **argv)
{
    bool wrong = argc < 2;
    for (int i = 2; i < argc && !wrong; i++) {
        if (strcmp(argv[i], "discard") == 0)
            discard = true;
        else if (strcmp(argv[i], "--send") == 0 && ++i < argc)
            direct = strcmp(argv[i], "direct") == 0, wrong = !direct && strcmp(argv[i], "queued") != 0;
        else if (strcmp(argv[i], "--accept") == 0 && ++i < argc)
            accept_ready = strcmp(argv[i], "ready") == 0, wrong = !accept_ready && strcmp(argv[i], "multishot") != 0;
        else
            wrong = strcmp(argv[i], "echo") != 0;
    }
    if (wrong) {
        fprintf(stderr, "usage: %s PORT [echo|discard] [--send queued|direct] [--accept multishot|ready]\n", argv[0]);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    parse(argc, argv);
    set_up_ring();
    set_up_pool();
    listener = listen_on(atoi(argv[1]));
    start_accepting();
    puts("listening");
    fflush(stdout);
    run();
}
