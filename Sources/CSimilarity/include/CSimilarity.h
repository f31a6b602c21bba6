/* The loops of the vector index: vectors as numbers of 13 or 16 bits, whose upper 8 bits are scanned by themselves. */
#ifndef CSIMILARITY_H
#define CSIMILARITY_H

#include <stddef.h>
#include <stdint.h>

/* Components of a row are padded with zeros to a multiple of this. */
#define SILLON_ROW_UNIT 32

/* What the codes of a vector stand for: v = step * (codes + fine / 2^bits). */
typedef struct {
    float step;
    /* |v - step * codes| / step */
    float residual;
    /* |step * codes| */
    float length;
} sillon_row;

/* What is decoded has the vector's length; each component is right to one step of the lower bits.

   Writes `stride` codes and stride / 8 * bits bytes of lower bits; `bits` is 5 or 8. Vectors without a component beyond
   1e-30 become zero, with a step of zero. */
sillon_row sillon_encode(const float *vector, ptrdiff_t stride, int bits, int8_t *codes, uint8_t *fine);

void sillon_decode(
    const int8_t *codes, const uint8_t *fine, int bits, float step, ptrdiff_t stride, float *vector);

/* The dot product of a query with what `sillon_decode` would write. */
float sillon_score(
    const int8_t *codes, const uint8_t *fine, int bits, float step, const float *query, ptrdiff_t stride);

typedef struct {
    const int8_t *codes;
    ptrdiff_t stride;
    /* Scores are bounded by step * (scale * sum + margin). */
    float scale;
    float margin;
} sillon_query;

/* Finds the rows whose bound is at least `least`: writes their numbers and bounds, answers how many. A row whose step is
   no number is never found. There must be room for `rows` of both. */
ptrdiff_t sillon_scan(
    const int8_t *codes, const float *steps, ptrdiff_t rows, const sillon_query *query, float least, int32_t *found,
    float *bounds);

#endif
