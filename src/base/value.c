/* SPDX-License-Identifier: BSD-3-Clause */
/* value.c: a quantity with its uncertainty, as people write it: "14.0 +- 0.1 mg". */
#include "base_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PIECE_BYTES = 128 };

/* Where the sign between value and uncertainty stands; *length is that of the sign. */
static const char *find_sign(const char *text, size_t *length)
{
    static const char *const signs[] = {"+/-", "+-", "±"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const char *at = strstr(text, signs[i]);
        *length = strlen(signs[i]);
        if (at != NULL)
            return at;
    }
    return NULL;
}

/* Splits "0.1 mg" into the number and what follows it. */
static bool split_number(closo_span text, double *number, closo_span *unit)
{
    text = closo_span_trim(text);
    for (size_t length = text.length; length > 0; length--) {
        char last = text.start[length - 1];
        if (((last >= '0' && last <= '9') || last == '.') &&
            closo_number_parse((closo_span){text.start, length}, '.', number)) {
            *unit = closo_span_trim((closo_span){text.start + length, text.length - length});
            return isfinite(*number);
        }
    }
    return false;
}

closo_status closo_value_parse(const char *text, const char *expected, closo_value *si,
                               closo_error *error)
{
    size_t sign_length;
    const char *sign = find_sign(text, &sign_length);
    if (sign == NULL) {
        si->sigma = NAN;
        return closo_quantity_parse(text, expected, &si->value, error);
    }
    closo_span left = {text, (size_t)(sign - text)};
    closo_span right = closo_span_of(sign + sign_length), left_unit, right_unit;
    double number = 0, spread = 0;
    char piece[PIECE_BYTES], unit_text[PIECE_BYTES];
    if (!split_number(left, &number, &left_unit) || !split_number(right, &spread, &right_unit) ||
        left.length + right.length + 2 > PIECE_BYTES)
        return closo_fail(error, CLOSO_FORMAT,
                          "'%.100s' is not a number, its uncertainty and a unit; write for example "
                          "'14.0 +- 0.1 mg'",
                          text);
    if (!(spread > 0))
        return closo_fail(
            error, CLOSO_RANGE,
            "the uncertainty in '%.100s' has to be larger than zero; leave it out when "
            "it is not known",
            text);
    closo_span own = left_unit.length != 0 ? left_unit : right_unit;
    if (left_unit.length != 0)
        snprintf(piece, sizeof piece, "%.*s", (int)left.length, left.start);
    else
        snprintf(piece, sizeof piece, "%.*s %.*s", (int)left.length, left.start, (int)own.length,
                 own.start);
    closo_status status = closo_quantity_parse(piece, expected, &si->value, error);
    if (status != CLOSO_OK)
        return status;
    closo_unit unit, own_unit;
    snprintf(unit_text, sizeof unit_text, "%.*s", (int)right_unit.length, right_unit.start);
    status = closo_unit_parse(unit_text, &unit, error);
    if (status != CLOSO_OK)
        return status;
    snprintf(unit_text, sizeof unit_text, "%.*s", (int)own.length, own.start);
    status = closo_unit_parse(unit_text, &own_unit, error);
    if (status != CLOSO_OK)
        return status;
    if (closo_unit_matches(&unit, &own_unit))
        si->sigma = unit.factor * spread;
    else if (closo_span_equals(right_unit, "%"))
        si->sigma = 0.01 * spread * fabs(si->value);
    else
        return closo_fail(error, CLOSO_RANGE,
                          "the uncertainty in '%.100s' has another unit than its value; write for "
                          "example '14.0 +- 0.1 mg' or '14.0 mg +- 2 %%'",
                          text);
    return CLOSO_OK;
}
