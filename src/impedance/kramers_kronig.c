/* SPDX-License-Identifier: BSD-3-Clause */
/* kramers_kronig.c: the test put together: fit, lone outliers, the other form where the first does not do, tests. */
#include "impedance/kk_internal.h"

#include "closo/numeric.h"

#include <math.h>

enum { LEAST_POINTS = 8, OUTLIER_ROUNDS = 6, NEIGHBOURS = 5 };

/* No instrument is better; what exact data leave below it is rounding and no deviation. */
static const double least_sigma = 1e-5;

closo_status closo_kk_check(const closo_spectrum *spectrum, closo_error *error)
{
    bool imaginary = false;
    for (size_t i = 0; i < spectrum->count; i++) {
        double f = spectrum->frequency_Hz[i];
        double modulus = hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
        if (!(f > 0) || !isfinite(f) || !(modulus > 0) || !isfinite(modulus))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu of the spectrum has no finite impedance at a positive "
                              "frequency: leave it out (closo_spectrum_make does)",
                              i + 1);
        if (i > 0 && !(f < spectrum->frequency_Hz[i - 1]))
            return closo_fail(error, CLOSO_RANGE,
                              "the frequencies have to fall and none may come twice; point %zu "
                              "(%g Hz) follows %g Hz",
                              i + 1, f, spectrum->frequency_Hz[i - 1]);
        imaginary = imaginary || spectrum->imaginary_ohm[i] != 0.0;
    }
    if (spectrum->count < LEAST_POINTS)
        return closo_fail(error, CLOSO_RANGE,
                          "%zu points are too few to judge a spectrum; it takes at least %d",
                          spectrum->count, LEAST_POINTS);
    if (!imaginary)
        return closo_fail(error, CLOSO_RANGE,
                          "the imaginary part is zero at every frequency: there is nothing to hold "
                          "against the real part; was the column of Z'' read?");
    double decades = log10(spectrum->frequency_Hz[0] / spectrum->frequency_Hz[spectrum->count - 1]);
    if (decades < 0.95)
        return closo_fail(error, CLOSO_RANGE,
                          "the spectrum spans %.2f decades of frequency; below one decade real and "
                          "imaginary part say nothing about each other",
                          decades);
    return CLOSO_OK;
}

/* Residual over its own standard deviation; the variance of a residual is (1 - leverage) sigma^2. */
static double studentised(const kk_fit *fit, size_t row, double sigma)
{
    double left = fmax(1 - fit->leverage[row], 0.02);
    return fabs(fit->residual[row]) / (sigma * sqrt(left));
}

static double point_deviation(const kk_data *data, const kk_fit *fit, size_t point, double sigma)
{
    return fmax(studentised(fit, point, sigma), studentised(fit, data->half + point, sigma));
}

/* Leaves out the points that stand alone far off; false when there was none. A row of bad points is no outlier but a
 * finding, and more than a tenth of the points is one too. */
static bool leave_out(const kk_data *data, const kk_fit *fit, double sigmas, double *scratch,
                      bool *kept)
{
    size_t count = data->count, n = 0, already = 0, added = 0;
    for (size_t i = 0; i < count; i++) {
        already += !kept[i];
        for (size_t part = 0; kept[i] && part < 2; part++) {
            size_t row = part * data->half + i;
            scratch[n++] = fit->residual[row] / sqrt(fmax(1 - fit->leverage[row], 0.02));
        }
    }
    double sigma = fmax(closo_robust_sigma(scratch, n, NULL), least_sigma);
    for (size_t i = 0; i < count; i++)
        scratch[i] = kept[i] ? point_deviation(data, fit, i, sigma) : 0;
    for (size_t i = 0; i < count; i++) {
        double before = i > 0 ? scratch[i - 1] : 0, after = i + 1 < count ? scratch[i + 1] : 0;
        bool alone = scratch[i] > sigmas && scratch[i] > 2 * before && scratch[i] > 2 * after;
        if (alone && (already + added + 1) * 10 <= count) {
            kept[i] = false;
            added++;
        }
    }
    return added != 0;
}

typedef struct attempt {
    kk_data data;
    kk_fit fit;
    bool *kept;
    size_t left_out;
} attempt;

