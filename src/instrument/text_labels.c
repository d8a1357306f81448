/* SPDX-License-Identifier: BSD-3-Clause */
/* text_labels.c: the words of a column that holds words: each is kept once, and the column has its number. */
#include "text_internal.h"

#include <string.h>

static uint32_t hash_of(closo_span word) /* FNV-1a */
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.length; i++)
        hash = (hash ^ (unsigned char)word.start[i]) * 16777619u;
    return hash;
}

static uint32_t *find_slot(const closo_text_labels *words, closo_span word)
{
    size_t at = hash_of(word) & (words->slot_count - 1);
    while (words->slots[at] != 0) {
        closo_span there = words->spans[words->slots[at] - 1];
        if (there.length == word.length && memcmp(there.start, word.start, word.length) == 0)
            break;
        at = (at + 1) & (words->slot_count - 1);
    }
    return &words->slots[at];
}

static bool grow_slots(closo_text_labels *words, closo_arena *arena)
{
    if (words->count * 2 < words->slot_count)
        return true;
    size_t wanted = words->slot_count == 0 ? 32 : words->slot_count * 2;
    uint32_t *slots = closo_arena_alloc(arena, wanted, sizeof *slots);
    if (slots == NULL)
        return false;
    words->slots = slots;
    words->slot_count = wanted;
    for (size_t i = 0; i < words->count; i++)
        *find_slot(words, words->spans[i]) = (uint32_t)i + 1;
    return true;
}

bool closo_text_label_index(closo_text_labels *words, closo_arena *arena, closo_span word,
                            double *index)
{
    if (!grow_slots(words, arena) || words->count >= UINT32_MAX - 1)
        return false;
    uint32_t *slot = find_slot(words, word);
    if (*slot == 0) {
        const char **list = closo_arena_grow(arena, words->words, words->count,
                                             &words->words_capacity, sizeof *list);
        closo_span *spans = closo_arena_grow(arena, words->spans, words->count,
                                             &words->spans_capacity, sizeof *spans);
        closo_span plain;
        if (list == NULL || spans == NULL || !closo_text_unquote(arena, word, &plain))
            return false;
        words->words = list;
        words->spans = spans;
        list[words->count] = closo_text_string(arena, plain);
        spans[words->count] = word;
        if (list[words->count] == NULL)
            return false;
        *slot = (uint32_t)++words->count;
    }
    *index = *slot - 1;
    return true;
}
