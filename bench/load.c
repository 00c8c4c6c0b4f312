// The load driver: one thread, one epoll set, six modes.
//
//   load echo  HOST PORT [--conns 100] [--size 64] [--depth 1] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load open  HOST PORT [--conns 100] [--size 64] [--rate 10000] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load churn HOST PORT [--conns 32]  [--size 64] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load http  HOST PORT [--conns 100] [--size 1024] [--close] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load bulk  HOST PORT [--conns 4]   [--seconds 5] [--warmup 0] [--server-pid PID]
//   load idle  HOST PORT [--conns 15000] [--size 64] [--seconds 3]
//
// echo  keeps one message in flight on every connection; with a depth, so many, sent in one write
//       when the last of those before has come back.
// open  sends so many messages a second, over all connections in turn, whatever comes back.
// churn opens a connection, has one message echoed, closes it, and opens the next.
// http  keeps one GET in flight on every connection; with --close, asks the server to close, and opens
//       a connection for the next. The size is the room for a response.
// bulk  writes as fast as it can, to a server that discards.
// idle  opens the connections, has one message echoed on each, and holds them.
//
// HOST is an IPv4 address. Results are single lines of key=value on stdout.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

// What is sent in one write, MAX_SIZE at most, fits an empty send buffer, so echo and churn need not resume a send.
// MAX_EVENTS is small because in trials short batches kept the server's core busier than long ones.
enum { MIN_SIZE = 8, MAX_SIZE = 16384, MAX_EVENTS = 16, MAX_ERRORS = 1000 };
static const uint64_t SECOND = 1000000000;

struct conn {
    int fd;
    int got;          // bytes of the answer received so far
    int part;         // open: bytes of the next message that have gone out
    bool sent;        // churn: the request has gone out
    uint64_t started; // when the request in flight began
    uint64_t due, out, back; // open: messages whose time has come, that were sent, that came back
    char *message;    // what was sent, and so what must come back; http: what came back
};

static struct {
    struct sockaddr_in server;
    int conns, size, depth;
    int batch; // size * depth: the bytes of one write
    double seconds, warmup, rate;
    int close; // http: a connection for each request
    pid_t server_pid;
} opt;

static int ep;
static uint64_t done, errors;
static uint64_t moved; // bulk: bytes that the kernel has taken
static struct conn *all;

// ---------------------------------------------------------------- clocks and small helpers

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static uint64_t read_clock(clockid_t clock)
{
    struct timespec ts;
    if (clock_gettime(clock, &ts) < 0)
        die("clock_gettime");
    return ts.tv_sec * SECOND + ts.tv_nsec;
}

static uint64_t now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

// User and system time of the whole server process, threads that have ended included; exact to a
// scheduler tick (a few ms) for each thread that is running just now.
static uint64_t server_cpu(void)
{
    clockid_t clock;
    if (!opt.server_pid)
        return 0;
    errno = clock_getcpuclockid(opt.server_pid, &clock);
    if (errno)
        die("clock_getcpuclockid");
    return read_clock(clock);
}

static void say(const char *line)
{
    puts(line);
    fflush(stdout);
}

static void count_error(void)
{
    if (++errors >= MAX_ERRORS) {
        fprintf(stderr, "load: %d errors, giving up\n", MAX_ERRORS);
        exit(1);
    }
}

// ---------------------------------------------------------------- latency histogram

// Log-linear: below 2048 ns every value has its bucket, above that every power of two is cut
// into 1024 buckets, so a value read back is at most 0.1 % too low.
enum { SUB_BITS = 10, SUB = 1 << SUB_BITS, BUCKETS = 32 * SUB };
static uint32_t histogram[BUCKETS];
static uint64_t slowest;

static void record(uint64_t ns)
{
    int shift = ns < 2 * SUB ? 0 : 63 - __builtin_clzll(ns) - SUB_BITS;
    uint64_t bucket = ((uint64_t)shift << SUB_BITS) + (ns >> shift);
    histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    if (ns > slowest)
        slowest = ns;
    done++;
}

