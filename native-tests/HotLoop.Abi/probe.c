/*
 * Prints what the system's C headers say, one fact a line:
 *
 *     constant NAME VALUE      missing NAME
 *     sizeof TYPE BYTES        offset STRUCT.FIELD BYTES        width STRUCT.FIELD BYTES
 *     text NUMBER TEXT         libc NAME
 *
 * What to print stands in names.h, which the tests generate from the names in src/HotLoop/Native, and from what it uses of Tmds.LibC: a constant that is
 * added there is probed without a change here, as long as its header is included below.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A parameter that is used with # is not expanded, so the name is printed and not its value. */
#define CONSTANT(name, value) printf("constant %s %lld\n", #name, (long long)(value));
#define MISSING(name) printf("missing %s\n", #name);
#define SIZE(name, type) printf("sizeof %s %zu\n", #name, sizeof(type));
#define FIELD(type, field, in_c) \
    printf("offset %s.%s %zu\n", #type, #field, offsetof(struct type, in_c)); \
    printf("width %s.%s %zu\n", #type, #field, sizeof(((struct type *)0)->in_c));
#define TEXT(number) printf("text %d %s\n", number, strerror(number));

/*
 * io_uring's enumerators are no macros, so "defined" does not see them. All of these are older than this macro, of Linux 6.0; headers
 * that lack it are said to have none of them, and none of the structures.
 */
#ifdef IORING_RECV_MULTISHOT
#define HAS_IO_URING
#define IORING_OP_POLL_ADD IORING_OP_POLL_ADD
#define IORING_OP_ACCEPT IORING_OP_ACCEPT
#define IORING_OP_ASYNC_CANCEL IORING_OP_ASYNC_CANCEL
#define IORING_OP_RECV IORING_OP_RECV
#define IORING_REGISTER_ENABLE_RINGS IORING_REGISTER_ENABLE_RINGS
#define IORING_REGISTER_PBUF_RING IORING_REGISTER_PBUF_RING
#define IORING_CQE_BUFFER_SHIFT IORING_CQE_BUFFER_SHIFT
#endif

/* Reserved fields that got a use later, and a name: told by a macro of the same version of Linux, 6.5 and 6.12. */
#ifdef IORING_SETUP_NO_MMAP
#define BUF_REG_FLAGS flags
#else
#define BUF_REG_FLAGS pad
#endif
#ifdef IORING_FEAT_MIN_TIMEOUT
#define GETEVENTS_PAD min_wait_usec
#else
#define GETEVENTS_PAD pad
#endif

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
