/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_warnings.c: where a careful colleague would raise an eyebrow. Each warning is one sentence: what was seen, with
 * numbers, and what to do about it. docs/onset.md lists them. */
#include "onset_internal.h"

#include <math.h>
#include <stdio.h>

/* Thesis, chapter 4 (Asakura et al. 2019): below 20 uV/s the capacitive background hardly moves the onset. */
static const double fast_rate_V_per_s = 20e-6;
static const size_t few_points = 20;
static const double short_background_V = 0.1;
static const double near_V = 0.05;     /* of the onset: spikes */
static const double edge_share = 0.05; /* of the sweep: an onset so near its start */
static const double wide_spread_V = 0.2;

typedef struct warner {
    const closo_voltammogram *voltammogram;
    const onset_sweep *sweep;
    const closo_onset_options *options;
    closo_onset_result *result;
    closo_arena *arena;
} warner;

/* "5.98 nA" */
static const char *current_text(double current_A, char text[32])
{
    static const char *const prefixes[] = {"f", "p", "n", "u", "m", ""};
    size_t prefix = 0;
    double scaled = current_A * 1e15;
    while (prefix < 5 && fabs(scaled) >= 999.5) {
        scaled /= 1000;
        prefix++;
    }
    snprintf(text, 32, "%.3g %sA", scaled, prefixes[prefix]);
    return text;
}

/* ---- about the sweep ---- */

static void warn_rate(const warner *warn)
{
    const closo_sweep *sweep = &warn->voltammogram->sweeps[warn->result->sweep_index];
    if (sweep->direction < 0 || !(sweep->rate_V_per_s > fast_rate_V_per_s * 1.01))
        return;
    closo_notes_add(
        &warn->result->warnings, warn->arena,
        "the scan rate is %.3g uV/s: above 20 uV/s the capacitive background pushes the "
        "oxidation limit of a solid electrolyte up (by more than 0.1 V at 100 uV/s and "
        "0.5 V at 500 uV/s against 10 uV/s, Asakura et al. 2019); repeat it at 10 uV/s",
        sweep->rate_V_per_s * 1e6);
}

static size_t spikes_between(const onset_points *points, double low_V, double high_V)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++)
        if (!points->kept[i] && points->potential_V[i] >= low_V && points->potential_V[i] <= high_V)
            count++;
    return count;
}

static void warn_spikes(const warner *warn)
{
    const onset_points *points = &warn->sweep->points;
    closo_notes *notes = &warn->result->warnings;
    double share = (double)points->spike_count / (double)points->count;
    if (points->spike_count == 0)
        return;
    if (warn->result->onset_count == 0) {
        closo_notes_add(notes, warn->arena,
                        "%zu of %zu points (%.2g %%) are spikes and were left out; look at the "
                        "measured points to see that they are not the signal",
                        points->spike_count, points->count, 100 * share);
        return;
    }
    const closo_value *onset_V = &warn->result->onsets[0].potential_V;
    double here_V = onset_V->value * points->mirror, reach_V = fmax(near_V, 3 * onset_V->sigma);
    size_t near = spikes_between(points, here_V - reach_V, here_V + reach_V);
    closo_notes_add(notes, warn->arena,
                    "%zu of %zu points (%.2g %%) are spikes and were left out, %zu of them within "
                    "%.0f mV of the first onset; look at the measured points there and shield the "
                    "cell before you repeat it",
                    points->spike_count, points->count, 100 * share, near, 1e3 * reach_V);
}

static void warn_missing(const warner *warn)
{
    const onset_points *points = &warn->sweep->points;
    if (points->missing_count != 0)
        closo_notes_add(
            &warn->result->warnings, warn->arena,
            "%zu of %zu rows of the sweep have no potential or no current and were left "
            "out; look whether the instrument went out of range there",
            points->missing_count, points->missing_count + points->count);
}

static void warn_resolution(const warner *warn)
{
    const onset_points *points = &warn->sweep->points;
    char step[32];
    if (points->resolution > 0)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "the current was recorded in steps of %s, coarser than its noise; sigma "
                        "allows for that; measure in a smaller current range",
                        current_text(points->resolution * points->current_A, step));
}

static void warn_charging(const warner *warn)
{
    const onset_decay *decay = &warn->sweep->decay;
    char height[32];
    if (!(decay->decay_V > 0))
        return;
    closo_notes_add(
        &warn->result->warnings, warn->arena,
        "the sweep starts with a current that decays from %s over about %.0f mV "
        "(charging); it was fitted on top of the background; rest longer at the start "
        "potential, or start further below the onset",
        current_text((decay->slow + decay->fast) * warn->sweep->points.current_A, height),
        2e3 * decay->decay_V);
}