static double percentile_us(double percent)
{
    uint64_t rank = (uint64_t)(done * percent / 100), seen = 0;
    for (uint64_t b = 0; b < BUCKETS; b++) {
        seen += histogram[b];
        if (seen > rank) {
            int shift = b < 2 * SUB ? 0 : (int)(b >> SUB_BITS) - 1;
            return ((b - ((uint64_t)shift << SUB_BITS)) << shift) / 1e3;
        }
    }
    return slowest / 1e3;
}

// ---------------------------------------------------------------- connections

// A closed connection leaves its port pair in TIME_WAIT. Walking through the loopback source
// addresses keeps thousands of connects per second from using up the ports of one address.
static void bind_next_source(int fd)
{
    static uint32_t turn;
    uint32_t loopback = 127u << 24;
    int one = 1;
    if (ntohl(opt.server.sin_addr.s_addr) >> 24 != 127)
        return;
    struct sockaddr_in source = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(loopback + 2 + turn++ % 249)}; // .2 to .250
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
        die("bind");
}

// The driver does about as much work per request as the fastest server, so it saves where it can:
// reno costs less than bbr, which may be the default (the server keeps the default), and with one
// write in flight there is nothing for TCP_NODELAY to do.
static int new_socket(int flags)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", strlen("reno")); // not there: no harm
    bind_next_source(fd);
    return fd;
}

// With EPOLLET the kernel does not have to look again at a connection that was served.
static void watch(struct conn *c, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.ptr = c};
    if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev) < 0)
        die("epoll_ctl");
}

// Makes the messages differ, so that an echo of another connection's or an older message shows.
static void stamp(struct conn *c)
{
    static uint64_t number;
    for (int at = 0; at < opt.batch; at += opt.size) {
        number++;
        memcpy(c->message + at, &number, sizeof number);
    }
    c->got = 0;
}

// 1: all of it went out; 0: not yet possible; -1: failed.
static int send_whole(struct conn *c, const char *data, int len)
{
    ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN)
        return 0;
    return n == len ? 1 : -1;
}

static int send_message(struct conn *c)
{
    stamp(c);
    return send_whole(c, c->message, opt.batch);
}

// 1: the whole echo has come; 0: some is missing; -1: failed, closed, or other bytes than sent.
static int receive_echo(struct conn *c)
{
    static char buffer[MAX_SIZE];
    ssize_t n = recv(c->fd, buffer, opt.batch - c->got, 0);
    if (n < 0 && errno == EAGAIN)
        return 0;
    if (n <= 0 || memcmp(buffer, c->message + c->got, n) != 0)
        return -1;
    c->got += n;
    return c->got == opt.batch;
}

static void create_conns(void)
{
    all = calloc(opt.conns, sizeof *all);
    char *messages = malloc((size_t)opt.conns * opt.batch);
    if (!all || !messages)
        die("malloc");
    for (size_t i = 0; i < (size_t)opt.conns * opt.batch; i++)
        messages[i] = (char)(i * 31);
    for (int i = 0; i < opt.conns; i++)
        all[i] = (struct conn){.fd = -1, .message = messages + (size_t)i * opt.batch};
}

// Blocking, with time limits: for the connections opened before anything is measured.
static void connect_blocking(struct conn *c)
{
    struct timeval limit = {.tv_sec = 10};
    c->fd = new_socket(0);
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); // bounds connect too
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(c->fd, (struct sockaddr *)&opt.server, sizeof opt.server) < 0)
        die("connect");
}

static void connect_all(uint32_t events)
{
    for (int i = 0; i < opt.conns; i++) {
        connect_blocking(&all[i]);
        if (fcntl(all[i].fd, F_SETFL, O_NONBLOCK) < 0)
            die("fcntl");
        watch(&all[i], events);
    }
}

// ---------------------------------------------------------------- the measured run

static void reset_window(void)
{
    memset(histogram, 0, sizeof histogram);
    slowest = done = moved = 0; // errors stay: one in the warm-up is an error all the same
}

