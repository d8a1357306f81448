/* SPDX-License-Identifier: BSD-3-Clause */
/* analyses.c: the analyses over cycles, one after the other; what cannot be had is left out, with a note. */
#include "analysis_internal.h"

#include <math.h>

static closo_status find_knee(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_cycling_analyses *analyses = work->analyses;
    int reference = cycling->summary.retention.reference_cycle;
    double *number = closo_arena_alloc(work->passing, cycling->cycle_count, sizeof *number);
    double *kept = closo_arena_alloc(work->passing, cycling->cycle_count, sizeof *kept);
    if (number == NULL || kept == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    double whole_C = NAN;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete || reference == 0 || cycle->cycle < reference)
            continue;
        double capacity_C = closo_cycling_got_back(cycling, cycle);
        whole_C = count == 0 ? capacity_C : whole_C;
        number[count] = cycle->cycle;
        kept[count++] = capacity_C / whole_C;
    }
    closo_error reason = {0};
    closo_status status =
        closo_knee_find(number, kept, count, work->passing, &analyses->knee, &reason);
    analyses->has_knee = status == CLOSO_OK;
    if (status == CLOSO_NOMEM)
        return closo_fail_nomem(error);
    if (analyses->rate_test.rate_count > 1 && analyses->has_knee &&
        analyses->knee.kind != CLOSO_KNEE_NONE)
        closo_notes_add(&analyses->notes, work->arena,
                        "the current was changed between cycles: a bend of the retention may be "
                        "that of the rate, not of the cell; count from a cycle after the change "
                        "(the reference cycle)");
    if (analyses->has_knee && analyses->knee.sigma_factor > 1)
        closo_notes_add(&analyses->notes, work->arena,
                        "neighbouring cycles deviate from the fade alike (r = %.2f): sigma of the "
                        "knee and its slopes is enlarged %.1f times",
                        analyses->knee.correlation, analyses->knee.sigma_factor);
    return CLOSO_OK;
}

/* ---- dQ/dV and dV/dQ of chosen cycles ---- */

size_t closo_cycling_choose(const closo_cycling *cycling, int chosen[CLOSO_CYCLES_CHOSEN])
{
    size_t count = cycling->cycle_count, picked = 0;
    if (count <= CLOSO_CYCLES_CHOSEN) {
        for (size_t c = 0; c < count; c++)
            chosen[c] = (int)c + 1;
        return count;
    }
    chosen[picked++] = 1;
    for (size_t k = 0; k + 1 < CLOSO_CYCLES_CHOSEN; k++)
        chosen[picked++] = 2 + (int)((count - 2) * k / (CLOSO_CYCLES_CHOSEN - 2));
    return picked;
}

/* Adds the curve of one half cycle, or a note why there is none. */
static closo_status add_curve(closo_analysis_work *work, size_t half, closo_differential_kind kind,
                              closo_error *error)
{
    closo_cycling_analyses *analyses = work->analyses;
    bool capacity = kind == CLOSO_DIFFERENTIAL_CAPACITY;
    size_t *count = capacity ? &analyses->capacity_count : &analyses->potential_count;
    closo_error reason = {0};
    closo_status status = closo_differential_make(
        work->cycling, half, kind,
        capacity ? work->options->bandwidth_V : work->options->bandwidth_C, work->arena,
        &(capacity ? analyses->capacities : analyses->potentials)[*count], &reason);
    *count += status == CLOSO_OK;
    if (status == CLOSO_NOMEM)
        return closo_fail_nomem(error);
    if (status != CLOSO_OK && capacity)
        closo_notes_add(&analyses->notes, work->arena, "no dQ/dV in cycle %d: %s",
                        closo_cycling_cycle_of(work->cycling, half), reason.message);
    return CLOSO_OK;
}

static closo_status differentiate(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_cycling_analyses *analyses = work->analyses;
    int chosen[CLOSO_CYCLES_CHOSEN];
    const int *cycles = work->options->cycles;
    size_t count = work->options->cycle_count;
    if (cycles == NULL) {
        count = closo_cycling_choose(cycling, chosen);
        cycles = chosen;
    }
    analyses->capacities =
        closo_arena_alloc(work->arena, 2 * count + 1, sizeof *analyses->capacities);
    analyses->potentials =
        closo_arena_alloc(work->arena, 2 * count + 1, sizeof *analyses->potentials);
    if (analyses->capacities == NULL || analyses->potentials == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < count; k++) {
        if (cycles[k] < 1 || (size_t)cycles[k] > cycling->cycle_count) {
            closo_notes_add(&analyses->notes, work->arena, "there is no cycle %d; there are %zu",
                            cycles[k], cycling->cycle_count);
            continue;
        }
        const closo_cycle *cycle = &cycling->cycles[cycles[k] - 1];
        const size_t halves[] = {cycle->charge_half, cycle->discharge_half};
        for (size_t i = 0; i < 4; i++) {
            if (halves[i / 2] == SIZE_MAX)
                continue;
            closo_status status = add_curve(
                work, halves[i / 2],
                i % 2 == 0 ? CLOSO_DIFFERENTIAL_CAPACITY : CLOSO_DIFFERENTIAL_POTENTIAL, error);
            if (status != CLOSO_OK)
                return status;
        }
    }
    return CLOSO_OK;
}

/* A bend of the retention that the test itself made. */
static void note_rising_cut_off(closo_analysis_work *work)
{
    closo_cycling_analyses *analyses = work->analyses;
    if (analyses->stepwise.count != 0 && !analyses->stepwise.within_one_charge &&
        analyses->has_knee)
        closo_notes_add(&analyses->notes, work->arena,
                        "the upper cut-off was raised between cycles: retention, its slope and its "
                        "knee follow the cut-off, not only the cell");
}

static closo_status run_analyses(closo_analysis_work *work, closo_error *error)
{
    closo_status status = closo_cycling_rate_test(work, error);
    if (status != CLOSO_OK)
        return status;
    closo_cycling_formation(work);
    static const struct {
        closo_status (*run)(closo_analysis_work *, closo_error *);
        bool in_brief;
    } rest[] = {{find_knee, true},
                {closo_cycling_resistance, true},
                {closo_cycling_relaxation, false},
                {closo_cycling_cut_offs, true},
                {closo_cycling_plateaus, true},
                {closo_cycling_stepwise, true},
                {differentiate, false}};
    for (size_t i = 0; i < sizeof rest / sizeof *rest && status == CLOSO_OK; i++)
        if (rest[i].in_brief || !work->options->brief)
            status = rest[i].run(work, error);
    if (status == CLOSO_OK)
        note_rising_cut_off(work);
    return status;
}

closo_status closo_cycling_analyse(closo_cycling *cycling,
                                   const closo_cycling_analysis_options *options,
                                   closo_arena *arena, closo_error *error)
{
    static const closo_cycling_analysis_options none = {0};
    closo_analysis_work work = {.cycling = cycling,
                                .options = options != NULL ? options : &none,
                                .arena = arena,
                                .analyses =
                                    closo_arena_alloc(arena, 1, sizeof(closo_cycling_analyses)),
                                .passing = closo_arena_new(0)};
    closo_status status = work.analyses != NULL && work.passing != NULL ? run_analyses(&work, error)
                                                                        : closo_fail_nomem(error);
    closo_arena_free(work.passing);
    if (status == CLOSO_OK)
        cycling->analyses = work.analyses;
    return status;
}
