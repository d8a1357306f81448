/* SPDX-License-Identifier: BSD-3-Clause */
/* open.c: which reader a file belongs to, by its content. */
#include "instrument_internal.h"

#include <string.h>

/* Every reader; a new one is a line here. */
static const closo_format *const formats[] = {
    &closo_format_mpr,
};

static const size_t DEFAULT_MAX_BYTES = (size_t)4 << 30;

static closo_status open_source(const closo_source *source, closo_table **table, closo_error *error)
{
    const closo_format *best = NULL;
    int best_score = 0;
    if (source->size == 0)
        return closo_fail(error, CLOSO_FORMAT, "the file is empty");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        int score = formats[i]->recognise(source);
        if (score > best_score) {
            best_score = score;
            best = formats[i];
        }
    }
    if (best == NULL)
        return closo_fail(error, CLOSO_FORMAT, "this is not a format closo knows");
    return best->read(source, table, error);
}

closo_status closo_file_open_memory(const char *name, const void *bytes, size_t size,
                                    const closo_read_options *options, closo_arena *arena,
                                    closo_table **table, closo_error *error)
{
    static const closo_read_options defaults = {0};
    closo_source source = {name, bytes, size, options != NULL ? options : &defaults, arena};
    *table = NULL;
    return closo_error_in_file(error, open_source(&source, table, error), name);
}

closo_status closo_file_open(const char *path, const closo_read_options *options,
                             closo_arena *arena, closo_table **table, closo_error *error)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    size_t limit =
        options != NULL && options->max_bytes != 0 ? options->max_bytes : DEFAULT_MAX_BYTES;
    *table = NULL;
    closo_status status = closo_file_read(path, limit, arena, &bytes, &size, error);
    if (status != CLOSO_OK)
        return status;
    return closo_file_open_memory(path, bytes, size, options, arena, table, error);
}
