#define _GNU_SOURCE
#include "CMediaHost.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, int socket, int handed) {
    int error = 0;
    if (!error) error = posix_spawn_file_actions_adddup2(files, socket, STDIN_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(files, socket, STDOUT_FILENO);
    if (!error) error = posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (!error && handed >= 0) error = posix_spawn_file_actions_adddup2(files, handed, SILLON_HANDED_DESCRIPTOR);
    int last = handed >= 0 ? SILLON_HANDED_DESCRIPTOR : STDERR_FILENO;
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(files, last + 1);

    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    if (!error) error = posix_spawnattr_setflags(attributes, flags);
    return error;
}

int sillon_host_spawn(
    const char *executable, char *const arguments[], char *const environment[], int handed, int32_t *pid, int *socket
) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    int error = prepare(&files, &attributes, ends[1], handed);
    if (!error) error = posix_spawn(pid, executable, &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);

    close(ends[1]);
    if (error) {
        close(ends[0]);
        return error;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *socket = ends[0];
    return 0;
}

int sillon_host_reap(int32_t pid, int *code, int64_t *peak_bytes) {
    int status = 0;
    struct rusage usage = {0};
    pid_t found;
    do found = wait4(pid, &status, WNOHANG, &usage);
    while (found < 0 && errno == EINTR);
    *code = 0;
    *peak_bytes = found > 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
    if (found == 0) return SILLON_END_RUNNING;
    if (found < 0) return SILLON_END_UNKNOWN;
    if (WIFEXITED(status)) {
        *code = WEXITSTATUS(status);
        return SILLON_END_EXITED;
    }
    *code = WTERMSIG(status);
    return SILLON_END_SIGNALLED;
}

int64_t sillon_host_peak(int32_t pid) {
    char path[40], line[128];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *status = fopen(path, "re");
    if (!status) return 0;
    long long kilobytes = 0;
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %lld kB", &kilobytes) == 1) break;
    fclose(status);
    return kilobytes > 0 ? kilobytes * 1024 : 0;
}

const char *sillon_signal_name(int number) {
    static _Thread_local char text[32];
    const char *name = sigabbrev_np(number);
    if (name) snprintf(text, sizeof text, "SIG%s", name);
    else snprintf(text, sizeof text, "signal %d", number);
    return text;
}

int sillon_wake_create(void) {
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return fd >= 0 ? fd : -errno;
}

void sillon_wake_signal(int fd) { eventfd_write(fd, 1); }

void sillon_wake_clear(int fd) {
    eventfd_t count;
    eventfd_read(fd, &count);
}

int64_t sillon_monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
