/* SPDX-License-Identifier: BSD-3-Clause */
/* value.c: numbers for people to read: rounded where their uncertainty ends, with a real minus sign, and a power of ten
 * where the zeros would have to be counted. Two significant digits of the uncertainty: GUM (JCGM 100:2008), 7.2.6. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Exponents of the numbers that are written without a power of ten. */
enum { PLAIN_FROM = -3, PLAIN_TO = 5 };

enum { NUMBER_BYTES = 400 }; /* -1.8e308 with all its digits and a dozen decimals */

const char *closo_number_fixed(double value, int decimals, char *text, size_t size)
{
    char digits[NUMBER_BYTES];
    if (isnan(value)) {
        snprintf(text, size, "n/a");
        return text;
    }
    if (isinf(value)) {
        snprintf(text, size, "%s∞", value < 0 ? "−" : "");
        return text;
    }
    decimals = decimals < 0 ? 0 : decimals > 60 ? 60 : decimals;
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    bool is_zero = strspn(digits, "0.,") == strlen(digits);
    size_t used = 0;
    text[0] = '\0';
    if (value < 0 && !is_zero)
        used = (size_t)snprintf(text, size, "−");
    for (size_t i = 0; digits[i] != '\0' && used + 1 < size; i++) {
        bool is_digit = digits[i] >= '0' && digits[i] <= '9';
        if (!is_digit && text[used - (used > 0)] == '.')
            continue; /* a decimal mark of several bytes in some locales */
        text[used++] = is_digit ? digits[i] : '.';
        text[used] = '\0';
    }
    return text;
}

/* The decimal exponent of a number once it is rounded to so many significant digits: 3 of 9996 is 1.00e4. */
static int exponent_of(double value, int digits)
{
    char text[64];
    double exponent = 0;
    if (value == 0 || !isfinite(value))
        return 0;
    closo_number_print_e(fabs(value), digits - 1, text, sizeof text);
    const char *mark = strchr(text, 'e');
    if (mark == NULL || !closo_number_parse(closo_span_of(mark + 1), '.', &exponent))
        return 0;
    return (int)exponent;
}

/* value / 10^exponent, without overflow on the way. */
static double scaled(double value, int exponent)
{
    if (exponent < -300)
        return value * 1e300 * pow(10, -exponent - 300);
    return exponent > 0 ? value / pow(10, exponent) : value * pow(10, -exponent);
}

static const char *power_text(int exponent, char *text, size_t size)
{
    static const char *const figures[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char digits[16];
    size_t used = (size_t)snprintf(text, size, "×10%s", exponent < 0 ? "⁻" : "");
    snprintf(digits, sizeof digits, "%d", exponent < 0 ? -exponent : exponent);
    for (size_t i = 0; digits[i] != '\0' && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s", figures[digits[i] - '0']);
    return text;
}

static void strip_zeros(char *text)
{
    if (strchr(text, '.') == NULL)
        return;
    size_t length = strlen(text);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
}

static bool is_plain(int exponent)
{
    return exponent >= PLAIN_FROM && exponent <= PLAIN_TO;
}

const char *closo_number_text(double value, int digits, char *text, size_t size)
{
    char number[NUMBER_BYTES], power[64] = "";
    if (!isfinite(value) || value == 0)
        return closo_number_fixed(value, 0, text, size);
    int exponent = exponent_of(value, digits);
    if (!is_plain(exponent)) {
        power_text(exponent, power, sizeof power);
        value = scaled(value, exponent);
        exponent = 0;
    }
    int decimals = digits - 1 - exponent;
    closo_number_fixed(value, decimals, number, sizeof number);
    strip_zeros(number);
    snprintf(text, size, "%s%s", number, power);
    return text;
}

/* To the given place before (negative) or behind the decimal point: 12345 to -2 is 12300. */
static double round_to(double value, int decimals)
{
    return decimals >= 0 ? value : scaled(nearbyint(scaled(value, -decimals)), decimals);
}

static const char *without_sigma(closo_value value, const char *unit, char *text, size_t size)
{
    char number[NUMBER_BYTES + 64];
    closo_number_text(value.value, 6, number, sizeof number);
    if (isinf(value.sigma) && isfinite(value.value))
        snprintf(text, size, "%s ± ∞%s", number, unit);
    else
        snprintf(text, size, "%s%s", number, isnan(value.value) ? "" : unit);
    return text;
}

const char *closo_value_text(closo_value value, const char *unit, char *text, size_t size)
{
    char number[NUMBER_BYTES + 64], sigma[NUMBER_BYTES + 64], power[64], unit_text[64];
    const bool has_unit = unit != NULL && unit[0] != '\0';
    snprintf(unit_text, sizeof unit_text, "%s%.60s", has_unit ? " " : "", has_unit ? unit : "");
    if (!isfinite(value.value) || !(value.sigma > 0) || isinf(value.sigma))
        return without_sigma(value, unit_text, text, size);
    const int sigma_exponent = exponent_of(value.sigma, 2);
    const int value_exponent = exponent_of(value.value, 15);
    /* A scatter that is rounding says nothing. */
    if (value_exponent - sigma_exponent > 12 && value.value != 0)
        return without_sigma(value, unit_text, text, size);
    const int exponent =
        value_exponent > sigma_exponent && value.value != 0 ? value_exponent : sigma_exponent;
    if (is_plain(exponent)) {
        const int decimals = 1 - sigma_exponent;
        closo_number_fixed(round_to(value.value, decimals), decimals, number, sizeof number);
        closo_number_fixed(round_to(value.sigma, decimals), decimals, sigma, sizeof sigma);
        snprintf(text, size, "%s ± %s%s", number, sigma, unit_text);
        return text;
    }
    const int decimals = 1 - (sigma_exponent - exponent);
    closo_number_fixed(scaled(value.value, exponent), decimals, number, sizeof number);
    closo_number_fixed(scaled(value.sigma, exponent), decimals, sigma, sizeof sigma);
    snprintf(text, size, "(%s ± %s)%s%s", number, sigma, power_text(exponent, power, sizeof power),
             unit_text);
    return text;
}
