/* SPDX-License-Identifier: BSD-3-Clause */
/* motion.c: a table of NMR rates, line widths or an EISF, told apart by its columns. */
#include "transport_internal.h"

#include <math.h>

typedef struct roles {
    const closo_column *x, *y, *sigma, *frequency;
    bool inverse; /* y is a time */
} roles;

/* No column here is a conductivity: "sigma" is an error wherever it stands. */
static bool is_sigma(const closo_column *column)
{
    return transport_names_a_sigma(column->name) || transport_column_holds(column, "sigma");
}

static bool is_width(const closo_column *column)
{
    return transport_column_holds(column, "width") || transport_column_holds(column, "fwhm");
}

static bool is_larmor(const closo_column *column)
{
    return transport_column_holds(column, "freq") || transport_column_holds(column, "larmor") ||
           transport_column_holds(column, "hz");
}

static bool is_named_T1(const closo_column *column)
{
    return transport_column_holds(column, "t1") || transport_column_holds(column, "relax");
}

static const closo_column *find_width(const closo_table *table, bool sigma)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (is_width(&table->columns[i]) && is_sigma(&table->columns[i]) == sigma)
            return &table->columns[i];
    return NULL;
}

/* T1, or its sigma: the column in s that says so by "T1" or "relax"; without one the only one in s, if that is no clock.
 * *several: there are more, and none says so. */
static const closo_column *find_time(const closo_table *table, bool sigma, bool *several)
{
    const closo_column *alone = NULL;
    size_t count = 0;
    closo_unit unit;
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        if (!transport_column_has_unit(column, "s", &unit) || is_sigma(column) != sigma)
            continue;
        if (is_named_T1(column))
            return column;
        if (transport_column_holds(column, "time") || transport_column_holds(column, "clock"))
            continue;
        alone = column;
        count++;
    }
    *several = count > 1;
    return count == 1 ? alone : NULL;
}

/* The EISF, or its sigma: "EISF_sigma", "EISF err", or a bare "sigma", "error", "std" beside it. */
static const closo_column *find_eisf(const closo_table *table, bool sigma)
{
    const closo_column *alone = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        const bool named = transport_column_holds(column, "eisf");
        const bool error = transport_names_a_sigma(column->name);
        if (named && error == sigma)
            return column;
        if (!named && column->unit[0] == '\0' && is_sigma(column))
            alone = column;
    }
    return sigma ? alone : NULL;
}

/* A column of the unit 1/s that is (or is not) a Larmor frequency, or its sigma, and no width. */
static const closo_column *find_rate(const closo_table *table, bool frequency, bool sigma)
{
    closo_unit unit;
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        if (transport_column_has_unit(column, "1/s", &unit) && is_larmor(column) == frequency &&
            is_sigma(column) == sigma && !is_width(column))
            return column;
    }
    return NULL;
}

static closo_status find_roles(const closo_table *table, const closo_motion_options *options,
                               closo_arena *arena, closo_motion *motion, roles *found,
                               closo_error *error)
{
    *found = (roles){0};
    found->y = find_eisf(table, false);
    if (found->y != NULL) {
        motion->kind = CLOSO_MOTION_EISF;
        found->sigma = find_eisf(table, true);
        found->x = transport_column_find(table, "1/m", false);
        if (found->x == NULL)
            return closo_fail(error, CLOSO_FORMAT,
                              "an EISF wants a column Q in 1/ang or 1/nm; there are %s",
                              transport_column_list(table, arena));
        if (!(options->radius_m > 0))
            return closo_fail(error, CLOSO_RANGE,
                              "an EISF wants the radius of the hydrogen cage, such as --radius "
                              "'2.9 ang' for B12H12");
        return CLOSO_OK;
    }
    found->x = transport_column_find(table, "K", false);
    if (found->x == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no column with a temperature in K or degC, nor one called "
                          "EISF; there are %s",
                          transport_column_list(table, arena));
    found->y = find_width(table, false);
    if (found->y != NULL) {
        motion->kind = CLOSO_MOTION_NARROWING;
        found->sigma = find_width(table, true);
        return CLOSO_OK;
    }
    bool several = false, several_sigmas = false;
    motion->kind = CLOSO_MOTION_RATES;
    found->y = find_rate(table, false, false);
    found->sigma = find_rate(table, false, true);
    if (found->y == NULL) {
        found->inverse = true;
        found->y = find_time(table, false, &several);
        found->sigma = find_time(table, true, &several_sigmas);
    }
    found->frequency = find_rate(table, true, false);
    if (several)
        return closo_fail(error, CLOSO_FORMAT,
                          "several columns could be T1; put T1 or relax into the name of the one "
                          "that is. There are %s",
                          transport_column_list(table, arena));
    if (found->y == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "there is no relaxation rate in 1/s, no T1 in s, no width in Hz and no "
                          "EISF; there are %s",
                          transport_column_list(table, arena));
    if (found->frequency == NULL && !(options->larmor_Hz > 0))
        return closo_fail(error, CLOSO_RANGE,
                          "relaxation wants the Larmor frequency: a column in MHz, or --frequency "
                          "'62.5 MHz'");
    return CLOSO_OK;
}

