/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_data.c: from tables to what is compared, and to the test that each of it belongs to. */
#include "fit_internal.h"

#include "closo/cycling.h"

#include <math.h>
#include <string.h>

const char *closo_fit_quantity_name(closo_fit_quantity quantity)
{
    static const char *const names[] = {"potential", "current", "impedance", "capacity"};
    return names[quantity];
}

closo_fit_data *closo_fit_data_new(closo_arena *arena)
{
    closo_fit_data *data = closo_arena_alloc(arena, 1, sizeof *data);
    if (data != NULL)
        data->arena = arena;
    return data;
}

size_t fit_set_new(closo_fit_data *data, const char *name, closo_fit_quantity quantity,
                   double noise)
{
    fit_set *list = closo_arena_grow(data->arena, data->sets, data->set_count, &data->set_capacity,
                                     sizeof *data->sets);
    const char *copy = closo_arena_text(data->arena, name);
    if (list == NULL || copy == NULL)
        return SIZE_MAX;
    data->sets = list;
    list[data->set_count] = (fit_set){.name = copy, .quantity = quantity, .noise = noise};
    return data->set_count++;
}

bool fit_set_add(closo_fit_data *data, size_t set, double at, double measured, double potential_V,
                 size_t spectrum)
{
    fit_set *to = &data->sets[set];
    if (to->count == to->capacity) {
        size_t more = to->capacity != 0 ? 2 * to->capacity : 64;
        double *values = closo_arena_alloc(data->arena, 3 * more, sizeof *values);
        size_t *spectra = closo_arena_alloc(data->arena, more, sizeof *spectra);
        if (values == NULL || spectra == NULL)
            return false;
        if (to->count != 0) {
            memcpy(values, to->at, to->count * sizeof *values);
            memcpy(values + more, to->measured, to->count * sizeof *values);
            memcpy(values + 2 * more, to->potential_V, to->count * sizeof *values);
            memcpy(spectra, to->spectrum, to->count * sizeof *spectra);
        }
        to->at = values;
        to->measured = values + more;
        to->potential_V = values + 2 * more;
        to->spectrum = spectra;
        to->capacity = more;
    }
    to->at[to->count] = at;
    to->measured[to->count] = measured;
    to->potential_V[to->count] = potential_V;
    to->spectrum[to->count++] = spectrum;
    return true;
}

fit_run *fit_run_new(closo_fit_data *data, const char *name)
{
    const double nothing = NAN;
    fit_run *list = closo_arena_grow(data->arena, data->runs, data->run_count, &data->run_capacity,
                                     sizeof *data->runs);
    const char *copy = closo_arena_text(data->arena, name);
    if (list == NULL || copy == NULL)
        return NULL;
    data->runs = list;
    list[data->run_count] =
        (fit_run){.name = copy, .start_V = nothing, .first_s = nothing, .last_s = nothing};
    return &list[data->run_count++];
}

/* ---- spectra ---- */

static bool add_spectrum(closo_fit_data *data, fit_run *run, double at_s, size_t set,
                         const closo_spectrum *spectrum, size_t number)
{
    const double nothing = NAN;
    fit_spectrum *list = closo_arena_grow(data->arena, run->spectra, run->spectrum_count,
                                          &run->spectrum_capacity, sizeof *run->spectra);
    if (list == NULL)
        return false;
    run->spectra = list;
    const fit_spectrum added = {at_s, set, data->sets[set].count, spectrum->count,
                                spectrum->frequency_Hz};
    size_t place = run->spectrum_count++;
    for (; place > 0 && list[place - 1].at_s > at_s; place--)
        list[place] = list[place - 1];
    list[place] = added;
    for (size_t part = 0; part < 2; part++)
        for (size_t i = 0; i < spectrum->count; i++)
            if (!fit_set_add(data, set, spectrum->frequency_Hz[i],
                             part == 0 ? spectrum->real_ohm[i] : spectrum->imaginary_ohm[i],
                             nothing, number))
                return false;
    return true;
}

/* The run a spectrum belongs to and when; a cell of its own, at its beginning, where no test is beside it. */
static fit_run *run_of_spectrum(closo_fit_data *data, const char *name,
                                const closo_spectrum *spectrum, closo_fit_moment moment,
                                double *at_s)
{
    fit_run *test = NULL;
    for (size_t r = 0; r < data->run_count; r++)
        if (data->runs[r].segment_count != 0 || data->runs[r].protocol)
            test = &data->runs[r];
    *at_s = 0;
    if (test != NULL && test->protocol) {
        *at_s = (double)test->spectrum_count; /* their order */
        return test;
    }
    if (test != NULL && moment == CLOSO_FIT_AT_START)
        return test;
    if (test != NULL && moment == CLOSO_FIT_AT_END) {
        *at_s = test->last_s - test->first_s;
        return test;
    }
    double slack_s = test != NULL ? 1 + 1e-6 * (test->last_s - test->first_s) : 0;
    if (test != NULL && spectrum->time_s >= test->first_s - slack_s &&
        spectrum->time_s <= test->last_s + slack_s) {
        *at_s = fmin(fmax(spectrum->time_s - test->first_s, 0), test->last_s - test->first_s);
        return test;
    }
    fit_run *fresh = fit_run_new(data, name);
    if (fresh != NULL)
        fresh->start_V = spectrum->potential_V;
    return fresh;
}

