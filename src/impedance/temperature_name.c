/* SPDX-License-Identifier: BSD-3-Clause */
/* temperature_name.c: a temperature written into the name of a file: "pellet_60degC.mpr", "LPSCl -20 C.z", "333K_run2.csv".
 * Nobody promised that it is one, so whoever uses it says so. */
#include "impedance/impedance_internal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double zero_celsius_K = 273.15;

/* Length of a unit of temperature at text, its offset to kelvin; 0 when there is none. A letter or digit behind it makes it
 * part of a word. */
static size_t unit_length(const char *text, double *offset_K)
{
    static const struct {
        const char *text;
        bool celsius;
    } units[] = {{"degC", true},
                 {"deg", true},
                 {"deg C", true},
                 {"\xC2\xB0"
                  "C",
                  true},
                 {"\xC2\xB0 C", true},
                 {"oC", true},
                 {"C", true},
                 {"K", false}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i].text);
        if (strncmp(text, units[i].text, length) != 0 || isalnum((unsigned char)text[length]))
            continue;
        *offset_K = units[i].celsius ? zero_celsius_K : 0;
        return length;
    }
    return 0;
}

/* A minus belongs to the number unless it joins two words: "LPSCl-20C" is 20 degC, "LPSCl_-20C" is -20 degC. */
static bool is_sign(const char *name, const char *minus)
{
    return minus == name || !isalnum((unsigned char)minus[-1]);
}

bool closo_temperature_from_name(const char *name, double *temperature_K)
{
    const char *slash = strrchr(name, '/');
    name = slash != NULL ? slash + 1 : name;
    for (const char *at = name; *at != '\0';) {
        if (!isdigit((unsigned char)*at)) {
            at++;
            continue;
        }
        const char *start = at, *end = at;
        while (isdigit((unsigned char)*end))
            end++;
        if (*end == '.' && isdigit((unsigned char)end[1]))
            for (end++; isdigit((unsigned char)*end);)
                end++;
        at = end;
        /* Digits within a word ("s04147C", "B12H12K") are no temperature. */
        if (start > name && isalpha((unsigned char)start[-1]) && start[-1] != 'T')
            continue;
        double offset_K, value = strtod(start, NULL);
        const char *unit = end;
        while (*unit == ' ' || *unit == '_')
            unit++;
        if (unit_length(unit, &offset_K) == 0)
            continue;
        if (start > name && start[-1] == '-' && is_sign(name, start - 1))
            value = -value;
        value += offset_K;
        if (value < 20 || value > 2000)
            continue;
        *temperature_K = value;
        return true;
    }
    return false;
}

size_t closo_spectra_take_name_temperatures(closo_spectrum *spectra, size_t count,
                                            closo_arena *arena)
{
    size_t taken = 0;
    for (size_t s = 0; s < count; s++) {
        double temperature_K;
        if (isfinite(spectra[s].temperature_K) || spectra[s].name == NULL ||
            !closo_temperature_from_name(spectra[s].name, &temperature_K))
            continue;
        spectra[s].temperature_K = temperature_K;
        closo_notes_add(
            &spectra[s].notes, arena,
            "the temperature, %.2f K, is from the name of the file, which does not hold "
            "one itself",
            temperature_K);
        taken++;
    }
    return taken;
}
