/* SPDX-License-Identifier: BSD-3-Clause */
/* stepwise.c: cycles by their upper cut-off as it rises step by step (thesis ch5, Fig. 3), or the steps with holds of a
 * single charge (ch6, Fig. 3), and what each of them did to the cell. */
#include "analysis_internal.h"

#include <math.h>

static const double same_cut_off_V = 0.01;
static const double same_pair_V = 0.15; /* of the middle of the plateaus followed */
static const double pairs_needed = 0.8; /* of the cycles */
static const double dying_share = 0.8;  /* of the current before, on average over a hold */
enum { LEAST_CUT_OFFS = 3 };

/* ---- by cycles ---- */

static double cut_off_of(const closo_cycling *cycling, const closo_cycle *cycle)
{
    const closo_half_cycle *half = &cycling->half_cycles[cycle->charge_half];
    double highest_V = -INFINITY;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++)
        if (cycling->steps[s].direction > 0)
            highest_V = fmax(highest_V, cycling->steps[s].to_V);
    return highest_V;
}

/* Complete cycles in groups of one cut-off; the longest run of rising ones is kept. list has room for all cycles. */
static size_t rising_groups(const closo_cycling *cycling, closo_cut_off *list, size_t *first_kept)
{
    size_t count = 0, best = 0, run = 0;
    *first_kept = 0;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete)
            continue;
        double cut_off_V = cut_off_of(cycling, cycle);
        bool same = count != 0 && fabs(cut_off_V - list[count - 1].cut_off_V) <= same_cut_off_V;
        if (!same) {
            bool rises = count != 0 && cut_off_V > list[count - 1].cut_off_V;
            run = rises ? run + 1 : 1;
            list[count++] = (closo_cut_off){
                .cut_off_V = cut_off_V, .first_cycle = cycle->cycle, .first_efficiency = NAN};
            if (run > best) {
                best = run;
                *first_kept = count - run;
            }
        }
        list[count - 1].cycle_count++;
        list[count - 1].last_cycle = cycle->cycle;
    }
    return best;
}

/* The lowest pair of plateaus of a cycle, near those of the first that had one; NaN without. */
static double lowest_pair_V(const closo_cycling_analyses *analyses, int cycle, double *middle_V)
{
    for (size_t i = 0; i < analyses->overpotential_count; i++) {
        const closo_overpotential *pair = &analyses->overpotentials[i];
        if (pair->cycle != cycle ||
            (isfinite(*middle_V) && fabs(pair->middle_V.value - *middle_V) > same_pair_V))
            continue;
        *middle_V = isfinite(*middle_V) ? *middle_V : pair->middle_V.value;
        return pair->overpotential_V.value;
    }
    return NAN;
}

static void fill_overpotentials(const closo_analysis_work *work, closo_damage_point *points,
                                size_t count)
{
    const closo_cycling *cycling = work->cycling;
    double middle_V = NAN;
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        double pair_V = lowest_pair_V(work->analyses, (int)points[i].x, &middle_V);
        points[i].value[CLOSO_DAMAGE_OVERPOTENTIAL] = pair_V;
        known += isfinite(pair_V);
    }
    if ((double)known >= pairs_needed * (double)count)
        return;
    for (size_t i = 0; i < count; i++) {
        const closo_cycle *cycle = &cycling->cycles[(size_t)points[i].x - 1];
        points[i].value[CLOSO_DAMAGE_OVERPOTENTIAL] =
            0.5 * (cycle->mean_charge_V - cycle->mean_discharge_V);
    }
}

/* A point for each cycle but the first at its cut-off, unless that has no other. before: the cycle before at the same
 * cut-off, or NULL. */
static void add_point(const closo_cycling *cycling, const closo_cycle *cycle,
                      const closo_cycle *before, size_t cut_off, closo_damage_point *point)
{
    double put_in_C = closo_cycling_put_in(cycling, cycle),
           back_C = closo_cycling_got_back(cycling, cycle);
    *point = (closo_damage_point){.cut_off = cut_off, .x = cycle->cycle};
    point->value[CLOSO_DAMAGE_IRREVERSIBLE] = 1 - back_C / put_in_C;
    point->value[CLOSO_DAMAGE_LOSS] =
        before != NULL ? 1 - back_C / closo_cycling_got_back(cycling, before) : (double)NAN;
    point->value[CLOSO_DAMAGE_RESISTANCE] =
        cycling->half_cycles[cycle->discharge_half].resistance_ohm;
    point->value[CLOSO_DAMAGE_HOLD] =
        cycling->half_cycles[cycle->charge_half].hold_C / cycle->charge_C;
}

static size_t fill_groups(const closo_analysis_work *work, closo_stepwise *test,
                          closo_damage_point *points)
{
    const closo_cycling *cycling = work->cycling;
    size_t count = 0;
    for (size_t g = 0; g < test->count; g++) {
        closo_cut_off *at = &test->cut_offs[g];
        const closo_cycle *before = NULL;
        double counted = at->cycle_count > 1 ? (double)(at->cycle_count - 1) : 1;
        for (int n = at->first_cycle; n <= at->last_cycle; n++) {
            const closo_cycle *cycle = &cycling->cycles[n - 1];
            if (!cycle->complete)
                continue;
            at->irreversible_C +=
                closo_cycling_put_in(cycling, cycle) - closo_cycling_got_back(cycling, cycle);
            if (before == NULL)
                at->first_efficiency = cycle->coulombic_efficiency;
            if (before != NULL || at->cycle_count == 1) {
                at->charge_C += cycle->charge_C / counted;
                at->discharge_C += cycle->discharge_C / counted;
                at->efficiency += cycle->coulombic_efficiency / counted;
                add_point(cycling, cycle, before, g, &points[count++]);
            }
            before = cycle;
        }
    }
    fill_overpotentials(work, points, count);
    return count;
}

