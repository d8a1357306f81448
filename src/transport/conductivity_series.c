/* SPDX-License-Identifier: BSD-3-Clause */
/* conductivity_series.c: from the spectra of one pellet at several temperatures to what its grains and their boundaries
 * conduct, and how that is activated.
 *
 * Which arc is which is told by its capacitance times thickness / area (Irvine, Sinclair, West, Adv. Mater. 2 (1990) 132,
 * doi:10.1002/adma.19900020304): about 1 pF/cm for grains, 10 pF/cm to 10 nF/cm for their boundaries, more for layers and
 * electrodes. The size of the pellet's error is common to all temperatures: it is in the conductivities, not in the fits. */
#include "transport/transport_internal.h"

#include "base/base_internal.h"

#include <math.h>
#include <string.h>

/* Borders between those ranges. */
static const double grains_below_F_per_m = 1e-9, boundaries_below_F_per_m = 1e-6;
/* A resistance known to this part of itself is a number, else a guess. */
static const double useful_share = 0.5;

enum { LEAST_TEMPERATURES = 3 };

const char *closo_conduction_name(closo_conduction kind)
{
    switch (kind) {
    case CLOSO_CONDUCTION_GRAINS:
        return "grains";
    case CLOSO_CONDUCTION_BOUNDARIES:
        return "grain boundaries";
    case CLOSO_CONDUCTION_ELECTRODE:
        return "electrode";
    case CLOSO_CONDUCTION_SERIES:
        return "series resistance";
    case CLOSO_CONDUCTION_TOTAL:
        break;
    }
    return "total";
}

static bool is_parameter(const closo_circuit_fit *fit, size_t k, const char *name)
{
    return strcmp(fit->parameters[k].name, name) == 0;
}

static size_t parameter_called(const closo_circuit_fit *fit, const char *name)
{
    size_t k = 0;
    while (k < fit->parameter_count && !is_parameter(fit, k, name))
        k++;
    return k;
}

/* Geometric mean over the spectra of an arc's capacitance, times thickness / area. */
static double mean_capacitance(const closo_eis *eis, size_t arc, double cell_constant_per_m)
{
    double sum = 0;
    size_t count = 0;
    for (size_t s = 0; s < eis->spectrum_count; s++) {
        double capacitance_F = eis->fits[s]->arcs[arc].capacitance_F.value;
        if (!(capacitance_F > 0))
            continue;
        sum += log(capacitance_F);
        count++;
    }
    return count != 0 ? exp(sum / (double)count) * cell_constant_per_m : (double)NAN;
}

static closo_conduction kind_of(double capacitance_F_per_m)
{
    if (!(capacitance_F_per_m >= grains_below_F_per_m))
        return CLOSO_CONDUCTION_GRAINS;
    return capacitance_F_per_m < boundaries_below_F_per_m ? CLOSO_CONDUCTION_BOUNDARIES
                                                          : CLOSO_CONDUCTION_ELECTRODE;
}

/* Of several arcs with the capacitance of grains only the least can be theirs; the others are then boundaries, or a second
 * phase. */
static void keep_one_for_grains(closo_conductivity_series *series, closo_arena *arena)
{
    closo_conduction_process *grains = NULL;
    for (size_t p = 0; p < series->process_count; p++) {
        closo_conduction_process *process = &series->processes[p];
        if (process->kind == CLOSO_CONDUCTION_GRAINS &&
            (grains == NULL || process->capacitance_F_per_m < grains->capacitance_F_per_m))
            grains = process;
    }
    for (size_t p = 0; p < series->process_count; p++) {
        closo_conduction_process *process = &series->processes[p];
        if (process->kind != CLOSO_CONDUCTION_GRAINS || process == grains)
            continue;
        process->kind = CLOSO_CONDUCTION_BOUNDARIES;
        closo_notes_add(
            &series->notes, arena,
            "%s (%.2g F/cm) is taken for the grain boundaries beside %s (%.2g F/cm): by "
            "its capacitance alone it could be a second phase as well",
            process->name, 1e-2 * process->capacitance_F_per_m, grains->name,
            1e-2 * grains->capacitance_F_per_m);
    }
}

