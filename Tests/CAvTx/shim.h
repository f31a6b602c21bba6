#include <libavutil/mem.h>
#include <libavutil/tx.h>
