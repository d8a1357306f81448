/* SPDX-License-Identifier: BSD-3-Clause */
/* charge.c: charge of sweeps, reversibility, and what stepwise voltammograms say about passivation. */
#include "voltammetry_internal.h"

#include "closo/numeric.h"

#include <math.h>

/* Charge of a straight piece of I(t), by sign. */
static void add_piece(double duration_s, double i0_A, double i1_A, double *anodic_C,
                      double *cathodic_C)
{
    if ((i0_A >= 0) == (i1_A >= 0)) {
        double charge_C = 0.5 * (i0_A + i1_A) * duration_s;
        *(charge_C >= 0 ? anodic_C : cathodic_C) += charge_C;
        return;
    }
    double zero = i0_A / (i0_A - i1_A);
    double before_C = 0.5 * i0_A * zero * duration_s,
           after_C = 0.5 * i1_A * (1 - zero) * duration_s;
    *(before_C >= 0 ? anodic_C : cathodic_C) += before_C;
    *(after_C >= 0 ? anodic_C : cathodic_C) += after_C;
}

void closo_charge_between(const closo_trace *trace, size_t first, size_t last, double low_V,
                          double high_V, double *anodic_C, double *cathodic_C)
{
    *anodic_C = *cathodic_C = 0;
    for (size_t i = first; i < last; i++) {
        double duration_s = trace->time_s[i + 1] - trace->time_s[i];
        double e0_V = trace->potential_V[i], e1_V = trace->potential_V[i + 1];
        double i0_A = trace->current_A[i], i1_A = trace->current_A[i + 1];
        if (!(duration_s > 0))
            continue;
        double from = 0, to = 1; /* the part of the interval inside the limits */
        if (e0_V != e1_V) {
            double at_low = (low_V - e0_V) / (e1_V - e0_V),
                   at_high = (high_V - e0_V) / (e1_V - e0_V);
            from = fmax(from, fmin(at_low, at_high));
            to = fmin(to, fmax(at_low, at_high));
        } else if (e0_V < low_V || e0_V > high_V) {
            continue;
        }
        if (!(to > from))
            continue;
        add_piece((to - from) * duration_s, i0_A + from * (i1_A - i0_A), i0_A + to * (i1_A - i0_A),
                  anodic_C, cathodic_C);
    }
}

/* ---- cycles ---- */

static closo_status summarise_cycles(const closo_voltammogram *voltammogram, closo_arena *arena,
                                     closo_voltammogram_summary *summary, closo_error *error)
{
    if (voltammogram->sweep_count == 0)
        return CLOSO_OK;
    size_t count = (size_t)voltammogram->sweeps[voltammogram->sweep_count - 1].cycle;
    closo_reversibility *cycles = closo_arena_alloc(arena, count, sizeof *cycles);
    if (cycles == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++)
        cycles[i] = (closo_reversibility){
            .cycle = (int)i + 1, .low_V = INFINITY, .high_V = -INFINITY, .ratio = NAN};
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        closo_reversibility *cycle = &cycles[leg->cycle - 1];
        cycle->low_V = fmin(cycle->low_V, fmin(leg->from_V, leg->to_V));
        cycle->high_V = fmax(cycle->high_V, fmax(leg->from_V, leg->to_V));
        cycle->anodic_C += leg->anodic_C;
        cycle->cathodic_C += leg->cathodic_C;
    }
    for (size_t i = 0; i < count; i++)
        if (cycles[i].anodic_C > 0)
            cycles[i].ratio = -cycles[i].cathodic_C / cycles[i].anodic_C;
    summary->cycles = cycles;
    summary->cycle_count = count;
    return CLOSO_OK;
}

/* ---- steps of a rising vertex ---- */

static const double least_rise_V = 5e-3; /* smaller differences between vertices are scatter */
enum { LEAST_RISES = 2 };

/* True when the sweep back passes all potentials of a window that the sweep up passed. */
static bool comes_back(const closo_voltammogram *voltammogram, size_t anodic, size_t cathodic,
                       double low_V)
{
    if (cathodic >= voltammogram->sweep_count)
        return false;
    double from_V = voltammogram->sweeps[anodic].from_V;
    return voltammogram->sweeps[cathodic].to_V <= fmax(low_V, from_V) + least_rise_V;
}

/* Charge of the hold between an anodic sweep and the sweep back. */
static double hold_charge(const closo_voltammogram *voltammogram, size_t anodic, size_t cathodic)
{
    double charge_C = 0;
    for (size_t i = anodic + 1; i < cathodic && i < voltammogram->sweep_count; i++)
        charge_C += voltammogram->sweeps[i].anodic_C + voltammogram->sweeps[i].cathodic_C;
    return charge_C;
}

/* Charge of a pair of sweeps within limits: of the anodic one, and net of what flows in both. */
static double net_charge(const closo_voltammogram *voltammogram, size_t anodic, size_t cathodic,
                         double low_V, double high_V, double *anodic_C)
{
    double net_C = 0;
    *anodic_C = 0;
    for (int turn = 0; turn < 2; turn++) {
        size_t index = turn == 0 ? anodic : cathodic;
        if (index >= voltammogram->sweep_count)
            continue;
        const closo_sweep *sweep = &voltammogram->sweeps[index];
        double positive_C, negative_C;
        size_t first = sweep->first_row != 0 ? sweep->first_row - 1 : 0;
        closo_charge_between(&voltammogram->trace, first, sweep->first_row + sweep->row_count - 1,
                             low_V, high_V, &positive_C, &negative_C);
        net_C += positive_C + negative_C;
        if (turn == 0)
            *anodic_C = positive_C;
    }
    return net_C;
}

