#ifndef SILLON_CONVERT_H
#define SILLON_CONVERT_H

#include "CAudio.h"
#include <libavutil/frame.h>

/* Buffers for one block of planar float, and the weights that belong to the layout last seen. */
typedef struct sillon_converter {
    float *samples;
    int capacity;                /* floats */
    AVChannelLayout layout;
    float downmix[SILLON_MAX_CHANNELS];
    float loudness[SILLON_MAX_CHANNELS];
} sillon_converter;

int sillon_convert(sillon_converter *converter, const AVFrame *frame, sillon_block *block);
void sillon_converter_free(sillon_converter *converter);

#endif
