/* The file as the demuxer sees it: the bytes between the tags that stand before and after the audio. Large covers in
   an ID3v2 tag then cost no probing, and tags at the end never end up in the last packet. */
#include "source.h"

#include <errno.h>
#include <libavutil/error.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_STACKED_TAGS = 8, ID3V2_HEADER = 10, ID3V1 = 128, ID3V1_EXTENDED = 227, APE_FOOTER = 32, LYRICS3_END = 15 };

int64_t sillon_source_read_at(sillon_source *source, uint8_t *bytes, size_t count, int64_t offset) {
    if (offset < 0) return -1;
    size_t done = 0;
    while (done < count) {
        ssize_t n = pread(source->fd, bytes + done, count - done, offset + (int64_t)done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += (size_t)n;
    }
    source->bytes_read += (int64_t)done;
    return (int64_t)done;
}

static int64_t little32(const uint8_t *b) {
    return (int64_t)b[0] | (int64_t)b[1] << 8 | (int64_t)b[2] << 16 | (int64_t)b[3] << 24;
}

static int64_t syncsafe(const uint8_t *b) {
    return (int64_t)(b[0] & 127) << 21 | (int64_t)(b[1] & 127) << 14 | (int64_t)(b[2] & 127) << 7 | (b[3] & 127);
}

static void skip_leading_tags(sillon_source *source) {
    for (int i = 0; i < MAX_STACKED_TAGS; i++) {
        uint8_t head[ID3V2_HEADER];
        if (sillon_source_read_at(source, head, sizeof head, source->start) != sizeof head) return;
        if (memcmp(head, "ID3", 3) != 0 || head[3] == 0xff || head[4] == 0xff) return;
        int64_t size = ID3V2_HEADER + syncsafe(head + 6) + ((head[5] & 0x10) ? ID3V2_HEADER : 0);
        if (source->start + size >= source->end) return;
        source->start += size;
    }
}

/* Containers that keep their tags inside: what their last bytes look like is chance. */
static int holds_its_own_tags(const uint8_t *head) {
    static const uint8_t asf[4] = {0x30, 0x26, 0xb2, 0x75}, ebml[4] = {0x1a, 0x45, 0xdf, 0xa3};
    return !memcmp(head, "OggS", 4) || !memcmp(head, "RIFF", 4) || !memcmp(head, "FORM", 4) ||
           !memcmp(head, "RF64", 4) || !memcmp(head, "caff", 4) || !memcmp(head, asf, 4) || !memcmp(head, ebml, 4) ||
           !memcmp(head + 4, "ftyp", 4) || !memcmp(head, "riff", 4);
}

/* Size of the tag that ends at source->end, or 0. */
static int64_t trailing_tag(sillon_source *source) {
    uint8_t tail[ID3V1];
    if (source->end - source->start < ID3V1 + ID3V2_HEADER) return 0;
    if (sillon_source_read_at(source, tail, sizeof tail, source->end - ID3V1) != sizeof tail) return 0;
    if (!memcmp(tail, "TAG", 3)) {
        uint8_t plus[4];
        int64_t at = source->end - ID3V1 - ID3V1_EXTENDED;
        int found = at > source->start && sillon_source_read_at(source, plus, sizeof plus, at) == sizeof plus;
        int extended = found && !memcmp(plus, "TAG+", 4);
        return ID3V1 + (extended ? ID3V1_EXTENDED : 0);
    }
    const uint8_t *ape = tail + ID3V1 - APE_FOOTER;
    if (!memcmp(ape, "APETAGEX", 8)) return little32(ape + 12) + ((ape[23] & 0x80) ? APE_FOOTER : 0);
    const uint8_t *lyrics = tail + ID3V1 - LYRICS3_END;
    if (!memcmp(lyrics + 6, "LYRICS200", 9)) {
        int64_t size = 0;
        for (int i = 0; i < 6; i++) {
            if (lyrics[i] < '0' || lyrics[i] > '9') return 0;
            size = size * 10 + (lyrics[i] - '0');
        }
        return size + LYRICS3_END;
    }
    const uint8_t *footer = tail + ID3V1 - ID3V2_HEADER;
    if (!memcmp(footer, "3DI", 3)) return syncsafe(footer + 6) + 2 * ID3V2_HEADER;
    return 0;
}

static void cut_trailing_tags(sillon_source *source) {
    uint8_t head[8];
    if (sillon_source_read_at(source, head, sizeof head, source->start) != sizeof head) return;
    if (holds_its_own_tags(head)) return;
    for (int i = 0; i < MAX_STACKED_TAGS; i++) {
        int64_t size = trailing_tag(source);
        if (size <= 0 || source->end - size <= source->start) return;
        source->end -= size;
    }
}

int sillon_source_init(sillon_source *source, int fd) {
    struct stat facts;
    memset(source, 0, sizeof *source);
    source->fd = fd;
    if (fstat(fd, &facts) != 0) return AVERROR(errno);
    source->end = facts.st_size;
    skip_leading_tags(source);
    cut_trailing_tags(source);
    source->position = source->start;
    return 0;
}

int sillon_source_read(void *opaque, uint8_t *bytes, int count) {
    sillon_source *source = opaque;
    int64_t left = source->end - source->position;
    if (left <= 0) return AVERROR_EOF;
    if (count > left) count = (int)left;
    int64_t n = sillon_source_read_at(source, bytes, (size_t)count, source->position);
    if (n < 0) {
        source->failed = 1;
        return AVERROR(EIO);
    }
    if (n == 0) return AVERROR_EOF;
    source->position += n;
    return (int)n;
}

int64_t sillon_source_seek(void *opaque, int64_t offset, int whence) {
    sillon_source *source = opaque;
    int64_t size = source->end - source->start;
    if (whence & AVSEEK_SIZE) return size;
    whence &= ~AVSEEK_FORCE;
    if (whence == SEEK_CUR) offset += source->position - source->start;
    else if (whence == SEEK_END) offset += size;
    else if (whence != SEEK_SET) return AVERROR(EINVAL);
    if (offset < 0 || offset > size) return AVERROR(EINVAL);
    source->position = source->start + offset;
    return offset;
}
