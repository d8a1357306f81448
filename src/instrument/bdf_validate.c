/* SPDX-License-Identifier: BSD-3-Clause */
/* bdf_validate.c: does a file keep what the Battery Data Format promises? Departures are notes; the table is read either
 * way. Seen in files that people have published: sums of a step under the name of a sum of the test, net and cumulative
 * exchanged, a cycle count that is no count. */
#include "bdf_internal.h"
#include "dialect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AT_ONCE = 512 };

typedef struct check {
    closo_table *table;
    size_t departures;
} check;

/* ---- names and units ---- */

static bool has_term(const closo_table *table, const closo_bdf_name *wanted)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_span name = closo_span_trim(closo_span_of(table->columns[i].name));
        if (closo_span_equals(name, wanted->name) || closo_span_equals_nocase(name, wanted->label))
            return true;
    }
    return false;
}

static void check_presence(check *c)
{
    char missing[160] = "";
    for (size_t i = 0; i < CLOSO_BDF_REQUIRED; i++) {
        if (has_term(c->table, &closo_bdf_names[i]))
            continue;
        c->departures++;
        if (closo_table_find(c->table, closo_bdf_names[i].quantity) == NULL)
            closo_table_note(c->table,
                             "the Battery Data Format asks for a column %s; there is none",
                             closo_bdf_names[i].name);
        else
            closo_table_note(c->table,
                             "the Battery Data Format asks for a column %s; '%s' is taken for it",
                             closo_bdf_names[i].name,
                             closo_table_find(c->table, closo_bdf_names[i].quantity)->name);
    }
    size_t length = 0;
    for (size_t i = CLOSO_BDF_REQUIRED; i < CLOSO_BDF_REQUIRED + CLOSO_BDF_RECOMMENDED; i++)
        if (!has_term(c->table, &closo_bdf_names[i]))
            length += (size_t)snprintf(missing + length, sizeof missing - length, "%s%s",
                                       length != 0 ? ", " : "", closo_bdf_names[i].name);
    if (length != 0)
        closo_table_note(c->table, "recommended by the Battery Data Format, but not there: %s",
                         missing);
}

/* "Voltage / mV" where the label is "Voltage / V". */
static const closo_bdf_name *same_label(const char *name)
{
    const char *stroke = strstr(name, " / ");
    for (const closo_bdf_name *known = closo_bdf_names; stroke != NULL && known->name != NULL;
         known++) {
        const char *end = strstr(known->label, " / ");
        const size_t length = (size_t)(stroke - name);
        if (end == NULL || (size_t)(end - known->label) != length)
            continue;
        char label[64];
        memcpy(label, known->label, length);
        label[length] = '\0';
        if (closo_span_equals_nocase((closo_span){name, length}, label))
            return known;
    }
    return NULL;
}

static void check_names(check *c)
{
    size_t unknown = 0;
    const char *first = NULL;
    for (size_t i = 0; i < c->table->column_count; i++) {
        closo_bdf_term term;
        const closo_column *column = &c->table->columns[i];
        if (closo_bdf_find(column->name, &term))
            continue;
        const closo_bdf_name *meant = same_label(column->name);
        if (meant != NULL) {
            c->departures++;
            closo_table_note(c->table,
                             "column '%s' is read in %s; the Battery Data Format asks for %s",
                             closo_text_quote(closo_span_of(column->name)).text,
                             *column->unit != '\0' ? column->unit : "1",
                             *meant->unit != '\0' ? meant->unit : "1");
        } else if (unknown++ == 0) {
            first = column->name;
        }
    }
    if (unknown == 0)
        return;
    c->departures++;
    closo_table_note(c->table,
                     "%zu column%s no term of the Battery Data Format (ontology 1.3.0), the first "
                     "is '%s'",
                     unknown, unknown == 1 ? " is" : "s are",
                     closo_text_quote(closo_span_of(first)).text);
}

/* ---- a column alone ---- */

typedef struct course {
    size_t falls, first_fall;      /* rows below the highest before them */
    size_t fractions, negatives;   /* rows that are no whole number, that are below 0 */
    double highest_magnitude, odd; /* odd: the first that is no whole number */
} course;

