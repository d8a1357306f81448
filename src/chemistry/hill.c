/* SPDX-License-Identifier: BSD-3-Clause */
/* hill.c: a formula as text, in the order of Hill (J. Am. Chem. Soc. 22 (1900) 478, doi:10.1021/ja02046a005). */
#include "base/base_internal.h"
#include "closo/chemistry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 12 significant digits: sums such as 0.7 * 9 + 0.3 * 11 come out as one would write them. */
enum { DIGITS_AFTER_FIRST = 11, NUMBER_BYTES = 64 };

/* Where an element stands: carbon, hydrogen when there is carbon, the rest by alphabet. */
static int rank_of(const closo_element *element, bool has_carbon)
{
    if (!has_carbon)
        return 2;
    return element->atomic_number == 6 ? 0 : element->atomic_number == 1 ? 1 : 2;
}

static void sort_parts(closo_formula_part *parts, size_t count)
{
    bool has_carbon = false;
    for (size_t i = 0; i < count; i++)
        has_carbon = has_carbon || parts[i].element->atomic_number == 6;
    /* At most 118 of them: insertion keeps it short. */
    for (size_t i = 1; i < count; i++) {
        const closo_formula_part moved = parts[i];
        const int rank = rank_of(moved.element, has_carbon);
        size_t place = i;
        for (; place > 0; place--) {
            const closo_element *left = parts[place - 1].element;
            const int left_rank = rank_of(left, has_carbon);
            if (left_rank < rank ||
                (left_rank == rank && strcmp(left->symbol, moved.element->symbol) < 0))
                break;
            parts[place] = parts[place - 1];
        }
        parts[place] = moved;
    }
}

/* A count without an exponent, whatever the locale: "d.ddde-03" with the point moved. Nothing for 1. */
static void print_count(double count, char text[NUMBER_BYTES])
{
    char scientific[NUMBER_BYTES], digits[NUMBER_BYTES] = "0";
    size_t used = 0;
    int exponent = 0;
    closo_number_print_e(count, DIGITS_AFTER_FIRST, scientific, sizeof scientific);
    for (const char *at = scientific; *at != '\0'; at++) {
        if (*at == 'e') {
            exponent = (int)strtol(at + 1, NULL, 10);
            break;
        }
        if (*at != '.')
            digits[used++] = *at;
    }
    while (used > 1 && digits[used - 1] == '0')
        used--;
    char *out = text;
    for (int i = exponent < 0 ? exponent : 0; i < (int)used || i <= exponent; i++) {
        if (i == exponent + 1 && i > 0)
            *out++ = '.';
        *out++ = i >= 0 && i < (int)used ? digits[i] : '0';
        if (i == exponent && exponent < 0)
            *out++ = '.';
    }
    *out = '\0';
    if (strcmp(text, "1") == 0)
        text[0] = '\0';
}

static void print_charge(double charge, char text[NUMBER_BYTES])
{
    const int size = (int)(charge < 0 ? -charge : charge);
    const char sign = charge < 0 ? '-' : '+';
    text[0] = '\0';
    if (size == 1)
        snprintf(text, NUMBER_BYTES, "^%c", sign);
    else if (size != 0)
        snprintf(text, NUMBER_BYTES, "^%d%c", size, sign);
}

/* Hydrogen, two of it, and oxygen come next. */
static bool is_water(const closo_formula_part *parts, size_t count)
{
    char number[NUMBER_BYTES];
    if (count < 2 || parts[0].element->atomic_number != 1 || parts[1].element->atomic_number != 8)
        return false;
    print_count(parts[0].count, number);
    return strcmp(number, "2") == 0;
}

const char *closo_formula_text(const closo_formula *formula, closo_arena *arena)
{
    const size_t room = (formula->part_count + 1) * (2 + NUMBER_BYTES);
    closo_formula_part *parts =
        closo_arena_copy(arena, formula->parts, formula->part_count, sizeof *parts);
    char *text = closo_arena_alloc(arena, room, 1);
    if (parts == NULL || text == NULL)
        return NULL;
    sort_parts(parts, formula->part_count);
    size_t used = 0;
    char number[NUMBER_BYTES] = "";
    for (size_t i = 0; i < formula->part_count; i++) {
        /* "C4.5H2O" could be a hydrate to the reader; "C4.50H2O" is none. */
        if (strchr(number, '.') != NULL && is_water(parts + i, formula->part_count - i))
            text[used++] = '0';
        print_count(parts[i].count, number);
        used +=
            (size_t)snprintf(text + used, room - used, "%s%s", parts[i].element->symbol, number);
    }
    print_charge(formula->charge, number);
    snprintf(text + used, room - used, "%s", number);
    return text;
}
