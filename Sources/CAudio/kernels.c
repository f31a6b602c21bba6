/* The loops in which an analysis spends its time. They are in C because Swift compiles a function for one instruction
   set only: on x86-64 each of these exists twice, and the loader takes the one that the processor has. The two differ
   by rounding. On other processors the usual build has all there is (NEON). */
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
typedef double two __attribute__((vector_size(16), aligned(8)));

/* Vectors go by pointer: as arguments their form would depend on the instruction set. */
#define LOAD(TYPE, FROM) (*(const TYPE *)(FROM))
#define STORE(TYPE, TO, VALUE) (*(TYPE *)(TO) = (VALUE))

INLINE float dot(const float *a, const float *b, ptrdiff_t count) {
    eight sum = {0}, other = {0};
    ptrdiff_t i = 0;
    for (; i + 16 <= count; i += 16) {
        sum += LOAD(eight, a + i) * LOAD(eight, b + i);
        other += LOAD(eight, a + i + 8) * LOAD(eight, b + i + 8);
    }
    if (i + 8 <= count) {
        sum += LOAD(eight, a + i) * LOAD(eight, b + i);
        i += 8;
    }
    sum += other;
    four half = __builtin_shufflevector(sum, sum, 0, 1, 2, 3) + __builtin_shufflevector(sum, sum, 4, 5, 6, 7);
    float result = (half[0] + half[2]) + (half[1] + half[3]);
    for (; i < count; i++) result += a[i] * b[i];
    return result;
}

FOR_THIS_PROCESSOR float sillon_dot(const float *a, const float *b, ptrdiff_t count) { return dot(a, b, count); }

FOR_THIS_PROCESSOR ptrdiff_t sillon_resample(
    sillon_resampling *position, const float *input, ptrdiff_t fill, const float *bank, float *out) {
    sillon_resampling p = *position;
    ptrdiff_t produced = 0;
    while (p.next + p.taps <= fill) {
        ptrdiff_t phase = p.phases == p.denominator ? p.fraction : p.fraction * p.phases / p.denominator;
        out[produced++] = dot(input + p.next, bank + phase * p.taps, p.taps);
        p.next += p.whole;
        p.fraction += p.numerator;
        if (p.fraction >= p.denominator) {
            p.fraction -= p.denominator;
            p.next++;
        }
    }
    *position = p;
    return produced;
}

/* Four-point transforms of TYPE's lanes at `at` and three times `apart` further on; the twiddles are the caller's. */
#define BUTTERFLY(TYPE)                                                                                                \
    TYPE ar = LOAD(TYPE, xr + at), ai = LOAD(TYPE, xi + at);                                                           \
    TYPE br = LOAD(TYPE, xr + at + apart), bi = LOAD(TYPE, xi + at + apart);                                           \
    TYPE cr = LOAD(TYPE, xr + at + 2 * apart), ci = LOAD(TYPE, xi + at + 2 * apart);                                   \
    TYPE dr = LOAD(TYPE, xr + at + 3 * apart), di = LOAD(TYPE, xi + at + 3 * apart);                                   \
    TYPE sum_ac_r = ar + cr, sum_ac_i = ai + ci, dif_ac_r = ar - cr, dif_ac_i = ai - ci;                               \
    TYPE sum_bd_r = br + dr, sum_bd_i = bi + di, dif_bd_r = br - dr, dif_bd_i = bi - di;                               \
    TYPE r0 = sum_ac_r + sum_bd_r, i0 = sum_ac_i + sum_bd_i;                                                           \
    TYPE r1 = dif_ac_r + dif_bd_i, i1 = dif_ac_i - dif_bd_r;                                                           \
    TYPE r2 = sum_ac_r - sum_bd_r, i2 = sum_ac_i - sum_bd_i;                                                           \
    TYPE r3 = dif_ac_r - dif_bd_i, i3 = dif_ac_i + dif_bd_r;

