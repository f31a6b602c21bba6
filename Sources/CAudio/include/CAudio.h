#ifndef SILLON_CAUDIO_H
#define SILLON_CAUDIO_H

#include <stddef.h>
#include <stdint.h>

/* Decoding of one audio stream with libavformat and libavcodec, reduced to what a caller in Swift can hold safely.
   A decoder reads from an open file descriptor and from nothing else: no protocol, no second file, no picture. */

#define SILLON_MAX_CHANNELS 8
#define SILLON_MESSAGE_SIZE 256

enum sillon_status {
    SILLON_OK = 0,
    SILLON_END = 1,
    SILLON_AGAIN = 2,            /* the decoder wants another packet first */
    SILLON_SKIPPED = 3,          /* this packet could not be decoded; the next may be */
    SILLON_UNSUPPORTED = -1,     /* no allowed demuxer or decoder knows it, or it holds no audio */
    SILLON_CORRUPT = -2,
    SILLON_IO = -3,
    SILLON_MEMORY = -4,
};

typedef struct sillon_decoder sillon_decoder;

typedef struct sillon_stream {
    char codec[32];              /* libavcodec's name: mp3, flac, vorbis ... */
    int sample_rate;             /* Hz as the header says; may be 0 or nonsense */
    int channels;
    int64_t exact_duration_us;   /* what the container counts, or -1 when it does not say or only estimates */
    int64_t duration_us;         /* counted or estimated, or -1 */
    int64_t bit_rate;            /* bits per second, or 0 */
    int bits_per_sample;         /* 0 where that means nothing */
    int ends_early;              /* the file is shorter than its container says: it was cut off */
    char container[16];          /* libavformat's name: wav, matroska, caf ... */
} sillon_stream;

typedef struct sillon_block {
    const float *planes[SILLON_MAX_CHANNELS];    /* finite, at most 64 in magnitude; valid until the next call */
    float downmix[SILLON_MAX_CHANNELS];          /* weight of each channel in the mono mix */
    float loudness[SILLON_MAX_CHANNELS];         /* BS.1770-4 channel weight: 0 for LFE, 1.41 for surround */
    int frames;
    int channels;
    int sample_rate;             /* Hz */
    uint64_t layout;             /* which speaker each channel is for, as bits of libav; 0 when the file does not say */
} sillon_block;

/* Opens the best audio stream of the file behind `fd`, which stays the caller's. With `decode` 0 only packets can be
   read. On failure `message` (SILLON_MESSAGE_SIZE bytes) says why and *out is NULL. */
int sillon_decoder_open(int fd, int decode, sillon_decoder **out, char *message);
void sillon_decoder_close(sillon_decoder *decoder);
void sillon_decoder_describe(const sillon_decoder *decoder, sillon_stream *stream);

/* The next tag of the container, under libavformat's name for it (title, album_artist ...). Start with *cursor NULL;
   0 when there is no other. Texts end with NUL, hold any bytes, and live as long as the decoder. */
int sillon_decoder_next_tag(
    const sillon_decoder *decoder, const void **cursor, const char **name, const char **value);

/* The first attached picture; 0 when there is none. */
int sillon_decoder_cover(const sillon_decoder *decoder, const uint8_t **bytes, size_t *count);

/* The next encoded packet of the chosen stream; valid until the next call. SILLON_CORRUPT: the demuxer gave up. */
int sillon_decoder_next_packet(sillon_decoder *decoder, const uint8_t **bytes, size_t *count);

/* Hands the packet last read (or, after SILLON_END, the end) to the decoder; then blocks can be fetched. */
int sillon_decoder_send(sillon_decoder *decoder);
int sillon_decoder_next_block(sillon_decoder *decoder, sillon_block *block);

/* Goes to the block that holds the time `us`, in microseconds from the first sample that is heard, or a little before it.
   Once, before anything is read; then the blocks come, the first of which may lie earlier. SILLON_END: no block at all. */
int sillon_decoder_seek(sillon_decoder *decoder, int64_t us);

