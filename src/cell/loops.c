/* SPDX-License-Identifier: BSD-3-Clause */
/* loops.c: loops that end by what the cell does. The experiment's passes stand as they begin; those that are under way make a
 * pile, the innermost on top. */
#include "simulate_internal.h"

#include <math.h>
#include <string.h>

void cell_loops_begin_step(cell_loops *loops, const closo_experiment *experiment, size_t step,
                           double t_s)
{
    for (;
         loops->next < experiment->pass_count && experiment->passes[loops->next].first_step == step;
         loops->next++) {
        const closo_experiment_pass *pass = &experiment->passes[loops->next];
        cell_loop *loop = &loops->open[pass->depth];
        if (pass->number == 1)
            *loop = (cell_loop){.from_s = t_s};
        loop->pass = loops->next;
        loop->discharged_C_per_m2 = 0;
        loop->met = 0;
        loops->depth = pass->depth + 1;
    }
}

static bool rule_met(const closo_experiment_stop *rule, const closo_experiment_pass *pass,
                     const cell_loop *loop, const cell_step_result *result)
{
    switch (rule->kind) {
    case CLOSO_STOP_CAPACITY_SHARE:
        return pass->number > rule->of_pass &&
               loop->discharged_C_per_m2 < rule->value * loop->reference_C_per_m2;
    case CLOSO_STOP_CAPACITY:
        return loop->discharged_C_per_m2 < rule->value;
    case CLOSO_STOP_POTENTIAL_BELOW:
        return result->potential_V < rule->value;
    case CLOSO_STOP_POTENTIAL_ABOVE:
        return result->potential_V > rule->value;
    case CLOSO_STOP_TIME:
        return result->t_s - loop->from_s > rule->value;
    case CLOSO_STOP_LIMIT:
        return loop->met != 0;
    }
    return false;
}

/* What a rule looks at, in the unit of its sentence. */
static double seen(const closo_experiment_stop *rule, const cell_loop *loop,
                   const cell_step_result *result)
{
    switch (rule->kind) {
    case CLOSO_STOP_CAPACITY_SHARE:
        return 100 * loop->discharged_C_per_m2 / loop->reference_C_per_m2;
    case CLOSO_STOP_CAPACITY:
        return loop->discharged_C_per_m2 / 3.6e4;
    case CLOSO_STOP_TIME:
        return (result->t_s - loop->from_s) / 3600;
    case CLOSO_STOP_POTENTIAL_BELOW:
    case CLOSO_STOP_POTENTIAL_ABOVE:
    case CLOSO_STOP_LIMIT:
        break;
    }
    return result->potential_V;
}

/* Steps behind a loop count on from the cycle that was the last one: its other passes would have counted too. */
static void jump(cell_loops *loops, const closo_experiment *experiment, size_t from, size_t to)
{
    loops->skipped_cycles +=
        (uint64_t)(experiment->steps[to - 1].cycle - experiment->steps[from].cycle);
    while (loops->next < experiment->pass_count && experiment->passes[loops->next].first_step < to)
        loops->next++;
}

size_t cell_loops_end_step(cell_loops *loops, const closo_experiment *experiment,
                           const cell_step_result *result, cell_log *log)
{
    double discharged = fmax(-result->charge_C_per_m2, 0);
    for (size_t d = 0; d < loops->depth; d++) {
        loops->open[d].discharged_C_per_m2 += discharged;
        loops->open[d].met |= result->met_potential;
    }
    size_t step = result->step;
    for (; loops->depth > 0; loops->depth--) {
        cell_loop *loop = &loops->open[loops->depth - 1];
        const closo_experiment_pass *pass = &experiment->passes[loop->pass];
        if (pass->last_step != step)
            break;
        for (size_t r = 0; r < pass->stop_count; r++) {
            const closo_experiment_stop *rule = &pass->stops[r];
            if (rule->kind == CLOSO_STOP_CAPACITY_SHARE && pass->number == rule->of_pass)
                loop->reference_C_per_m2 = loop->discharged_C_per_m2;
            if (pass->number == pass->count || !rule_met(rule, pass, loop, result))
                continue;
            const cell_entry note = {{CELL_ENTRY_NOTE, CELL_NOTE_LOOP_ENDED, (double)step,
                                      (double)pass->line, (double)pass->number, (double)pass->count,
                                      rule->kind, seen(rule, loop, result), (double)rule->of_pass}};
            cell_log_add(log, &note);
            jump(loops, experiment, step, pass->behind);
            /* the loop around may end here too: its last step is then the last one of this loop */
            step = pass->behind - 1;
            break;
        }
    }
    return step + 1;
}