/* Rows a, b, c, d of four become columns: sixteen floats at `to`. */
INLINE void transpose(float *to, const four *a, const four *b, const four *c, const four *d) {
    four low = __builtin_shufflevector(*a, *b, 0, 4, 1, 5), high = __builtin_shufflevector(*a, *b, 2, 6, 3, 7);
    four low2 = __builtin_shufflevector(*c, *d, 0, 4, 1, 5), high2 = __builtin_shufflevector(*c, *d, 2, 6, 3, 7);
    STORE(four, to, __builtin_shufflevector(low, low2, 0, 1, 4, 5));
    STORE(four, to + 4, __builtin_shufflevector(low, low2, 2, 3, 6, 7));
    STORE(four, to + 8, __builtin_shufflevector(high, high2, 0, 1, 4, 5));
    STORE(four, to + 12, __builtin_shufflevector(high, high2, 2, 3, 6, 7));
}

/* Neighbouring butterflies, each with its own twiddles, their results transposed into place. */
FOR_THIS_PROCESSOR void sillon_fft_first(
    const float *xr, const float *xi, float *yr, float *yi, const float *wr, const float *wi, ptrdiff_t quarter) {
    ptrdiff_t apart = quarter;
    for (ptrdiff_t at = 0; at < quarter; at += 4) {
        BUTTERFLY(four)
        four c1 = LOAD(four, wr + at), c2 = LOAD(four, wr + quarter + at), c3 = LOAD(four, wr + 2 * quarter + at);
        four s1 = LOAD(four, wi + at), s2 = LOAD(four, wi + quarter + at), s3 = LOAD(four, wi + 2 * quarter + at);
        four t1 = r1 * c1 - i1 * s1, t2 = r2 * c2 - i2 * s2, t3 = r3 * c3 - i3 * s3;
        four u1 = i1 * c1 + r1 * s1, u2 = i2 * c2 + r2 * s2, u3 = i3 * c3 + r3 * s3;
        transpose(yr + 4 * at, &r0, &t1, &t2, &t3);
        transpose(yi + 4 * at, &i0, &u1, &u2, &u3);
    }
}

/* One twiddle factor serves `stride` neighbours. */
#define LATER(TYPE, LANES)                                                                                             \
    for (ptrdiff_t p = 0; p < quarter; p++) {                                                                          \
        float c1 = wr[p], c2 = wr[quarter + p], c3 = wr[2 * quarter + p];                                              \
        float s1 = wi[p], s2 = wi[quarter + p], s3 = wi[2 * quarter + p];                                              \
        for (ptrdiff_t q = 0; q < stride; q += LANES) {                                                                \
            ptrdiff_t at = p * stride + q, to = 4 * p * stride + q;                                                    \
            BUTTERFLY(TYPE)                                                                                            \
            STORE(TYPE, yr + to, r0);                                                                                  \
            STORE(TYPE, yi + to, i0);                                                                                  \
            STORE(TYPE, yr + to + stride, r1 * c1 - i1 * s1);                                                          \
            STORE(TYPE, yi + to + stride, i1 * c1 + r1 * s1);                                                          \
            STORE(TYPE, yr + to + 2 * stride, r2 * c2 - i2 * s2);                                                      \
            STORE(TYPE, yi + to + 2 * stride, i2 * c2 + r2 * s2);                                                      \
            STORE(TYPE, yr + to + 3 * stride, r3 * c3 - i3 * s3);                                                      \
            STORE(TYPE, yi + to + 3 * stride, i3 * c3 + r3 * s3);                                                      \
        }                                                                                                              \
    }

FOR_THIS_PROCESSOR void sillon_fft_later(
    const float *xr, const float *xi, float *yr, float *yi, const float *wr, const float *wi, ptrdiff_t quarter,
    ptrdiff_t stride) {
    ptrdiff_t apart = quarter * stride;
    if (stride < 8) {
        LATER(four, 4)
    } else {
        LATER(eight, 8)
    }
}

FOR_THIS_PROCESSOR void sillon_fft_last(const float *x, float *y, ptrdiff_t stride) {
    for (ptrdiff_t q = 0; q < stride; q++) {
        float a = x[q], b = x[stride + q];
        y[q] = a + b;
        y[stride + q] = a - b;
    }
}

