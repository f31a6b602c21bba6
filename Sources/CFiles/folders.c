#define _GNU_SOURCE
#include "CFiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own form; readdir would add a lock and a copy for each name. */
struct kernel_dirent {
    uint64_t inode;
    int64_t offset;
    uint16_t record_size;
    uint8_t type;
    char name[];
};

enum { DENTS_BYTES = 64 * 1024 };

static int64_t nanoseconds(struct timespec time) {
    int64_t ns;
    if (__builtin_mul_overflow((int64_t)time.tv_sec, (int64_t)1000000000, &ns)
        || __builtin_add_overflow(ns, (int64_t)time.tv_nsec, &ns))
        return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}

static int has_extension(const char *name, size_t size, const uint64_t *extensions, size_t count) {
    uint64_t packed = 0;
    for (size_t taken = 0; taken <= SILLON_EXTENSION_BYTES_MAX; taken++) {
        if (taken + 1 >= size) return 0; /* no dot after the first character */
        uint8_t byte = (uint8_t)name[size - 1 - taken];
        if (byte == '.') {
            if (taken == 0) return 0;
            for (size_t i = 0; i < count; i++)
                if (extensions[i] == packed) return 1;
            return 0;
        }
        if (taken == SILLON_EXTENSION_BYTES_MAX) return 0;
        if (byte >= 'A' && byte <= 'Z') byte |= 0x20;
        packed = packed << 8 | byte;
    }
    return 0;
}

static int add(sillon_listing *listing, uint8_t kind, const char *name, size_t name_size, const struct stat *facts) {
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity ? listing->capacity * 2 : 64;
        sillon_entry *grown = realloc(listing->entries, capacity * sizeof *grown);
        if (!grown) return ENOMEM;
        listing->entries = grown;
        listing->capacity = capacity;
    }
    if (listing->names_size + name_size + 1 > listing->names_capacity) {
        size_t capacity = listing->names_capacity ? listing->names_capacity * 2 : 4096;
        uint8_t *grown = realloc(listing->names, capacity);
        if (!grown) return ENOMEM;
        listing->names = grown;
        listing->names_capacity = capacity;
    }
    sillon_entry *entry = &listing->entries[listing->count++];
    memset(entry, 0, sizeof *entry);
    entry->kind = kind;
    entry->name_offset = (uint32_t)listing->names_size;
    entry->name_size = (uint16_t)name_size;
    if (facts) {
        entry->size = facts->st_size;
        entry->mtime_ns = nanoseconds(facts->st_mtim);
        entry->inode = (int64_t)facts->st_ino;
        entry->device = (int64_t)facts->st_dev;
    }
    /* The NUL lets the name be handed to openat as it lies. */
    memcpy(listing->names + listing->names_size, name, name_size + 1);
    listing->names_size += name_size + 1;
    return 0;
}

static int consider(
    int folder, const struct kernel_dirent *found, const uint64_t *extensions, size_t extension_count,
    size_t entries_max, sillon_listing *listing
) {
    const char *name = found->name;
    uint8_t type = found->type;
    int is_hidden = name[0] == '.';
    if (is_hidden) {
        if (strcmp(name, ".nomedia") == 0 || strcmp(name, ".sillonignore") == 0) listing->is_ignored = 1;
        /* Trash, thumbnails and version control hide folders; "._" files hold a Mac's notes on another file. */
        if (type == DT_DIR || name[1] == '_') return 0;
    }
    if (type != DT_DIR && type != DT_REG && type != DT_UNKNOWN) return 0;
    size_t name_size = strlen(name);
    int is_audio = type != DT_DIR && has_extension(name, name_size, extensions, extension_count);
    if (type == DT_REG && !is_audio) return 0;
    if (listing->count >= entries_max) {
        listing->is_cut = 1;
        return 0;
    }
    if (type == DT_DIR) return add(listing, SILLON_ENTRY_FOLDER, name, name_size, NULL);

    struct stat facts;
    if (fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0) return 0; /* gone since it was listed */
    if (S_ISDIR(facts.st_mode)) return is_hidden ? 0 : add(listing, SILLON_ENTRY_FOLDER, name, name_size, NULL);
    if (!S_ISREG(facts.st_mode) || !is_audio) return 0;
    return add(listing, SILLON_ENTRY_FILE, name, name_size, &facts);
}

int sillon_list_folder(
    int folder, const uint64_t *extensions, size_t extension_count, size_t entries_max, sillon_listing *listing
) {
    _Alignas(struct kernel_dirent) char buffer[DENTS_BYTES];
    listing->count = 0;
    listing->names_size = 0;
    listing->is_ignored = 0;
    listing->is_cut = 0;
    for (;;) {
        long size = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return errno;
        if (size == 0) return 0;
        for (long at = 0; at < size;) {
            const struct kernel_dirent *found = (const struct kernel_dirent *)(buffer + at);
            at += found->record_size;
            int error = consider(folder, found, extensions, extension_count, entries_max, listing);
            if (error != 0) return error;
            if (listing->is_ignored) return 0;
        }
    }
}

void sillon_listing_free(sillon_listing *listing) {
    free(listing->entries);
    free(listing->names);
    memset(listing, 0, sizeof *listing);
}
