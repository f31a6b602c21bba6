#define _GNU_SOURCE
#include "CMediaHost.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#else
#error "the system call filter knows x86_64 and aarch64"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* Both architectures are little-endian: the low half of an argument comes first. */
#define LOAD_ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), ANSWER(REFUSED)
#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

static const struct sock_filter filter[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0),
    ANSWER(SECCOMP_RET_KILL_PROCESS),
    LOAD(nr),
#ifdef __x86_64__
    /* The x32 numbers name the same calls again. */
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    ANSWER(REFUSED),
#endif
    /* Network. */
    REFUSE(socket), REFUSE(socketpair), REFUSE(connect), REFUSE(bind), REFUSE(listen), REFUSE(accept), REFUSE(accept4),
    REFUSE(sendto), REFUSE(sendmsg), REFUSE(sendmmsg), REFUSE(recvmsg),
    /* Programs and processes; threads are made by clone with CLONE_THREAD, see below. */
    REFUSE(execve), REFUSE(execveat), REFUSE(ptrace), REFUSE(process_vm_readv), REFUSE(process_vm_writev),
    REFUSE(pidfd_open), REFUSE(pidfd_getfd), REFUSE(pidfd_send_signal), REFUSE(kill), REFUSE(setsid), REFUSE(setpgid),
#ifdef __x86_64__
    REFUSE(fork), REFUSE(vfork),
#endif
    /* Changes to files. */
    REFUSE(unlinkat), REFUSE(renameat2), REFUSE(linkat), REFUSE(symlinkat), REFUSE(mkdirat), REFUSE(mknodat),
    REFUSE(truncate), REFUSE(ftruncate), REFUSE(fallocate), REFUSE(fchmod), REFUSE(fchmodat), REFUSE(fchown),
    REFUSE(fchownat), REFUSE(setxattr), REFUSE(lsetxattr), REFUSE(fsetxattr), REFUSE(removexattr), REFUSE(utimensat),
#ifdef __x86_64__
    REFUSE(unlink), REFUSE(rename), REFUSE(renameat), REFUSE(link), REFUSE(symlink), REFUSE(mkdir), REFUSE(rmdir),
    REFUSE(mknod), REFUSE(chmod), REFUSE(chown), REFUSE(lchown), REFUSE(creat), REFUSE(utime), REFUSE(utimes),
#else
    REFUSE(renameat),
#endif
    /* The machine, and the kernel's less trodden paths. */
    REFUSE(mount), REFUSE(umount2), REFUSE(pivot_root), REFUSE(chroot), REFUSE(unshare), REFUSE(setns), REFUSE(bpf),
    REFUSE(perf_event_open), REFUSE(userfaultfd), REFUSE(io_uring_setup), REFUSE(open_by_handle_at), REFUSE(keyctl),
    REFUSE(add_key), REFUSE(request_key), REFUSE(reboot), REFUSE(init_module), REFUSE(finit_module),
    REFUSE(memfd_create), REFUSE(shmget), REFUSE(msgget), REFUSE(semget), REFUSE(inotify_init1), REFUSE(fanotify_init),
    /* glibc falls back to clone, whose flags can be read here. */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
    ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 4),
    LOAD_ARGUMENT(0),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
    ANSWER(SECCOMP_RET_ALLOW),
    ANSWER(REFUSED),
    /* Files are opened for reading only. openat2 hides its flags in memory, which a filter cannot see, so it is
       refused by answering that the kernel lacks it: the opener then goes component by component. */
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat2, 0, 1),
    ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 4),
    LOAD_ARGUMENT(2),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITES, 0, 1),
    ANSWER(REFUSED),
    ANSWER(SECCOMP_RET_ALLOW),
#ifdef __x86_64__
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_open, 0, 3),
    LOAD_ARGUMENT(1),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITES, 0, 1),
    ANSWER(REFUSED),
#endif
    ANSWER(SECCOMP_RET_ALLOW),
};

static int set_limit(int resource, rlim_t value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return errno;
    if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
    limit.rlim_cur = value;
    limit.rlim_max = value;
    return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

/* Bytes of address space in use now, 0 when /proc is not there. */
static uint64_t address_space(void) {
    unsigned long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm) return 0;
    int found = fscanf(statm, "%llu", &pages);
    fclose(statm);
    return found == 1 ? pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void step_back(void) {
    /* Best effort: a container may forbid either, and the work is the same without. */
    enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_IDLE = 3, IOPRIO_CLASS_SHIFT = 13, NICE = 10 };
    setpriority(PRIO_PROCESS, 0, NICE);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT);
}

int sillon_sandbox_enter(const sillon_sandbox_limits *limits) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if (limits->is_background) step_back();

    int error = set_limit(RLIMIT_CORE, 0);
    if (!error) error = set_limit(RLIMIT_FSIZE, 0);
    if (!error) error = set_limit(RLIMIT_NOFILE, limits->open_files_max);
    if (!error) error = set_limit(RLIMIT_AS, address_space() + limits->memory_bytes_max);
    if (error) return error;

    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = (struct sock_filter *)filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
}

int sillon_sandbox_allow_cpu(unsigned seconds) {
    struct timespec used;
    struct rlimit limit;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return errno;
    if (getrlimit(RLIMIT_CPU, &limit) != 0) return errno;
    rlim_t wanted = (rlim_t)used.tv_sec + 1 + seconds;
    if (limit.rlim_max != RLIM_INFINITY && wanted > limit.rlim_max) wanted = limit.rlim_max;
    if (wanted == limit.rlim_cur) return 0;
    limit.rlim_cur = wanted;
    return setrlimit(RLIMIT_CPU, &limit) == 0 ? 0 : errno;
}
