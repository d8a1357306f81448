/* SPDX-License-Identifier: BSD-3-Clause */
/* formula_characters.h: the characters formulas are written with, on the line, below it and above it. */
#ifndef CLOSO_FORMULA_CHARACTERS_H
#define CLOSO_FORMULA_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What decode() gives where there is no text. */
enum { NOT_TEXT = 0xFFFD };

/* The code point at a place and its length in bytes; NOT_TEXT with length 1 where it is not UTF-8, 0 at the end. */
static inline uint32_t decode(const char *text, size_t *length)
{
    const unsigned char *byte = (const unsigned char *)text;
    *length = 1;
    if (byte[0] < 0x80)
        return byte[0];
    size_t more = byte[0] >= 0xF0 ? 3 : byte[0] >= 0xE0 ? 2 : 1;
    if (byte[0] < 0xC2 || byte[0] > 0xF4)
        return NOT_TEXT;
    uint32_t point = byte[0] & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((byte[i] & 0xC0) != 0x80) /* the final zero is no such byte: no read past the end */
            return NOT_TEXT;
        point = point << 6 | (byte[i] & 0x3Fu);
    }
    /* Overlong forms, surrogates and what lies beyond Unicode. */
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10FFFF)) ||
        (point >= 0xD800 && point <= 0xDFFF))
        return NOT_TEXT;
    *length = more + 1;
    return point;
}

static inline bool is_printable(uint32_t point)
{
    return point >= 0x20 && point != 0x7F && !(point >= 0x80 && point < 0xA0) && point != NOT_TEXT;
}

/* 0..9 for digits on the line and below it, else -1. */
static inline int digit_of(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)(point - '0');
    if (point >= 0x2080 && point <= 0x2089)
        return (int)(point - 0x2080);
    return -1;
}

/* 0..9 for raised digits, else -1. Three of them are older than the rest of the row. */
static inline int raised_digit_of(uint32_t point)
{
    if (point == 0xB9)
        return 1;
    if (point == 0xB2 || point == 0xB3)
        return (int)(point - 0xB0);
    if (point == 0x2070 || (point >= 0x2074 && point <= 0x2079))
        return (int)(point - 0x2070);
    return -1;
}

/* +1, -1, or 0: plus, hyphen, minus sign, en dash. */
static inline int sign_of(uint32_t point)
{
    return point == '+' ? 1 : point == '-' || point == 0x2212 || point == 0x2013 ? -1 : 0;
}

static inline int raised_sign_of(uint32_t point)
{
    return point == 0x207A ? 1 : point == 0x207B ? -1 : 0;
}

static inline bool begins_charge(uint32_t point)
{
    return point == '^' || sign_of(point) != 0 || raised_sign_of(point) != 0 ||
           raised_digit_of(point) >= 0;
}

/* The dot of a hydrate: star, middle dot, bullet, bullet operator, dot operator. A full stop is a decimal point. */
static inline bool is_dot(uint32_t point)
{
    return point == '*' || point == 0xB7 || point == 0x2022 || point == 0x2219 || point == 0x22C5;
}

static inline bool is_upper(uint32_t point)
{
    return point >= 'A' && point <= 'Z';
}

static inline bool is_lower(uint32_t point)
{
    return point >= 'a' && point <= 'z';
}

/* ')' for '(' and so on; 0 for what opens nothing. */
static inline char closing_of(uint32_t point)
{
    return point == '(' ? ')' : point == '[' ? ']' : point == '{' ? '}' : '\0';
}

static inline bool is_closing(uint32_t point)
{
    return point == ')' || point == ']' || point == '}';
}

#endif
