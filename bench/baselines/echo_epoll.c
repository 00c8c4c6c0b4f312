// A plain single-threaded epoll echo server in C: the yardstick for the others.
// Usage: echo_epoll PORT [echo|discard]

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, ECHO_SIZE = 4 << 10, DISCARD_SIZE = 64 << 10, BACKLOG = 4096 };

struct conn {
    int fd;
    char *rest; // bytes a short write left over; NULL while there are none
    size_t rest_len, rest_off;
};

static int ep;
static bool discard;
static size_t buffer_size;
static char buffer[DISCARD_SIZE]; // shared: a connection owns memory only while it has a rest

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int op, int fd, unsigned events, struct conn *c)
{
    struct epoll_event ev = {.events = events, .data.ptr = c};
    if (epoll_ctl(ep, op, fd, &ev) < 0)
        die("epoll_ctl");
}

static void drop(struct conn *c)
{
    close(c->fd); // takes it out of the epoll set too
    free(c->rest);
    free(c);
}

static void accept_all(int listener)
{
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct conn *c = calloc(1, sizeof *c);
        if (!c)
            die("calloc");
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(EPOLL_CTL_ADD, fd, EPOLLIN, c);
    }
    if (errno != EAGAIN && errno != ECONNABORTED)
        perror("accept4");
}

// While a rest waits, the connection is not read: a slow reader slows only itself.
static void keep_rest(struct conn *c, const char *data, size_t len)
{
    c->rest = malloc(len);
    if (!c->rest)
        die("malloc");
    memcpy(c->rest, data, len);
    c->rest_len = len;
    c->rest_off = 0;
    watch(EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
}

static void serve(struct conn *c)
{
    ssize_t n = recv(c->fd, buffer, buffer_size, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        drop(c);
        return;
    }
    if (discard)
        return;
    ssize_t sent = send(c->fd, buffer, n, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN)
        sent = 0;
    if (sent < 0)
        drop(c);
    else if (sent < n)
        keep_rest(c, buffer + sent, n - sent);
}

static void flush_rest(struct conn *c)
{
    ssize_t sent = send(c->fd, c->rest + c->rest_off, c->rest_len - c->rest_off, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN)
            drop(c);
        return;
    }
    c->rest_off += sent;
    if (c->rest_off < c->rest_len)
        return;
    free(c->rest);
    c->rest = NULL;
    watch(EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
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

int main(int argc, char **argv)
{
    discard = argc == 3 && strcmp(argv[2], "discard") == 0;
    if (argc < 2 || argc > 3 || (argc == 3 && !discard && strcmp(argv[2], "echo") != 0)) {
        fprintf(stderr, "usage: %s PORT [echo|discard]\n", argv[0]);
        return 2;
    }
    buffer_size = discard ? DISCARD_SIZE : ECHO_SIZE;
    int listener = listen_on(atoi(argv[1]));
    ep = epoll_create1(EPOLL_CLOEXEC);
    if (ep < 0)
        die("epoll_create1");
    watch(EPOLL_CTL_ADD, listener, EPOLLIN, NULL); // no connection: this is the listener
    puts("listening");
    fflush(stdout);

    struct epoll_event events[MAX_EVENTS];
    for (;;) {
        int n = epoll_wait(ep, events, MAX_EVENTS, -1);
        if (n < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < n; i++) {
            struct conn *c = events[i].data.ptr;
            if (!c)
                accept_all(listener);
            else if (c->rest)
                flush_rest(c);
            else
                serve(c);
        }
    }
}
