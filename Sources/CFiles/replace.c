#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

int sillon_check_writable(int folder, const char *name) {
    struct stat facts;
    int fd;
    do fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return errno;
    int error = fstat(fd, &facts) != 0 ? errno : 0;
    close(fd);
    /* Root may write to what nobody is meant to write to. */
    if (!error && (facts.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) error = EACCES;
    return error;
}

int sillon_create_unnamed(int folder) {
    int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : -errno;
}

int sillon_create_named(int folder, const char *name) {
    int fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return fd >= 0 ? fd : -errno;
}

int sillon_give_name(int fd, int folder, const char *name) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

int sillon_rename(int folder, const char *from, const char *to) {
    return renameat(folder, from, folder, to) == 0 ? 0 : errno;
}

int sillon_move_new(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    /* A file system that cannot promise it: look first. */
    if (faccessat(AT_FDCWD, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    return rename(from, to) == 0 ? 0 : errno;
}

int sillon_remove(int folder, const char *name) { return unlinkat(folder, name, 0) == 0 ? 0 : errno; }

int sillon_sync(int fd) {
    int result;
    do result = fsync(fd);
    while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

int sillon_entry_inode(int folder, const char *name, int64_t *inode) {
    struct stat facts;
    if (fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    *inode = (int64_t)facts.st_ino;
    return 0;
}

int sillon_change_time(int fd, sillon_time *time) {
    struct stat facts;
    if (fstat(fd, &facts) != 0) return errno;
    time->seconds = (int64_t)facts.st_ctim.tv_sec;
    time->nanoseconds = (int64_t)facts.st_ctim.tv_nsec;
    return 0;
}

static int copy_by_hand(int from, int to) {
    enum { SIZE = 1 << 20 };
    char *buffer = malloc(SIZE);
    if (!buffer) return ENOMEM;
    int error = 0;
    off_t at = lseek(to, 0, SEEK_CUR);
    if (at < 0) error = errno;
    while (!error) {
        ssize_t got = pread(from, buffer, SIZE, at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) error = errno;
        if (got <= 0) break;
        for (ssize_t done = 0; !error && done < got;) {
            ssize_t put = pwrite(to, buffer + done, (size_t)(got - done), at + done);
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) error = put < 0 ? errno : EIO;
            else done += put;
        }
        at += got;
    }
    free(buffer);
    return error;
}

int sillon_copy_bytes(int from, int to) {
    loff_t at = 0;
    while (1) {
        ssize_t copied = copy_file_range(from, &at, to, NULL, 1 << 30, 0);
        if (copied == 0) return 0;
        if (copied > 0 || errno == EINTR) continue;
        if (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG) return errno;
        /* Not between these file systems, not on this kernel: what is copied by now stands. */
        return copy_by_hand(from, to);
    }
}

int sillon_is_carried(const char *name) {
    return strncmp(name, "user.", 5) == 0 || strncmp(name, "system.", 7) == 0 || strcmp(name, "security.NTACL") == 0;
}

/* What a folder gives to its files need not be given again, which may be forbidden. */
static int has_note(int fd, const char *name, const char *value, size_t size) {
    char *own = malloc(size + 1);
    if (!own) return 0;
    int has = fgetxattr(fd, name, own, size + 1) == (ssize_t)size && memcmp(own, value, size) == 0;
    free(own);
    return has;
}

static int copy_note(int from, int to, const char *name) {
    ssize_t size = fgetxattr(from, name, NULL, 0);
    if (size < 0) return errno;
    /* With room for nothing the next call would only ask; with some it answers ERANGE when the value has grown. */
    size_t room = size > 0 ? (size_t)size : 1;
    char *value = malloc(room);
    if (!value) return ENOMEM;
    int error = 0;
    size = fgetxattr(from, name, value, room);
    if (size < 0) error = errno;
    else if (!has_note(to, name, value, (size_t)size) && fsetxattr(to, name, value, (size_t)size, 0) != 0) error = errno;
    free(value);
    return error;
}

static int copy_notes(int from, int to) {
    ssize_t size = flistxattr(from, NULL, 0);
    if (size < 0) return errno == ENOTSUP ? 0 : errno;
    if (size == 0) return 0;
    char *names = malloc((size_t)size);
    if (!names) return ENOMEM;
    int error = 0;
    size = flistxattr(from, names, (size_t)size);
    if (size < 0) error = errno;
    for (const char *name = names; !error && name < names + size; name += strlen(name) + 1)
        if (sillon_is_carried(name)) error = copy_note(from, to, name);
    free(names);
    return error;
}

int sillon_copy_attributes(int from, int to) {
    struct stat old, new;
    if (fstat(from, &old) != 0 || fstat(to, &new) != 0) return errno;
    if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) && fchown(to, old.st_uid, old.st_gid) != 0) return errno;
    /* What the folder gives to new files by default is not what the old one had. */
    if (fremovexattr(to, "system.posix_acl_access") != 0 && errno != ENODATA && errno != ENOTSUP) return errno;
    /* After the owner: a change of owner takes bits away. */
    if (fchmod(to, old.st_mode & 07777) != 0) return errno;
    return copy_notes(from, to);
}
