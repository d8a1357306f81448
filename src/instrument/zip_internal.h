/* SPDX-License-Identifier: BSD-3-Clause */
/* zip_internal.h: the members of a zip archive, within limits (zip_archive.c). */
#ifndef CLOSO_ZIP_INTERNAL_H
#define CLOSO_ZIP_INTERNAL_H

#include "instrument_internal.h"

/* One member of a zip archive. */
typedef struct closo_zip_member {
    const char *name;
    unsigned char *bytes; /* followed by a 0 byte */
    size_t size;
    bool damaged; /* its checksum does not fit, or it ended early */
} closo_zip_member;

/* Reads the members of the archive that `wanted` says. FORMAT: not a zip archive, or cut; LIMIT: more than 10 000 members, a
 * member of more than 1 MiB packed tighter than 200:1, more than 4 GiB in all. */
closo_status closo_zip_read(const closo_source *source, bool (*wanted)(const char *name),
                            closo_zip_member **members, size_t *count, closo_error *error);

/* Takes bytes of a member as they are unpacked; false to hear no more. */
typedef bool closo_zip_sink(void *user, const void *bytes, size_t size);

/* What became of a member that was unpacked piece by piece. */
typedef struct closo_zip_outcome {
    bool found, damaged;
} closo_zip_outcome;

/* Unpacks one member without storing it. Errors as above. */
closo_status closo_zip_stream(const closo_source *source, const char *name, closo_zip_sink *sink,
                              void *user, closo_zip_outcome *outcome, closo_error *error);

#endif
