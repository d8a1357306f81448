/* SPDX-License-Identifier: BSD-3-Clause */
/* units.c: the one table of units. Everything that reads or prints a number with a unit comes here. */
#include "base_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Places in closo_unit.dimension. */
enum { METRE, KILOGRAM, SECOND, AMPERE, KELVIN, MOLE, C_RATE };

typedef struct symbol {
    const char *text;
    double factor, offset;
    int8_t dimension[CLOSO_DIMENSION_COUNT];
    bool prefixes; /* may carry k, m, µ, ... */
} symbol;

#define PI 3.14159265358979323846

/* clang-format off */
static const symbol symbols[] = {
    /* text      factor     offset    m  kg   s   A  K mol C   prefixes */
    {"1",        1,         0,      { 0,  0,  0,  0, 0, 0, 0}, false},
    {"%",        0.01,      0,      { 0,  0,  0,  0, 0, 0, 0}, false},
    {"ppm",      1e-6,      0,      { 0,  0,  0,  0, 0, 0, 0}, false},
    {"rad",      1,         0,      { 0,  0,  0,  0, 0, 0, 0}, true},
    {"deg",      PI / 180,  0,      { 0,  0,  0,  0, 0, 0, 0}, false},
    {"°",        PI / 180,  0,      { 0,  0,  0,  0, 0, 0, 0}, false},
    {"m",        1,         0,      { 1,  0,  0,  0, 0, 0, 0}, true},
    {"Å",        1e-10,     0,      { 1,  0,  0,  0, 0, 0, 0}, false},
    {"ang",      1e-10,     0,      { 1,  0,  0,  0, 0, 0, 0}, false},
    {"g",        1e-3,      0,      { 0,  1,  0,  0, 0, 0, 0}, true},
    {"u",        1.66053906660e-27, 0, {0, 1, 0,  0, 0, 0, 0}, false},
    {"L",        1e-3,      0,      { 3,  0,  0,  0, 0, 0, 0}, true},
    {"l",        1e-3,      0,      { 3,  0,  0,  0, 0, 0, 0}, true},
    {"s",        1,         0,      { 0,  0,  1,  0, 0, 0, 0}, true},
    {"sec",      1,         0,      { 0,  0,  1,  0, 0, 0, 0}, false},
    {"min",      60,        0,      { 0,  0,  1,  0, 0, 0, 0}, false},
    {"h",        3600,      0,      { 0,  0,  1,  0, 0, 0, 0}, false},
    {"hr",       3600,      0,      { 0,  0,  1,  0, 0, 0, 0}, false},
    {"d",        86400,     0,      { 0,  0,  1,  0, 0, 0, 0}, false},
    {"A",        1,         0,      { 0,  0,  0,  1, 0, 0, 0}, true},
    {"C",        1,         0,      { 0,  0,  1,  1, 0, 0, 0}, true},
    {"Ah",       3600,      0,      { 0,  0,  1,  1, 0, 0, 0}, true},
    {"V",        1,         0,      { 2,  1, -3, -1, 0, 0, 0}, true},
    {"W",        1,         0,      { 2,  1, -3,  0, 0, 0, 0}, true},
    {"VA",       1,         0,      { 2,  1, -3,  0, 0, 0, 0}, true},
    {"Wh",       3600,      0,      { 2,  1, -2,  0, 0, 0, 0}, true},
    {"J",        1,         0,      { 2,  1, -2,  0, 0, 0, 0}, true},
    {"eV",       1.602176634e-19, 0, {2,  1, -2,  0, 0, 0, 0}, true},
    {"ohm",      1,         0,      { 2,  1, -3, -2, 0, 0, 0}, true},
    {"Ohm",      1,         0,      { 2,  1, -3, -2, 0, 0, 0}, true},
    {"Ω",        1,         0,      { 2,  1, -3, -2, 0, 0, 0}, true},
    {"Ω",        1,         0,      { 2,  1, -3, -2, 0, 0, 0}, true},
    {"S",        1,         0,      {-2, -1,  3,  2, 0, 0, 0}, true},
    {"F",        1,         0,      {-2, -1,  4,  2, 0, 0, 0}, true},
    {"H",        1,         0,      { 2,  1, -2, -2, 0, 0, 0}, true},
    {"Hz",       1,         0,      { 0,  0, -1,  0, 0, 0, 0}, true},
    {"N",        1,         0,      { 1,  1, -2,  0, 0, 0, 0}, true},
    {"Pa",       1,         0,      {-1,  1, -2,  0, 0, 0, 0}, true},
    {"bar",      1e5,       0,      {-1,  1, -2,  0, 0, 0, 0}, true},
    {"K",        1,         0,      { 0,  0,  0,  0, 1, 0, 0}, true},
    {"degC",     1,         273.15, { 0,  0,  0,  0, 1, 0, 0}, false},
    {"°C",       1,         273.15, { 0,  0,  0,  0, 1, 0, 0}, false},
    {"degF",     5.0 / 9, 459.67 * 5 / 9, {0, 0, 0, 0, 1, 0, 0}, false},
    {"mol",      1,         0,      { 0,  0,  0,  0, 0, 1, 0}, true},
    {"C-rate",   1,         0,      { 0,  0,  0,  0, 0, 0, 1}, false},
};

