// The load driver: one thread, one epoll set, three modes.
//
//   load echo  HOST PORT [--conns 100] [--size 64] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load churn HOST PORT [--conns 32]  [--size 64] [--seconds 5] [--warmup 0] [--server-pid PID]
//   load idle  HOST PORT [--conns 15000] [--size 64] [--seconds 3]
//
// echo  keeps one message in flight on every connection.
// churn opens a connection, has one message echoed, closes it, and opens the next.
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
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

// A message of MAX_SIZE always fits an empty send buffer, so no send has to be resumed.
// MAX_EVENTS is small because in trials short batches kept the server's core busier than long ones.
enum { MIN_SIZE = 8, MAX_SIZE = 16384, MAX_EVENTS = 16, MAX_ERRORS = 1000 };
static const uint64_t SECOND = 1000000000;

struct conn {
    int fd;
    int got;          // bytes of the echo received so far
    bool sent;        // churn: the message has gone out
    uint64_t started; // when the request in flight began
    char *message;    // what was sent, and so what must come back
};

static struct {
    struct sockaddr_in server;
    int conns, size;
    double seconds, warmup;
    pid_t server_pid;
} opt;

static int ep;
static uint64_t done, errors;
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
// message in flight there is nothing for TCP_NODELAY to do.
static int new_socket(int flags)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", strlen("reno")); // not there: no harm
    bind_next_source(fd);
    return fd;
}

static void watch(struct conn *c, uint32_t events)
{
    // Edge triggered: the kernel does not have to look again at a connection that was served.
    struct epoll_event ev = {.events = events | EPOLLET, .data.ptr = c};
    if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev) < 0)
        die("epoll_ctl");
}

// Makes the messages differ, so that an echo of another connection's or an older message shows.
static void stamp(struct conn *c)
{
    static uint64_t number;
    number++;
    memcpy(c->message, &number, sizeof number);
    c->got = 0;
}

// 1: the whole message went out; 0: not yet possible; -1: failed.
static int send_message(struct conn *c)
{
    ssize_t n = send(c->fd, c->message, opt.size, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN)
        return 0;
    return n == opt.size ? 1 : -1;
}

// 1: the whole echo has come; 0: some is missing; -1: failed, closed, or other bytes than sent.
static int receive_echo(struct conn *c)
{
    static char buffer[MAX_SIZE];
    ssize_t n = recv(c->fd, buffer, opt.size - c->got, 0);
    if (n < 0 && errno == EAGAIN)
        return 0;
    if (n <= 0 || memcmp(buffer, c->message + c->got, n) != 0)
        return -1;
    c->got += n;
    return c->got == opt.size;
}

static void create_conns(void)
{
    all = calloc(opt.conns, sizeof *all);
    char *messages = malloc((size_t)opt.conns * opt.size);
    if (!all || !messages)
        die("malloc");
    for (size_t i = 0; i < (size_t)opt.conns * opt.size; i++)
        messages[i] = (char)(i * 31);
    for (int i = 0; i < opt.conns; i++)
        all[i] = (struct conn){.fd = -1, .message = messages + (size_t)i * opt.size};
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

// ---------------------------------------------------------------- the measured run

static void reset_window(void)
{
    memset(histogram, 0, sizeof histogram);
    slowest = done = 0; // errors stay: one in the warm-up is an error all the same
}

// A server that forgot a connection would otherwise go unnoticed among the others.
static void count_stalled(uint64_t at)
{
    for (int i = 0; i < opt.conns; i++)
        if (all[i].fd >= 0 && at - all[i].started > SECOND)
            count_error();
}

static void report(const char *unit, const char *rate, double seconds, uint64_t cpu)
{
    printf("%s=%llu seconds=%.3f %s=%.0f p50_us=%.1f p99_us=%.1f p999_us=%.1f max_us=%.1f errors=%llu", unit,
           (unsigned long long)done, seconds, rate, done / seconds, percentile_us(50), percentile_us(99),
           percentile_us(99.9), slowest / 1e3, (unsigned long long)errors);
    if (opt.server_pid)
        printf(" server_cpu_us_per_req=%.3f server_core_busy=%.3f", done ? cpu / 1e3 / done : 0, cpu / 1e9 / seconds);
    say("");
}

// Counts what `serve` completes between warm-up and end.
static void drive(void (*serve)(struct conn *), const char *unit, const char *rate)
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
    count_stalled(at);
    say("done");
    report(unit, rate, (at - begin) / 1e9, cpu);
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
    stamp(c);
    if (send_message(c) != 1)
        give_up(c);
}