FOR_THIS_PROCESSOR void sillon_largest(const float *samples, ptrdiff_t count, ptrdiff_t run, float *out) {
    for (ptrdiff_t start = 0; start < count; start += run) {
        ptrdiff_t length = count - start < run ? count - start : run, i = 0;
        float lanes[8] = {0}, largest = 0;
        for (; i + 8 <= length; i += 8)
            for (int k = 0; k < 8; k++) {
                float x = fabsf(samples[start + i + k]);
                lanes[k] = x > lanes[k] ? x : lanes[k];
            }
        for (; i < length; i++) {
            float x = fabsf(samples[start + i]);
            largest = x > largest ? x : largest;
        }
        for (int k = 0; k < 8; k++) largest = lanes[k] > largest ? lanes[k] : largest;
        out[start / run] = largest;
    }
}

/* A phase and its mirror are s + d and s - d, with s from the sums and d from the differences of mirrored inputs; the
   larger magnitude of the two is |s| + |d|. */
FOR_THIS_PROCESSOR float sillon_oversampled(const float *line, ptrdiff_t count, const float *pairs) {
    float largest = 0;
    float lanes[8] = {0};
    for (ptrdiff_t i = 0; i < count; i += 8) {
        eight s0 = {0}, d0 = {0}, s1 = {0}, d1 = {0};
        for (int tap = 0; tap < 6; tap++) {
            eight newer = LOAD(eight, line + i + 11 - tap), older = LOAD(eight, line + i + tap);
            eight sum = newer + older, difference = newer - older;
            s0 += sum * pairs[4 * tap];
            d0 += difference * pairs[4 * tap + 1];
            s1 += sum * pairs[4 * tap + 2];
            d1 += difference * pairs[4 * tap + 3];
        }
        ptrdiff_t live = count - i < 8 ? count - i : 8;
        for (int k = 0; k < 8; k++) {
            float a = fabsf(s0[k]) + fabsf(d0[k]), b = fabsf(s1[k]) + fabsf(d1[k]);
            float x = k < live ? (a > b ? a : b) : 0;
            lanes[k] = x > lanes[k] ? x : lanes[k];
        }
    }
    for (int k = 0; k < 8; k++) largest = lanes[k] > largest ? lanes[k] : largest;
    return largest;
}

/* A decaying tail would end in subnormal numbers, on which some processors are a hundred times slower. */
INLINE two flushed(const two *x) {
    const double tiny = 1e-30;
    two kept = {fabs((*x)[0]) < tiny ? 0 : (*x)[0], fabs((*x)[1]) < tiny ? 0 : (*x)[1]};
    return kept;
}

/* Direct form I: what one sample waits for of the sample before is one multiplication and one addition. */
FOR_THIS_PROCESSOR void sillon_k_energy(
    sillon_k_filter *filter, const float *left, const float *right, ptrdiff_t count, double *out) {
    sillon_k_filter f = *filter;
    two x1 = LOAD(two, f.x1), x2 = LOAD(two, f.x2), y1 = LOAD(two, f.y1), y2 = LOAD(two, f.y2);
    two z1 = LOAD(two, f.z1), z2 = LOAD(two, f.z2), sum = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        two x = {left[i], right[i]};
        two y = (x * f.b0 + x1 * f.b1 + x2 * f.b2 - y2 * f.a2) - y1 * f.a1;
        two z = (y - 2 * y1 + y2 - z2 * f.c2) - z1 * f.c1;
        x2 = x1, x1 = x, y2 = y1, y1 = y, z2 = z1, z1 = z;
        sum += z * z;
    }
    STORE(two, filter->x1, x1), STORE(two, filter->x2, x2), STORE(two, filter->y1, flushed(&y1));
    STORE(two, filter->y2, flushed(&y2)), STORE(two, filter->z1, flushed(&z1)), STORE(two, filter->z2, flushed(&z2));
    STORE(two, out, sum);
}
