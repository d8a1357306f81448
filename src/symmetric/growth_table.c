/* SPDX-License-Identifier: BSD-3-Clause */
/* growth_table.c: times and resistances out of a table, and the laws of growth as JSON and CSV. */
#include "symmetric_internal.h"

#include "closo/instrument.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const double s_per_h = 3600;

/* ---- columns ---- */

/* Does the column hold numbers of that unit? Its factor to SI then. */
static bool measures(const closo_column *column, const char *unit, double *factor)
{
    closo_unit wanted, own;
    if (column->labels != NULL || column->unit == NULL || column->unit[0] == '\0' ||
        closo_unit_parse(unit, &wanted, NULL) != CLOSO_OK ||
        closo_unit_parse(column->unit, &own, NULL) != CLOSO_OK ||
        !closo_unit_matches(&own, &wanted))
        return false;
    *factor = own.factor;
    return true;
}

static bool is_uncertainty(const closo_column *column)
{
    closo_span name = closo_span_of(column->name);
    static const char *const starts[] = {"sigma", "Sigma", "error", "Error", "std", "±", "u("};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (closo_span_starts(name, starts[i]))
            return true;
    return closo_span_contains(name, "sigma") || closo_span_contains(name, "error");
}

typedef struct chosen_column {
    const closo_column *column;
    double factor;
    bool per_area;
} chosen_column;

static closo_status named_column(const closo_table *table, const char *name,
                                 const closo_column **column, closo_error *error)
{
    *column = closo_table_find_name(table, name);
    if (*column != NULL && (*column)->labels == NULL)
        return CLOSO_OK;
    const char *names[64];
    size_t count = 0;
    while (count < table->column_count && count < 64) {
        names[count] = table->columns[count].name;
        count++;
    }
    const char *nearest = closo_text_nearest(name, names, count);
    if (nearest != NULL)
        return closo_fail(error, CLOSO_FORMAT, "there is no column '%s'; did you mean '%s'?", name,
                          nearest);
    return closo_fail(error, CLOSO_FORMAT, "there is no column '%s'; closo info lists them", name);
}

static closo_status choose_time(const closo_table *table, const char *name, chosen_column *time,
                                closo_error *error)
{
    time->column = closo_table_find(table, CLOSO_QUANTITY_TIME);
    if (name != NULL) {
        closo_status status = named_column(table, name, &time->column, error);
        if (status != CLOSO_OK)
            return status;
    }
    for (size_t i = 0; time->column == NULL && i < table->column_count; i++)
        if (measures(&table->columns[i], "s", &time->factor))
            time->column = &table->columns[i];
    if (time->column == NULL || !measures(time->column, "s", &time->factor))
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column of time with a unit, such as 'time/h'");
    return CLOSO_OK;
}

/* By name, or the first column of a resistance that is (or is not) an uncertainty. */
static closo_status choose_resistance(const closo_table *table, const char *name, bool uncertainty,
                                      chosen_column *chosen, closo_error *error)
{
    if (name != NULL) {
        closo_status status = named_column(table, name, &chosen->column, error);
        if (status != CLOSO_OK)
            return status;
    }
    for (size_t i = 0; chosen->column == NULL && i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        if (is_uncertainty(column) == uncertainty && (measures(column, "ohm m2", &chosen->factor) ||
                                                      measures(column, "ohm", &chosen->factor)))
            chosen->column = column;
    }
    if (chosen->column == NULL)
        return uncertainty
                   ? CLOSO_OK
                   : closo_fail(error, CLOSO_FORMAT,
                                "there is no column of a resistance: its unit has to be ohm or "
                                "ohm cm2, as in 'R/ohm cm2'");
    chosen->per_area = measures(chosen->column, "ohm m2", &chosen->factor);
    if (chosen->per_area || measures(chosen->column, "ohm", &chosen->factor))
        return CLOSO_OK;
    return closo_fail(error, CLOSO_FORMAT,
                      "column '%s' is in '%s'; a resistance is in ohm or ohm cm2",
                      chosen->column->name, chosen->column->unit);
}

static double *read_column(const closo_table *table, const chosen_column *chosen,
                           closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, table->row_count, sizeof *values);
    if (values == NULL)
        return NULL;
    closo_column_read(chosen->column, 0, table->row_count, values);
    for (size_t i = 0; i < table->row_count; i++)
        values[i] *= chosen->factor;
    return values;
}

/* Puts rows without a number out; returns how many are left. */
static size_t drop_missing(size_t count, double *time_s, double *resistance, double *sigma)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(time_s[i]) || !isfinite(resistance[i]) ||
            (sigma != NULL && !isfinite(sigma[i])))
            continue;
        time_s[kept] = time_s[i];
        resistance[kept] = resistance[i];
        if (sigma != NULL)
            sigma[kept] = sigma[i];
        kept++;
    }
    return kept;
}

