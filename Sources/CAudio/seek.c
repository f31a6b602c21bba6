/* Going to a time, exact to the sample where the container counts samples. */
#include "decoder.h"

#include <libavutil/mathematics.h>
#include <string.h>

/* Decoded before the place: MP3 frames borrow bits from those before, Opus needs 80 ms to settle. */
static const int64_t preroll_us = 300000;

/* Demuxers whose own seeking ends at a known sample. For the others (MP3 and raw streams, whose places are guessed from
   bit rates) all packets are read and only the last are decoded. So it is with FLAC in Ogg: behind a jump to the last pages
   libavformat counts its packets from the wrong one. */
static int finds_places(const AVFormatContext *format, const AVStream *stream) {
    static const char *const names[] = {"flac", "ogg", "mov", "wav", "w64", "aiff", "caf", "matroska", "au", "dsf"};
    const char *name = format->iformat->name;
    size_t length = strcspn(name, ",");
    if (stream->codecpar->codec_id == AV_CODEC_ID_FLAC && !strcmp(name, "ogg")) return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && !strncmp(names[i], name, length)) return 1;
    return 0;
}

static int64_t time_of(const AVFrame *frame) {
    return frame->best_effort_timestamp != AV_NOPTS_VALUE ? frame->best_effort_timestamp : frame->pts;
}

/* The first block stays in `frame`. */
static int read_first_block(sillon_decoder *d) {
    for (;;) {
        av_frame_unref(d->frame);
        int error = avcodec_receive_frame(d->codec, d->frame);
        if (error >= 0 && d->frame->nb_samples > 0) return SILLON_OK;
        if (error == AVERROR_EOF) return SILLON_END;
        if (error == AVERROR(ENOMEM)) return SILLON_MEMORY;
        const uint8_t *bytes;
        size_t count;
        int status = d->ended ? SILLON_END : sillon_decoder_next_packet(d, &bytes, &count);
        if (status == SILLON_IO) return status;
        status = sillon_decoder_send(d);
        if (status == SILLON_MEMORY) return status;
        if (d->ended && status == SILLON_SKIPPED) return SILLON_END;
    }
}

int sillon_decoder_is_before(const sillon_decoder *d, const AVPacket *packet) {
    if (d->skip_before == AV_NOPTS_VALUE) return 0;
    int64_t time = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    return time != AV_NOPTS_VALUE && packet->duration > 0 && time + packet->duration < d->skip_before;
}

int sillon_decoder_seek(sillon_decoder *d, int64_t us) {
    if (!d->codec) return SILLON_UNSUPPORTED;
    int status = read_first_block(d);
    if (status != SILLON_OK) return status;
    int64_t first = time_of(d->frame);
    d->origin = first != AV_NOPTS_VALUE ? first : 0;
    d->has_block = 1;
    if (us <= preroll_us || d->ended) return SILLON_OK;
    int64_t target = d->origin + av_rescale_q(us - preroll_us, AV_TIME_BASE_Q, d->stream->time_base);
    if (first != AV_NOPTS_VALUE && finds_places(d->format, d->stream) &&
        av_seek_frame(d->format, d->stream->index, target, AVSEEK_FLAG_BACKWARD) >= 0) {
        d->was_sought = 1;
        d->target_us = us;
        d->has_block = 0;
        avcodec_flush_buffers(d->codec);
        return SILLON_OK;
    }
    /* The first block goes unused with those behind it: they lie before the place, too, and all are dropped by their times. */
    d->skip_before = target;
    return SILLON_OK;
}

static int64_t beginning_of(const AVStream *stream) {
    return stream->start_time != AV_NOPTS_VALUE ? stream->start_time : 0;
}

void sillon_decoder_seek_packets(sillon_decoder *d, int64_t us) {
    int64_t target = beginning_of(d->stream) + av_rescale_q(us - preroll_us, AV_TIME_BASE_Q, d->stream->time_base);
    if (us <= preroll_us || !finds_places(d->format, d->stream)) return;
    /* Where it fails, the packets come from the first one on. */
    (void)av_seek_frame(d->format, d->stream->index, target, AVSEEK_FLAG_BACKWARD);
}

int sillon_decoder_packet_us(const sillon_decoder *d, int64_t *start, int64_t *end) {
    int64_t time = d->packet->pts != AV_NOPTS_VALUE ? d->packet->pts : d->packet->dts;
    if (time == AV_NOPTS_VALUE) return 0;
    time -= beginning_of(d->stream);
    *start = av_rescale_q(time, d->stream->time_base, AV_TIME_BASE_Q);
    *end = av_rescale_q(time + (d->packet->duration > 0 ? d->packet->duration : 0), d->stream->time_base, AV_TIME_BASE_Q);
    return 1;
}

int64_t sillon_decoder_block_us(sillon_decoder *d) {
    int64_t time = time_of(d->frame);
    /* Of the first block behind a jump that has no time, the jump's target is the best that is known. */
    if (time == AV_NOPTS_VALUE) return d->was_sought && !d->has_time ? d->target_us : -1;
    d->has_time = 1;
    return av_rescale_q(time - d->origin, d->stream->time_base, AV_TIME_BASE_Q);
}
