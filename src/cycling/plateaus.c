/* SPDX-License-Identifier: BSD-3-Clause */
/* plateaus.c: where a half cycle stays at one potential, and which plateaus of charge and discharge belong together. */
#include "analysis_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double least_height = 2;     /* times the mean dQ/dV of the half cycle */
static const double least_share = 0.05;   /* of its charge */
static const double foot = 0.1;           /* of the peak: where the plateau ends */
static const double pair_distance = 0.15; /* in state of charge, that a pair may lie apart */

/* Grows a list by one; NULL when out of memory. */
static closo_plateau *next_plateau(closo_analysis_work *work, size_t *capacity)
{
    closo_cycling_analyses *analyses = work->analyses;
    closo_plateau *list = closo_arena_grow(work->arena, analyses->plateaus, analyses->plateau_count,
                                           capacity, sizeof *list);
    if (list == NULL)
        return NULL;
    analyses->plateaus = list;
    return &list[analyses->plateau_count++];
}

/* ---- one plateau ---- */

static size_t bin_of(const closo_differential *curve, double x)
{
    double place = (x - curve->x[0]) / curve->bin + 0.5;
    return place < 0 ? 0 : place < (double)(curve->count - 1) ? (size_t)place : curve->count - 1;
}

/* Charge, potentials and charges passed between which dQ/dV is above the foot of the peak, within the peak's own range. */
static void fill_range(const closo_differential *curve, const closo_differential_peak *peak,
                       closo_plateau *plateau)
{
    size_t top = bin_of(curve, peak->position.value), low = top, high = top;
    size_t first = bin_of(curve, peak->from + 0.5 * curve->bin),
           last = bin_of(curve, peak->to - 0.5 * curve->bin);
    while (low > first && curve->y[low - 1] > foot * curve->y[top])
        low--;
    while (high < last && curve->y[high + 1] > foot * curve->y[top])
        high++;
    double below_C = 0;
    for (size_t b = 0; b <= high; b++)
        *(b < low ? &below_C : &plateau->charge_C) += curve->y[b] * curve->bin;
    plateau->share = plateau->charge_C / (curve->total + curve->hold_C);
    plateau->from_V = curve->x[low] - 0.5 * curve->bin;
    plateau->to_V = curve->x[high] + 0.5 * curve->bin;
    /* A discharge comes from above. */
    plateau->from_C = curve->direction > 0 ? below_C : curve->total - below_C - plateau->charge_C;
    plateau->to_C = plateau->from_C + plateau->charge_C;
}

/* Straight line of the potential over the charge passed, through the rows between two potentials. passed_C and kept_V
 * have room for all rows. */
static closo_value slope_between(const closo_cycling_rows *rows, int direction, double low_V,
                                 double high_V, double *passed_C, double *kept_V)
{
    double sum_C = 0;
    size_t count = 0;
    closo_line line;
    for (size_t i = 0; i < rows->row_count; i++) {
        sum_C += rows->charge_C[i] * direction;
        if (rows->potential_V[i] >= low_V && rows->potential_V[i] <= high_V) {
            passed_C[count] = sum_C;
            kept_V[count++] = rows->potential_V[i];
        }
    }
    if (closo_line_fit(passed_C, kept_V, NULL, count, &line, NULL) != CLOSO_OK)
        return (closo_value){NAN, NAN};
    return (closo_value){line.slope, line.slope_sigma};
}

/* Keeps the peaks of a curve that are plateaus. */
static closo_status keep_plateaus(closo_analysis_work *work, const closo_differential *curve,
                                  const closo_cycling_rows *rows, double *scratch, size_t *capacity)
{
    double mean = curve->total / (curve->bin * (double)curve->count);
    for (size_t k = 0; k < curve->peak_count; k++) {
        const closo_differential_peak *peak = &curve->peaks[k];
        closo_plateau found = {.half_cycle = curve->half_cycle,
                               .cycle = curve->cycle,
                               .direction = curve->direction,
                               .potential_V = peak->position};
        fill_range(curve, peak, &found);
        if (peak->height.value < least_height * mean || found.share < least_share)
            continue;
        found.slope_V_per_C = slope_between(
            rows, curve->direction, isfinite(peak->half_low) ? peak->half_low : found.from_V,
            isfinite(peak->half_high) ? peak->half_high : found.to_V, scratch,
            scratch + rows->row_count);
        closo_plateau *kept = next_plateau(work, capacity);
        if (kept == NULL)
            return CLOSO_NOMEM;
        *kept = found;
    }
    return CLOSO_OK;
}

