/* One picture, decoded from memory and drawn smaller. Only decoders of still pictures, and libavcodec's own encoder. */
#include "CAudio.h"

#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHANNELS = 3, SIDE_MAX = 4096, JPEG_QUALITY = 3 };

static void say_nothing(void *context, int level, const char *text, va_list values) {
    (void)context, (void)level, (void)text, (void)values;
}

static int explain(int error, const char *what, char *message) {
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, reason, sizeof reason);
    snprintf(message, SILLON_MESSAGE_SIZE, "%s: %s", what, reason);
    if (error == AVERROR(ENOMEM)) return SILLON_MEMORY;
    return error == AVERROR_DECODER_NOT_FOUND || error == AVERROR_PATCHWELCOME ? SILLON_UNSUPPORTED : SILLON_CORRUPT;
}

static enum AVCodecID codec_id(int format) {
    switch (format) {
    case SILLON_PICTURE_JPEG: return AV_CODEC_ID_MJPEG;
    case SILLON_PICTURE_PNG: return AV_CODEC_ID_PNG;
    case SILLON_PICTURE_WEBP: return AV_CODEC_ID_WEBP;
    case SILLON_PICTURE_GIF: return AV_CODEC_ID_GIF;
    case SILLON_PICTURE_BMP: return AV_CODEC_ID_BMP;
    default: return AV_CODEC_ID_NONE;
    }
}

static int decode(AVCodecContext *context, const uint8_t *bytes, int count, AVFrame *frame) {
    AVPacket *packet = av_packet_alloc();
    int error = packet ? av_new_packet(packet, count) : AVERROR(ENOMEM);
    if (!error) {
        memcpy(packet->data, bytes, (size_t)count);
        packet->flags |= AV_PKT_FLAG_KEY;
        error = avcodec_send_packet(context, packet);
    }
    if (!error) error = avcodec_send_packet(context, NULL);
    if (!error) error = avcodec_receive_frame(context, frame);
    av_packet_free(&packet);
    if (!error && frame->decode_error_flags) error = AVERROR_INVALIDDATA;
    return error == AVERROR_EOF || error == AVERROR(EAGAIN) ? AVERROR_INVALIDDATA : error;
}

static int open_and_decode(
    const uint8_t *bytes, int count, int format, int64_t pixels_max, AVFrame *frame, char *message) {
    const AVCodec *decoder = avcodec_find_decoder(codec_id(format));
    if (!decoder) return explain(AVERROR_DECODER_NOT_FOUND, "no decoder for this kind of picture", message);
    AVCodecContext *context = avcodec_alloc_context3(decoder);
    if (!context) return explain(AVERROR(ENOMEM), "decoder", message);
    context->thread_count = 1;
    context->max_pixels = pixels_max;
    /* A picture that is damaged is none, instead of one with grey parts. */
    context->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK;
    int error = avcodec_open2(context, decoder, NULL);
    if (!error) error = decode(context, bytes, count, frame);
    avcodec_free_context(&context);
    return error ? explain(error, "the picture cannot be decoded", message) : SILLON_OK;
}

/* A frame of any format, read line by line as red, green and blue in 0 ... 255 over white. */
typedef struct {
    const AVFrame *frame;
    const AVPixFmtDescriptor *format;
    int full_range, alpha;       /* alpha: the component, or -1 */
    uint16_t *components[4];     /* a line of each */
    float *line;                 /* CHANNELS values a pixel */
} reader;

static int reader_init(reader *r, const AVFrame *frame) {
    memset(r, 0, sizeof *r);
    r->frame = frame;
    r->format = av_pix_fmt_desc_get(frame->format);
    if (!r->format || r->format->flags & AV_PIX_FMT_FLAG_HWACCEL) return AVERROR_PATCHWELCOME;
    if (r->format->flags & AV_PIX_FMT_FLAG_FLOAT) return AVERROR_PATCHWELCOME;
    r->full_range = frame->color_range == AVCOL_RANGE_JPEG || !strncmp(r->format->name, "yuvj", 4);
    int has_alpha = r->format->flags & AV_PIX_FMT_FLAG_ALPHA && !(r->format->flags & AV_PIX_FMT_FLAG_PAL);
    r->alpha = has_alpha ? r->format->nb_components - 1 : -1;
    for (int c = 0; c < 4; c++)
        if (!(r->components[c] = av_calloc((size_t)frame->width + 1, sizeof(uint16_t)))) return AVERROR(ENOMEM);
    r->line = av_calloc((size_t)frame->width * CHANNELS, sizeof(float));
    return r->line ? 0 : AVERROR(ENOMEM);
}

