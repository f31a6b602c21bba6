/* System calls that a parser has no business to make, tried in a process of their own inside or outside the sandbox. */
#ifndef SILLON_SANDBOXPROBE_H
#define SILLON_SANDBOXPROBE_H

#include <stdint.h>

typedef struct {
    char name[32];
    /* 0 or an errno. */
    int32_t error;
    /* Any user may make this call outside the sandbox, in any container: there it does not end in EPERM. */
    int32_t is_ordinary;
} sandbox_attempt;

enum { SANDBOX_NONE = 0, SANDBOX_OF_READER = 1, SANDBOX_OF_EDITOR = 2 };

/* Makes all calls in one of these places. Answers how many there are, or -1 when the process could not be made or died. */
int sandbox_probe_calls(int place, sandbox_attempt *attempts, int max);

enum { SANDBOX_ABORT = 0, SANDBOX_FOREIGN_CALL = 1, SANDBOX_THREAD = 2 };

/* Ends a process inside the sandbox in one way. Answers the signal that ended it, 0 after a normal end, else -1.
   A foreign call is one of another architecture, where this one has such calls; a thread makes what it does normal. */
int sandbox_probe_end(int how);

#endif
