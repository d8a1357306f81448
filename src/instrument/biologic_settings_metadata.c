/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_settings_metadata.c: the few parameters of an EC-Lab technique that an analysis asks for, out of the settings
 * as EC-Lab words them in its text files, whichever reader brought them. */
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- looking into the settings ---- */

static size_t find_setting(const closo_table *table, const char *name)
{
    for (size_t i = 0; i < table->setting_count; i++)
        if (strcmp(table->settings[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static const char *word_at(const closo_table *table, size_t setting, size_t sequence)
{
    if (setting >= table->setting_count || sequence >= table->settings[setting].value_count)
        return "";
    return table->settings[setting].values[sequence];
}

static const char *word_of(const closo_table *table, const char *name, size_t sequence)
{
    return word_at(table, find_setting(table, name), sequence);
}

/* False for "pass", an empty cell, and what is not there. */
static bool number_at(const closo_table *table, size_t setting, size_t sequence, double *number)
{
    closo_span word = closo_span_of(word_at(table, setting, sequence));
    return word.length != 0 &&
           (closo_number_parse(word, '.', number) || closo_number_parse(word, ',', number)) &&
           isfinite(*number);
}

static bool number_of(const closo_table *table, const char *name, size_t sequence, double *number)
{
    return number_at(table, find_setting(table, name), sequence, number);
}

static size_t sequence_count(const closo_table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->setting_count; i++)
        if (table->settings[i].value_count > count)
            count = table->settings[i].value_count;
    return count;
}

/* ---- potential limits ---- */

typedef struct limits {
    double low, high;
} limits;

static void widen(limits *l, double potential)
{
    if (!(potential >= l->low))
        l->low = potential;
    if (!(potential <= l->high))
        l->high = potential;
}

/* A vertex counts when it stands against the reference; one against the open circuit says nothing by itself. The row
 * below a potential says against what. */
static void widen_by_vertex(const closo_table *table, const char *name, limits *l)
{
    const size_t setting = find_setting(table, name);
    double potential;
    const size_t count = setting < table->setting_count ? table->settings[setting].value_count : 0;
    for (size_t s = 0; s < count; s++)
        if (number_at(table, setting, s, &potential) &&
            strcmp(word_at(table, setting + 1, s), "Ref") == 0)
            widen(l, potential);
}

/* The sign of the current of a galvanostatic sequence: 0 when it rests. */
static int current_sign(const closo_table *table, size_t sequence)
{
    double current = 0;
    const char *mode = word_of(table, "Set I/C", sequence);
    if (*mode != '\0' && strcmp(mode, "I") != 0) {
        const char *sign = word_of(table, "I sign", sequence);
        return strchr(sign, '<') != NULL ? -1 : 1;
    }
    if (!number_of(table, "Is", sequence, &current) || current == 0)
        return 0;
    return current < 0 ? -1 : 1;
}

/* GCPL: EM is the upper limit of a charge, the lower one of a discharge. */
static void galvanostatic_limits(const closo_table *table, limits *l)
{
    double potential;
    const size_t count = sequence_count(table);
    for (size_t s = 0; s < count; s++) {
        int sign = current_sign(table, s);
        if (sign == 0 || !number_of(table, "EM (V)", s, &potential))
            continue;
        if (sign > 0 && !(potential <= l->high))
            l->high = potential;
        if (sign < 0 && !(potential >= l->low))
            l->low = potential;
    }
}

/* Modulo Bat: limits 1 to 6 of each sequence, on what they name. */
static void modulo_limits(const closo_table *table, limits *l)
{
    const size_t count = sequence_count(table);
    for (int k = 1; k <= 6; k++) {
        char type[32], comparison[32], value[32];
        snprintf(type, sizeof type, "lim%d_type", k);
        snprintf(comparison, sizeof comparison, "lim%d_comp", k);
        snprintf(value, sizeof value, "lim%d_value", k);
        for (size_t s = 0; s < count; s++) {
            const char *what = word_of(table, type, s);
            const char *control = word_of(table, "ctrl_type", s);
            double potential, used = 0;
            if ((strcmp(what, "Ewe") != 0 && strcmp(what, "Ecell") != 0) ||
                strcmp(control, "Loop") == 0 || strcmp(control, "Rest") == 0 ||
                !number_of(table, "lim_nb", s, &used) || used < k ||
                !number_of(table, value, s, &potential))
                continue;
            const bool upper = strchr(word_of(table, comparison, s), '>') != NULL;
            if (upper && !(potential <= l->high))
                l->high = potential;
            if (!upper && !(potential >= l->low))
                l->low = potential;
        }
    }
}

static closo_status keep_limits(closo_table *table)
{
    limits l = {NAN, NAN};
    static const char *const vertices[] = {"E1 (V)", "E2 (V)", "EL (V)", "EM1 (V)", "EM2 (V)"};
    for (size_t i = 0; i < sizeof vertices / sizeof *vertices; i++)
        widen_by_vertex(table, vertices[i], &l);
    /* A linear sweep goes from Ei to EL. */
    const size_t end = find_setting(table, "EL (V)");
    if (end != SIZE_MAX && strcmp(word_at(table, end + 1, 0), "Ref") == 0)
        widen_by_vertex(table, "Ei (V)", &l);
    galvanostatic_limits(table, &l);
    modulo_limits(table, &l);
    closo_status status = CLOSO_OK;
    if (isfinite(l.low))
        status = closo_table_set_number(table, "potential_limit_low", l.low, "V");
    if (isfinite(l.high) && status == CLOSO_OK)
        status = closo_table_set_number(table, "potential_limit_high", l.high, "V");
    return status;
}

/* ---- rates, currents, frequencies ---- */

/* With "C / N" the current stands in the settings too, but it is that of an earlier choice. */
static bool is_c_rate(const char *mode)
{
    return strcmp(mode, "C / N") == 0 || strcmp(mode, "C x N") == 0;
}

typedef struct source {
    const char *key, *value;
    const char *unit_name, *unit; /* the setting that names the unit, or the unit */
    const char *mode;             /* the setting that says whether the value is used, or NULL */
} source;

/* Keeps the first value that is used and not zero. */
static closo_status keep_first(closo_table *table, const source *from)
{
    double number, first = 0;
    bool different = false;
    const char *first_unit = "";
    const size_t setting = find_setting(table, from->value);
    const size_t count = setting != SIZE_MAX ? table->settings[setting].value_count : 0;
    for (size_t s = 0; s < count; s++) {
        const char *unit =
            from->unit_name != NULL ? word_of(table, from->unit_name, s) : from->unit;
        if (!number_at(table, setting, s, &number) || number == 0 || *unit == '\0' ||
            (from->mode != NULL && is_c_rate(word_of(table, from->mode, s))))
            continue;
        if (first == 0) {
            first = number;
            first_unit = unit;
        }
        different |= fabs(number) != fabs(first) || strcmp(unit, first_unit) != 0;
    }
    if (first == 0)
        return CLOSO_OK;
    if (different)
        closo_table_note(table,
                         "the settings have several values of %s; the metadata hold the first",
                         from->key);
    char mended[64];
    closo_unit_mend(closo_span_of(first_unit), mended);
    return closo_table_set_number(table, from->key, first, mended);
}

/* "C / N" with N = 10 is C/10, "C x N" with N = 2 is 2 C. */
static closo_status keep_c_rate(closo_table *table)
{
    static const char *const modes[] = {"Set I/C", "Apply I/C"};
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        const size_t setting = find_setting(table, modes[m]);
        const size_t count = setting != SIZE_MAX ? table->settings[setting].value_count : 0;
        for (size_t s = 0; s < count; s++) {
            double n = 0;
            const char *mode = word_at(table, setting, s);
            const bool divides = strcmp(mode, "C / N") == 0;
            if (!is_c_rate(mode) ||
                (!number_of(table, "N", s, &n) && !number_of(table, "N1", s, &n)) || n <= 0)
                continue;
            return closo_table_set_number(table, "c_rate", divides ? 1 / n : n, "C-rate");
        }
    }
    return CLOSO_OK;
}

/* A constant potential against the reference: CA and the impedance at a potential. */
static closo_status keep_potential(closo_table *table)
{
    static const char *const names[] = {"E (V)", "Ei (V)"};
    const bool sweeps = find_setting(table, "dE/dt") != SIZE_MAX;
    for (size_t i = 0; i < sizeof names / sizeof *names && !sweeps; i++) {
        double potential;
        const size_t setting = find_setting(table, names[i]);
        if (number_at(table, setting, 0, &potential) &&
            strcmp(word_at(table, setting + 1, 0), "Ref") == 0)
            return closo_table_set_number(table, "applied_potential", potential, "V");
    }
    return CLOSO_OK;
}

/* Modulo Bat: the first sequence of constant current. */
static closo_status keep_modulo_current(closo_table *table)
{
    const size_t count = sequence_count(table);
    for (size_t s = 0; s < count; s++) {
        double current;
        char unit[64];
        if (strcmp(word_of(table, "ctrl_type", s), "CC") != 0 ||
            is_c_rate(word_of(table, "Apply I/C", s)) ||
            !number_of(table, "ctrl1_val", s, &current))
            continue;
        closo_unit_mend(closo_span_of(word_of(table, "ctrl1_val_unit", s)), unit);
        return closo_table_set_number(table, "applied_current", current, unit);
    }
    return CLOSO_OK;
}

closo_status closo_eclab_settings_metadata(closo_table *table)
{
    static const source plain[] = {
        {"scan_rate", "dE/dt", "dE/dt unit", NULL, NULL},
        {"applied_current", "Is", "unit Is", NULL, "Set I/C"},
        {"applied_current", "Is1", "unit Is1", NULL, "Set I/C"},
        {"frequency_high", "fi", "unit fi", NULL, NULL},
        {"frequency_low", "ff", "unit ff", NULL, NULL},
        {"frequency", "f", "unit f", NULL, NULL},
        {"amplitude", "Va (mV)", NULL, "mV", NULL},
        {"amplitude", "Ia", "unit  Ia", NULL, NULL},
    };
    closo_status status = keep_limits(table);
    for (size_t i = 0; i < sizeof plain / sizeof *plain && status == CLOSO_OK; i++)
        status = keep_first(table, &plain[i]);
    if (status == CLOSO_OK)
        status = keep_modulo_current(table);
    if (status == CLOSO_OK)
        status = keep_c_rate(table);
    return status == CLOSO_OK ? keep_potential(table) : status;
}
