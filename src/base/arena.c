/* SPDX-License-Identifier: BSD-3-Clause */
/* arena.c: memory that is given out piece by piece and freed at once. The only place that calls malloc.
 * Small pieces are cut from blocks; a large piece is a block of its own, so that it costs what it needs. An arena may hold
 * mapped files too. */
#define _DEFAULT_SOURCE
#include "base_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    FIRST_BLOCK_BYTES = 16 * 1024,
    BLOCK_BYTES = 64 * 1024,
    LARGE_BYTES = 16 * 1024,
    HUGE_PAGE_BYTES = 2 * 1024 * 1024
};

typedef struct block {
    struct block *next;
    size_t size, used;
    max_align_t data[];
} block;

/* A file that is looked at where it is. */
typedef struct mapping {
    struct mapping *next;
    unsigned char *start;
    size_t size; /* whole pages; of these file_size belong to the file, the rest are zero */
    size_t file_size;
} mapping;

struct closo_arena {
    block *small, *large;
    mapping *mappings;
    size_t budget_bytes, used_bytes;
    size_t fail_after; /* allocations that still succeed; SIZE_MAX: all */
};

closo_arena *closo_arena_new(size_t budget_bytes)
{
    closo_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->budget_bytes = budget_bytes != 0 ? budget_bytes : (size_t)4 << 30;
        arena->fail_after = SIZE_MAX;
    }
    return arena;
}

static void free_blocks(block *first)
{
    while (first != NULL) {
        block *next = first->next;
        free(first);
        first = next;
    }
}

void closo_arena_free(closo_arena *arena)
{
    if (arena == NULL)
        return;
    for (const mapping *at = arena->mappings; at != NULL; at = at->next)
        munmap(at->start, at->size); /* before the blocks that the list is made of */
    free_blocks(arena->small);
    free_blocks(arena->large);
    free(arena);
}

/* Whole zero pages, one more than the file fills, and the file over them: one 0 byte follows whatever its size. */
const unsigned char *closo_arena_map(closo_arena *arena, int descriptor, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    mapping *added = closo_arena_alloc(arena, 1, sizeof *added);
    if (added == NULL || size == 0 || size > SIZE_MAX - 2 * page)
        return NULL;
    added->file_size = size;
    added->size = (size / page + 2) * page;
    void *start = mmap(NULL, added->size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return NULL;
    if (mmap(start, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
        munmap(start, added->size);
        return NULL;
    }
    added->start = start;
    added->next = arena->mappings;
    arena->mappings = added;
    return start;
}

/* Pages of the file that lie wholly in between: they come back from the file when they are looked at. */
static void forget(const closo_arena *arena, uintptr_t from, uintptr_t to)
{
    for (const mapping *at = arena->mappings; at != NULL; at = at->next) {
        const uintptr_t start = (uintptr_t)at->start, end = start + at->file_size;
        if (from < start || to > end || from >= to)
            continue;
        const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
        const uintptr_t first = (from + page - 1) / page * page, last = to / page * page;
        if (first < last)
            (void)madvise(at->start + (first - start), last - first, MADV_DONTNEED);
    }
}

void closo_window_move(closo_arena *arena, closo_window *window, const void *from, size_t size)
{
    /* In steps of a MiB: the kernel maps the pages around one that is asked for, 64 kB in all, so that pages just
     * forgotten would come back with the next. */
    enum { STEP = 1 << 20 };
    const uintptr_t start = (uintptr_t)from / STEP * STEP;
    const uintptr_t end = ((uintptr_t)from + size) / STEP * STEP + STEP;
    if (arena->mappings == NULL || (start == window->from && end == window->to))
        return;
    for (const mapping *at = arena->mappings; at != NULL; at = at->next) {
        const uintptr_t low = (uintptr_t)at->start, high = low + at->file_size;
        const uintptr_t old_from = window->from > low ? window->from : low;
        const uintptr_t old_to = window->to < high ? window->to : high;
        forget(arena, old_from, old_to < start ? old_to : start);
        forget(arena, old_from > end ? old_from : end, old_to);
    }
    window->from = start;
    window->to = end;
}

size_t closo_arena_used(const closo_arena *arena)
{
    return arena->used_bytes;
}

void closo_arena_fail_after(closo_arena *arena, size_t count)
{
    arena->fail_after = count;
}

/* Asks for pages of 2 MiB for what lies wholly in such pages: a file of 100 MB then faults 50 times, not 25,000. */
static void prefer_huge_pages(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    unsigned char *start = memory;
    size_t skipped = HUGE_PAGE_BYTES - (uintptr_t)start % HUGE_PAGE_BYTES;
    if (size >= 4 * (size_t)HUGE_PAGE_BYTES)
        (void)madvise(start + skipped, (size - skipped) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES,
                      MADV_HUGEPAGE); /* only advice: it may be refused */
#else
    (void)memory;
    (void)size;
#endif
}

/* calloc, not malloc: large zero pages come from the kernel untouched, which is faster than clearing. */
static block *add_block(block **list, size_t size)
{
    block *added = calloc(1, sizeof *added + size);
    if (added != NULL) {
        prefer_huge_pages(added, sizeof *added + size);
        added->size = size;
        added->next = *list;
        *list = added;
    }
    return added;
}

void *closo_arena_alloc(closo_arena *arena, size_t count, size_t size)
{
    size_t bytes = 0, rounded = 0;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, sizeof(max_align_t) - 1, &rounded))
        return NULL;
    rounded -= rounded % sizeof(max_align_t);
    if (rounded == 0)
        rounded = sizeof(max_align_t);
    if (rounded > arena->budget_bytes - arena->used_bytes || arena->fail_after == 0)
        return NULL;
    if (arena->fail_after != SIZE_MAX)
        arena->fail_after--;
    block *home = arena->small;
    if (rounded >= LARGE_BYTES)
        home = add_block(&arena->large, rounded);
    else if (home == NULL || home->size - home->used < rounded)
        /* Small at first: an arena that passes soon then leaves the heap as large as it was, which costs a fit of a
         * spectrum a quarter of its time otherwise. */
        home = add_block(&arena->small, home == NULL ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
    if (home == NULL)
        return NULL;
    void *memory = (unsigned char *)home->data + home->used;
    home->used += rounded;
    arena->used_bytes += rounded;
    return memory;
}

void *closo_arena_copy(closo_arena *arena, const void *data, size_t count, size_t size)
{
    void *copy = closo_arena_alloc(arena, count, size);
    if (copy != NULL && count != 0)
        memcpy(copy, data, count * size);
    return copy;
}

char *closo_arena_text_n(closo_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = closo_arena_alloc(arena, length + 1, 1);
    if (copy != NULL && length != 0)
        memcpy(copy, text, length);
    return copy;
}

char *closo_arena_text(closo_arena *arena, const char *text)
{
    return closo_arena_text_n(arena, text, strlen(text));
}

char *closo_arena_printf(closo_arena *arena, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = length < 0 ? NULL : closo_arena_alloc(arena, (size_t)length + 1, 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(list);
    return text;
}

void *closo_arena_grow(closo_arena *arena, void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = wanted <= *capacity ? NULL : closo_arena_alloc(arena, wanted, size);
    if (grown == NULL)
        return NULL;
    if (count != 0)
        memcpy(grown, list, count * size);
    *capacity = wanted;
    return grown;
}
