/* SPDX-License-Identifier: BSD-3-Clause */
/* drt.c: the distribution of relaxation times put together: lambda, the non-negative answer, its peaks, its interval.
 * Non-negative Tikhonov regularisation as Wan, Saccoccio, Chen, Ciucci, Electrochim. Acta 184 (2015) 483,
 * doi:10.1016/j.electacta.2015.09.097, with hats, or Gaussians. */
#include "impedance/drt_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { SAMPLES_LEAST = 50, SAMPLES_MOST = 20000 };

static const struct {
    const char *name, *word;
} criteria[] = {
    [CLOSO_DRT_GCV] = {"GCV", "gcv"},
    [CLOSO_DRT_MODIFIED_GCV] = {"modified GCV", "mgcv"},
    [CLOSO_DRT_ROBUST_GCV] = {"robust GCV", "rgcv"},
    [CLOSO_DRT_CROSS_VALIDATION] = {"re-im cross-validation", "re-im"},
    [CLOSO_DRT_L_CURVE] = {"L-curve", "l-curve"},
};
enum { CRITERIA = sizeof criteria / sizeof *criteria };

const char *closo_drt_criterion_name(closo_drt_criterion criterion)
{
    return (size_t)criterion < CRITERIA ? criteria[criterion].name : "";
}

bool closo_drt_criterion_parse(const char *text, closo_drt_criterion *criterion)
{
    for (size_t k = 0; k < CRITERIA; k++) {
        if (strcmp(text, criteria[k].word) != 0)
            continue;
        *criterion = (closo_drt_criterion)k;
        return true;
    }
    return false;
}

static const char *const part_words[] = {
    [CLOSO_DRT_BOTH] = "both", [CLOSO_DRT_REAL] = "real", [CLOSO_DRT_IMAGINARY] = "imaginary"};
enum { PARTS = sizeof part_words / sizeof *part_words };

const char *closo_drt_part_name(closo_drt_part part)
{
    return (size_t)part < PARTS ? part_words[part] : "";
}

bool closo_drt_part_parse(const char *text, closo_drt_part *part)
{
    for (size_t k = 0; k < PARTS; k++) {
        if (strcmp(text, part_words[k]) != 0)
            continue;
        *part = (closo_drt_part)k;
        return true;
    }
    return false;
}

static closo_status fill_options(const closo_drt_options *given, closo_drt_options *options,
                                 closo_error *error)
{
    *options = given != NULL ? *given : (closo_drt_options){0};
    if (options->points_per_decade == 0)
        options->points_per_decade = 10;
    if (!(options->extension_decades > 0))
        options->extension_decades = 1;
    if (!(options->fwhm_steps > 0))
        options->fwhm_steps = 2;
    if (options->fwhm_steps < 1 || options->fwhm_steps > 3)
        return closo_fail(error, CLOSO_RANGE,
                          "Gaussians %g steps wide: 1 to 3 make sense (narrower ones leave gaps, "
                          "wider ones cannot be told apart)",
                          options->fwhm_steps);
    if (options->points_per_decade > 40 || options->extension_decades > 6)
        return closo_fail(error, CLOSO_RANGE,
                          "%zu points per decade and %g decades beyond the frequencies: at most 40 "
                          "and 6 make sense",
                          options->points_per_decade, options->extension_decades);
    if (!isfinite(options->lambda) || options->lambda < 0)
        return closo_fail(error, CLOSO_RANGE, "lambda has to be larger than zero, it is %g",
                          options->lambda);
    if (options->samples != 0 &&
        (options->samples < SAMPLES_LEAST || options->samples > SAMPLES_MOST))
        return closo_fail(error, CLOSO_RANGE,
                          "%zu draws: intervals need %d, and more than %d bring nothing",
                          options->samples, (int)SAMPLES_LEAST, (int)SAMPLES_MOST);
    if (options->part != CLOSO_DRT_BOTH && !(options->lambda > 0) &&
        options->criterion == CLOSO_DRT_CROSS_VALIDATION)
        return closo_fail(error, CLOSO_RANGE,
                          "cross-validation between the parts takes both of them; with one part "
                          "take mgcv");
    return CLOSO_OK;
}