static const struct {
    const char *text;
    double factor;
} prefixes[] = {
    {"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"µ", 1e-6}, {"μ", 1e-6}, {"m", 1e-3},
    {"c", 1e-2},  {"d", 1e-1},  {"h", 1e2},  {"k", 1e3},  {"M", 1e6},  {"G", 1e9},  {"T", 1e12},
};
/* clang-format on */

enum {
    SYMBOL_COUNT = sizeof symbols / sizeof *symbols,
    PREFIX_COUNT = sizeof prefixes / sizeof *prefixes
};

/* The symbol a word stands for, with the factor of its prefix. A whole symbol wins over prefix + symbol ("min"). */
static const symbol *find_symbol(closo_span word, double *prefix_factor)
{
    *prefix_factor = 1;
    for (size_t i = 0; i < SYMBOL_COUNT; i++)
        if (closo_span_equals(word, symbols[i].text))
            return &symbols[i];
    for (size_t p = 0; p < PREFIX_COUNT; p++) {
        if (!closo_span_starts(word, prefixes[p].text))
            continue;
        size_t skip = strlen(prefixes[p].text);
        closo_span rest = {word.start + skip, word.length - skip};
        for (size_t i = 0; i < SYMBOL_COUNT; i++) {
            if (symbols[i].prefixes && closo_span_equals(rest, symbols[i].text)) {
                *prefix_factor = prefixes[p].factor;
                return &symbols[i];
            }
        }
    }
    return NULL;
}

/* Takes an exponent off the end of a word: "cm2", "cm^-1", "cm-1", "cm²", "s⁻¹". */
static int split_exponent(closo_span *word)
{
    static const struct {
        const char *text;
        int value;
    } superscripts[] = {{"⁻¹", -1}, {"⁻²", -2}, {"⁻³", -3}, {"²", 2}, {"³", 3}};
    for (size_t i = 0; i < sizeof superscripts / sizeof *superscripts; i++) {
        size_t length = strlen(superscripts[i].text);
        if (word->length > length &&
            memcmp(word->start + word->length - length, superscripts[i].text, length) == 0) {
            word->length -= length;
            return superscripts[i].value;
        }
    }
    size_t n = word->length;
    if (n < 2 || word->start[n - 1] < '1' || word->start[n - 1] > '9')
        return 1;
    int exponent = word->start[n - 1] - '0';
    n--;
    if (n >= 2 && word->start[n - 1] == '-') {
        exponent = -exponent;
        n--;
    }
    if (n >= 2 && word->start[n - 1] == '^')
        n--;
    word->length = n;
    return exponent;
}

static bool is_product_sign(const char *at, size_t left, size_t *length)
{
    *length = 1;
    if (*at == '.' || *at == '*' || *at == ' ')
        return true;
    *length = 2;
    return left >= 2 && memcmp(at, "·", 2) == 0;
}

closo_status closo_unit_parse(const char *text, closo_unit *unit, closo_error *error)
{
    *unit = (closo_unit){1, 0, {0}};
    closo_span rest = closo_span_trim(closo_span_of(text));
    int sign = 1;
    size_t words = 0;
    double offset = 0;
    while (rest.length != 0) {
        size_t length = 0, sign_length = 0;
        while (length < rest.length && rest.start[length] != '/' &&
               !is_product_sign(rest.start + length, rest.length - length, &sign_length))
            length++;
        closo_span word = {rest.start, length};
        if (word.length != 0) {
            double prefix_factor;
            closo_span whole = word;
            const symbol *found = find_symbol(word, &prefix_factor);
            int exponent = found != NULL ? sign : sign * split_exponent(&word);
            if (found == NULL)
                found = find_symbol(word, &prefix_factor);
            if (found == NULL)
                return closo_fail(
                    error, CLOSO_FORMAT,
                    "'%.*s' in '%s' is not a unit closo knows; write for example mA/cm2, "
                    "uV/s, mAh/g, ohm cm2, degC",
                    (int)whole.length, whole.start, text);
            unit->factor *= pow(found->factor * prefix_factor, exponent);
            offset = found->offset;
            for (size_t d = 0; d < CLOSO_DIMENSION_COUNT; d++) {
                int sum = unit->dimension[d] + found->dimension[d] * exponent;
                if (sum < -99 || sum > 99)
                    return closo_fail(error, CLOSO_FORMAT, "'%s' is not a unit", text);
                unit->dimension[d] = (int8_t)sum;
            }
            words++;
        }
        rest.start += length;
        rest.length -= length;
        if (rest.length == 0)
            break;
        bool divides = *rest.start == '/';
        if (divides)
            sign_length = 1;
        if (!divides && sign < 0 && *rest.start == ' ' && word.length != 0)
            return closo_fail(
                error, CLOSO_FORMAT,
                "'%s' can be read in two ways; write for example J/mol/K or J mol-1 K-1", text);
        sign = divides ? -1 : word.length != 0 ? 1 : sign;
        rest.start += sign_length;
        rest.length -= sign_length;
    }
    if (words == 1)
        unit->offset = offset; /* "60 degC" is a temperature, "1/degC" counts steps */
    return CLOSO_OK;
}

bool closo_unit_matches(const closo_unit *one, const closo_unit *other)
{
    return memcmp(one->dimension, other->dimension, sizeof one->dimension) == 0;
}

/* "C/10" and "2C": a current as a share of the capacity in an hour. */
static bool parse_c_rate(closo_span text, double *si)
{
    if (closo_span_starts(text, "C/")) {
        closo_span rest = {text.start + 2, text.length - 2};
        double hours;
        if (!closo_number_parse(rest, '.', &hours) || !isfinite(hours) || hours <= 0)
            return false;
        *si = 1 / hours;
        return true;
    }
    if (text.length < 2 || text.start[text.length - 1] != 'C')
        return false;
    closo_span rest = {text.start, text.length - 1};
    return closo_number_parse(rest, '.', si) && isfinite(*si);
}

static const char *example_of(const char *expected)
{
    static const struct {
        const char *unit, *example;
    } examples[] = {{"V", "2.5 V"},        {"V/s", "10 uV/s"},       {"m2", "1.131 cm2"},
                    {"m", "12 mm"},        {"kg", "5 mg"},           {"K", "60 degC"},
                    {"s", "30 min"},       {"A", "0.1 mA"},          {"A/m2", "0.1 mA/cm2"},
                    {"C-rate", "C/10"},    {"m2/kg", "58 m2/g"},     {"C/kg", "130 mAh/g"},
                    {"Hz", "1 kHz"},       {"ohm m2", "50 ohm cm2"}, {"C", "0.27 mAh"},
                    {"ohm", "50 ohm"},     {"S/m", "1.2 mS/cm"},     {"Pa", "3.2 MPa"},
                    {"J/kg", "33 Wh/kg"},  {"kg/m3", "1.18 g/cm3"},  {"J/mol", "30 kJ/mol"},
                    {"kg/m2", "12 mg/cm2"}};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(expected, examples[i].unit) == 0)
            return examples[i].example;
    return expected;
}

