/* SPDX-License-Identifier: BSD-3-Clause */
/* dialect_signs.c: which way the current flows. Where the file has only its magnitude, the word of the cycler for what it does
 * (charge, discharge) gives the sign, charge positive; the vendor's column stays and a signed one is added. Where the file
 * has signs, they are compared with those words. Which electrode is the working one no cycler tells, and nothing here
 * guesses it. */
#include "dialect.h"

#include <math.h>
#include <string.h>

/* ---- words ---- */

static bool contains_nocase(closo_span text, const char *part)
{
    const size_t length = strlen(part);
    for (size_t i = 0; i + length <= text.length; i++)
        if (closo_span_equals_nocase((closo_span){text.start + i, length}, part))
            return true;
    return false;
}

static bool is_word(closo_span text, const char *pattern)
{
    const size_t length = strlen(pattern);
    if (pattern[0] == '*')
        return contains_nocase(text, pattern + 1);
    if (length == 0 || pattern[length - 1] != '*')
        return closo_span_equals_nocase(text, pattern);
    char beginning[32];
    if (length > sizeof beginning || text.length < length - 1)
        return false;
    memcpy(beginning, pattern, length - 1);
    beginning[length - 1] = '\0';
    return closo_span_equals_nocase((closo_span){text.start, length - 1}, beginning);
}

/* +1, -1, 0, or NaN for a word the dialect does not know. */
static double direction_of(const closo_dialect *dialect, const char *word)
{
    const closo_span text = closo_span_trim(closo_span_of(word));
    for (const closo_dialect_state *s = dialect->states; s->word != NULL; s++)
        if (is_word(text, s->word))
            return s->direction;
    return (double)NAN;
}

static const closo_column *state_column(const closo_dialect *dialect, const closo_table *table)
{
    if (dialect->states == NULL || dialect->state_columns == NULL)
        return NULL;
    for (const char *const *wanted = dialect->state_columns; *wanted != NULL; wanted++) {
        for (size_t i = 0; i < table->column_count; i++) {
            char words[64];
            closo_name_words(closo_span_of(table->columns[i].name), words);
            if (table->columns[i].labels != NULL && strcmp(words, *wanted) == 0)
                return &table->columns[i];
        }
    }
    return NULL;
}

/* The direction of each row by its word; 0 for none, NaN where nobody knows. NULL when out of memory. */
static double *directions(const closo_dialect *dialect, const closo_table *table,
                          const closo_column *state, closo_arena *passing)
{
    double *meanings = closo_arena_alloc(passing, state->label_count + 1, sizeof *meanings);
    double *direction = closo_arena_alloc(passing, table->row_count, sizeof *direction);
    if (meanings == NULL || direction == NULL)
        return NULL;
    for (size_t k = 0; k < state->label_count; k++)
        meanings[k] = direction_of(dialect, state->labels[k]);
    closo_column_read(state, 0, table->row_count, direction);
    for (size_t i = 0; i < table->row_count; i++)
        direction[i] = direction[i] >= 0 && direction[i] < (double)state->label_count
                           ? meanings[(size_t)direction[i]]
                           : (double)NAN;
    return direction;
}

/* ---- the current ---- */

typedef struct evidence {
    size_t positive, negative; /* currents */
    size_t discharges;         /* rows with current whose word says so */
    size_t with, against;      /* currents that agree with their word, and that do not */
    double largest;            /* magnitude */
} evidence;

static evidence look_at(const double *current, const double *direction, size_t rows)
{
    evidence seen = {0};
    for (size_t i = 0; i < rows; i++) {
        if (!(fabs(current[i]) > 0))
            continue;
        seen.positive += current[i] > 0;
        seen.negative += current[i] < 0;
        const double way = direction != NULL ? direction[i] : (double)NAN;
        seen.discharges += way < 0;
        seen.with += way * current[i] > 0;
        seen.against += way * current[i] < 0;
        seen.largest = fmax(seen.largest, isfinite(current[i]) ? fabs(current[i]) : 0);
    }
    return seen;
}