/* Standard deviation of a sweep's charge between two potentials from the noise of its current. */
static double charge_sigma(const closo_voltammogram *voltammogram, const closo_sweep *sweep,
                           double low_V, double high_V, double *scratch)
{
    const closo_trace *trace = &voltammogram->trace;
    size_t count = 0;
    double sum_s2 = 0;
    for (size_t i = sweep->first_row + 1; i + 1 < sweep->first_row + sweep->row_count; i++) {
        if (trace->potential_V[i] < low_V || trace->potential_V[i] > high_V)
            continue;
        scratch[count++] =
            trace->current_A[i - 1] - 2 * trace->current_A[i] + trace->current_A[i + 1];
        double step_s = trace->time_s[i] - trace->time_s[i - 1];
        sum_s2 += step_s * step_s;
    }
    if (count < 3)
        return NAN;
    double median;
    return closo_robust_sigma(scratch, count, &median) / sqrt(6) * sqrt(sum_s2);
}

static size_t next_cathodic(const closo_voltammogram *voltammogram, size_t anodic)
{
    for (size_t i = anodic + 1; i < voltammogram->sweep_count; i++) {
        if (voltammogram->sweeps[i].direction < 0)
            return i;
        if (voltammogram->sweeps[i].direction > 0)
            break;
    }
    return SIZE_MAX;
}

typedef struct new_window {
    double low_V, high_V, net_C,
        sigma_C; /* of the step before: potentials then new, and their charge */
} new_window;

static void fill_step(const closo_voltammogram *voltammogram, size_t anodic, double highest_V,
                      const new_window *before, double *scratch, closo_vertex_step *step)
{
    const closo_sweep *sweep = &voltammogram->sweeps[anodic];
    size_t cathodic = next_cathodic(voltammogram, anodic);
    double first_V = -INFINITY;
    if (isfinite(highest_V))
        first_V = highest_V;
    *step = (closo_vertex_step){.cycle = sweep->cycle,
                                .complete = true,
                                .vertex_V = sweep->to_V,
                                .previous_vertex_V = highest_V,
                                .passivation = NAN,
                                .passivation_sigma = NAN,
                                .sweep_reversibility = NAN};
    step->new_net_C = net_charge(voltammogram, anodic, cathodic, first_V, INFINITY, &step->new_C);
    if (isfinite(highest_V))
        step->repeated_net_C =
            net_charge(voltammogram, anodic, cathodic, -INFINITY, highest_V, &step->repeated_C);
    step->hold_C =
        cathodic < voltammogram->sweep_count ? hold_charge(voltammogram, anodic, cathodic) : 0;
    if (!comes_back(voltammogram, anodic, cathodic, first_V))
        step->new_net_C = NAN;
    if (!comes_back(voltammogram, anodic, cathodic, -INFINITY)) {
        step->repeated_net_C = NAN;
        step->complete = false;
    }
    if (step->complete && sweep->anodic_C > 0)
        step->sweep_reversibility = -voltammogram->sweeps[cathodic].cathodic_C / sweep->anodic_C;
    if (before == NULL || !step->complete || !(before->net_C > 3 * before->sigma_C))
        return;
    double anodic_C;
    double again_C =
        net_charge(voltammogram, anodic, cathodic, before->low_V, before->high_V, &anodic_C);
    double sigma_C =
        sqrt(2) * charge_sigma(voltammogram, sweep, before->low_V, before->high_V, scratch);
    double ratio = again_C / before->net_C;
    step->passivation = 1 - ratio;
    step->passivation_sigma = hypot(sigma_C, ratio * before->sigma_C) / before->net_C;
}

static closo_status summarise_steps(const closo_voltammogram *voltammogram, closo_arena *arena,
                                    closo_voltammogram_summary *summary, closo_error *error)
{
    size_t anodic_count = 0, rises = 0;
    double highest_V = NAN;
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        if (voltammogram->sweeps[i].direction <= 0)
            continue;
        anodic_count++;
        if (voltammogram->sweeps[i].to_V > highest_V + least_rise_V)
            rises++;
        highest_V = fmax(highest_V, voltammogram->sweeps[i].to_V);
    }
    if (rises < LEAST_RISES)
        return CLOSO_OK;
    closo_vertex_step *steps = closo_arena_alloc(arena, anodic_count, sizeof *steps);
    double *scratch = closo_arena_alloc(arena, voltammogram->trace.row_count, sizeof *scratch);
    if (steps == NULL || scratch == NULL)
        return closo_fail_nomem(error);
    new_window before = {0}, *known = NULL;
    highest_V = NAN;
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *sweep = &voltammogram->sweeps[i];
        if (sweep->direction <= 0)
            continue;
        closo_vertex_step *step = &steps[summary->step_count++];
        fill_step(voltammogram, i, highest_V, known, scratch, step);
        known = NULL;
        if (isfinite(highest_V) && sweep->to_V > highest_V + least_rise_V) {
            before = (new_window){highest_V, sweep->to_V, step->new_net_C, 0};
            before.sigma_C =
                sqrt(2) * charge_sigma(voltammogram, sweep, highest_V, sweep->to_V, scratch);
            known = &before;
        }
        highest_V = fmax(highest_V, sweep->to_V);
    }
    summary->steps = steps;
    return CLOSO_OK;
}

closo_status closo_voltammogram_summarise(const closo_voltammogram *voltammogram,
                                          closo_arena *arena, closo_voltammogram_summary *summary,
                                          closo_error *error)
{
    *summary = (closo_voltammogram_summary){0};
    closo_status status = summarise_cycles(voltammogram, arena, summary, error);
    return status == CLOSO_OK ? summarise_steps(voltammogram, arena, summary, error) : status;
}
