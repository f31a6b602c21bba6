/* From decoded blocks to a stream that a player takes: libswresample, one encoder of a short list, and its container. */
#include "CAudio.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <stdio.h>
#include <string.h>

enum { ENCODED_IO_BYTES = 16 * 1024, MPEG_LAYOUT_BYTES = 4, INFO_BYTES_MAX = 1600, MP3_DECODER_DELAY = 529, MIXED_MIN = 4096 };

/* Encoders are opened by these names and no others. */
typedef struct kind {
    const char *encoder, *container;
    enum AVSampleFormat samples;
} kind;
static const kind kinds[] = {
    [SILLON_ENCODE_MP3] = {"libmp3lame", "mp3", AV_SAMPLE_FMT_FLTP},
    [SILLON_ENCODE_OPUS] = {"libopus", "ogg", AV_SAMPLE_FMT_FLT},
    [SILLON_ENCODE_AAC] = {"aac", "adts", AV_SAMPLE_FMT_FLTP},
    [SILLON_ENCODE_FLAC] = {"flac", "flac", AV_SAMPLE_FMT_S16},
};

struct sillon_encoder {
    sillon_encoder_options options;
    AVIOContext *io;
    AVFormatContext *format;
    AVStream *stream;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    AVAudioFifo *queue;
    SwrContext *resampler;
    uint8_t *mixed[SILLON_MAX_CHANNELS];
    int mixed_capacity;          /* samples for each channel */
    int rate_in, channels_in;
    uint64_t layout_in;
    int64_t encoded;             /* samples */
    sillon_sink sink;
    void *opaque;
    int is_refused;              /* the sink wants no more */
};

static int explain(int error, const char *what, char *message) {
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, reason, sizeof reason);
    if (message) snprintf(message, SILLON_MESSAGE_SIZE, "%s: %s", what, reason);
    return error == AVERROR(ENOMEM) ? SILLON_MEMORY : error == AVERROR_ENCODER_NOT_FOUND ? SILLON_UNSUPPORTED : SILLON_CORRUPT;
}

// libavformat passes what it wrote as constant since version 61.
#if LIBAVFORMAT_VERSION_MAJOR >= 61
typedef const uint8_t written_byte;
#else
typedef uint8_t written_byte;
#endif

static int pass_on(void *opaque, written_byte *bytes, int count) {
    sillon_encoder *e = opaque;
    if (e->is_refused || e->sink(e->opaque, bytes, count) != 0) {
        e->is_refused = 1;
        return AVERROR_EXIT;
    }
    return count;
}

/* The nearest that the encoder knows: Opus always works at 48 kHz, the others keep the family of 44.1 or of 48 kHz. */
static int rate_for(int encoding, int rate) {
    if (encoding == SILLON_ENCODE_OPUS) return 48000;
    if (encoding == SILLON_ENCODE_FLAC) return rate;
    if (rate == 32000 || rate == 44100 || rate == 48000) return rate;
    return rate > 48000 && rate % 48000 == 0 ? 48000 : rate < 44100 && 48000 % rate == 0 ? 48000 : 44100;
}

/* What the encoder itself is told, so that its stream with all that is around it stays within the rate that was asked for.
   Opus keeps to a constrained rate within a hundredth and what it begins with; libavcodec's AAC takes up to 7 in 100 more. */
static int64_t bit_rate_within(const sillon_encoder_options *options, int kbps, int sample_rate) {
    enum { OGG_PAGE_HEAD = 27, OPUS_PACKETS = 50, OPUS_START = 500, ADTS_HEAD = 7, AAC_FRAME = 1024 };
    int64_t bits = (int64_t)kbps * 1000;
    if (options->encoding == SILLON_ENCODE_OPUS) {
        int pages = options->page_us > 0 ? 1000000 / options->page_us : OPUS_PACKETS;
        int lengths = OPUS_PACKETS * (kbps * 1000 / 8 / OPUS_PACKETS / 255 + 1);
        return (bits - 8 * (OGG_PAGE_HEAD * pages + lengths) - OPUS_START) * 99 / 100;
    }
    if (options->encoding == SILLON_ENCODE_AAC) return (bits - 8 * ADTS_HEAD * sample_rate / AAC_FRAME) * 92 / 100;
    return bits;
}

