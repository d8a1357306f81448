/* SPDX-License-Identifier: BSD-3-Clause */
/* cycle_list.c: cycles as people list them, "1-3,10,last". */
#include "cycling_internal.h"

#include <limits.h>
#include <string.h>

static const int last_cycle = INT_MAX; /* the word "last", until it is known how many there are */
static const int largest_number = 1000000000;

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t')
        ++*at;
}

/* A number from 1 on, or "last". False when there is neither. */
static bool take_cycle(const char **at, int *cycle)
{
    static const char word[] = "last";
    skip_blanks(at);
    if (strncmp(*at, word, sizeof word - 1) == 0) {
        *at += sizeof word - 1;
        *cycle = last_cycle;
    } else {
        const char *first = *at;
        for (*cycle = 0; **at >= '0' && **at <= '9' && *cycle < largest_number; ++*at)
            *cycle =
                10 * (*cycle < largest_number / 10 ? *cycle : largest_number / 10) + (**at - '0');
        if (*at == first || *cycle < 1 || *cycle > largest_number)
            return false;
    }
    skip_blanks(at);
    return true;
}

/* "-" and "..", as between the ends of a range. */
static bool take_dash(const char **at)
{
    const size_t length = **at == '-' ? 1 : strncmp(*at, "..", 2) == 0 ? 2 : 0;
    *at += length;
    return length != 0;
}

/* Adds first to end, each once; of what is beyond the last cycle only the first, so that a note can name it. */
static void add_range(closo_cycle_list *list, bool *taken, int first, int end, int last)
{
    if (first > last)
        list->cycles[list->count++] = first;
    for (int cycle = first; cycle <= end && cycle <= last; cycle++) {
        if (!taken[cycle])
            list->cycles[list->count++] = cycle;
        taken[cycle] = true;
    }
}

/* Room for all cycles and for one beyond them an item. */
static bool make_room(const char *text, size_t cycle_count, closo_arena *arena,
                      closo_cycle_list *list, bool **taken)
{
    size_t items = 1;
    for (const char *at = text; *at != '\0'; at++)
        items += *at == ',';
    *taken = closo_arena_alloc(arena, cycle_count + 1, sizeof **taken);
    list->cycles = closo_arena_alloc(arena, items + cycle_count, sizeof *list->cycles);
    return *taken != NULL && list->cycles != NULL && cycle_count <= (size_t)largest_number;
}

closo_status closo_cycle_list_parse(const char *text, size_t cycle_count, closo_arena *arena,
                                    closo_cycle_list *list, closo_error *error)
{
    bool *taken = NULL;
    const bool known = cycle_count > 0;
    *list = (closo_cycle_list){NULL, 0};
    if (known && !make_room(text, cycle_count, arena, list, &taken))
        return closo_fail_nomem(error);
    for (const char *at = text;; at++) {
        int first, end;
        if (!take_cycle(&at, &first))
            break;
        end = first;
        if (take_dash(&at) && !take_cycle(&at, &end))
            break;
        if (end < first)
            return closo_fail(error, CLOSO_ARGUMENT,
                              "'%.60s' has a range that runs backwards; write 1-3, not 3-1", text);
        if (known)
            add_range(list, taken, first == last_cycle ? (int)cycle_count : first, end,
                      (int)cycle_count);
        if (*at == '\0')
            return CLOSO_OK;
        if (*at != ',')
            break;
    }
    return closo_fail(error, CLOSO_ARGUMENT,
                      "'%.60s' is no list of cycles; write for example 1,2,50 or 1-3,10,last",
                      text);
}
