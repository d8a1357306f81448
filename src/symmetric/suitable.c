/* SPDX-License-Identifier: BSD-3-Clause */
/* suitable.c: is it a cell with two equal electrodes, under a direct current that strips and plates? */
#include "symmetric_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double rest_share = 0.5, held_share = 0.6;
/* A slow transfer of charge bends the law: 2RT/F asinh(i / 2i0) leaves 0.2 V after two decades. */
static const double extrapolated_share = 0.8, extrapolated_V = 0.3;
static const double same_sign_V = 0.05; /* a smaller potential may be an offset */
static const double impedance_share = 0.5;
enum { BLOCK_ROWS = 512 };

/* A current that alternates strips and plates nothing. */
closo_status closo_symmetric_check_table(const closo_table *table, closo_error *error)
{
    const closo_column *frequency = closo_table_find(table, CLOSO_QUANTITY_FREQUENCY);
    size_t alternating = 0;
    for (size_t row = 0; frequency != NULL && row < table->row_count; row += BLOCK_ROWS) {
        double values[BLOCK_ROWS];
        const size_t left = table->row_count - row, count = left < BLOCK_ROWS ? left : BLOCK_ROWS;
        closo_column_read_si(frequency, row, count, values);
        for (size_t i = 0; i < count; i++)
            alternating += values[i] > 0;
    }
    if ((double)alternating <= impedance_share * (double)table->row_count)
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "%zu of %zu rows are of an impedance (they have a frequency): an alternating "
                      "current neither strips nor plates; closo eis is for that",
                      alternating, table->row_count);
}

static double median_mean_V(const closo_symmetric *symmetric, int direction, double *scratch)
{
    size_t count = 0;
    for (size_t i = 0; i < symmetric->half_count; i++)
        if (symmetric->halves[i].direction == direction)
            scratch[count++] = symmetric->halves[i].mean_V;
    return closo_median(scratch, count);
}

/* The smallest magnitude of the potential at the end of a rest; infinite without one. */
static double smallest_rest_V(const closo_cycling *cycling)
{
    double rest_V = INFINITY;
    for (size_t s = 0; s < cycling->step_count; s++)
        if (cycling->steps[s].kind == CLOSO_STEP_REST)
            rest_V = fmin(rest_V, fabs(cycling->steps[s].to_V));
    return rest_V;
}

/* Equal electrodes have no potential without current. That tells where the current never turns round. */
static closo_status check_rests(double rest_V, double lone_V, closo_error *error)
{
    if (!isfinite(rest_V) || rest_V <= fmax(same_sign_V, rest_share * fabs(lone_V)) || lone_V == 0)
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "at rest the potential is still %.3g V: this is no cell with two equal "
                      "electrodes; closo cycles is for those with two different ones",
                      rest_V);
}

/* Without a rest to tell, several currents do: their overpotentials run towards none at no current. */
static closo_status check_currents(const closo_symmetric_work *work, closo_error *error)
{
    const closo_symmetric *symmetric = work->symmetric;
    double *current_A = work->scratch, *over_V = work->scratch + symmetric->cycling->row_count;
    double smallest_V = INFINITY;
    size_t count = 0;
    for (size_t i = 0; i < symmetric->half_count; i++)
        if (isfinite(symmetric->halves[i].mean_V)) {
            current_A[count] = symmetric->halves[i].current_A;
            over_V[count] = symmetric->halves[i].mean_V;
            smallest_V = fmin(smallest_V, over_V[count++]);
        }
    closo_line line;
    if (closo_line_fit(current_A, over_V, NULL, count, &line, NULL) != CLOSO_OK ||
        line.intercept <= fmax(extrapolated_V, extrapolated_share * smallest_V))
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "the current never turns round, and the potentials of its %zu steps run "
                      "towards %.3g V at no current, not towards none: this is no cell with two "
                      "equal electrodes",
                      count, line.intercept);
}

/* Overpotentials are of a current that was held. */
static closo_status check_technique(const closo_cycling *cycling, closo_error *error)
{
    double all_C = 0, held_C = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        double charge_C = fabs(cycling->steps[s].charge_C);
        all_C += charge_C;
        held_C += cycling->steps[s].kind == CLOSO_STEP_HOLD ? charge_C : 0;
    }
    if (held_C <= held_share * all_C)
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "%.0f %% of the charge flowed at constant potential: the voltage was held, "
                      "not the current; closo polarise is for that",
                      100 * held_C / all_C);
}

closo_status closo_symmetric_check_cell(const closo_symmetric_work *work, closo_error *error)
{
    const closo_symmetric *symmetric = work->symmetric;
    closo_status status = check_technique(symmetric->cycling, error);
    if (status != CLOSO_OK)
        return status;
    double anodic_V = median_mean_V(symmetric, 1, work->scratch);
    double cathodic_V = median_mean_V(symmetric, -1, work->scratch);
    if (anodic_V * cathodic_V < 0 && fmin(fabs(anodic_V), fabs(cathodic_V)) > same_sign_V)
        return closo_fail(error, CLOSO_RANGE,
                          "the potential stays near %.3g V when the current turns round: this is "
                          "no cell with two equal electrodes; closo cycles is for those with two "
                          "different ones",
                          0.5 * (anodic_V - cathodic_V));
    double lone_V = isnan(anodic_V) ? cathodic_V : isnan(cathodic_V) ? anodic_V : 0;
    if (lone_V < -same_sign_V)
        return closo_fail(error, CLOSO_RANGE,
                          "the potential runs with the current (%.3g V in its direction), as when "
                          "a battery is discharged: no overpotential of a cell with two equal "
                          "electrodes",
                          lone_V);
    const double rest_V = smallest_rest_V(symmetric->cycling);
    status = check_rests(rest_V, lone_V, error);
    if (status == CLOSO_OK && !isfinite(rest_V) && lone_V != 0)
        status = check_currents(work, error);
    return status;
}

/* One constant current in one direction says something when the cell fails under it. */
closo_status closo_symmetric_check_events(const closo_symmetric *symmetric, closo_error *error)
{
    if (symmetric->half_count != 1 || symmetric->event_count != 0)
        return CLOSO_OK;
    const closo_symmetric_half *half = &symmetric->halves[0];
    return closo_fail(error, CLOSO_RANGE,
                      "one current of %.4g mA flowed in one direction (%.4g mV, %.4g ohm) and the "
                      "potential never dropped: neither stripping and plating, of which a trend "
                      "could be told, nor a test that ended with a short circuit",
                      1e3 * half->current_A, 1e3 * half->mean_V, half->mean_V / half->current_A);
}
