/* SPDX-License-Identifier: BSD-3-Clause */
#include "synthetic_sweep.h"

#include "closo/numeric.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* max(x, 0), rounded over a width w: its slope goes from 10 % to 90 % within 4.394 w. */
static double softplus(double x, double w)
{
    if (!(w > 0))
        return fmax(x, 0);
    double z = x / w;
    return w * (fmax(z, 0) + log1p(exp(-fabs(z))));
}

static double between(closo_random *random, double low, double high)
{
    return low + (high - low) * closo_random_uniform(random);
}

/* 0 with the given chance, else a number between low and high. Always draws two numbers, so that one feature does not
 * change the next. */
static double sometimes(closo_random *random, double chance_of_none, double low, double high)
{
    bool none = closo_random_uniform(random) < chance_of_none;
    double value = between(random, low, high);
    return none ? 0 : value;
}

synthetic_recipe synthetic_recipe_draw(uint64_t seed, double signal_to_noise)
{
    closo_random random;
    closo_random_seed(&random, seed);
    synthetic_recipe recipe = {.full_A = 1e-6, .rate_V_per_s = 1e-5};
    recipe.signal_to_noise = signal_to_noise;
    recipe.point_count = (size_t)lround(pow(10, between(&random, log10(200), log10(200000))));
    recipe.span_V = between(&random, 1, 4);
    recipe.start_V = between(&random, 0.5, 2.5);
    recipe.corner_share = between(&random, 0.25, 0.7);
    recipe.slope_per_V = sometimes(&random, 0.4, 0, 0.3);
    recipe.offset = between(&random, 0, 0.3);
    recipe.width_V = sometimes(&random, 0.3, 0, 0.06);
    recipe.drift_sigmas = sometimes(&random, 0.6, 0, 1);
    recipe.drift_periods = between(&random, 0.3, 1);
    recipe.drift_phase = between(&random, 0, 2 * pi);
    recipe.spike_share = sometimes(&random, 0.6, 0.01, 0.01);
    recipe.correlation = sometimes(&random, 0.8, 0.3, 0.9);
    recipe.charging = sometimes(&random, 0.5, 0.1, 1);
    recipe.charging_share = between(&random, 0.01, 0.05);
    size_t end = closo_random_below(&random, 5);
    recipe.end = end < 3    ? SYNTHETIC_END_RISING
                 : end == 3 ? SYNTHETIC_END_PEAK
                            : SYNTHETIC_END_STEP;
    recipe.digits = (synthetic_digits)closo_random_below(&random, 3);
    recipe.rise_share = between(&random, 0.2, 0.45);
    recipe.second_steepness = between(&random, 2, 5);
    recipe.noise_seed = closo_random_next(&random);
    return recipe;
}

static synthetic_sweep sweep_alloc(size_t count, closo_arena *arena)
{
    return (synthetic_sweep){.count = count,
                             .time_s = closo_arena_alloc(arena, count, sizeof(double)),
                             .potential_V = closo_arena_alloc(arena, count, sizeof(double)),
                             .current_A = closo_arena_alloc(arena, count, sizeof(double)),
                             .corner_V = NAN,
                             .rise_end_V = NAN};
}

/* The current without noise at a potential. */
static double clean_current_A(const synthetic_recipe *recipe, const synthetic_sweep *sweep,
                              double potential_V)
{
    double w = recipe->width_V / 4.394, beyond_V = potential_V - sweep->rise_end_V;
    double current_A = sweep->rise_S * softplus(potential_V - sweep->corner_V, w);
    if (recipe->end == SYNTHETIC_END_PEAK)
        current_A -= sweep->rise_S * 1.3 * softplus(beyond_V, 0.01 * recipe->span_V);
    if (recipe->end == SYNTHETIC_END_STEP)
        current_A += sweep->rise_S * recipe->second_steepness * softplus(beyond_V, w);
    double along_V = potential_V - recipe->start_V;
    current_A += recipe->full_A * (recipe->offset + recipe->slope_per_V * along_V);
    if (recipe->charging > 0)
        current_A += recipe->full_A * recipe->charging *
                     exp(-along_V / recipe->span_V / recipe->charging_share);
    return current_A;
}

static double rounded(double potential_V, synthetic_digits digits)
{
    switch (digits) {
    case SYNTHETIC_FLOAT:
        return (double)(float)potential_V;
    case SYNTHETIC_TENTH_mV:
        return rint(potential_V * 1e4) / 1e4;
    case SYNTHETIC_EXACT:
        break;
    }
    return potential_V;
}

