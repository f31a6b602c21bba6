#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
/* O_NONBLOCK: opening a FIFO must not wait for a writer. O_NOCTTY: nor may a terminal become ours. */
static const int file_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

static int answer(int fd) { return fd >= 0 ? fd : -errno; }

static int open_retrying(int folder, const char *path, int flags) {
    int fd;
    do fd = openat(folder, path, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int sillon_open_root(const char *path) { return answer(open_retrying(AT_FDCWD, path, folder_flags)); }

int sillon_open_child_folder(int folder, const char *name) {
    return answer(open_retrying(folder, name, folder_flags | O_NOFOLLOW));
}

static int open_by_component(int folder, const char *path, int flags) {
    char component[NAME_MAX + 1];
    int at = folder;
    int error = 0;
    while (1) {
        size_t size = strcspn(path, "/");
        int is_last = path[size] == 0;
        if (size == 0 || size > NAME_MAX) error = size == 0 ? EINVAL : ENAMETOOLONG;
        else {
            memcpy(component, path, size);
            component[size] = 0;
            if (strcmp(component, ".") == 0 || strcmp(component, "..") == 0) error = EXDEV;
        }
        /* With O_NOFOLLOW a link to a folder is refused as ELOOP by a file open and as ENOTDIR by a folder open. */
        int next = error ? -1 : open_retrying(at, component, (is_last ? flags : folder_flags) | O_NOFOLLOW);
        if (!error && next < 0) {
            error = errno;
            struct stat facts;
            if (error == ENOTDIR && fstatat(at, component, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode))
                error = ELOOP;
        }
        if (at != folder) close(at);
        if (error) return -error;
        if (is_last) return next;
        at = next;
        path += size + 1;
    }
}

int sillon_open_beneath(int folder, const char *path, int wants_folder, int use_openat2) {
    int flags = wants_folder ? folder_flags : file_flags;
    if (use_openat2) {
        struct open_how how = {
            /* No O_NOFOLLOW: with it a last link would be called no folder instead of a link. */
            .flags = (uint64_t)flags,
            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        long fd;
        do fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
        while (fd < 0 && (errno == EINTR || errno == EAGAIN));
        if (fd >= 0) return (int)fd;
        /* Older kernels lack the call; sandboxes often refuse it with EPERM. */
        if (errno != ENOSYS && errno != EPERM) return -errno;
    }
    return open_by_component(folder, path, flags);
}

int sillon_fd_facts(int fd, sillon_facts *facts) {
    struct stat found;
    if (fstat(fd, &found) != 0) return errno;
    int64_t ns;
    if (__builtin_mul_overflow((int64_t)found.st_mtim.tv_sec, (int64_t)1000000000, &ns)
        || __builtin_add_overflow(ns, (int64_t)found.st_mtim.tv_nsec, &ns))
        ns = found.st_mtim.tv_sec < 0 ? INT64_MIN : INT64_MAX;
    facts->size = found.st_size;
    facts->mtime_ns = ns;
    facts->inode = (int64_t)found.st_ino;
    facts->device = (int64_t)found.st_dev;
    facts->is_regular = S_ISREG(found.st_mode);
    return 0;
}

void sillon_fd_close(int fd) { close(fd); }
