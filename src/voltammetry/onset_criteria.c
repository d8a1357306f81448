/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_criteria.c: the other ways people read an onset from a sweep, all from the same cleaned and averaged current. */
#include "onset_internal.h"

#include <math.h>

/* ---- departure from the background, and the cut-off ---- */

/* The potential between slices k - 1 and k at which a quantity that grows from `before` to `after` passes `level`. */
static double between_slices(const onset_slices *slices, size_t k, double before, double after,
                             double level)
{
    double share = after != before ? (level - before) / (after - before) : 0;
    return slices->potential_V[k - 1] +
           share * (slices->potential_V[k] - slices->potential_V[k - 1]);
}

static double above(const onset_slices *slices, const onset_piece *background, size_t k)
{
    return slices->current[k] - onset_piece_at(background, slices->potential_V[k]);
}

/* Back from the slice `last`, which is above, to the first that is not; 0: none. */
static size_t first_for_good(const onset_slices *slices, const onset_piece *background, size_t last,
                             double level)
{
    size_t k = last;
    while (k > 0 && above(slices, background, k) > level)
        k--;
    return k < last ? k + 1 : 0;
}

/* Where three slices in a row are above the cut-off and the one before is not: a spike that was not seen as one, or the
 * charging current at the start, does not count. */
static double cutoff_V(const onset_slices *slices, double cutoff)
{
    for (size_t k = 1; k + 2 < slices->count; k++) {
        const double *current = slices->current + k;
        if (current[-1] <= cutoff && current[0] > cutoff && current[1] > cutoff &&
            current[2] > cutoff)
            return between_slices(slices, k, current[-1], current[0], cutoff);
    }
    return NAN;
}

/* ---- the steepest tangent ---- */

static double tangent_V(const onset_slices *slices, const onset_piece *background)
{
    size_t width =
        slices->count / 20 > ONSET_LEAST_SLICES ? slices->count / 20 : ONSET_LEAST_SLICES;
    onset_piece steepest = {.slope = -INFINITY};
    for (size_t first = 0; first + width <= slices->count; first++) {
        onset_piece tangent = onset_piece_fit(slices, first, first + width);
        if (tangent.slope > steepest.slope && tangent.from_V > background->from_V)
            steepest = tangent;
    }
    if (!(steepest.slope > background->slope + 4 * steepest.slope_sigma))
        return NAN;
    return onset_crossing_V(background, &steepest);
}

/* ---- Tafel ---- */

static const double least_decades = 0.5, least_r2 = 0.98;

typedef struct tafel_sums {
    double x, y, xx, xy, yy;
} tafel_sums;

static tafel_sums difference(const tafel_sums *to, const tafel_sums *from)
{
    return (tafel_sums){to->x - from->x, to->y - from->y, to->xx - from->xx, to->xy - from->xy,
                        to->yy - from->yy};
}

/* The steepest straight part of log10(current - background) between slices first and end that spans half a decade: a
 * series resistance, or the noise that is left of the background, only make it shallower. Decades per volt, log10 and
 * potential of its middle; false: there is none. */
static bool steepest_straight(const onset_slices *slices, const onset_piece *background,
                              size_t first, size_t end, tafel_sums *sums, double *slope,
                              double *middle_V, double *middle)
{
    *slope = 0;
    double origin_V = slices->potential_V[first];
    for (size_t k = first; k < end; k++) {
        double x = slices->potential_V[k] - origin_V;
        double y = log10(above(slices, background, k));
        size_t i = k - first;
        sums[i + 1] = (tafel_sums){sums[i].x + x, sums[i].y + y, sums[i].xx + x * x,
                                   sums[i].xy + x * y, sums[i].yy + y * y};
    }
    bool found = false;
    for (size_t i = 0; i < end - first; i++) {
        for (size_t j = i + ONSET_LEAST_SLICES; j <= end - first; j++) {
            tafel_sums part = difference(&sums[j], &sums[i]);
            double count = (double)(j - i);
            double xx = part.xx - part.x * part.x / count, xy = part.xy - part.x * part.y / count;
            double yy = part.yy - part.y * part.y / count, steep = xy / xx;
            double reach_V = slices->potential_V[first + j - 1] - slices->potential_V[first + i];
            if (!(steep * reach_V >= least_decades) || !(steep > *slope) ||
                !(xy * xy / (xx * yy) > least_r2))
                continue;
            *slope = steep;
            *middle_V = origin_V + part.x / count;
            *middle = part.y / count;
            found = true;
        }
    }
    return found;
}

/* ---- all of them ---- */

/* rms of the points about the background. */
static double scatter_of(const onset_sweep *sweep, const onset_piece *background)
{
    return onset_line_of(sweep, background).residual_A / sweep->points.current_A;
}

/* Up to which slice the current is followed: the end of the rise, or its highest value. */
static size_t last_slice(const onset_slices *slices, const onset_event *event)
{
    size_t last = 0;
    if (event != NULL) {
        while (last + 1 < slices->count && slices->potential_V[last + 1] <= event->rise.to_V)
            last++;
        return last;
    }
    for (size_t k = 1; k < slices->count; k++)
        if (slices->current[k] > slices->current[last])
            last = k;
    return last;
}

closo_status onset_criteria_find(const onset_sweep *sweep, const onset_event *event,
                                 const closo_onset_options *options, closo_arena *arena,
                                 closo_onset_criteria *criteria, closo_error *error)
{
    const onset_slices *slices = &sweep->slices;
    const onset_points *points = &sweep->points;
    *criteria = (closo_onset_criteria){options->departure_sigmas, NAN, NAN, NAN, NAN, NAN, NAN};
    if (options->cutoff_A != 0) {
        criteria->cutoff_A = options->cutoff_A;
        criteria->cutoff_V =
            points->mirror * cutoff_V(slices, fabs(options->cutoff_A) / points->current_A);
    }
    const onset_piece *background = event != NULL ? &event->background : &sweep->longest;
    double scatter = scatter_of(sweep, background), level = options->departure_sigmas * scatter;
    size_t last = last_slice(slices, event);
    criteria->tangent_V = points->mirror * tangent_V(slices, background);
    size_t departed = first_for_good(slices, background, last, level);
    if (departed == 0 || slices->potential_V[departed] < background->from_V || !(scatter > 0))
        return CLOSO_OK;
    criteria->departure_V =
        points->mirror * between_slices(slices, departed, above(slices, background, departed - 1),
                                        above(slices, background, departed), level);
    /* Up to the onset: on the rising line something else than the kinetics limits the current. */
    size_t end = last + 1;
    while (event != NULL && end > departed && slices->potential_V[end - 1] > event->crossing_V)
        end--;
    tafel_sums *sums = closo_arena_alloc(arena, end - departed + 1, sizeof *sums);
    if (sums == NULL)
        return closo_fail_nomem(error);
    double slope, middle_V, middle;
    if (!steepest_straight(slices, background, departed, end, sums, &slope, &middle_V, &middle))
        return CLOSO_OK;
    criteria->tafel_V = points->mirror * (middle_V + (log10(scatter) - middle) / slope);
    criteria->tafel_slope_V = points->mirror / slope;
    return CLOSO_OK;
}
