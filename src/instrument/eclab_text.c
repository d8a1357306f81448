/* SPDX-License-Identifier: BSD-3-Clause */
/* eclab_text.c: numbers and words as EC-Lab writes them into its text files. */
#include "text_internal.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- numbers ---- */

#if LDBL_MANT_DIG == 64

/* 18 digits of a magnitude, as the run time of EC-Lab's compiler makes them with the 80-bit numbers of the x87: scaled by
 * powers of ten that are themselves rounded. Found by comparing .mpr with the .mpt that EC-Lab wrote: the last of 16
 * digits differs from the correctly rounded one in half a per cent of all numbers. Returns the exponent. */
static int scale_to_digits(double magnitude, uint64_t *digits)
{
    static const long double small[32] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,
                                          1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L,
                                          1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L,
                                          1e24L, 1e25L, 1e26L, 1e27L, 1e28L, 1e29L, 1e30L, 1e31L};
    static const long double large[10] = {1e0L,   1e32L,  1e64L,  1e96L,  1e128L,
                                          1e160L, 1e192L, 1e224L, 1e256L, 1e288L};
    int binary;
    frexp(magnitude, &binary);
    int exponent = (((binary - 1) * 19728) >> 16) + 1; /* log10(2) = 19728 / 65536 */
    int shift = 18 - exponent;
    long double scaled = (long double)magnitude;
    if (shift > 0) {
        scaled *= small[shift % 32];
        for (int blocks = shift / 32; blocks > 0; blocks -= 9)
            scaled *= large[blocks < 9 ? blocks : 9];
    } else if (shift < 0) {
        scaled /= powl(10.0L, (long double)-shift);
    }
    scaled = rintl(scaled);
    if (scaled >= 1e18L) {
        scaled = rintl(scaled / 10.0L);
        exponent++;
    }
    *digits = (uint64_t)scaled;
    if (*digits < 100000000000000000u) {
        *digits *= 10;
        exponent--;
    }
    return exponent - 1;
}

#else

/* Elsewhere the digits are the correctly rounded ones. */
static int scale_to_digits(double magnitude, uint64_t *digits)
{
    char text[64];
    size_t length = closo_number_print_e(magnitude, 17, text, sizeof text);
    int exponent = 0;
    double value = 0;
    *digits = 0;
    for (size_t i = 0; i < length && text[i] != 'e'; i++)
        if (text[i] != '.')
            *digits = *digits * 10 + (uint64_t)(text[i] - '0');
    const char *e = memchr(text, 'e', length);
    if (e != NULL &&
        closo_number_parse((closo_span){e + 1, (size_t)(text + length - e - 1)}, '.', &value))
        exponent = (int)value;
    return exponent;
}

#endif

size_t closo_eclab_print_number(double value, int significant, char text[40])
{
    uint64_t digits = 0;
    int exponent = 0;
    size_t length = 0;
    if (value != 0) {
        exponent = scale_to_digits(fabs(value), &digits);
        uint64_t next = 1; /* of the first digit that is left out */
        for (int i = significant; i < 17; i++)
            next *= 10;
        digits = digits / next / 10 + (digits / next % 10 >= 5);
        uint64_t limit = 1;
        for (int i = 0; i < significant; i++)
            limit *= 10;
        if (digits >= limit) {
            digits /= 10;
            exponent++;
        }
    }
    if (value < 0)
        text[length++] = '-';
    for (int i = significant; i > 0; i--) {
        text[length + (size_t)i - (i == 1)] = (char)('0' + digits % 10);
        digits /= 10;
    }
    text[length + 1] = '.';
    length += (size_t)significant + 1;
    const int magnitude = exponent < 0 ? -exponent : exponent;
    text[length++] = 'E';
    text[length++] = exponent < 0 ? '-' : '+';
    text[length++] = (char)('0' + magnitude / 100 % 10);
    text[length++] = (char)('0' + magnitude / 10 % 10);
    text[length++] = (char)('0' + magnitude % 10);
    return length;
}

/* ---- text in Windows-1252 ---- */

/* The code of a character above U+00FF that Windows-1252 has, 0 for others; those below are themselves. */
static unsigned char cp1252_code(uint32_t code)
{
    static const uint16_t table[32] = {
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};
    if (code < 0x80 || (code >= 0xa0 && code <= 0xff))
        return (unsigned char)code;
    if (code == 0x3bc)
        return 0xb5; /* mu for the micro sign */
    for (size_t i = 0; i < 32; i++)
        if (table[i] == code && code != 0)
            return (unsigned char)(0x80 + i);
    return 0;
}

static uint32_t next_code(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    int more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc0 ? 1 : 0;
    uint32_t code = more == 3   ? at[0] & 7u
                    : more == 2 ? at[0] & 15u
                    : more == 1 ? at[0] & 31u
                                : at[0];
    size_t used = 1;
    for (; more > 0 && (at[used] & 0xc0) == 0x80; more--)
        code = code << 6 | (at[used++] & 0x3fu);
    *text += used;
    return code;
}

size_t closo_eclab_put_text(closo_output *output, const char *text)
{
    size_t count = 0;
    while (*text != '\0') {
        uint32_t code = next_code(&text);
        unsigned char byte = code < ' ' ? ' ' : cp1252_code(code);
        byte = byte != 0 ? byte : '?';
        closo_output_write(output, &byte, 1);
        count++;
    }
    return count;
}
