/* SPDX-License-Identifier: BSD-3-Clause */
/* onset.c: the onset of a faradaic current, put together. The rule is told in docs/onset.md. */
#include "onset_internal.h"

#include <math.h>
#include <string.h>

static const double least_support = 0.5, doubtful_support = 0.6;
enum { USUAL_DRAWS = 400, USUAL_ONSETS = 3 };

/* ---- the search: all that one sweep needs on its way ---- */

typedef struct search {
    closo_onset_options options; /* with the defaults filled in */
    const closo_voltammogram *voltammogram;
    closo_arena *arena, *scratch; /* of the result; freed at the end */
    closo_onset_result *result;
    onset_sweep sweep;
    onset_windows windows;
    onset_cuttings cuttings;
    onset_events best; /* of the likeliest cutting */
    onset_events
        drawn; /* of all draws; those of draw d are draw_first[d] .. draw_first[d + 1] - 1 */
    size_t *draw_first;
    closo_random random;
} search;

static void fill_defaults(closo_onset_options *options)
{
    if (options->max_onsets == 0)
        options->max_onsets = USUAL_ONSETS;
    if (!(options->min_r2 > 0))
        options->min_r2 = 0.99;
    if (!(options->departure_sigmas > 0))
        options->departure_sigmas = 3;
    if (options->draws == 0)
        options->draws = USUAL_DRAWS;
}

/* Of the likeliest cutting: its longest piece, its charging current, and the rms of one point about it (robust). */
static bool read_best_cutting(search *find)
{
    onset_sweep *sweep = &find->sweep;
    const onset_points *points = &sweep->points;
    const onset_slices *slices = &sweep->slices;
    double *residual = closo_arena_alloc(find->scratch, points->count, sizeof *residual);
    if (residual == NULL)
        return false;
    size_t first = 0;
    for (size_t p = 0; p < find->cuttings.best_count; p++) {
        size_t end = find->cuttings.best_ends[p];
        onset_piece piece = onset_cuttings_fit(&find->cuttings, slices, first, end);
        for (size_t i = slices->first_point[first]; i < slices->first_point[end]; i++)
            residual[i] =
                fabs(points->current[i] - onset_piece_current(&piece, points->potential_V[i]));
        if (first == 0)
            sweep->decay = piece.decay;
        if (first == 0 || piece.length_V > sweep->longest.length_V)
            sweep->longest = piece;
        first = end;
    }
    sweep->noise = 1.482602218505602 * closo_median(residual, points->count);
    return true;
}

static bool draw_events(search *find, const onset_rules *rules)
{
    size_t *ends = closo_arena_alloc(find->scratch, find->cuttings.count + 1, sizeof *ends);
    find->draw_first =
        closo_arena_alloc(find->scratch, find->options.draws + 1, sizeof *find->draw_first);
    if (ends == NULL || find->draw_first == NULL)
        return false;
    for (size_t d = 0; d < find->options.draws; d++) {
        size_t pieces = onset_cuttings_draw(&find->cuttings, &find->random, ends);
        if (!onset_events_find(rules, ends, pieces, find->scratch, &find->drawn))
            return false;
        onset_windows_apply(&find->windows, &find->drawn, find->draw_first[d]);
        find->draw_first[d + 1] = find->drawn.count;
    }
    return true;
}

/* ---- one onset from its likeliest event and the draws ---- */

/* What the draws say of one onset. */
typedef struct agreement {
    size_t count;
    const onset_event **events; /* the nearest of each draw that has one */
    double *crossing_V;         /* with the error of the lines added; sorted in the end */
    double median_V;            /* of the crossings without it */
    double sigma_V;
} agreement;

/* An onset's part of the sweep: within its background and rise, and half way to its neighbours. */
static void find_part(const onset_events *best, size_t at, double *low_V, double *high_V)
{
    const onset_event *event = &best->list[at];
    *low_V = event->background.from_V;
    *high_V = event->rise.to_V;
    if (at > 0)
        *low_V = fmax(*low_V, 0.5 * (event->crossing_V + best->list[at - 1].crossing_V));
    if (at + 1 < best->count)
        *high_V = fmin(*high_V, 0.5 * (event->crossing_V + best->list[at + 1].crossing_V));
}

static const onset_event *nearest_event(const search *find, size_t draw, double crossing_V,
                                        double low_V, double high_V)
{
    const onset_event *nearest = NULL;
    for (size_t i = find->draw_first[draw]; i < find->draw_first[draw + 1]; i++) {
        const onset_event *event = &find->drawn.list[i];
        if (event->crossing_V < low_V || event->crossing_V > high_V)
            continue;
        if (nearest == NULL ||
            fabs(event->crossing_V - crossing_V) < fabs(nearest->crossing_V - crossing_V))
            nearest = event;
    }
    return nearest;
}

