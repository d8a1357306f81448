/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius_models.c: least squares of each model. Lines with a break are solved exactly: sums over the points before and
 * after every possible split are kept, so that a fit costs O(n). */
#include "transport_internal.h"

#include <math.h>

/* Weighted sums about an origin, which keeps them well conditioned. */
typedef struct sums {
    double w, x, y, xx, xy, yy;
} sums;

static void add(sums *sum, double weight, double x, double y)
{
    sum->w += weight;
    sum->x += weight * x;
    sum->y += weight * y;
    sum->xx += weight * x * x;
    sum->xy += weight * x * y;
    sum->yy += weight * y * y;
}

static sums minus(const sums *all, const sums *part)
{
    return (sums){all->w - part->w,   all->x - part->x,   all->y - part->y,
                  all->xx - part->xx, all->xy - part->xy, all->yy - part->yy};
}

/* The same sums about another origin of x. */
static sums about(const sums *sum, double x)
{
    return (sums){sum->w,
                  sum->x - x * sum->w,
                  sum->y,
                  sum->xx - 2 * x * sum->x + x * x * sum->w,
                  sum->xy - x * sum->y,
                  sum->yy};
}

typedef struct straight {
    double intercept, slope, chi2;
} straight;

static straight line_of(const sums *sum)
{
    double mean_x = sum->x / sum->w, mean_y = sum->y / sum->w;
    double xx = sum->xx - sum->x * mean_x, xy = sum->xy - sum->x * mean_y,
           yy = sum->yy - sum->y * mean_y;
    double slope = xy / xx;
    return (straight){mean_y - slope * mean_x, slope, fmax(yy - slope * xy, 0)};
}

/* Origins of the sums: x of the middle point, and the mean of y, so that little is lost in the differences. */
typedef struct origin {
    double x, y;
} origin;

static origin origin_of(const arrhenius_points *points)
{
    origin at = {points->x[points->count / 2], 0};
    for (size_t i = 0; i < points->count; i++)
        at.y += points->y[i] / (double)points->count;
    return at;
}

static sums sum_all(const arrhenius_points *points, origin at)
{
    sums all = {0};
    for (size_t i = 0; i < points->count; i++)
        add(&all, points->weight[i], points->x[i] - at.x, points->y[i] - at.y);
    return all;
}

/* ---- one line ---- */

static bool fit_line(const arrhenius_points *points, arrhenius_curve *curve)
{
    origin at = origin_of(points);
    sums all = sum_all(points, at);
    straight line = line_of(&all);
    if (!isfinite(line.slope))
        return false;
    curve->parameters[0] = at.y + line.intercept - line.slope * at.x;
    curve->parameters[1] = -line.slope;
    curve->chi2 = line.chi2;
    return true;
}

/* ---- two lines ---- */

/* How many different x lie in first .. last - 1, at most `most`. */
static size_t different(const arrhenius_points *points, size_t first, size_t last, size_t most)
{
    size_t count = 0;
    for (size_t i = first; i < last && count < most; i++)
        count += i == first || points->x[i] != points->x[i - 1];
    return count;
}

/* The splits that leave each branch its temperatures. */
static bool split_range(const arrhenius_points *points, size_t *first, size_t *last)
{
    size_t low = 1, high = points->count - 1;
    while (low <= high && different(points, 0, low, BRANCH_TEMPERATURES) < BRANCH_TEMPERATURES)
        low++;
    while (high >= low &&
           different(points, high, points->count, BRANCH_TEMPERATURES) < BRANCH_TEMPERATURES)
        high--;
    *first = low;
    *last = high;
    return low <= high;
}

/* transition: x, from the origin. */
static void keep_two(arrhenius_curve *curve, const straight *hot, const straight *cold, origin at,
                     double transition)
{
    double *p = curve->parameters;
    p[0] = at.y + cold->intercept - cold->slope * at.x;
    p[1] = -cold->slope;
    p[2] = at.y + hot->intercept - hot->slope * at.x;
    p[3] = -hot->slope;
    p[4] = transition + at.x;
}