closo_status closo_quantity_parse(const char *text, const char *expected, double *si,
                                  closo_error *error)
{
    closo_span all = closo_span_trim(closo_span_of(text));
    closo_unit wanted, unit;
    closo_status status = closo_unit_parse(expected, &wanted, error);
    if (status != CLOSO_OK)
        return status;
    if (strcmp(expected, "C-rate") == 0 && parse_c_rate(all, si))
        return CLOSO_OK;
    /* The number is the longest beginning that reads as one: "1e3 V" but "1 eV". */
    size_t length = all.length;
    double number = 0;
    for (; length > 0; length--) {
        char last = all.start[length - 1];
        closo_span digits = {all.start, length};
        if (((last >= '0' && last <= '9') || last == '.') &&
            closo_number_parse(digits, '.', &number))
            break;
    }
    if (length == 0 || !isfinite(number))
        return closo_fail(error, CLOSO_FORMAT,
                          "'%s' is not a number with a unit; write for example '%s'", text,
                          example_of(expected));
    char unit_text[64];
    closo_span rest = closo_span_trim((closo_span){all.start + length, all.length - length});
    if (rest.length > 1 && rest.start[0] == ',' && rest.start[1] >= '0' && rest.start[1] <= '9')
        return closo_fail(
            error, CLOSO_FORMAT, "'%.100s' has a decimal comma; write a point: '%.*s.%.*s'", text,
            (int)length, all.start, (int)(rest.length < 60 ? rest.length - 1 : 60), rest.start + 1);
    if (rest.length >= sizeof unit_text)
        return closo_fail(error, CLOSO_FORMAT,
                          "'%.100s' is not a number with a unit; write for example '%s'", text,
                          example_of(expected));
    snprintf(unit_text, sizeof unit_text, "%.*s", (int)rest.length, rest.start);
    status = closo_unit_parse(unit_text, &unit, error);
    if (status != CLOSO_OK)
        return status;
    if (!closo_unit_matches(&unit, &wanted))
        return closo_fail(error, CLOSO_RANGE,
                          rest.length == 0
                              ? "'%s' has no unit; write for example '%s'"
                              : "'%s' has a unit of something else; write for example '%s'",
                          text, example_of(expected));
    *si = unit.factor * number + unit.offset;
    return CLOSO_OK;
}

