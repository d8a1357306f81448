/* SPDX-License-Identifier: BSD-3-Clause */
/* holds.c: the rows in which a voltage was held, told from rests, sweeps, and currents that were held while the potential
 * happened to stay. */
#include "symmetric_internal.h"

#include "closo/instrument.h"
#include "closo/numeric.h"

#include <math.h>
#include <string.h>

enum { REFERENCE_ROWS = 8, OUTSIDE_ROWS = 3, REST_MODE = 3, GALVANOSTATIC_MODE = 1 };
static const double hold_V = 1e-3, hold_noise = 8;
static const double galvanostatic_share = 0.1, steady_share = 0.02, same_share = 2e-3;
static const double sweep_r2 = 0.8, sweep_V = 4e-4;

/* ---- rows ---- */

closo_status closo_holds_read(closo_hold_work *work, const closo_table *table, closo_error *error)
{
    closo_trace trace;
    closo_status status = closo_trace_from_table(table, work->passing, &trace, error);
    if (status != CLOSO_OK)
        return status;
    const closo_column *mode = closo_table_find(table, CLOSO_QUANTITY_MODE);
    size_t count = trace.row_count, kept = 0, back = 0;
    double *modes = mode != NULL && mode->labels == NULL
                        ? closo_column_values_si(mode, count, work->passing)
                        : NULL;
    const closo_column *frequency = closo_table_find(table, CLOSO_QUANTITY_FREQUENCY);
    if (frequency != NULL && frequency->labels == NULL)
        work->frequency_Hz = closo_column_values_si(frequency, count, work->passing);
    work->time_s = closo_arena_alloc(work->arena, count, sizeof(double));
    work->potential_V = closo_arena_alloc(work->arena, count, sizeof(double));
    work->current_A = closo_arena_alloc(work->arena, count, sizeof(double));
    work->file_rows = closo_arena_alloc(work->passing, count, sizeof(size_t));
    work->mode = modes;
    if (work->time_s == NULL || work->potential_V == NULL || work->current_A == NULL ||
        work->file_rows == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(trace.time_s[i]) || !isfinite(trace.potential_V[i]) ||
            !isfinite(trace.current_A[i]))
            continue;
        if (kept != 0 && !(trace.time_s[i] > work->time_s[kept - 1])) {
            back++;
            continue;
        }
        work->time_s[kept] = trace.time_s[i];
        work->potential_V[kept] = trace.potential_V[i];
        work->current_A[kept] = trace.current_A[i];
        if (modes != NULL)
            modes[kept] = modes[i];
        if (work->frequency_Hz != NULL)
            work->frequency_Hz[kept] = work->frequency_Hz[i];
        work->file_rows[kept++] = i + 1;
    }
    if (kept == 0)
        return closo_fail(error, CLOSO_RANGE, "no row has a time, a potential and a current");
    closo_polarisation *polarisation = work->polarisation;
    polarisation->row_count = kept;
    polarisation->time_s = work->time_s;
    polarisation->potential_V = work->potential_V;
    polarisation->current_A = work->current_A;
    work->backward_rows = back;
    if (back != 0)
        closo_notes_add(&polarisation->notes, work->arena,
                        "%zu rows whose clock does not go forward are left out", back);
    return CLOSO_OK;
}

/* ---- holds ---- */

static bool is_rest(const closo_hold_work *work, size_t row)
{
    if (work->mode != NULL &&
        (work->mode[row] == REST_MODE || work->mode[row] == GALVANOSTATIC_MODE))
        return true;
    if (work->frequency_Hz != NULL && work->frequency_Hz[row] > 0)
        return true;
    return fabs(work->current_A[row]) <= work->options->zero_current_A;
}

static bool find_noise(closo_hold_work *work)
{
    size_t rows = work->polarisation->row_count, count = 0;
    double *second_V = closo_arena_alloc(work->passing, rows, sizeof *second_V);
    if (second_V == NULL)
        return false;
    for (size_t i = 1; i + 1 < rows; i++)
        if (!is_rest(work, i - 1) && !is_rest(work, i) && !is_rest(work, i + 1))
            second_V[count++] =
                work->potential_V[i - 1] - 2 * work->potential_V[i] + work->potential_V[i + 1];
    work->noise_V = count >= 4 ? closo_robust_sigma(second_V, count, NULL) / sqrt(6) : 0;
    return true;
}

double closo_hold_band_V(const closo_hold_work *work)
{
    return fmax(hold_V, hold_noise * work->noise_V);
}