static course course_of(const closo_table *table, const closo_column *column)
{
    course seen = {0};
    double values[AT_ONCE], before = NAN;
    for (size_t first = 0; first < table->row_count; first += AT_ONCE) {
        const size_t left = table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read(column, first, count, values);
        for (size_t i = 0; i < count; i++) {
            const double now = values[i];
            if (!isfinite(now))
                continue;
            if (now < before && seen.falls++ == 0)
                seen.first_fall = first + i + 1;
            if (now != floor(now) && seen.fractions++ == 0)
                seen.odd = now;
            seen.negatives += now < 0;
            seen.highest_magnitude = fmax(seen.highest_magnitude, fabs(now));
            before = now;
        }
    }
    return seen;
}

static void check_counter(check *c, const closo_column *column, const course *seen)
{
    if (seen->fractions != 0) {
        c->departures++;
        closo_table_note(c->table,
                         "column '%s' should count in whole numbers, but %zu rows are none, the "
                         "first is %g",
                         column->name, seen->fractions, seen->odd);
    } else if (seen->falls != 0) {
        c->departures++;
        closo_table_note(c->table, "column '%s' should never go back, but does at row %zu",
                         column->name, seen->first_fall);
    }
}

static void check_sum(check *c, const closo_column *column, const closo_bdf_term *term,
                      const course *seen)
{
    if (seen->negatives != 0 && term->sum != CLOSO_BDF_NET) {
        c->departures++;
        closo_table_note(c->table, "column '%s' should never be negative, but is in %zu rows",
                         column->name, seen->negatives);
    }
    if (seen->falls != 0 && term->sum != CLOSO_BDF_NET && term->scope == CLOSO_BDF_TEST) {
        c->departures++;
        closo_table_note(
            c->table,
            "column '%s' should count over the whole test, but is set back at row %zu: "
            "it would be right under a name that begins with step_, cycle_ or schedule_",
            column->name, seen->first_fall);
    }
}

static void check_columns(check *c)
{
    static const double most_V = 100; /* of a cell; more is likely millivolts */
    for (size_t i = 0; i < c->table->column_count; i++) {
        const closo_column *column = &c->table->columns[i];
        closo_bdf_term term;
        if (column->labels != NULL || column->derived || !closo_bdf_find(column->name, &term))
            continue;
        const course seen = course_of(c->table, column);
        if (term.quantity == CLOSO_QUANTITY_CYCLE || term.quantity == CLOSO_QUANTITY_STEP ||
            term.quantity == CLOSO_QUANTITY_RECORD)
            check_counter(c, column, &seen);
        if (term.sum != CLOSO_BDF_NO_SUM)
            check_sum(c, column, &term, &seen);
        if (term.quantity == CLOSO_QUANTITY_POTENTIAL && seen.highest_magnitude > most_V) {
            c->departures++;
            closo_table_note(c->table, "column '%s' reaches %g V: is it in millivolts?",
                             column->name, seen.highest_magnitude);
        }
    }
}

/* ---- columns against each other ---- */

/* The sums of one kind: capacity or energy of one scope. */
typedef struct family {
    const closo_column *of[CLOSO_BDF_CUMULATIVE + 1];
} family;

static family find_family(const closo_table *table, closo_bdf_scope scope, const char *unit)
{
    family found = {{NULL}};
    for (size_t i = 0; i < table->column_count; i++) {
        closo_bdf_term term;
        const closo_column *column = &table->columns[i];
        if (column->labels == NULL && closo_bdf_find(column->name, &term) &&
            term.sum != CLOSO_BDF_NO_SUM && term.scope == scope && strcmp(term.unit, unit) == 0)
            found.of[term.sum] = column;
    }
    return found;
}

