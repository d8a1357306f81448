/* SPDX-License-Identifier: BSD-3-Clause */
/* study_keys.c: what the analyses share when they read their keys. */
#include "study_internal.h"

#include <math.h>
#include <string.h>

size_t closo_study_find_file(const closo_study *study, const char *id)
{
    size_t f = 0;
    while (f < study->file_count && strcmp(study->files[f].id, id) != 0)
        f++;
    return f;
}

closo_status closo_study_take_number(const char *text, double *number, closo_error *error)
{
    if (!closo_number_parse(closo_span_of(text), '.', number) || !isfinite(*number))
        return closo_fail(error, CLOSO_FORMAT, "it wants a number, not '%s'", text);
    return CLOSO_OK;
}

closo_status closo_study_take_count(const char *text, size_t most, size_t *count,
                                    closo_error *error)
{
    double number = 0;
    if (!closo_number_parse(closo_span_of(text), '.', &number) || !(number >= 0) ||
        number != floor(number))
        return closo_fail(error, CLOSO_FORMAT, "it wants a whole number from 0 on, not '%s'", text);
    if (number > (double)most)
        return closo_fail(error, CLOSO_FORMAT, "at most %zu is possible, not %s", most, text);
    *count = (size_t)number;
    return CLOSO_OK;
}
