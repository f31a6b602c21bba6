#include "CAudio.h"
#include "decoder.h"
#include "whitelist.h"

#include <libavutil/intreadwrite.h>
#include <libavutil/log.h>
#include <stdio.h>
#include <string.h>

enum { IO_BUFFER_BYTES = 32 * 1024, MAX_STREAMS = 64, MAX_IDLE_READS = 1000 };
#define PROBE_BYTES "2000000"        /* bytes looked at to recognise a format */
#define INDEX_BYTES "65536"          /* of places to seek to, which nobody does */
#define PROBE_DURATION_US "2000000"  /* microseconds of media looked at to recognise a stream */

static void say_nothing(void *context, int level, const char *text, va_list values) {
    (void)context, (void)level, (void)text, (void)values;
}

/* A demuxer that asks for another file (a data reference, a playlist entry) gets none. */
static int refuse_open(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
    (void)format, (void)url, (void)flags, (void)options;
    *io = NULL;
    return AVERROR(EPERM);
}

static int status_of(const sillon_decoder *d, int error) {
    /* Demuxers say EIO of damaged files, too: only a failed read is an error of the system. */
    if (d->source.failed) return SILLON_IO;
    switch (error) {
    case AVERROR(ENOMEM): return SILLON_MEMORY;
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_STREAM_NOT_FOUND:
    case AVERROR_PATCHWELCOME: return SILLON_UNSUPPORTED;
    default: return SILLON_CORRUPT;
    }
}

static int explain(const sillon_decoder *d, int error, const char *what, char *message) {
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, reason, sizeof reason);
    snprintf(message, SILLON_MESSAGE_SIZE, "%s: %s", what, reason);
    return status_of(d, error);
}

static int open_container(sillon_decoder *d, char *message) {
    unsigned char *buffer = av_malloc(IO_BUFFER_BYTES);
    if (!buffer) return explain(d, AVERROR(ENOMEM), "buffer", message);
    d->io = avio_alloc_context(buffer, IO_BUFFER_BYTES, 0, &d->source, sillon_source_read, NULL, sillon_source_seek);
    d->format = avformat_alloc_context();
    if (!d->io) av_free(buffer);
    if (!d->io || !d->format) return explain(d, AVERROR(ENOMEM), "context", message);
    d->format->pb = d->io;
    d->format->io_open = refuse_open;
    d->format->flags |= AVFMT_FLAG_CUSTOM_IO;
    d->format->max_streams = MAX_STREAMS;

    AVDictionary *options = NULL;
    av_dict_set(&options, "format_whitelist", SILLON_FORMATS, 0);
    av_dict_set(&options, "codec_whitelist", SILLON_DECODERS, 0);
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    av_dict_set(&options, "probesize", PROBE_BYTES, 0);
    av_dict_set(&options, "indexmem", INDEX_BYTES, 0);
    av_dict_set(&options, "analyzeduration", PROBE_DURATION_US, 0);
    int error = avformat_open_input(&d->format, NULL, NULL, &options);    /* frees d->format when it fails */
    av_dict_free(&options);
    if (error < 0) {
        /* The allowed demuxers' refusal and the whitelist's look alike (EINVAL), and so does plain noise. */
        if (error == AVERROR(EINVAL)) error = AVERROR_DEMUXER_NOT_FOUND;
        return explain(d, error, "not an audio file that can be read", message);
    }
    error = avformat_find_stream_info(d->format, NULL);
    if (error < 0) return explain(d, error, "no stream information", message);
    return SILLON_OK;
}

