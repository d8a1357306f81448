/* SPDX-License-Identifier: BSD-3-Clause */
/* polarise.c: voltages that were held, their steady currents, and the conductivity. */
#include "symmetric_internal.h"

#include "closo/instrument.h"
#include "closo/numeric.h"

#include <math.h>
#include <string.h>

enum {
    LEAST_ROWS = 12,
    REFERENCE_ROWS = 8,
    OUTSIDE_ROWS = 3,
    REST_MODE = 3,
    GALVANOSTATIC_MODE = 1
};
static const double hold_V = 1e-3, hold_noise = 8;
static const double galvanostatic_share = 0.1, steady_share = 0.02, same_share = 2e-3;
static const double sweep_r2 = 0.8, sweep_V = 4e-4;
static const double superlinear_ratio = 1.5, superlinear_sigmas = 3;
static const double zero_sigmas = 2, gap_share = 0.1;

/* What is needed only until the answer is there. */
typedef struct hold_work {
    closo_polarisation *polarisation;
    const closo_polarisation_options *options;
    closo_arena *arena, *passing;
    double *time_s, *potential_V, *current_A;
    double *mode;         /* NULL: the file has none */
    double *frequency_Hz; /* of rows of an impedance; NULL: the file has none */
    size_t *file_rows;
    double noise_V;
    size_t capacity;
} hold_work;

/* ---- rows ---- */

static closo_status read_rows(hold_work *work, const closo_table *table, closo_error *error)
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
    if (back != 0)
        closo_notes_add(&polarisation->notes, work->arena,
                        "%zu rows whose clock does not go forward are left out", back);
    return CLOSO_OK;
}

/* ---- holds ---- */

static bool is_rest(const hold_work *work, size_t row)
{
    if (work->mode != NULL &&
        (work->mode[row] == REST_MODE || work->mode[row] == GALVANOSTATIC_MODE))
        return true;
    if (work->frequency_Hz != NULL && work->frequency_Hz[row] > 0)
        return true;
    return fabs(work->current_A[row]) <= work->options->zero_current_A;
}

static bool find_noise(hold_work *work)
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

static double band_V_of(const hold_work *work)
{
    return fmax(hold_V, hold_noise * work->noise_V);
}

/* First row after a hold that begins at `first`, whose first rows have the median reference_V. */
static size_t hold_end(const hold_work *work, size_t first, double reference_V)
{
    double band_V = band_V_of(work);
    size_t rows = work->polarisation->row_count, outside = 0, i = first;
    for (; i < rows && !is_rest(work, i); i++) {
        outside = fabs(work->potential_V[i] - reference_V) > band_V ? outside + 1 : 0;
        if (outside == OUTSIDE_ROWS)
            return i + 1 - OUTSIDE_ROWS;
    }
    return i - outside;
}

/* Does the potential move along a straight line, as in a sweep that is slow enough to look like a hold? */
static bool is_sweep(const hold_work *work, size_t first, size_t end)
{
    closo_line line;
    if (closo_line_fit(work->time_s + first, work->potential_V + first, NULL, end - first, &line,
                       NULL) != CLOSO_OK)
        return false;
    double moved_V = line.slope * (work->time_s[end - 1] - work->time_s[first]);
    return line.r2 > sweep_r2 && fabs(moved_V) > sweep_V;
}

/* Scatter about the median over the median; the rows at both ends may still be of the step before. */
static double relative_spread(const hold_work *work, const double *values, size_t count)
{
    double *copy = closo_arena_copy(work->passing, values, count, sizeof *copy), median = 0;
    double sigma = copy != NULL ? closo_robust_sigma(copy, count, &median) : (double)NAN;
    return sigma / fabs(median);
}

