/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_pieces.c: a sweep cut into straight pieces, in all ways at once.
 *
 * A cutting of K slices has the weight exp(-(chi2 + pieces * charge) / 2), its likelihood with a charge for each piece
 * that grows as ln K (Schwarz, Ann. Stat. 6 (1978) 461, doi:10.1214/aos/1176344136). Because chi2 is a sum over pieces,
 * the weights of all cuttings of the first t slices add up in one pass over the last piece,
 *     Q(t) = sum over s of Q(s) exp(-(chi2(s, t) + charge) / 2),
 * and a cutting can be drawn by its weight from the end backwards, without approximation (Fearnhead, Stat. Comput. 16
 * (2006) 203, doi:10.1007/s11222-006-8450-8). */
#include "onset_internal.h"

#include <math.h>
#include <string.h>

/* Charge of a piece, of ln K: it has three numbers, its slope, its height and where it begins. */
static const double charge_per_log = 3;

/* ---- a line ---- */

onset_piece onset_piece_fit(const onset_slices *slices, size_t first, size_t end)
{
    const double *x = slices->potential_V, *y = slices->current, *w = slices->weight;
    double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (size_t k = first; k < end; k++) {
        sw += w[k];
        sx += w[k] * (x[k] - x[first]);
        sy += w[k] * (y[k] - y[first]);
    }
    onset_piece piece = {.first = first, .end = end, .from_V = x[first], .to_V = x[end - 1]};
    piece.length_V = piece.to_V - piece.from_V;
    piece.mean_V = x[first] + sx / sw;
    piece.mean = y[first] + sy / sw;
    for (size_t k = first; k < end; k++) {
        double dx = x[k] - piece.mean_V, dy = y[k] - piece.mean;
        sxx += w[k] * dx * dx;
        sxy += w[k] * dx * dy;
        syy += w[k] * dy * dy;
    }
    piece.slope = sxy / sxx;
    double chi2 = fmax(syy - piece.slope * sxy, 0);
    piece.reduced_chi2 = end - first > 2 ? chi2 / (double)(end - first - 2) : 0;
    double scale = sqrt(fmax(1, piece.reduced_chi2));
    piece.slope_sigma = scale / sqrt(sxx);
    piece.mean_sigma = sqrt(scale * scale / sw + slices->step_variance);
    piece.r2 = syy > 0 ? 1 - chi2 / syy : 0;
    return piece;
}

double onset_piece_at(const onset_piece *piece, double potential_V)
{
    return piece->mean + piece->slope * (potential_V - piece->mean_V);
}

double onset_piece_current(const onset_piece *piece, double potential_V)
{
    return onset_piece_at(piece, potential_V) + onset_decay_current(&piece->decay, potential_V);
}

double onset_crossing_V(const onset_piece *background, const onset_piece *rise)
{
    return (background->mean - rise->mean + rise->slope * rise->mean_V -
            background->slope * background->mean_V) /
           (rise->slope - background->slope);
}

/* ---- chi2 of any piece from running sums ---- */

typedef struct running_sums {
    double w, x, y, xx, xy, yy;
} running_sums;

static running_sums *sum_slices(const onset_slices *slices, closo_arena *arena)
{
    size_t count = slices->count;
    running_sums *sums = closo_arena_alloc(arena, count + 1, sizeof *sums);
    double *scratch = closo_arena_copy(arena, slices->current, count, sizeof *scratch);
    if (sums == NULL || scratch == NULL)
        return NULL;
    double middle_V = slices->potential_V[count / 2], middle = closo_median(scratch, count);
    for (size_t k = 0; k < count; k++) {
        double w = slices->weight[k];
        double x = slices->potential_V[k] - middle_V, y = slices->current[k] - middle;
        sums[k + 1] =
            (running_sums){sums[k].w + w,          sums[k].x + w * x,      sums[k].y + w * y,
                           sums[k].xx + w * x * x, sums[k].xy + w * x * y, sums[k].yy + w * y * y};
    }
    return sums;
}

static double chi2_between(const running_sums *from, const running_sums *to)
{
    double w = to->w - from->w, x = to->x - from->x, y = to->y - from->y;
    double xx = to->xx - from->xx - x * x / w;
    double xy = to->xy - from->xy - x * y / w;
    double yy = to->yy - from->yy - y * y / w;
    double chi2 = yy - xy * xy / xx;
    return chi2 > 0 ? chi2 : 0; /* NaN too */
}

/* ---- all cuttings ---- */

typedef struct piece_costs {
    const running_sums *sums;
    const double *first_cost; /* chi2 of a first piece */
    double charge;
} piece_costs;

static double cost_between(const piece_costs *costs, size_t start, size_t end)
{
    double chi2 =
        start == 0 ? costs->first_cost[end] : chi2_between(&costs->sums[start], &costs->sums[end]);
    return chi2 + costs->charge;
}

