/* Files that were cut off: containers that announce more audio than there is. The demuxers take what there is and say
   nothing. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_CHUNKS = 1000, OGG_HEADER = 27, OGG_PAGE_MAX = 65307, OGG_LAST_PAGE = 4 };
/* What writes to a pipe cannot come back to fill in the size, and leaves this or more, or 0. */
#define SIZE_UNKNOWN 0x7ffff000

static uint64_t big(const uint8_t *bytes, int count) {
    uint64_t number = 0;
    for (int i = 0; i < count; i++) number = number << 8 | bytes[i];
    return number;
}

static uint64_t little32(const uint8_t *b) {
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
}

static int lies_beyond(const sillon_source *source, int64_t start, uint64_t size) {
    return size > (uint64_t)(source->end - start);
}

typedef struct {
    const char *audio;    /* the chunk that holds it */
    int size_bytes, is_big, is_padded;
    int64_t first;        /* where the first chunk starts */
    uint64_t unknown;     /* sizes from here on say nothing */
} chunk_rules;

static int chunks_end_early(sillon_source *source, const chunk_rules *rules) {
    int64_t at = source->start + rules->first, header = 4 + rules->size_bytes;
    for (int i = 0; i < MAX_CHUNKS; i++) {
        uint8_t head[12];
        if (sillon_source_read_at(source, head, (size_t)header, at) != header) return 0;
        uint64_t size = rules->is_big ? big(head + 4, rules->size_bytes) : little32(head + 4);
        if (!memcmp(head, rules->audio, 4))
            return size != 0 && size < rules->unknown && lies_beyond(source, at + header, size);
        if (lies_beyond(source, at + header, size)) return 0;
        at += header + (int64_t)size + (rules->is_padded && (size & 1));
    }
    return 0;
}

/* A variable-length number of EBML; -1 when it says that it does not know, -2 when it is none. */
static int64_t ebml_number(const uint8_t *bytes, int *width) {
    int count = 1;
    while (count <= 8 && !(bytes[0] & (0x80 >> (count - 1)))) count++;
    if (count > 8) return -2;
    *width = count;
    uint64_t number = big(bytes, count) & ((1ull << (7 * count)) - 1);
    return number == (1ull << (7 * count)) - 1 ? -1 : (int64_t)number;
}

static int segment_ends_early(sillon_source *source) {
    uint8_t head[12] = {0};
    int width = 0;
    if (sillon_source_read_at(source, head, sizeof head, source->start) != sizeof head) return 0;
    int64_t size = ebml_number(head + 4, &width);
    if (size < 0 || lies_beyond(source, source->start + 4 + width, (uint64_t)size)) return 0;
    int64_t at = source->start + 4 + width + size;
    if (sillon_source_read_at(source, head, sizeof head, at) != sizeof head || big(head, 4) != 0x18538067) return 0;
    size = ebml_number(head + 4, &width);
    return size >= 0 && lies_beyond(source, at + 4 + width, (uint64_t)size);
}

/* The last page must be whole and say that it is the last (RFC 3533). */
static int last_page_is_missing(const uint8_t *tail, int64_t count) {
    for (int64_t at = count - 4; at >= 0; at--) {
        if (memcmp(tail + at, "OggS", 4) != 0) continue;
        int64_t left = count - at;
        if (left < OGG_HEADER) return 1;
        const uint8_t *page = tail + at;
        if (page[4] != 0 || page[5] > 7) continue;    /* chance, not a page */
        int64_t size = OGG_HEADER + page[26];
        for (int i = 0; i < page[26] && OGG_HEADER + i < left; i++) size += page[OGG_HEADER + i];
        return size > left || !(page[5] & OGG_LAST_PAGE);
    }
    return 0;
}

static int pages_end_early(sillon_source *source) {
    int64_t count = source->end - source->start;
    if (count > OGG_PAGE_MAX + OGG_HEADER) count = OGG_PAGE_MAX + OGG_HEADER;
    uint8_t *tail = malloc((size_t)count);
    if (!tail) return 0;
    int is_early = sillon_source_read_at(source, tail, (size_t)count, source->end - count) == count &&
                   last_page_is_missing(tail, count);
    free(tail);
    return is_early;
}

int sillon_source_ends_early(sillon_source *source) {
    static const chunk_rules wave = {"data", 4, 0, 1, 12, SIZE_UNKNOWN}, aiff = {"SSND", 4, 1, 1, 12, SIZE_UNKNOWN},
                             caf = {"data", 8, 1, 0, 8, INT64_MAX};
    uint8_t head[12];
    if (sillon_source_read_at(source, head, sizeof head, source->start) != sizeof head) return 0;
    if (!memcmp(head, "OggS", 4)) return pages_end_early(source);
    if (!memcmp(head, "RIFF", 4) && !memcmp(head + 8, "WAVE", 4)) return chunks_end_early(source, &wave);
    if (!memcmp(head, "FORM", 4) && !memcmp(head + 8, "AIF", 3)) return chunks_end_early(source, &aiff);
    if (!memcmp(head, "caff", 4)) return chunks_end_early(source, &caf);
    if (big(head, 4) == 0x1a45dfa3) return segment_ends_early(source);
    return 0;
}
