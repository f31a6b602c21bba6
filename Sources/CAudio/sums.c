/* Logarithms, energies and extremes of what was transformed. */
#include "kernels.h"

INLINE float total(const eight *x) {
    float sum = 0;
    for (int k = 0; k < 8; k++) sum += (*x)[k];
    return sum;
}

/* x = m * 2^e with m in sqrt(1/2)...sqrt(2); ln m = 2 artanh((m - 1) / (m + 1)) as a power series. */
INLINE void to_logarithm(eight *x) {
    bits whole = LOAD(bits, x);
    bits exponent = (whole - 0x3f3504f3) >> 23;    /* sqrt(1/2) */
    bits mantissa = whole - (bits)((words)exponent << 23);    /* below 1 it is negative, and C shifts no such number */
    eight m = LOAD(eight, &mantissa), f = (m - 1) / (m + 1), g = f * f;
    eight series = (((g * (2.0f / 9) + 2.0f / 7) * g + 2.0f / 5) * g + 2.0f / 3) * g + 2;
    *x = __builtin_convertvector(exponent, eight) * 0.69314718f + f * series;
}

FOR_THIS_PROCESSOR void sillon_log(const float *x, ptrdiff_t count, float scale, float offset, float *out) {
    ptrdiff_t i = 0;
    for (; i + 8 <= count; i += 8) {
        eight y = LOAD(eight, x + i) * scale + offset;
        to_logarithm(&y);
        STORE(eight, out + i, y);
    }
    if (i == count) return;
    eight rest = (eight){0} + 1;
    for (ptrdiff_t k = i; k < count; k++) rest[k - i] = x[k] * scale + offset;
    to_logarithm(&rest);
    for (ptrdiff_t k = i; k < count; k++) out[k] = rest[k - i];
}

FOR_THIS_PROCESSOR void sillon_power_sums(
    const float *x, ptrdiff_t count, float offset, float *logs, float *powers) {
    eight log_sum = {0}, sum = {0};
    for (ptrdiff_t i = 0; i < count; i += 8) {
        eight power = {0};
        if (i + 8 <= count) power = LOAD(eight, x + i) * LOAD(eight, x + i);
        else for (ptrdiff_t k = i; k < count; k++) power[k - i] = x[k] * x[k];
        eight shifted = power + offset;
        for (ptrdiff_t k = count; k < i + 8; k++) shifted[k - i] = 1;
        to_logarithm(&shifted);
        sum += power;
        log_sum += shifted;
    }
    *logs = total(&log_sum), *powers = total(&sum);
}

FOR_THIS_PROCESSOR void sillon_mid_side(const float *a, const float *b, ptrdiff_t count, float *mid, float *side) {
    eight sums = {0}, differences = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= count; i += 8) {
        eight sum = LOAD(eight, a + i) + LOAD(eight, b + i), difference = LOAD(eight, a + i) - LOAD(eight, b + i);
        sums += sum * sum;
        differences += difference * difference;
    }
    *mid = total(&sums), *side = total(&differences);
    for (; i < count; i++) *mid += (a[i] + b[i]) * (a[i] + b[i]), *side += (a[i] - b[i]) * (a[i] - b[i]);
    *mid /= 4, *side /= 4;
}

/* Of values that are not negative, bit patterns have the order of the values. */
INLINE int32_t pattern(float value) {
    int32_t same;
    memcpy(&same, &value, sizeof same);
    return same;
}

INLINE ptrdiff_t count_up_to(const float *values, ptrdiff_t count, int32_t limit) {
    bits limits = (bits){0} + limit, found = {0};
    ptrdiff_t i = 0, sum = 0;
    for (; i + 8 <= count; i += 8) found -= LOAD(bits, values + i) <= limits;
    for (int k = 0; k < 8; k++) sum += found[k];
    for (; i < count; i++) sum += pattern(values[i]) <= limit;
    return sum;
}

/* The sum of those up to `limit`, or beyond it. */
INLINE float sum_beside(const float *values, ptrdiff_t count, int32_t limit, int beyond) {
    bits limits = (bits){0} + limit, flip = (bits){0} - beyond;
    eight sums = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= count; i += 8) {
        bits taken = LOAD(bits, values + i) & ((LOAD(bits, values + i) <= limits) ^ flip);
        sums += LOAD(eight, &taken);
    }
    float sum = 0;
    for (int k = 0; k < 8; k++) sum += sums[k];
    for (; i < count; i++) sum += (pattern(values[i]) <= limit) != beyond ? values[i] : 0;
    return sum;
}

/* The pattern in low...high up to which `rank` values lie, found by halving; with values that are equal, up to which `rank`
   lie at least. No branch depends on the order of the data. */
INLINE int32_t limit_of(
    const float *values, ptrdiff_t count, ptrdiff_t rank, int32_t low, int32_t high, ptrdiff_t *below) {
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        *below = count_up_to(values, count, middle);
        if (*below == rank) return middle;
        if (*below > rank) high = middle;
        else low = middle + 1;
    }
    *below = count_up_to(values, count, low);
    return low;
}

INLINE float value_of(int32_t pattern) {
    float same;
    memcpy(&same, &pattern, sizeof same);
    return same;
}

FOR_THIS_PROCESSOR void sillon_extremes(
    const float *values, ptrdiff_t count, ptrdiff_t part, float *smallest, float *largest) {
    float least = values[0], most = values[0];
    for (ptrdiff_t i = 1; i < count; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    ptrdiff_t below, rest = count - part;
    int32_t limit = limit_of(values, count, part, pattern(least), pattern(most), &below);
    int32_t under = below > part ? limit - 1 : limit;    /* only some of those that are equal to the limit belong */
    *smallest = sum_beside(values, count, under, 0);
    if (under < limit) *smallest += (float)(part - count_up_to(values, count, under)) * value_of(limit);
    limit = limit_of(values, count, rest, limit, pattern(most), &below);
    *largest = sum_beside(values, count, limit, 1) + (float)(below - rest) * value_of(limit);
}
