/*
 * launch NUMBER ERRNO PROGRAM [ARGUMENT...]: runs PROGRAM in a process in which system call NUMBER fails with ERRNO, as under a seccomp
 * filter of a container. NUMBER 0: no filter; but no memory may be locked, as with `ulimit -l 0`.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int deny(unsigned int number, unsigned int code)
{
    /* The processor is not looked at: the caller gives the number that the call has on this one. */
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) : -1;
}

int main(int count, char **words)
{
    if (count < 4) {
        fputs("usage: launch NUMBER ERRNO PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }

    unsigned int number = (unsigned int)atoi(words[1]);
    struct rlimit none = { 0, 0 };
    if ((number != 0 ? deny(number, (unsigned int)atoi(words[2])) : setrlimit(RLIMIT_MEMLOCK, &none)) != 0) {
        perror("launch");
        return 125;
    }

    execv(words[3], words + 3);
    perror(words[3]);
    return 127;
}