static closo_column *add_signed(closo_table *table, const char *stem, const closo_column *source,
                                closo_quantity quantity, const double *values)
{
    const char *unit = source->unit;
    const char *name = closo_arena_printf(table->arena, "%s/%s", stem, unit);
    closo_column *added =
        name != NULL ? closo_table_add_values(table, name, unit, quantity, values) : NULL;
    if (added != NULL)
        added->derived = true;
    return added;
}

/* What flows while the cycler says rest is the zero of its current meter: it stays, as small as it is. A large one is a row
 * whose word comes too early or too late. */
static double with_sign(double magnitude, double direction, double largest)
{
    static const double meter_zero = 0.01;
    if (!(fabs(magnitude) > 0) || (direction == 0 && fabs(magnitude) <= meter_zero * largest))
        return magnitude;
    return fabs(direction) > 0 ? magnitude * direction : (double)NAN;
}

/* The vendor's column of magnitudes stays, as a thing known by its name; what analyses look for is the signed one. */
static closo_status sign_magnitudes(closo_table *table, size_t current, const closo_column *state,
                                    const double *direction, const evidence *seen)
{
    double *signed_A = closo_arena_alloc(table->arena, table->row_count, sizeof *signed_A);
    if (signed_A == NULL)
        return CLOSO_NOMEM;
    closo_column_read(&table->columns[current], 0, table->row_count, signed_A);
    size_t lost = 0, first_row = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        const double magnitude = signed_A[i];
        signed_A[i] = with_sign(magnitude, direction[i], seen->largest);
        if (isnan(signed_A[i]) && !isnan(magnitude) && lost++ == 0)
            first_row = i + 1;
    }
    closo_table_note(
        table,
        "column '%s' is the magnitude of the current: its sign is made from the words "
        "of column '%s', charge positive and discharge negative (%zu row%s), and stands "
        "in the column 'signed current/%s'",
        table->columns[current].name, state->name, seen->discharges,
        seen->discharges == 1 ? "" : "s", table->columns[current].unit);
    if (lost != 0)
        closo_table_note(
            table,
            "a current flows although column '%s' says neither charge nor discharge, "
            "in %zu row%s, the first is row %zu; the signed current is left empty there",
            state->name, lost, lost == 1 ? "" : "s", first_row);
    closo_column source = table->columns[current];
    table->columns[current].quantity = CLOSO_QUANTITY_OTHER;
    return add_signed(table, "signed current", &source, CLOSO_QUANTITY_CURRENT, signed_A) != NULL
               ? CLOSO_OK
               : CLOSO_NOMEM;
}

/* ---- the vendor's own counters ---- */

typedef struct counted {
    size_t with, against; /* rows whose charge goes the way of the current, or the other */
    size_t discharges_not_negative; /* of those against: charge taken out by a current above 0 */
    size_t negative, first_row;     /* currents below 0; the first row against */
} counted;

/* Compares the current with what the vendor counts as charged and discharged. Rows where both grow, or where neither does,
 * or where a count begins anew, tell nothing. */
static counted compare_counters(const closo_table *table, const closo_column *current)
{
    enum { AT_ONCE = 512 };
    counted seen = {0};
    const closo_column *charge = closo_table_find(table, CLOSO_QUANTITY_CAPACITY_CHARGE);
    const closo_column *discharge = closo_table_find(table, CLOSO_QUANTITY_CAPACITY_DISCHARGE);
    double values[3][AT_ONCE], charge_before = NAN, discharge_before = NAN;
    if (charge == NULL || discharge == NULL || charge->labels != NULL || discharge->labels != NULL)
        return seen;
    for (size_t first = 0; first < table->row_count; first += AT_ONCE) {
        const size_t left = table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read(current, first, count, values[0]);
        closo_column_read(charge, first, count, values[1]);
        closo_column_read(discharge, first, count, values[2]);
        for (size_t i = 0; i < count; i++) {
            const bool in = values[1][i] > charge_before && values[2][i] == discharge_before;
            const bool out = values[2][i] > discharge_before && values[1][i] == charge_before;
            const double flows = values[0][i];
            seen.negative += flows < 0;
            if ((in && flows > 0) || (out && flows < 0))
                seen.with++;
            if ((in && flows < 0) || (out && flows > 0)) {
                if (seen.against++ == 0)
                    seen.first_row = first + i + 1;
                seen.discharges_not_negative += out;
            }
            charge_before = values[1][i];
            discharge_before = values[2][i];
        }
    }
    return seen;
}

