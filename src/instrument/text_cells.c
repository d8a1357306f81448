/* SPDX-License-Identifier: BSD-3-Clause */
/* text_cells.c: the smallest pieces of a text file: lines, fields, words. Nothing here trusts the bytes. */
#include "text_internal.h"

#include <string.h>

/* ---- characters ---- */

/* The bytes of the UTF-8 character at the start, 0 when there is none (RFC 3629: no overlong form, no surrogate). */
static size_t character_length(closo_span span)
{
    const unsigned char *at = (const unsigned char *)span.start;
    if (span.length == 0)
        return 0;
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xc2 && at[0] <= 0xdf ? 2 : (at[0] & 0xf0) == 0xe0 ? 3 : 0;
    if (at[0] >= 0xf0 && at[0] <= 0xf4)
        length = 4;
    if (length == 0 || length > span.length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

closo_quote closo_text_quote(closo_span span)
{
    enum { SHOWN = 60 };
    closo_quote quote;
    size_t written = 0;
    while (span.length != 0) {
        size_t length = character_length(span);
        if (written + (length > 1 ? length : 1) > SHOWN) {
            memcpy(quote.text + written, "...", 3);
            written += 3;
            break;
        }
        bool shown = length > 1 || (length == 1 && span.start[0] >= ' ' && span.start[0] != 0x7f);
        if (shown)
            memcpy(quote.text + written, span.start, length);
        else
            quote.text[written] = '?';
        written += shown ? length : 1;
        span.start += length != 0 ? length : 1;
        span.length -= length != 0 ? length : 1;
    }
    quote.text[written] = '\0';
    return quote;
}

char *closo_text_string(closo_arena *arena, closo_span span)
{
    closo_span text;
    /* A NUL ends a C string; what follows it in a damaged file is left out. */
    const char *nul = span.length != 0 ? memchr(span.start, 0, span.length) : NULL;
    if (nul != NULL)
        span.length = (size_t)(nul - span.start);
    if (!closo_text_to_utf8(arena, span.start, span.length, &text))
        return NULL;
    return closo_arena_text_n(arena, text.start, text.length);
}

/* ---- lines and fields ---- */

char closo_text_line_end(closo_span text)
{
    if (text.length == 0 || memchr(text.start, '\n', text.length) != NULL)
        return '\n';
    return memchr(text.start, '\r', text.length) != NULL ? '\r' : '\n';
}

bool closo_text_line(closo_span *rest, char line_end, closo_span *line)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->start, line_end, rest->length);
    size_t length = end != NULL ? (size_t)(end - rest->start) : rest->length;
    size_t taken = end != NULL ? length + 1 : length;
    *line = (closo_span){rest->start, length};
    if (line->length != 0 && line->start[line->length - 1] == '\r')
        line->length--;
    rest->start += taken;
    rest->length -= taken;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The length of a field in quotation marks with both of them, or 0 when it is not closed before the end. */
static size_t quoted_length(closo_span text)
{
    for (size_t i = 1; i < text.length; i++) {
        if (text.start[i] != '"')
            continue;
        if (i + 1 < text.length && text.start[i + 1] == '"')
            i++;
        else
            return i + 1;
    }
    return 0;
}

static bool blank_field(closo_span *rest, closo_span *field)
{
    size_t skipped = 0, length = 0;
    while (skipped < rest->length && is_blank(rest->start[skipped]))
        skipped++;
    closo_span text = {rest->start + skipped, rest->length - skipped};
    if (text.length == 0) {
        *rest = (closo_span){NULL, 0};
        return false;
    }
    while (length < text.length && !is_blank(text.start[length]))
        length++;
    *field = (closo_span){text.start, length};
    *rest = (closo_span){text.start + length, text.length - length};
    return true;
}

bool closo_text_field(closo_span *rest, char separator, bool quoted, closo_span *field)
{
    if (rest->start == NULL)
        return false;
    if (separator == ' ')
        return blank_field(rest, field);
    size_t skipped =
        quoted && rest->length != 0 && rest->start[0] == '"' ? quoted_length(*rest) : 0;
    /* Separators inside the quotes do not count: only what follows them is searched. */
    closo_span after = {rest->start + skipped, rest->length - skipped}, tail;
    (void)closo_span_field(&after, separator, &tail);
    *field = (closo_span){rest->start, skipped + tail.length};
    *rest = after;
    return true;
}

bool closo_text_unquote(closo_arena *arena, closo_span field, closo_span *plain)
{
    *plain = field;
    closo_span trimmed = closo_span_trim(field);
    if (trimmed.length < 2 || trimmed.start[0] != '"' || trimmed.start[trimmed.length - 1] != '"')
        return true;
    trimmed.start++;
    trimmed.length -= 2;
    *plain = trimmed;
    if (trimmed.length == 0 || memchr(trimmed.start, '"', trimmed.length) == NULL)
        return true;
    char *copy = closo_arena_alloc(arena, trimmed.length, 1);
    if (copy == NULL)
        return false;
    size_t written = 0;
    for (size_t i = 0; i < trimmed.length; i++) {
        copy[written++] = trimmed.start[i];
        if (trimmed.start[i] == '"' && i + 1 < trimmed.length && trimmed.start[i + 1] == '"')
            i++;
    }
    *plain = (closo_span){copy, written};
    return true;
}

bool closo_text_is_missing(closo_span cell)
{
    /* XXX: EC-Lab; 1.#QNAN, -1.#IND: C run time of Windows; #N/A: spreadsheets. */
    static const char *const words[] = {"XXX",  "N/A",     "NA",       "-",       "--",   "NaN",
                                        "null", "1.#QNAN", "-1.#QNAN", "-1.#IND", "#N/A", "none"};
    cell = closo_span_trim(cell);
    if (cell.length == 0)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (closo_span_equals_nocase(cell, words[i]))
            return true;
    return false;
}

bool closo_text_thousands_parse(closo_span cell, char decimal, bool surely, double *value)
{
    enum { LONGEST = 40 };
    const char mark = decimal == '.' ? ',' : '.';
    char plain[LONGEST];
    size_t written = 0, digits = 0, groups = 0, i = 0;
    cell = closo_span_trim(cell);
    if (cell.length >= LONGEST)
        return false;
    if (cell.length != 0 && (cell.start[0] == '-' || cell.start[0] == '+'))
        plain[written++] = cell.start[i++];
    /* 0,123 has decimals: no thousands begin with 0. */
    if (i >= cell.length || cell.start[i] < '1' || cell.start[i] > '9')
        return false;
    for (; i < cell.length; i++) {
        const char c = cell.start[i];
        if (c >= '0' && c <= '9') {
            digits++;
            plain[written++] = c;
        } else if (c == mark && (groups == 0 ? digits <= 3 : digits == 3)) {
            groups++;
            digits = 0;
        } else {
            break;
        }
    }
    if (groups == 0 || digits != 3 || (i == cell.length && groups == 1 && !surely))
        return false;
    if (i < cell.length && cell.start[i] != decimal)
        return false;
    memcpy(plain + written, cell.start + i, cell.length - i);
    return closo_number_parse((closo_span){plain, written + cell.length - i}, decimal, value);
}