static bool fit_jump(const arrhenius_points *points, arrhenius_curve *curve)
{
    size_t first, last;
    if (!split_range(points, &first, &last))
        return false;
    origin at = origin_of(points);
    sums all = sum_all(points, at), hot = {0};
    curve->chi2 = INFINITY;
    for (size_t i = 0; i < last; i++) {
        add(&hot, points->weight[i], points->x[i] - at.x, points->y[i] - at.y);
        if (i + 1 < first || points->x[i + 1] == points->x[i])
            continue;
        sums cold = minus(&all, &hot);
        straight hot_line = line_of(&hot), cold_line = line_of(&cold);
        if (!(hot_line.chi2 + cold_line.chi2 < curve->chi2))
            continue;
        /* halfway in temperature between the neighbours */
        double between = 2 / (1 / points->x[i] + 1 / points->x[i + 1]);
        curve->chi2 = hot_line.chi2 + cold_line.chi2;
        curve->split = i + 1;
        keep_two(curve, &hot_line, &cold_line, at, between - at.x);
    }
    return isfinite(curve->chi2);
}

/* Two lines that meet on a knot, the origin of the sums: y = level + slope x on either side. */
static double fit_on_knot(const sums *hot, const sums *cold, straight *hot_line,
                          straight *cold_line)
{
    double weight = hot->w + cold->w, right = hot->y + cold->y;
    if (hot->xx > 0) {
        weight -= hot->x * hot->x / hot->xx;
        right -= hot->x * hot->xy / hot->xx;
    }
    if (cold->xx > 0) {
        weight -= cold->x * cold->x / cold->xx;
        right -= cold->x * cold->xy / cold->xx;
    }
    double level = right / weight;
    *hot_line = (straight){level, hot->xx > 0 ? (hot->xy - level * hot->x) / hot->xx : 0, 0};
    *cold_line = (straight){level, cold->xx > 0 ? (cold->xy - level * cold->x) / cold->xx : 0, 0};
    return fmax(hot->yy + cold->yy - level * (hot->y + cold->y) - hot_line->slope * hot->xy -
                    cold_line->slope * cold->xy,
                0);
}

typedef struct kink {
    straight hot, cold;
    double meet, chi2;
} kink;

/* The best kink between two neighbouring points: where the two free lines meet, if that is between them, else on one of
 * the two points. */
static kink kink_between(const sums *hot, const sums *cold, double before, double after)
{
    kink found = {line_of(hot), line_of(cold), 0, 0};
    found.chi2 = found.hot.chi2 + found.cold.chi2;
    found.meet =
        (found.cold.intercept - found.hot.intercept) / (found.hot.slope - found.cold.slope);
    if (found.meet >= before && found.meet <= after)
        return found;
    found.chi2 = INFINITY;
    for (int side = 0; side < 2; side++) {
        double knot = side == 0 ? before : after;
        sums hot_there = about(hot, knot), cold_there = about(cold, knot);
        straight h, c;
        double chi2 = fit_on_knot(&hot_there, &cold_there, &h, &c);
        if (chi2 < found.chi2)
            found = (kink){{h.intercept - h.slope * knot, h.slope, 0},
                           {c.intercept - c.slope * knot, c.slope, 0},
                           knot,
                           chi2};
    }
    return found;
}

static bool fit_kink(const arrhenius_points *points, arrhenius_curve *curve)
{
    size_t first, last;
    if (!split_range(points, &first, &last))
        return false;
    origin at = origin_of(points);
    sums all = sum_all(points, at), hot = {0};
    curve->chi2 = INFINITY;
    for (size_t i = 0; i < last; i++) {
        double before = points->x[i] - at.x, after = points->x[i + 1] - at.x;
        add(&hot, points->weight[i], before, points->y[i] - at.y);
        if (i + 1 < first || after == before)
            continue;
        sums cold = minus(&all, &hot);
        kink best = kink_between(&hot, &cold, before, after);
        if (!(best.chi2 < curve->chi2))
            continue;
        curve->chi2 = best.chi2;
        curve->split = i + 1;
        keep_two(curve, &best.hot, &best.cold, at, best.meet);
    }
    return isfinite(curve->chi2);
}

/* ---- VTF: for a given T0 it is a line over x / (1 - k T0 x), so T0 alone is searched ---- */

static double vtf_at(const arrhenius_points *points, double boltzmann_T0, arrhenius_curve *curve)
{
    sums all = {0};
    size_t middle = points->count / 2;
    origin at = {points->x[middle] / (1 - boltzmann_T0 * points->x[middle]), points->y[middle]};
    for (size_t i = 0; i < points->count; i++)
        add(&all, points->weight[i], points->x[i] / (1 - boltzmann_T0 * points->x[i]) - at.x,
            points->y[i] - at.y);
    straight line = line_of(&all);
    curve->parameters[0] = at.y + line.intercept - line.slope * at.x;
    curve->parameters[1] = -line.slope;
    curve->parameters[2] = boltzmann_T0;
    curve->chi2 = line.chi2;
    return line.chi2;
}