static closo_conduction_process *add(closo_conductivity_series *series, closo_conduction kind,
                                     const char *name, closo_arena *arena)
{
    closo_conduction_process *process = &series->processes[series->process_count];
    closo_value *values = closo_arena_alloc(arena, series->eis->spectrum_count, 2 * sizeof *values);
    if (values == NULL)
        return NULL;
    series->process_count++;
    *process =
        (closo_conduction_process){.kind = kind,
                                   .name = name,
                                   .capacitance_F_per_m = NAN,
                                   .resistance_ohm = values,
                                   .conductivity_S_per_m = values + series->eis->spectrum_count};
    return process;
}

/* A resistor that stands in the root's series, by itself: a parameter called R and a number that is no arc's. */
static const char *series_resistor(const closo_circuit_fit *fit)
{
    for (size_t k = 0; k < fit->parameter_count; k++) {
        const char *name = fit->parameters[k].name;
        bool arc = name[0] != 'R' || strpbrk(name, "_") != NULL;
        for (size_t a = 0; a < fit->arc_count; a++)
            arc = arc || strcmp(fit->arcs[a].name, name) == 0;
        if (!arc)
            return name;
    }
    return NULL;
}

/* Arcs, series resistor, and the sum of what conducts within the pellet. */
static closo_status find_processes(closo_conductivity_series *series, closo_arena *arena,
                                   closo_error *error)
{
    const closo_eis *eis = series->eis;
    const closo_circuit_fit *first = eis->fits[0];
    const char *resistor = series_resistor(first);
    bool grains = false;
    series->processes = closo_arena_alloc(arena, first->arc_count + 2, sizeof *series->processes);
    if (series->processes == NULL)
        return closo_fail_nomem(error);
    for (size_t a = 0; a < first->arc_count; a++) {
        double capacitance_F_per_m =
            mean_capacitance(eis, a, series->pellet.cell_constant_per_m.value);
        closo_conduction_process *process =
            add(series, kind_of(capacitance_F_per_m), first->arcs[a].name, arena);
        if (process == NULL)
            return closo_fail_nomem(error);
        process->capacitance_F_per_m = capacitance_F_per_m;
        grains = grains || process->kind == CLOSO_CONDUCTION_GRAINS;
        for (size_t s = 0; s < eis->spectrum_count; s++)
            process->resistance_ohm[s] = eis->fits[s]->arcs[a].resistance_ohm;
    }
    keep_one_for_grains(series, arena);
    if (resistor != NULL) {
        closo_conduction_process *process = add(
            series, grains ? CLOSO_CONDUCTION_SERIES : CLOSO_CONDUCTION_GRAINS, resistor, arena);
        if (process == NULL)
            return closo_fail_nomem(error);
        for (size_t s = 0; s < eis->spectrum_count; s++) {
            const closo_fitted_parameter *p =
                &eis->fits[s]->parameters[parameter_called(eis->fits[s], resistor)];
            process->resistance_ohm[s] = (closo_value){p->value, p->sigma};
        }
        if (!grains)
            closo_notes_add(&series->notes, arena,
                            "no arc has the capacitance of grains: %s is taken for them (their arc "
                            "lies above the highest frequency); leads are part of it",
                            resistor);
    }
    return CLOSO_OK;
}

/* The sum of grains and boundaries, with correlations. */
static closo_status add_total(closo_conductivity_series *series, closo_arena *arena,
                              closo_error *error)
{
    size_t parts = 0, indices[CLOSO_CIRCUIT_PARAMETERS_MAX], count = series->process_count;
    for (size_t p = 0; p < count; p++)
        parts += series->processes[p].kind == CLOSO_CONDUCTION_GRAINS ||
                 series->processes[p].kind == CLOSO_CONDUCTION_BOUNDARIES;
    if (parts < 2)
        return CLOSO_OK;
    closo_conduction_process *total = add(series, CLOSO_CONDUCTION_TOTAL, "sum", arena);
    if (total == NULL)
        return closo_fail_nomem(error);
    for (size_t s = 0; s < series->eis->spectrum_count; s++) {
        const closo_circuit_fit *fit = series->eis->fits[s];
        size_t taken = 0;
        for (size_t p = 0; p < count; p++) {
            const closo_conduction_process *process = &series->processes[p];
            size_t k = parameter_called(fit, process->name);
            bool inside = process->kind == CLOSO_CONDUCTION_GRAINS ||
                          process->kind == CLOSO_CONDUCTION_BOUNDARIES;
            if (inside && k < fit->parameter_count)
                indices[taken++] = k;
        }
        /* Arcs of elements with a resistance of another name (ZARC1_R) are found by it too. */
        total->resistance_ohm[s] =
            taken == parts ? closo_circuit_fit_sum(fit, indices, taken) : (closo_value){NAN, NAN};
    }
    return CLOSO_OK;
}

