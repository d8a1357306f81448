/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_charging.c: the decaying current at the start of a sweep.
 *
 * When a sweep begins, the double layer (or what the hold before left behind) goes on charging for a while: a current
 * that decays on top of the background. Cut into straight pieces, its foot looks like an onset. So the first piece of a
 * cutting may carry such a decay, one exponential or two (a porous electrode has no single time constant),
 *     current = line(E) + slow exp(-(E - E0) / decay_V) + fast exp(-5 (E - E0) / decay_V),
 * when that pays for its two or three further numbers, at the rate that a piece pays for its three. */
#include "onset_internal.h"

#include <math.h>

static const double longest_decay = 0.12; /* of the sweep: what is slower is background */
static const double decay_step = 1.05;    /* ratio of the decay lengths that are tried */
static const double fast_ratio = 5;

/* Weighted products of four regressors and, last, the current; the upper triangle is used. */
enum { TERMS = 5, CURRENT = 4 };
typedef struct products {
    double sum[TERMS][TERMS];
} products;

static void add_products(products *to, double weight, const double term[TERMS])
{
    for (size_t i = 0; i < TERMS; i++)
        for (size_t j = i; j < TERMS; j++)
            to->sum[i][j] += weight * term[i] * term[j];
}

/* A step of Gauss's elimination: the later terms are freed of what this one explains. After the steps of some regressors
 * sum[CURRENT][CURRENT] is the chi2 that they leave. False when the earlier ones explain this one already. */
static bool eliminate(products *from, size_t term)
{
    double own = from->sum[term][term];
    if (!(own > 0))
        return false;
    for (size_t i = term + 1; i < TERMS; i++) {
        double share = from->sum[term][i] / own;
        for (size_t j = i; j < TERMS; j++)
            from->sum[i][j] -= share * from->sum[term][j];
    }
    return true;
}

/* Coefficients of the first `count` regressors, all eliminated. */
static void substitute(const products *from, size_t count, double coefficient[TERMS])
{
    for (size_t i = count; i-- > 0;) {
        double left = from->sum[i][CURRENT];
        for (size_t j = i + 1; j < count; j++)
            left -= from->sum[i][j] * coefficient[j];
        coefficient[i] = left / from->sum[i][i];
    }
}

/* ---- which decay, for each end of the first piece ---- */

/* Regressors: 1, E, slow and fast decay. The least of chi2 + what the decays cost; infinite unless the current falls at
 * the start. */
static double cost_with_decay(const products *sums, double decay_V, double charge, bool *has_fast)
{
    products left = *sums;
    double coefficient[TERMS] = {0}, least = INFINITY;
    if (!eliminate(&left, 0) || !eliminate(&left, 1))
        return INFINITY;
    for (size_t term = 2; term < 4; term++) {
        if (!(left.sum[term][term] > 1e-9 * sums->sum[term][term]) || !eliminate(&left, term))
            break;
        substitute(&left, term + 1, coefficient);
        double slow = coefficient[2], fast = term == 3 ? coefficient[3] : 0;
        double start_slope = coefficient[1] - (slow + fast_ratio * fast) / decay_V;
        double cost = fmax(left.sum[CURRENT][CURRENT], 0) + (double)term / 3 * charge;
        if (slow > 0 && slow + fast > 0 && start_slope < -fmax(coefficient[1], 0) && cost < least) {
            least = cost;
            *has_fast = term == 3;
        }
    }
    return least;
}

bool onset_charging_weigh(const onset_slices *slices, double charge, closo_arena *arena,
                          double *cost, onset_decay *decays)
{
    size_t count = slices->count;
    const double *potential_V = slices->potential_V;
    double *scratch = closo_arena_copy(arena, slices->current, count, sizeof *scratch);
    if (scratch == NULL)
        return false;
    double middle = closo_median(scratch, count);
    double span_V = potential_V[count - 1] - potential_V[0];
    for (double tried_V = span_V / (double)count;
         isnormal(tried_V) && tried_V < longest_decay * span_V; tried_V *= decay_step) {
        products sums = {0};
        for (size_t k = 0; k < count; k++) {
            double x = potential_V[k] - potential_V[0];
            double term[TERMS] = {1, x, exp(-x / tried_V), exp(-x / tried_V * fast_ratio),
                                  slices->current[k] - middle};
            add_products(&sums, slices->weight[k], term);
            if (k + 1 < ONSET_LEAST_SLICES || x < tried_V)
                continue;
            bool has_fast = false;
            double here = cost_with_decay(&sums, tried_V, charge, &has_fast);
            if (here < cost[k + 1]) {
                cost[k + 1] = here;
                decays[k + 1] = (onset_decay){.decay_V = tried_V, .has_fast = has_fast};
            }
        }
    }
    return true;
}

/* ---- the line under it ---- */

double onset_decay_current(const onset_decay *decay, double potential_V)
{
    if (!(decay->decay_V > 0))
        return 0;
    double x = (potential_V - decay->from_V) / decay->decay_V;
    return decay->slow * exp(-x) + decay->fast * exp(-fast_ratio * x);
}

/* The regressors are the decays first, then 1 and E freed of them. E is at last freed of 1: about the centre found so the
 * line's height and slope are independent. */
onset_piece onset_charging_fit(const onset_slices *slices, size_t end, const onset_decay *decay)
{
    const double *x = slices->potential_V, *y = slices->current, *w = slices->weight;
    onset_piece piece = {.end = end, .to_V = x[end - 1], .decay = *decay};
    products left = {0};
    for (size_t k = 0; k < end; k++) {
        double at = x[k] - x[0],
               fast = decay->has_fast ? exp(-at / decay->decay_V * fast_ratio) : 0;
        double term[TERMS] = {exp(-at / decay->decay_V), fast, 1, at, y[k] - y[end - 1]};
        add_products(&left, w[k], term);
    }
    if (!decay->has_fast)
        left.sum[1][1] = 1; /* an empty term */
    for (size_t term = 0; term < 4; term++)
        eliminate(&left, term);
    double coefficient[TERMS] = {0};
    substitute(&left, 4, coefficient);
    double height_weight = left.sum[2][2], spread = left.sum[3][3];
    piece.mean_V = x[0] + left.sum[2][3] / height_weight;
    piece.slope = coefficient[3];
    piece.mean = y[end - 1] + left.sum[2][CURRENT] / height_weight;
    piece.decay.from_V = x[0];
    piece.decay.slow = coefficient[0];
    piece.decay.fast = decay->has_fast ? coefficient[1] : 0;
    double chi2 = 0, total = 0;
    for (size_t k = 0; k < end; k++) {
        double decaying = onset_decay_current(&piece.decay, x[k]);
        double straight = y[k] - decaying, residual = straight - onset_piece_at(&piece, x[k]);
        chi2 += w[k] * residual * residual;
        total += w[k] * (straight - piece.mean) * (straight - piece.mean);
        if (fabs(decaying) > slices->sigma[k] && k + ONSET_LEAST_SLICES < end)
            piece.first = k + 1; /* the line is seen bare where the decay is lost in the noise */
    }
    piece.from_V = x[piece.first];
    piece.length_V = piece.to_V - piece.from_V;
    size_t numbers = decay->has_fast ? 5 : 4;
    piece.reduced_chi2 = end > numbers ? chi2 / (double)(end - numbers) : 0;
    double scale = sqrt(fmax(1, piece.reduced_chi2));
    piece.slope_sigma = scale / sqrt(spread);
    piece.mean_sigma = sqrt(scale * scale / height_weight + slices->step_variance);
    piece.r2 = total > 0 ? 1 - chi2 / total : 0;
    return piece;
}
