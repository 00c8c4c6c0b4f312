/* Preloaded: the wall clock, as clock_gettime has it, jumps by two hours, forth and back, 66 times a second. The monotonic clocks are left alone. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        struct timespec now;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
        time->tv_sec += now.tv_nsec / 15000000 % 2 ? 3600 : -3600;
    }
    return result;
}
