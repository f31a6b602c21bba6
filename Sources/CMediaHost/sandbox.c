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
#include <sys/mman.h>
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
/* Both architectures are little-endian: the low half of an argument comes first, and no rule here needs the other. */
#define LOAD_ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)
#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), ANSWER(SECCOMP_RET_ALLOW)
#define ALLOW_WHEN(condition, call)                                                                                    \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (condition) ? __NR_##call : NO_CALL, 0, 1), ANSWER(SECCOMP_RET_ALLOW)
#define NO_CALL 0xffffffff
/* Allowed when the test of argument n holds (`yes` 0, `no` 1) or fails (1, 0). */
#define ALLOW_IF(call, n, test, value, yes, no)                                                                        \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 4), LOAD_ARGUMENT(n),                                          \
        BPF_JUMP(BPF_JMP | test | BPF_K, (value), yes, no), ANSWER(SECCOMP_RET_ALLOW), ANSWER(REFUSED)
#define ALLOW_IF_EQUAL(call, n, value) ALLOW_IF(call, n, BPF_JEQ, value, 0, 1)
#define ALLOW_IF_ANY_BIT(call, n, bits) ALLOW_IF(call, n, BPF_JSET, bits, 0, 1)
#define ALLOW_IF_NO_BIT(call, n, bits) ALLOW_IF(call, n, BPF_JSET, bits, 1, 0)
#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

/* What reading a file, decoding it and answering need, and what the C library does on its own account. Whatever is not
   listed is refused: network, programs, processes, signals to others, changes to files, the kernel's less trodden
   paths. */
static int install_filter(int may_write) {
    struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        /* Files. openat2 hides its flags in memory, which a filter cannot see, so it is not here: the opener goes
           component by component. */
        ALLOW(pread64), ALLOW(newfstatat), ALLOW(close), ALLOW_IF_NO_BIT(openat, 2, WRITES),
        ALLOW(read), ALLOW(readv), ALLOW(write), ALLOW(writev), ALLOW(lseek), ALLOW(fstat), ALLOW(statx),
        ALLOW(fadvise64), ALLOW(ppoll),
        /* The only descriptor that these can change is the one that was handed over. */
        ALLOW_WHEN(may_write, pwrite64), ALLOW_WHEN(may_write, ftruncate),
        /* Memory; no new code. */
        ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise),
        ALLOW_IF_NO_BIT(mmap, 2, PROT_EXEC), ALLOW_IF_NO_BIT(mprotect, 2, PROT_EXEC),
        /* Threads, not processes. glibc falls back to clone, whose flags can be read here, from clone3. */
        ALLOW(futex), ALLOW(set_robust_list), ALLOW(rseq), ALLOW(sched_yield), ALLOW(sched_getaffinity),
        ALLOW_IF_ANY_BIT(clone, 0, CLONE_THREAD), ALLOW(exit), ALLOW(exit_group),
        /* Signals to itself (abort), and limits of its own. */
        ALLOW(rt_sigaction), ALLOW(rt_sigprocmask), ALLOW(rt_sigreturn), ALLOW(sigaltstack),
        ALLOW_IF_EQUAL(tgkill, 0, (uint32_t)getpid()), ALLOW_IF_EQUAL(prlimit64, 0, 0),
        /* Time, and what the machine is like. */
        ALLOW(clock_gettime), ALLOW(clock_getres), ALLOW(clock_nanosleep), ALLOW(nanosleep), ALLOW(gettimeofday),
        ALLOW(restart_syscall), ALLOW(getpid), ALLOW(gettid), ALLOW(getrandom), ALLOW(getrusage), ALLOW(sysinfo),
        ALLOW(uname),
        /* A C library that knows a newer call must learn that it is not there, and take the older one. (The x32 numbers
           of x86_64 are larger than all of these.) */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, __NR_clone3, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        ANSWER(REFUSED),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
}

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
    enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_IDLE = 3, IOPRIO_CLASS_SHIFT = 13, NICE = 19 };
    setpriority(PRIO_PROCESS, 0, NICE);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT);
}

int sillon_sandbox_enter(const sillon_sandbox_limits *limits) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if (limits->is_background) step_back();

    int error = set_limit(RLIMIT_CORE, 0);
    if (!error) error = set_limit(RLIMIT_FSIZE, limits->file_bytes_max);
    if (!error) error = set_limit(RLIMIT_NOFILE, limits->open_files_max);
    if (!error) error = set_limit(RLIMIT_AS, address_space() + limits->memory_bytes_max);
    return error ? error : install_filter(limits->file_bytes_max > 0);
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
