/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_events.c: which two of the straight pieces of a sweep are a background and its rise.
 *
 * The rules work on one cutting and are applied to each that is drawn. All of their constants are ratios: of slopes, of
 * lengths in volt, or counts of standard deviations. docs/onset.md tells them in order. */
#include "onset_internal.h"

#include <math.h>
#include <string.h>

static const double contrast = 1.8;       /* a rise is that much steeper than its background */
static const double bend_sigmas = 4;      /* and its slope differs by so many standard deviations */
static const double lift_noises = 3;      /* it leaves the background by so many rms of one point */
static const double lift_share = 5e-3;    /* and by this share of the sweep's span of current */
static const double rounding_share = 0.4; /* an inner piece shorter than this is a rounded corner */

bool onset_rules_make(const onset_slices *slices, const onset_cuttings *cuttings, double noise,
                      closo_arena *arena, onset_rules *rules)
{
    *rules = (onset_rules){.slices = slices, .cuttings = cuttings, .noise = noise};
    rules->pieces = closo_arena_alloc(arena, slices->count, sizeof *rules->pieces);
    rules->chain = closo_arena_alloc(arena, slices->count, sizeof *rules->chain);
    rules->tried = closo_arena_alloc(arena, slices->count, sizeof *rules->tried);
    return rules->pieces != NULL && rules->chain != NULL && rules->tried != NULL;
}

static double hypotenuse(double one, double other)
{
    return sqrt(one * one + other * other);
}

/* ---- pieces ---- */

/* How far the current goes on rising as it does in each piece. */
static void find_reach(onset_piece *pieces, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        size_t last = k;
        while (last + 1 < count && pieces[last + 1].slope >= 0.5 * pieces[k].slope &&
               pieces[last + 1].slope <= contrast * pieces[k].slope)
            last++;
        pieces[k].reach_V = pieces[last].to_V;
        pieces[k].reach = onset_piece_at(&pieces[last], pieces[last].to_V);
    }
}

/* Takes out short inner pieces whose slope lies outside that of both neighbours: a step of the current range, a blip. */
static size_t drop_blips(onset_piece *pieces, size_t count)
{
    size_t kept = count != 0 ? 1 : 0;
    for (size_t k = 1; k < count; k++) {
        const onset_piece *piece = &pieces[k];
        if (k + 1 < count && piece->end - piece->first < ONSET_LEAST_SLICES) {
            double before = pieces[kept - 1].slope, after = pieces[k + 1].slope;
            if (piece->slope < fmin(before, after) || piece->slope > fmax(before, after))
                continue;
        }
        pieces[kept++] = *piece;
    }
    return kept;
}

static size_t fit_pieces(const onset_rules *rules, const size_t *ends, size_t end_count)
{
    size_t first = 0;
    for (size_t i = 0; i < end_count; i++) {
        rules->pieces[i] = onset_cuttings_fit(rules->cuttings, rules->slices, first, ends[i]);
        first = ends[i];
    }
    find_reach(rules->pieces, end_count);
    return drop_blips(rules->pieces, end_count);
}

/* ---- chains: runs of pieces that bend upwards ---- */

/* The end of the run that begins with piece `first`: every slope is at least the one before, within their error. */
static size_t chain_end(const onset_piece *pieces, size_t count, size_t first)
{
    size_t last = first;
    while (last + 1 < count &&
           pieces[last + 1].slope >
               pieces[last].slope -
                   3 * hypotenuse(pieces[last].slope_sigma, pieces[last + 1].slope_sigma))
        last++;
    return last + 1;
}

/* The shortest inner piece that is short beside the longest on either side of it; 0: none. */
static size_t shortest_rounding(const onset_rules *rules, size_t count)
{
    const onset_piece *pieces = rules->pieces;
    const size_t *chain = rules->chain;
    size_t found = 0;
    for (size_t t = 1; t + 1 < count; t++) {
        double left_V = 0, right_V = 0, here_V = pieces[chain[t]].length_V;
        for (size_t i = 0; i < t; i++)
            left_V = fmax(left_V, pieces[chain[i]].length_V);
        for (size_t i = t + 1; i < count; i++)
            right_V = fmax(right_V, pieces[chain[i]].length_V);
        if (here_V < rounding_share * fmin(left_V, right_V) &&
            (found == 0 || here_V < pieces[chain[found]].length_V))
            found = t;
    }
    return found;
}

/* Fills rules->chain with the pieces of the run that can be a background or a rise. */
static size_t take_chain(const onset_rules *rules, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t k = first; k < end; k++)
        rules->chain[count++] = k;
    while (count > 2) {
        size_t rounding = shortest_rounding(rules, count);
        if (rounding == 0)
            break;
        count--;
        memmove(rules->chain + rounding, rules->chain + rounding + 1,
                (count - rounding) * sizeof *rules->chain);
    }
    if (count >
        2) { /* the current levels off: a last piece that adds little is the top of the rise */
        const onset_piece *last = &rules->pieces[rules->chain[count - 1]];
        const onset_piece *before = &rules->pieces[rules->chain[count - 2]];
        if (last->slope * last->length_V < 0.2 * before->slope * before->length_V)
            count--;
    }
    return count;
}