/* Why a spectrum's resistance is not made a conductivity; NULL when it is. */
static const char *why_none(const closo_eis *eis, size_t s, closo_value resistance_ohm)
{
    if (eis->kk[s].count != 0 && eis->kk[s].verdict == CLOSO_KK_INCONSISTENT)
        return "the spectrum fails the Kramers-Kronig test";
    if (!(resistance_ohm.value > 0) || !isfinite(resistance_ohm.value))
        return "no resistance was found";
    return resistance_ohm.sigma >= 0 && isfinite(resistance_ohm.sigma)
               ? NULL
               : "the fit gives its resistance no uncertainty";
}

/* Points that are known well enough; errors of the fits alone, as that of the size is common to all. */
static closo_status fit_process(closo_conductivity_series *series,
                                closo_conduction_process *process,
                                const closo_conductivity_options *options, closo_arena *arena,
                                closo_error *error)
{
    size_t count = series->eis->spectrum_count, n = 0, distinct = 0;
    double *points = closo_arena_alloc(arena, count, 3 * sizeof *points);
    if (points == NULL)
        return closo_fail_nomem(error);
    double *T_K = points, *sigma = points + count, *error_of = points + 2 * count;
    double per_ohm = series->pellet.cell_constant_per_m.value;
    bool weighted = true;
    for (size_t s = 0; s < count; s++) {
        closo_value r = process->resistance_ohm[s];
        double temperature_K = series->eis->spectra[s].temperature_K;
        closo_status status = CLOSO_OK;
        process->conductivity_S_per_m[s] = (closo_value){NAN, NAN};
        const char *none = why_none(series->eis, s, r);
        if (none == NULL)
            status = closo_conductivity_from_resistance(r, &options->pellet,
                                                        &process->conductivity_S_per_m[s], error);
        if (status != CLOSO_OK)
            return status;
        if (none == NULL && r.sigma > useful_share * r.value)
            none = "it is known to less than a half of itself";
        if (none != NULL) {
            closo_notes_add(
                &series->notes, arena,
                "%s (%s) of '%.60s' is left out of its conductivities and Arrhenius plot: %s",
                process->name, closo_conduction_name(process->kind), series->eis->spectra[s].name,
                none);
            continue;
        }
        if (!(temperature_K > 0))
            continue;
        bool seen = false;
        for (size_t k = 0; k < n; k++)
            seen = seen || fabs(T_K[k] - temperature_K) < 0.5;
        distinct += !seen;
        T_K[n] = temperature_K;
        sigma[n] = per_ohm / r.value;
        error_of[n] = sigma[n] * r.sigma / r.value;
        weighted = weighted && error_of[n] > 0;
        n++;
    }
    process->data = (closo_arrhenius_data){n, T_K, sigma, weighted ? error_of : NULL};
    if (distinct < LEAST_TEMPERATURES)
        return CLOSO_OK;
    closo_arrhenius_result *result = closo_arena_alloc(arena, 1, sizeof *result);
    if (result == NULL)
        return closo_fail_nomem(error);
    closo_status status =
        closo_arrhenius_fit_data(&process->data, &options->arrhenius, arena, result, error);
    process->arrhenius = status == CLOSO_OK ? result : NULL;
    return status;
}

static void hand_on(closo_notes *to, const closo_notes *from, const char *name, closo_arena *arena)
{
    for (size_t i = 0; i < from->count; i++)
        if (name != NULL)
            closo_notes_add(to, arena, "%.60s: %s", name, from->texts[i]);
        else
            closo_notes_add(to, arena, "%s", from->texts[i]);
    to->dropped += from->dropped;
}