static int choose_stream(sillon_decoder *d, char *message) {
    int index = av_find_best_stream(d->format, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
    if (index < 0) return explain(d, AVERROR_STREAM_NOT_FOUND, "no audio stream", message);
    for (unsigned i = 0; i < d->format->nb_streams; i++)
        if ((int)i != index) d->format->streams[i]->discard = AVDISCARD_ALL;
    d->stream = d->format->streams[index];
    return SILLON_OK;
}

static int open_codec(sillon_decoder *d, char *message) {
    const AVCodec *decoder = avcodec_find_decoder(d->stream->codecpar->codec_id);
    if (!decoder) return explain(d, AVERROR_DECODER_NOT_FOUND, "no decoder", message);
    d->codec = avcodec_alloc_context3(decoder);
    if (!d->codec) return explain(d, AVERROR(ENOMEM), "decoder", message);
    int error = avcodec_parameters_to_context(d->codec, d->stream->codecpar);
    if (error < 0) return explain(d, error, "stream parameters", message);
    d->codec->pkt_timebase = d->stream->time_base;
    d->codec->thread_count = 1;
    AVDictionary *options = NULL;
    av_dict_set(&options, "codec_whitelist", SILLON_DECODERS, 0);
    error = avcodec_open2(d->codec, decoder, &options);
    av_dict_free(&options);
    if (error == AVERROR(EINVAL)) error = AVERROR_DECODER_NOT_FOUND;
    if (error < 0) return explain(d, error, "decoder refuses the stream", message);
    return SILLON_OK;
}

int sillon_decoder_open(int fd, int decode, sillon_decoder **out, char *message) {
    av_log_set_callback(say_nothing);
    *out = NULL;
    message[0] = 0;
    sillon_decoder *d = av_mallocz(sizeof *d);
    if (!d) return SILLON_MEMORY;
    int error = sillon_source_init(&d->source, fd);
    int status = error < 0 ? (d->source.failed = 1, explain(d, error, "fstat", message)) : SILLON_OK;
    if (status == SILLON_OK) d->ends_early = sillon_source_ends_early(&d->source);
    if (status == SILLON_OK) status = open_container(d, message);
    if (status == SILLON_OK) status = choose_stream(d, message);
    d->skip_before = AV_NOPTS_VALUE;
    if (status == SILLON_OK && decode) status = open_codec(d, message);
    if (status == SILLON_OK) {
        d->packet = av_packet_alloc();
        d->frame = av_frame_alloc();
        if (!d->packet || !d->frame) status = explain(d, AVERROR(ENOMEM), "packet", message);
    }
    if (status != SILLON_OK) {
        sillon_decoder_close(d);
        return status;
    }
    *out = d;
    return SILLON_OK;
}

void sillon_decoder_close(sillon_decoder *d) {
    if (!d) return;
    sillon_converter_free(&d->converter);
    av_frame_free(&d->frame);
    av_packet_free(&d->packet);
    avcodec_free_context(&d->codec);
    avformat_close_input(&d->format);
    if (d->io) av_freep(&d->io->buffer);
    avio_context_free(&d->io);
    av_free(d);
}

void sillon_decoder_describe(const sillon_decoder *d, sillon_stream *out) {
    const AVCodecParameters *parameters = d->stream->codecpar;
    snprintf(out->codec, sizeof out->codec, "%s", avcodec_get_name(parameters->codec_id));
    out->sample_rate = parameters->sample_rate;
    out->channels = parameters->ch_layout.nb_channels;
    out->exact_duration_us = -1;
    int counted = d->format->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
    if (counted && d->stream->duration > 0 && d->stream->duration != AV_NOPTS_VALUE) {
        int64_t us = av_rescale_q(d->stream->duration, d->stream->time_base, AV_TIME_BASE_Q);
        if (us > 0) out->exact_duration_us = us;
    }
    out->ends_early = d->ends_early;
    out->duration_us = d->format->duration != AV_NOPTS_VALUE ? d->format->duration : -1;
    out->bit_rate = parameters->bit_rate > 0 ? parameters->bit_rate : d->format->bit_rate;
    out->bits_per_sample = parameters->bits_per_raw_sample;
    if (out->bits_per_sample <= 0) out->bits_per_sample = av_get_exact_bits_per_sample(parameters->codec_id);
    /* Families of one demuxer ("mov,mp4,m4a") go by their first name. */
    snprintf(out->container, sizeof out->container, "%s", d->format->iformat->name);
    out->container[strcspn(out->container, ",")] = 0;
}

int sillon_decoder_next_tag(const sillon_decoder *d, const void **cursor, const char **name, const char **value) {
    const AVDictionaryEntry *entry = av_dict_get(d->format->metadata, "", *cursor, AV_DICT_IGNORE_SUFFIX);
    if (!entry) return 0;
    *cursor = entry;
    *name = entry->key;
    *value = entry->value;
    return 1;
}

int sillon_decoder_cover(const sillon_decoder *d, const uint8_t **bytes, size_t *count) {
    for (unsigned i = 0; i < d->format->nb_streams; i++) {
        const AVStream *stream = d->format->streams[i];
        if (!(stream->disposition & AV_DISPOSITION_ATTACHED_PIC) || stream->attached_pic.size <= 0) continue;
        *bytes = stream->attached_pic.data;
        *count = (size_t)stream->attached_pic.size;
        return 1;
    }
    return 0;
}

/* u32 samples to cut at the start of what this packet gives, u32 at its end, two bytes of reasons. */
static void count_trimming(sillon_decoder *d) {
    size_t size = 0;
    const uint8_t *cut = av_packet_get_side_data(d->packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    if (!cut || size < 10) return;
    d->trimmed_start += AV_RL32(cut);
    d->trimmed_end += AV_RL32(cut + 4);
}

void sillon_decoder_trimming(const sillon_decoder *d, int64_t *start, int64_t *end) {
    int padding = d->stream->codecpar->initial_padding;
    *start = d->trimmed_start > 0 || padding < 0 ? d->trimmed_start : padding;
    *end = d->trimmed_end;
}

int sillon_decoder_next_packet(sillon_decoder *d, const uint8_t **bytes, size_t *count) {
    *bytes = NULL;
    *count = 0;
    for (int idle = 0; idle < MAX_IDLE_READS; idle++) {
        av_packet_unref(d->packet);
        int error = av_read_frame(d->format, d->packet);
        if (error == AVERROR(EAGAIN)) continue;
        if (error < 0) {
            d->ended = 1;
            /* Some demuxers answer a failed read with the end of the file. */
            if (d->source.failed) return SILLON_IO;
            return error == AVERROR_EOF ? SILLON_END : status_of(d, error);
        }
        if (d->packet->stream_index != d->stream->index || d->packet->size <= 0) continue;
        if (sillon_decoder_is_before(d, d->packet)) {
            idle = -1;
            continue;
        }
        count_trimming(d);
        *bytes = d->packet->data;
        *count = (size_t)d->packet->size;
        return SILLON_OK;
    }
    d->ended = 1;
    return SILLON_CORRUPT;
}

int sillon_decoder_send(sillon_decoder *d) {
    if (!d->codec) return SILLON_UNSUPPORTED;
    int error = avcodec_send_packet(d->codec, d->ended ? NULL : d->packet);
    if (error == 0 || error == AVERROR_EOF) return SILLON_OK;
    return error == AVERROR(ENOMEM) ? SILLON_MEMORY : SILLON_SKIPPED;
}

int sillon_decoder_next_block(sillon_decoder *d, sillon_block *block) {
    if (!d->codec) return SILLON_UNSUPPORTED;
    if (d->has_block) {
        d->has_block = 0;
        return sillon_convert(&d->converter, d->frame, block);
    }
    av_frame_unref(d->frame);
    int error = avcodec_receive_frame(d->codec, d->frame);
    if (error == AVERROR(EAGAIN)) return SILLON_AGAIN;
    if (error == AVERROR_EOF) return SILLON_END;
    if (error == AVERROR(ENOMEM)) return SILLON_MEMORY;
    if (error < 0) return SILLON_SKIPPED;
    return sillon_convert(&d->converter, d->frame, block);
}

const char *sillon_libav_version(void) { return av_version_info(); }

int64_t sillon_decoder_bytes_read(const sillon_decoder *d) { return d->source.bytes_read; }