static int open_codec(sillon_encoder *e, const sillon_block *first, char *message) {
    const kind *kind = &kinds[e->options.encoding];
    const AVCodec *codec = avcodec_find_encoder_by_name(kind->encoder);
    if (!codec) return explain(AVERROR_ENCODER_NOT_FOUND, kind->encoder, message);
    e->codec = avcodec_alloc_context3(codec);
    if (!e->codec) return explain(AVERROR(ENOMEM), "encoder", message);
    e->codec->sample_rate = rate_for(e->options.encoding, first->sample_rate);
    e->codec->sample_fmt = kind->samples;
    const int is_lossless = e->options.encoding == SILLON_ENCODE_FLAC;
    if (is_lossless && e->options.bits > 16) {
        e->codec->sample_fmt = AV_SAMPLE_FMT_S32;
        e->codec->bits_per_raw_sample = 24;
    }
    const int channels = is_lossless ? first->channels : first->channels == 1 ? 1 : 2;
    int kbps = e->options.kbps;
    /* More than this it refuses. */
    if (e->options.encoding == SILLON_ENCODE_OPUS && kbps > 256 * channels) kbps = 256 * channels;
    if (!is_lossless) e->codec->bit_rate = bit_rate_within(&e->options, kbps, e->codec->sample_rate);
    e->codec->time_base = (AVRational){1, e->codec->sample_rate};
    e->codec->thread_count = 1;
    av_channel_layout_default(&e->codec->ch_layout, channels);
    if (e->format->oformat->flags & AVFMT_GLOBALHEADER) e->codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    e->codec->flags |= AV_CODEC_FLAG_BITEXACT;
    AVDictionary *settings = NULL;
    if (e->options.encoding == SILLON_ENCODE_OPUS)
        av_dict_set(&settings, "vbr", e->options.is_constant ? "off" : "constrained", 0);
    int error = avcodec_open2(e->codec, codec, &settings);
    av_dict_free(&settings);
    return error < 0 ? explain(error, kind->encoder, message) : SILLON_OK;
}

static void name(sillon_encoder *e, const char *key, const char *value) {
    if (value && *value) av_dict_set(&e->format->metadata, key, value, 0);
}

static int open_container(sillon_encoder *e, char *message) {
    const kind *kind = &kinds[e->options.encoding];
    int error = avformat_alloc_output_context2(&e->format, NULL, kind->container, NULL);
    if (error < 0) return explain(error, kind->container, message);
    uint8_t *buffer = av_malloc(ENCODED_IO_BYTES);
    e->io = buffer ? avio_alloc_context(buffer, ENCODED_IO_BYTES, 1, e, NULL, pass_on, NULL) : NULL;
    if (!e->io) {
        av_free(buffer);
        return explain(AVERROR(ENOMEM), "buffer", message);
    }
    e->io->seekable = 0;
    e->format->pb = e->io;
    /* Nothing about the program that wrote it, and no random numbers. */
    e->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    name(e, "title", e->options.title);
    name(e, "artist", e->options.artist);
    name(e, "album", e->options.album);
    return SILLON_OK;
}

/* An MP3 stream tells in a silent first frame how much its encoder put in front (LAME's tag). libavformat writes it only
   where it can go back to it. The end is not known yet, so it says nothing of that. */
static void write_info_frame(sillon_encoder *e) {
    static const int rates[] = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    int rate_index = e->codec->sample_rate == 44100 ? 0 : e->codec->sample_rate == 48000 ? 1 : 2, index = -1;
    for (int i = 0; i < (int)(sizeof rates / sizeof *rates); i++)
        if (rates[i] == e->options.kbps) index = i + 1;
    int mono = e->codec->ch_layout.nb_channels == 1, side = mono ? 17 : 32;
    int size = 144 * e->options.kbps * 1000 / e->codec->sample_rate;
    int tag = MPEG_LAYOUT_BYTES + side + 8, delay = e->codec->initial_padding - MP3_DECODER_DELAY;
    uint8_t frame[INFO_BYTES_MAX] = {0xff, 0xfb};
    if (index < 0 || size > INFO_BYTES_MAX || tag + 36 > size || delay < 0 || delay > 4095) return;
    frame[2] = (uint8_t)(index << 4 | rate_index << 2);
    frame[3] = mono ? 0xc0 : 0x40;
    memcpy(frame + MPEG_LAYOUT_BYTES + side, "Info", 4);
    memcpy(frame + tag, "LAME3.100", 9);
    frame[tag + 9] = 1;    /* constant bit rate */
    frame[tag + 20] = (uint8_t)(e->options.kbps < 255 ? e->options.kbps : 255);
    frame[tag + 21] = (uint8_t)(delay >> 4);
    frame[tag + 22] = (uint8_t)(delay << 4);
    avio_write(e->io, frame, size);
}

/* The number of samples in FLAC's STREAMINFO (RFC 9639, 8.2): 36 bits behind the bits of a sample. libavformat writes it
   only where it can go back to it. */