size_t closo_check_current_against_counters(closo_table *table, const closo_column *current)
{
    const counted seen = compare_counters(table, current);
    /* A row at a turn may well be counted with the current before it. */
    if (seen.against < 2 || seen.against * 10 < seen.with)
        return 0;
    if (seen.negative == 0 && seen.discharges_not_negative == seen.against)
        closo_table_note(table,
                         "column '%s' has no negative values although the file counts discharged "
                         "capacity: it is the magnitude of the current, without a sign",
                         current->name);
    else
        closo_table_note(table,
                         "column '%s' runs against the counted capacities in %zu of %zu rows, the "
                         "first is row %zu: charge should be positive; check the sign before you "
                         "trust charge and discharge",
                         current->name, seen.against, seen.against + seen.with, seen.first_row);
    return 1;
}

/* ---- all of it ---- */

static void note_against_words(closo_table *table, const char *current, const closo_column *state,
                               const evidence *seen)
{
    if (seen->against > seen->with)
        closo_table_note(
            table,
            "column '%s' is against the words of column '%s' in %zu of %zu rows: charge "
            "should be positive; check the sign before you trust charge and discharge",
            current, state->name, seen->against, seen->against + seen->with);
}

/* With words for the direction. `passing` is for working memory. */
static closo_status sign_by_words(const closo_dialect *dialect, closo_table *table, size_t current,
                                  const closo_column *state, closo_arena *passing)
{
    double *values = closo_arena_alloc(passing, table->row_count, sizeof *values);
    double *direction = directions(dialect, table, state, passing);
    if (values == NULL || direction == NULL)
        return CLOSO_NOMEM;
    closo_column_read(&table->columns[current], 0, table->row_count, values);
    const evidence seen = look_at(values, direction, table->row_count);
    closo_status status = CLOSO_OK;
    if (seen.negative == 0 && seen.discharges != 0)
        status = sign_magnitudes(table, current, state, direction, &seen);
    else
        note_against_words(table, table->columns[current].name, state, &seen);
    return status;
}

/* Programs that write magnitudes for want of a letter: nobody can tell then. */
static bool direction_is_told(const closo_dialect *dialect, closo_table *table,
                              const closo_column *current)
{
    enum { AT_ONCE = 512 };
    double values[AT_ONCE];
    bool flows = false;
    if (!dialect->magnitudes)
        return true;
    for (size_t first = 0; first < table->row_count; first += AT_ONCE) {
        const size_t left = table->row_count - first, count = left < AT_ONCE ? left : AT_ONCE;
        closo_column_read(current, first, count, values);
        for (size_t i = 0; i < count; i++) {
            if (values[i] < 0)
                return true;
            flows |= values[i] > 0;
        }
    }
    if (flows)
        closo_table_note(table,
                         "column '%s' has no negative values and no column tells charge from "
                         "discharge: it may be the magnitude of the current",
                         current->name);
    return false;
}

closo_status closo_dialect_sign_current(const closo_dialect *dialect, closo_table *table)
{
    size_t current = 0;
    while (current < table->column_count &&
           (table->columns[current].quantity != CLOSO_QUANTITY_CURRENT ||
            table->columns[current].labels != NULL))
        current++;
    if (current == table->column_count || table->row_count == 0)
        return CLOSO_OK;
    const closo_column *found = state_column(dialect, table);
    if (found != NULL) {
        const closo_column state = *found; /* the list of columns moves when it grows */
        closo_arena *passing = closo_arena_new(0);
        closo_status status =
            passing != NULL ? sign_by_words(dialect, table, current, &state, passing) : CLOSO_NOMEM;
        closo_arena_free(passing);
        if (status != CLOSO_OK)
            return status;
    } else {
        (void)closo_check_current_against_counters(table, &table->columns[current]);
        if (!direction_is_told(dialect, table, &table->columns[current]))
            return CLOSO_OK;
    }
    return closo_table_set_text(table, "current_sign", "positive while charging");
}
