/* Reads every tag of a file with TagLib and packs what it finds into one buffer. Plain C; no exception leaves it. */
#ifndef SILLON_CTAGLIB_H
#define SILLON_CTAGLIB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The tag a field was found in. Lower numbers win where a file has several tags. */
enum {
    SILLON_SOURCE_XIPH = 0,
    SILLON_SOURCE_MP4 = 1,
    SILLON_SOURCE_ASF = 2,
    SILLON_SOURCE_ID3V2 = 3,
    SILLON_SOURCE_APE = 4,
    SILLON_SOURCE_RIFF_INFO = 5,
    SILLON_SOURCE_ID3V1 = 6,
    /* What libavformat says, for containers that TagLib does not read. */
    SILLON_SOURCE_CONTAINER = 7
};

enum {
    SILLON_TAGS_OK = 0,
    /* No format that is known here, by content or by extension. */
    SILLON_TAGS_UNSUPPORTED = 1,
    /* A known format, but no audio stream could be found in it. */
    SILLON_TAGS_CORRUPT = 2,
    SILLON_TAGS_NO_MEMORY = 3,
    /* The parser went round in circles. */
    SILLON_TAGS_ENDLESS = 4,
    SILLON_TAGS_IO_ERROR = 5,
    /* A format that TagLib does not read: at most tags in front of it were found, codec and properties are absent. */
    SILLON_TAGS_UNMEASURED = 6,
    /* Nothing more can be written. */
    SILLON_TAGS_DISK_FULL = 7
};

/* A value is cut here. */
#define SILLON_TAG_VALUE_BYTES_MAX (64 * 1024)
/* All keys and values of a file together; further fields are left out. */
#define SILLON_TAG_FIELDS_BYTES_MAX 4194304
#define SILLON_TAG_FIELDS_MAX 4096
#define SILLON_TAG_KEY_BYTES_MAX 255

/* Fills a buffer that this thread owns until its next call:

     i64 duration in ms, i32 bitrate in kbit/s, i32 sample rate in Hz, i32 channels, i32 bits per sample (as TagLib
     says, so possibly absurd),
     u8 size + codec name,
     u32 count, then for each field: u8 source, u8 size + key, u32 size + value,
     u8 size + claimed type of the cover, u32 size + bytes of the cover (0 when there is none).

   Native byte order, no padding, text in UTF-8 (possibly with NUL inside). `extension` is lower case, without dot.
   `fd` must be seekable; its position is not used. */
int sillon_tags_read(
    int fd, const char *extension, size_t cover_bytes_max, const uint8_t **packed, size_t *packed_size);

/* ReplayGain as text, `-7.89 dB` and `0.987654`, and the gains as RFC 7845 wants them in Opus, `-1234`. What is NULL
   stays in the file as it is. */
typedef struct {
    const char *track_gain;
    const char *track_peak;
    const char *album_gain;
    const char *album_peak;
    const char *r128_track_gain;
    const char *r128_album_gain;
} sillon_gain_texts;

/* Sets these fields in the comments of an Ogg file, and leaves every other field. `fd` is open for reading and
   writing; when the answer is not SILLON_TAGS_OK, the file may be half written. SILLON_TAGS_UNSUPPORTED: the format has
   no place for them. */
int sillon_gain_write(int fd, const char *extension, const sillon_gain_texts *texts);

/* In which way ReplayGain gets into a file. */
enum {
    /* It does not. */
    SILLON_GAIN_NONE = 0,
    /* By sillon_gain_write. */
    SILLON_GAIN_OGG = 1,
    SILLON_GAIN_OPUS = 2,
    /* By a splice: into ID3v2 and APE, the blocks of FLAC, the chunks of WAV and AIFF, the boxes of MP4. */
    SILLON_GAIN_MPEG = 3,
    SILLON_GAIN_APE = 4,
    SILLON_GAIN_FLAC = 5,
    SILLON_GAIN_CHUNKS = 6,
    SILLON_GAIN_MP4 = 7,
    /* It cannot be read. */
    SILLON_GAIN_ERROR = 8
};

int sillon_gain_format(int fd, const char *extension);

/* Puts bytes in the place of `removed` bytes at `offset`; what follows moves. Answers a SILLON_TAGS_… number. */
int sillon_splice(int fd, int64_t offset, int64_t removed, const uint8_t *bytes, size_t count);

/* The version of the headers that this was built with, `1.13`; TagLib 1 does not tell its own. */
const char *sillon_taglib_version(void);

/* The ID3v1 genre of this number, or "" when there is none. The text is valid until this thread's next call. */
const char *sillon_tag_genre(int number);

#ifdef __cplusplus
}
#endif

#endif
