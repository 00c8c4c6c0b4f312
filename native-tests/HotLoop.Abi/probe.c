/*
 * Prints what the system's C headers say, one fact a line:
 *
 *     constant NAME VALUE      missing NAME
 *     sizeof TYPE BYTES        offset STRUCT.FIELD BYTES        width STRUCT.FIELD BYTES
 *     text NUMBER TEXT         libc NAME
 *
 * What to print stands in names.h, which the tests generate from the names in src/HotLoop/Native: a constant that is
 * added there is probed without a change here, as long as its header is included below.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

/* A parameter that is used with # is not expanded, so the name is printed and not its value. */
#define CONSTANT(name, value) printf("constant %s %lld\n", #name, (long long)(value));
#define MISSING(name) printf("missing %s\n", #name);
#define SIZE(type) printf("sizeof %s %zu\n", #type, sizeof(type));
#define FIELD(type, field) \
    printf("offset %s.%s %zu\n", #type, #field, offsetof(struct type, field)); \
    printf("width %s.%s %zu\n", #type, #field, sizeof(((struct type *)0)->field));
#define TEXT(number) printf("text %d %s\n", number, strerror(number));

int main(void)
{
#ifdef __GLIBC__
    puts("libc gnu");
#else
    puts("libc other");
#endif
#include "names.h"
    return 0;
}