/* Of the pellet, of the analysis (with the verdicts of Kramers and Kronig), of each fit. */
static void collect_warnings(closo_conductivity_series *series, closo_arena *arena)
{
    const closo_eis *eis = series->eis;
    hand_on(&series->warnings, &series->pellet.warnings, NULL, arena);
    hand_on(&series->warnings, &eis->notes, NULL, arena);
    for (size_t s = 0; s < eis->spectrum_count; s++)
        hand_on(&series->warnings, &eis->fits[s]->notes, eis->spectra[s].name, arena);
}

static void warn(closo_conductivity_series *series, closo_arena *arena)
{
    size_t without = 0, count = series->eis->spectrum_count;
    for (size_t s = 0; s < count; s++)
        without += !(series->eis->spectra[s].temperature_K > 0);
    if (without != 0)
        closo_notes_add(&series->notes, arena,
                        "%zu of %zu spectra have no temperature and are in no Arrhenius plot; give "
                        "--temperatures '20, 40, 60 degC', one for each",
                        without, count);
    for (size_t p = 0; p < series->process_count; p++) {
        const closo_conduction_process *process = &series->processes[p];
        for (size_t q = 0; q < p; q++)
            if (process->kind == series->processes[q].kind &&
                process->kind != CLOSO_CONDUCTION_ELECTRODE)
                closo_notes_add(&series->notes, arena,
                                "%s and %s both have the capacitance of %s: one of them is "
                                "something else",
                                series->processes[q].name, process->name,
                                closo_conduction_name(process->kind));
        if (process->kind == CLOSO_CONDUCTION_BOUNDARIES)
            closo_notes_add(&series->notes, arena,
                            "the conductivity of the boundaries (%s) is the apparent one, with the "
                            "size of the pellet; boundaries are much thinner, and conduct less",
                            process->name);
    }
}

/* A copy in rising temperature, those without one last: neighbours help each other's fit. */
static closo_spectrum *sorted(const closo_spectrum *spectra, size_t count, closo_arena *arena)
{
    closo_spectrum *copy = closo_arena_copy(arena, spectra, count, sizeof *copy);
    for (size_t i = 1; i < count && copy != NULL; i++) {
        const closo_spectrum moved = copy[i];
        size_t place = i;
        for (; place > 0 && moved.temperature_K > 0 &&
               !(copy[place - 1].temperature_K <= moved.temperature_K);
             place--)
            copy[place] = copy[place - 1];
        copy[place] = moved;
    }
    return copy;
}

closo_status closo_conductivity_series_analyse(const closo_spectrum *spectra, size_t count,
                                               const closo_conductivity_options *options,
                                               closo_arena *arena,
                                               closo_conductivity_series *series,
                                               closo_error *error)
{
    closo_eis *eis;
    *series = (closo_conductivity_series){0};
    const closo_spectrum *rising = sorted(spectra, count, arena);
    if (rising == NULL && count != 0)
        return closo_fail_nomem(error);
    closo_status status = closo_pellet_work_out(&options->pellet, arena, &series->pellet, error);
    if (status == CLOSO_OK)
        status = closo_eis_analyse(rising, count, &options->eis, arena, &eis, error);
    if (status != CLOSO_OK)
        return status;
    series->eis = eis;
    for (size_t i = 0; i < eis->notes.count; i++)
        closo_notes_add(&series->notes, arena, "%s", eis->notes.texts[i]);
    status = find_processes(series, arena, error);
    if (status == CLOSO_OK && series->process_count == 0)
        status = closo_fail(error, CLOSO_RANGE,
                            "the circuit has no resistance in series with the others, so no "
                            "conductivity; give another with --circuit");
    if (status == CLOSO_OK)
        status = add_total(series, arena, error);
    for (size_t p = 0; p < series->process_count && status == CLOSO_OK; p++)
        status = fit_process(series, &series->processes[p], options, arena, error);
    if (status == CLOSO_OK) {
        warn(series, arena);
        collect_warnings(series, arena);
    }
    return status;
}