static closo_status plateaus_of(closo_analysis_work *work, size_t h, closo_arena *passing,
                                size_t *capacity, closo_error *error)
{
    const closo_half_cycle *half = &work->cycling->half_cycles[h];
    closo_differential *curve;
    closo_cycling_rows rows;
    closo_error reason = {0};
    double *scratch = closo_arena_alloc(passing, half->row_count, 2 * sizeof *scratch);
    if (scratch == NULL)
        return closo_fail_nomem(error);
    closo_status status =
        closo_differential_make(work->cycling, h, CLOSO_DIFFERENTIAL_CAPACITY,
                                work->options->bandwidth_V, passing, &curve, &reason);
    if (status == CLOSO_OK)
        status = closo_cycling_rows_read(work->cycling, half->first_row, half->row_count, passing,
                                         &rows, &reason);
    if (status == CLOSO_OK)
        status = keep_plateaus(work, curve, &rows, scratch, capacity);
    /* A half cycle of a few rows, or at one potential, has none. */
    return status == CLOSO_NOMEM ? closo_fail_nomem(error) : CLOSO_OK;
}

/* ---- pairs ---- */

/* State of charge at the middle of a plateau, by the charge of its own half cycle. */
static double state_of(const closo_analysis_work *work, const closo_plateau *plateau)
{
    double share = 0.5 * (plateau->from_C + plateau->to_C) /
                   work->cycling->half_cycles[plateau->half_cycle].charge_C;
    return plateau->direction > 0 ? share : 1 - share;
}

static closo_overpotential pair_of(const closo_analysis_work *work, size_t charge, size_t discharge)
{
    const closo_plateau *up = &work->analyses->plateaus[charge],
                        *down = &work->analyses->plateaus[discharge];
    const closo_half_cycle *halves = work->cycling->half_cycles;
    double apart_V = up->potential_V.value - down->potential_V.value;
    double sigma_V = hypot(up->potential_V.sigma, down->potential_V.sigma);
    double both_A = halves[up->half_cycle].rate_A + halves[down->half_cycle].rate_A;
    return (closo_overpotential){
        .cycle = up->cycle,
        .charge_plateau = charge,
        .discharge_plateau = discharge,
        .overpotential_V = {0.5 * apart_V, 0.5 * sigma_V},
        .middle_V = {0.5 * (up->potential_V.value + down->potential_V.value), 0.5 * sigma_V},
        .resistance_ohm = {apart_V / both_A, sigma_V / both_A}};
}

/* The plateaus of a cycle: indices [first, middle) of the one half cycle, [middle, end) of the other. The pair that is
 * nearest in state of charge first, then those before and after it, so that order is kept. */
static bool nearest_pair(const closo_analysis_work *work, const size_t range[4], size_t best[2])
{
    double least = pair_distance;
    bool found = false;
    for (size_t up = range[0]; up < range[1]; up++)
        for (size_t down = range[2]; down < range[3]; down++) {
            double apart = fabs(state_of(work, &work->analyses->plateaus[up]) -
                                state_of(work, &work->analyses->plateaus[down]));
            if (apart < least) {
                least = apart;
                best[0] = up;
                best[1] = down;
                found = true;
            }
        }
    return found;
}

/* Both lists rise in potential. A pile of ranges instead of recursion; each pair splits one range in two. */
static bool pair_cycle(closo_analysis_work *work, const size_t whole[4], size_t *capacity)
{
    enum { PILE = 64 };
    size_t pile[PILE][4], height = 1, best[2];
    closo_cycling_analyses *analyses = work->analyses;
    for (size_t i = 0; i < 4; i++)
        pile[0][i] = whole[i];
    while (height != 0) {
        size_t range[4];
        height--;
        for (size_t i = 0; i < 4; i++)
            range[i] = pile[height][i];
        if (!nearest_pair(work, range, best))
            continue;
        closo_overpotential *list =
            closo_arena_grow(work->arena, analyses->overpotentials, analyses->overpotential_count,
                             capacity, sizeof *list);
        if (list == NULL)
            return false;
        analyses->overpotentials = list;
        list[analyses->overpotential_count++] = pair_of(work, best[0], best[1]);
        const size_t parts[2][4] = {{range[0], best[0], range[2], best[1]},
                                    {best[0] + 1, range[1], best[1] + 1, range[3]}};
        for (size_t k = 0; k < 2 && height < PILE; k++, height++)
            for (size_t i = 0; i < 4; i++)
                pile[height][i] = parts[k][i];
    }
    return true;
}