// A server that forgot a connection would otherwise go unnoticed among the others.
static void count_stalled(uint64_t at)
{
    for (int i = 0; i < opt.conns; i++)
        if (all[i].fd >= 0 && at - all[i].started > SECOND)
            count_error();
}

static void report_server(double per, const char *key, uint64_t cpu, double seconds)
{
    if (opt.server_pid)
        printf(" %s=%.3f server_core_busy=%.3f", key, per > 0 ? cpu / per : 0, cpu / 1e9 / seconds);
    say("");
}

static void report(const char *unit, const char *rate, double seconds, uint64_t cpu)
{
    printf("%s=%llu seconds=%.3f %s=%.0f p50_us=%.1f p99_us=%.1f p999_us=%.1f max_us=%.1f errors=%llu", unit,
           (unsigned long long)done, seconds, rate, done / seconds, percentile_us(50), percentile_us(99),
           percentile_us(99.9), slowest / 1e3, (unsigned long long)errors);
    report_server(done * 1e3, "server_cpu_us_per_req", cpu, seconds);
}

struct window { // what was measured
    double seconds;
    uint64_t cpu; // of the server, in nanoseconds
};

// Serves from now until the end, and measures what is completed between warm-up and end. `always`,
// if there is one, is called between any two looks at the sockets.
static struct window drive(void (*serve)(struct conn *), void (*always)(void))
{
    struct epoll_event events[MAX_EVENTS];
    uint64_t begin = now() + opt.warmup * SECOND, end = begin + opt.seconds * SECOND, cpu = 0, at;
    bool measuring = false;
    for (;;) {
        // Never sleeps: else every answer that finds the driver asleep would charge the server
        // for waking it, and the more so the faster the server is.
        int n = epoll_wait(ep, events, MAX_EVENTS, 0);
        for (int i = 0; i < n; i++)
            serve(events[i].data.ptr);
        if (always)
            always();
        at = now();
        if (!measuring && at >= begin) {
            say("measuring");
            measuring = true;
            reset_window();
            cpu = server_cpu();
            begin = now();
        } else if (measuring && at >= end) {
            break;
        }
    }
    cpu = server_cpu() - cpu;
    at = now();
    say("done");
    return (struct window){(at - begin) / 1e9, cpu};
}

// For the modes in which an answer follows every request.
static void drive_requests(void (*serve)(struct conn *), const char *unit, const char *rate)
{
    struct window w = drive(serve, NULL);
    count_stalled(now());
    report(unit, rate, w.seconds, w.cpu);
}

// ---------------------------------------------------------------- echo

static void give_up(struct conn *c)
{
    count_error();
    close(c->fd);
    c->fd = -1;
}

static void echo_send(struct conn *c)
{
    if (send_message(c) != 1)
        give_up(c);
}

// Each message of a batch is complete when its last byte is back, though the next batch waits for all.
static void echo_serve(struct conn *c)
{
    int before = c->got / opt.size, result = receive_echo(c);
    if (result < 0) {
        give_up(c);
        return;
    }
    int messages = c->got / opt.size - before;
    if (!messages)
        return;
    uint64_t at = now();
    while (messages--)
        record(at - c->started);
    if (result > 0) {
        c->started = at;
        echo_send(c);
    }
}

static void run_echo(void)
{
    connect_all(EPOLLIN | EPOLLET);
    for (int i = 0; i < opt.conns; i++) {
        all[i].started = now();
        echo_send(&all[i]);
    }
    drive_requests(echo_serve, "requests", "rps");
}

// ---------------------------------------------------------------- open

// Message k of all is due at epoch + k / rate, on connection k % conns. Its latency counts from then
// on, also if it could not be sent in time: a stall of the server delays all messages due in it.
static uint64_t open_epoch, open_next, open_late;

static uint64_t number_of(struct conn *c, uint64_t turn)
{
    return turn * opt.conns + (c - all);
}

static uint64_t due_time(uint64_t number)
{
    return open_epoch + (uint64_t)(number * (SECOND / opt.rate));
}