/* The crossing of two lines moves by (error of the one - error of the other) / (difference of the slopes). */
static double line_error_V(const onset_event *event, closo_random *random)
{
    const onset_piece *one = &event->background, *other = &event->rise;
    double error = closo_random_normal(random) * one->mean_sigma;
    error += closo_random_normal(random) * one->slope_sigma * (event->crossing_V - one->mean_V);
    error -= closo_random_normal(random) * other->mean_sigma;
    error -= closo_random_normal(random) * other->slope_sigma * (event->crossing_V - other->mean_V);
    return error / (other->slope - one->slope);
}

/* The same as a variance. */
static double crossing_variance(const onset_event *event)
{
    const onset_piece *lines[] = {&event->background, &event->rise};
    double sum = 0, apart = event->rise.slope - event->background.slope;
    for (size_t i = 0; i < 2; i++) {
        double lever = lines[i]->slope_sigma * (event->crossing_V - lines[i]->mean_V);
        sum += lines[i]->mean_sigma * lines[i]->mean_sigma + lever * lever;
    }
    return sum / (apart * apart);
}

static bool ask_draws(search *find, size_t at, agreement *agreed)
{
    size_t draws = find->options.draws;
    *agreed = (agreement){0};
    agreed->events = closo_arena_alloc(find->scratch, draws, sizeof *agreed->events);
    agreed->crossing_V = closo_arena_alloc(find->scratch, draws, sizeof *agreed->crossing_V);
    double *bare_V = closo_arena_alloc(find->scratch, draws, sizeof *bare_V);
    if (agreed->events == NULL || agreed->crossing_V == NULL || bare_V == NULL)
        return false;
    double low_V, high_V;
    find_part(&find->best, at, &low_V, &high_V);
    for (size_t d = 0; d < draws; d++) {
        const onset_event *event =
            nearest_event(find, d, find->best.list[at].crossing_V, low_V, high_V);
        if (event == NULL)
            continue;
        agreed->events[agreed->count] = event;
        bare_V[agreed->count] = event->crossing_V;
        agreed->crossing_V[agreed->count++] =
            event->crossing_V + line_error_V(event, &find->random);
    }
    agreed->median_V = closo_median(bare_V, agreed->count);
    double high = closo_quantile(agreed->crossing_V, agreed->count, 0.84);
    agreed->sigma_V = 0.5 * (high - closo_quantile(agreed->crossing_V, agreed->count, 0.16));
    return true;
}

/* The lines to report: among the draws within a tenth of a sigma of the median the pair with the longest windows. */
static const onset_event *choose_event(const agreement *agreed)
{
    const onset_event *nearest = agreed->events[0], *longest = NULL;
    double near_V = fmax(0.1 * agreed->sigma_V, 1e-12);
    for (size_t i = 0; i < agreed->count; i++) {
        const onset_event *event = agreed->events[i];
        double distance_V = fabs(event->crossing_V - agreed->median_V);
        if (distance_V < fabs(nearest->crossing_V - agreed->median_V))
            nearest = event;
        if (distance_V <= near_V &&
            (longest == NULL || event->background.length_V + event->rise.length_V >
                                    longest->background.length_V + longest->rise.length_V))
            longest = event;
    }
    return longest != NULL ? longest : nearest;
}

/* ---- the answer ---- */

static closo_onset onset_of(const search *find, const onset_event *event, closo_value potential_V,
                            double support)
{
    const onset_points *points = &find->sweep.points;
    const onset_piece *background = &event->background;
    double current = onset_piece_at(background, potential_V.value);
    potential_V.value *= points->mirror;
    return (closo_onset){.potential_V = potential_V,
                         .current_A = current * points->current_A * points->mirror,
                         .background = onset_line_of(&find->sweep, background),
                         .rising = onset_line_of(&find->sweep, &event->rise),
                         .background_flat =
                             background->r2 < find->options.min_r2 && background->reduced_chi2 < 2,
                         .bends_steadily = event->bends,
                         .support = support,
                         .doubtful = support < doubtful_support};
}

/* ---- the search ---- */

/* One onset of the likeliest cutting into the result, unless too few draws show it; `first` gets the first of them. */
static bool report_onset(search *find, size_t at, onset_event *first)
{
    closo_onset_result *result = find->result;
    agreement agreed;
    if (!ask_draws(find, at, &agreed))
        return false;
    double support = (double)agreed.count / (double)find->options.draws;
    if (support < least_support)
        return true;
    onset_event reported = *choose_event(&agreed);
    reported.bends = find->best.list[at].bends;
    if (find->options.straight_only && reported.rise.r2 < find->options.min_r2)
        return true;
    double shift_V = onset_windows_shift_V(&find->sweep, &find->windows, &reported, find->scratch);
    double sigma_V = sqrt(agreed.sigma_V * agreed.sigma_V + shift_V * shift_V);
    closo_value potential_V = {reported.crossing_V, sigma_V};
    if (result->onset_count == 0)
        *first = reported;
    result->onsets[result->onset_count++] = onset_of(find, &reported, potential_V, support);
    return true;
}