/* One form, fitted, lone outliers left out. */
static closo_status try_form(const closo_spectrum *spectrum, closo_kk_form form,
                             const closo_kk_options *options, closo_arena *arena, attempt *made,
                             closo_error *error)
{
    double *scratch = closo_arena_alloc(arena, spectrum->count, 2 * sizeof(double));
    made->kept = closo_arena_alloc(arena, spectrum->count, sizeof(bool));
    if (scratch == NULL || made->kept == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < spectrum->count; i++)
        made->kept[i] = true;
    for (int round = 0; round < OUTLIER_ROUNDS; round++) {
        if (!closo_kk_data_make(spectrum, form == CLOSO_KK_ADMITTANCE, made->kept, arena,
                                &made->data))
            return closo_fail_nomem(error);
        closo_status status = closo_kk_fit_make(
            &made->data, options->terms, options->extension_decades, arena, &made->fit, error);
        if (status != CLOSO_OK)
            return status;
        if (round + 1 == OUTLIER_ROUNDS ||
            !leave_out(&made->data, &made->fit, options->point_sigmas, scratch, made->kept))
            break;
    }
    made->left_out = spectrum->count - made->data.used;
    return CLOSO_OK;
}

/* The largest rms residual of neighbours, beyond the noise. */
static double systematic_residual(const attempt *made, double noise)
{
    const kk_data *data = &made->data;
    double worst = 0;
    for (size_t i = 0; i + NEIGHBOURS <= data->count; i++) {
        double squares = 0, noise_share = 0;
        for (size_t j = i; j < i + NEIGHBOURS; j++) {
            for (size_t part = 0; made->kept[j] && part < 2; part++) {
                size_t row = part * data->half + j;
                squares += made->fit.residual[row] * made->fit.residual[row];
                noise_share += noise * noise * (1 - made->fit.leverage[row]);
            }
        }
        worst = fmax(worst, squares - noise_share);
    }
    return sqrt(worst / (2 * NEIGHBOURS));
}

/* Everything that stands at single points, and the noise. */
static closo_status describe_points(const closo_spectrum *spectrum, const attempt *made,
                                    const closo_kk_options *options, closo_arena *arena,
                                    closo_kk_result *result, closo_error *error)
{
    size_t count = spectrum->count;
    const kk_data *data = &made->data;
    const kk_fit *fit = &made->fit;
    double *real_ohm = closo_arena_alloc(arena, count, sizeof(double));
    double *imaginary_ohm = closo_arena_alloc(arena, count, sizeof(double));
    double *real = closo_arena_alloc(arena, count, sizeof(double));
    double *imaginary = closo_arena_alloc(arena, count, sizeof(double));
    double *deviation = closo_arena_alloc(arena, count, sizeof(double));
    bool *good = closo_arena_alloc(arena, count, sizeof(bool));
    if (real_ohm == NULL || imaginary_ohm == NULL || real == NULL || imaginary == NULL ||
        deviation == NULL || good == NULL)
        return closo_fail_nomem(error);
    double freedom = (double)fit->apart_freedom, used = (double)data->used;
    result->noise = freedom > 0 ? sqrt(fit->apart / freedom) : (double)NAN;
    result->residual_rms = sqrt(fit->squares / (2 * used));
    result->systematic = systematic_residual(made, result->noise);
    for (size_t i = 0; i < count; i++) {
        size_t j = data->half + i;
        double weight = made->kept[i] ? 1 : KK_LEFT_OUT_WEIGHT;
        double re = fit->model[i] / data->scale[i], im = fit->model[j] / data->scale[i];
        double square = re * re + im * im;
        bool turn = result->form == CLOSO_KK_ADMITTANCE;
        real_ohm[i] = turn ? re / square : re;
        imaginary_ohm[i] = turn ? -im / square : im;
        real[i] = fit->residual[i] / weight;
        imaginary[i] = fit->residual[j] / weight;
        double sigma = fmax(result->noise, least_sigma);
        deviation[i] = made->kept[i] ? point_deviation(data, fit, i, sigma)
                                     : fmax(fabs(real[i]), fabs(imaginary[i])) / sigma;
        good[i] = made->kept[i] && deviation[i] <= options->point_sigmas;
        result->bad_count += !good[i];
    }
    result->count = count;
    result->frequency_Hz = spectrum->frequency_Hz;
    result->real_ohm = real_ohm;
    result->imaginary_ohm = imaginary_ohm;
    result->real_residual = real;
    result->imaginary_residual = imaginary;
    result->deviation_sigmas = deviation;
    result->good = good;
    return CLOSO_OK;
}

