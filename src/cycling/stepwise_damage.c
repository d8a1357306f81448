/* SPDX-License-Identifier: BSD-3-Clause */
/* stepwise_damage.c: from which cut-off on does a measure leave the trend of the cut-offs before?
 *
 * A straight line over cycles through all points of the earlier cut-offs gives what is expected of the next one, with the
 * scatter of those points: Student's t of the difference. A cell that ages evenly is on its line; what counts is a jump or
 * a steeper growth. One jump that does not last is no damage: the later cut-offs have to stay above the same line. */
#include "analysis_internal.h"
#include "numeric/distribution_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double alarm = 0.01;   /* probability of a false one, over all tests made */
static const double lasting = 0.05; /* each later cut-off, by the same line */
static const double opening = 1.1;  /* of the discharge capacity */
enum { LEAST_POINTS = 4 };

const char *closo_damage_measure_name(closo_damage_measure measure)
{
    static const char *const names[] = {"irreversible charge", "loss of capacity", "overpotential",
                                        "resistance", "charge in holds"};
    return measure < CLOSO_DAMAGE_MEASURES ? names[measure] : "";
}

typedef struct series {
    const closo_damage_point *points;
    size_t count;
    closo_damage_measure measure;
    double *x, *y; /* scratch */
} series;

/* Points of cut-offs from .. to - 1 whose measure is known. */
static size_t gather(const series *all, size_t from, size_t to)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        double value = all->points[i].value[all->measure];
        if (all->points[i].cut_off < from || all->points[i].cut_off >= to || !isfinite(value))
            continue;
        all->x[kept] = all->points[i].x;
        all->y[kept++] = value;
    }
    return kept;
}

/* Mean and sigma of the mean at one cut-off; *x is where they lie on the trend. */
static closo_value mean_at(const series *all, size_t cut_off, size_t *count, double *x)
{
    double sum = 0, squares = 0;
    *x = 0;
    *count = gather(all, cut_off, cut_off + 1);
    if (*count == 0)
        return (closo_value){NAN, NAN};
    for (size_t i = 0; i < *count; i++) {
        sum += all->y[i] / (double)*count;
        *x += all->x[i] / (double)*count;
    }
    for (size_t i = 0; i < *count; i++)
        squares += (all->y[i] - sum) * (all->y[i] - sum);
    double n = (double)*count;
    return (closo_value){sum, *count > 1 ? sqrt(squares / (n - 1) / n) : (double)NAN};
}

/* By how much neighbouring points that deviate alike enlarge the variance of a mean: a resistance that wanders from cycle
 * to cycle keeps what it has gained. */
static double likeness(const series *all, size_t count, const closo_line *line)
{
    double product = 0, square = 0, before = 0;
    for (size_t i = 0; i < count; i++) {
        double off = all->y[i] - line->intercept - line->slope * all->x[i];
        product += off * before;
        square += off * off;
        before = off;
    }
    double r = square > 0 ? fmin(fmax(product / square, 0), 0.9) : 0;
    return (1 + r) / (1 - r);
}

/* The trend of the cut-offs first .. end - 1, and by how much more than single cycles what is common to some of
 * them scatters about it: all cycles of a cut-off, or neighbours. */
typedef struct trend {
    closo_line line;
    double excess; /* >= 1, of variances */
    bool known;
} trend;

static trend fit_trend(const series *all, size_t first, size_t end)
{
    trend found = {.excess = 1};
    size_t count = gather(all, first, end), cut_offs = 0, in_one;
    found.known = count >= LEAST_POINTS &&
                  closo_line_fit(all->x, all->y, NULL, count, &found.line, NULL) == CLOSO_OK;
    if (!found.known)
        return found;
    double between = 0, x, alike = likeness(all, count, &found.line);
    for (size_t g = first; g < end; g++) {
        closo_value mean = mean_at(all, g, &in_one, &x);
        if (in_one == 0)
            continue;
        double off = mean.value - found.line.intercept - found.line.slope * x;
        between += (double)in_one * off * off;
        cut_offs++;
    }
    double variance = found.line.residual_rms * found.line.residual_rms;
    if (cut_offs > 2 && count > cut_offs && variance > 0)
        found.excess = between / (double)(cut_offs - 2) / variance;
    found.excess = fmax(found.excess, alike);
    return found;
}

