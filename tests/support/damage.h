/* SPDX-License-Identifier: BSD-3-Clause */
/* damage.h: what every reader must stand: each cut, four values for each byte, each allocation failing. Include support.h
 * first. */
#ifndef CLOSO_TEST_DAMAGE_H
#define CLOSO_TEST_DAMAGE_H

#include "closo/instrument.h"

/* Opens a copy of the bytes, followed by a 0, in the arena. */
closo_status open_copy(const void *bytes, size_t size, closo_arena *arena, closo_table **table,
                       closo_error *error);

/* Opens `size` damaged bytes: a table must be usable to its end, a refusal must have a sentence. name and place are for
 * messages. */
void open_damaged(const char *name, const void *bytes, size_t size, size_t place);

/* open_damaged for each cut and for four values of each byte, at every `stride`-th place. The bytes are left as they were. */
void damage_everywhere(const char *name, unsigned char *bytes, size_t size, size_t stride);

/* Lets each allocation fail in turn until the file opens: NOMEM with a sentence is all that may happen. */
void exhaust_memory(const char *name, const void *bytes, size_t size);

/* ---- text ---- */

typedef struct text_sample {
    const char *name, *format, *text;
} text_sample;

/* Cut at every byte. */
void cut_everywhere(const text_sample *samples, size_t count);
/* Every stride-th byte takes one value after another: the place decides which, or all of them where each is true. */
void change_everywhere(const text_sample *samples, size_t count, size_t stride, bool each);
/* Without the lines before any other. */
void cut_heads(const text_sample *samples, size_t count);
void exhaust_memory_of_each(const text_sample *samples, size_t count);

#endif
