#define _GNU_SOURCE
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "CFiles.h"

int sillon_find_storage(const char *path, sillon_storage *storage) {
    struct statfs system;
    struct stat status;
    if (statfs(path, &system) != 0 || stat(path, &status) != 0) return errno;
    storage->type = (int64_t)system.f_type & 0xFFFFFFFF;
    storage->device_major = major(status.st_dev);
    storage->device_minor = minor(status.st_dev);
    return 0;
}
