/* SPDX-License-Identifier: BSD-3-Clause */
/* open.c: which reader a file belongs to, told by its content. */
#include "text_internal.h"

#include <string.h>

/* All readers, and a NULL. Each says how sure it is; the surest reads, the first of those that are equally sure. */
/* clang-format off */
static const closo_format *const formats[] = {
    &closo_format_mpr,
    &closo_format_mpt,
    &closo_format_mps,
    &closo_format_dta,
    &closo_format_nda,
    &closo_format_ndax,
    &closo_format_res,
    &closo_format_xlsx,
    &closo_format_bdf,
    &closo_format_maccor,
    &closo_format_basytec,
    &closo_format_novonix,
    &closo_format_neware,
    &closo_format_landt,
    &closo_format_archive,
    &closo_format_arbin,
    &closo_format_ivium,
    &closo_format_zplot,
    &closo_format_par,
    &closo_format_idf,
    &closo_format_dfr,
    &closo_format_counted,
    &closo_format_novocontrol,
    &closo_format_relaxis,
    &closo_format_pssession,
    &closo_format_parstat,
    &closo_format_chi,
    &closo_format_bode,
    &closo_format_headerless,
    &closo_format_delimited,
    NULL,
};
/* clang-format on */

static const closo_format *surest(const closo_source *source)
{
    const closo_format *best = NULL;
    int best_score = 0;
    for (size_t i = 0; formats[i] != NULL; i++) {
        int score = formats[i]->recognise(source);
        if (score <= best_score)
            continue;
        best = formats[i];
        best_score = score;
    }
    return best;
}

/* UTF-16, as "Unicode text" of Windows programs, becomes UTF-8 before anyone looks; a byte order mark goes. */
static bool decode(closo_source *source)
{
    static const char utf8_mark[] = "\xef\xbb\xbf";
    if (source->size >= 3 && memcmp(source->bytes, utf8_mark, 3) == 0) {
        source->bytes += 3;
        source->size -= 3;
        return true;
    }
    const bool wide = source->size >= 2 && (memcmp(source->bytes, "\xff\xfe", 2) == 0 ||
                                            memcmp(source->bytes, "\xfe\xff", 2) == 0);
    closo_span text;
    if (!wide)
        return true;
    /* The conversion has room for a 0 after the text. */
    if (!closo_text_to_utf8(source->arena, source->bytes, source->size, &text))
        return false;
    source->bytes = (const unsigned char *)text.start;
    source->size = text.length;
    return true;
}

closo_status closo_source_read(closo_source *source, closo_table **table, closo_error *error)
{
    if (source->size == 0)
        return closo_fail(error, CLOSO_FORMAT,
                          "the file is empty; the measurement may not have been saved yet, or the "
                          "copy failed");
    if (!decode(source))
        return closo_fail_nomem(error);
    const closo_format *format = surest(source);
    closo_status status = CLOSO_OK;
    if (format == NULL || format->recognise(source) < CLOSO_CERTAIN)
        status = closo_refuse_other_kinds(source, error);
    if (status != CLOSO_OK)
        return status;
    if (format == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "closo does not know this kind of file; it reads " CLOSO_KINDS_READ);
    return format->read(source, table, error);
}

/* Once only: what is compressed within is refused like other archives. */
static closo_status read_source(closo_source *source, closo_table **table, closo_error *error)
{
    bool damaged = false;
    if (!closo_gzip_is(source))
        return closo_source_read(source, table, error);
    const size_t packed = source->size;
    closo_status status = closo_gzip_unpack(source, &damaged, error);
    if (status == CLOSO_OK)
        status = closo_source_read(source, table, error);
    if (status != CLOSO_OK)
        return status;
    closo_table_note(*table, "the file was compressed with gzip: %zu bytes unpack to %zu", packed,
                     source->size);
    if (damaged)
        closo_table_note(*table, "the compressed file is cut or damaged: what could be unpacked "
                                 "of it was read; copy the file again");
    return CLOSO_OK;
}

closo_status closo_file_open_memory(const char *name, const void *bytes, size_t size,
                                    const closo_read_options *options, closo_arena *arena,
                                    closo_table **table, closo_error *error)
{
    static const closo_read_options defaults = {0};
    closo_source source = {name, bytes, size, options != NULL ? options : &defaults, arena};
    *table = NULL;
    if (source.options->max_bytes != 0 && size > source.options->max_bytes)
        return closo_error_in_file(error,
                                   closo_fail(error, CLOSO_LIMIT,
                                              "it has %zu bytes, more than the limit of %zu", size,
                                              source.options->max_bytes),
                                   name);
    return closo_error_in_file(error, read_source(&source, table, error), name);
}

closo_status closo_file_open(const char *path, const closo_read_options *options,
                             closo_arena *arena, closo_table **table, closo_error *error)
{
    const size_t limit =
        options != NULL && options->max_bytes != 0 ? options->max_bytes : (size_t)4 << 30;
    const unsigned char *bytes = NULL;
    unsigned char *read = NULL;
    size_t size = 0;
    closo_status status;
    *table = NULL;
    if (options != NULL && options->in_place) {
        status = closo_file_map(path, limit, arena, &bytes, &size, error);
    } else {
        status = closo_file_read(path, limit, arena, &read, &size, error);
        bytes = read;
    }
    if (status != CLOSO_OK)
        return status;
    return closo_file_open_memory(path, bytes, size, options, arena, table, error);
}
