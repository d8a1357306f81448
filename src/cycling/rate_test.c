/* SPDX-License-Identifier: BSD-3-Clause */
/* rate_test.c: cycles of one current together, what each such group gives, what comes back; and the formation before. */
#include "analysis_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double same_rate = 0.05;    /* relative difference of currents of one rate */
static const double drift_share = 0.01;  /* of the capacity, over the cycles averaged */
static const double held_share = 0.05;   /* of the charge put in */
static const double starved_share = 0.2; /* of the first group's capacity */
static const size_t averaged_default = 3;

/* ---- currents ---- */

static double current_of(const closo_cycling *cycling, size_t half)
{
    return half == SIZE_MAX ? (double)NAN : cycling->half_cycles[half].rate_A;
}

/* Both unknown counts as the same: a half cycle of holds alone has no current of its own. */
static bool same_current(double one_A, double other_A)
{
    if (isnan(one_A) || isnan(other_A))
        return isnan(one_A) && isnan(other_A);
    return fabs(one_A - other_A) <= same_rate * fmax(one_A, other_A);
}

static bool same_rates(double charge_A, double discharge_A, const closo_rate_group *group)
{
    return same_current(charge_A, group->charge_A) && same_current(discharge_A, group->discharge_A);
}

static double per_h(const closo_cycling *cycling, double current_A)
{
    return cycling->capacity_C > 0 ? current_A * 3600 / cycling->capacity_C : (double)NAN;
}

/* ---- one group ---- */

typedef struct members {
    const closo_cycle *const *cycles; /* complete ones */
    size_t count;
} members;

static closo_value mean_of(const double *values, size_t count, double *spread)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - sum) * (values[i] - sum);
    *spread = count > 1 ? sqrt(squares / (double)(count - 1)) : (double)NAN;
    return (closo_value){sum, *spread / sqrt((double)count)};
}

static bool is_held(const closo_cycling *cycling, const closo_cycle *cycle)
{
    size_t half = cycling->role == CLOSO_ROLE_ANODE ? cycle->discharge_half : cycle->charge_half;
    return cycling->half_cycles[half].hold_C > held_share * cycling->half_cycles[half].charge_C;
}

static bool is_drifting(const double *number, const double *capacity_C,
                        const closo_rate_group *group)
{
    closo_line line;
    if (closo_line_fit(number, capacity_C, NULL, group->averaged, &line, NULL) != CLOSO_OK)
        return false;
    return fabs(line.slope) * (double)(group->averaged - 1) >
               drift_share * group->capacity_C.value &&
           fabs(line.slope) > 3 * line.slope_sigma;
}

static void fill_group(const closo_analysis_work *work, const members *all, double *number,
                       double *capacity_C, closo_rate_group *group)
{
    const closo_cycling *cycling = work->cycling;
    size_t wanted = work->options->rate_last != 0 ? work->options->rate_last : averaged_default;
    size_t count = all->count;
    group->cycle_count = count;
    group->averaged = count < wanted ? count : wanted;
    group->first_cycle = all->cycles[0]->cycle;
    group->last_cycle = all->cycles[count - 1]->cycle;
    group->charge_A = group->discharge_A = group->coulombic_efficiency = 0;
    bool held = false;
    for (size_t i = 0; i < count; i++) {
        const closo_cycle *cycle = all->cycles[i];
        number[i] = cycle->cycle;
        capacity_C[i] = closo_cycling_got_back(cycling, cycle);
        group->charge_A += current_of(cycling, cycle->charge_half) / (double)count;
        group->discharge_A += current_of(cycling, cycle->discharge_half) / (double)count;
        if (i + group->averaged >= count) {
            group->coulombic_efficiency += cycle->coulombic_efficiency / (double)group->averaged;
            held = held || is_held(cycling, cycle);
        }
    }
    size_t skipped = count - group->averaged;
    group->charge_rate_per_h = per_h(cycling, group->charge_A);
    group->discharge_rate_per_h = per_h(cycling, group->discharge_A);
    group->capacity_C = mean_of(capacity_C + skipped, group->averaged, &group->spread_C);
    group->first_C = capacity_C[0];
    group->last_C = capacity_C[count - 1];
    closo_line line;
    group->per_cycle_C = closo_line_fit(number, capacity_C, NULL, count, &line, NULL) == CLOSO_OK
                             ? (closo_value){line.slope, line.slope_sigma}
                             : (closo_value){NAN, NAN};
    group->flags |= count == 1 ? CLOSO_RATE_FEW_CYCLES : 0U;
    group->flags |= held ? CLOSO_RATE_HELD : 0U;
    group->flags |=
        is_drifting(number + skipped, capacity_C + skipped, group) ? CLOSO_RATE_DRIFTING : 0U;
}

/* ---- groups among each other ---- */