/* Raw data have columns in ohm too (|Z|, E/I, a cycler's pulse resistance), but they are not a resistance against the age of
 * an interphase: that takes a fit of each spectrum, or a column that somebody names. */
static closo_status check_kind(const closo_table *table, const closo_growth_options *options,
                               closo_error *error)
{
    if (options->resistance != NULL)
        return CLOSO_OK;
    if (closo_table_find(table, CLOSO_QUANTITY_FREQUENCY) != NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "this is an impedance, with a frequency in each row: fit the spectra "
                          "(closo eis) and give growth a table of times and resistances; or name "
                          "the column with --resistance");
    if (closo_table_find(table, CLOSO_QUANTITY_POTENTIAL) != NULL &&
        closo_table_find(table, CLOSO_QUANTITY_CURRENT) != NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "this is a record of potential and current, not a table of times and "
                          "resistances; where one of its columns is the resistance that grows, "
                          "name it with --resistance");
    return CLOSO_OK;
}

static closo_status points_of(const closo_table *table, const closo_growth_options *options,
                              const chosen_column chosen[3], closo_arena *arena,
                              closo_growth **growth, closo_error *error)
{
    double *time_s = read_column(table, &chosen[0], arena);
    double *resistance = read_column(table, &chosen[1], arena);
    double *sigma = chosen[2].column != NULL ? read_column(table, &chosen[2], arena) : NULL;
    if (time_s == NULL || resistance == NULL || (chosen[2].column != NULL && sigma == NULL))
        return closo_fail_nomem(error);
    bool multiply = options->area_m2 > 0 && !chosen[1].per_area;
    for (size_t i = 0; i < table->row_count; i++) {
        time_s[i] -= options->origin_s;
        resistance[i] *= multiply ? options->area_m2 : 1;
        if (sigma != NULL)
            sigma[i] *= multiply ? options->area_m2 : 1;
    }
    size_t count = drop_missing(table->row_count, time_s, resistance, sigma);
    closo_status status =
        closo_growth_from_points(time_s, resistance, sigma, count, arena, growth, error);
    if (status != CLOSO_OK)
        return status;
    (*growth)->per_area = chosen[1].per_area || multiply;
    if (count < table->row_count)
        closo_notes_add(&(*growth)->notes, arena, "%zu rows without a number are left out",
                        table->row_count - count);
    if (options->area_m2 > 0 && !multiply)
        closo_notes_add(&(*growth)->notes, arena,
                        "column '%s' is per area already: the area given is not used",
                        chosen[1].column->name);
    return CLOSO_OK;
}

closo_status closo_growth_from_table(const closo_table *table, const closo_growth_options *options,
                                     closo_arena *arena, closo_growth **growth, closo_error *error)
{
    const closo_growth_options none = {0};
    chosen_column chosen[3] = {{0}};
    *growth = NULL;
    if (options == NULL)
        options = &none;
    if (!(options->area_m2 >= 0) || !isfinite(options->area_m2))
        return closo_fail(error, CLOSO_ARGUMENT, "the area has to be larger than zero");
    closo_status status = choose_time(table, options->time, &chosen[0], error);
    if (status == CLOSO_OK)
        status = choose_resistance(table, options->resistance, false, &chosen[1], error);
    if (status == CLOSO_OK)
        status = check_kind(table, options, error);
    if (status == CLOSO_OK)
        status = choose_resistance(table, options->sigma, true, &chosen[2], error);
    if (status != CLOSO_OK)
        return status;
    if (chosen[2].column != NULL && chosen[2].per_area != chosen[1].per_area)
        return closo_fail(error, CLOSO_FORMAT,
                          "column '%s' is in '%s' and its uncertainty '%s' in '%s': they have to "
                          "be of the same kind",
                          chosen[1].column->name, chosen[1].column->unit, chosen[2].column->name,
                          chosen[2].column->unit);
    return points_of(table, options, chosen, arena, growth, error);
}

/* ---- JSON ---- */

static const char *rate_unit(closo_growth_law law)
{
    static const char *const units[] = {"", "_h", "_h05", "", "_hn"};
    return units[law];
}

