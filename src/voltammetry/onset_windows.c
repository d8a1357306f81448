/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_windows.c: lines through windows that were given by hand. They are what a spreadsheet would give: least squares
 * through the points of the window, each counted alike, spikes left out. Their errors come from the slices, whose noise
 * and correlation are known. */
#include "onset_internal.h"

#include <math.h>

typedef struct window {
    const char *name;
    double from_V, to_V; /* as the search sees it: mirrored when cathodic */
} window;

static window window_of(const onset_points *points, const char *name, double from_V, double to_V)
{
    double one_V = from_V * points->mirror, other_V = to_V * points->mirror;
    return (window){name, fmin(one_V, other_V), fmax(one_V, other_V)};
}

/* Points of the window into x and y. */
static size_t gather(const onset_points *points, double from_V, double to_V, double *x, double *y)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++) {
        double potential_V = points->potential_V[i];
        if (!points->kept[i] || potential_V < from_V || potential_V > to_V)
            continue;
        x[count] = potential_V;
        y[count++] = points->current[i];
    }
    return count;
}

static closo_status too_few(const onset_sweep *sweep, const window *given, size_t count,
                            closo_error *error)
{
    const onset_slices *slices = &sweep->slices;
    double mirror = sweep->points.mirror;
    return closo_fail(error, CLOSO_RANGE,
                      "the %s window %.4g..%.4g V holds %zu point%s of the sweep, a line needs "
                      "three; the sweep runs from %.4g to %.4g V",
                      given->name, fmin(mirror * given->from_V, mirror * given->to_V),
                      fmax(mirror * given->from_V, mirror * given->to_V), count,
                      count == 1 ? "" : "s", mirror * slices->potential_V[0],
                      mirror * slices->potential_V[slices->count - 1]);
}

/* Errors of the line: those of the slices that lie in the window, when there are enough for a line. */
static void take_errors(const onset_slices *slices, const closo_line *line, onset_piece *piece)
{
    size_t first = 0, end;
    while (first < slices->count && slices->potential_V[first] < piece->from_V)
        first++;
    for (end = first; end < slices->count && slices->potential_V[end] <= piece->to_V;)
        end++;
    piece->slope_sigma = line->slope_sigma;
    piece->mean_sigma = line->residual_rms / sqrt((double)line->count);
    piece->r2 = line->r2;
    piece->reduced_chi2 = 1;
    if (end - first < ONSET_SHORTEST_PIECE)
        return;
    onset_piece averaged = onset_piece_fit(slices, first, end);
    piece->slope_sigma = averaged.slope_sigma;
    piece->mean_sigma = averaged.mean_sigma;
    piece->r2 = averaged.r2;
    piece->reduced_chi2 = averaged.reduced_chi2;
}

static closo_status fit_window(const onset_sweep *sweep, const window *given, double *scratch,
                               onset_piece *piece, closo_error *error)
{
    const onset_points *points = &sweep->points;
    double *x = scratch, *y = scratch + points->count;
    size_t count = gather(points, given->from_V, given->to_V, x, y);
    if (count < 3)
        return too_few(sweep, given, count, error);
    closo_line line;
    closo_status status = closo_line_fit(x, y, NULL, count, &line, error);
    if (status != CLOSO_OK)
        return status;
    *piece = (onset_piece){.by_hand = true, .slope = line.slope};
    piece->from_V = INFINITY;
    piece->to_V = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        piece->from_V = fmin(piece->from_V, x[i]);
        piece->to_V = fmax(piece->to_V, x[i]);
        piece->mean_V += x[i] / (double)count;
    }
    piece->mean = line.intercept + line.slope * piece->mean_V;
    piece->length_V = piece->to_V - piece->from_V;
    take_errors(&sweep->slices, &line, piece);
    return CLOSO_OK;
}

closo_status onset_windows_take(const onset_sweep *sweep, const closo_onset_options *options,
                                closo_arena *arena, onset_windows *windows, closo_error *error)
{
    *windows = (onset_windows){
        .has_background = options->background_from_V != 0 || options->background_to_V != 0,
        .has_rise = options->rising_from_V != 0 || options->rising_to_V != 0};
    if (!windows->has_background && !windows->has_rise)
        return CLOSO_OK;
    const onset_points *points = &sweep->points;
    double *scratch = closo_arena_alloc(arena, 2 * points->count, sizeof *scratch);
    if (scratch == NULL)
        return closo_fail_nomem(error);
    window background =
        window_of(points, "background", options->background_from_V, options->background_to_V);
    window rise = window_of(points, "rising", options->rising_from_V, options->rising_to_V);
    closo_status status = CLOSO_OK;
    if (windows->has_background)
        status = fit_window(sweep, &background, scratch, &windows->background, error);
    if (status == CLOSO_OK && windows->has_rise)
        status = fit_window(sweep, &rise, scratch, &windows->rise, error);
    if (status != CLOSO_OK || !windows->has_background || !windows->has_rise)
        return status;
    double one = windows->background.slope, other = windows->rise.slope;
    if (fabs(other - one) <= 1e-9 * fmax(fabs(one), fabs(other)) || one == other)
        return closo_fail(
            error, CLOSO_NOCONVERGE,
            "the lines of the two windows are parallel (%.4g S and %.4g S) and do not "
            "meet; put one window on the background and the other on the rise",
            one * points->current_A, other * points->current_A);
    return CLOSO_OK;
}

void onset_windows_apply(const onset_windows *windows, onset_events *events, size_t first)
{
    if (!windows->has_background && !windows->has_rise)
        return;
    size_t found = SIZE_MAX;
    for (size_t i = first; i < events->count; i++) {
        onset_event *event = &events->list[i];
        if (windows->has_background)
            event->background = windows->background;
        else
            event->rise = windows->rise;
        event->crossing_V = onset_crossing_V(&event->background, &event->rise);
        bool fits = event->rise.slope > event->background.slope &&
                    event->background.from_V <= event->crossing_V &&
                    event->crossing_V <= event->rise.to_V &&
                    event->rise.to_V > event->background.to_V;
        /* The first rise after a background, the last background before a rise. */
        if (fits && (found == SIZE_MAX || windows->has_rise))
            found = i;
    }
    if (found != SIZE_MAX)
        events->list[first++] = events->list[found];
    events->count = first;
}

double onset_windows_shift_V(const onset_sweep *sweep, const onset_windows *windows,
                             const onset_event *event, closo_arena *arena)
{
    double *scratch = closo_arena_alloc(arena, 2 * sweep->points.count, sizeof *scratch);
    double square = 0;
    size_t count = 0;
    for (size_t trial = 0; trial < 8 && scratch != NULL; trial++) {
        bool is_rise = trial % 2 != 0, at_end = trial / 2 % 2 != 0;
        if (is_rise ? !windows->has_rise : !windows->has_background)
            continue;
        onset_event moved = *event;
        onset_piece *piece = is_rise ? &moved.rise : &moved.background;
        double inwards_V = (trial < 4 ? 0.1 : 0.2) * piece->length_V;
        window shorter = {"", piece->from_V + (at_end ? 0 : inwards_V),
                          piece->to_V - (at_end ? inwards_V : 0)};
        if (fit_window(sweep, &shorter, scratch, piece, NULL) != CLOSO_OK ||
            moved.rise.slope == moved.background.slope)
            continue;
        double shift_V = onset_crossing_V(&moved.background, &moved.rise) - event->crossing_V;
        square += shift_V * shift_V;
        count++;
    }
    return count != 0 ? sqrt(square / (double)count) : 0;
}