static void reader_free(reader *r) {
    for (int c = 0; c < 4; c++) av_freep(&r->components[c]);
    av_freep(&r->line);
}

static int is_chroma(const reader *r, int c) {
    return (c == 1 || c == 2) && r->format->nb_components >= 3 && !(r->format->flags & AV_PIX_FMT_FLAG_RGB);
}

static void fetch(reader *r, int y, int c) {
    int width = r->frame->width, row = y;
    if (is_chroma(r, c)) {
        width = AV_CEIL_RSHIFT(width, r->format->log2_chroma_w);
        row = y >> r->format->log2_chroma_h;
    }
    av_read_image_line2(
        r->components[c], (const uint8_t **)r->frame->data, r->frame->linesize, r->format, 0, row, c, width, 0,
        sizeof(uint16_t));
}

static float unit(const reader *r, int c, int x) {
    int depth = r->format->comp[c].depth;
    int place = is_chroma(r, c) ? x >> r->format->log2_chroma_w : x;
    return (float)r->components[c][place] / (float)((1 << (depth > 0 && depth <= 16 ? depth : 8)) - 1);
}

static float bounded(float value) { return value < 0 ? 0 : value > 255 ? 255 : value; }

/* BT.601, which JPEG and WebP have. */
static void from_luma(const reader *r, int x, float *out) {
    float y = unit(r, 0, x) * 255, u = unit(r, 1, x) * 255 - 128, v = unit(r, 2, x) * 255 - 128;
    if (!r->full_range) {
        y = (y - 16) * (255.0f / 219);
        u *= 255.0f / 224;
        v *= 255.0f / 224;
    }
    out[0] = bounded(y + 1.402f * v);
    out[1] = bounded(y - 0.344136f * u - 0.714136f * v);
    out[2] = bounded(y + 1.772f * u);
}

/* The palette has native words 0xAARRGGBB. */
static float from_palette(const reader *r, int x, float *out) {
    uint32_t color;
    memcpy(&color, r->frame->data[1] + 4 * (r->components[0][x] & 255), sizeof color);
    for (int i = 0; i < CHANNELS; i++) out[i] = (float)(color >> (16 - 8 * i) & 255);
    return (float)(color >> 24) / 255;
}

static void read_line(reader *r, int y) {
    int count = r->format->nb_components, palette = r->format->flags & AV_PIX_FMT_FLAG_PAL;
    for (int c = 0; c < count && c < 4; c++) fetch(r, y, c);
    for (int x = 0; x < r->frame->width; x++) {
        float *out = r->line + (size_t)x * CHANNELS, alpha = 1;
        if (palette) {
            alpha = from_palette(r, x, out);
        } else if (count <= 2) {
            float gray = unit(r, 0, x) * 255;
            if (r->frame->format == AV_PIX_FMT_MONOWHITE) gray = 255 - gray;
            out[0] = out[1] = out[2] = gray;
        } else if (r->format->flags & AV_PIX_FMT_FLAG_RGB) {
            for (int c = 0; c < CHANNELS; c++) out[c] = unit(r, c, x) * 255;
        } else {
            from_luma(r, x, out);
        }
        if (r->alpha >= 0) alpha = unit(r, r->alpha, x);
        for (int c = 0; c < CHANNELS && alpha < 1; c++) out[c] = out[c] * alpha + 255 * (1 - alpha);
    }
}

/* Adds `weight` times a line of `from` pixels to one of `to` pixels, each the mean of the area that it covers. */
static void add_line(const float *line, int from, float *sums, int to, float weight) {
    double step = (double)from / to;
    for (int x = 0; x < to; x++) {
        double start = x * step, end = (x + 1) * step;
        for (int source = (int)start; source < from && source < end; source++) {
            double left = source > start ? source : start, right = source + 1 < end ? source + 1 : end;
            float share = (float)((right - left) / step) * weight;
            for (int c = 0; c < CHANNELS; c++) sums[x * CHANNELS + c] += line[(size_t)source * CHANNELS + c] * share;
        }
    }
}

