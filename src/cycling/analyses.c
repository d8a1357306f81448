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

static closo_status run_analyses(closo_analysis_work *work, closo_error *error)
{
    closo_status status = closo_cycling_rate_test(work, error);
    if (status != CLOSO_OK)
        return status;
    closo_cycling_formation(work);
    static closo_status (*const rest[])(closo_analysis_work *, closo_error *) = {
        find_knee, closo_cycling_resistance, closo_cycling_relaxation};
    for (size_t i = 0; i < sizeof rest / sizeof *rest && status == CLOSO_OK; i++)
        status = rest[i](work, error);
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