/* In how many rows `sum` is not charging + sign * discharging, within what six digits can hold. */
static size_t count_unequal(const closo_table *table, const family *f, const closo_column *sum,
                            double sign, size_t *first_row)
{
    static const double digits = 1e-5;
    double charged[AT_ONCE], discharged[AT_ONCE], values[AT_ONCE];
    size_t unequal = 0;
    for (size_t first = 0; first < table->row_count; first += AT_ONCE) {
        const size_t left = table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read(f->of[CLOSO_BDF_CHARGING], first, count, charged);
        closo_column_read(f->of[CLOSO_BDF_DISCHARGING], first, count, discharged);
        closo_column_read(sum, first, count, values);
        for (size_t i = 0; i < count; i++) {
            const double scale = fabs(charged[i]) + fabs(discharged[i]) + fabs(values[i]);
            const double off = fabs(values[i] - (charged[i] + sign * discharged[i]));
            if (off > digits * scale && off > 1e-9 && unequal++ == 0)
                *first_row = first + i + 1;
        }
    }
    return unequal;
}

static void check_family(check *c, const family *f)
{
    size_t row = 0, ignored = 0;
    if (f->of[CLOSO_BDF_CHARGING] == NULL || f->of[CLOSO_BDF_DISCHARGING] == NULL)
        return;
    for (int sum = CLOSO_BDF_NET; sum <= CLOSO_BDF_CUMULATIVE; sum++) {
        const closo_column *column = f->of[sum];
        const double sign = sum == CLOSO_BDF_NET ? -1 : 1;
        if (column == NULL || count_unequal(c->table, f, column, sign, &row) == 0)
            continue;
        const bool exchanged = count_unequal(c->table, f, column, -sign, &ignored) == 0;
        c->departures++;
        closo_table_note(
            c->table,
            "column '%s' should be charging %s discharging, but is not, first at row "
            "%zu%s",
            column->name, sum == CLOSO_BDF_NET ? "-" : "+", row,
            exchanged ? "; it is the other of the two, net and cumulative are exchanged" : "");
    }
}

/* Unix time may run on over a pause, but never slower than the test. */
static void check_unix_time(check *c)
{
    static const double clock_s = 2; /* clocks are set now and then */
    const closo_column *unix_time = closo_table_find(c->table, CLOSO_QUANTITY_UNIX_TIME);
    const closo_column *time = closo_table_find(c->table, CLOSO_QUANTITY_TIME);
    double offset_s = NAN, before_s[AT_ONCE], values_s[AT_ONCE];
    if (unix_time == NULL || time == NULL || unix_time->labels != NULL || time->labels != NULL)
        return;
    for (size_t first = 0; first < c->table->row_count; first += AT_ONCE) {
        const size_t left = c->table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read_si(unix_time, first, count, values_s);
        closo_column_read_si(time, first, count, before_s);
        for (size_t i = 0; i < count; i++) {
            const double now_s = values_s[i] - before_s[i];
            if (now_s < offset_s - clock_s) {
                c->departures++;
                closo_table_note(c->table,
                                 "column '%s' falls behind '%s' by %.3g s at row %zu: one of the "
                                 "clocks is wrong",
                                 unix_time->name, time->name, offset_s - now_s, first + i + 1);
                return;
            }
            offset_s = isnan(offset_s) || now_s > offset_s ? now_s : offset_s;
        }
    }
}

closo_status closo_bdf_validate(closo_table *table)
{
    static const closo_bdf_scope scopes[] = {CLOSO_BDF_TEST, CLOSO_BDF_STEP, CLOSO_BDF_CYCLE};
    check c = {.table = table};
    check_presence(&c);
    check_names(&c);
    check_columns(&c);
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        const family capacity = find_family(table, scopes[i], "Ah");
        const family energy = find_family(table, scopes[i], "Wh");
        check_family(&c, &capacity);
        check_family(&c, &energy);
    }
    const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
    const closo_column *current = closo_table_find(table, CLOSO_QUANTITY_CURRENT);
    if (time != NULL && time->labels == NULL)
        c.departures += closo_check_time_goes_on(table, time);
    if (current != NULL && current->labels == NULL)
        c.departures += closo_check_current_against_counters(table, current);
    check_unix_time(&c);
    char said[96];
    if (c.departures == 0)
        snprintf(said, sizeof said, "keeps ontology 1.3.0 as far as closo checks it");
    else
        snprintf(said, sizeof said, "departs from ontology 1.3.0 in %zu point%s, see the notes",
                 c.departures, c.departures == 1 ? "" : "s");
    return closo_table_set_text(table, "bdf_validation", said);
}
