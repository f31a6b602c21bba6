/* Vectors to codes and back. Swift compiles a function for one instruction set only, so the loop that scores is here, too:
   on x86-64 it exists twice, and the loader takes the one that the processor has. */
#include "CSimilarity.h"

#include <math.h>

#if defined(__x86_64__) && defined(__linux__)
#define FOR_THIS_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif
#define INLINE static inline __attribute__((always_inline))

/* Codes lie in -127...127: a product of two then has a sign and 14 bits, and two of them fit into 16. */
static const float largest_code = 127;
static const float fine_steps = 32;
static const float least_component = 1e-30f;

/* Eight numbers in 0...31, the first in the lowest bits. */
INLINE uint64_t eight(const uint8_t *fine) {
    return (uint64_t)fine[0] | (uint64_t)fine[1] << 8 | (uint64_t)fine[2] << 16 | (uint64_t)fine[3] << 24 |
           (uint64_t)fine[4] << 32;
}

/* Codes and lower bits as one number in -4064...4064. */
INLINE int whole(int8_t code, uint64_t fine, int place) { return 32 * code + (int)(fine >> (5 * place) & 31) - 16; }

sillon_row sillon_encode(const float *vector, ptrdiff_t stride, int8_t *codes, uint8_t *fine) {
    float largest = 0;
    for (ptrdiff_t i = 0; i < stride; i++) {
        float magnitude = fabsf(vector[i]);
        largest = magnitude > largest ? magnitude : largest;
    }
    int is_zero = !(largest > least_component);
    float step = is_zero ? 0 : largest / largest_code;
    float inverse = is_zero ? 0 : largest_code * fine_steps / largest;
    int64_t squares = 0, fine_squares = 0, whole_squares = 0;
    double true_squares = 0;
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += SILLON_FINE_BYTES) {
        uint64_t bits = 0;
        for (int k = 0; k < 8; k++) {
            int number = (int)lrintf(vector[i + k] * inverse);
            number = number > 4064 ? 4064 : number < -4064 ? -4064 : number;
            int code = (number + 16) >> 5, rest = number - 32 * code;
            codes[i + k] = (int8_t)code;
            bits |= (uint64_t)(rest + 16) << (5 * k);
            squares += code * code;
            fine_squares += rest * rest;
            whole_squares += number * number;
            true_squares += (double)vector[i + k] * vector[i + k];
        }
        for (int k = 0; k < SILLON_FINE_BYTES; k++) fine[k] = (uint8_t)(bits >> (8 * k));
    }
    /* The length stays what it was, so that a vector of unit length scores 1 against itself. */
    if (!is_zero) step = (float)(fine_steps * sqrt(true_squares / (double)whole_squares));
    return (sillon_row){step, sqrtf((float)fine_squares) / fine_steps, step * sqrtf((float)squares)};
}

void sillon_decode(const int8_t *codes, const uint8_t *fine, float step, ptrdiff_t stride, float *vector) {
    float unit = step / fine_steps;
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += SILLON_FINE_BYTES) {
        uint64_t bits = eight(fine);
        for (int k = 0; k < 8; k++) vector[i + k] = unit * (float)whole(codes[i + k], bits, k);
    }
}

FOR_THIS_PROCESSOR float sillon_score(
    const int8_t *codes, const uint8_t *fine, float step, const float *query, ptrdiff_t stride) {
    float sums[8] = {0};
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += SILLON_FINE_BYTES) {
        uint64_t bits = eight(fine);
        for (int k = 0; k < 8; k++) sums[k] += query[i + k] * (float)whole(codes[i + k], bits, k);
    }
    float sum = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    return step / fine_steps * sum;
}
