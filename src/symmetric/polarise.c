/* SPDX-License-Identifier: BSD-3-Clause */
/* polarise.c: steady currents of the voltages that were held, and the conductivity. */
#include "symmetric_internal.h"

#include "closo/instrument.h"
#include "closo/numeric.h"

#include <math.h>

static const double superlinear_ratio = 1.5, superlinear_sigmas = 3;
static const double zero_sigmas = 2, gap_share = 0.1;
static const double other_V = 1e-3;   /* voltages that differ by less are one */
static const double noise_sigmas = 8; /* a conductance wants a voltage that stands out */

/* ---- steady currents ---- */

static closo_status fit_steps(closo_hold_work *work, closo_error *error)
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

static void fill_conductances(closo_hold_work *work)
{
    closo_polarisation *polarisation = work->polarisation;
    for (size_t s = 0; s < polarisation->step_count; s++) {
        closo_polarisation_step *step = &polarisation->steps[s];
        if (!(fabs(step->applied_V) > noise_sigmas * work->noise_V))
            continue;
        step->conductance_S = scaled(step->transient.steady_A, 1 / step->applied_V);
        step->conductivity_S_per_m = scaled(step->conductance_S, geometry_per_m(polarisation));
        if (work->options->resistance_ohm > 0)
            step->electronic_share = step->conductance_S.value * work->options->resistance_ohm;
    }
}

/* The line through the steady currents, by their sigmas; widened where they scatter more. */
static closo_status fit_line(closo_hold_work *work, closo_error *error)
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
        voltages += fabs(applied_V[s] - applied_V[0]) > other_V;
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

static void remark_step(closo_hold_work *work, const closo_polarisation_step *step)
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
    if (longest_s > gap_share * step->duration_s && step->row_count > (size_t)3 * CLOSO_HOLD_ROWS)
        NOTE(work, "at %.4g V there are %.3g h without a row", step->potential_V, longest_s / 3600);
}

/* A battery that is cycled has holds too; what flows in them charges it. */
static void remark_cycling(closo_hold_work *work)
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

static void remark_line(closo_hold_work *work)
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
        fabs(zero_V.value) > 2 * other_V && !work->options->from_rest)
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

static void take_geometry(closo_hold_work *work, const closo_table *table)
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

static closo_status run_stages(closo_hold_work *work, const closo_table *table, closo_error *error)
{
    closo_polarisation *polarisation = work->polarisation;
    closo_status status = closo_holds_check_technique(table, error);
    if (status == CLOSO_OK)
        status = closo_holds_read(work, table, error);
    if (status == CLOSO_OK)
        status = closo_holds_find(work, error);
    if (status != CLOSO_OK)
        return status;
    take_geometry(work, table);
    for (size_t s = 0; s < polarisation->step_count; s++)
        if (isnan(polarisation->steps[s].applied_V))
            return closo_fail(error, CLOSO_RANGE,
                              "there is no rest before the %.4g V of row %zu, so its voltage "
                              "cannot be counted from one",
                              polarisation->steps[s].potential_V, polarisation->steps[s].file_row);
    closo_holds_mend_signs(work);
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
        CLOSO_HOLD_ROWS, 1e3 * closo_hold_band_V(work),
        work->options->skip_s > 0 ? "the given time" : "2 %",
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
    closo_hold_work work = {.options = options != NULL ? options : &none, .arena = arena};
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
