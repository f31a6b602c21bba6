/* The scan: dot products of 8-bit codes. Most of the time goes here, and most of that into reading memory. */
#include "CSimilarity.h"

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    int32_t *found;
    float *bounds;
    ptrdiff_t count;
} finds;

INLINE int32_t dot(const int8_t *a, const int8_t *b, ptrdiff_t count) {
    int32_t sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += (int32_t)a[i] * (int32_t)b[i];
    return sum;
}

INLINE void consider(ptrdiff_t row, float bound, float least, finds *finds) {
    if (!(bound >= least)) return;
    finds->found[finds->count] = (int32_t)row;
    finds->bounds[finds->count++] = bound;
}

/* Rows from `row` on, one by one. */
INLINE void scan_each(
    const int8_t *codes, const float *steps, ptrdiff_t row, ptrdiff_t rows, const sillon_query *query, float least,
    finds *finds) {
    for (; row < rows; row++) {
        float sum = (float)dot(codes + row * query->stride, query->codes, query->stride);
        consider(row, steps[row] * (query->scale * sum + query->margin), least, finds);
    }
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,fma")))

/* Sums of products in each 32-bit lane. The query comes as magnitudes and signs, since one factor has to be unsigned. */
WIDE INLINE __m256i products(const int8_t *codes, __m256i magnitudes, __m256i signs, __m256i sums) {
    __m256i row = _mm256_loadu_si256((const __m256i *)codes);
    __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(row, signs));
    return _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

/* Four rows together, so that their sums end up beside each other. */
WIDE INLINE __m128i four_sums(const int8_t *codes, const int8_t *query, ptrdiff_t stride) {
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    for (ptrdiff_t i = 0; i < stride; i += SILLON_ROW_UNIT) {
        __m256i signs = _mm256_loadu_si256((const __m256i *)(query + i)), magnitudes = _mm256_abs_epi8(signs);
        a = products(codes + i, magnitudes, signs, a);
        b = products(codes + stride + i, magnitudes, signs, b);
        c = products(codes + 2 * stride + i, magnitudes, signs, c);
        d = products(codes + 3 * stride + i, magnitudes, signs, d);
    }
    __m256i all = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
    return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}

WIDE INLINE void scan_fours(
    const int8_t *codes, const float *steps, ptrdiff_t rows, const sillon_query *query, ptrdiff_t stride, float least,
    finds *finds) {
    __m128 scale = _mm_set1_ps(query->scale), margin = _mm_set1_ps(query->margin), edge = _mm_set1_ps(least);
    ptrdiff_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        __m128 sums = _mm_cvtepi32_ps(four_sums(codes + row * stride, query->codes, stride));
        __m128 bounds = _mm_mul_ps(_mm_loadu_ps(steps + row), _mm_fmadd_ps(scale, sums, margin));
        if (_mm_movemask_ps(_mm_cmpge_ps(bounds, edge)) == 0) continue;
        float each[4];
        _mm_storeu_ps(each, bounds);
        for (int k = 0; k < 4; k++) consider(row + k, each[k], least, finds);
    }
    scan_each(codes, steps, row, rows, query, least, finds);
}

/* The usual lengths by name: their loops are unrolled, with the query in registers. */
WIDE static ptrdiff_t scan_wide(
    const int8_t *codes, const float *steps, ptrdiff_t rows, const sillon_query *query, float least, finds finds) {
    switch (query->stride) {
    case 64: scan_fours(codes, steps, rows, query, 64, least, &finds); break;
    case 96: scan_fours(codes, steps, rows, query, 96, least, &finds); break;
    case 128: scan_fours(codes, steps, rows, query, 128, least, &finds); break;
    default: scan_fours(codes, steps, rows, query, query->stride, least, &finds); break;
    }
    return finds.count;
}
#endif

ptrdiff_t sillon_scan(
    const int8_t *codes, const float *steps, ptrdiff_t rows, const sillon_query *query, float least, int32_t *found,
    float *bounds) {
    finds finds = {found, bounds, 0};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return scan_wide(codes, steps, rows, query, least, finds);
#endif
    scan_each(codes, steps, 0, rows, query, least, &finds);
    return finds.count;
}
