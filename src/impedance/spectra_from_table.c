/* SPDX-License-Identifier: BSD-3-Clause */
/* spectra_from_table.c: a table of impedances split into its sweeps. Several sweeps read as one give nonsense without
 * a warning, so the boundaries are looked for in three ways: the instrument's segments, its counters, and the
 * frequency itself. */
#include "impedance/impedance_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The columns of the table as arrays in SI; those that are not there are NULL. */
typedef struct rows {
    const closo_table *table;
    size_t count;
    const double *frequency_Hz, *real_ohm, *imaginary_ohm;
    const double *cycle, *loop, *step, *time_s, *potential_V, *temperature_K;
    const unsigned char *segment_begins; /* by row */
} rows;

/* ---- columns ---- */

static const double *read_column(const closo_column *column, const closo_table *table,
                                 closo_arena *arena)
{
    return column != NULL && column->labels == NULL
               ? closo_column_values_si(column, table->row_count, arena)
               : NULL;
}

static const double *find_values(const closo_table *table, closo_quantity quantity,
                                 closo_arena *arena)
{
    return read_column(closo_table_find(table, quantity), table, arena);
}

/* The column whose name without its unit is before + electrode + after: "Re(Z" "ce" ")". */
static const closo_column *find_of_electrode(const closo_table *table, const char *before,
                                             const char *electrode, const char *after)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s%s%s", before, electrode, after);
    for (size_t i = 0; i < table->column_count; i++) {
        closo_span name = closo_span_of(table->columns[i].name);
        const char *slash = strrchr(table->columns[i].name, '/');
        if (slash != NULL)
            name.length = (size_t)(slash - name.start);
        if (closo_span_equals_nocase(closo_span_trim(name), wanted))
            return &table->columns[i];
    }
    return NULL;
}

typedef struct impedance_columns {
    const closo_column *real, *imaginary, *minus_imaginary, *modulus, *phase;
} impedance_columns;

static bool is_working_electrode(const char *electrode)
{
    return electrode == NULL || electrode[0] == '\0' ||
           closo_span_equals_nocase(closo_span_of(electrode), "WE");
}

static impedance_columns find_impedance(const closo_table *table, const char *electrode)
{
    if (is_working_electrode(electrode))
        return (impedance_columns){
            closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_REAL),
            closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_IMAGINARY),
            closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY),
            closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_MODULUS),
            closo_table_find(table, CLOSO_QUANTITY_PHASE)};
    return (impedance_columns){find_of_electrode(table, "Re(Z", electrode, ")"),
                               find_of_electrode(table, "Im(Z", electrode, ")"),
                               find_of_electrode(table, "-Im(Z", electrode, ")"),
                               find_of_electrode(table, "|Z", electrode, "|"),
                               find_of_electrode(table, "Phase(Z", electrode, ")")};
}

static closo_status fail_no_impedance(const closo_table *table, const char *electrode,
                                      closo_error *error)
{
    char names[384] = "";
    size_t used = 0;
    for (size_t i = 0; i < table->column_count && used + 64 < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s'%.30s'%s",
                                 i == 0 ? "" : ", ", table->columns[i].name,
                                 table->columns[i].labels != NULL ? " (words, no numbers)" : "");
    closo_text_clean(names);
    if (closo_table_find(table, CLOSO_QUANTITY_FREQUENCY) == NULL && table->column_count != 0 &&
        closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_REAL) != NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is an impedance but no frequency: no column is named such as "
                          "'freq/Hz'; the columns are %s",
                          names);
    if (is_working_electrode(electrode))
        return closo_fail(
            error, CLOSO_FORMAT,
            "there is no impedance: it takes a column of frequencies and Z' with Z'' or "
            "-Z'', or |Z| with its phase; the columns are %s",
            names);
    return closo_fail(
        error, CLOSO_FORMAT,
        "there is no impedance of the electrode '%.20s', such as a column Re(Z%.20s); "
        "the columns are %s",
        electrode, electrode, names);
}