static void echo_serve(struct conn *c)
{
    int result = receive_echo(c);
    if (result < 0)
        give_up(c);
    if (result <= 0)
        return;
    uint64_t at = now();
    record(at - c->started);
    c->started = at;
    echo_send(c);
}

static void run_echo(void)
{
    for (int i = 0; i < opt.conns; i++) {
        connect_blocking(&all[i]);
        if (fcntl(all[i].fd, F_SETFL, O_NONBLOCK) < 0)
            die("fcntl");
        watch(&all[i], EPOLLIN);
    }
    for (int i = 0; i < opt.conns; i++) {
        all[i].started = now();
        echo_send(&all[i]);
    }
    drive(echo_serve, "requests", "rps");
}

// ---------------------------------------------------------------- churn

// On loopback the handshake is usually over when connect returns, and the message can follow at
// once; otherwise the first event says when.
static void churn_start(struct conn *c)
{
    for (;;) {
        c->fd = new_socket(SOCK_NONBLOCK);
        c->started = now();
        stamp(c);
        if (connect(c->fd, (struct sockaddr *)&opt.server, sizeof opt.server) == 0 || errno == EINPROGRESS) {
            int result = send_message(c);
            if (result >= 0) {
                c->sent = result;
                watch(c, c->sent ? EPOLLIN : EPOLLIN | EPOLLOUT);
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
        result = send_message(c);
        c->sent = result > 0;
    }
    if (c->sent)
        result = receive_echo(c);
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
    drive(churn_serve, "connections", "cps");
}

// ---------------------------------------------------------------- idle

static void echo_once(struct conn *c)
{
    int result;
    connect_blocking(c);
    stamp(c);
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
    fprintf(stderr, "usage: load echo|churn|idle HOST PORT [--conns N] [--size BYTES] [--seconds S] [--warmup S] "
                    "[--server-pid PID]\n");
    exit(2);
}

static void parse(int argc, char **argv)
{
    static const struct option known[] = {
        {"conns", required_argument, NULL, 'c'},   {"size", required_argument, NULL, 's'},
        {"seconds", required_argument, NULL, 't'}, {"warmup", required_argument, NULL, 'w'},
        {"server-pid", required_argument, NULL, 'p'}, {0}};
    int o;
    while ((o = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (o) {
        case 'c': opt.conns = atoi(optarg); break;
        case 's': opt.size = atoi(optarg); break;
        case 't': opt.seconds = atof(optarg); break;
        case 'w': opt.warmup = atof(optarg); break;
        case 'p': opt.server_pid = atoi(optarg); break;
        default: usage();
        }
    }
    if (argc - optind != 3 || inet_pton(AF_INET, argv[optind + 1], &opt.server.sin_addr) != 1)
        usage();
    opt.server.sin_family = AF_INET;
    opt.server.sin_port = htons(atoi(argv[optind + 2]));
    if (opt.conns < 1 || opt.size < MIN_SIZE || opt.size > MAX_SIZE || opt.seconds < 0 || opt.warmup < 0)
        usage();
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
        int conns;
        double seconds;
    } modes[] = {{"echo", run_echo, 100, 5}, {"churn", run_churn, 32, 5}, {"idle", run_idle, 15000, 3}};

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (argc < 2 || strcmp(argv[1], modes[i].name) != 0)
            continue;
        opt.conns = modes[i].conns;
        opt.seconds = modes[i].seconds;
        opt.size = 64;
        parse(argc, argv);
        raise_file_limit();
        ep = epoll_create1(EPOLL_CLOEXEC);
        if (ep < 0)
            die("epoll_create1");
        create_conns();
        modes[i].run();
        return 0;
    }
    usage();
}
