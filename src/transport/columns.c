/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.c: which column of a table is which, by the unit its name ends in. */
#include "transport_internal.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* The unit of a column: its own, or what its name ends in after an underscore, as in "sigma_S_cm", the way closo names
 * its own results. False when there is none. */
static bool unit_of(const closo_column *column, closo_unit *unit)
{
    static const struct {
        const char *ending, *unit;
    } endings[] = {{"_S_cm", "S/cm"}, {"_mS_cm", "mS/cm"}, {"_S_m", "S/m"}, {"_K", "K"},
                   {"_degC", "degC"}, {"_C", "degC"},      {"_ohm", "ohm"}, {"_per_s", "1/s"},
                   {"_Hz", "Hz"},     {"_kHz", "kHz"},     {"_s", "s"}};
    if (column->unit[0] != '\0')
        return closo_unit_parse(column->unit, unit, NULL) == CLOSO_OK;
    const char *name = column->name;
    size_t length = strlen(name);
    static const char sigma[] = "_sigma";
    if (length > sizeof sigma && strcmp(name + length - (sizeof sigma - 1), sigma) == 0)
        length -= sizeof sigma - 1;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i].ending);
        if (length > ending && strncmp(name + length - ending, endings[i].ending, ending) == 0)
            return closo_unit_parse(endings[i].unit, unit, NULL) == CLOSO_OK;
    }
    return false;
}

bool transport_column_has_unit(const closo_column *column, const char *wanted, closo_unit *unit)
{
    closo_unit other;
    return unit_of(column, unit) && closo_unit_parse(wanted, &other, NULL) == CLOSO_OK &&
           closo_unit_matches(unit, &other);
}

static void to_lower(const char *name, char *lower, size_t size)
{
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < size; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    lower[i] = '\0';
}

bool transport_column_holds(const closo_column *column, const char *word)
{
    char lower[64];
    to_lower(column->name, lower, sizeof lower);
    return strstr(lower, word) != NULL;
}

bool transport_names_a_sigma(const char *name)
{
    char lower[64];
    to_lower(name, lower, sizeof lower);
    /* "sigma/S cm-1" is the conductivity itself; "sigma_S_cm_sigma", "std", "u(sigma)" are not */
    const char *last = strstr(lower, "_sigma");
    return (last != NULL && last != lower) || strstr(lower, "std") != NULL ||
           strstr(lower, "err") != NULL || strncmp(lower, "u(", 2) == 0 ||
           strstr(lower, "uncert") != NULL || strstr(lower, "+-") != NULL ||
           strstr(lower, "±") != NULL;
}

const char *transport_column_list(const closo_table *table, closo_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < table->column_count && text != NULL; i++)
        text =
            closo_arena_printf(arena, "%s%s%s", text, i != 0 ? ", " : "", table->columns[i].name);
    return text != NULL ? text : "";
}

const closo_column *transport_column_find(const closo_table *table, const char *unit, bool sigma)
{
    closo_unit found;
    for (size_t i = 0; i < table->column_count; i++)
        if (transport_column_has_unit(&table->columns[i], unit, &found) &&
            transport_names_a_sigma(table->columns[i].name) == sigma)
            return &table->columns[i];
    return NULL;
}

/* Values in SI by the unit of the column or of its name. A sigma has no offset. */
double *transport_column_values(const closo_column *column, size_t count, closo_arena *arena)
{
    closo_unit unit;
    double *values = closo_arena_alloc(arena, count + 1, sizeof *values);
    if (values == NULL || !unit_of(column, &unit))
        return NULL;
    closo_column_read(column, 0, count, values);
    for (size_t i = 0; i < count; i++)
        values[i] = unit.factor * values[i] + unit.offset;
    return values;
}