/* The non-negative minimum at a lambda, warm-started from the signs of the minimum without bounds. */
static closo_status solve(drt_system *system, const drt_spectrum *smooth, double lambda,
                          closo_arena *passing, double *x, closo_error *error)
{
    size_t n = system->unknowns, grid = system->grid;
    double *small = closo_arena_alloc(passing, smooth->count + 1, smooth->count * sizeof(double));
    bool *free = closo_arena_alloc(passing, n, sizeof(bool));
    if ((small == NULL && smooth->count != 0) || free == NULL)
        return closo_fail_nomem(error);
    bool begun = closo_drt_smooth(smooth, lambda, small, x);
    for (size_t i = 0; i < n; i++)
        free[i] = i >= grid || !begun || x[i] > 0;
    closo_drt_penalise(system, lambda);
    if (!closo_nonnegative_solve(system->gram, system->right, n, n, x, free, system->work))
        return closo_fail(error, CLOSO_NOCONVERGE,
                          "no non-negative distribution was found at lambda %.3g; a larger one "
                          "makes the problem better conditioned",
                          lambda);
    return CLOSO_OK;
}

/* What the fitted part does not see (L and C, for the real one; R, for the imaginary one) is fitted to what the
 * distribution leaves of the other part, none below zero. L and C are nearly orthogonal: a few rounds settle. */
static void fit_unseen(const drt_system *system, closo_drt_part part, const double *model,
                       double *rest, double *x)
{
    const drt_window other =
        closo_drt_window(system, part == CLOSO_DRT_REAL ? CLOSO_DRT_IMAGINARY : CLOSO_DRT_REAL);
    size_t rows = system->data.rows;
    for (size_t i = 0; i < other.length; i++)
        rest[i] = system->data.y[other.first + i] - model[other.first + i];
    for (int round = 0; round < 8; round++)
        for (size_t k = system->grid; k < system->unknowns; k++) {
            const double *column = system->columns + k * rows + other.first;
            double norm2 = closo_dot(column, column, other.length), before = x[k];
            if (!(norm2 > 0))
                continue;
            x[k] = fmax(0, before + closo_dot(column, rest, other.length) / norm2);
            closo_add_scaled(rest, before - x[k], column, other.length);
        }
}

static double sum_of_squares(const double *y, const double *model, drt_window window)
{
    double squares = 0;
    for (size_t i = window.first; i < window.first + window.length; i++)
        squares += (y[i] - model[i]) * (y[i] - model[i]);
    return squares;
}

/* Everything that follows from the unknowns. */
static closo_status describe(const closo_spectrum *spectrum, const drt_system *system, double *x,
                             closo_arena *arena, closo_arena *passing, closo_drt *drt,
                             closo_error *error)
{
    const kk_data *data = &system->data;
    const drt_window all = closo_drt_window(system, CLOSO_DRT_BOTH),
                     fitted = closo_drt_window(system, drt->part);
    size_t grid = system->grid, rows = data->rows, count = spectrum->count;
    double *gamma = closo_arena_alloc(arena, grid, sizeof(double));
    double *model = closo_arena_alloc(passing, rows, sizeof(double));
    double *real = closo_arena_alloc(arena, count, sizeof(double));
    double *imaginary = closo_arena_alloc(arena, count, sizeof(double));
    double *rest = closo_arena_alloc(passing, rows, sizeof(double));
    if (gamma == NULL || model == NULL || real == NULL || imaginary == NULL || rest == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < system->unknowns; k++)
        closo_add_scaled(model, x[k], system->columns + k * rows, rows);
    if (drt->part != CLOSO_DRT_BOTH) {
        fit_unseen(system, drt->part, model, rest, x);
        memset(model, 0, rows * sizeof *model);
        for (size_t k = 0; k < system->unknowns; k++)
            closo_add_scaled(model, x[k], system->columns + k * rows, rows);
    }
    double squares = sum_of_squares(data->y, model, fitted);
    for (size_t i = 0; i < count; i++) {
        real[i] = model[i] / data->scale[i];
        imaginary[i] = model[data->half + i] / data->scale[i];
    }
    closo_drt_gamma(system, x, gamma);
    double residuals = (double)fitted.used;
    double inverse_capacitance = x[grid + 2] * system->fixed_unit[2];
    drt->grid_count = grid;
    drt->tau_s = system->tau_s;
    drt->gamma_ohm = gamma;
    drt->resistance_ohm = x[grid] * system->fixed_unit[0];
    drt->inductance_H = x[grid + 1] * system->fixed_unit[1];
    drt->capacitance_F = inverse_capacitance > 0 ? 1 / inverse_capacitance : (double)INFINITY;
    drt->count = count;
    drt->frequency_Hz = spectrum->frequency_Hz;
    drt->real_ohm = real;
    drt->imaginary_ohm = imaginary;
    drt->residual_rms = sqrt(squares / residuals);
    drt->noise = sqrt(squares / fmax(residuals - drt->effective_parameters, residuals / 4));
    drt->other_residual_rms =
        drt->part == CLOSO_DRT_BOTH
            ? (double)NAN
            : sqrt((sum_of_squares(data->y, model, all) - squares) / residuals);
    return CLOSO_OK;
}