static closo_status search_automatically(search *find, const onset_rules *rules, onset_event *first,
                                         closo_error *error)
{
    if (!onset_events_find(rules, find->cuttings.best_ends, find->cuttings.best_count,
                           find->scratch, &find->best))
        return closo_fail_nomem(error);
    onset_windows_apply(&find->windows, &find->best, 0);
    if (!draw_events(find, rules))
        return closo_fail_nomem(error);
    closo_onset_result *result = find->result;
    result->onsets = closo_arena_alloc(find->arena, find->best.count + 1, sizeof *result->onsets);
    if (result->onsets == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < find->best.count; i++) {
        if (result->onset_count == find->options.max_onsets) {
            result->more_onsets = true;
            break;
        }
        if (!report_onset(find, i, first))
            return closo_fail_nomem(error);
    }
    return CLOSO_OK;
}

/* Both windows by hand: nothing is left to search. */
static closo_status take_by_hand(search *find, onset_event *event, closo_error *error)
{
    closo_onset_result *result = find->result;
    *event = (onset_event){.background = find->windows.background, .rise = find->windows.rise};
    event->crossing_V = onset_crossing_V(&event->background, &event->rise);
    double variance = crossing_variance(event);
    double shift_V = onset_windows_shift_V(&find->sweep, &find->windows, event, find->scratch);
    result->onsets = closo_arena_alloc(find->arena, 1, sizeof *result->onsets);
    if (result->onsets == NULL)
        return closo_fail_nomem(error);
    closo_value potential_V = {event->crossing_V, sqrt(variance + shift_V * shift_V)};
    result->onsets[result->onset_count++] = onset_of(find, event, potential_V, 1);
    return CLOSO_OK;
}

static closo_status prepare(search *find, size_t sweep_index, closo_error *error)
{
    onset_sweep *sweep = &find->sweep;
    closo_status status =
        onset_points_take(find->voltammogram, sweep_index, find->scratch, &sweep->points, error);
    if (status == CLOSO_OK && (!onset_points_despike(&sweep->points, find->scratch) ||
                               !onset_points_resolve(&sweep->points, find->scratch)))
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = onset_slices_make(&sweep->points, find->scratch, &sweep->slices, error);
    if (status == CLOSO_OK && !onset_slices_weigh(&sweep->slices, &sweep->points, find->scratch))
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = onset_windows_take(sweep, &find->options, find->scratch, &find->windows, error);
    if (status == CLOSO_OK &&
        (!onset_cuttings_weigh(&sweep->slices, find->scratch, &find->cuttings) ||
         !read_best_cutting(find)))
        status = closo_fail_nomem(error);
    return status;
}

static closo_status search_sweep(search *find, size_t sweep_index, closo_error *error)
{
    closo_status status = prepare(find, sweep_index, error);
    if (status != CLOSO_OK)
        return status;
    onset_event first;
    if (find->windows.has_background && find->windows.has_rise) {
        status = take_by_hand(find, &first, error);
    } else {
        onset_rules rules;
        if (!onset_rules_make(&find->sweep.slices, &find->cuttings, find->sweep.noise,
                              find->scratch, &rules))
            return closo_fail_nomem(error);
        status = search_automatically(find, &rules, &first, error);
    }
    if (status == CLOSO_OK)
        status = onset_hand_out_slices(&find->sweep, find->arena, find->result, error);
    if (status == CLOSO_OK)
        status = onset_criteria_find(&find->sweep, find->result->onset_count != 0 ? &first : NULL,
                                     &find->options, find->scratch, &find->result->criteria, error);
    if (status == CLOSO_OK)
        onset_warn(find->voltammogram, &find->sweep, &find->options, find->arena, find->result);
    return status;
}

closo_status closo_onset_find(const closo_voltammogram *voltammogram, size_t sweep_index,
                              const closo_onset_options *options, closo_arena *arena,
                              closo_onset_result *result, closo_error *error)
{
    *result = (closo_onset_result){.sweep_index = sweep_index,
                                   .criteria = {NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
    if (sweep_index >= voltammogram->sweep_count)
        return closo_fail(error, CLOSO_RANGE, "there is no leg %zu, the last one is %zu",
                          sweep_index + 1, voltammogram->sweep_count);
    search find = {.voltammogram = voltammogram, .arena = arena, .result = result};
    if (options != NULL)
        find.options = *options;
    fill_defaults(&find.options);
    closo_random_seed(&find.random, find.options.seed);
    find.scratch = closo_arena_new(0);
    if (find.scratch == NULL)
        return closo_fail_nomem(error);
    closo_status status = search_sweep(&find, sweep_index, error);
    closo_arena_free(find.scratch);
    return status;
}