/* The row of `share` for pieces that end before `end`: log weights, then shares. Returns the log of their sum. */
static double weigh_row(double *share, const double *log_sum, const piece_costs *costs, size_t end)
{
    double top = -INFINITY, sum = 0;
    for (size_t s = 0; s + ONSET_SHORTEST_PIECE <= end; s++) {
        if (isinf(log_sum[s]))
            continue;
        share[s] = log_sum[s] - 0.5 * cost_between(costs, s, end);
        top = fmax(top, share[s]);
    }
    for (size_t s = 0; s + ONSET_SHORTEST_PIECE <= end; s++) {
        bool counts = !isinf(log_sum[s]) && share[s] > top - 40;
        share[s] = counts ? exp(share[s] - top) : 0;
        sum += share[s];
    }
    for (size_t s = 0; s + ONSET_SHORTEST_PIECE <= end && sum > 0; s++)
        share[s] /= sum;
    return sum > 0 ? top + log(sum) : -(double)INFINITY;
}

/* The likeliest cutting: the least sum of chi2 and charges (Viterbi, IEEE Trans. Inf. Theory 13 (1967) 260). */
static bool find_best(const piece_costs *costs, size_t count, closo_arena *arena,
                      onset_cuttings *cuttings)
{
    double *cost = closo_arena_alloc(arena, count + 1, sizeof *cost);
    size_t *start = closo_arena_alloc(arena, count + 1, sizeof *start);
    cuttings->best_ends = closo_arena_alloc(arena, count + 1, sizeof(size_t));
    if (cost == NULL || start == NULL || cuttings->best_ends == NULL)
        return false;
    for (size_t end = 1; end <= count; end++) {
        cost[end] = INFINITY;
        for (size_t s = 0; s + ONSET_SHORTEST_PIECE <= end; s++) {
            if (cost[s] + costs->charge >= cost[end])
                continue;
            double sum = cost[s] + cost_between(costs, s, end);
            if (sum < cost[end]) {
                cost[end] = sum;
                start[end] = s;
            }
        }
    }
    for (size_t end = count; end > 0; end = start[end])
        cuttings->best_count++;
    size_t at = cuttings->best_count;
    for (size_t end = count; end > 0; end = start[end])
        cuttings->best_ends[--at] = end;
    return true;
}

bool onset_cuttings_weigh(const onset_slices *slices, closo_arena *arena, onset_cuttings *cuttings)
{
    size_t count = slices->count;
    *cuttings = (onset_cuttings){.count = count};
    running_sums *sums = sum_slices(slices, arena);
    double *log_sum = closo_arena_alloc(arena, count + 1, sizeof *log_sum);
    double *first_cost = closo_arena_alloc(arena, count + 1, sizeof *first_cost);
    cuttings->share = closo_arena_alloc(arena, (count + 1) * (count + 1), sizeof(double));
    cuttings->decays = closo_arena_alloc(arena, count + 1, sizeof(onset_decay));
    if (sums == NULL || log_sum == NULL || first_cost == NULL || cuttings->share == NULL ||
        cuttings->decays == NULL)
        return false;
    piece_costs costs = {sums, first_cost, charge_per_log * log((double)count)};
    for (size_t end = 1; end <= count; end++)
        first_cost[end] =
            end < ONSET_SHORTEST_PIECE ? (double)INFINITY : chi2_between(&sums[0], &sums[end]);
    if (!onset_charging_weigh(slices, costs.charge, arena, first_cost, cuttings->decays))
        return false;
    for (size_t end = 1; end <= count; end++)
        log_sum[end] = weigh_row(cuttings->share + end * (count + 1), log_sum, &costs, end);
    return find_best(&costs, count, arena, cuttings);
}

size_t onset_cuttings_draw(const onset_cuttings *cuttings, closo_random *random, size_t *ends)
{
    size_t pieces = 0;
    for (size_t end = cuttings->count; end > 0;) {
        const double *share = cuttings->share + end * (cuttings->count + 1);
        double wanted = closo_random_uniform(random), sum = 0;
        size_t start = 0;
        /* From the nearest start on; the last one with a share is taken when rounding leaves the sum below 1. */
        for (size_t s = end; s-- > 0;) {
            if (share[s] == 0)
                continue;
            start = s;
            sum += share[s];
            if (sum > wanted)
                break;
        }
        ends[pieces++] = end;
        end = start;
    }
    for (size_t i = 0; i < pieces / 2; i++) {
        size_t other = ends[i];
        ends[i] = ends[pieces - 1 - i];
        ends[pieces - 1 - i] = other;
    }
    return pieces;
}

onset_piece onset_cuttings_fit(const onset_cuttings *cuttings, const onset_slices *slices,
                               size_t first, size_t end)
{
    const onset_decay *decay = &cuttings->decays[end];
    return first == 0 && decay->decay_V > 0 ? onset_charging_fit(slices, end, decay)
                                            : onset_piece_fit(slices, first, end);
}
