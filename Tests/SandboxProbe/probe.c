#define _GNU_SOURCE
#include "SandboxProbe.h"

#include <CMediaHost.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    const char *name;
    int is_ordinary;
    long number;
    long arguments[6];
} call;

#define ORDINARY(name, ...) {#name, 1, SYS_##name, {__VA_ARGS__}}
#define PRIVILEGED(name, ...) {#name, 0, SYS_##name, {__VA_ARGS__}}
#define NAMED(text, name, ...) {text, 1, SYS_##name, {__VA_ARGS__}}
#define HERE AT_FDCWD

enum { CALLS_MAX = 128, NOBODY = 0x3fffffff };

static const char dev_null[] = "/dev/null", nowhere[] = "/nowhere/file";
#define NULL_FILE (long)dev_null
#define NOWHERE (long)nowhere

/* Arguments are such that an ordinary call succeeds without effect or fails for a reason of its own. */
static int list(call *out) {
    static int pair[2];
    static char byte;
    static struct { void *at; size_t size; } here = {&byte, 1};
    static struct rlimit64_like { uint64_t soft, hard; } limit;
    long parent = getppid(), own = getpid(), where = (long)&here;
    const call calls[] = {
        ORDINARY(socket, AF_INET, SOCK_STREAM), NAMED("socket unix", socket, AF_UNIX, SOCK_STREAM),
        ORDINARY(socketpair, AF_UNIX, SOCK_STREAM, 0, (long)pair), ORDINARY(connect, -1), ORDINARY(bind, -1),
        ORDINARY(listen, -1), ORDINARY(accept, -1), ORDINARY(accept4, -1), ORDINARY(sendto, -1), ORDINARY(sendmsg, -1),
        ORDINARY(sendmmsg, -1), ORDINARY(recvfrom, -1), ORDINARY(recvmsg, -1), ORDINARY(setsockopt, -1),
        ORDINARY(execve), ORDINARY(execveat, HERE), ORDINARY(clone, SIGCHLD), PRIVILEGED(unshare, 0),
        PRIVILEGED(setns, -1), ORDINARY(setpgid, own, own), PRIVILEGED(setsid), ORDINARY(prctl, 15, NOWHERE),
        ORDINARY(process_vm_readv, own, where, 1, where, 1), ORDINARY(process_vm_writev, own, where, 1, where, 1),
        PRIVILEGED(ptrace, 0x4206, NOBODY), ORDINARY(pidfd_open, parent), ORDINARY(pidfd_send_signal, -1),
        ORDINARY(kill, parent), NAMED("kill itself", kill, own), ORDINARY(tkill, parent),
        ORDINARY(tgkill, parent, parent), ORDINARY(rt_sigqueueinfo, parent, 0, 0),
        ORDINARY(rt_tgsigqueueinfo, parent, parent, 0, 0), ORDINARY(prlimit64, parent, 7, 0, (long)&limit),
        ORDINARY(sched_setaffinity, 0), ORDINARY(sched_setscheduler, 0, -1), ORDINARY(setpriority, 0, 0, 19),
        ORDINARY(ioprio_set, 0), PRIVILEGED(setuid, 0), ORDINARY(capset, 0),
        NAMED("open to write", openat, HERE, NULL_FILE, O_WRONLY),
        NAMED("open to change", openat, HERE, NULL_FILE, O_RDWR),
        NAMED("open truncated", openat, HERE, NULL_FILE, O_TRUNC),
        NAMED("create", openat, HERE, NOWHERE, O_CREAT, 0600),
        ORDINARY(openat2, HERE, NULL_FILE), ORDINARY(truncate, NOWHERE), ORDINARY(ftruncate, -1), ORDINARY(pwrite64, -1),
        ORDINARY(fallocate, -1), ORDINARY(unlinkat, HERE, NOWHERE), ORDINARY(renameat2, HERE, NOWHERE, HERE, NOWHERE),
        ORDINARY(linkat, HERE, NOWHERE, HERE, NOWHERE), ORDINARY(symlinkat, NOWHERE, HERE, NOWHERE),
        ORDINARY(mkdirat, HERE, NOWHERE), PRIVILEGED(mknodat, HERE, NOWHERE), ORDINARY(fchmod, -1),
        ORDINARY(fchmodat, HERE, NOWHERE), ORDINARY(fchown, -1), ORDINARY(fchownat, HERE, NOWHERE),
        ORDINARY(utimensat, -1), ORDINARY(setxattr, NOWHERE, NOWHERE), ORDINARY(lsetxattr, NOWHERE, NOWHERE),
        ORDINARY(fsetxattr, -1, NOWHERE), ORDINARY(removexattr, NOWHERE, NOWHERE),
        ORDINARY(lremovexattr, NOWHERE, NOWHERE), ORDINARY(fremovexattr, -1, NOWHERE),
        ORDINARY(copy_file_range, -1, 0, -1), ORDINARY(sendfile, -1, -1), ORDINARY(splice, -1, 0, -1),
        ORDINARY(chdir, NOWHERE),
        ORDINARY(getdents64, -1), ORDINARY(ioctl, -1), NAMED("own the signals of a file", fcntl, 0, 8, own),
        ORDINARY(flock, -1), ORDINARY(inotify_init1, 0), PRIVILEGED(fanotify_init, 0), PRIVILEGED(mount),
        PRIVILEGED(umount2), PRIVILEGED(pivot_root), PRIVILEGED(chroot, NOWHERE), PRIVILEGED(open_by_handle_at, -1),
        PRIVILEGED(bpf), PRIVILEGED(perf_event_open), PRIVILEGED(userfaultfd, 0x7fff), PRIVILEGED(io_uring_enter, -1),
        PRIVILEGED(io_uring_setup), PRIVILEGED(add_key, 0), PRIVILEGED(request_key, 0), PRIVILEGED(keyctl, 9999),
        PRIVILEGED(reboot), PRIVILEGED(init_module), PRIVILEGED(finit_module, -1), PRIVILEGED(kexec_load),
        PRIVILEGED(delete_module), PRIVILEGED(syslog, 9), ORDINARY(personality, 0xffffffff), ORDINARY(memfd_create, 0),
        ORDINARY(shmget, 0, 0, 0), ORDINARY(msgget, 0, 0), ORDINARY(semget, 0, 0, 0), ORDINARY(mq_open, 0),
        ORDINARY(timer_create, 9999), ORDINARY(eventfd2, 0, 0), ORDINARY(dup3, -1), ORDINARY(seccomp, 9999),
        NAMED("map code", mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        NAMED("make code", mprotect, 0, 0, PROT_READ | PROT_EXEC),
#ifdef __x86_64__
        ORDINARY(open, NULL_FILE, O_WRONLY), ORDINARY(creat, NOWHERE), ORDINARY(fork), ORDINARY(vfork),
        ORDINARY(unlink, NOWHERE), ORDINARY(rename, NOWHERE, NOWHERE), ORDINARY(mkdir, NOWHERE),
        ORDINARY(rmdir, NOWHERE),
        ORDINARY(chmod, NOWHERE), ORDINARY(chown, NOWHERE), PRIVILEGED(iopl, 3), ORDINARY(arch_prctl, 9999),
        {"x32 write", 0, 0x40000001, {-1}},
#endif
    };
    int count = sizeof calls / sizeof *calls;
    for (int i = 0; i < count && i < CALLS_MAX; i++) out[i] = calls[i];
    return count;
}

static void enter(int place) {
    sillon_sandbox_limits limits = {.memory_bytes_max = 64 << 20, .open_files_max = 32};
    if (place == SANDBOX_OF_EDITOR) limits.file_bytes_max = 1 << 20;
    if (sillon_sandbox_enter(&limits) != 0) _exit(70);
}

/* The calls that make a process must not go on in it. */
static long make(const call *c) {
    const long *a = c->arguments;
#ifdef __x86_64__
    if (c->number == SYS_vfork) {
        pid_t made = vfork();
        if (made == 0) _exit(0);
        return made;
    }
#endif
    long answer = syscall(c->number, a[0], a[1], a[2], a[3], a[4], a[5]);
    int makes = c->number == SYS_clone;
#ifdef __x86_64__
    makes = makes || c->number == SYS_fork;
#endif
    if (makes && answer == 0) _exit(0);
    return answer;
}

static void attempt_all(int socket) {
    call calls[CALLS_MAX];
    int count = list(calls);
    for (int i = 0; i < count; i++) {
        sandbox_attempt attempt = {.is_ordinary = calls[i].is_ordinary};
        snprintf(attempt.name, sizeof attempt.name, "%s", calls[i].name);
        errno = 0;
        attempt.error = make(&calls[i]) < 0 ? errno : 0;
        if (write(socket, &attempt, sizeof attempt) != sizeof attempt) _exit(1);
    }
    _exit(0);
}

/* The exit status, or -1. */
static int collect(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return status;
}

int sandbox_probe_calls(int place, sandbox_attempt *attempts, int max) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        if (place != SANDBOX_NONE) enter(place);
        attempt_all(ends[1]);
    }
    close(ends[1]);
    int count = 0;
    while (pid > 0 && count < max && read(ends[0], &attempts[count], sizeof *attempts) == sizeof *attempts) count++;
    close(ends[0]);
    return pid > 0 && collect(pid) == 0 ? count : -1;
}

static void *leave_a_mark(void *mark) {
    *(int *)mark = 1;
    return NULL;
}

static void end(int how) {
    if (how == SANDBOX_ABORT) abort();
    if (how == SANDBOX_THREAD) {
        pthread_t thread;
        int mark = 0;
        if (pthread_create(&thread, NULL, leave_a_mark, &mark) != 0) _exit(1);
        pthread_join(thread, NULL);
        _exit(mark == 1 ? 0 : 1);
    }
#ifdef __x86_64__
    /* getpid of 32-bit programs. */
    long answer = 20;
    __asm__ volatile("int $0x80" : "+a"(answer) : : "memory");
    _exit(1);
#else
    raise(SIGSYS);
#endif
}

int sandbox_probe_end(int how) {
    pid_t pid = fork();
    if (pid == 0) {
        /* The test's own runtime would report the death as its own. */
        signal(SIGABRT, SIG_DFL), signal(SIGSYS, SIG_DFL), signal(SIGSEGV, SIG_DFL);
        enter(SANDBOX_OF_READER);
        end(how);
    }
    if (pid < 0) return -1;
    int status = collect(pid);
    if (status >= 0 && WIFSIGNALED(status)) return WTERMSIG(status);
    return status == 0 ? 0 : -1;
}
