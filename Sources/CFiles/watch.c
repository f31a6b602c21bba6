#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CFiles.h"

/* No IN_MODIFY: a copy writes thousands of times, and closes once. */
enum {
    WANTED = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF
        | IN_MOVE_SELF,
};

int sillon_watch_open(void) {
    int watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return watcher < 0 ? -errno : watcher;
}

int sillon_watch_add(int watcher, int folder) {
    /* By the open folder, not by its path: what is watched is what will be listed, whoever swaps names meanwhile. The
       links in /proc have to be followed; that of a descriptor leads to its folder and nowhere else. */
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
    int watch = inotify_add_watch(watcher, path, WANTED | IN_ONLYDIR | IN_EXCL_UNLINK);
    return watch < 0 ? -errno : watch;
}

void sillon_watch_remove(int watcher, int watch) {
    /* EINVAL when the kernel was faster. */
    inotify_rm_watch(watcher, watch);
}

long sillon_watch_read(int watcher, uint8_t *buffer, size_t size) {
    for (;;) {
        ssize_t count = read(watcher, buffer, size);
        if (count >= 0) return count;
        if (errno == EINTR) continue;
        return errno == EAGAIN ? 0 : -errno;
    }
}

static uint32_t meaning(uint32_t mask) {
    uint32_t what = 0;
    if (mask & IN_CREATE) what |= SILLON_WATCH_MADE;
    if (mask & IN_CLOSE_WRITE) what |= SILLON_WATCH_WRITTEN;
    if (mask & IN_MOVED_TO) what |= SILLON_WATCH_CAME;
    if (mask & (IN_MOVED_FROM | IN_DELETE)) what |= SILLON_WATCH_WENT;
    if (mask & IN_ATTRIB) what |= SILLON_WATCH_ATTRIBUTES;
    if (mask & IN_ISDIR) what |= SILLON_WATCH_IS_FOLDER;
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) what |= SILLON_WATCH_SELF_WENT;
    if (mask & IN_IGNORED) what |= SILLON_WATCH_ENDED;
    if (mask & IN_Q_OVERFLOW) what |= SILLON_WATCH_LOST;
    return what;
}

size_t sillon_watch_event_at(const uint8_t *buffer, size_t size, size_t at, sillon_watch_event *event) {
    struct inotify_event found;
    memset(event, 0, sizeof *event);
    if (at > size || size - at < sizeof found) return size;
    memcpy(&found, buffer + at, sizeof found);
    size_t name = at + sizeof found;
    if (found.len > size - name) return size;
    event->watch = found.wd;
    event->what = meaning(found.mask);
    event->name_offset = name;
    /* Padded with NULs. */
    event->name_size = found.len == 0 ? 0 : strnlen((const char *)buffer + name, found.len);
    return name + found.len;
}

int sillon_look_at_file(const char *path, sillon_file_look *look) {
    struct stat facts;
    if (lstat(path, &facts) != 0) return errno;
    look->changed_ns = (int64_t)facts.st_ctim.tv_sec * 1000000000 + facts.st_ctim.tv_nsec;
    look->links = facts.st_nlink;
    look->is_regular = S_ISREG(facts.st_mode);
    return 0;
}