static void tell_samples(uint8_t *info, int size, int64_t samples) {
    enum { STREAMINFO_BYTES = 34, AT = 13 };
    if (size < STREAMINFO_BYTES || samples <= 0 || samples >> 36) return;
    info[AT] = (uint8_t)((info[AT] & 0xf0) | samples >> 32);
    for (int i = 0; i < 4; i++) info[AT + 1 + i] = (uint8_t)(samples >> (24 - 8 * i));
}

static int begin_container(sillon_encoder *e, char *message) {
    e->stream = avformat_new_stream(e->format, NULL);
    if (!e->stream) return explain(AVERROR(ENOMEM), "stream", message);
    e->stream->time_base = e->codec->time_base;
    int error = avcodec_parameters_from_context(e->stream->codecpar, e->codec);
    if (error < 0) return explain(error, "stream", message);
    if (e->options.encoding == SILLON_ENCODE_FLAC)
        tell_samples(e->stream->codecpar->extradata, e->stream->codecpar->extradata_size, e->options.samples);
    AVDictionary *settings = NULL;
    if (e->options.encoding == SILLON_ENCODE_MP3) {
        av_dict_set_int(&settings, "write_xing", 0, 0);
        av_dict_set_int(&settings, "id3v2_version", 3, 0);
    } else if (e->options.encoding == SILLON_ENCODE_OPUS) {
        av_dict_set_int(&settings, "page_duration", e->options.page_us, 0);
    }
    error = avformat_write_header(e->format, &settings);
    av_dict_free(&settings);
    if (error < 0) return explain(error, "container", message);
    if (e->options.encoding == SILLON_ENCODE_MP3) write_info_frame(e);
    return SILLON_OK;
}

static int make_buffers(sillon_encoder *e, char *message) {
    int channels = e->codec->ch_layout.nb_channels, size = e->codec->frame_size;
    e->queue = av_audio_fifo_alloc(e->codec->sample_fmt, channels, size * 4);
    e->packet = av_packet_alloc();
    e->frame = av_frame_alloc();
    if (!e->queue || !e->packet || !e->frame) return explain(AVERROR(ENOMEM), "frame", message);
    e->frame->format = e->codec->sample_fmt;
    e->frame->sample_rate = e->codec->sample_rate;
    e->frame->nb_samples = size;
    int error = av_channel_layout_copy(&e->frame->ch_layout, &e->codec->ch_layout);
    if (error >= 0) error = av_frame_get_buffer(e->frame, 0);
    return error < 0 ? explain(error, "frame", message) : SILLON_OK;
}

int sillon_encoder_open(
    const sillon_encoder_options *options, const sillon_block *first, sillon_sink sink, void *opaque,
    sillon_encoder **out, char *message
) {
    *out = NULL;
    message[0] = 0;
    if (options->encoding < SILLON_ENCODE_MP3 || options->encoding > SILLON_ENCODE_FLAC) return SILLON_UNSUPPORTED;
    sillon_encoder *e = av_mallocz(sizeof *e);
    if (!e) return SILLON_MEMORY;
    e->options = *options;
    e->sink = sink;
    e->opaque = opaque;
    int status = open_container(e, message);
    if (status == SILLON_OK) status = open_codec(e, first, message);
    if (status == SILLON_OK) status = begin_container(e, message);
    if (status == SILLON_OK) status = make_buffers(e, message);
    /* The texts are the caller's. */
    e->options.title = e->options.artist = e->options.album = NULL;
    if (status != SILLON_OK) {
        sillon_encoder_close(e);
        return status;
    }
    *out = e;
    return SILLON_OK;
}

void sillon_encoder_close(sillon_encoder *e) {
    if (!e) return;
    av_freep(&e->mixed[0]);
    swr_free(&e->resampler);
    if (e->queue) av_audio_fifo_free(e->queue);
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
    avcodec_free_context(&e->codec);
    avformat_free_context(e->format);
    if (e->io) av_freep(&e->io->buffer);
    avio_context_free(&e->io);
    av_free(e);
}

static int take_packets(sillon_encoder *e) {
    for (;;) {
        int error = avcodec_receive_packet(e->codec, e->packet);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return SILLON_OK;
        if (error < 0) return explain(error, "", NULL);
        av_packet_rescale_ts(e->packet, e->codec->time_base, e->stream->time_base);
        e->packet->stream_index = e->stream->index;
        error = av_write_frame(e->format, e->packet);
        av_packet_unref(e->packet);
        if (e->is_refused) return SILLON_IO;
        if (error < 0) return explain(error, "", NULL);
    }
}

