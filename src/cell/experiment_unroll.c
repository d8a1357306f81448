/* SPDX-License-Identifier: BSD-3-Clause */
/* experiment_unroll.c: loops to the steps one after the other; steps that would end as they begin are found here. */
#include "experiment_internal.h"

#include <math.h>
#include <stdio.h>

/* A loop that is being run. */
typedef struct frame {
    size_t repeat; /* instruction */
    size_t pass;
    size_t number; /* in the experiment's passes, when it has rules */
    bool ruled;
} frame;

/* Bounds of the potential that a step has left, NaN where nothing is known: behind a discharge until 2.5 V it is 2.5 V or
 * more, whatever ended it. */
typedef struct bound {
    double least_V, most_V;
    size_t line;
    bool
        resting_keeps; /* behind a discharge potential rises at rest, behind a charge it falls: the bound holds on */
} bound;

/* The word for what has been done before, of a step that ends at its potential already. */
static closo_status ends_at_once(const closo_program *program, const closo_instruction *instruction,
                                 double until_V, const bound *left)
{
    bool charges = instruction->step.current_A_per_m2 > 0;
    const closo_statement statement = {.text = instruction->text, .line = instruction->line};
    return closo_statement_fail(
        &statement, program->error,
        "%s until %.6g V begins at %.6g V or %s, where line %zu leaves the cell: the cut-offs are out "
        "of order, for a %s takes the potential %s",
        charges ? "a charge" : "a discharge", until_V, charges ? left->least_V : left->most_V,
        charges ? "more" : "less", left->line, charges ? "charge" : "discharge",
        charges ? "up" : "down");
}

static closo_status follow(const closo_program *program, const closo_instruction *instruction,
                           const closo_experiment_step *step, bound *left)
{
    const bound unknown = {NAN, NAN, step->line, false};
    double until_V = step->until_V;
    switch (step->kind) {
    case CLOSO_EXPERIMENT_CURRENT:
        if (step->current_A_per_m2 > 0 ? until_V <= left->least_V : until_V >= left->most_V)
            return ends_at_once(program, instruction, until_V, left);
        *left = unknown;
        left->resting_keeps = true;
        if (step->current_A_per_m2 > 0)
            left->most_V = until_V;
        else
            left->least_V = until_V;
        break;
    case CLOSO_EXPERIMENT_POTENTIAL:
        *left = (bound){step->potential_V, step->potential_V, step->line, false};
        break;
    case CLOSO_EXPERIMENT_SWEEP: /* it can end before its vertex when it has limits */
        *left = unknown;
        if (isnan(step->until_s) && isnan(step->until_charge_C_per_m2))
            left->least_V = left->most_V = step->potential_V;
        break;
    case CLOSO_EXPERIMENT_REST:
        if (!left->resting_keeps)
            *left = unknown;
        break;
    case CLOSO_EXPERIMENT_IMPEDANCE:
        break;
    case CLOSO_EXPERIMENT_TEMPERATURE: /* potentials at rest move with it */
        *left = unknown;
        break;
    }
    return CLOSO_OK;
}

static double ramped(double potential_V, const closo_ramp *ramp, const frame *frames, size_t depth)
{
    if (ramp->every == 0 || ramp->outer >= depth)
        return potential_V;
    size_t steps = frames[depth - 1 - ramp->outer].pass / ramp->every; /* whole ones */
    return potential_V + ramp->by_V * (double)steps;
}

/* Which way a step goes: oxidation 1, reduction -1, 0 when that cannot be told from the words. */
static int direction(const closo_experiment_step *step, double before_V)
{
    if (step->kind == CLOSO_EXPERIMENT_CURRENT)
        return step->current_A_per_m2 > 0 ? 1 : -1;
    if (step->kind == CLOSO_EXPERIMENT_SWEEP && !isnan(before_V) && step->potential_V != before_V)
        return step->potential_V > before_V ? 1 : -1;
    return 0;
}

/* A cycle begins where the direction of the first step comes back after the other one. */
typedef struct cycle_count {
    int first, last, number;
    double swept_V;
} cycle_count;

static void count_cycle(cycle_count *cycle, closo_experiment_step *step)
{
    int now = direction(step, cycle->swept_V);
    if (now != 0) {
        if (cycle->first == 0)
            cycle->first = now;
        if (now == cycle->first && cycle->last == -now)
            cycle->number++;
        cycle->last = now;
    }
    if (step->kind == CLOSO_EXPERIMENT_SWEEP || step->kind == CLOSO_EXPERIMENT_POTENTIAL)
        cycle->swept_V = step->potential_V;
    step->cycle = cycle->number;
}