/* ---- in one charge ---- */

/* Step of potential over step of current where a step sets in; NaN when it is the first or the clock stopped. */
static closo_status resistance_at(const closo_analysis_work *work, const closo_step *step,
                                  double *ohm, closo_error *error)
{
    closo_cycling_rows rows;
    *ohm = NAN;
    if (step->first_row == 0 || step->after_gap)
        return CLOSO_OK;
    closo_status status =
        closo_cycling_rows_read(work->cycling, step->first_row - 1, 2, work->passing, &rows, error);
    if (status != CLOSO_OK)
        return status;
    double change_A = rows.current_A[1] - rows.current_A[0];
    if (fabs(change_A) > work->cycling->zero_current_A)
        *ohm = (rows.potential_V[1] - rows.potential_V[0]) / change_A;
    return CLOSO_OK;
}

/* On a flat plateau a current that wanders by a few percent looks like a hold; in a hold worth the name it dies away from
 * the current before. */
static bool is_hold(const closo_step *step, double drive_A)
{
    return step->kind == CLOSO_STEP_HOLD && fabs(step->mean_current_A) < dying_share * drive_A;
}

/* Cut-offs of a half cycle: each ends with a hold at a higher potential than the one before. */
static closo_status steps_of(const closo_analysis_work *work, const closo_half_cycle *half,
                             closo_stepwise *test, closo_damage_point *points, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    double charge_C = 0, hold_C = 0, ohm = NAN, drive_A = 0;
    test->count = 0;
    for (size_t s = half->first_step; s < half->first_step + half->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        if (step->direction == 0)
            continue;
        charge_C += step->charge_C;
        if (!is_hold(step, drive_A)) {
            drive_A = fabs(step->mean_current_A);
            if (!isfinite(ohm)) {
                closo_status status = resistance_at(work, step, &ohm, error);
                if (status != CLOSO_OK)
                    return status;
            }
            continue;
        }
        hold_C += step->charge_C;
        bool next_holds = s + 1 < half->first_step + half->step_count &&
                          cycling->steps[s + 1].kind == CLOSO_STEP_HOLD &&
                          fabs(cycling->steps[s + 1].to_V - step->to_V) <= same_cut_off_V;
        if (next_holds)
            continue;
        int cycle = closo_cycling_cycle_of(cycling, (size_t)(half - cycling->half_cycles));
        if (test->count != 0 && step->to_V <= test->cut_offs[test->count - 1].cut_off_V)
            break;
        test->cut_offs[test->count] = (closo_cut_off){.cut_off_V = step->to_V,
                                                      .first_cycle = cycle,
                                                      .last_cycle = cycle,
                                                      .cycle_count = 1,
                                                      .charge_C = charge_C,
                                                      .discharge_C = NAN,
                                                      .first_efficiency = NAN,
                                                      .efficiency = NAN,
                                                      .irreversible_C = NAN};
        points[test->count] = (closo_damage_point){
            test->count, (double)test->count, {NAN, NAN, NAN, ohm, hold_C / charge_C}};
        test->count++;
        charge_C = hold_C = 0;
        ohm = NAN;
    }
    return CLOSO_OK;
}

static closo_status try_one_charge(const closo_analysis_work *work, closo_stepwise *test,
                                   closo_damage_point *points, size_t *count, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        if (cycling->half_cycles[h].direction < 0)
            continue;
        closo_status status = steps_of(work, &cycling->half_cycles[h], test, points, error);
        if (status != CLOSO_OK)
            return status;
        *count = test->count;
        test->within_one_charge = test->count >= LEAST_CUT_OFFS;
        if (test->within_one_charge)
            return CLOSO_OK;
    }
    test->count = 0;
    return CLOSO_OK;
}

closo_status closo_cycling_cut_offs(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_stepwise *test = &work->analyses->stepwise;
    size_t first = 0;
    test->damage = -1;
    test->onset_V = (closo_value){NAN, NAN};
    test->confidence = NAN;
    test->cut_offs = closo_arena_alloc(work->arena, cycling->cycle_count + cycling->step_count,
                                       sizeof *test->cut_offs);
    if (test->cut_offs == NULL)
        return closo_fail_nomem(error);
    const size_t count = rising_groups(cycling, test->cut_offs, &first);
    if (count >= LEAST_CUT_OFFS) {
        test->cut_offs += first;
        test->count = count;
    }
    return CLOSO_OK;
}

closo_status closo_cycling_stepwise(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_stepwise *test = &work->analyses->stepwise;
    size_t room = cycling->cycle_count + cycling->step_count, count = 0;
    closo_damage_point *points = closo_arena_alloc(work->passing, room, sizeof *points);
    double *scratch = closo_arena_alloc(work->passing, room, 2 * sizeof *scratch);
    if (points == NULL || scratch == NULL)
        return closo_fail_nomem(error);
    if (test->count != 0) {
        count = fill_groups(work, test, points);
    } else {
        closo_status status = try_one_charge(work, test, points, &count, error);
        if (status != CLOSO_OK)
            return status;
    }
    if (test->count == 0)
        return CLOSO_OK;
    closo_cycling_find_damage(test, points, count, scratch);
    if (test->damage >= 0 && (size_t)test->damage + 1 == test->count)
        closo_notes_add(&work->analyses->notes, work->arena,
                        "damage shows at the last cut-off only: whether it lasts cannot be told");
    return CLOSO_OK;
}
