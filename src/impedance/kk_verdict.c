/* SPDX-License-Identifier: BSD-3-Clause */
/* kk_verdict.c: from test statistics to a sentence. */
#include "impedance/kk_internal.h"

#include <math.h>

enum { TESTS = 4 };
/* Chance of a false alarm from one valid spectrum, all tests together. */
static const double alarm_p = 2e-4;
/* Less drift or bending than this changes no number anyone draws from a spectrum. */
static const double least_change = 0.02;

const char *closo_kk_verdict_name(closo_kk_verdict verdict)
{
    switch (verdict) {
    case CLOSO_KK_CONSISTENT:
        return "consistent";
    case CLOSO_KK_WITHIN_TOLERANCE:
        return "within tolerance";
    case CLOSO_KK_INCONSISTENT:
        break;
    }
    return "inconsistent";
}

/* The frequency below, or above, which the bad points lie, in words. */
static const char *where_bad(const closo_kk_result *result, closo_arena *arena)
{
    size_t low = 0, high = 0, third = (result->count + 2) / 3;
    double lowest_bad = NAN, highest_bad = NAN;
    for (size_t i = 0; i < result->count; i++) {
        if (result->good[i])
            continue;
        high += i < third;
        low += i >= result->count - third;
        lowest_bad = result->frequency_Hz[i];
        if (!(highest_bad > 0))
            highest_bad = result->frequency_Hz[i];
    }
    if (result->bad_count < 2)
        return "";
    if (4 * low >= 3 * result->bad_count)
        return closo_arena_printf(arena, ", mostly below %.3g Hz", highest_bad);
    if (4 * high >= 3 * result->bad_count)
        return closo_arena_printf(arena, ", mostly above %.3g Hz", lowest_bad);
    return "";
}

static const char *inconsistent_sentence(const closo_kk_result *result, closo_arena *arena)
{
    if (result->drifts)
        return closo_arena_printf(
            arena,
            "inconsistent: the cell changed while it was measured, by %+.1f(%.1f) %% of Z if it did "
            "so evenly in time; the low frequencies, measured last, belong to another cell than the "
            "high ones",
            100 * result->drift.value, 100 * result->drift.sigma);
    if (result->nonlinear)
        return closo_arena_printf(
            arena,
            "inconsistent: residuals as from an excitation too large for a linear response (%+.1f(%.1f) %% "
            "of Z); measure again with half the amplitude",
            100 * result->nonlinearity.value, 100 * result->nonlinearity.sigma);
    const char *where = where_bad(result, arena);
    return closo_arena_printf(arena,
                              "inconsistent: residuals of up to %.2g %% that are not noise%s; they "
                              "look like neither an even drift nor an excitation too large",
                              100 * result->systematic, where != NULL ? where : "");
}

static void warn(const closo_kk_options *options, closo_arena *arena, closo_kk_result *result)
{
    closo_notes *notes = &result->warnings;
    if (result->left_out != 0)
        closo_notes_add(
            notes, arena, "%zu lone point%s more than %g sigma off and left out of the test",
            result->left_out, result->left_out == 1 ? " is" : "s are", options->point_sigmas);
    if (result->truncated_low)
        closo_notes_add(notes, arena,
                        "the spectrum ends amid an arc at %.3g Hz: about %.0f %% of the resistance "
                        "lies below it and is extrapolation",
                        result->frequency_Hz[result->count - 1], 100 * result->low_missing);
    if (result->truncated_high)
        closo_notes_add(
            notes, arena,
            "the spectrum begins amid an arc at %.3g Hz: about %.0f %% of the real part "
            "there belongs to it, and the high-frequency resistance is extrapolation",
            result->frequency_Hz[0], 100 * result->high_missing);
    if (result->count < 20)
        closo_notes_add(notes, arena,
                        "with %zu points only gross violations can be told from noise",
                        result->count);
    if (result->noise > 0.03)
        closo_notes_add(notes, arena, "the noise is %.1f %% of |Z|: what is smaller stays unseen",
                        100 * result->noise);
}

closo_status closo_kk_judge(const closo_kk_options *options, closo_arena *arena,
                            closo_kk_result *result, closo_error *error)
{
    double least =
        fmin(fmin(result->p_parts, result->p_runs), fmin(result->p_drift, result->p_nonlinear));
    result->p_value = fmin(1, TESTS * least);
    bool beyond_chance = result->p_value < alarm_p;
    bool drifts = result->p_drift < alarm_p / TESTS && fabs(result->drift.value) > least_change &&
                  fabs(result->drift.value) < 1;
    bool bends = result->p_nonlinear < alarm_p / TESTS &&
                 fabs(result->nonlinearity.value) > least_change &&
                 fabs(result->nonlinearity.value) < 1;
    bool drift_first = fabs(result->drift.value) * result->nonlinearity.sigma >=
                       fabs(result->nonlinearity.value) * result->drift.sigma;
    result->drifts = drifts && (drift_first || !bends);
    result->nonlinear = bends && !result->drifts;
    const char *sentence;
    if (!beyond_chance) {
        result->verdict = CLOSO_KK_CONSISTENT;
        sentence =
            closo_arena_printf(arena, "consistent: nothing but noise of %.2g %% is left (p = %.2g)",
                               100 * result->noise, result->p_value);
    } else if (result->systematic <= options->tolerance && !drifts && !bends) {
        result->verdict = CLOSO_KK_WITHIN_TOLERANCE;
        sentence = closo_arena_printf(
            arena,
            "within tolerance: residuals of up to %.2g %% are not noise, but below the %.2g %% that "
            "are let pass",
            100 * result->systematic, 100 * options->tolerance);
    } else {
        result->verdict = CLOSO_KK_INCONSISTENT;
        sentence = inconsistent_sentence(result, arena);
    }
    if (sentence == NULL)
        return closo_fail_nomem(error);
    result->sentence = sentence;
    warn(options, arena, result);
    return CLOSO_OK;
}