/* The same for packets, before any was read: the next one begins some time before `us`, where the container knows its
   places, and is the first of all where it does not. */
void sillon_decoder_seek_packets(sillon_decoder *decoder, int64_t us);

/* Where the packet read last begins and ends, in microseconds from the stream's beginning; 0 when it does not say. */
int sillon_decoder_packet_us(const sillon_decoder *decoder, int64_t *start, int64_t *end);

/* The time of the block fetched last; -1: right behind the one before. */
int64_t sillon_decoder_block_us(sillon_decoder *decoder);

/* Samples that the packets read so far said to cut off at the start and at the end, at the stream's rate: what an encoder
   put there. Both 0 when the file tells nothing. */
void sillon_decoder_trimming(const sillon_decoder *decoder, int64_t *start, int64_t *end);

/* The containers and decoders that may be opened, with commas between, and whether the loaded libraries have one. */
const char *sillon_allowed_formats(void);
const char *sillon_allowed_decoders(void);
int sillon_has_format(const char *name);
int sillon_has_decoder(const char *name);

/* The version of the libraries that are loaded, `5.1.9-0+deb12u1`. */
const char *sillon_libav_version(void);

/* Bytes read from the descriptor so far: what a measuring caller shows. */
int64_t sillon_decoder_bytes_read(const sillon_decoder *decoder);

/* Encoding for a listener: what decoders give, resampled and mixed down to two channels where it must be. */
enum sillon_encoding { SILLON_ENCODE_MP3 = 1, SILLON_ENCODE_OPUS, SILLON_ENCODE_AAC, SILLON_ENCODE_FLAC };
/* Whether the loaded libraries have its encoder. */
int sillon_has_encoder(int encoding);

typedef struct sillon_encoder sillon_encoder;

/* Takes what was encoded, in order. Not 0: nobody wants more. */
typedef int (*sillon_sink)(void *opaque, const uint8_t *bytes, int count);

typedef struct sillon_encoder_options {
    int encoding;                /* of sillon_encoding */
    int kbps;
    int is_constant;             /* each second takes the same number of bytes */
    int page_us;                 /* microseconds in one page of Ogg */
    int bits;                    /* FLAC: of each sample, up to 24 */
    int64_t samples;             /* FLAC: of each channel, as far as they are known; 0 when not */
    const char *title, *artist, *album;    /* UTF-8, or NULL */
} sillon_encoder_options;

/* `first` tells the rate and the channels; it is not encoded yet. On failure `message` (SILLON_MESSAGE_SIZE bytes) says why. */
int sillon_encoder_open(
    const sillon_encoder_options *options, const sillon_block *first, sillon_sink sink, void *opaque,
    sillon_encoder **out, char *message);
void sillon_encoder_close(sillon_encoder *encoder);

/* `count` samples of each channel of the block, from the one at `start` on. SILLON_IO: the sink wants no more. */
int sillon_encoder_add(sillon_encoder *encoder, const sillon_block *block, int start, int count);

/* Everything that the encoder still holds, and the end of the container. */
int sillon_encoder_finish(sillon_encoder *encoder);

/* Pictures: decoded from memory, whole or not at all. */
enum sillon_picture_format {
    SILLON_PICTURE_JPEG = 1, SILLON_PICTURE_PNG, SILLON_PICTURE_WEBP, SILLON_PICTURE_GIF, SILLON_PICTURE_BMP,
};

typedef struct sillon_picture {
    int width, height;           /* pixels, as it is seen: turned */
    uint8_t *jpeg;               /* the picture with a longer side of `side` pixels at most; NULL for side 0 */
    size_t jpeg_size;
} sillon_picture;

/* `format` is of sillon_picture_format, `turn` EXIF's orientation, 1 ... 8. Of a moving picture, the first. On failure `message` (SILLON_MESSAGE_SIZE bytes)
   says why, and there is nothing to free. */
int sillon_picture_read(
    const uint8_t *bytes, size_t count, int format, int turn, int side, int64_t pixels_max, sillon_picture *out,
    char *message);
