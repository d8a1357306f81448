/* SPDX-License-Identifier: BSD-3-Clause */
#include "base_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *closo_status_text(closo_status status)
{
    switch (status) {
#define X(code, text)  \
    case CLOSO_##code: \
        return text;
        CLOSO_STATUS_LIST(X)
#undef X
    }
    return "unknown status";
}

const char *closo_error_text(const closo_error *error, char *text, size_t size)
{
    if (size == 0)
        return text;
    char place[64] = "";
    if (error->has_byte)
        snprintf(place, sizeof place, " (byte 0x%" PRIx64 ")", (uint64_t)error->byte_offset);
    else if (error->line > 0)
        snprintf(place, sizeof place, " (line %" PRId64 ")", error->line);
    if (error->file[0] != '\0')
        snprintf(text, size, "'%s': %s%s", error->file, error->message, place);
    else
        snprintf(text, size, "%s%s", error->message, place);
    return text;
}

static void fill(closo_error *error, closo_status status, const char *format, va_list list)
{
    memset(error, 0, sizeof *error);
    error->status = status;
    vsnprintf(error->message, sizeof error->message, format, list);
    closo_text_clean(error->message);
}

closo_status closo_fail(closo_error *error, closo_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list list;
        va_start(list, format);
        fill(error, status, format, list);
        va_end(list);
    }
    return status;
}

closo_status closo_fail_byte(closo_error *error, closo_status status, size_t byte_offset,
                             const char *format, ...)
{
    if (error != NULL) {
        va_list list;
        va_start(list, format);
        fill(error, status, format, list);
        va_end(list);
        error->byte_offset = (int64_t)byte_offset;
        error->has_byte = true;
    }
    return status;
}

closo_status closo_fail_line(closo_error *error, closo_status status, size_t line,
                             const char *format, ...)
{
    if (error != NULL) {
        va_list list;
        va_start(list, format);
        fill(error, status, format, list);
        va_end(list);
        error->line = (int64_t)line;
    }
    return status;
}

closo_status closo_fail_nomem(closo_error *error)
{
    return closo_fail(error, CLOSO_NOMEM,
                      "not enough memory for this file; close other programs or raise the limit");
}

closo_status closo_error_in_file(closo_error *error, closo_status status, const char *path)
{
    if (status != CLOSO_OK && error != NULL && error->file[0] == '\0')
        snprintf(error->file, sizeof error->file, "%s", path);
    return status;
}