/* The longest time in which the potential did not come on by more than a slice's width. */
static void warn_pause(const warner *warn)
{
    const closo_trace *trace = &warn->voltammogram->trace;
    const closo_sweep *sweep = &warn->voltammogram->sweeps[warn->result->sweep_index];
    size_t count = sweep->row_count, from = 0;
    const double *time_s = trace->time_s + sweep->first_row;
    const double *potential_V = trace->potential_V + sweep->first_row;
    double length_V = fabs(sweep->to_V - sweep->from_V);
    double step_V = length_V / ONSET_MOST_SLICES, longest_s = 0, at_V = 0;
    for (size_t i = 1; i < count; i++) {
        if (!(fabs(potential_V[i] - potential_V[from]) < step_V))
            from = i;
        if (time_s[i] - time_s[from] > longest_s) {
            longest_s = time_s[i] - time_s[from];
            at_V = potential_V[from];
        }
    }
    if (!(longest_s > 0.05 * sweep->duration_s) || count / 2 < ONSET_LEAST_POINTS)
        return;
    closo_notes_add(&warn->result->warnings, warn->arena,
                    "the sweep rests for %.3g s at %.4g V, where the current decays by itself; an "
                    "onset near there is not one of the material",
                    longest_s, at_V);
}

static void warn_hold_before(const warner *warn)
{
    size_t index = warn->result->sweep_index;
    if (index == 0)
        return;
    const closo_sweep *before = &warn->voltammogram->sweeps[index - 1];
    const closo_sweep *sweep = &warn->voltammogram->sweeps[index];
    double low_V = fmin(sweep->from_V, sweep->to_V), high_V = fmax(sweep->from_V, sweep->to_V);
    double held_V = before->to_V;
    /* A hold at the start potential is good practice; one inside the range has already oxidised something. */
    if (before->kind != CLOSO_LEG_HOLD || held_V < low_V + 0.1 * (high_V - low_V) ||
        held_V > high_V - 0.1 * (high_V - low_V))
        return;
    closo_notes_add(&warn->result->warnings, warn->arena,
                    "the sweep follows a hold of %.3g s at %.4g V, inside its own range: what "
                    "reacts there has already reacted; take the first sweep of a fresh cell",
                    before->duration_s, held_V);
}

/* ---- about an onset ---- */

static void warn_background(const warner *warn, size_t number, const closo_onset *onset)
{
    const closo_sweep_line *line = &onset->background;
    closo_notes *notes = &warn->result->warnings;
    double length_V = fabs(line->to_V - line->from_V);
    if (line->point_count < few_points || length_V < short_background_V)
        closo_notes_add(notes, warn->arena,
                        "onset %zu: its background has only %zu points over %.0f mV; start the "
                        "sweep lower or record more points",
                        number, line->point_count, 1e3 * length_V);
    if (onset->background_flat)
        closo_notes_add(
            notes, warn->arena,
            "onset %zu: the background is too flat for its R2 (%.3f) to count and is judged by "
            "its standard error: slope %.3g +- %.2g S",
            number, line->r2, line->slope_S, line->slope_sigma_S);
    else if (line->r2 < warn->options->min_r2)
        closo_notes_add(notes, warn->arena,
                        "onset %zu: the background is not straight, its R2 is %.3f and should be "
                        "%.3g; give a window in which it is",
                        number, line->r2, warn->options->min_r2);
}

static void warn_rise(const warner *warn, size_t number, const closo_onset *onset)
{
    const closo_sweep *sweep = &warn->voltammogram->sweeps[warn->result->sweep_index];
    const closo_sweep_line *line = &onset->rising;
    double last_V = sweep->to_V;
    double width_V = fabs(last_V - sweep->from_V) / (double)warn->sweep->slices.count;
    if (line->r2 < warn->options->min_r2)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "onset %zu: the rising line's R2 is %.3f and should be %.3g; the rise is "
                        "bent or too noisy for a line",
                        number, line->r2, warn->options->min_r2);
    if (fabs(last_V - line->to_V) < 1.5 * width_V)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "onset %zu: the rising line ends where the sweep ends, at %.4g V; a longer "
                        "sweep would show whether the current goes on rising in this line",
                        number, last_V);
}

static void warn_place(const warner *warn, size_t number, const closo_onset *onset)
{
    const onset_slices *slices = &warn->sweep->slices;
    double here_V = onset->potential_V.value, mirror = warn->sweep->points.mirror;
    double first_V = slices->potential_V[0] * mirror;
    double length_V = fabs(slices->potential_V[slices->count - 1] - slices->potential_V[0]);
    double low_V = fmin(onset->background.from_V * mirror, onset->rising.from_V * mirror);
    double high_V = fmax(onset->background.to_V * mirror, onset->rising.to_V * mirror);
    if (here_V * mirror < low_V || here_V * mirror > high_V)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "onset %zu: the two lines meet at %.4g V, outside both windows; is each on "
                        "its part of the curve?",
                        number, here_V);
    if (fabs(here_V - first_V) < edge_share * length_V)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "onset %zu lies only %.0f mV after the start of the sweep; start lower to "
                        "see the background",
                        number, 1e3 * fabs(here_V - first_V));
}

