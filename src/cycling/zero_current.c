/* SPDX-License-Identifier: BSD-3-Clause */
/* zero_current.c: below which current a cell rests. An instrument that rests still shows some current: noise, an offset of
 * its range. Between that and the smallest current that was asked for lies a gap. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static const double least_gap_ratio = 3;         /* of currents on both sides of the gap */
static const double rest_share_most = 1.0 / 500; /* of the mean current: no rest is above */
static const double rest_share_default = 1e-3;
static const double rest_charge_share = 0.01; /* rests carry less of all charge */
static const double nothing_share = 1e-11;    /* of the mean current: as good as zero */

/* Exponent and the first three bits of the fraction: the bits of a double in order. */
static size_t bin_of(double magnitude)
{
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof bits);
    return (size_t)(bits >> 49) & (CLOSO_CURRENT_BINS - 1);
}

bool closo_row_facts_new(closo_row_facts *facts, closo_arena *arena)
{
    *facts = (closo_row_facts){.low_V = INFINITY, .high_V = -INFINITY, .own_least_C = INFINITY};
    facts->bins = closo_arena_alloc(arena, CLOSO_CURRENT_BINS, sizeof *facts->bins);
    for (size_t b = 0; facts->bins != NULL && b < CLOSO_CURRENT_BINS; b++)
        facts->bins[b].charge_C = -1;
    return facts->bins != NULL;
}

void closo_row_facts_add(closo_row_facts *facts, double elapsed_s, double potential_V,
                         double current_A, double own_C)
{
    const double magnitude_A = fabs(current_A), charge_C = magnitude_A * elapsed_s;
    closo_current_bin *bin = &facts->bins[bin_of(magnitude_A)];
    if (bin->charge_C < 0)
        *bin = (closo_current_bin){magnitude_A, magnitude_A, 0};
    bin->least_A = magnitude_A < bin->least_A ? magnitude_A : bin->least_A;
    bin->most_A = magnitude_A > bin->most_A ? magnitude_A : bin->most_A;
    bin->charge_C += charge_C;
    facts->sum_C += charge_C;
    facts->sum_A_C += magnitude_A * charge_C;
    facts->low_V = potential_V < facts->low_V ? potential_V : facts->low_V;
    facts->high_V = potential_V > facts->high_V ? potential_V : facts->high_V;
    facts->least_A = current_A < facts->least_A ? current_A : facts->least_A;
    if (own_C == 0)
        return;
    const double own_magnitude_C = fabs(own_C);
    facts->own_sum_C += own_magnitude_C;
    facts->own_least_C =
        own_magnitude_C < facts->own_least_C ? own_magnitude_C : facts->own_least_C;
    if (own_C < 0 && magnitude_A > facts->most_A_of_negative_charge)
        facts->most_A_of_negative_charge = magnitude_A;
}

/* The threshold from the widest gap, or NaN when there is none that will do. Currents that are as good as zero open a gap
 * only when nothing else lies below the limit. */
static double threshold_from_gap(const closo_cycling_work *work)
{
    const closo_row_facts *facts = &work->facts;
    const double most_rest_A = rest_share_most * work->mean_A;
    const double nothing_A = nothing_share * work->mean_A;
    double below_A = NAN, below_C = 0, widest = 0, threshold_A = NAN, charge_below_C = 0;
    bool zeros = false;
    for (size_t b = 0; b < CLOSO_CURRENT_BINS; b++) {
        const closo_current_bin *bin = &facts->bins[b];
        if (bin->charge_C < 0)
            continue;
        double from_A = below_A;
        if (bin->most_A <= nothing_A)
            zeros = true;
        else if (isnan(below_A))
            from_A = zeros && bin->least_A > most_rest_A ? nothing_A : (double)NAN;
        if (from_A <= most_rest_A && bin->least_A > widest * from_A) {
            widest = bin->least_A / from_A;
            threshold_A = sqrt(from_A) * sqrt(bin->least_A);
            charge_below_C = below_C;
        }
        if (bin->most_A > nothing_A)
            below_A = bin->most_A;
        below_C += bin->charge_C;
    }
    if (widest < least_gap_ratio || charge_below_C > rest_charge_share * facts->sum_C)
        return NAN;
    return threshold_A;
}

/* Says why no charge passes: a clock that never goes forward, a single row, or no current. */
static closo_status fail_without_charge(const closo_cycling_work *work, closo_error *error)
{
    const closo_cycling_source *source = work->source;
    const size_t rows = work->cycling->row_count;
    size_t restarts = 0;
    for (size_t p = 0; p < source->piece_count; p++)
        restarts += source->pieces[p].joined;
    if (rows > 1 && 2 * restarts >= rows)
        return closo_fail(error, CLOSO_RANGE,
                          "the clock runs backwards from row to row: the rows seem to stand in "
                          "the order from the last to the first; sort them by time");
    if (rows == 1)
        return closo_fail(error, CLOSO_RANGE,
                          "there is one row that can be used, and charge takes two: the "
                          "measurement stopped at once, or the file was cut");
    return closo_fail(error, CLOSO_RANGE,
                      "no current flows in the %zu rows that can be used, so there is nothing that "
                      "was charged or discharged",
                      rows);
}

closo_status closo_cycling_zero_current(closo_cycling_work *work, closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    const closo_row_facts *facts = &work->facts;
    work->mean_A = facts->sum_C > 0 ? facts->sum_A_C / facts->sum_C : 0;
    if (!(work->mean_A > 0) || !isfinite(work->mean_A))
        return fail_without_charge(work, error);
    if (cycling->zero_current_A > 0) {
        work->zero_rule = "as given";
        if (cycling->zero_current_A < work->mean_A)
            return CLOSO_OK;
        return closo_fail(error, CLOSO_RANGE,
                          "the zero current of %.4g A is above the mean current of %.4g A",
                          cycling->zero_current_A, work->mean_A);
    }
    cycling->zero_current_A = threshold_from_gap(work);
    work->zero_rule = "the middle of the gap in the distribution of currents";
    if (!(cycling->zero_current_A > 0)) {
        cycling->zero_current_A = rest_share_default * work->mean_A;
        work->zero_rule = "1/1000 of the mean current: the distribution of currents has no gap";
    }
    return CLOSO_OK;
}
