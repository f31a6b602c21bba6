#ifndef SILLON_SOURCE_H
#define SILLON_SOURCE_H

#include <libavformat/avio.h>
#include <stddef.h>
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

/* Reads at an offset in the file, not in the window. Short at the end of the file, -1 on error. */
int64_t sillon_source_read_at(sillon_source *source, uint8_t *bytes, size_t count, int64_t offset);

/* Whether the container announces more audio than the file holds: 1, or 0 also where it does not say. */
int sillon_source_ends_early(sillon_source *source);

#endif
