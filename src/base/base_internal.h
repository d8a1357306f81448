/* SPDX-License-Identifier: BSD-3-Clause */
/* base_internal.h: what the rooms share below the public API: failing, bytes, text, numbers, files, YAML, JSON. */
#ifndef CLOSO_BASE_INTERNAL_H
#define CLOSO_BASE_INTERNAL_H

#include "closo/base.h"

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- failing ---- */

/* Fills the error (which may be NULL) and returns the status: `return closo_fail(error, CLOSO_FORMAT, "...")`. */
closo_status closo_fail(closo_error *error, closo_status status, const char *format, ...)
    CLOSO_PRINTF(3, 4);
/* The same with a place in the file. */
closo_status closo_fail_byte(closo_error *error, closo_status status, size_t byte_offset,
                             const char *format, ...) CLOSO_PRINTF(4, 5);
closo_status closo_fail_line(closo_error *error, closo_status status, size_t line,
                             const char *format, ...) CLOSO_PRINTF(4, 5);
closo_status closo_fail_nomem(closo_error *error);
/* Says which file an error is about, unless it says so already. Returns the error's status. */
closo_status closo_error_in_file(closo_error *error, closo_status status, const char *path);

/* ---- arena helpers ---- */

char *closo_arena_text(closo_arena *arena, const char *text); /* copy, NULL when out of memory */
char *closo_arena_text_n(closo_arena *arena, const char *text,
                         size_t length); /* copy of length bytes */
char *closo_arena_printf(closo_arena *arena, const char *format, ...) CLOSO_PRINTF(2, 3);
void *closo_arena_copy(closo_arena *arena, const void *data, size_t count, size_t size);
/* Makes room for one more element of `size` bytes in a list of count; returns the (moved) list or NULL. */
void *closo_arena_grow(closo_arena *arena, void *list, size_t count, size_t *capacity, size_t size);
/* Looks at the first size bytes of an open file where they are: read-only, followed by one 0 byte, until the arena is
 * freed. Should the file become shorter meanwhile, looking at what is gone ends the program with SIGBUS. NULL when it cannot be. */
const unsigned char *closo_arena_map(closo_arena *arena, int descriptor, size_t size);

/* What is being looked at of a mapped file; begin with {0}. */
typedef struct closo_window {
    uintptr_t from, to;
} closo_window;
/* Moves on: pages of mapped files that were in the window and are not any more leave memory (they can still be read, and
 * come back then). Bytes that are not in a mapped file stay. */
void closo_window_move(closo_arena *arena, closo_window *window, const void *from, size_t size);

/* For tests: the allocation after the next `count` ones fails, and every later one too. */
void closo_arena_fail_after(closo_arena *arena, size_t count);

/* ---- bytes: a bounded cursor, little endian, with a sticky error ---- */

typedef struct closo_bytes {
    const unsigned char *data;
    size_t size, position;
    bool overrun; /* a read went past the end; it gave 0 */
} closo_bytes;

static inline closo_bytes closo_bytes_of(const void *data, size_t size)
{
    closo_bytes bytes = {(const unsigned char *)data, size, 0, false};
    return bytes;
}
size_t closo_bytes_left(const closo_bytes *bytes);
void closo_bytes_seek(closo_bytes *bytes, size_t position);
uint8_t closo_bytes_u8(closo_bytes *bytes);
uint16_t closo_bytes_u16(closo_bytes *bytes);
uint32_t closo_bytes_u32(closo_bytes *bytes);
double closo_bytes_f32(closo_bytes *bytes);
double closo_bytes_f64(closo_bytes *bytes);

/* ---- text ---- */

/* A piece of text, not terminated, borrowed from a larger one. */
typedef struct closo_span {
    const char *start;
    size_t length;
} closo_span;

closo_span closo_span_of(const char *text);
closo_span closo_span_trim(closo_span span); /* without white space at either end */
bool closo_span_equals(closo_span span, const char *text);
bool closo_span_equals_nocase(closo_span span, const char *text);
bool closo_span_starts(closo_span span, const char *text);
bool closo_span_contains(closo_span span, const char *text);
/* Takes the next line off *rest (without its line end, \n, \r\n or \r). False when *rest is empty. */
bool closo_span_line(closo_span *rest, closo_span *line);
/* Takes the next field up to the separator off *rest. False when nothing is left (*rest.start NULL). */
bool closo_span_field(closo_span *rest, char separator, closo_span *field);

/* UTF-8, UTF-16 with a byte order mark, or else Windows-1252, told apart by content, to UTF-8 without a mark. The text is
 * the bytes themselves where nothing had to change, else in the arena. False when out of memory. */