/* ---- pairs ---- */

typedef enum verdict { NOT_A_RISE, RISE, TOO_ALIKE, TOO_SHORT } verdict;

static verdict judge(const onset_rules *rules, const onset_piece *background,
                     const onset_piece *rise)
{
    if (background->end - background->first < ONSET_LEAST_SLICES)
        return TOO_SHORT;
    if (!(rise->slope > 3 * rise->slope_sigma) || rise->end - rise->first < ONSET_LEAST_SLICES ||
        rise->slope - background->slope <
            bend_sigmas * hypotenuse(rise->slope_sigma, background->slope_sigma))
        return NOT_A_RISE;
    if (rise->slope < contrast * background->slope)
        return TOO_ALIKE;
    double lift = rise->reach - onset_piece_at(background, rise->reach_V);
    double needed = fmax(lift_noises * rules->noise, lift_share * rules->slices->span);
    if (lift < needed || rise->slope * (rise->reach_V - rise->from_V) < 0.5 * needed)
        return NOT_A_RISE;
    double crossing_V = onset_crossing_V(background, rise);
    return background->from_V <= crossing_V && crossing_V <= rise->to_V ? RISE : NOT_A_RISE;
}

typedef struct pair {
    size_t background, rise; /* pieces */
} pair;

/* Walks along the chain. Every piece is tried as a rise on those before it since the last onset, the nearest first;
 * when it is too like the nearest, or that is a short piece of a rounded corner, on the one before that. */
static size_t pair_chain(const onset_rules *rules, size_t count, pair *pairs, size_t room)
{
    const onset_piece *pieces = rules->pieces;
    size_t *tried = rules->tried, tried_count = 1, found = 0;
    tried[0] = rules->chain[0];
    for (size_t i = 1; i < count && found < room; i++) {
        size_t here = rules->chain[i], nearest = tried[tried_count - 1];
        verdict outcome = NOT_A_RISE;
        size_t t = tried_count;
        do
            outcome = judge(rules, &pieces[tried[--t]], &pieces[here]);
        while ((outcome == TOO_ALIKE || outcome == TOO_SHORT) && t > 0);
        if (outcome == RISE) {
            pairs[found++] = (pair){tried[t], here};
            tried_count = 0;
        } else if (outcome == TOO_ALIKE && found != 0 && pairs[found - 1].rise == nearest &&
                   pieces[here].slope < 1.3 * pieces[nearest].slope &&
                   pieces[here].length_V > pieces[nearest].length_V) {
            /* Two pieces of nearly one slope: the longer is the rise. */
            if (judge(rules, &pieces[pairs[found - 1].background], &pieces[here]) == RISE)
                pairs[found - 1].rise = here;
            tried_count = 0;
        }
        tried[tried_count++] = here;
    }
    return found;
}

/* Three or more onsets in a row that each less than quadruple the slope are one curve that bends. */
static bool bends_steadily(const onset_rules *rules, const pair *pairs, size_t count)
{
    if (count < 3)
        return false;
    for (size_t k = 1; k < count; k++)
        if (rules->pieces[pairs[k].rise].slope >= 4 * rules->pieces[pairs[k].background].slope)
            return false;
    return true;
}

enum { MOST_PAIRS = 16 };

bool onset_events_find(const onset_rules *rules, const size_t *ends, size_t end_count,
                       closo_arena *arena, onset_events *events)
{
    size_t count = fit_pieces(rules, ends, end_count), first = 0;
    while (first < count) {
        size_t end = chain_end(rules->pieces, count, first);
        size_t chained = take_chain(rules, first, end);
        first = end;
        pair pairs[MOST_PAIRS];
        size_t found = pair_chain(rules, chained, pairs, MOST_PAIRS);
        bool steady = bends_steadily(rules, pairs, found);
        double last_slope = rules->pieces[rules->chain[chained - 1]].slope;
        for (size_t k = 0; k < found; k++) {
            const onset_piece *background = &rules->pieces[pairs[k].background];
            const onset_piece *rise = &rules->pieces[pairs[k].rise];
            onset_event *grown = closo_arena_grow(arena, events->list, events->count,
                                                  &events->capacity, sizeof *grown);
            if (grown == NULL)
                return false;
            events->list = grown;
            grown[events->count++] =
                (onset_event){*background, *rise, onset_crossing_V(background, rise),
                              steady || (rise->slope < 0.5 * last_slope &&
                                         rise->slope < 4 * fmax(background->slope, 0))};
            if (steady)
                break;
        }
    }
    return true;
}