/* Rows beyond one end of a hold (step +1 or -1) that have its current at another potential, one beside the other. */
static size_t same_current_rows(const hold_work *work, size_t from, size_t limit, int step,
                                const double median[2], double band_A)
{
    const double band_V = band_V_of(work);
    size_t count = 0;
    for (size_t i = from, looked = 0; looked < LEAST_ROWS && i < limit; looked++) {
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
static bool current_goes_on(const hold_work *work, size_t first, size_t end)
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
static bool is_galvanostatic(const hold_work *work, size_t first, size_t end)
{
    if (current_goes_on(work, first, end))
        return true;
    return work->mode == NULL &&
           relative_spread(work, work->current_A + first, end - first) <
               galvanostatic_share * relative_spread(work, work->potential_V + first, end - first);
}

static bool add_step(hold_work *work, size_t first, size_t end)
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
static closo_status check_technique(const closo_table *table, closo_error *error)
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

static closo_status find_holds(hold_work *work, closo_error *error)
{
    size_t rows = work->polarisation->row_count;
    if (!find_noise(work))
        return closo_fail_nomem(error);
    for (size_t i = 0; i + LEAST_ROWS <= rows;) {
        double first_V[REFERENCE_ROWS];
        memcpy(first_V, work->potential_V + i, sizeof first_V);
        size_t end =
            is_rest(work, i) ? i : hold_end(work, i, closo_median(first_V, REFERENCE_ROWS));
        if (end < i + LEAST_ROWS) {
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
    if (rows < LEAST_ROWS)
        return closo_fail(error, CLOSO_RANGE,
                          "a polarisation wants at least %d rows at one voltage, there %s %zu",
                          LEAST_ROWS, rows == 1 ? "is" : "are", rows);
    return closo_fail(error, CLOSO_RANGE,
                      "no voltage was held constant for %d rows under current: this is no "
                      "polarisation (closo symmetric is for constant currents, closo cv for "
                      "sweeps)",
                      LEAST_ROWS);
}

/* ---- currents without a sign ---- */

static void mend_signs(hold_work *work)
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

/* ---- steady currents ---- */

static closo_status fit_steps(hold_work *work, closo_error *error)
{
    closo_polarisation *polarisation = work->polarisation;
    size_t kept = 0;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        closo_polarisation_step *step = &polarisation->steps[s];
        double *since_s = closo_arena_alloc(work->passing, step->row_count, sizeof *since_s);
        closo_error why = {0};
        if (since_s == NULL)
            return closo_fail_nomem(error);
        for (size_t i = 0; i < step->row_count; i++)
            since_s[i] = work->time_s[step->first_row + i] - step->start_s;
        if (closo_transient_from_points(since_s, work->current_A + step->first_row, step->row_count,
                                        work->options->skip_s, &step->transient,
                                        &why) != CLOSO_OK) {
            closo_notes_add(&polarisation->notes, work->arena, "%.4g V from row %zu on: %s",
                            step->potential_V, step->file_row, why.message);
            continue;
        }
        polarisation->steps[kept++] = *step;
    }
    polarisation->step_count = kept;
    if (kept != 0)
        return CLOSO_OK;
    return closo_fail(error, CLOSO_RANGE, "%s",
                      polarisation->notes.count != 0
                          ? polarisation->notes.texts[polarisation->notes.count - 1]
                          : "no steady current can be had");
}

static closo_value scaled(closo_value value, double factor)
{
    return (closo_value){value.value * factor, value.sigma * fabs(factor)};
}

static double geometry_per_m(const closo_polarisation *polarisation)
{
    bool known = polarisation->area_m2 > 0 && polarisation->thickness_m > 0;
    return known ? polarisation->thickness_m / polarisation->area_m2 : (double)NAN;
}

static void fill_conductances(hold_work *work)
{
    closo_polarisation *polarisation = work->polarisation;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        closo_polarisation_step *step = &polarisation->steps[s];
        if (!(fabs(step->applied_V) > hold_noise * work->noise_V))
            continue;
        step->conductance_S = scaled(step->transient.steady_A, 1 / step->applied_V);
        step->conductivity_S_per_m = scaled(step->conductance_S, geometry_per_m(polarisation));
        if (work->options->resistance_ohm > 0)
            step->electronic_share = step->conductance_S.value * work->options->resistance_ohm;
    }
}

/* The line through the steady currents, by their sigmas; widened where they scatter more. */
static closo_status fit_line(hold_work *work, closo_error *error)
{
    closo_polarisation *polarisation = work->polarisation;
    size_t count = polarisation->step_count, voltages = 1;
    const closo_value unknown = {NAN, NAN};
    polarisation->slope_S = polarisation->intercept_A = polarisation->zero_V = unknown;
    double *columns = closo_arena_alloc(work->passing, count, 7 * sizeof *columns);
    if (columns == NULL)
        return closo_fail_nomem(error);
    double *one = columns, *applied_V = columns + count, *steady_A = columns + 2 * count,
           *root_weight = columns + 3 * count;
    for (size_t s = 0; s < count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        one[s] = 1;
        applied_V[s] = step->applied_V;
        steady_A[s] = step->transient.steady_A.value;
        root_weight[s] =
            1 / fmax(step->transient.steady_A.sigma, 1e-9 * fabs(steady_A[s]) + 1e-300);
        voltages += fabs(applied_V[s] - applied_V[0]) > hold_V;
    }
    const double *list[] = {one, applied_V};
    closo_linear_fit fit;
    if (voltages < 2 ||
        !closo_linear_fit_solve(list, 2, steady_A, root_weight, count, columns + 4 * count, &fit))
        return CLOSO_OK;
    double widened = count > 2 ? fmax(1, fit.chi2 / (double)(count - 2)) : 1;
    double a = fit.coefficient[0], b = fit.coefficient[1];
    polarisation->intercept_A = (closo_value){a, sqrt(widened * fit.covariance[0][0])};
    polarisation->slope_S = (closo_value){b, sqrt(widened * fit.covariance[1][1])};
    double variance = fit.covariance[0][0] / (b * b) +
                      a * a * fit.covariance[1][1] / (b * b * b * b) -
                      2 * a * fit.covariance[0][1] / (b * b * b);
    polarisation->zero_V = (closo_value){-a / b, sqrt(widened * fmax(variance, 0))};
    if (widened > 4)
        closo_notes_add(&polarisation->notes, work->arena,
                        "the steady currents scatter %.2g times as much about a straight line as "
                        "their sigmas say: conduction is not ohmic, or the cell changed between "
                        "the steps",
                        sqrt(widened));
    return CLOSO_OK;
}

/* ---- remarks ---- */

#define NOTE(work, ...) closo_notes_add(&(work)->polarisation->notes, (work)->arena, __VA_ARGS__)

static void remark_step(hold_work *work, const closo_polarisation_step *step)
{
    const closo_transient *transient = &step->transient;
    double steady_A = transient->steady_A.value, sigma_A = transient->steady_A.sigma;
    if (!transient->settled)
        NOTE(work,
             "at %.4g V the current has not settled: the last tenth of the time has %.4g A, the "
             "steady current is extrapolated to %.4g +- %.2g A; hold longer",
             step->potential_V, transient->last_A.value, steady_A, sigma_A);
    if (fabs(steady_A) < zero_sigmas * sigma_A)
        NOTE(work,
             "at %.4g V the steady current cannot be told from zero: the conductance is below "
             "%.2g S (2 sigma)",
             step->potential_V, (fabs(steady_A) + zero_sigmas * sigma_A) / fabs(step->applied_V));
    if (transient->drift_A_per_s.value * steady_A > 0 &&
        fabs(transient->drift_A_per_s.value) >
            superlinear_sigmas * transient->drift_A_per_s.sigma &&
        fabs(transient->drift_A_per_s.value) * step->duration_s / 3 > 0.02 * fabs(steady_A))
        NOTE(work,
             "at %.4g V the current rises at the end (by %.2g A/h): the electrolyte decomposes, a "
             "short circuit grows, or the temperature drifts; it has no steady value",
             step->potential_V, 3600 * transient->drift_A_per_s.value);
    if (transient->misfit > 2)
        NOTE(work,
             "at %.4g V no law describes the current within its noise (misfit %.2g): sigmas were "
             "widened by that",
             step->potential_V, transient->misfit);
    double longest_s = 0;
    for (size_t i = 1; i < step->row_count; i++)
        longest_s = fmax(longest_s,
                         work->time_s[step->first_row + i] - work->time_s[step->first_row + i - 1]);
    if (longest_s > gap_share * step->duration_s && step->row_count > (size_t)3 * LEAST_ROWS)
        NOTE(work, "at %.4g V there are %.3g h without a row", step->potential_V, longest_s / 3600);
}

/* A battery that is cycled has holds too; what flows in them charges it. */
static void remark_cycling(hold_work *work)
{
    const closo_polarisation *polarisation = work->polarisation;
    size_t rows = polarisation->row_count, held = 0, flowing = 0;
    for (size_t s = 0; s < polarisation->step_count; s++)
        held += polarisation->steps[s].row_count;
    for (size_t i = 0; i < rows; i++)
        flowing += fabs(work->current_A[i]) > work->options->zero_current_A &&
                   (work->frequency_Hz == NULL || !(work->frequency_Hz[i] > 0));
    if (flowing > 2 * held)
        NOTE(work,
             "%.0f %% of the rows under current lie outside these holds, as when a battery is "
             "cycled: the current at the end of such a hold charges the cell and is no electronic "
             "conduction (closo cycles)",
             100 * (1 - (double)held / (double)flowing));
}

static void remark_line(hold_work *work)
{
    closo_polarisation *polarisation = work->polarisation;
    const closo_polarisation_step *low = NULL, *high = NULL;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        const closo_polarisation_step *step = &polarisation->steps[s];
        if (!(step->conductance_S.value > 0))
            continue;
        low = low == NULL || fabs(step->applied_V) < fabs(low->applied_V) ? step : low;
        high = high == NULL || fabs(step->applied_V) > fabs(high->applied_V) ? step : high;
    }
    if (low != NULL && high != low) {
        double difference = high->conductance_S.value - low->conductance_S.value;
        polarisation->superlinear =
            high->conductance_S.value > superlinear_ratio * low->conductance_S.value &&
            difference >
                superlinear_sigmas * hypot(high->conductance_S.sigma, low->conductance_S.sigma);
    }
    if (polarisation->superlinear && low != NULL)
        NOTE(work,
             "the conductance rises from %.3g S at %.3g V to %.3g S at %.3g V: the electrolyte "
             "decomposes, or holes conduct; only the low voltages speak of the electrolyte",
             low->conductance_S.value, low->applied_V, high->conductance_S.value, high->applied_V);
    const closo_value zero_V = polarisation->zero_V;
    if (polarisation->step_count > 2 && fabs(zero_V.value) > 3 * zero_V.sigma &&
        fabs(zero_V.value) > 2 * hold_V && !work->options->from_rest)
        NOTE(work,
             "the line crosses zero current at %.4g V, not at 0: steady current over voltage is "
             "then no conductance; take the slope, or count voltages from the rest "
             "(--from-rest)",
             zero_V.value);
    if (!(polarisation->area_m2 > 0 && polarisation->thickness_m > 0))
        NOTE(work, "without %s there is no conductivity, only a conductance",
             polarisation->area_m2 > 0 ? "the thickness (--thickness)"
                                       : "area and thickness (--area, --thickness)");
}

/* ---- all of it ---- */

static closo_status check_options(const closo_polarisation_options *options, closo_error *error)
{
    const struct {
        double value;
        const char *what;
    } amounts[] = {{options->area_m2, "area"},
                   {options->thickness_m, "thickness"},
                   {options->resistance_ohm, "resistance"},
                   {options->zero_current_A, "zero current"}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
        if (!(amounts[i].value >= 0) || !isfinite(amounts[i].value))
            return closo_fail(error, CLOSO_ARGUMENT, "the %s has to be larger than zero",
                              amounts[i].what);
    if (options->skip_s < 0)
        return closo_fail(error, CLOSO_ARGUMENT, "the time that is skipped cannot be negative");
    return CLOSO_OK;
}

static void take_geometry(hold_work *work, const closo_table *table)
{
    closo_polarisation *polarisation = work->polarisation;
    double area_m2;
    polarisation->area_m2 = work->options->area_m2;
    polarisation->thickness_m = work->options->thickness_m;
    if (!(polarisation->area_m2 > 0) && closo_table_number_si(table, "electrode_area", &area_m2) &&
        area_m2 > 1e-9 && isfinite(area_m2)) {
        polarisation->area_m2 = area_m2;
        NOTE(work, "the area is the file's electrode_area, %.4g cm2", 1e4 * area_m2);
    }
}

static closo_status run_stages(hold_work *work, const closo_table *table, closo_error *error)
{
    closo_polarisation *polarisation = work->polarisation;
    closo_status status = check_technique(table, error);
    if (status == CLOSO_OK)
        status = read_rows(work, table, error);
    if (status == CLOSO_OK)
        status = find_holds(work, error);
    if (status != CLOSO_OK)
        return status;
    take_geometry(work, table);
    for (size_t s = 0; s < polarisation->step_count; s++)
        if (isnan(polarisation->steps[s].applied_V))
            return closo_fail(error, CLOSO_RANGE,
                              "there is no rest before the %.4g V of row %zu, so its voltage "
                              "cannot be counted from one",
                              polarisation->steps[s].potential_V, polarisation->steps[s].file_row);
    mend_signs(work);
    status = fit_steps(work, error);
    if (status != CLOSO_OK)
        return status;
    fill_conductances(work);
    status = fit_line(work, error);
    if (status != CLOSO_OK)
        return status;
    polarisation->conductivity_S_per_m =
        scaled(polarisation->step_count == 1 ? polarisation->steps[0].conductance_S
                                             : polarisation->slope_S,
               geometry_per_m(polarisation));
    for (size_t s = 0; s < polarisation->step_count; s++)
        remark_step(work, &polarisation->steps[s]);
    remark_line(work);
    remark_cycling(work);
    polarisation->rule = closo_arena_printf(
        work->arena,
        "hold: %d rows or more under current with the potential within %.3g mV and not in motion; "
        "steady current: mean of five laws by their Akaike weights, fitted to averages of rows "
        "from %s of each hold on; voltages count from %s; electronic only where the electrodes "
        "block ions, and below decomposition",
        LEAST_ROWS, 1e3 * band_V_of(work), work->options->skip_s > 0 ? "the given time" : "2 %",
        work->options->from_rest ? "the rest before each" : "zero");
    return polarisation->rule != NULL ? CLOSO_OK : closo_fail_nomem(error);
}

closo_status closo_polarisation_from_table(const closo_table *table,
                                           const closo_polarisation_options *options,
                                           closo_arena *arena, closo_polarisation **polarisation,
                                           closo_error *error)
{
    const closo_polarisation_options none = {0};
    *polarisation = NULL;
    hold_work work = {.options = options != NULL ? options : &none, .arena = arena};
    closo_status status = check_options(work.options, error);
    if (status != CLOSO_OK)
        return status;
    work.polarisation = closo_arena_alloc(arena, 1, sizeof *work.polarisation);
    work.passing = closo_arena_new(0);
    status = work.polarisation != NULL && work.passing != NULL ? run_stages(&work, table, error)
                                                               : closo_fail_nomem(error);
    closo_arena_free(work.passing);
    if (status == CLOSO_OK)
        *polarisation = work.polarisation;
    return status;
}
