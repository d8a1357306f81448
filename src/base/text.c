/* SPDX-License-Identifier: BSD-3-Clause */
#include "base_internal.h"

#include <stdlib.h>
#include <string.h>

closo_span closo_span_of(const char *text)
{
    return (closo_span){text, strlen(text)};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

closo_span closo_span_trim(closo_span span)
{
    while (span.length != 0 && is_space(span.start[0])) {
        span.start++;
        span.length--;
    }
    while (span.length != 0 && is_space(span.start[span.length - 1]))
        span.length--;
    return span;
}

bool closo_span_equals(closo_span span, const char *text)
{
    return strlen(text) == span.length && memcmp(span.start, text, span.length) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool closo_span_equals_nocase(closo_span span, const char *text)
{
    if (strlen(text) != span.length)
        return false;
    for (size_t i = 0; i < span.length; i++)
        if (lower(span.start[i]) != lower(text[i]))
            return false;
    return true;
}

bool closo_span_starts(closo_span span, const char *text)
{
    size_t length = strlen(text);
    return span.length >= length && memcmp(span.start, text, length) == 0;
}

bool closo_span_contains(closo_span span, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= span.length; i++)
        if (memcmp(span.start + i, text, length) == 0)
            return true;
    return false;
}

bool closo_span_line(closo_span *rest, closo_span *line)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->start, '\n', rest->length);
    size_t length = end != NULL ? (size_t)(end - rest->start) : rest->length;
    size_t taken = end != NULL ? length + 1 : length;
    /* Line ends of old Macintosh: a lone \r, where no \n follows at once. */
    const char *cr = memchr(rest->start, '\r', length);
    if (cr != NULL) {
        size_t at = (size_t)(cr - rest->start);
        taken = at + 1 == length && end != NULL ? length + 1 : at + 1;
        length = at;
    }
    *line = (closo_span){rest->start, length};
    rest->start += taken;
    rest->length -= taken;
    return true;
}

bool closo_span_field(closo_span *rest, char separator, closo_span *field)
{
    if (rest->start == NULL)
        return false;
    const char *end = rest->length != 0 ? memchr(rest->start, separator, rest->length) : NULL;
    if (end == NULL) {
        *field = *rest;
        *rest = (closo_span){NULL, 0};
        return true;
    }
    size_t length = (size_t)(end - rest->start);
    *field = (closo_span){rest->start, length};
    rest->start += length + 1;
    rest->length -= length + 1;
    return true;
}

/* ---- encodings ---- */

/* Length of the valid UTF-8 sequence at the start, 0 when there is none (RFC 3629). */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xc2 && at[0] <= 0xdf ? 2 : (at[0] & 0xf0) == 0xe0 ? 3 : 0;
    if (at[0] >= 0xf0 && at[0] <= 0xf4)
        length = 4;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

static bool is_utf8(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint64_t eight;
        if (i + sizeof eight <= length) { /* eight ASCII bytes at a time */
            memcpy(&eight, bytes + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t step = utf8_sequence(bytes + i, length - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

void closo_text_clean(char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        size_t step = utf8_sequence((const unsigned char *)text + i, length - i);
        if (step == 0 || (step == 1 && ((unsigned char)text[i] < ' ' || text[i] == 0x7f)))
            text[i] = '?';
        i += step != 0 ? step : 1;
    }
}

static size_t put_utf8(char *text, uint32_t code)
{
    if (code < 0x80) {
        text[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        text[0] = (char)(0xc0 | code >> 6);
        text[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        text[0] = (char)(0xe0 | code >> 12);
        text[1] = (char)(0x80 | (code >> 6 & 0x3f));
        text[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    text[0] = (char)(0xf0 | code >> 18);
    text[1] = (char)(0x80 | (code >> 12 & 0x3f));
    text[2] = (char)(0x80 | (code >> 6 & 0x3f));
    text[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* Windows-1252, 0x80..0x9f; the five unused places become the replacement character. */
static const uint16_t cp1252[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                    0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static uint32_t utf16_unit(const unsigned char *at, bool big_endian)
{
    return big_endian ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

static size_t from_utf16(const unsigned char *bytes, size_t length, bool big_endian, char *text)
{
    size_t written = 0;
    for (size_t i = 2; i + 1 < length; i += 2) {
        uint32_t code = utf16_unit(bytes + i, big_endian);
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < length) {
            uint32_t low = utf16_unit(bytes + i + 2, big_endian);
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (code >= 0xd800 && code < 0xe000)
            code = 0xfffd;
        written += put_utf8(text + written, code);
    }
    return written;
}

bool closo_text_to_utf8(closo_arena *arena, const void *data, size_t length, closo_span *text)
{
    const unsigned char *bytes = data;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    bool wide = length >= 2 &&
                ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff));
    if (!wide && is_utf8(bytes, length)) {
        *text = (closo_span){(const char *)bytes, length};
        return true;
    }
    char *converted = closo_arena_alloc(arena, length + 1, 3);
    if (converted == NULL)
        return false;
    size_t written = 0;
    if (wide) {
        written = from_utf16(bytes, length, bytes[0] == 0xfe, converted);
    } else {
        for (size_t i = 0; i < length; i++) {
            uint32_t code = bytes[i];
            if (code >= 0x80 && code < 0xa0)
                code = cp1252[code - 0x80];
            written += put_utf8(converted + written, code);
        }
    }
    *text = (closo_span){converted, written};
    return true;
}

/* ---- the nearest word ---- */

enum { LONGEST_WORD = 63 };

static size_t edit_distance(const char *a, const char *b)
{
    size_t row[LONGEST_WORD + 1];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > LONGEST_WORD || length_b > LONGEST_WORD)
        return SIZE_MAX;
    for (size_t j = 0; j <= length_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t above = row[j];
            size_t best = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[length_b];
}

const char *closo_text_nearest(const char *word, const char *const *list, size_t count)
{
    const char *nearest = NULL;
    size_t limit = strlen(word) / 3 + 1, best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, list[i]);
        if (distance < best) {
            best = distance;
            nearest = list[i];
        }
    }
    return nearest;
}
