#define _GNU_SOURCE
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "CFiles.h"

static void fill(sillon_storage *storage, const struct statfs *system, const struct stat *status) {
    storage->type = (int64_t)system->f_type & 0xFFFFFFFF;
    storage->device_major = major(status->st_dev);
    storage->device_minor = minor(status->st_dev);
}

int sillon_find_storage(const char *path, sillon_storage *storage) {
    struct statfs system;
    struct stat status;
    if (statfs(path, &system) != 0 || stat(path, &status) != 0) return errno;
    fill(storage, &system, &status);
    return 0;
}

int sillon_fd_storage(int fd, sillon_storage *storage) {
    struct statfs system;
    struct stat status;
    if (fstatfs(fd, &system) != 0 || fstat(fd, &status) != 0) return errno;
    fill(storage, &system, &status);
    return 0;
}