static bool fit_vtf(const arrhenius_points *points, arrhenius_curve *curve)
{
    enum { STEPS = 40, TURNS = 50, TEMPERATURES = 4 };
    const double golden = 0.6180339887498949;
    if (different(points, 0, points->count, TEMPERATURES) < TEMPERATURES)
        return false;
    double end = 1 / points->x[points->count - 1]; /* kT of the coldest point */
    double best = 0, lowest = vtf_at(points, 0, curve);
    for (int i = 1; i < STEPS; i++) {
        double chi2 = vtf_at(points, end * i / STEPS, curve);
        if (chi2 < lowest) {
            lowest = chi2;
            best = end * i / STEPS;
        }
    }
    double low = fmax(best - end / STEPS, 0), high = fmin(best + end / STEPS, 0.9999 * end);
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = vtf_at(points, left, curve), at_right = vtf_at(points, right, curve);
    for (int i = 0; i < TURNS; i++) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = vtf_at(points, left, curve);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = vtf_at(points, right, curve);
        }
    }
    double inside = vtf_at(points, (low + high) / 2, curve);
    if (vtf_at(points, 0, curve) > inside) /* T0 = 0 is the edge: the straight line */
        vtf_at(points, (low + high) / 2, curve);
    return isfinite(curve->chi2);
}

/* ---- all ---- */

double arrhenius_curve_at(const arrhenius_curve *curve, double x)
{
    const double *p = curve->parameters;
    double cold, hot;
    switch (curve->model) {
    case CLOSO_ARRHENIUS_LINE:
        return p[0] - p[1] * x;
    case CLOSO_ARRHENIUS_VTF:
        return p[0] - p[1] * x / (1 - p[2] * x); /* B / k(T - T0), with x = 1 / kT */
    case CLOSO_ARRHENIUS_KINK:
    case CLOSO_ARRHENIUS_JUMP:
        return x < p[4] ? p[2] - p[3] * x : p[0] - p[1] * x;
    case CLOSO_ARRHENIUS_TWO_REGIMES:
        /* resistances in series add; the larger one is taken out of the logarithm */
        cold = p[0] - p[1] * x;
        hot = p[2] - p[3] * x;
        return fmin(cold, hot) - log1p(exp(-fabs(cold - hot)));
    case CLOSO_ARRHENIUS_COUNT:
        break;
    }
    double nothing = NAN;
    return nothing;
}

void arrhenius_curve_gradient(const arrhenius_curve *curve, double x,
                              double gradient[PARAMETERS_MAX])
{
    const double *p = curve->parameters;
    if (curve->model == CLOSO_ARRHENIUS_TWO_REGIMES) {
        double share = 1 / (1 + exp((p[0] - p[1] * x) - (p[2] - p[3] * x))); /* of the cold one */
        gradient[0] = share;
        gradient[1] = -share * x;
        gradient[2] = 1 - share;
        gradient[3] = -(1 - share) * x;
        return;
    }
    double stretched = curve->model == CLOSO_ARRHENIUS_VTF ? x / (1 - p[2] * x) : x;
    gradient[0] = 1;
    gradient[1] = -stretched;
    gradient[2] = -p[1] * stretched * stretched; /* of VTF only */
}

size_t arrhenius_parameter_count(closo_arrhenius_model model)
{
    static const size_t counts[] = {
#define X(code, parameters, text) parameters,
        CLOSO_ARRHENIUS_LIST(X)
#undef X
    };
    return model < CLOSO_ARRHENIUS_COUNT ? counts[model] : 0;
}

double arrhenius_bic(const arrhenius_points *points, closo_arrhenius_model model, double chi2)
{
    double n = (double)points->count;
    return n * log(fmax(chi2, 1e-300) / n) + (double)arrhenius_parameter_count(model) * log(n);
}

bool arrhenius_fit_curve(const arrhenius_points *points, closo_arrhenius_model model,
                         arrhenius_curve *curve)
{
    *curve = (arrhenius_curve){.model = model};
    switch (model) {
    case CLOSO_ARRHENIUS_LINE:
        return fit_line(points, curve);
    case CLOSO_ARRHENIUS_VTF:
        return fit_vtf(points, curve);
    case CLOSO_ARRHENIUS_KINK:
        return fit_kink(points, curve);
    case CLOSO_ARRHENIUS_JUMP:
        return fit_jump(points, curve);
    case CLOSO_ARRHENIUS_TWO_REGIMES:
        return arrhenius_fit_two_regimes(points, curve);
    case CLOSO_ARRHENIUS_COUNT:
        break;
    }
    return false;
}
