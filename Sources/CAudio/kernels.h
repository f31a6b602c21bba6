/* The loops in which an analysis spends its time. They are in C because Swift compiles a function for one instruction
   set only: on x86-64 each of these exists twice, and the loader takes the one that the processor has. The two differ
   by rounding. On other processors the usual build has all there is (NEON). */
#ifndef SILLON_KERNELS_H
#define SILLON_KERNELS_H

#include "CAudio.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define FOR_THIS_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif
#define INLINE static inline __attribute__((always_inline))

typedef float four __attribute__((vector_size(16), aligned(4)));
typedef float eight __attribute__((vector_size(32), aligned(4)));
typedef int32_t bits __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint32_t words __attribute__((vector_size(32), aligned(4), may_alias));
typedef double two __attribute__((vector_size(16), aligned(8)));

/* Vectors go by pointer: as arguments their form would depend on the instruction set. */
#define LOAD(TYPE, FROM) (*(const TYPE *)(FROM))
#define STORE(TYPE, TO, VALUE) (*(TYPE *)(TO) = (VALUE))

#endif
