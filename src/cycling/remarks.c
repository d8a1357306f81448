/* SPDX-License-Identifier: BSD-3-Clause */
/* remarks.c: what a careful colleague would say who saw the table of cycles: a turned sign, a cell or a technique that is
 * another, more charge than was put in, a retention between two currents. Numbers are left as they are. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum { STEPS_OF_SWEEP = 10 };        /* without a rest between them, for each half cycle */
static const double turned_V = 2e-3; /* the mean potentials have to be further apart than that */
static const double gained = 1.02;   /* of the coulombic efficiency */
static const double other_rate = 0.1, other_kind = 0.5, nearly_all = 0.9;
static const double equal_share =
    0.3; /* |charge + discharge| potential of equal electrodes, of their distance */

#define NOTE(work, ...) closo_notes_add(&(work)->cycling->notes, (work)->arena, __VA_ARGS__)

/* Means over the complete cycles. */
typedef struct complete_cycles {
    size_t count, turned, opposed;
    double below_V; /* by how much charging lies below discharging in those that are turned */
} complete_cycles;

static complete_cycles look_at(const closo_cycling *cycling)
{
    complete_cycles seen = {0};
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete)
            continue;
        seen.count++;
        double apart_V = cycle->mean_charge_V - cycle->mean_discharge_V;
        if (apart_V < -turned_V) {
            seen.turned++;
            seen.below_V -= apart_V;
        }
        seen.opposed +=
            cycle->mean_charge_V > 0 && cycle->mean_discharge_V < 0 &&
            fabs(cycle->mean_charge_V + cycle->mean_discharge_V) < equal_share * apart_V;
    }
    if (seen.turned != 0)
        seen.below_V /= (double)seen.turned;
    return seen;
}

/* A passive cell takes a higher potential to be charged than it gives back. */
static void remark_signs(closo_cycling_work *work, const complete_cycles *seen)
{
    if (2 * seen->turned > seen->count)
        NOTE(work,
             "in %zu of %zu complete cycles the mean potential while charging lies below that "
             "while discharging, by %.3g V: the currents seem to have the opposite sign here "
             "(anodic has to be positive), so that charge and discharge change places; turn the "
             "sign of the column",
             seen->turned, seen->count, seen->below_V);
    if (2 * seen->opposed > seen->count)
        NOTE(work, "the potential changes its sign with the current, as in a cell with two equal "
                   "electrodes: efficiency and retention then say nothing of it (closo symmetric); "
                   "where one was a bare foil at the start they are those of plating and "
                   "stripping");
}

static void remark_gain(closo_cycling_work *work, const complete_cycles *seen)
{
    const closo_cycling *cycling = work->cycling;
    size_t above = 0;
    double highest = 0;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        double efficiency = cycling->cycles[c].coulombic_efficiency;
        if (!cycling->cycles[c].complete || !(efficiency > gained))
            continue;
        above++;
        highest = fmax(highest, efficiency);
    }
    if (2 * above > seen->count)
        NOTE(work,
             "in %zu of %zu complete cycles more is got back than was put in (coulombic efficiency "
             "up to %.4g %%): %s",
             above, seen->count, 100 * highest,
             cycling->role == CLOSO_ROLE_ANODE
                 ? "a wrong role, or charge from elsewhere"
                 : "an anode half cell (then its role has to be told), or charge from elsewhere");
}

/* The mean current of the half cycle that gives the charge back. */
static double given_back_A(const closo_cycling *cycling, int number)
{
    const closo_cycle *cycle = &cycling->cycles[number - 1];
    size_t half = cycling->role == CLOSO_ROLE_ANODE ? cycle->charge_half : cycle->discharge_half;
    return half == SIZE_MAX ? (double)NAN : fabs(cycling->half_cycles[half].rate_A);
}

static void remark_retention(closo_cycling_work *work)
{
    const closo_retention *retention = &work->cycling->summary.retention;
    if (retention->reference_cycle < 1 || retention->last_cycle <= retention->reference_cycle)
        return;
    double factor = given_back_A(work->cycling, retention->last_cycle) /
                    given_back_A(work->cycling, retention->reference_cycle);
    if (fabs(factor - 1) > other_rate && isfinite(factor))
        NOTE(work,
             "cycle %d ran at %.3g times the current of cycle %d: the retention between them is "
             "that of the rate as much as of age; choose another reference cycle",
             retention->last_cycle, factor, retention->reference_cycle);
}

/* Galvanostatic cycling has constant currents, and holds at most at its ends; a current that moves all the time falls apart
 * into many short steps, one beside the other. True when it is no galvanostatic cycling. */
static bool remark_technique(closo_cycling_work *work)
{
    const closo_cycling *cycling = work->cycling;
    double all_C = 0, varying_C = 0, held_C = 0;
    size_t beside = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        double charge_C = fabs(step->charge_C);
        all_C += charge_C;
        varying_C += step->kind == CLOSO_STEP_VARYING ? charge_C : 0;
        held_C += step->kind == CLOSO_STEP_HOLD ? charge_C : 0;
        beside += s > 0 && step->direction != 0 && step->direction == step[-1].direction;
    }
    if (varying_C > other_kind * all_C || beside > STEPS_OF_SWEEP * cycling->half_cycle_count) {
        NOTE(work, "the current moves most of the time: a sweep (closo cv), or a load that varies, "
                   "and no galvanostatic cycling");
        return true;
    }
    if (held_C > nearly_all * all_C) {
        NOTE(work,
             "%.0f %% of the charge flowed at constant potential: no galvanostatic cycling (closo "
             "polarise is for steady currents)",
             100 * held_C / all_C);
        return true;
    }
    return false;
}

closo_status closo_cycling_remark(closo_cycling_work *work, closo_error *error)
{
    (void)error; /* a stage as the others; notes cannot fail */
    if (remark_technique(work))
        return CLOSO_OK;
    complete_cycles seen = look_at(work->cycling);
    if (seen.count == 0)
        return CLOSO_OK;
    remark_signs(work, &seen);
    if (2 * seen.opposed > seen.count)
        return CLOSO_OK;
    remark_gain(work, &seen);
    remark_retention(work);
    return CLOSO_OK;
}