/* A column without unit (an EISF, its sigma) as it is. */
static double *plain_values(const closo_column *column, size_t count, closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, count + 1, sizeof *values);
    if (values != NULL)
        closo_column_read(column, 0, count, values);
    return values;
}

/* An error column without a unit of its own is taken for none, and that is said. */
static void drop_sigma_without_unit(roles *found, closo_arena *arena, closo_motion *motion)
{
    closo_unit unit;
    const char *wanted = found->inverse ? "s" : "1/s";
    if (found->sigma == NULL || motion->kind == CLOSO_MOTION_EISF ||
        transport_column_has_unit(found->sigma, wanted, &unit))
        return;
    closo_notes_add(&motion->notes, arena,
                    "the column '%.60s' has no unit and is not used: all points count alike",
                    found->sigma->name);
    found->sigma = NULL;
}

static closo_status take_rows(const closo_table *table, const roles *found,
                              const closo_motion_options *options, closo_arena *arena,
                              closo_motion *motion, closo_error *error)
{
    size_t rows = table->row_count, count = 0;
    double *x = transport_column_values(found->x, rows, arena);
    double *y = motion->kind == CLOSO_MOTION_EISF ? plain_values(found->y, rows, arena)
                                                  : transport_column_values(found->y, rows, arena);
    double *sigma = found->sigma == NULL ? NULL
                    : motion->kind == CLOSO_MOTION_EISF
                        ? plain_values(found->sigma, rows, arena)
                        : transport_column_values(found->sigma, rows, arena);
    double *larmor = found->frequency != NULL
                         ? transport_column_values(found->frequency, rows, arena)
                         : closo_arena_alloc(arena, rows + 1, sizeof *larmor);
    if (y == NULL && motion->kind == CLOSO_MOTION_NARROWING)
        return closo_fail(error, CLOSO_FORMAT,
                          "the column '%s' does not say whether it is in Hz or kHz; name it so",
                          found->y->name);
    if (x == NULL || y == NULL || larmor == NULL || (found->sigma != NULL && sigma == NULL))
        return closo_fail_nomem(error);
    for (size_t i = 0; i < rows; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            continue;
        double value = found->inverse ? 1 / y[i] : y[i];
        if (sigma != NULL)
            sigma[count] = found->inverse ? sigma[i] / (y[i] * y[i]) : sigma[i];
        larmor[count] = found->frequency != NULL ? larmor[i] : options->larmor_Hz;
        x[count] = x[i];
        y[count++] = value;
    }
    motion->count = count;
    motion->left_out = rows - count;
    motion->x = x;
    motion->y = y;
    motion->sigma = sigma;
    motion->larmor_Hz = larmor;
    return CLOSO_OK;
}

closo_status closo_motion_from_table(const closo_table *table, const closo_motion_options *options,
                                     closo_arena *arena, closo_motion *motion, closo_error *error)
{
    const closo_motion_options wanted = options != NULL ? *options : (closo_motion_options){0};
    roles found;
    *motion = (closo_motion){.radius_m = wanted.radius_m};
    closo_status status = find_roles(table, &wanted, arena, motion, &found, error);
    if (status == CLOSO_OK) {
        drop_sigma_without_unit(&found, arena, motion);
        motion->column = found.y->name;
        motion->sigma_column = found.sigma != NULL ? found.sigma->name : NULL;
        status = take_rows(table, &found, &wanted, arena, motion, error);
    }
    if (status != CLOSO_OK)
        return status;
    const closo_relaxation_data data = {motion->count, motion->x, motion->y, motion->larmor_Hz,
                                        motion->sigma};
    switch (motion->kind) {
    case CLOSO_MOTION_RATES:
        return closo_relaxation_fit_data(&data, wanted.at_K, arena, &motion->rates, error);
    case CLOSO_MOTION_NARROWING:
        return closo_narrowing_fit(motion->x, motion->y, motion->sigma, motion->count, arena,
                                   &motion->narrowing, error);
    case CLOSO_MOTION_EISF:
        return closo_eisf_fit(motion->x, motion->y, motion->sigma, motion->count, wanted.radius_m,
                              arena, &motion->eisf, error);
    }
    return CLOSO_OK;
}