/* Z' and Z'' from whichever columns are there. */
static closo_status read_impedance(rows *all, const closo_spectra_options *options,
                                   closo_arena *arena, closo_error *error)
{
    const closo_table *table = all->table;
    impedance_columns found = find_impedance(table, options->electrode);
    const bool cartesian =
        found.real != NULL && (found.imaginary != NULL || found.minus_imaginary != NULL);
    const bool polar = found.modulus != NULL && found.phase != NULL;
    const closo_column *frequency = closo_table_find(table, CLOSO_QUANTITY_FREQUENCY);
    if (frequency == NULL || (!cartesian && !polar))
        return fail_no_impedance(table, options->electrode, error);
    bool turned = cartesian && found.imaginary == NULL;
    const closo_column *second = cartesian ? found.imaginary : found.phase;
    if (turned)
        second = found.minus_imaginary;
    double *real =
        closo_column_values_si(cartesian ? found.real : found.modulus, table->row_count, arena);
    double *imaginary = closo_column_values_si(second, table->row_count, arena);
    all->frequency_Hz = closo_column_values_si(frequency, table->row_count, arena);
    if (real == NULL || imaginary == NULL || all->frequency_Hz == NULL)
        return closo_fail_nomem(error);
    double sign = turned != options->turn_imaginary ? -1 : 1;
    for (size_t i = 0; i < table->row_count; i++) {
        double modulus = real[i], phase = imaginary[i];
        if (!cartesian) {
            real[i] = modulus * cos(phase);
            imaginary[i] = modulus * sin(phase);
        }
        imaginary[i] *= sign;
    }
    all->real_ohm = real;
    all->imaginary_ohm = imaginary;
    return CLOSO_OK;
}

static void read_others(rows *all, closo_arena *arena)
{
    const closo_table *table = all->table;
    all->cycle = find_values(table, CLOSO_QUANTITY_CYCLE, arena);
    all->loop = find_values(table, CLOSO_QUANTITY_LOOP, arena);
    all->step = find_values(table, CLOSO_QUANTITY_STEP, arena);
    all->time_s = find_values(table, CLOSO_QUANTITY_TIME, arena);
    all->temperature_K = find_values(table, CLOSO_QUANTITY_TEMPERATURE, arena);
    all->potential_V = find_values(table, CLOSO_QUANTITY_POTENTIAL_AVERAGE, arena);
    if (all->potential_V == NULL)
        all->potential_V = find_values(table, CLOSO_QUANTITY_POTENTIAL, arena);
}

/* ---- boundaries ---- */

static bool counter_changes(const double *counter, size_t row)
{
    return counter != NULL && isfinite(counter[row]) && isfinite(counter[row - 1]) &&
           (counter[row] < counter[row - 1] || counter[row] > counter[row - 1]);
}

static const unsigned char *mark_segments(const closo_table *table, closo_arena *arena)
{
    unsigned char *begins = closo_arena_alloc(arena, table->row_count + 1, sizeof *begins);
    for (size_t s = 0; begins != NULL && s < table->segment_count; s++)
        if (table->segments[s].first_row < table->row_count && table->segments[s].row_count != 0)
            begins[table->segments[s].first_row] = 1;
    return begins;
}

/* The row behind the sweep that begins in `first`, as far as the instrument's own words tell. */
static size_t end_by_counters(const rows *all, size_t first)
{
    size_t row = first + 1;
    while (row < all->count && !counter_changes(all->cycle, row) &&
           !counter_changes(all->loop, row) && !counter_changes(all->step, row) &&
           !all->segment_begins[row])
        row++;
    return row;
}

static bool has_frequency(const rows *all, size_t row)
{
    return isfinite(all->frequency_Hz[row]) && all->frequency_Hz[row] > 0;
}

/* The next row after `row` and before `end` whose frequency differs; end when there is none. */
static size_t next_other(const rows *all, size_t row, size_t end)
{
    size_t next = row + 1;
    while (next < end && (!has_frequency(all, next) ||
                          fabs(log(all->frequency_Hz[next] / all->frequency_Hz[row])) < 1e-9))
        next++;
    return next;
}

/* Where the frequency jumps back or turns round: the row that begins the next sweep, or end. A single step back (an
 * instrument that measures a frequency again in another range) is none. */