static int by_middle(const closo_overpotential *one, const closo_overpotential *other)
{
    return one->middle_V.value < other->middle_V.value;
}

/* Pairs of one cycle in the order of their potential; there are a handful. */
static void sort_pairs(closo_overpotential *list, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++)
        for (size_t k = i; k > first && by_middle(&list[k], &list[k - 1]); k--) {
            closo_overpotential kept = list[k];
            list[k] = list[k - 1];
            list[k - 1] = kept;
        }
}

/* What the lists of a work have room for. */
typedef struct list_room {
    size_t plateaus, pairs;
} list_room;

static closo_status half_cycle_plateaus(closo_analysis_work *work, size_t half, list_room *room,
                                        closo_error *error)
{
    closo_arena *passing = closo_arena_new(0);
    closo_status status = passing != NULL ? plateaus_of(work, half, passing, &room->plateaus, error)
                                          : closo_fail_nomem(error);
    closo_arena_free(passing);
    return status;
}

/* The plateaus of both half cycles, in the order of time, and their pairs. */
static closo_status cycle_plateaus(closo_analysis_work *work, const closo_cycle *cycle,
                                   list_room *room, closo_error *error)
{
    closo_cycling_analyses *analyses = work->analyses;
    const bool charge_first = cycle->charge_half < cycle->discharge_half;
    const size_t halves[] = {charge_first ? cycle->charge_half : cycle->discharge_half,
                             charge_first ? cycle->discharge_half : cycle->charge_half};
    size_t bounds[3] = {analyses->plateau_count};
    for (size_t k = 0; k < 2; k++) {
        if (halves[k] != SIZE_MAX) {
            closo_status status = half_cycle_plateaus(work, halves[k], room, error);
            if (status != CLOSO_OK)
                return status;
        }
        bounds[k + 1] = analyses->plateau_count;
    }
    const size_t charge = charge_first ? 0 : 1, discharge = 1 - charge;
    const size_t ranges[] = {bounds[charge], bounds[charge + 1], bounds[discharge],
                             bounds[discharge + 1]};
    const size_t first = analyses->overpotential_count;
    if (!pair_cycle(work, ranges, &room->pairs))
        return closo_fail_nomem(error);
    sort_pairs(analyses->overpotentials, first, analyses->overpotential_count);
    return CLOSO_OK;
}

/* The first cycle with a pair, and the last; cells without plateaus are given up soon. */
static closo_status first_and_last(closo_analysis_work *work, list_room *room, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    const size_t *found = &work->analyses->overpotential_count;
    size_t c = 0, known = 0;
    closo_status status = CLOSO_OK;
    while (c < cycling->cycle_count && c < CLOSO_BRIEF_CYCLES && *found == 0 && status == CLOSO_OK)
        status = cycle_plateaus(work, &cycling->cycles[c++], room, error);
    known = *found;
    for (size_t back = 0; back < CLOSO_BRIEF_CYCLES && cycling->cycle_count > c + back &&
                          *found == known && status == CLOSO_OK;
         back++)
        status =
            cycle_plateaus(work, &cycling->cycles[cycling->cycle_count - 1 - back], room, error);
    return status;
}

closo_status closo_cycling_plateaus(closo_analysis_work *work, closo_error *error)
{
    const closo_cycling *cycling = work->cycling;
    closo_status status = CLOSO_OK;
    list_room room = {0};
    /* Which cut-off starts the damage is told by the overpotentials of all cycles. */
    if (work->options->brief && work->analyses->stepwise.count == 0)
        return first_and_last(work, &room, error);
    for (size_t c = 0; c < cycling->cycle_count && status == CLOSO_OK; c++)
        status = cycle_plateaus(work, &cycling->cycles[c], &room, error);
    return status;
}
