/* The Fourier transform of real input, and its magnitudes. */
#include "kernels.h"

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

FOR_THIS_PROCESSOR void sillon_fft_load(const float *x, const float *window, float *re, float *im, ptrdiff_t half) {
    for (ptrdiff_t at = 0; at < half; at += 8) {
        eight low = LOAD(eight, x + 2 * at) * LOAD(eight, window + 2 * at);
        eight high = LOAD(eight, x + 2 * at + 8) * LOAD(eight, window + 2 * at + 8);
        STORE(eight, re + at, __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14));
        STORE(eight, im + at, __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15));
    }
}

#define REVERSED(X) __builtin_shufflevector(X, X, 7, 6, 5, 4, 3, 2, 1, 0)

/* X[k] = E - i W^k O, with E and O the even and odd parts of Z at k and half - k. Eight k at once; the last of them is
   the middle, which both sides write. */
FOR_THIS_PROCESSOR void sillon_fft_separate(
    const float *zr, const float *zi, const float *cosines, const float *sines, ptrdiff_t half, float *re, float *im) {
    re[0] = zr[0] + zi[0], im[0] = 0;
    re[half] = zr[0] - zi[0], im[half] = 0;
    for (ptrdiff_t k = 1; 2 * k <= half; k += 8) {
        ptrdiff_t back = half - k - 7;
        eight far_r = LOAD(eight, zr + back), far_i = LOAD(eight, zi + back);
        eight near_r = LOAD(eight, zr + k), near_i = LOAD(eight, zi + k);
        far_r = REVERSED(far_r), far_i = REVERSED(far_i);
        eight c = LOAD(eight, cosines + k), s = LOAD(eight, sines + k);
        eight even_r = 0.5f * (near_r + far_r), even_i = 0.5f * (near_i - far_i);
        eight odd_r = 0.5f * (near_i + far_i), odd_i = 0.5f * (far_r - near_r);
        eight turned_r = c * odd_r + s * odd_i, turned_i = c * odd_i - s * odd_r;
        eight mirror_r = even_r - turned_r, mirror_i = turned_i - even_i;
        STORE(eight, re + k, even_r + turned_r);
        STORE(eight, im + k, even_i + turned_i);
        STORE(eight, re + back, REVERSED(mirror_r));
        STORE(eight, im + back, REVERSED(mirror_i));
    }
}

FOR_THIS_PROCESSOR void sillon_magnitudes(
    const float *re, const float *im, ptrdiff_t count, float scale, float *out) {
    ptrdiff_t k = 0;
    for (; k + 8 <= count; k += 8) {
        eight r = LOAD(eight, re + k), i = LOAD(eight, im + k);
        STORE(eight, out + k, __builtin_elementwise_sqrt(r * r + i * i) * scale);
    }
    for (; k < count; k++) out[k] = sqrtf(re[k] * re[k] + im[k] * im[k]) * scale;
}