/* What the trend expects at x of the mean of `count` points; sigma holds their scatter too. */
static closo_value expect(const trend *from, double x, size_t count)
{
    const closo_line *line = &from->line;
    double of_line = line->intercept_sigma * line->intercept_sigma + 2 * x * line->covariance +
                     x * x * line->slope_sigma * line->slope_sigma;
    double of_points = line->residual_rms * line->residual_rms / (double)count;
    double value = line->intercept + line->slope * x;
    /* Made-up data without scatter still have rounding. */
    double least = 1e-9 * fabs(value);
    return (closo_value){value, fmax(sqrt(fmax(of_line + of_points, 0) * from->excess), least)};
}

/* That Student's t is by chance as far above what was expected. */
static double probability_of(const trend *from, closo_value mean, closo_value expected)
{
    const double t = (mean.value - expected.value) / expected.sigma;
    const double freedom = (double)from->line.count - 2;
    if (!(freedom > 0) || isnan(t))
        return NAN;
    const double above = 0.5 * closo_t_tails(t, freedom);
    return t > 0 ? above : 1 - above;
}

/* Do all cut-offs after `damage` stay above the line that held before it? */
static bool lasts(const series *all, const closo_stepwise *test, const trend *before, size_t damage)
{
    for (size_t g = damage + 1; g < test->count; g++) {
        size_t count;
        double x;
        closo_value mean = mean_at(all, g, &count, &x);
        if (count == 0)
            continue;
        if (probability_of(before, mean, expect(before, x, count)) > lasting)
            return false;
    }
    return true;
}

/* Fills one measure; returns the index of the first cut-off that leaves the trend for good, or count. */
static size_t follow_measure(closo_stepwise *test, const series *all, double level)
{
    size_t first = 0, damage = test->count;
    for (size_t g = 0; g < test->count; g++) {
        closo_cut_off *at = &test->cut_offs[g];
        size_t count;
        double x;
        closo_value mean = at->measure[all->measure] = mean_at(all, g, &count, &x);
        at->expected[all->measure] = (closo_value){NAN, NAN};
        at->probability[all->measure] = NAN;
        if (damage == test->count && at->opens)
            first = g;
        trend before = fit_trend(all, first, damage < g ? damage : g);
        if (count == 0 || !before.known)
            continue;
        at->expected[all->measure] = expect(&before, x, count);
        double probability = at->probability[all->measure] =
            probability_of(&before, mean, at->expected[all->measure]);
        if (damage == test->count && probability < level && lasts(all, test, &before, g))
            damage = g;
    }
    return damage;
}

static void mark_openings(closo_stepwise *test)
{
    for (size_t g = 1; g < test->count && !test->within_one_charge; g++)
        test->cut_offs[g].opens =
            test->cut_offs[g].discharge_C > opening * test->cut_offs[g - 1].discharge_C;
}

void closo_cycling_find_damage(closo_stepwise *test, const closo_damage_point *points, size_t count,
                               double *scratch)
{
    size_t damages[CLOSO_DAMAGE_MEASURES], least = test->count;
    double tests = (double)(test->count * CLOSO_DAMAGE_MEASURES);
    test->damage = -1;
    test->onset_V = (closo_value){NAN, NAN};
    test->confidence = NAN;
    mark_openings(test);
    for (int m = 0; m < CLOSO_DAMAGE_MEASURES; m++) {
        const series all = {points, count, (closo_damage_measure)m, scratch, scratch + count};
        damages[m] = follow_measure(test, &all, alarm / tests);
        least = damages[m] < least ? damages[m] : least;
    }
    if (least == test->count)
        return;
    double probability = 1;
    const closo_cut_off *at = &test->cut_offs[least];
    for (int m = 0; m < CLOSO_DAMAGE_MEASURES; m++)
        if (damages[m] == least) {
            test->reasons |= 1U << m;
            probability = fmin(probability, at->probability[m]);
        }
    test->damage = (int)least;
    test->confidence = fmax(0, 1 - tests * probability);
    double step_V = at->cut_off_V - at[-1].cut_off_V;
    test->onset_V = (closo_value){at->cut_off_V - 0.5 * step_V, step_V / sqrt(12)};
}