// What does not fit the socket goes out when there is room again.
static void open_send(struct conn *c)
{
    char message[MAX_SIZE];
    while (c->fd >= 0 && c->out < c->due) {
        uint64_t number = number_of(c, c->out);
        memcpy(message, c->message, opt.size);
        memcpy(message, &number, sizeof number);
        ssize_t n = send(c->fd, message + c->part, opt.size - c->part, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0) {
            give_up(c);
            return;
        }
        c->part += n;
        if (c->part == opt.size) {
            c->part = 0;
            c->out++;
        }
    }
}

static void open_send_due(void)
{
    uint64_t at = now(), due;
    // Few at a time, so that a driver that is late still looks at what comes back.
    for (int i = 0; i < MAX_EVENTS && (due = due_time(open_next)) <= at; i++) {
        struct conn *c = &all[open_next++ % opt.conns];
        if (at - due > open_late)
            open_late = at - due; // the driver's own share of the latency
        c->due++;
        open_send(c);
    }
}

static bool open_take(struct conn *c, const char *data, int len)
{
    while (len > 0) {
        uint64_t number = number_of(c, c->back);
        int n = len < opt.size - c->got ? len : opt.size - c->got;
        memcpy(c->message, &number, sizeof number);
        if (c->back == c->out && c->got + n > c->part)
            return false; // more than was sent
        if (memcmp(data, c->message + c->got, n) != 0)
            return false;
        c->got += n;
        data += n;
        len -= n;
        if (c->got == opt.size) {
            record(now() - due_time(number));
            c->got = 0;
            c->back++;
        }
    }
    return true;
}

static void open_serve(struct conn *c)
{
    static char buffer[MAX_SIZE];
    ssize_t n = sizeof buffer;
    while (c->fd >= 0 && n == sizeof buffer) { // less was there: the socket is empty, and the next data an event
        n = recv(c->fd, buffer, sizeof buffer, 0);
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0 || !open_take(c, buffer, n))
            give_up(c);
    }
    open_send(c);
}