/* First row after a hold that begins at `first`, whose first rows have the median reference_V. */
static size_t hold_end(const closo_hold_work *work, size_t first, double reference_V)
{
    double band_V = closo_hold_band_V(work);
    size_t rows = work->polarisation->row_count, outside = 0, i = first;
    for (; i < rows && !is_rest(work, i); i++) {
        outside = fabs(work->potential_V[i] - reference_V) > band_V ? outside + 1 : 0;
        if (outside == OUTSIDE_ROWS)
            return i + 1 - OUTSIDE_ROWS;
    }
    return i - outside;
}

/* Does the potential move along a straight line, as in a sweep that is slow enough to look like a hold? */
static bool is_sweep(const closo_hold_work *work, size_t first, size_t end)
{
    closo_line line;
    if (closo_line_fit(work->time_s + first, work->potential_V + first, NULL, end - first, &line,
                       NULL) != CLOSO_OK)
        return false;
    double moved_V = line.slope * (work->time_s[end - 1] - work->time_s[first]);
    return line.r2 > sweep_r2 && fabs(moved_V) > sweep_V;
}

/* Scatter about the median over the median; the rows at both ends may still be of the step before. */
static double relative_spread(const closo_hold_work *work, const double *values, size_t count)
{
    double *copy = closo_arena_copy(work->passing, values, count, sizeof *copy), median = 0;
    double sigma = copy != NULL ? closo_robust_sigma(copy, count, &median) : (double)NAN;
    return sigma / fabs(median);
}

/* Rows beyond one end of a hold (step +1 or -1) that have its current at another potential, one beside the other. */
static size_t same_current_rows(const closo_hold_work *work, size_t from, size_t limit, int step,
                                const double median[2], double band_A)
{
    const double band_V = closo_hold_band_V(work);
    size_t count = 0;
    for (size_t i = from, looked = 0; looked < CLOSO_HOLD_ROWS && i < limit; looked++) {
        if (is_rest(work, i) || !(fabs(work->current_A[i] - median[0]) <= band_A))
            break;
        count += fabs(work->potential_V[i] - median[1]) > band_V;
        if (i == 0 && step < 0)
            break;
        i = step > 0 ? i + 1 : i - 1;
    }
    return count;
}

/* A flat part of a galvanostatic curve: the same current flows before or after it while the potential moves. No ohmic or
 * blocking cell does that under a held voltage. */
static bool current_goes_on(const closo_hold_work *work, size_t first, size_t end)
{
    double *current_A =
        closo_arena_copy(work->passing, work->current_A + first, end - first, sizeof *current_A);
    double *potential_V = closo_arena_copy(work->passing, work->potential_V + first, end - first,
                                           sizeof *potential_V);
    if (current_A == NULL || potential_V == NULL)
        return false;
    double median[2] = {0, closo_median(potential_V, end - first)};
    double sigma_A = closo_robust_sigma(current_A, end - first, &median[0]);
    if (!(sigma_A < steady_share * fabs(median[0])))
        return false;
    double band_A = fmax(4 * sigma_A, same_share * fabs(median[0]));
    size_t rows = work->polarisation->row_count;
    return same_current_rows(work, end, rows, 1, median, band_A) >= OUTSIDE_ROWS ||
           (first > 0 &&
            same_current_rows(work, first - 1, rows, -1, median, band_A) >= OUTSIDE_ROWS);
}

/* Is it the current that was held, and the potential that happened to stay? A file that has the mode says so itself. */
static bool is_galvanostatic(const closo_hold_work *work, size_t first, size_t end)
{
    if (current_goes_on(work, first, end))
        return true;
    return work->mode == NULL &&
           relative_spread(work, work->current_A + first, end - first) <
               galvanostatic_share * relative_spread(work, work->potential_V + first, end - first);
}

