/* Filters over samples: products, the resampler, the meters of peaks and of loudness. */
#include "kernels.h"

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

enum { HALVED_AT_ONCE = 32, MOST_TAPS = 128 };

/* At half the rate one filter serves all outputs: so many at once, from the even and the odd inputs. Their count: */
INLINE ptrdiff_t halving_needs(ptrdiff_t taps) { return 2 * ((HALVED_AT_ONCE + taps / 2 + 7) / 8 * 8); }

INLINE void halve(const float *input, const float *filter, ptrdiff_t taps, float *out) {
    float even[HALVED_AT_ONCE + MOST_TAPS / 2], odd[HALVED_AT_ONCE + MOST_TAPS / 2];
    for (ptrdiff_t i = 0; 2 * i < halving_needs(taps); i += 8) {
        eight low = LOAD(eight, input + 2 * i), high = LOAD(eight, input + 2 * i + 8);
        STORE(eight, even + i, __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14));
        STORE(eight, odd + i, __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15));
    }
    eight sums[HALVED_AT_ONCE / 8] = {{0}};
    for (ptrdiff_t t = 0; t < taps / 2; t++)
        for (int k = 0; k < HALVED_AT_ONCE / 8; k++) {
            sums[k] += LOAD(eight, even + t + 8 * k) * filter[2 * t];
            sums[k] += LOAD(eight, odd + t + 8 * k) * filter[2 * t + 1];
        }
    for (int k = 0; k < HALVED_AT_ONCE / 8; k++) STORE(eight, out + 8 * k, sums[k]);
}

FOR_THIS_PROCESSOR ptrdiff_t sillon_resample(
    sillon_resampling *position, const float *input, ptrdiff_t fill, const float *bank, float *out) {
    sillon_resampling p = *position;
    ptrdiff_t produced = 0;
    int halves = p.whole == 2 && p.numerator == 0 && p.phases == 1 && p.taps <= MOST_TAPS;
    while (halves && p.next + halving_needs(p.taps) <= fill) {
        halve(input + p.next, bank, p.taps, out + produced);
        p.next += 2 * HALVED_AT_ONCE;
        produced += HALVED_AT_ONCE;
    }
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
