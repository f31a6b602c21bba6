/* File system calls that Swift's libraries do not have: folders read as bytes, files opened beneath a folder. */
#ifndef SILLON_CFILES_H
#define SILLON_CFILES_H

#include <stddef.h>
#include <stdint.h>

/* Extensions are compared as numbers: up to eight lower-case ASCII bytes, first byte lowest. */
#define SILLON_EXTENSION_BYTES_MAX 8

enum { SILLON_ENTRY_FOLDER = 0, SILLON_ENTRY_FILE = 1 };

/* One entry of interest; its name lies at `name_offset` in the listing's `names`. */
typedef struct {
    int64_t size;
    int64_t mtime_ns;
    int64_t inode;
    int64_t device;
    uint32_t name_offset;
    uint16_t name_size;
    uint8_t kind;
} sillon_entry;

/* Reused from folder to folder. Zero it before the first use, free it with sillon_listing_free. */
typedef struct {
    sillon_entry *entries;
    size_t count;
    size_t capacity;
    uint8_t *names;
    size_t names_size;
    size_t names_capacity;
    /* The folder holds a `.nomedia` or `.sillonignore` and is to be passed over. */
    int is_ignored;
    /* More entries than entries_max: the rest was left out. */
    int is_cut;
} sillon_listing;

/* Lists folders and the regular files with one of the extensions. Hidden folders, "._" files and symbolic links are left out,
   and nothing is opened. Answers 0 or an errno. */
int sillon_list_folder(
    int folder, const uint64_t *extensions, size_t extension_count, size_t entries_max, sillon_listing *listing);
void sillon_listing_free(sillon_listing *listing);

/* Opens a folder by an absolute path, following symbolic links. Answers a descriptor or -errno. */
int sillon_open_root(const char *path);

/* Opens a folder's child folder, following no symbolic link. Answers a descriptor or -errno. */
int sillon_open_child_folder(int folder, const char *name);

/* Opens `path` (relative, canonical) beneath `folder` for reading, following no symbolic link anywhere.
   A FIFO does not block. Answers a descriptor or -errno; `use_openat2` 0 takes the portable way. */
int sillon_open_beneath(int folder, const char *path, int wants_folder, int use_openat2);

typedef struct {
    int64_t size;
    int64_t mtime_ns;
    int64_t inode;
    int64_t device;
    int is_regular;
} sillon_facts;

/* Answers 0 or an errno. */
int sillon_fd_facts(int fd, sillon_facts *facts);

void sillon_fd_close(int fd);

/* For putting a new version of a file in its place. Each answers 0 or an errno; those that create, a descriptor or
   -errno. `name` is a name in `folder`. */

/* EACCES also when nobody may write to the file, whoever asks. */
int sillon_check_writable(int folder, const char *name);
/* A file without a name, which goes when it is closed. EOPNOTSUPP, EISDIR or ENOENT where there is no such thing. */
int sillon_create_unnamed(int folder);
int sillon_create_named(int folder, const char *name);
int sillon_give_name(int fd, int folder, const char *name);
int sillon_rename(int folder, const char *from, const char *to);
/* By absolute paths, and never over anything: EEXIST then. EXDEV from one file system to another. */
int sillon_move_new(const char *from, const char *to);
int sillon_remove(int folder, const char *name);
int sillon_sync(int fd);
typedef struct {
    int64_t seconds;
    int64_t nanoseconds;
} sillon_time;

/* When anything about the file changed last, its names and its notes included; no program can set it back. */
int sillon_change_time(int fd, sillon_time *time);
int sillon_entry_inode(int folder, const char *name, int64_t *inode);
/* Everything from the start of `from` to the empty file `to`, sharing blocks where the file system can. */
int sillon_copy_bytes(int from, int to);
/* Owner, group, mode, and the attributes that are carried. What is there and cannot be given to the copy is an error. */
int sillon_copy_attributes(int from, int to);
/* Attributes `user.*`; `system.*`, which are the access lists of POSIX and NFSv4 and whatever else a file system has; and
   Samba's access list, `security.NTACL`. Labels, as those of SELinux, are the system's to give. */
int sillon_is_carried(const char *name);

/// Lets the C library keep at most `count` heaps of its own for all threads, and grow and shrink them in steps of a
/// mebibyte and more: small steps cost a system call and fresh pages each. Before the first thread starts.
void sillon_limit_heaps(int count);

/// Hands free pages back to the kernel.
void sillon_release_free_memory(void);

/* The file system below a path, as statfs(2) names its type, and its device. Answers 0 or an errno. */
typedef struct {
    int64_t type;
    uint32_t device_major;
    uint32_t device_minor;
} sillon_storage;
int sillon_find_storage(const char *path, sillon_storage *storage);
int sillon_fd_storage(int fd, sillon_storage *storage);

/* Watches of folders: inotify(7). */

enum {
    SILLON_WATCH_MADE = 1 << 0,       /* a name that was not there */
    SILLON_WATCH_WRITTEN = 1 << 1,    /* a file that was open for writing was closed */
    SILLON_WATCH_CAME = 1 << 2,       /* moved here */
    SILLON_WATCH_WENT = 1 << 3,       /* removed, or moved away */
    SILLON_WATCH_ATTRIBUTES = 1 << 4, /* owner, mode, times, number of names */
    SILLON_WATCH_IS_FOLDER = 1 << 5,  /* what is named is a folder */
    SILLON_WATCH_SELF_WENT = 1 << 6,  /* the watched folder itself was removed or moved, or its disk unmounted */
    SILLON_WATCH_ENDED = 1 << 7,      /* the kernel has taken the watch away */
    SILLON_WATCH_LOST = 1 << 8,       /* more happened than the kernel keeps: events are missing */
};

typedef struct {
    int watch;
    uint32_t what;
    /* Bytes of the name, in the buffer that was read; none for an event of the folder itself. */
    size_t name_offset;
    size_t name_size;
} sillon_watch_event;

/* Answers a descriptor, whose reads do not block, or -errno. */
int sillon_watch_open(void);
/* Watches the open folder, which may be closed then. Answers the number of the watch, the same one for the same folder,
   or -errno. */
int sillon_watch_add(int watcher, int folder);
void sillon_watch_remove(int watcher, int watch);
/* Answers bytes, 0 when nothing has happened, or -errno. */
long sillon_watch_read(int watcher, uint8_t *buffer, size_t size);
/* The event at `at` of what was read; answers where the next one begins. */
size_t sillon_watch_event_at(const uint8_t *buffer, size_t size, size_t at, sillon_watch_event *event);

/* One file, as its folder names it: whether it is still being written is guessed from this. */
typedef struct {
    int64_t changed_ns; /* when anything about it changed last */
    uint64_t links;
    int is_regular;
} sillon_file_look;
/* Answers 0 or an errno. Follows no symbolic link at the end of the path. */
int sillon_look_at_file(const char *path, sillon_file_look *look);

#endif
