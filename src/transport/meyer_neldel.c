/* SPDX-License-Identifier: BSD-3-Clause */
/* meyer_neldel.c: pre-factors that grow with the activation energy, over samples; and whether the fits' own errors, which
 * slide along the same line, would not do the same. */
#include "transport_internal.h"

#include <math.h>

enum { TURNS_MAX = 200 };

typedef struct york {
    double slope, mean_x, mean_y, weight;
} york;

/* Weight of a point for a slope: 1 / variance of (y - slope x). */
static double weight_of(const closo_arrhenius_branch *branch, double slope)
{
    double x = branch->energy_eV.sigma, y = branch->ln_prefactor.sigma;
    return 1 / (y * y + slope * slope * x * x - 2 * slope * branch->covariance);
}

static void means(const closo_arrhenius_branch *branches, size_t count, york *at)
{
    double x = 0, y = 0, weight = 0;
    for (size_t i = 0; i < count; i++) {
        double w = weight_of(&branches[i], at->slope);
        weight += w;
        x += w * branches[i].energy_eV.value;
        y += w * branches[i].ln_prefactor.value;
    }
    at->mean_x = x / weight;
    at->mean_y = y / weight;
    at->weight = weight;
}

/* York's beta: what a point's adjusted x is from the mean. */
static double beta_of(const closo_arrhenius_branch *branch, const york *at)
{
    double u = branch->energy_eV.value - at->mean_x, v = branch->ln_prefactor.value - at->mean_y;
    double x = branch->energy_eV.sigma, y = branch->ln_prefactor.sigma, c = branch->covariance;
    return weight_of(branch, at->slope) *
           (u * y * y + at->slope * v * x * x - (at->slope * u + v) * c);
}

static closo_status check(const closo_arrhenius_branch *branches, size_t count, closo_error *error)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const closo_arrhenius_branch *branch = &branches[i];
        double x = branch->energy_eV.sigma, y = branch->ln_prefactor.sigma;
        if (!(x > 0) || !(y > 0) || !(fabs(branch->covariance) < x * y))
            return closo_fail(error, CLOSO_RANGE,
                              "sample %zu has no uncertainty of its activation energy or "
                              "pre-factor; the Meyer-Neldel line cannot weigh it",
                              i + 1);
        low = fmin(low, branch->energy_eV.value);
        high = fmax(high, branch->energy_eV.value);
    }
    if (count < 3)
        return closo_fail(error, CLOSO_RANGE, "a Meyer-Neldel line wants three samples, not %zu",
                          count);
    if (!(high > low))
        return closo_fail(error, CLOSO_RANGE, "all samples have the same activation energy");
    return CLOSO_OK;
}

static double plain_slope(const closo_arrhenius_branch *branches, size_t count)
{
    double x = 0, y = 0, xx = 0, xy = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        x += branches[i].energy_eV.value / n;
        y += branches[i].ln_prefactor.value / n;
    }
    for (size_t i = 0; i < count; i++) {
        double u = branches[i].energy_eV.value - x;
        xx += u * u;
        xy += u * (branches[i].ln_prefactor.value - y);
    }
    return xy / xx;
}

closo_status closo_meyer_neldel_fit(const closo_arrhenius_branch *branches, size_t count,
                                    closo_meyer_neldel *result, closo_error *error)
{
    closo_status status = check(branches, count, error);
    if (status != CLOSO_OK)
        return status;
    york at = {.slope = plain_slope(branches, count)};
    bool settled = false;
    for (int turn = 0; turn < TURNS_MAX && !settled; turn++) {
        double up = 0, down = 0, before = at.slope;
        means(branches, count, &at);
        for (size_t i = 0; i < count; i++) {
            double w = weight_of(&branches[i], at.slope), beta = beta_of(&branches[i], &at);
            up += w * beta * (branches[i].ln_prefactor.value - at.mean_y);
            down += w * beta * (branches[i].energy_eV.value - at.mean_x);
        }
        at.slope = up / down;
        settled = fabs(at.slope - before) <= 1e-12 * fabs(at.slope);
    }
    if (!settled || !isfinite(at.slope))
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "no line through the samples was found; their errors are larger than "
                          "the range of energies");
    means(branches, count, &at);
    double spread = 0, mean = 0, chi2 = 0, artefact = 0, variance = 0;
    for (size_t i = 0; i < count; i++)
        mean += weight_of(&branches[i], at.slope) * (at.mean_x + beta_of(&branches[i], &at)) /
                at.weight;
    for (size_t i = 0; i < count; i++) {
        double w = weight_of(&branches[i], at.slope);
        double adjusted = at.mean_x + beta_of(&branches[i], &at) - mean;
        double off = branches[i].ln_prefactor.value - at.mean_y -
                     at.slope * (branches[i].energy_eV.value - at.mean_x);
        spread += w * adjusted * adjusted;
        chi2 += w * off * off;
        artefact += branches[i].covariance;
        variance += branches[i].energy_eV.sigma * branches[i].energy_eV.sigma;
    }
    double nothing = NAN;
    double scale = count > 2 ? chi2 / (double)(count - 2) : nothing;
    double inflate = sqrt(fmax(scale, 1));
    double slope_sigma = inflate / sqrt(spread);
    result->slope_per_eV = (closo_value){at.slope, slope_sigma};
    result->intercept = (closo_value){
        at.mean_y - at.slope * at.mean_x,
        sqrt(inflate * inflate / at.weight + mean * mean * slope_sigma * slope_sigma)};
    result->energy_eV = (closo_value){1 / at.slope, slope_sigma / (at.slope * at.slope)};
    result->isokinetic_K = (closo_value){result->energy_eV.value / CLOSO_BOLTZMANN_eV_per_K,
                                         result->energy_eV.sigma / CLOSO_BOLTZMANN_eV_per_K};
    result->chi2_reduced = scale;
    result->artefact_slope_per_eV = artefact / variance;
    result->may_be_artefact = fabs(at.slope - result->artefact_slope_per_eV) < 2 * slope_sigma;
    return CLOSO_OK;
}