static void store(const float *sums, int count, uint8_t *out) {
    for (int i = 0; i < count; i++) out[i] = (uint8_t)lrintf(bounded(sums[i]));
}

/* The whole frame as width x height pixels of three bytes, no side larger than it was. */
static int shrink(const AVFrame *frame, int width, int height, uint8_t *pixels) {
    reader r;
    float *sums = av_calloc((size_t)width * CHANNELS, sizeof(float));
    int error = reader_init(&r, frame), loaded = -1;
    if (!sums) error = AVERROR(ENOMEM);
    double step = (double)frame->height / height;
    for (int y = 0; y < height && !error; y++) {
        memset(sums, 0, (size_t)width * CHANNELS * sizeof(float));
        double start = y * step, end = (y + 1) * step;
        for (int row = (int)start; row < frame->height && row < end; row++) {
            if (row != loaded) read_line(&r, loaded = row);
            double top = row > start ? row : start, bottom = row + 1 < end ? row + 1 : end;
            add_line(r.line, frame->width, sums, width, (float)((bottom - top) / step));
        }
        store(sums, width * CHANNELS, pixels + (size_t)y * (size_t)width * CHANNELS);
    }
    reader_free(&r);
    av_free(sums);
    return error;
}

static uint8_t byte(float value) { return (uint8_t)lrintf(bounded(value)); }

/* Colour at half the resolution each way, as every JPEG reader expects. */
static void fill(AVFrame *frame, const uint8_t *pixels) {
    int width = frame->width, height = frame->height;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t *p = pixels + ((size_t)y * (size_t)width + (size_t)x) * CHANNELS;
            frame->data[0][y * frame->linesize[0] + x] = byte(0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2]);
        }
    for (int y = 0; y < (height + 1) / 2; y++)
        for (int x = 0; x < (width + 1) / 2; x++) {
            float sums[CHANNELS] = {0}, count = 0;
            for (int row = 2 * y; row < 2 * y + 2 && row < height; row++)
                for (int column = 2 * x; column < 2 * x + 2 && column < width; column++, count++)
                    for (int c = 0; c < CHANNELS; c++)
                        sums[c] += pixels[((size_t)row * (size_t)width + (size_t)column) * CHANNELS + (size_t)c];
            float red = sums[0] / count, green = sums[1] / count, blue = sums[2] / count;
            frame->data[1][y * frame->linesize[1] + x] =
                byte(128 - 0.168736f * red - 0.331264f * green + 0.5f * blue);
            frame->data[2][y * frame->linesize[2] + x] =
                byte(128 + 0.5f * red - 0.418688f * green - 0.081312f * blue);
        }
}

static int open_encoder(int width, int height, AVCodecContext **out) {
    const AVCodec *encoder = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    if (!encoder) return AVERROR_ENCODER_NOT_FOUND;
    AVCodecContext *context = *out = avcodec_alloc_context3(encoder);
    if (!context) return AVERROR(ENOMEM);
    context->width = width;
    context->height = height;
    context->pix_fmt = AV_PIX_FMT_YUVJ420P;
    context->color_range = AVCOL_RANGE_JPEG;
    context->time_base = (AVRational){1, 1};
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    context->global_quality = FF_QP2LAMBDA * JPEG_QUALITY;
    return avcodec_open2(context, encoder, NULL);
}

static int encode(int width, int height, const uint8_t *pixels, sillon_picture *out) {
    AVCodecContext *context = NULL;
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    int error = packet && frame ? open_encoder(width, height, &context) : AVERROR(ENOMEM);
    if (!error) {
        frame->width = width;
        frame->height = height;
        frame->format = AV_PIX_FMT_YUVJ420P;
        frame->color_range = AVCOL_RANGE_JPEG;
        frame->quality = FF_QP2LAMBDA * JPEG_QUALITY;
        error = av_frame_get_buffer(frame, 0);
    }
    if (!error) {
        fill(frame, pixels);
        error = avcodec_send_frame(context, frame);
    }
    if (!error) error = avcodec_send_frame(context, NULL);
    if (!error) error = avcodec_receive_packet(context, packet);
    if (!error && !(out->jpeg = av_memdup(packet->data, (size_t)packet->size))) error = AVERROR(ENOMEM);
    if (!error) out->jpeg_size = (size_t)packet->size;
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&context);
    return error;
}