static void warn(const drt_system *system, closo_arena *arena, closo_drt *drt)
{
    const double *omega = system->data.omega;
    for (size_t p = 0; p < drt->peak_count; p++) {
        const closo_drt_peak *peak = &drt->peaks[p];
        if (!peak->outside && peak->fitted &&
            fabs(peak->area_ohm / peak->resistance_ohm.value - 1) > 0.2)
            closo_notes_add(&drt->warnings, arena,
                            "the peak at %.3g s overlaps its neighbours: its area is %.4g ohm, its "
                            "arc %.4g ohm",
                            peak->tau_s.value, peak->area_ohm, peak->resistance_ohm.value);
        if (peak->outside && peak->tau_s.value * omega[0] < 1 &&
            peak->area_ohm > 0.02 * (drt->resistance_ohm + drt->polarisation_ohm))
            closo_notes_add(&drt->warnings, arena,
                            "%.3g ohm lie before %.3g s, the reach of the highest frequency: an "
                            "arc that was not measured, split from the resistance by extrapolation",
                            peak->area_ohm, 1 / omega[0]);
    }
    if (!drt->shapes_hold && drt->peak_count != 0)
        closo_notes_add(&drt->warnings, arena,
                        "arcs in place of the peaks do not describe the spectrum: resistances are "
                        "areas between minima, without the error of that cut");
    if (drt->other_residual_rms > fmax(3 * drt->noise, 0.005))
        closo_notes_add(&drt->warnings, arena,
                        "the distribution of the %s part misses the other one by %.2g %% of |Z|: "
                        "they are not of one linear system, or reach beyond the frequencies; run "
                        "closo kk",
                        closo_drt_part_name(drt->part), 100 * drt->other_residual_rms);
    if (drt->noise > 0.03)
        closo_notes_add(&drt->warnings, arena,
                        "the model leaves %.1f %% of |Z|: run closo kk before believing peaks",
                        100 * drt->noise);
}

/* Everything but the results is in passing. */
static closo_status make(const closo_spectrum *spectrum, const closo_drt_options *options,
                         closo_arena *arena, closo_arena *passing, closo_drt *drt,
                         closo_error *error)
{
    drt_system system;
    drt_spectrum smooth;
    closo_status status = closo_drt_system_make(spectrum, options, arena, passing, &system, error);
    if (status != CLOSO_OK)
        return status;
    const drt_window fitted = closo_drt_window(&system, options->part);
    smooth.factor = system.factor;
    status = closo_drt_decompose(&system, fitted, system.gram, passing, &smooth, error);
    if (status == CLOSO_OK)
        status = closo_drt_eigenvalues(&smooth, passing, error);
    if (status == CLOSO_OK && !(options->lambda > 0))
        status = closo_drt_choose_lambda(&system, &smooth, options->criterion, passing,
                                         &drt->lambda, error);
    double *x = closo_arena_alloc(passing, system.unknowns, sizeof(double));
    if (status == CLOSO_OK && x == NULL)
        status = closo_fail_nomem(error);
    if (status != CLOSO_OK)
        return status;
    drt->effective_parameters = closo_drt_effective_parameters(&smooth, drt->lambda);
    status = solve(&system, &smooth, drt->lambda, passing, x, error);
    if (status == CLOSO_OK)
        status = describe(spectrum, &system, x, arena, passing, drt, error);
    if (status == CLOSO_OK)
        status = closo_drt_find_peaks(spectrum, &system, arena, drt, error);
    if (status == CLOSO_OK && !options->no_arcs)
        status = closo_drt_fit_shapes(spectrum, &system, x, passing, drt, error);
    if (status == CLOSO_OK && options->samples != 0)
        status = closo_drt_sample(&system, x, options, arena, drt, error);
    if (status == CLOSO_OK)
        warn(&system, arena, drt);
    return status;
}

closo_status closo_drt_make(const closo_spectrum *spectrum, const closo_drt_options *given,
                            closo_arena *arena, closo_drt *drt, closo_error *error)
{
    closo_drt_options options;
    *drt = (closo_drt){.shape_residual_rms = NAN, .arc_sum_ohm = NAN};
    closo_status status = fill_options(given, &options, error);
    if (status == CLOSO_OK)
        status = closo_kk_check(spectrum, error);
    if (status != CLOSO_OK)
        return status;
    drt->criterion = options.criterion;
    drt->part = options.part;
    drt->basis = options.basis;
    drt->lambda = options.lambda;
    closo_arena *passing = closo_arena_new(0);
    if (passing == NULL)
        return closo_fail_nomem(error);
    status = make(spectrum, &options, arena, passing, drt, error);
    closo_arena_free(passing);
    return status;
}
