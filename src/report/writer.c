/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.c: a growing text, and the escaping that everything which was not written here goes through. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_CAPACITY = 4096 };

static bool make_room(closo_writer *writer, size_t count)
{
    size_t needed = 0;
    if (writer->failed || __builtin_add_overflow(writer->length, count, &needed) ||
        __builtin_add_overflow(needed, 1, &needed)) {
        writer->failed = true;
        return false;
    }
    if (needed <= writer->capacity)
        return true;
    size_t wanted = writer->capacity == 0 ? FIRST_CAPACITY : writer->capacity;
    while (wanted < needed && !__builtin_mul_overflow(wanted, 2, &wanted))
        continue;
    char *grown = wanted < needed ? NULL : closo_arena_alloc(writer->arena, wanted, 1);
    if (grown == NULL) {
        writer->failed = true;
        return false;
    }
    if (writer->length != 0)
        memcpy(grown, writer->text, writer->length);
    writer->text = grown;
    writer->capacity = wanted;
    return true;
}

void closo_writer_put(closo_writer *writer, const char *bytes, size_t count)
{
    if (!make_room(writer, count))
        return;
    if (count != 0)
        memcpy(writer->text + writer->length, bytes, count);
    writer->length += count;
    writer->text[writer->length] = '\0';
}

void closo_writer_raw(closo_writer *writer, const char *text)
{
    closo_writer_put(writer, text, strlen(text));
}

void closo_writer_printf(closo_writer *writer, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    if (length < 0) {
        writer->failed = true;
    } else if (make_room(writer, (size_t)length)) {
        vsnprintf(writer->text + writer->length, (size_t)length + 1, format, again);
        writer->length += (size_t)length;
    }
    va_end(again);
    va_end(list);
}

/* The bytes that follow the first of a sequence, and the least code it may stand for (RFC 3629). */
static uint32_t sequence_start(unsigned char first, size_t *follow, uint32_t *least)
{
    if ((first & 0xe0) == 0xc0) {
        *follow = 1;
        *least = 0x80;
        return first & 0x1f;
    }
    if ((first & 0xf0) == 0xe0) {
        *follow = 2;
        *least = 0x800;
        return first & 0x0f;
    }
    *follow = (first & 0xf8) == 0xf0 ? 3 : 0;
    *least = 0x10000;
    return first & 0x07;
}

uint32_t closo_utf8_next(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    if (*at == 0)
        return 0;
    ++*text;
    if (*at < 0x80)
        return *at;
    size_t follow = 0;
    uint32_t least = 0;
    uint32_t code = sequence_start(*at, &follow, &least);
    if (follow == 0)
        return 0xfffd;
    for (size_t i = 1; i <= follow; i++) {
        if ((at[i] & 0xc0) != 0x80) /* the final 0 stops this too */
            return 0xfffd;
        code = code << 6 | (at[i] & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0xfffd;
    *text += follow;
    return code;
}

/* Characters that XML 1.0 has no place for, escaped or not. */
static bool is_forbidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff ||
           code == 0xfffd;
}

static void put_escaped(closo_writer *writer, uint32_t code, const char *bytes, size_t count)
{
    if (code == '&')
        closo_writer_raw(writer, "&amp;");
    else if (code == '<')
        closo_writer_raw(writer, "&lt;");
    else if (code == '>')
        closo_writer_raw(writer, "&gt;");
    else if (code == '"')
        closo_writer_raw(writer, "&quot;");
    else if (code == '\'')
        closo_writer_raw(writer, "&#39;");
    else if (code == '\t' || code == '\n')
        closo_writer_put(writer, bytes, count);
    else if (is_forbidden(code))
        closo_writer_raw(writer, "\xef\xbf\xbd");
    else
        closo_writer_put(writer, bytes, count);
}

void closo_writer_escaped_n(closo_writer *writer, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end && *text != '\0') {
        const char *start = text;
        uint32_t code = closo_utf8_next(&text);
        if (text > end) { /* the piece ends within a character */
            text = end;
            code = 0xfffd;
        }
        put_escaped(writer, code, start, (size_t)(text - start));
    }
}

void closo_writer_escaped(closo_writer *writer, const char *text)
{
    closo_writer_escaped_n(writer, text, strlen(text));
}

void closo_writer_number(closo_writer *writer, double value)
{
    char text[32];
    if (!isfinite(value))
        value = 0;
    value = fmin(fmax(value, -1e9), 1e9);
    long long hundredths = llround(value * 100);
    const char *sign = hundredths < 0 ? "-" : "";
    unsigned long long size = (unsigned long long)(hundredths < 0 ? -hundredths : hundredths);
    int length = 0;
    if (size % 100 == 0)
        length = snprintf(text, sizeof text, "%s%llu", sign, size / 100);
    else if (size % 10 == 0)
        length = snprintf(text, sizeof text, "%s%llu.%llu", sign, size / 100, size / 10 % 10);
    else
        length = snprintf(text, sizeof text, "%s%llu.%02llu", sign, size / 100, size % 100);
    closo_writer_put(writer, text, (size_t)length);
}
