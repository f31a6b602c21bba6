#include "CFiles.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void sillon_limit_heaps(int count) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, count);
#else
    (void)count;
#endif
}

void sillon_release_free_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