static void warn_doubt(const warner *warn, size_t number, const closo_onset *onset)
{
    closo_notes *notes = &warn->result->warnings;
    if (onset->bends_steadily)
        closo_notes_add(
            notes, warn->arena,
            "onset %zu: the current bends steadily upwards and has no single corner: "
            "the onset depends on the windows by more than its sigma; state the windows "
            "(%.3g..%.3g and %.3g..%.3g V) with it",
            number, onset->background.from_V, onset->background.to_V, onset->rising.from_V,
            onset->rising.to_V);
    if (onset->doubtful)
        closo_notes_add(notes, warn->arena,
                        "onset %zu at %.4g V is doubtful: only %.0f %% of the ways to read this "
                        "sweep show it; do not trust its sigma, repeat the measurement",
                        number, onset->potential_V.value, 100 * onset->support);
    else if (onset->support < 0.9)
        closo_notes_add(notes, warn->arena,
                        "onset %zu at %.4g V: %.0f %% of the ways to read this sweep show it; look "
                        "at the figure before you report it",
                        number, onset->potential_V.value, 100 * onset->support);
}

/* With several onsets a criterion may catch a later one: the steepest tangent belongs to the largest rise. */
static bool speaks_of_later_onset(const closo_onset_result *result, double potential_V)
{
    double away_V = fabs(potential_V - result->onsets[0].potential_V.value);
    for (size_t k = 1; k < result->onset_count; k++)
        if (!result->onsets[k].doubtful &&
            fabs(potential_V - result->onsets[k].potential_V.value) < away_V)
            return true;
    return false;
}

static void warn_spread(const warner *warn)
{
    const closo_onset_criteria *criteria = &warn->result->criteria;
    double onset_V = warn->result->onsets[0].potential_V.value;
    const struct {
        const char *name;
        double potential_V;
    } read[] = {{"crossing lines", onset_V},
                {"departure", criteria->departure_V},
                {"cut-off", criteria->cutoff_V},
                {"steepest tangent", criteria->tangent_V},
                {"Tafel", criteria->tafel_V}};
    size_t low = 0, high = 0;
    for (size_t i = 1; i < sizeof read / sizeof *read; i++) {
        if (speaks_of_later_onset(warn->result, read[i].potential_V))
            continue;
        if (read[i].potential_V < read[low].potential_V)
            low = i;
        if (read[i].potential_V > read[high].potential_V)
            high = i;
    }
    double spread_V = read[high].potential_V - read[low].potential_V;
    if (spread_V > wide_spread_V)
        closo_notes_add(&warn->result->warnings, warn->arena,
                        "the criteria differ by %.2f V, from %.3f V (%s) to %.3f V (%s); say which "
                        "one you report and compare only numbers of one criterion",
                        spread_V, read[low].potential_V, read[low].name, read[high].potential_V,
                        read[high].name);
}

static void warn_none(const warner *warn)
{
    char noise[32];
    bool half_by_hand = warn->options->background_to_V != 0 || warn->options->rising_to_V != 0;
    closo_notes_add(
        &warn->result->warnings, warn->arena,
        half_by_hand ? "no onset: nothing in the sweep goes with the window given (noise of a "
                       "point: %s); give both windows by hand"
                     : "no onset: the current nowhere leaves a straight background by three times "
                       "the noise of a point (%s) and 0.5 %% of its range; sweep further, or give "
                       "the windows by hand",
        current_text(warn->result->noise_A, noise));
}

void onset_warn(const closo_voltammogram *voltammogram, const onset_sweep *sweep,
                const closo_onset_options *options, closo_arena *arena, closo_onset_result *result)
{
    const warner warn = {voltammogram, sweep, options, result, arena};
    if (result->onset_count == 0)
        warn_none(&warn);
    warn_rate(&warn);
    warn_missing(&warn);
    warn_spikes(&warn);
    warn_resolution(&warn);
    warn_charging(&warn);
    warn_pause(&warn);
    warn_hold_before(&warn);
    for (size_t i = 0; i < result->onset_count; i++) {
        const closo_onset *onset = &result->onsets[i];
        warn_doubt(&warn, i + 1, onset);
        warn_background(&warn, i + 1, onset);
        warn_rise(&warn, i + 1, onset);
        warn_place(&warn, i + 1, onset);
    }
    if (result->more_onsets)
        closo_notes_add(&result->warnings, arena,
                        "there are more than %zu onsets; only the first are reported, ask for more "
                        "with max_onsets",
                        options->max_onsets);
    if (result->onset_count != 0)
        warn_spread(&warn);
}