/* In ohm or ohm cm2, and hours. */
static json_t *law_json(const closo_growth *growth, closo_growth_law law)
{
    const closo_growth_fit *fit = &growth->laws[law];
    const double area = growth->per_area ? 1e4 : 1;
    const char *unit = growth->per_area ? "ohm_cm2" : "ohm";
    char key[64];
    json_t *object = json_object();
    bool fine = closo_json_text(object, "law", closo_growth_law_name(law));
    fine = json_object_set_new(object, "fitted", json_boolean(fit->fitted)) == 0 && fine;
    snprintf(key, sizeof key, "R0_%s", unit);
    fine = closo_json_value(object, key,
                            (closo_value){area * fit->initial.value, area * fit->initial.sigma}) &&
           fine;
    if (law != CLOSO_GROWTH_CONSTANT) {
        closo_value rate = closo_growth_rate(growth, law, s_per_h);
        double factor = rate.value / fit->rate.value, covariance = fit->covariance;
        if (isfinite(fit->initial_exponent_covariance))
            covariance += fit->rate.value * log(s_per_h) * fit->initial_exponent_covariance;
        snprintf(key, sizeof key, "k_%s%s", unit, rate_unit(law));
        fine = closo_json_value(object, key, (closo_value){area * rate.value, area * rate.sigma}) &&
               closo_json_number(object, "covariance_R0_k", area * area * factor * covariance) &&
               fine;
    }
    if (law == CLOSO_GROWTH_POWER)
        fine = closo_json_value(object, "exponent", fit->exponent) && fine;
    if (law == CLOSO_GROWTH_LOGARITHMIC)
        fine = closo_json_value(
                   object, "tau_h",
                   (closo_value){fit->tau_s.value / s_per_h, fit->tau_s.sigma / s_per_h}) &&
               fine;
    snprintf(key, sizeof key, "residual_rms_%s", unit);
    fine = closo_json_number(object, key, fit->fitted ? area * fit->residual_rms : (double)NAN) &&
           closo_json_number(object, "delta_aicc", fit->aicc) &&
           closo_json_number(object, "delta_bic", fit->bic) &&
           closo_json_number(object, "aicc_weight", fit->aicc_weight) &&
           closo_json_number(object, "bic_weight", fit->bic_weight) &&
           closo_json_number(object, "runs_test_z", fit->runs_z) && fine;
    fine =
        json_object_set_new(object, "parameter_at_edge", json_boolean(fit->at_edge)) == 0 && fine;
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

const char *closo_growth_json(const closo_growth *growth, closo_arena *arena)
{
    json_t *object = json_object(), *laws = json_array();
    bool fine = true;
    for (int law = 0; law < CLOSO_GROWTH_LAW_COUNT; law++)
        fine = json_array_append_new(laws, law_json(growth, (closo_growth_law)law)) == 0 && fine;
    fine = closo_json_text(object, "best", closo_growth_law_name(growth->best)) &&
           closo_json_integer(object, "points", (int64_t)growth->point_count) &&
           closo_json_number(object, "sigma_factor", growth->sigma_factor) && fine;
    fine = json_object_set_new(object, "sigmas_given", json_boolean(growth->sigma != NULL)) == 0 &&
           fine;
    fine = json_object_set_new(object, "laws", laws) == 0 && fine;
    fine = closo_json_notes(object, "notes", &growth->notes) && fine;
    if (fine)
        return closo_json_finish(object, arena);
    json_decref(object);
    return NULL;
}

/* ---- CSV ---- */

closo_status closo_growth_write_csv(const closo_growth *growth, const char *path,
                                    closo_arena *arena, closo_error *error)
{
    enum { COLUMNS = CLOSO_GROWTH_LAW_COUNT + 4 };
    const char *unit = growth->per_area ? "ohm cm2" : "ohm";
    const double area = growth->per_area ? 1e4 : 1;
    closo_table *table = closo_table_new(arena, path);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->row_count = growth->point_count;
    for (int k = 0; k < COLUMNS; k++) {
        double *values = closo_arena_alloc(arena, growth->point_count, sizeof *values);
        const char *name =
            k == 0   ? "time/h"
            : k == 1 ? closo_arena_printf(arena, "R/%s", unit)
            : k == 2 ? closo_arena_printf(arena, "sigma/%s", unit)
            : k == 3 ? closo_arena_printf(arena, "residual/%s", unit)
                     : closo_arena_printf(arena, "%s/%s",
                                          closo_growth_law_name((closo_growth_law)(k - 4)), unit);
        if (values == NULL || name == NULL)
            return closo_fail_nomem(error);
        for (size_t i = 0; i < growth->point_count; i++) {
            double time_s = growth->time_s[i];
            values[i] = k == 0   ? time_s / s_per_h
                        : k == 1 ? area * growth->resistance[i]
                        : k == 2 ? (growth->sigma != NULL ? area * growth->sigma[i] : (double)NAN)
                        : k == 3
                            ? area * (growth->resistance[i] -
                                      closo_growth_value(growth, growth->best, time_s))
                            : area * closo_growth_value(growth, (closo_growth_law)(k - 4), time_s);
        }
        if (closo_table_add_values(table, name, NULL, CLOSO_QUANTITY_OTHER, values) == NULL)
            return closo_fail_nomem(error);
    }
    return closo_table_write_csv(table, path, arena, error);
}