static void run_open(void)
{
    int one = 1;
    connect_all(EPOLLIN | EPOLLOUT | EPOLLET);
    for (int i = 0; i < opt.conns; i++) // several messages may be on their way
        setsockopt(all[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    open_epoch = now();
    struct window w = drive(open_serve, open_send_due);
    uint64_t at = now();
    for (int i = 0; i < opt.conns; i++)
        if (all[i].fd >= 0 && all[i].back < all[i].due && at - due_time(number_of(&all[i], all[i].back)) > SECOND)
            count_error();
    printf("rate=%.0f late_max_us=%.1f ", opt.rate, open_late / 1e3);
    report("requests", "rps", w.seconds, w.cpu);
}

// ---------------------------------------------------------------- bulk

// The bytes come from a file in memory by sendfile(2): the driver does not copy them, the server does.
enum { BULK_FILE = 1 << 20 };
static int bulk_file;

static void bulk_serve(struct conn *c)
{
    off_t offset = 0;
    ssize_t n = sendfile(c->fd, bulk_file, &offset, BULK_FILE);
    if (n > 0)
        moved += n;
    else if (n == 0 || errno != EAGAIN)
        give_up(c);
}

// Whoever has read everything finds the end of it, and closes.
static void bulk_end(struct conn *c)
{
    char byte;
    struct pollfd closed = {.fd = c->fd, .events = POLLIN};
    if (c->fd < 0)
        return;
    if (shutdown(c->fd, SHUT_WR) < 0 || poll(&closed, 1, 5000) != 1 || recv(c->fd, &byte, 1, 0) != 0)
        count_error();
}

static void run_bulk(void)
{
    bulk_file = memfd_create("bulk", MFD_CLOEXEC);
    if (bulk_file < 0 || ftruncate(bulk_file, BULK_FILE) < 0)
        die("memfd_create");
    connect_all(EPOLLOUT);
    struct window w = drive(bulk_serve, NULL);
    for (int i = 0; i < opt.conns; i++)
        bulk_end(&all[i]);
    printf("bytes=%llu seconds=%.3f mib_per_s=%.1f errors=%llu", (unsigned long long)moved, w.seconds,
           moved / w.seconds / (1 << 20), (unsigned long long)errors);
    report_server(moved / (double)(1 << 30) * 1e6, "server_cpu_ms_per_gib", w.cpu, w.seconds);
}

// ---------------------------------------------------------------- churn

// A request and its answer: a message and its echo, or what HTTP has.
static int (*send_request)(struct conn *) = send_message;
static int (*receive_answer)(struct conn *) = receive_echo;

// On loopback the handshake is usually over when connect returns, and the request can follow at
// once; otherwise the first event says when.
static void churn_start(struct conn *c)
{
    for (;;) {
        c->fd = new_socket(SOCK_NONBLOCK);
        c->started = now();
        if (connect(c->fd, (struct sockaddr *)&opt.server, sizeof opt.server) == 0 || errno == EINPROGRESS) {
            int result = send_request(c);
            if (result >= 0) {
                c->sent = result;
                watch(c, EPOLLET | EPOLLIN | (c->sent ? 0 : EPOLLOUT));
                return;
            }
        }
        give_up(c); // and try again; count_error ends a hopeless run
    }
}

static void churn_serve(struct conn *c)
{
    int result = 0;
    if (!c->sent) {
        result = send_request(c);
        c->sent = result > 0;
    }
    if (c->sent)
        result = receive_answer(c);
    if (result < 0) {
        give_up(c);
        churn_start(c);
    } else if (result > 0) {
        record(now() - c->started);
        close(c->fd); // an ordinary FIN
        churn_start(c);
    }
}

static void run_churn(void)
{
    for (int i = 0; i < opt.conns; i++)
        churn_start(&all[i]);
    drive_requests(churn_serve, "connections", "cps");
}

// ---------------------------------------------------------------- http

static int http_send(struct conn *c)
{
    static const char keep[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      close[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    c->got = 0;
    return opt.close ? send_whole(c, close, sizeof close - 1) : send_whole(c, keep, sizeof keep - 1);
}

// 1: a whole response, as its Content-Length says; 0: some is missing; -1: not a good one.
static int http_check(const struct conn *c)
{
    static const char status[] = "HTTP/1.1 200 ", field[] = "\r\nContent-Length:";
    const char *end = strstr(c->message, "\r\n\r\n"), *length;
    if (!end)
        return 0;
    length = strcasestr(c->message, field);
    if (strncmp(c->message, status, sizeof status - 1) != 0 || !length || length > end)
        return -1;
    long missing = end + 4 + atoi(length + sizeof field - 1) - (c->message + c->got);
    return missing > 0 ? 0 : missing == 0 ? 1 : -1;
}

// As receive_echo. A response that the server closes behind is complete when it has done so.
static int http_receive(struct conn *c)
{
    for (;;) {
        ssize_t n = recv(c->fd, c->message + c->got, opt.size - 1 - c->got, 0);
        if (n < 0)
            return errno == EAGAIN ? 0 : -1;
        if (n == 0) // or there is no more room
            return opt.close && c->got && http_check(c) > 0 ? 1 : -1;
        c->got += n;
        c->message[c->got] = 0;
        int result = http_check(c);
        if (result < 0 || (result > 0 && !opt.close))
            return result;
    }
}

static void http_serve(struct conn *c)
{
    int result = http_receive(c);
    if (result > 0) {
        uint64_t at = now();
        record(at - c->started);
        c->started = at;
        result = http_send(c) == 1 ? 0 : -1;
    }
    if (result < 0)
        give_up(c);
}

static void run_http(void)
{
    send_request = http_send;
    receive_answer = http_receive;
    if (opt.close) {
        run_churn();
        return;
    }
    connect_all(EPOLLIN | EPOLLET);
    for (int i = 0; i < opt.conns; i++) {
        all[i].started = now();
        if (http_send(&all[i]) != 1)
            give_up(&all[i]);
    }
    drive_requests(http_serve, "requests", "rps");
}

// ---------------------------------------------------------------- idle

static void echo_once(struct conn *c)
{
    int result;
    connect_blocking(c);
    if (send_message(c) != 1)
        die("send");
    do
        errno = 0;
    while ((result = receive_echo(c)) == 0 && errno == 0); // EAGAIN: the time limit passed
    if (result != 1) {
        fprintf(stderr, "load: no proper echo\n");
        exit(1);
    }
}

static int count_lost(void)
{
    int lost = 0;
    char byte;
    for (int i = 0; i < opt.conns; i++)
        if (recv(all[i].fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN)
            lost++; // an end of stream, a reset, or bytes nobody asked for
    return lost;
}

static void run_idle(void)
{
    for (int i = 0; i < opt.conns; i++)
        echo_once(&all[i]);
    printf("ready conns=%d\n", opt.conns);
    fflush(stdout);
    struct pollfd stdin_closed = {.fd = STDIN_FILENO, .events = POLLIN};
    poll(&stdin_closed, 1, opt.seconds * 1000);
    printf("conns=%d lost=%d\n", opt.conns, count_lost());
}

// ---------------------------------------------------------------- command line

static void usage(void)
{
    fprintf(stderr, "usage: load echo|open|churn|http|bulk|idle HOST PORT [--conns N] [--size BYTES] [--depth N] "
                    "[--rate PER_SECOND] [--close] [--seconds S] [--warmup S] [--server-pid PID]\n");
    exit(2);
}

static void parse(int argc, char **argv)
{
    static const struct option known[] = {
        {"conns", required_argument, NULL, 'c'},   {"size", required_argument, NULL, 's'},
        {"seconds", required_argument, NULL, 't'}, {"warmup", required_argument, NULL, 'w'},
        {"server-pid", required_argument, NULL, 'p'}, {"depth", required_argument, NULL, 'd'},
        {"rate", required_argument, NULL, 'r'},    {"close", no_argument, &opt.close, 1}, {0}};
    int o;
    while ((o = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (o) {
        case 0: break; // stored where the table says
        case 'c': opt.conns = atoi(optarg); break;
        case 's': opt.size = atoi(optarg); break;
        case 't': opt.seconds = atof(optarg); break;
        case 'w': opt.warmup = atof(optarg); break;
        case 'p': opt.server_pid = atoi(optarg); break;
        case 'd': opt.depth = atoi(optarg); break;
        case 'r': opt.rate = atof(optarg); break;
        default: usage();
        }
    }
    if (argc - optind != 3 || inet_pton(AF_INET, argv[optind + 1], &opt.server.sin_addr) != 1)
        usage();
    opt.server.sin_family = AF_INET;
    opt.server.sin_port = htons(atoi(argv[optind + 2]));
    if (opt.conns < 1 || opt.size < MIN_SIZE || opt.size > MAX_SIZE || opt.seconds < 0 || opt.warmup < 0 ||
        opt.depth < 1 || opt.depth > MAX_SIZE / opt.size || (opt.depth > 1 && strcmp(argv[optind], "echo") != 0) ||
        opt.rate <= 0 || (opt.close && strcmp(argv[optind], "http") != 0))
        usage();
    opt.batch = opt.size * opt.depth;
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
        int conns, size;
        double seconds;
    } modes[] = {{"echo", run_echo, 100, 64, 5},
                 {"open", run_open, 100, 64, 5},
                 {"churn", run_churn, 32, 64, 5},
                 {"http", run_http, 100, 1024, 5},
                 {"bulk", run_bulk, 4, 64, 5},
                 {"idle", run_idle, 15000, 64, 3}};

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (argc < 2 || strcmp(argv[1], modes[i].name) != 0)
            continue;
        opt.conns = modes[i].conns;
        opt.seconds = modes[i].seconds;
        opt.size = modes[i].size;
        opt.depth = 1;
        opt.rate = 10000;
        parse(argc, argv);
        raise_file_limit();
        signal(SIGPIPE, SIG_IGN); // sendfile has no flag for it
        ep = epoll_create1(EPOLL_CLOEXEC);
        if (ep < 0)
            die("epoll_create1");
        create_conns();
        modes[i].run();
        return 0;
    }
    usage();
}
