#include "whitelist.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "CAudio.h"

const char *sillon_allowed_formats(void) { return SILLON_FORMATS; }
const char *sillon_allowed_decoders(void) { return SILLON_DECODERS; }
int sillon_has_format(const char *name) { return av_find_input_format(name) != NULL; }
int sillon_has_decoder(const char *name) { return avcodec_find_decoder_by_name(name) != NULL; }
