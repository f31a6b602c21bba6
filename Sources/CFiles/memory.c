#include "CFiles.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void sillon_limit_heaps(int count) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, count);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#else
    (void)count;
#endif
}

void sillon_release_free_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