bool closo_text_to_utf8(closo_arena *arena, const void *bytes, size_t length, closo_span *text);
/* Puts '?' for control characters and for bytes that are not UTF-8, in place: messages may quote a file. */
void closo_text_clean(char *text);
/* The word of the list nearest to `word` by edit distance, or NULL when none is near. */
const char *closo_text_nearest(const char *word, const char *const *list, size_t count);

/* Numbers, whatever the locale. decimal is '.' or ','. True when the whole span (white space at the ends allowed) is a
 * number; inf and nan are read too. */
bool closo_number_parse(closo_span span, char decimal, double *value);
/* The shortest text that reads back as the same double, or the same float; returns its length. size >= 32. */
size_t closo_number_print(double value, char *text, size_t size);
size_t closo_number_print_f32(float value, char *text, size_t size);
/* Like %.*e of C, whatever the locale. */
size_t closo_number_print_e(double value, int digits, char *text, size_t size);

/* ---- files ---- */

/* Reads a whole file. IO: not there, a folder, not readable; LIMIT: larger than max_bytes. One byte after the end is 0. */
closo_status closo_file_read(const char *path, size_t max_bytes, closo_arena *arena,
                             unsigned char **data, size_t *size, closo_error *error);

/* The same, but the file is looked at where it is (closo_arena_map()) when it can be. */
closo_status closo_file_map(const char *path, size_t max_bytes, closo_arena *arena,
                            const unsigned char **data, size_t *size, closo_error *error);

/* The file's name in a path: what follows the last slash. */
const char *closo_path_name(const char *path);

/* True when a regular file of that path can be opened. */
bool closo_file_readable(const char *path);

/* True when both paths lead to the same file. */
bool closo_file_same(const char *one, const char *other);

/* A file that appears whole or not at all: written beside its place, synced, renamed. */
typedef struct closo_output closo_output;
closo_status closo_output_open(const char *path, closo_arena *arena, closo_output **output,
                               closo_error *error);
void closo_output_write(closo_output *output, const void *data,
                        size_t size); /* errors are kept until commit */
void closo_output_printf(closo_output *output, const char *format, ...) CLOSO_PRINTF(2, 3);
closo_status closo_output_commit(closo_output *output, closo_error *error); /* consumes output */
void closo_output_abandon(closo_output *output); /* consumes output; NULL is allowed */
closo_status closo_file_write(const char *path, const void *data, size_t size, closo_arena *arena,
                              closo_error *error);
/* Makes a folder and its parents; one that is there is fine. */
closo_status closo_folder_make(const char *path, closo_error *error);
/* Lower-case hexadecimal SHA-256 of the bytes; text has room for 65. */
void closo_sha256(const void *data, size_t size, char text[65]);

/* ---- YAML ---- */

struct cyaml_schema_value;
/* Loads a file by its libcyaml schema into the arena. `keys` lists all the keys of the schema, so that a wrong one can be
 * answered with the nearest right one. FORMAT: line, what is wrong and what would be right. */
closo_status closo_yaml_load(const char *path, const struct cyaml_schema_value *schema,
                             const char *const *keys, size_t key_count, closo_arena *arena,
                             void **data, closo_error *error);

/* The same from memory; name stands in messages. */
typedef struct closo_yaml_text {
    const char *name;
    const char *bytes;
    size_t size;
} closo_yaml_text;
closo_status closo_yaml_parse(const closo_yaml_text *text, const struct cyaml_schema_value *schema,
                              const char *const *keys, size_t key_count, closo_arena *arena,
                              void **data, closo_error *error);

/* ---- JSON ---- */

struct json_t;
/* Object member helpers; a number that is not finite becomes null. All steal nothing and return false when out of
 * memory or when object is NULL, so that calls can be strung together and checked once. */
bool closo_json_number(struct json_t *object, const char *key, double value);
bool closo_json_integer(struct json_t *object, const char *key, int64_t value);
bool closo_json_text(struct json_t *object, const char *key,
                     const char *text); /* NULL becomes null */
bool closo_json_value(struct json_t *object, const char *key,
                      closo_value value); /* key and key_sigma */
bool closo_json_notes(struct json_t *object, const char *key, const closo_notes *notes);
/* Serialises and frees (decref) the object into the arena: indented, 12 significant digits, a final newline. NULL object
 * or no memory gives NULL. */
char *closo_json_finish(struct json_t *object, closo_arena *arena);

/* Adds a note to a list. */
void closo_notes_add(closo_notes *notes, closo_arena *arena, const char *format, ...)
    CLOSO_PRINTF(3, 4);
void closo_notes_add_v(closo_notes *notes, closo_arena *arena, const char *format, va_list list);

#ifdef __cplusplus
}
#endif
#endif
