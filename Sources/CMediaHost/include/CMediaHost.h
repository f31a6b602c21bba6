/* The child process: how it is started, and what it gives up before it touches a file. */
#ifndef SILLON_CMEDIAHOST_H
#define SILLON_CMEDIAHOST_H

#include <stddef.h>
#include <stdint.h>

/* Starts `executable` with `arguments` (ends with NULL) and `environment` (likewise). Its standard input and output
   are one end of a socket pair, its standard error is /dev/null, every other descriptor is closed, signals are as by
   default and it has a process group of its own, so that Ctrl-C reaches the parent alone.
   `handed`, unless negative, becomes its descriptor SILLON_HANDED_DESCRIPTOR.
   Fills the pid and the other end of the socket (non-blocking, close-on-exec). Answers 0 or an errno. */
int sillon_host_spawn(
    const char *executable, char *const arguments[], char *const environment[], int handed, int32_t *pid, int *socket);

enum { SILLON_HANDED_DESCRIPTOR = 3 };

enum { SILLON_END_RUNNING = 0, SILLON_END_EXITED = 1, SILLON_END_SIGNALLED = 2, SILLON_END_UNKNOWN = 3 };

/* Collects a child that has ended. Never waits. `code` is the exit code or the signal's number, `peak_bytes` the most
   memory that it held in its life. */
int sillon_host_reap(int32_t pid, int *code, int64_t *peak_bytes);

/* The most memory that a child has held so far, in bytes; 0 where /proc does not tell. */
int64_t sillon_host_peak(int32_t pid);

/* "SIGSEGV" and so on. */
const char *sillon_signal_name(int number);

/* A counter that poll can wait for. Answers a descriptor or -errno. */
int sillon_wake_create(void);
void sillon_wake_signal(int fd);
void sillon_wake_clear(int fd);

/* Microseconds of a clock that only goes forward. */
int64_t sillon_monotonic_us(void);

typedef struct {
    /* Address space beyond what the program has at this moment, in bytes. */
    uint64_t memory_bytes_max;
    uint64_t open_files_max;
    /* How large a file that was handed over may become, in bytes; 0 when this process writes nothing. */
    uint64_t file_bytes_max;
    /* Low CPU priority, and disk access only when nobody else wants it. */
    int is_background;
} sillon_sandbox_limits;

/* Gives up what a parser does not need: dies with its parent, no new privileges, no core file, no file written
   but one that was handed over for that, bounded memory and descriptors, and a system call filter that allows reading files, memory, threads and time, and
   nothing else. Answers 0 or an errno. */
int sillon_sandbox_enter(const sillon_sandbox_limits *limits);

/* From now on this process may use `seconds` of CPU time, then SIGXCPU ends it. Answers 0 or an errno. */
int sillon_sandbox_allow_cpu(unsigned seconds);

/* Lets go of the pages of programs and libraries that are as they are on disk: those that are needed come back one by
   one, from the page cache. */
void sillon_release_loaded_pages(void);

#endif