static size_t end_by_frequency(const rows *all, size_t first, size_t end)
{
    size_t row = first;
    while (row < end && !has_frequency(all, row))
        row++;
    if (row == end)
        return end;
    double direction = 0, low = log(all->frequency_Hz[row]), high = low;
    for (size_t next = next_other(all, row, end); next < end;
         row = next, next = next_other(all, row, end)) {
        double at = log(all->frequency_Hz[next]);
        double change = at - log(all->frequency_Hz[row]);
        if (direction == 0)
            direction = change;
        if (change * direction < 0) {
            size_t after = next_other(all, next, end);
            double then = after < end ? log(all->frequency_Hz[after]) - at : 0;
            bool turns = then * direction < 0;
            bool jumps = fabs(change) > 0.5 * (high - low) && high - low > 0;
            /* After a jump the new sweep runs on in the old direction, so it begins at the jump; after a turn too: the
             * turning point belongs to the sweep that reached it. */
            if (turns || jumps)
                return next;
        }
        low = fmin(low, at);
        high = fmax(high, at);
    }
    return end;
}

static int rising(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* True when rows first .. end-1 are in no order: the frequency turns all the time, and yet never comes back to a value it
 * had, as it would in a second sweep. */
static bool is_shuffled(const rows *all, size_t first, size_t end, closo_arena *arena)
{
    enum { LEAST_TURNS = 3, ROWS_A_TURN = 6 };
    size_t turns = 0, count = 0;
    for (size_t row = first; row < end; row = end_by_frequency(all, row, end))
        turns++;
    if (turns < LEAST_TURNS || end - first > ROWS_A_TURN * turns)
        return false;
    double *sorted = closo_arena_alloc(arena, end - first, sizeof *sorted);
    for (size_t row = first; row < end && sorted != NULL; row++)
        if (has_frequency(all, row))
            sorted[count++] = all->frequency_Hz[row];
    if (count < 2)
        return false;
    qsort(sorted, count, sizeof *sorted, rising);
    for (size_t i = 1; i < count; i++)
        if (sorted[i] <= sorted[i - 1] * (1 + 1e-6))
            return false;
    return true;
}

/* ---- one sweep ---- */

static double first_finite(const double *values, size_t first, size_t end)
{
    for (size_t i = first; values != NULL && i < end; i++)
        if (isfinite(values[i]))
            return values[i];
    double unknown = NAN;
    return unknown;
}

static double mean_finite(const double *values, size_t first, size_t end)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = first; values != NULL && i < end; i++)
        if (isfinite(values[i])) {
            sum += values[i];
            count++;
        }
    double unknown = NAN;
    return count != 0 ? sum / (double)count : unknown;
}

static double number_of(const closo_table *table, const char *key)
{
    double value = NAN;
    if (!closo_table_number_si(table, key, &value))
        value = (double)NAN;
    return value;
}

static void describe(const rows *all, size_t first, size_t end, closo_spectrum *spectrum)
{
    const closo_table *table = all->table;
    spectrum->first_row = first;
    spectrum->row_count = end - first;
    spectrum->temperature_K = mean_finite(all->temperature_K, first, end);
    if (!isfinite(spectrum->temperature_K))
        spectrum->temperature_K = number_of(table, "temperature");
    spectrum->time_s = first_finite(all->time_s, first, end);
    spectrum->cycle = first_finite(all->cycle, first, end);
    if (!isfinite(spectrum->cycle))
        spectrum->cycle = first_finite(all->loop, first, end);
    spectrum->potential_V = mean_finite(all->potential_V, first, end);
    spectrum->amplitude = number_of(table, "amplitude");
    spectrum->thickness_m = number_of(table, "thickness");
    spectrum->area_m2 = number_of(table, "electrode_area");
    double diameter_m = number_of(table, "diameter");
    if (!isfinite(spectrum->area_m2) && diameter_m > 0)
        spectrum->area_m2 = 0.25 * 3.14159265358979323846 * diameter_m * diameter_m;
    for (size_t i = 0; i < table->metadatum_count; i++)
        if (strcmp(table->metadata[i].key, "amplitude") == 0 && table->metadata[i].unit != NULL)
            spectrum->galvanostatic = strchr(table->metadata[i].unit, 'A') != NULL;
}