void sillon_picture_free(sillon_picture *picture);

/* Kernels of the analysis. Buffers are the caller's, of the length that each loop says, and need no alignment. */

/* Sum of a[i] * b[i]. */
float sillon_dot(const float *a, const float *b, ptrdiff_t count);

/* The natural logarithm of scale * x + offset, for finite positive arguments; relative error under 1e-6. */
void sillon_log(const float *x, ptrdiff_t count, float scale, float offset, float *out);

/* The sum of ln(x^2 + offset), and of x^2. */
void sillon_power_sums(const float *x, ptrdiff_t count, float offset, float *logs, float *powers);

/* The sums of ((a + b) / 2)^2 and of ((a - b) / 2)^2. */
void sillon_mid_side(const float *a, const float *b, ptrdiff_t count, float *mid, float *side);

/* A polyphase filter on its way: `taps` inputs for each output, `phases` filters in a bank, steps of `whole` inputs and
   `numerator / denominator` of one. */
typedef struct sillon_resampling {
    ptrdiff_t taps, phases, whole, numerator, denominator;
    ptrdiff_t next, fraction;    /* where the next output's first tap lies */
} sillon_resampling;

/* All outputs that the first `fill` inputs allow; returns how many. */
ptrdiff_t sillon_resample(
    sillon_resampling *position, const float *input, ptrdiff_t fill, const float *bank, float *out);

/* The passes of a Stockham FFT in split format from x to y: of radix 4 with stride 1, of radix 4 with a stride of 4 and
   more, of radix 2 at the end (one part, real or imaginary). Twiddle factors: three runs of `quarter` values. */
void sillon_fft_first(
    const float *xr, const float *xi, float *yr, float *yi, const float *wr, const float *wi, ptrdiff_t quarter);
void sillon_fft_later(
    const float *xr, const float *xi, float *yr, float *yi, const float *wr, const float *wi, ptrdiff_t quarter,
    ptrdiff_t stride);
void sillon_fft_last(const float *x, float *y, ptrdiff_t stride);

/* Before the passes: the even and odd ones of 2 * half samples times their window. After them: the spectrum of real input,
   half + 1 bins, from the transform z of half the length; `cosines` and `sines` of the turns go eight beyond half / 2.
   `half` is a multiple of 16. */
void sillon_fft_load(const float *x, const float *window, float *re, float *im, ptrdiff_t half);
void sillon_fft_separate(
    const float *zr, const float *zi, const float *cosines, const float *sines, ptrdiff_t half, float *re, float *im);
void sillon_magnitudes(const float *re, const float *im, ptrdiff_t count, float scale, float *out);

/* The sum of the `part` smallest and of the `part` largest of `count` finite values, none of them negative. */
void sillon_extremes(const float *values, ptrdiff_t count, ptrdiff_t part, float *smallest, float *largest);

/* The largest magnitude of each `run` samples; the last may be shorter. */
void sillon_largest(const float *samples, ptrdiff_t count, ptrdiff_t run, float *out);

/* The largest magnitude of `count` inputs oversampled fourfold with a symmetric filter of 4 x 12 taps. `line` begins 11
   samples earlier and goes on for seven behind the last. For each of the six outer-to-inner pairs of taps: half the sum
   and half the difference of their coefficients, of phase 0 and then of phase 1. */
float sillon_oversampled(const float *line, ptrdiff_t count, const float *pairs);

/* Two channels through two second-order sections: b0, b1, b2 over 1, a1, a2, then 1, -2, 1 over 1, c1, c2. */
typedef struct sillon_k_filter {
    double b0, b1, b2, a1, a2, c1, c2;
    double x1[2], x2[2], y1[2], y2[2], z1[2], z2[2];    /* the last two inputs, middle and outer outputs */
} sillon_k_filter;

/* Sum of squares of what comes out, for each channel. */
void sillon_k_energy(sillon_k_filter *filter, const float *left, const float *right, ptrdiff_t count, double *out);

#endif
