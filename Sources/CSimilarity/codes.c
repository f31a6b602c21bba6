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
static const float least_component = 1e-30f;

/* Lower bits of eight components, the first in the lowest place. */
INLINE uint64_t eight(const uint8_t *fine, int bits) {
    uint64_t all = 0;
    for (int k = 0; k < bits; k++) all |= (uint64_t)fine[k] << (8 * k);
    return all;
}

/* Codes and lower bits as one number. */
INLINE int whole(int8_t code, uint64_t fine, int bits, int place) {
    int unit = 1 << bits;
    return unit * code + (int)(fine >> (bits * place) & (uint64_t)(unit - 1)) - unit / 2;
}

/* Halves go away from zero: a rule that vector instructions have without asking for the rounding mode. */
INLINE int nearest(float x) { return (int)(x + (x < 0 ? -0.5f : 0.5f)); }

INLINE sillon_row encode(const float *vector, ptrdiff_t stride, int bits, int8_t *codes, uint8_t *fine) {
    float largest = 0;
    for (ptrdiff_t i = 0; i < stride; i++) {
        float magnitude = fabsf(vector[i]);
        largest = magnitude > largest ? magnitude : largest;
    }
    int is_zero = !(largest > least_component), unit = 1 << bits, most = (int)largest_code * unit;
    float inverse = is_zero ? 0 : (float)most / largest;
    int64_t squares = 0, fine_squares = 0, whole_squares = 0;
    double true_squares = 0;
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += bits) {
        uint64_t all = 0;
        for (int k = 0; k < 8; k++) {
            int number = nearest(vector[i + k] * inverse);
            number = number > most ? most : number < -most ? -most : number;
            int code = (number + unit / 2) >> bits, rest = number - unit * code;
            codes[i + k] = (int8_t)code;
            all |= (uint64_t)(rest + unit / 2) << (bits * k);
            squares += code * code;
            fine_squares += rest * rest;
            whole_squares += (int64_t)number * number;
            true_squares += (double)vector[i + k] * vector[i + k];
        }
        for (int k = 0; k < bits; k++) fine[k] = (uint8_t)(all >> (8 * k));
    }
    /* The length stays what it was, so that a vector of unit length scores 1 against itself. */
    float step = is_zero ? 0 : (float)(unit * sqrt(true_squares / (double)whole_squares));
    return (sillon_row){step, sqrtf((float)fine_squares) / (float)unit, step * sqrtf((float)squares)};
}

FOR_THIS_PROCESSOR sillon_row sillon_encode(
    const float *vector, ptrdiff_t stride, int bits, int8_t *codes, uint8_t *fine) {
    return bits == 8 ? encode(vector, stride, 8, codes, fine) : encode(vector, stride, 5, codes, fine);
}

void sillon_decode(
    const int8_t *codes, const uint8_t *fine, int bits, float step, ptrdiff_t stride, float *vector) {
    float part = step / (float)(1 << bits);
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += bits) {
        uint64_t all = eight(fine, bits);
        for (int k = 0; k < 8; k++) vector[i + k] = part * (float)whole(codes[i + k], all, bits, k);
    }
}

INLINE float score(
    const int8_t *codes, const uint8_t *fine, int bits, float step, const float *query, ptrdiff_t stride) {
    float sums[8] = {0};
    for (ptrdiff_t i = 0; i < stride; i += 8, fine += bits) {
        uint64_t all = eight(fine, bits);
        for (int k = 0; k < 8; k++) sums[k] += query[i + k] * (float)whole(codes[i + k], all, bits, k);
    }
    float sum = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    return step / (float)(1 << bits) * sum;
}

FOR_THIS_PROCESSOR float sillon_score(
    const int8_t *codes, const uint8_t *fine, int bits, float step, const float *query, ptrdiff_t stride) {
    return bits == 8 ? score(codes, fine, 8, step, query, stride) : score(codes, fine, 5, step, query, stride);
}