/* Rows first .. end-1 as raw points, those outside the window left out. */
static size_t copy_window(const rows *all, size_t first, size_t end,
                          const closo_spectra_options *options, double *values)
{
    size_t count = 0, stride = end - first;
    for (size_t i = first; i < end; i++) {
        double f = all->frequency_Hz[i];
        if ((options->from_Hz > 0 && f < options->from_Hz) ||
            (options->to_Hz > 0 && f > options->to_Hz))
            continue;
        values[count] = f;
        values[stride + count] = all->real_ohm[i];
        values[2 * stride + count] = all->imaginary_ohm[i];
        count++;
    }
    return count;
}

/* CLOSO_RANGE: no usable point among these rows. */
static closo_status make_sweep(const rows *all, size_t first, size_t end,
                               const closo_spectra_options *options, closo_arena *arena,
                               closo_spectrum *spectrum)
{
    const size_t stride = end - first;
    double *values = closo_arena_alloc(arena, stride, 3 * sizeof *values);
    if (values == NULL)
        return CLOSO_NOMEM;
    closo_spectrum raw = {.count = copy_window(all, first, end, options, values),
                          .frequency_Hz = values,
                          .real_ohm = values + stride,
                          .imaginary_ohm = values + 2 * stride};
    describe(all, first, end, &raw);
    return closo_spectrum_make(&raw, arena, spectrum, NULL);
}

static bool name_spectra(const closo_table *table, closo_spectrum *spectra, size_t count,
                         closo_arena *arena)
{
    const char *file = closo_path_name(table->source);
    for (size_t i = 0; i < count; i++) {
        spectra[i].name = count == 1 ? closo_arena_text(arena, file)
                                     : closo_arena_printf(arena, "%s, sweep %zu", file, i + 1);
        if (spectra[i].name == NULL)
            return false;
    }
    return true;
}

closo_status closo_spectra_from_table(const closo_table *table,
                                      const closo_spectra_options *options, closo_arena *arena,
                                      closo_spectrum **spectra, size_t *count, closo_error *error)
{
    static const closo_spectra_options none = {0};
    rows all = {.table = table, .count = table->row_count};
    *spectra = NULL;
    *count = 0;
    options = options != NULL ? options : &none;
    closo_status status = read_impedance(&all, options, arena, error);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, table->source);
    read_others(&all, arena);
    all.segment_begins = mark_segments(table, arena);
    if (all.segment_begins == NULL)
        return closo_fail_nomem(error);
    closo_spectrum *list = NULL;
    size_t capacity = 0, end = 0;
    for (size_t first = 0; first < all.count; first = end) {
        const size_t counted = end_by_counters(&all, first);
        const bool shuffled = is_shuffled(&all, first, counted, arena);
        end = shuffled ? counted : end_by_frequency(&all, first, counted);
        closo_spectrum sweep;
        status = make_sweep(&all, first, end, options, arena, &sweep);
        if (status == CLOSO_OK && shuffled)
            closo_notes_add(&sweep.notes, arena,
                            "the frequencies are in no order, and none comes twice: the rows are "
                            "taken as one sweep, sorted");
        if (status == CLOSO_RANGE)
            continue;
        list = status == CLOSO_OK ? closo_arena_grow(arena, list, *count, &capacity, sizeof *list)
                                  : NULL;
        if (list == NULL)
            return closo_fail_nomem(error);
        list[(*count)++] = sweep;
    }
    if (all.count == 0)
        return closo_error_in_file(
            error, closo_fail(error, CLOSO_RANGE, "the table has a header but no rows"),
            table->source);
    if (*count == 0)
        return closo_error_in_file(
            error,
            closo_fail(error, CLOSO_RANGE,
                       "none of the %zu rows has a positive frequency%s and an impedance between "
                       "1e-30 and 1e30 ohm",
                       all.count,
                       options->from_Hz > 0 || options->to_Hz > 0 ? " within the window" : ""),
            table->source);
    if (!name_spectra(table, list, *count, arena))
        return closo_fail_nomem(error);
    *spectra = list;
    return CLOSO_OK;
}