closo_status closo_window_parse(const char *text, const char *expected, double *from_si,
                                double *to_si, closo_error *error)
{
    const char *dots = strstr(text, ".."), *example = "2.0..2.4 V";
    if (strcmp(expected, "s") == 0)
        example = "0..10 h";
    else if (strcmp(expected, "Hz") == 0)
        example = "0.1..100000 Hz";
    closo_span from = {text, dots != NULL ? (size_t)(dots - text) : 0};
    double number;
    if (dots == NULL || !closo_number_parse(from, '.', &number) || !isfinite(number))
        return closo_fail(error, CLOSO_FORMAT, "'%.60s' is not a window; write for example '%s'",
                          text, example);
    closo_status status = closo_quantity_parse(dots + 2, expected, to_si, error);
    if (status != CLOSO_OK)
        return status;
    closo_unit unit;
    const char *unit_text = dots + 2 + strspn(dots + 2, " +-.0123456789eE");
    status = closo_unit_parse(unit_text, &unit, error);
    if (status != CLOSO_OK)
        return status;
    *from_si = unit.factor * number + unit.offset;
    if (!(*from_si < *to_si))
        return closo_fail(error, CLOSO_RANGE,
                          "the window '%.60s' runs from high to low; write for example '%s'", text,
                          example);
    return CLOSO_OK;
}
