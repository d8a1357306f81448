/* SPDX-License-Identifier: BSD-3-Clause */
/* gzip.c: a file that was compressed on its way (RFC 1952) is unpacked, and then is whatever it is. A first pass only
 * measures, so that a file of kilobytes that unpacks to terabytes costs time for its limit and no memory. */
#include "instrument_internal.h"

#include <string.h>
#define ZLIB_CONST /* next_in is not written to */
#include <zlib.h>

enum { RATIO_MOST = 200, FREE_BYTES = 1 << 20, PIECE_BYTES = 1 << 16 };
static const size_t total_most = (size_t)4 << 30;

/* zlib asks for some 40 kB at its start; they live in the arena, which frees them. */
static voidpf from_arena(voidpf arena, uInt count, uInt size)
{
    return closo_arena_alloc(arena, count, size);
}

static void keep_in_arena(voidpf arena, voidpf memory)
{
    (void)arena;
    (void)memory;
}

typedef struct unpacked {
    size_t size;
    bool damaged, no_memory, too_large;
} unpacked;

static bool is_bomb(const closo_source *source, size_t unpacked_size)
{
    const size_t asked = source->options->max_bytes;
    return unpacked_size > (asked != 0 ? asked : total_most) ||
           (unpacked_size > FREE_BYTES && unpacked_size / RATIO_MOST > source->size);
}

/* Feeds the next piece of the file; zlib counts in 32 bits. */
static void feed(z_stream *stream, const closo_source *source, size_t *taken)
{
    const size_t left = source->size - *taken;
    if (stream->avail_in != 0 || left == 0)
        return;
    stream->next_in = source->bytes + *taken;
    stream->avail_in = (uInt)(left < PIECE_BYTES ? left : PIECE_BYTES);
    *taken += stream->avail_in;
}

/* Behind one compressed part another may follow; what is no such part (zeros, mostly) is padding. */
static bool next_part(z_stream *stream, const closo_source *source, size_t taken)
{
    const size_t at = taken - stream->avail_in;
    return source->size - at > 2 && source->bytes[at] == 0x1f && source->bytes[at + 1] == 0x8b &&
           inflateReset(stream) == Z_OK;
}

/* Unpacks into `out`, which has room for `room` bytes, or, where out is NULL, only counts. */
static unpacked run(const closo_source *source, unsigned char *out, size_t room)
{
    unsigned char scratch[PIECE_BYTES / 4] = {0};
    z_stream stream = {.zalloc = from_arena, .zfree = keep_in_arena, .opaque = source->arena};
    unpacked result = {0};
    size_t taken = 0;
    if (inflateInit2(&stream, 15 + 16) != Z_OK) {
        result.no_memory = true;
        return result;
    }
    for (int status = Z_OK; status == Z_OK;) {
        size_t space = sizeof scratch;
        if (out != NULL && room - result.size < space)
            space = room - result.size;
        if (space == 0)
            break; /* the first pass counted so many */
        feed(&stream, source, &taken);
        stream.next_out = out != NULL ? out + result.size : scratch;
        stream.avail_out = (uInt)space;
        status = inflate(&stream, Z_NO_FLUSH);
        result.size += space - stream.avail_out;
        result.no_memory = status == Z_MEM_ERROR;
        result.damaged = status != Z_OK && status != Z_STREAM_END;
        result.too_large = is_bomb(source, result.size);
        if (result.too_large)
            break;
        if (status == Z_STREAM_END && next_part(&stream, source, taken))
            status = Z_OK;
    }
    (void)inflateEnd(&stream);
    return result;
}

bool closo_gzip_is(const closo_source *source)
{
    return source->size > 2 && memcmp(source->bytes, "\x1f\x8b\x08", 3) == 0;
}

closo_status closo_gzip_unpack(closo_source *source, bool *damaged, closo_error *error)
{
    const unpacked measured = run(source, NULL, 0);
    *damaged = measured.damaged;
    if (measured.no_memory)
        return closo_fail_nomem(error);
    if (measured.too_large)
        return closo_fail(error, CLOSO_LIMIT,
                          "this gzip file unpacks to more than %zu bytes: beyond the limit, or "
                          "packed tighter than %d:1, as no measurement is",
                          measured.size, RATIO_MOST);
    if (measured.size == 0)
        return closo_fail(error, CLOSO_FORMAT,
                          "this gzip file holds nothing that can be unpacked; copy it again");
    unsigned char *bytes = closo_arena_alloc(source->arena, measured.size + 1, 1);
    if (bytes == NULL || run(source, bytes, measured.size).no_memory)
        return closo_fail_nomem(error);
    source->bytes = bytes;
    source->size = measured.size;
    return CLOSO_OK;
}
