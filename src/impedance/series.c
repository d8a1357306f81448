/* SPDX-License-Identifier: BSD-3-Clause */
/* series.c: one circuit through a series of spectra. Where the minimum of a neighbour leads to a lower sum of squares than
 * the spectrum's own search, it is taken: so one spectrum that is found right leads the others. */
#include "impedance/fit_internal.h"

#include <math.h>
#include <string.h>

enum { SWEEPS_MAX = 4 };

static void values_of(const closo_circuit_fit *fit, double *values)
{
    for (size_t k = 0; k < fit->parameter_count; k++)
        values[k] = fit->parameters[k].value;
}

/* Fits spectrum `to` from what `from` came to; true when that is better. */
static closo_status help(const closo_circuit *circuit, const closo_spectrum *spectrum,
                         const closo_circuit_fit_options *options, const closo_circuit_fit *from,
                         closo_arena *arena, closo_circuit_fit **fit, bool *better)
{
    double guess[CLOSO_CIRCUIT_PARAMETERS_MAX];
    closo_circuit_fit_options helped = *options;
    closo_arena *passing = closo_arena_new(0);
    closo_circuit_fit *trial;
    values_of(from, guess);
    helped.guess = guess;
    helped.guess_only = true;
    helped.quick = true;
    if (passing == NULL)
        return CLOSO_NOMEM;
    closo_status status =
        closo_circuit_fit_spectrum(circuit, spectrum, &helped, passing, &trial, NULL);
    *better = status == CLOSO_OK && trial->chi2 < (*fit)->chi2 * (1 - 1e-4);
    closo_arena_free(passing);
    if (!*better)
        return CLOSO_OK;
    helped.quick = options->quick;
    const size_t starts = (*fit)->starts;
    status = closo_circuit_fit_spectrum(circuit, spectrum, &helped, arena, fit, NULL);
    if (status == CLOSO_OK) {
        (*fit)->starts += starts;
        closo_notes_add(&(*fit)->notes, arena, "found from the neighbour in the series");
    }
    return status;
}

closo_status closo_circuit_fit_series(const closo_circuit *circuit,
                                      const closo_circuit_series *series,
                                      const closo_circuit_fit_options *options, closo_arena *arena,
                                      closo_circuit_fit ***fits, closo_error *error)
{
    static const closo_circuit_fit_options none = {0};
    options = options != NULL ? options : &none;
    const size_t count = series->spectrum_count;
    *fits = closo_arena_alloc(arena, count, sizeof **fits);
    if (*fits == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        closo_status status = closo_circuit_fit_spectrum(circuit, &series->spectra[i], options,
                                                         arena, &(*fits)[i], error);
        if (status != CLOSO_OK) {
            const char *name = series->spectra[i].name;
            return closo_error_in_file(error, status, name != NULL ? name : "spectrum");
        }
    }
    bool changed = true;
    for (size_t sweep = 0; changed && sweep < SWEEPS_MAX; sweep++) {
        changed = false;
        for (size_t step = 1; step < count; step++) {
            /* Forward, then backward. */
            const size_t to = sweep % 2 == 0 ? step : count - 1 - step;
            const size_t from = sweep % 2 == 0 ? to - 1 : to + 1;
            bool better = false;
            if (help(circuit, &series->spectra[to], options, (*fits)[from], arena, &(*fits)[to],
                     &better) != CLOSO_OK)
                return closo_fail_nomem(error);
            changed = changed || better;
        }
        if (sweep == 0)
            changed = true; /* backward at least once */
    }
    return CLOSO_OK;
}
