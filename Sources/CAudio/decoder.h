#ifndef SILLON_DECODER_H
#define SILLON_DECODER_H

#include "CAudio.h"
#include "convert.h"
#include "source.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

struct sillon_decoder {
    sillon_source source;
    AVIOContext *io;
    AVFormatContext *format;
    AVStream *stream;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    sillon_converter converter;
    int ended, ends_early;
    int64_t trimmed_start, trimmed_end;    /* samples */
    /* Times of the stream. */
    int64_t origin;              /* of the first sample that is heard */
    int64_t skip_before;         /* packets that end before are passed over; AV_NOPTS_VALUE for none */
    int64_t target_us;           /* microseconds where the demuxer was sent */
    int has_block, was_sought, has_time;    /* `frame` holds a block that nobody took yet; the demuxer was sent; a time is known */
};

/* Whether nothing of this packet is wanted. */
int sillon_decoder_is_before(const sillon_decoder *decoder, const AVPacket *packet);

#endif
