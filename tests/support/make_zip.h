/* SPDX-License-Identifier: BSD-3-Clause */
/* make_zip.h: zip archives in memory, by libzip. Include support.h first. */
#ifndef CLOSO_MAKE_ZIP_H
#define CLOSO_MAKE_ZIP_H

typedef struct make_zip_part {
    const char *name;
    const void *bytes;
    size_t size;
} make_zip_part;

/* The archive in memory; the caller frees it. */
unsigned char *make_zip(const make_zip_part *parts, size_t count, size_t *size);

#endif