synthetic_sweep synthetic_sweep_make(const synthetic_recipe *recipe, closo_arena *arena)
{
    size_t count = recipe->point_count;
    synthetic_sweep sweep = sweep_alloc(count, arena);
    if (sweep.time_s == NULL || sweep.potential_V == NULL || sweep.current_A == NULL)
        return (synthetic_sweep){0};
    double end_V = recipe->start_V + recipe->span_V;
    sweep.corner_V = recipe->start_V + recipe->corner_share * recipe->span_V;
    sweep.rise_end_V = end_V;
    if (recipe->end != SYNTHETIC_END_RISING)
        sweep.rise_end_V = fmin(sweep.corner_V + recipe->rise_share * recipe->span_V, end_V);
    sweep.rise_S = recipe->full_A / (sweep.rise_end_V - sweep.corner_V);
    if (recipe->signal_to_noise > 0)
        sweep.noise_A = recipe->full_A / recipe->signal_to_noise;
    closo_random random;
    closo_random_seed(&random, recipe->noise_seed);
    double noise = closo_random_normal(&random), rho = recipe->correlation;
    for (size_t i = 0; i < count; i++) {
        double along = (double)i / (double)(count - 1);
        double potential_V = recipe->start_V + recipe->span_V * along;
        if (i > 0)
            noise = rho * noise + sqrt(1 - rho * rho) * closo_random_normal(&random);
        double drift = recipe->drift_sigmas *
                       sin(2 * pi * recipe->drift_periods * along + recipe->drift_phase);
        double spike = 0;
        if (recipe->spike_share > 0 && closo_random_uniform(&random) < recipe->spike_share)
            spike = between(&random, 10, 100) * (closo_random_below(&random, 2) != 0 ? 1 : -1);
        sweep.current_A[i] =
            clean_current_A(recipe, &sweep, potential_V) + sweep.noise_A * (noise + drift + spike);
        sweep.potential_V[i] = rounded(potential_V, recipe->digits);
        sweep.time_s[i] = recipe->span_V * along / recipe->rate_V_per_s;
    }
    return sweep;
}

/* ---- named curves ---- */

const char *synthetic_curve_name(synthetic_curve curve)
{
    static const char *const names[] = {"background",
                                        "background, charging start",
                                        "background, drift",
                                        "noise",
                                        "correlated noise",
                                        "decreasing",
                                        "line",
                                        "parabola",
                                        "Tafel to ohmic",
                                        "two close",
                                        "two close, peak",
                                        "two far",
                                        "two far, ramp"};
    return (size_t)curve < SYNTHETIC_CURVE_COUNT ? names[curve] : "";
}

/* I = I0 exp((E - E0 - I R) / b), E0 = 3.0 V, b = 60 mV, R = 0.2 Mohm, I0 = b / R; by Newton's steps for
 * y + ln y = x, y = I R / b. */
static double tafel_current_A(double potential_V)
{
    const double b_V = 0.06, resistance_ohm = 2e5;
    double x = (potential_V - 3) / b_V, y = x > 1 ? x : exp(x);
    for (int step = 0; step < 60; step++)
        y = fmax(y - (y + log(y) - x) / (1 + 1 / y), 1e-12);
    return y * b_V / resistance_ohm;
}