static closo_status add_spectra(closo_fit_data *data, const char *name, const closo_table *table,
                                const closo_fit_data_options *options, closo_error *error)
{
    closo_spectrum *spectra;
    size_t count;
    const closo_spectra_options range = {.from_Hz = options->from_Hz, .to_Hz = options->to_Hz};
    closo_status status =
        closo_spectra_from_table(table, &range, data->arena, &spectra, &count, error);
    if (status != CLOSO_OK)
        return status;
    size_t set = fit_set_new(data, name, CLOSO_FIT_IMPEDANCE, options->impedance_sigma);
    if (set == SIZE_MAX)
        return closo_fail_nomem(error);
    for (size_t s = 0; s < count; s++) {
        double at_s;
        fit_run *run = run_of_spectrum(data, name, &spectra[s], options->moment, &at_s);
        if (run == NULL || !add_spectrum(data, run, at_s, set, &spectra[s], s))
            return closo_fail_nomem(error);
        if (run->protocol)
            closo_notes_add(&data->notes, data->arena,
                            "%s, spectrum %zu: taken for impedance %zu of the steps", name, s + 1,
                            run->spectrum_count);
        else if (run->segment_count != 0)
            closo_notes_add(&data->notes, data->arena, "%s, spectrum %zu: taken at %.4g h of %s",
                            name, s + 1, at_s / 3600, run->name);
        else if (isfinite(run->start_V))
            closo_notes_add(&data->notes, data->arena,
                            "%s, spectrum %zu: taken of a fresh cell filled for %.4g V", name,
                            s + 1, run->start_V);
        else
            closo_notes_add(&data->notes, data->arena,
                            "%s, spectrum %zu: taken of the fresh cell as the description fills it",
                            name, s + 1);
    }
    return CLOSO_OK;
}

/* ---- capacities ---- */

static closo_status add_capacities(closo_fit_data *data, const char *name, const closo_table *table,
                                   const closo_fit_data_options *options, closo_error *error)
{
    closo_cycling *cycling;
    const double nothing = NAN;
    closo_status status = closo_cycling_from_table(table, NULL, data->arena, &cycling, error);
    if (status != CLOSO_OK)
        return status;
    fit_run *run = fit_run_new(data, name);
    size_t set = fit_set_new(data, name, CLOSO_FIT_CAPACITY, options->capacity_sigma);
    if (run == NULL || set == SIZE_MAX)
        return closo_fail_nomem(error);
    run->protocol = true;
    run->set = set;
    for (size_t h = 0; h < cycling->half_cycle_count; h++)
        if (!fit_set_add(data, set, (double)(h + 1), cycling->half_cycles[h].charge_C, nothing, 0))
            return closo_fail_nomem(error);
    size_t chosen[FIT_PROFILES_MOST], kept = fit_profile_choice(cycling->half_cycle_count, chosen);
    run->profiles = closo_arena_alloc(data->arena, kept + 1, sizeof *run->profiles);
    if (run->profiles == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < kept && status == CLOSO_OK; k++)
        status = fit_profile_read(cycling, chosen[k], data->arena,
                                  &run->profiles[run->profile_count++], error);
    if (status != CLOSO_OK)
        return status;
    return cycling->half_cycle_count != 0
               ? CLOSO_OK
               : closo_fail(error, CLOSO_RANGE, "no charge or discharge is in it");
}

static bool has_impedance(const closo_table *table)
{
    return closo_table_find(table, CLOSO_QUANTITY_FREQUENCY) != NULL &&
           (closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_REAL) != NULL ||
            closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_MODULUS) != NULL);
}

/* Spectra that were named before the test in which they were measured are taken of a fresh cell. */
static void note_order(closo_fit_data *data, const fit_run *test)
{
    for (size_t r = 0; r < data->run_count; r++) {
        const fit_run *run = &data->runs[r];
        if (run->segment_count == 0 && !run->protocol && run->spectrum_count != 0 && run != test) {
            closo_notes_add(
                &data->notes, data->arena,
                "%s stands before %s, so its spectra are of a fresh cell; name the test "
                "first if they were measured during it",
                run->name, test->name);
            return;
        }
    }
}

closo_status closo_fit_data_add(closo_fit_data *data, const char *name, const closo_table *table,
                                const closo_fit_data_options *options, closo_error *error)
{
    const closo_fit_data_options none = {0};
    closo_status status = CLOSO_OK;
    options = options != NULL ? options : &none;
    if (options->from_s > options->to_s || options->from_Hz < 0 || options->to_Hz < 0)
        return closo_fail(error, CLOSO_RANGE, "a window runs from its lower to its higher end");
    for (; table != NULL && status == CLOSO_OK; table = table->next) {
        if (has_impedance(table)) {
            status = add_spectra(data, name, table, options, error);
        } else if (options->control == CLOSO_FIT_PROTOCOL) {
            status = add_capacities(data, name, table, options, error);
        } else {
            fit_run *run = fit_run_new(data, name);
            status = run != NULL ? fit_segments_take(data, run, table, options, error)
                                 : closo_fail_nomem(error);
            if (status == CLOSO_OK)
                note_order(data, run);
        }
    }
    return closo_error_in_file(error, status, name);
}