static closo_status put_step(const closo_program *program, const closo_instruction *instruction,
                             const frame *frames, size_t depth, closo_experiment_step *step)
{
    *step = instruction->step;
    step->potential_V = ramped(step->potential_V, &instruction->potential_ramp, frames, depth);
    step->until_V = ramped(step->until_V, &instruction->until_ramp, frames, depth);
    if (fabs(step->potential_V) > 20 || fabs(step->until_V) > 20) {
        const closo_statement statement = {.text = instruction->text, .line = instruction->line};
        return closo_statement_fail(&statement, program->error,
                                    "its ramp arrives beyond 20 V in pass %zu of the loop",
                                    frames[depth - 1].pass + 1);
    }
    return CLOSO_OK;
}

/* ---- passes of loops that have rules ---- */

typedef struct unrolling {
    const closo_program *program;
    closo_experiment *experiment;
    frame frames[CLOSO_EXPERIMENT_DEPTH];
    size_t depth, ruled; /* loops that are open, and those of them that have rules */
    size_t pass_capacity;
} unrolling;

static bool begin_pass(unrolling *all, frame *loop)
{
    closo_experiment *experiment = all->experiment;
    const closo_instruction *repeat = &all->program->instructions[loop->repeat];
    if (!loop->ruled)
        return true;
    closo_experiment_pass *moved =
        closo_arena_grow(all->program->arena, experiment->passes, experiment->pass_count,
                         &all->pass_capacity, sizeof *experiment->passes);
    if (moved == NULL)
        return false;
    experiment->passes = moved;
    loop->number = experiment->pass_count++;
    moved[loop->number] = (closo_experiment_pass){.first_step = experiment->step_count,
                                                  .number = loop->pass + 1,
                                                  .count = repeat->times,
                                                  .depth = all->ruled - 1,
                                                  .stops = repeat->stops,
                                                  .stop_count = repeat->stop_count,
                                                  .line = repeat->line};
    return true;
}

static bool begin_loop(unrolling *all, size_t repeat)
{
    frame *loop = &all->frames[all->depth++];
    *loop = (frame){.repeat = repeat, .ruled = all->program->instructions[repeat].stop_count > 0};
    all->ruled += loop->ruled;
    return begin_pass(all, loop);
}

/* Behind a loop all its passes know where that is. */
static void close_passes(const closo_experiment *experiment, const frame *loop)
{
    size_t left = loop->pass;
    for (size_t i = loop->number + 1; i-- > 0 && left > 0;)
        if (experiment->passes[i].depth == experiment->passes[loop->number].depth) {
            experiment->passes[i].behind = experiment->step_count;
            left--;
        }
}

/* False when out of memory; *again: the loop goes on. */
static bool end_pass(unrolling *all, bool *again)
{
    frame *loop = &all->frames[all->depth - 1];
    if (loop->ruled)
        all->experiment->passes[loop->number].last_step = all->experiment->step_count - 1;
    *again = ++loop->pass < all->program->instructions[loop->repeat].times;
    if (*again)
        return begin_pass(all, loop);
    if (loop->ruled)
        close_passes(all->experiment, loop);
    all->ruled -= loop->ruled;
    all->depth--;
    return true;
}

closo_status closo_program_unroll(const closo_program *program, closo_experiment *experiment)
{
    unrolling all = {.program = program, .experiment = experiment};
    bound left = {NAN, NAN, 0, false};
    cycle_count cycle = {.number = 1, .swept_V = NAN};
    closo_experiment_step *steps =
        closo_arena_alloc(program->arena, program->step_count, sizeof *steps);
    if (steps == NULL)
        return closo_fail_nomem(program->error);
    *experiment = (closo_experiment){
        .steps = steps, .every_s = program->every_s, .every_V = program->every_V};
    for (size_t at = 0; at < program->count; at++) {
        const closo_instruction *instruction = &program->instructions[at];
        bool fine = true, again = false;
        if (instruction->kind == CLOSO_INSTRUCTION_REPEAT) {
            fine = begin_loop(&all, at);
        } else if (instruction->kind == CLOSO_INSTRUCTION_END) {
            fine = end_pass(&all, &again);
            if (again)
                at = instruction->partner;
        } else {
            closo_experiment_step *step = &steps[experiment->step_count++];
            closo_status status = put_step(program, instruction, all.frames, all.depth, step);
            if (status == CLOSO_OK)
                status = follow(program, instruction, step, &left);
            if (status != CLOSO_OK)
                return status;
            count_cycle(&cycle, step);
        }
        if (!fine)
            return closo_fail_nomem(program->error);
    }
    return CLOSO_OK;
}
