/* What the spawning of programs needs and Swift does not see. */
#ifndef SILLON_CPROGRAMS_H
#define SILLON_CPROGRAMS_H

#include <spawn.h>

/* The program gets no descriptor from `first` on, whoever opened it and however. Answers 0 or a number of errno. */
int sillon_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#endif