static bool add_step(closo_hold_work *work, size_t first, size_t end)
{
    closo_polarisation *polarisation = work->polarisation;
    closo_polarisation_step *grown = closo_arena_grow(
        work->arena, polarisation->steps, polarisation->step_count, &work->capacity, sizeof *grown);
    double *potential_V = closo_arena_copy(work->passing, work->potential_V + first, end - first,
                                           sizeof *potential_V);
    if (grown == NULL || potential_V == NULL)
        return false;
    polarisation->steps = grown;
    closo_polarisation_step *step = &grown[polarisation->step_count++];
    *step = (closo_polarisation_step){.first_row = first,
                                      .row_count = end - first,
                                      .file_row = work->file_rows[first],
                                      .potential_V = closo_median(potential_V, end - first),
                                      .rest_V = NAN,
                                      .first_A = work->current_A[first],
                                      .conductance_S = {NAN, NAN},
                                      .conductivity_S_per_m = {NAN, NAN},
                                      .electronic_share = NAN};
    /* The voltage was stepped between the row before and the first one: at the row before, unless that is further off than
     * rows of the hold are from each other. */
    double interval_s = work->time_s[first + 1] - work->time_s[first];
    step->start_s = work->time_s[first];
    if (first > 0)
        step->start_s = fmax(work->time_s[first - 1], work->time_s[first] - interval_s);
    else
        step->start_s -= 0.5 * interval_s;
    step->first_delay_s = work->time_s[first] - step->start_s;
    step->duration_s = work->time_s[end - 1] - step->start_s;
    /* Rows on their way to the voltage lie between the rest and the hold. */
    for (size_t i = first; i-- > 0 && first - i <= (size_t)2 * OUTSIDE_ROWS;) {
        if (!is_rest(work, i))
            continue;
        step->rest_V = work->potential_V[i];
        break;
    }
    step->applied_V =
        work->options->from_rest ? step->potential_V - step->rest_V : step->potential_V;
    return true;
}

/* A technique that holds currents only; EC-Lab writes mode 2 for its rows all the same. */
closo_status closo_holds_check_technique(const closo_table *table, closo_error *error)
{
    const char *technique = closo_table_text(table, "technique");
    if (technique == NULL ||
        (strncmp(technique, "Chronopotentiometry", 19) != 0 && strcmp(technique, "CP") != 0))
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE,
                      "the file's technique is %s: currents were held, not voltages, so there is "
                      "no steady current to be found (closo symmetric is for constant currents)",
                      technique);
}

closo_status closo_holds_find(closo_hold_work *work, closo_error *error)
{
    size_t rows = work->polarisation->row_count;
    if (!find_noise(work))
        return closo_fail_nomem(error);
    for (size_t i = 0; i + CLOSO_HOLD_ROWS <= rows;) {
        double first_V[REFERENCE_ROWS];
        memcpy(first_V, work->potential_V + i, sizeof first_V);
        size_t end =
            is_rest(work, i) ? i : hold_end(work, i, closo_median(first_V, REFERENCE_ROWS));
        if (end < i + CLOSO_HOLD_ROWS) {
            i++;
            continue;
        }
        if (is_sweep(work, i, end) || is_galvanostatic(work, i, end)) {
            i = end;
            continue;
        }
        if (!add_step(work, i, end))
            return closo_fail_nomem(error);
        i = end;
    }
    if (work->polarisation->step_count != 0)
        return CLOSO_OK;
    if (work->backward_rows > rows)
        return closo_fail(error, CLOSO_RANGE,
                          "the clock runs backwards in %zu of %zu rows: the rows seem to stand in "
                          "the order from the last to the first; sort them by time",
                          work->backward_rows, work->backward_rows + rows);
    size_t under_current = 0;
    for (size_t i = 0; i < rows; i++)
        under_current += !is_rest(work, i);
    if (under_current == 0)
        return closo_fail(
            error, CLOSO_RANGE,
            "no current flows in the %zu rows that can be used%s: there is nothing "
            "to find a steady current of",
            rows, work->options->zero_current_A > 0 ? ", above the given zero current" : "");
    if (rows < CLOSO_HOLD_ROWS)
        return closo_fail(error, CLOSO_RANGE,
                          "a polarisation wants at least %d rows at one voltage, there %s %zu",
                          CLOSO_HOLD_ROWS, rows == 1 ? "is" : "are", rows);
    return closo_fail(error, CLOSO_RANGE,
                      "no voltage was held constant for %d rows under current: this is no "
                      "polarisation (closo symmetric is for constant currents, closo cv for "
                      "sweeps)",
                      CLOSO_HOLD_ROWS);
}

/* ---- currents without a sign ---- */

void closo_holds_mend_signs(closo_hold_work *work)
{
    closo_polarisation *polarisation = work->polarisation;
    bool negative_V = false, negative_A = false, positive_V = false;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        double far_V = hold_noise * work->noise_V + hold_V;
        negative_V = negative_V || step->applied_V < -far_V;
        positive_V = positive_V || step->applied_V > far_V;
        for (size_t i = step->first_row; i < step->first_row + step->row_count; i++)
            negative_A = negative_A || work->current_A[i] < 0;
    }
    if (!negative_V || !positive_V || negative_A)
        return;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        for (size_t i = step->first_row;
             step->applied_V < 0 && i < step->first_row + step->row_count; i++)
            work->current_A[i] = -work->current_A[i];
    }
    closo_notes_add(&polarisation->notes, work->arena,
                    "no current is negative although voltages of both signs were held: the "
                    "currents have lost their sign; it was taken from the voltage");
}
