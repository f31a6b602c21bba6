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

#endif