static closo_value ratio_of(closo_value above, closo_value below)
{
    if (!(below.value > 0))
        return (closo_value){NAN, NAN};
    double ratio = above.value / below.value;
    double one = above.sigma / below.value, other = ratio * below.sigma / below.value;
    return (closo_value){ratio, sqrt(one * one + other * other)};
}

static void compare_groups(closo_rate_test *test)
{
    test->return_group = -1;
    test->recovery = (closo_value){NAN, NAN};
    for (size_t g = 0; g < test->group_count; g++) {
        closo_rate_group *group = &test->groups[g];
        group->share = group->capacity_C.value / test->groups[0].capacity_C.value;
        group->flags |= group->share < starved_share ? CLOSO_RATE_STARVED : 0U;
        group->same_as = -1;
        group->recovery = (closo_value){NAN, NAN};
        for (size_t e = 0; e < g && group->same_as < 0; e++)
            if (same_rates(group->charge_A, group->discharge_A, &test->groups[e]))
                group->same_as = (int)e;
        if (group->same_as < 0) {
            test->rate_count++;
            continue;
        }
        group->recovery = ratio_of(group->capacity_C, test->groups[group->same_as].capacity_C);
        if (test->return_group < 0) {
            test->return_group = (int)g;
            test->recovery = group->recovery;
        }
    }
}

closo_status closo_cycling_rate_test(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_rate_test *test = &work->analyses->rate_test;
    size_t room = cycling->cycle_count;
    const closo_cycle **complete = closo_arena_alloc(work->passing, room, sizeof *complete);
    double *number = closo_arena_alloc(work->passing, room, sizeof *number);
    double *capacity_C = closo_arena_alloc(work->passing, room, sizeof *capacity_C);
    test->groups = closo_arena_alloc(work->arena, room, sizeof *test->groups);
    if (complete == NULL || number == NULL || capacity_C == NULL || test->groups == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    for (size_t c = 0; c < room; c++)
        if (cycling->cycles[c].complete)
            complete[count++] = &cycling->cycles[c];
    for (size_t first = 0; first < count;) {
        closo_rate_group *group = &test->groups[test->group_count];
        group->charge_A = current_of(cycling, complete[first]->charge_half);
        group->discharge_A = current_of(cycling, complete[first]->discharge_half);
        size_t end = first + 1;
        while (end < count && same_rates(current_of(cycling, complete[end]->charge_half),
                                         current_of(cycling, complete[end]->discharge_half), group))
            end++;
        const members all = {complete + first, end - first};
        fill_group(work, &all, number, capacity_C, group);
        test->group_count++;
        first = end;
    }
    compare_groups(test);
    return CLOSO_OK;
}

/* ---- formation ---- */

/* Cycles of the first group when the second runs faster, else one. */
static size_t formation_cycles(const closo_analysis_work *work)
{
    const closo_rate_test *test = &work->analyses->rate_test;
    if (work->options->formation_cycles != 0)
        return work->options->formation_cycles;
    if (test->group_count < 2)
        return 1;
    const closo_rate_group *first = &test->groups[0], *second = &test->groups[1];
    bool faster = second->charge_A > first->charge_A || second->discharge_A > first->discharge_A;
    return faster ? first->cycle_count : 1;
}

void closo_cycling_formation(closo_analysis_work *work)
{
    const closo_cycling *cycling = work->cycling;
    closo_formation *formation = &work->analyses->formation;
    *formation = (closo_formation){.given = work->options->formation_cycles != 0,
                                   .irreversible_share = NAN,
                                   .first_efficiency = NAN,
                                   .next_efficiency = NAN};
    size_t wanted = formation_cycles(work);
    double first_put_in_C = NAN;
    for (size_t c = 0; c < cycling->cycle_count; c++) {
        const closo_cycle *cycle = &cycling->cycles[c];
        if (!cycle->complete)
            continue;
        if (formation->cycle_count == wanted) {
            formation->next_efficiency = cycle->coulombic_efficiency;
            break;
        }
        double put_in_C = closo_cycling_put_in(cycling, cycle);
        if (formation->cycle_count++ == 0) {
            formation->first_cycle = cycle->cycle;
            formation->first_efficiency = cycle->coulombic_efficiency;
            first_put_in_C = put_in_C;
        }
        formation->last_cycle = cycle->cycle;
        formation->irreversible_C += put_in_C - closo_cycling_got_back(cycling, cycle);
    }
    if (formation->cycle_count == 0)
        formation->irreversible_C = NAN;
    else if (first_put_in_C > 0)
        formation->irreversible_share = formation->irreversible_C / first_put_in_C;
    if (formation->given && formation->cycle_count < wanted)
        closo_notes_add(&work->analyses->notes, work->arena,
                        "%zu formation cycles were asked for, and only %zu are complete", wanted,
                        formation->cycle_count);
}