static int scaled(int length, int longer, int side) {
    int64_t result = ((int64_t)length * side + longer / 2) / longer;
    return result < 1 ? 1 : (int)result;
}

static int is_sideways(int turn) { return turn >= 5 && turn <= 8; }

/* What is seen at x, y of a picture of width x height pixels that was stored as EXIF's `turn` says. */
static const uint8_t *seen(const uint8_t *pixels, int width, int height, int turn, int x, int y) {
    int column = x, row = y;
    switch (turn) {
    case 2: column = width - 1 - x; break;
    case 3: column = width - 1 - x, row = height - 1 - y; break;
    case 4: row = height - 1 - y; break;
    case 5: column = y, row = x; break;
    case 6: column = y, row = height - 1 - x; break;
    case 7: column = width - 1 - y, row = height - 1 - x; break;
    case 8: column = width - 1 - y, row = x; break;
    }
    return pixels + ((size_t)row * (size_t)width + (size_t)column) * CHANNELS;
}

static int encode_turned(int width, int height, const uint8_t *pixels, int turn, sillon_picture *out) {
    if (turn == 1) return encode(width, height, pixels, out);
    int wide = is_sideways(turn) ? height : width, high = is_sideways(turn) ? width : height;
    uint8_t *turned = av_malloc_array((size_t)wide * (size_t)high, CHANNELS);
    if (!turned) return AVERROR(ENOMEM);
    for (int y = 0; y < high; y++)
        for (int x = 0; x < wide; x++)
            memcpy(
                turned + ((size_t)y * (size_t)wide + (size_t)x) * CHANNELS, seen(pixels, width, height, turn, x, y),
                CHANNELS);
    int error = encode(wide, high, turned, out);
    av_free(turned);
    return error;
}

static int draw(const AVFrame *frame, int turn, int side, sillon_picture *out, char *message) {
    int longer = frame->width > frame->height ? frame->width : frame->height;
    int width = longer <= side ? frame->width : scaled(frame->width, longer, side);
    int height = longer <= side ? frame->height : scaled(frame->height, longer, side);
    uint8_t *pixels = av_malloc_array((size_t)width * (size_t)height, CHANNELS);
    int error = pixels ? shrink(frame, width, height, pixels) : AVERROR(ENOMEM);
    if (!error) error = encode_turned(width, height, pixels, turn, out);
    av_free(pixels);
    return error ? explain(error, "the picture cannot be drawn smaller", message) : SILLON_OK;
}

int sillon_picture_read(
    const uint8_t *bytes, size_t count, int format, int turn, int side, int64_t pixels_max, sillon_picture *out,
    char *message) {
    av_log_set_callback(say_nothing);
    memset(out, 0, sizeof *out);
    message[0] = 0;
    if (count == 0 || count > INT32_MAX / 2 || side < 0 || side > SIDE_MAX || turn < 1 || turn > 8)
        return explain(AVERROR_INVALIDDATA, "sizes", message);
    AVFrame *frame = av_frame_alloc();
    if (!frame) return explain(AVERROR(ENOMEM), "frame", message);
    int status = open_and_decode(bytes, (int)count, format, pixels_max, frame, message);
    if (status == SILLON_OK && (frame->width <= 0 || frame->height <= 0))
        status = explain(AVERROR_INVALIDDATA, "the picture is empty", message);
    if (status == SILLON_OK) {
        out->width = is_sideways(turn) ? frame->height : frame->width;
        out->height = is_sideways(turn) ? frame->width : frame->height;
        if (side > 0) status = draw(frame, turn, side, out, message);
    }
    av_frame_free(&frame);
    if (status != SILLON_OK) sillon_picture_free(out);
    return status;
}

void sillon_picture_free(sillon_picture *picture) {
    av_free(picture->jpeg);
    memset(picture, 0, sizeof *picture);
}