static double curve_current_A(synthetic_curve curve, double e, double noise)
{
    double e0 = e - 1.5;
    switch (curve) {
    case SYNTHETIC_BACKGROUND:
        return 1e-7 * (1 + 0.1 * e0) + 2e-9 * noise;
    case SYNTHETIC_BACKGROUND_CHARGING:
        return 1e-7 * (1 + 0.3 * e0 + 2 * exp(-e0 / 0.08)) + 2e-9 * noise;
    case SYNTHETIC_BACKGROUND_DRIFT:
        return 1e-7 + 2e-9 * (noise + sin(2 * e0));
    case SYNTHETIC_NOISE:
    case SYNTHETIC_NOISE_CORRELATED:
        return 1e-9 * noise;
    case SYNTHETIC_DECREASING:
        return 1e-6 * (1 - 0.2 * e0) - 1e-6 * softplus(e - 3, 0.01) + 1e-8 * noise;
    case SYNTHETIC_LINE:
        return 1e-6 * e0 + 1e-8 * noise;
    case SYNTHETIC_PARABOLA:
        return 1e-6 * e0 * e0 + 3e-8 * noise;
    case SYNTHETIC_TAFEL:
        return tafel_current_A(e) + 2e-8 * (1 + 0.1 * e0) + 5e-9 * noise;
    case SYNTHETIC_TWO_CLOSE:
        return 1e-8 + 1e-6 * softplus(e - 3.02, 0.004) + 6e-6 * softplus(e - 3.22, 0.004) -
               6.5e-6 * softplus(e - 3.5, 0.01) + 2e-9 * noise;
    case SYNTHETIC_TWO_CLOSE_PEAK:
        return 1e-8 + 1e-6 * softplus(e - 3.02, 0.004) - 1e-6 * softplus(e - 3.12, 0.004) +
               4e-6 * softplus(e - 3.22, 0.004) + 2e-9 * noise;
    case SYNTHETIC_TWO_FAR:
        return 1e-8 + 1e-7 * softplus(e - 2.93, 0.008) - 0.9e-7 * softplus(e - 3.3, 0.02) +
               5.5e-6 * softplus(e - 4.07, 0.008) + 1e-9 * noise;
    case SYNTHETIC_TWO_FAR_RAMP:
        return 1e-8 + 4e-8 * softplus(e - 2.93, 0.008) + 5.5e-6 * softplus(e - 4.07, 0.008) +
               1e-9 * noise;
    case SYNTHETIC_CURVE_COUNT:
        break;
    }
    return 0;
}

synthetic_sweep synthetic_curve_make(synthetic_curve curve, size_t point_count, uint64_t seed,
                                     closo_arena *arena)
{
    synthetic_sweep sweep = sweep_alloc(point_count, arena);
    if (sweep.time_s == NULL || sweep.potential_V == NULL || sweep.current_A == NULL)
        return (synthetic_sweep){0};
    closo_random random;
    closo_random_seed(&random, seed);
    double rho = curve == SYNTHETIC_NOISE_CORRELATED ? 0.9 : 0;
    double noise = closo_random_normal(&random);
    for (size_t i = 0; i < point_count; i++) {
        if (i > 0)
            noise = rho * noise + sqrt(1 - rho * rho) * closo_random_normal(&random);
        double along = (double)i / (double)(point_count - 1);
        sweep.potential_V[i] = 1.5 + 3 * along;
        sweep.time_s[i] = 3 * along / 1e-5;
        sweep.current_A[i] = curve_current_A(curve, sweep.potential_V[i], noise);
    }
    return sweep;
}

/* ---- voltammograms ---- */

static double *mirrored(const double *values, size_t count, closo_arena *arena)
{
    double *copy = closo_arena_alloc(arena, count, sizeof *copy);
    for (size_t i = 0; i < count && copy != NULL; i++)
        copy[i] = -values[i];
    return copy;
}

closo_voltammogram *synthetic_voltammogram(const synthetic_sweep *sweep, int direction,
                                           closo_arena *arena)
{
    closo_voltammogram *made = closo_arena_alloc(arena, 1, sizeof *made);
    closo_sweep *leg = closo_arena_alloc(arena, 1, sizeof *leg);
    if (made == NULL || leg == NULL)
        return NULL;
    made->trace = (closo_trace){.row_count = sweep->count,
                                .time_s = sweep->time_s,
                                .potential_V = sweep->potential_V,
                                .current_A = sweep->current_A,
                                .time_name = "time/s",
                                .potential_name = "Ewe/V",
                                .current_name = "I/A"};
    if (direction < 0) {
        made->trace.potential_V = mirrored(sweep->potential_V, sweep->count, arena);
        made->trace.current_A = mirrored(sweep->current_A, sweep->count, arena);
        if (made->trace.potential_V == NULL || made->trace.current_A == NULL)
            return NULL;
    }
    size_t last = sweep->count - 1;
    double duration_s = sweep->time_s[last] - sweep->time_s[0];
    *leg = (closo_sweep){.kind = CLOSO_LEG_SWEEP,
                         .direction = direction < 0 ? -1 : 1,
                         .row_count = sweep->count,
                         .from_V = made->trace.potential_V[0],
                         .to_V = made->trace.potential_V[last],
                         .duration_s = duration_s,
                         .cycle = 1};
    leg->rate_V_per_s = (leg->to_V - leg->from_V) / duration_s;
    made->sweeps = leg;
    made->sweep_count = 1;
    made->nominal_rate_V_per_s = NAN;
    return made;
}
