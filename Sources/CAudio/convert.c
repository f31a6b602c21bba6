/* From libavcodec's sample formats to planar float, with what a meter must know of each channel. */
#include "convert.h"

#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
#include <libavutil/mem.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
#include <math.h>
#include <string.h>

enum { MAX_BLOCK_FRAMES = 1 << 20, MIN_RATE = 1000, MAX_RATE = 3072000 };    /* Hz; DSD512 is 2,822,400 before decoding */
static const float largest = 64.0f;    /* 36 dB over full scale: what lies beyond is damage, and counts as silence */

/* NaN, infinity and absurd values become 0. */
static void clean(float *restrict out, const float *restrict in, int count) {
    for (int i = 0; i < count; i++) out[i] = fabsf(in[i]) < largest ? in[i] : 0.0f;
}

#define SPREAD(NAME, TYPE, EXPRESSION)                                                                                 \
    static void NAME(float *restrict out, const TYPE *restrict in, int count, int step) {                              \
        for (int i = 0; i < count; i++) {                                                                              \
            TYPE x = in[(ptrdiff_t)i * step];                                                                          \
            out[i] = (float)(EXPRESSION);                                                                              \
        }                                                                                                              \
    }
SPREAD(from_u8, uint8_t, (x - 128) * (1.0f / 128))
SPREAD(from_s16, int16_t, x * (1.0f / 32768))
SPREAD(from_s32, int32_t, x * (1.0 / 2147483648.0))
SPREAD(from_s64, int64_t, (double)x * (1.0 / 9223372036854775808.0))
SPREAD(from_float, float, fabsf(x) < largest ? x : 0.0f)
SPREAD(from_double, double, fabs(x) < largest ? x : 0.0)

static int fill(float *out, const uint8_t *in, enum AVSampleFormat format, int count, int step, int offset) {
    switch (format) {
    case AV_SAMPLE_FMT_U8: from_u8(out, in + offset, count, step); return SILLON_OK;
    case AV_SAMPLE_FMT_S16: from_s16(out, (const int16_t *)in + offset, count, step); return SILLON_OK;
    case AV_SAMPLE_FMT_S32: from_s32(out, (const int32_t *)in + offset, count, step); return SILLON_OK;
    case AV_SAMPLE_FMT_S64: from_s64(out, (const int64_t *)in + offset, count, step); return SILLON_OK;
    case AV_SAMPLE_FMT_FLT:
        if (step == 1) clean(out, (const float *)in + offset, count);
        else from_float(out, (const float *)in + offset, count, step);
        return SILLON_OK;
    case AV_SAMPLE_FMT_DBL: from_double(out, (const double *)in + offset, count, step); return SILLON_OK;
    default: return SILLON_UNSUPPORTED;
    }
}

/* BS.1770-4: LFE is not heard, channels beside the listener count 1.41. Back channels are those of a 5.1 layout only
   when it has no side channels. */
static float loudness_weight(const AVChannelLayout *layout, int index) {
    enum AVChannel channel = av_channel_layout_channel_from_index(layout, (unsigned)index);
    int has_sides = av_channel_layout_index_from_channel(layout, AV_CHAN_SIDE_LEFT) >= 0;
    switch (channel) {
    case AV_CHAN_LOW_FREQUENCY:
    case AV_CHAN_LOW_FREQUENCY_2: return 0;
    case AV_CHAN_SIDE_LEFT:
    case AV_CHAN_SIDE_RIGHT: return 1.41f;
    case AV_CHAN_BACK_LEFT:
    case AV_CHAN_BACK_RIGHT: return has_sides ? 1 : 1.41f;
    default: return 1;
    }
}

static int learn_layout(sillon_converter *c, const AVFrame *frame) {
    int channels = frame->ch_layout.nb_channels;
    AVChannelLayout named = {0}, mono = AV_CHANNEL_LAYOUT_MONO;
    if (frame->ch_layout.order == AV_CHANNEL_ORDER_NATIVE) {
        if (av_channel_layout_copy(&named, &frame->ch_layout) < 0) return SILLON_MEMORY;
    } else {
        av_channel_layout_default(&named, channels);
    }
    double matrix[SILLON_MAX_CHANNELS] = {0};
    int known = named.order == AV_CHANNEL_ORDER_NATIVE &&
                swr_build_matrix2(&named, &mono, M_SQRT1_2, M_SQRT1_2, 0, INT32_MAX, 1, matrix, channels,
                                  AV_MATRIX_ENCODING_NONE, NULL) >= 0;
    for (int i = 0; i < channels; i++) {
        c->downmix[i] = known ? (float)matrix[i] : (float)(1.0 / channels);
        c->loudness[i] = known ? loudness_weight(&named, i) : 1;
    }
    av_channel_layout_uninit(&named);
    av_channel_layout_uninit(&c->layout);
    return av_channel_layout_copy(&c->layout, &frame->ch_layout) < 0 ? SILLON_MEMORY : SILLON_OK;
}

int sillon_convert(sillon_converter *c, const AVFrame *frame, sillon_block *block) {
    int channels = frame->ch_layout.nb_channels, count = frame->nb_samples;
    memset(block, 0, sizeof *block);
    if (channels < 1 || channels > SILLON_MAX_CHANNELS) return SILLON_UNSUPPORTED;
    if (frame->sample_rate < MIN_RATE || frame->sample_rate > MAX_RATE) return SILLON_UNSUPPORTED;
    if (count < 0 || count > MAX_BLOCK_FRAMES) return SILLON_SKIPPED;
    if (c->layout.nb_channels == 0 || av_channel_layout_compare(&c->layout, &frame->ch_layout) != 0) {
        int status = learn_layout(c, frame);
        if (status != SILLON_OK) return status;
    }
    if (c->capacity < channels * count) {
        av_freep(&c->samples);
        c->capacity = 0;
        c->samples = av_malloc_array((size_t)channels * (size_t)count, sizeof(float));
        if (!c->samples) return SILLON_MEMORY;
        c->capacity = channels * count;
    }
    enum AVSampleFormat packed = av_get_packed_sample_fmt(frame->format);
    int planar = av_sample_fmt_is_planar(frame->format);
    for (int i = 0; i < channels; i++) {
        float *plane = c->samples + (size_t)i * (size_t)count;
        const uint8_t *in = frame->extended_data[planar ? i : 0];
        int status = fill(plane, in, packed, count, planar ? 1 : channels, planar ? 0 : i);
        if (status != SILLON_OK) return status;
        block->planes[i] = plane;
        block->downmix[i] = c->downmix[i];
        block->loudness[i] = c->loudness[i];
    }
    block->frames = count;
    block->channels = channels;
    block->sample_rate = frame->sample_rate;
    block->layout = frame->ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? frame->ch_layout.u.mask : 0;
    return SILLON_OK;
}

void sillon_converter_free(sillon_converter *c) {
    av_freep(&c->samples);
    av_channel_layout_uninit(&c->layout);
}
