/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as the steps of an experiment: a refusal has a sentence, and what is taken can be run to its end. */
#include "fuzz_text.h"

#include "closo/cell.h"

#include <math.h>

static void check_step(const closo_experiment_step *step)
{
    bool limited = isfinite(step->until_V) || isfinite(step->until_current_A_per_m2) ||
                   isfinite(step->until_s) || isfinite(step->until_charge_C_per_m2);
    demand(step->line > 0 && step->cycle > 0);
    demand(isfinite(step->potential_V) && fabs(step->potential_V) <= 20);
    switch (step->kind) {
    case CLOSO_EXPERIMENT_CURRENT:
        demand(limited && isfinite(step->current_A_per_m2) && step->current_A_per_m2 != 0);
        break;
    case CLOSO_EXPERIMENT_POTENTIAL:
        demand(limited);
        break;
    case CLOSO_EXPERIMENT_SWEEP:
        demand(step->rate_V_per_s > 0 && isfinite(step->rate_V_per_s));
        break;
    case CLOSO_EXPERIMENT_REST:
        demand(step->until_s > 0 && isfinite(step->until_s));
        break;
    case CLOSO_EXPERIMENT_IMPEDANCE:
        demand(step->from_Hz > 0 && step->to_Hz > 0 && step->from_Hz != step->to_Hz &&
               step->per_decade >= 1);
        break;
    case CLOSO_EXPERIMENT_TEMPERATURE:
        demand(step->temperature_K >= 100 && step->temperature_K <= 2000);
        break;
    }
}

/* Passes lie in the experiment and in each other, and behind them it goes on. */
static void check_pass(const closo_experiment *experiment, const closo_experiment_pass *pass)
{
    demand(pass->first_step <= pass->last_step && pass->last_step < pass->behind);
    demand(pass->behind <= experiment->step_count && pass->depth < CLOSO_EXPERIMENT_DEPTH);
    demand(pass->number >= 1 && pass->number <= pass->count && pass->stop_count >= 1);
    for (size_t i = 0; i < pass->stop_count; i++)
        demand(isfinite(pass->stops[i].value) && pass->stops[i].of_pass < pass->count + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)512 << 20);
    char *text = arena != NULL ? closo_arena_text_n(arena, (const char *)data, size) : NULL;
    if (text != NULL) {
        closo_experiment experiment;
        closo_error error = {0};
        closo_status status = closo_experiment_parse(text, 5616, arena, &experiment, &error);
        demand(status == CLOSO_OK || status == CLOSO_FORMAT || status == CLOSO_LIMIT);
        demand((status == CLOSO_OK) == (experiment.step_count > 0));
        demand(status == CLOSO_OK || (error.status == status && error.message[0] != '\0'));
        for (size_t i = 0; i < experiment.step_count; i++)
            check_step(&experiment.steps[i]);
        for (size_t i = 0; i < experiment.pass_count; i++)
            check_pass(&experiment, &experiment.passes[i]);
        closo_span shown;
        demand(closo_text_to_utf8(arena, error.message, strlen(error.message), &shown));
        demand(closo_span_equals(shown, error.message));
    }
    closo_arena_free(arena);
    return 0;
}
