#ifndef SILLON_SOURCE_H
#define SILLON_SOURCE_H

#include <libavformat/avio.h>
#include <stdint.h>

/* A window on a file descriptor. */
typedef struct sillon_source {
    int fd;
    int failed;                  /* a read ended in an error of the system */
    int64_t start, end, position;
    int64_t bytes_read;
} sillon_source;

int sillon_source_init(sillon_source *source, int fd);
int sillon_source_read(void *opaque, uint8_t *bytes, int count);
int64_t sillon_source_seek(void *opaque, int64_t offset, int whence);

#endif