/* Whole frames; with `all` what is left, too. */
static int encode_queue(sillon_encoder *e, int all) {
    int size = e->codec->frame_size;
    while (av_audio_fifo_size(e->queue) >= size || (all && av_audio_fifo_size(e->queue) > 0)) {
        e->frame->nb_samples = size;
        int error = av_frame_make_writable(e->frame);
        if (error < 0) return explain(error, "", NULL);
        int count = av_audio_fifo_read(e->queue, (void **)e->frame->extended_data, size);
        if (count < 0) return explain(count, "", NULL);
        e->frame->nb_samples = count;
        e->frame->pts = e->encoded;
        e->encoded += count;
        error = avcodec_send_frame(e->codec, e->frame);
        if (error < 0) return explain(error, "", NULL);
        int status = take_packets(e);
        if (status != SILLON_OK) return status;
    }
    return SILLON_OK;
}

/* `made_count`: samples that came out. */
static int resample(sillon_encoder *e, const uint8_t **planes, int count, int *made_count) {
    int room = swr_get_out_samples(e->resampler, count);
    if (room < 0) return explain(room, "", NULL);
    if (room < MIXED_MIN) room = MIXED_MIN;
    if (room > e->mixed_capacity) {
        av_freep(&e->mixed[0]);
        e->mixed_capacity = 0;
        int error = av_samples_alloc(e->mixed, NULL, e->codec->ch_layout.nb_channels, room, e->codec->sample_fmt, 0);
        if (error < 0) return explain(error, "", NULL);
        e->mixed_capacity = room;
    }
    int made = swr_convert(e->resampler, e->mixed, room, planes, count);
    if (made < 0) return explain(made, "", NULL);
    *made_count = made;
    if (made > 0 && av_audio_fifo_write(e->queue, (void **)e->mixed, made) < made) return SILLON_MEMORY;
    return encode_queue(e, 0);
}

/* What the resampler still holds. */
static int drain_resampler(sillon_encoder *e) {
    if (!e->resampler) return SILLON_OK;
    int status, made;
    do status = resample(e, NULL, 0, &made);
    while (status == SILLON_OK && made > 0);
    swr_free(&e->resampler);
    return status;
}

static int open_resampler(sillon_encoder *e, AVChannelLayout *from, int rate) {
    int error = swr_alloc_set_opts2(
        &e->resampler, &e->codec->ch_layout, e->codec->sample_fmt, e->codec->sample_rate, from, AV_SAMPLE_FMT_FLTP, rate, 0,
        NULL);
    /* Channels that are mixed together stay as loud as the loudest may be. */
    if (error >= 0) error = av_opt_set_double(e->resampler, "rematrix_maxval", 1, 0);
    if (error >= 0) error = swr_init(e->resampler);
    if (error < 0) swr_free(&e->resampler);
    return error;
}

/* A stream may change on its way: its encoding goes on as it began. */
static int expect(sillon_encoder *e, const sillon_block *block) {
    if (e->resampler && e->rate_in == block->sample_rate && e->channels_in == block->channels &&
        e->layout_in == block->layout)
        return SILLON_OK;
    int status = drain_resampler(e);
    if (status != SILLON_OK) return status;
    AVChannelLayout from = {0};
    int error = -1;
    if (block->layout && av_channel_layout_from_mask(&from, block->layout) >= 0 && from.nb_channels == block->channels)
        error = open_resampler(e, &from, block->sample_rate);
    /* Not told, or of speakers that nobody knows how to mix (a left one without a right one): as most files have them. */
    if (error < 0) {
        av_channel_layout_uninit(&from);
        av_channel_layout_default(&from, block->channels);
        error = open_resampler(e, &from, block->sample_rate);
    }
    av_channel_layout_uninit(&from);
    if (error < 0) return explain(error, "", NULL);
    e->rate_in = block->sample_rate;
    e->channels_in = block->channels;
    e->layout_in = block->layout;
    return SILLON_OK;
}

int sillon_encoder_add(sillon_encoder *e, const sillon_block *block, int start, int count) {
    int status = expect(e, block);
    if (status != SILLON_OK) return status;
    const uint8_t *planes[SILLON_MAX_CHANNELS] = {0};
    for (int i = 0; i < block->channels; i++) planes[i] = (const uint8_t *)(block->planes[i] + start);
    int made;
    return resample(e, planes, count, &made);
}

int sillon_encoder_finish(sillon_encoder *e) {
    int status = drain_resampler(e);
    if (status == SILLON_OK) status = encode_queue(e, 1);
    if (status != SILLON_OK) return status;
    int error = avcodec_send_frame(e->codec, NULL);
    if (error < 0 && error != AVERROR_EOF) return explain(error, "", NULL);
    status = take_packets(e);
    if (status != SILLON_OK) return status;
    error = av_write_trailer(e->format);
    avio_flush(e->io);
    if (e->is_refused) return SILLON_IO;
    return error < 0 ? explain(error, "", NULL) : SILLON_OK;
}

int sillon_has_encoder(int encoding) { return avcodec_find_encoder_by_name(kinds[encoding].encoder) != NULL; }