/* Fit, figures and tests of one form. */
static closo_status examine(const closo_spectrum *spectrum, closo_kk_form form,
                            const closo_kk_options *options, closo_arena *arena,
                            closo_kk_result *result, closo_error *error)
{
    attempt made = {0};
    *result = (closo_kk_result){.form = form};
    closo_status status = try_form(spectrum, form, options, arena, &made, error);
    if (status != CLOSO_OK)
        return status;
    result->terms = made.fit.terms;
    result->left_out = made.left_out;
    status = describe_points(spectrum, &made, options, arena, result, error);
    if (status == CLOSO_OK)
        status = closo_kk_test(&made.data, &made.fit, arena, result, error);
    if (status != CLOSO_OK)
        return status;
    closo_kk_find_ends(result);
    return closo_kk_judge(options, arena, result, error);
}

closo_status closo_kramers_kronig(const closo_spectrum *spectrum, const closo_kk_options *options,
                                  closo_arena *arena, closo_kk_result *result, closo_error *error)
{
    closo_kk_options chosen = options != NULL ? *options : (closo_kk_options){0};
    if (chosen.point_sigmas <= 0)
        chosen.point_sigmas = 4;
    if (chosen.tolerance <= 0)
        chosen.tolerance = 0.005;
    chosen.extension_decades = chosen.extension_decades < 0      ? 0
                               : !(chosen.extension_decades > 0) ? 0.5
                                                                 : chosen.extension_decades;
    closo_status status = closo_kk_check(spectrum, error);
    if (status != CLOSO_OK)
        return status;
    closo_kk_form form = chosen.form;
    /* A negative resistance, say of a passivating electrode, gives poles to Z that are none of Y. Otherwise both forms
     * are as good, and taking the better one would let drifting spectra pass. */
    size_t negative = 0;
    for (size_t i = 0; i < spectrum->count; i++)
        negative += spectrum->real_ohm[i] < -0.05 * fabs(spectrum->imaginary_ohm[i]);
    if (form == CLOSO_KK_AUTO)
        form = negative > 2 ? CLOSO_KK_ADMITTANCE : CLOSO_KK_IMPEDANCE;
    return examine(spectrum, form, &chosen, arena, result, error);
}

closo_status closo_kk_mask(const closo_spectrum *spectrum, const closo_kk_result *result,
                           closo_arena *arena, closo_spectrum *masked, closo_error *error)
{
    size_t count = spectrum->count, kept = 0;
    double *frequency = closo_arena_alloc(arena, count, sizeof(double));
    double *real = closo_arena_alloc(arena, count, sizeof(double));
    double *imaginary = closo_arena_alloc(arena, count, sizeof(double));
    double *sigma = closo_arena_alloc(arena, count, sizeof(double));
    if (frequency == NULL || real == NULL || imaginary == NULL || sigma == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count && i < result->count; i++) {
        if (!result->good[i])
            continue;
        frequency[kept] = spectrum->frequency_Hz[i];
        real[kept] = spectrum->real_ohm[i];
        imaginary[kept] = spectrum->imaginary_ohm[i];
        sigma[kept] = spectrum->sigma_ohm != NULL ? spectrum->sigma_ohm[i] : (double)NAN;
        kept++;
    }
    if (kept == 0)
        return closo_fail(
            error, CLOSO_RANGE,
            "no point of the spectrum passes the Kramers-Kronig test: nothing is left");
    *masked = *spectrum;
    masked->count = kept;
    masked->frequency_Hz = frequency;
    masked->real_ohm = real;
    masked->imaginary_ohm = imaginary;
    masked->sigma_ohm = spectrum->sigma_ohm != NULL ? sigma : NULL;
    return CLOSO_OK;
}
