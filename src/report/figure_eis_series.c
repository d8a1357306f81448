/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_eis_series.c: how the parameters of a circuit run through a series of spectra. */
#include "report_internal.h"

#include "base/base_internal.h"
#include "closo/impedance.h"

#include <math.h>
#include <string.h>

enum { CURVES_MOST = 12 };

/* What changes between the spectra of a series, in the unit it is drawn in. */
typedef struct abscissa {
    const char *label;
    double *x;     /* rising */
    size_t *order; /* the spectrum each belongs to */
} abscissa;

static void sort(abscissa *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double x = at->x[i];
        size_t place = i;
        for (; place > 0 && at->x[place - 1] > x; place--) {
            at->x[place] = at->x[place - 1];
            at->order[place] = at->order[place - 1];
        }
        at->x[place] = x;
        at->order[place] = i;
    }
}

static double value_of(const closo_spectrum *spectrum, size_t number, int which)
{
    switch (which) {
    case 0:
        return spectrum->temperature_K - 273.15;
    case 1:
        return spectrum->cycle;
    case 2:
        return spectrum->time_s / 3600;
    case 3:
        return spectrum->potential_V;
    default:
        return (double)number + 1;
    }
}

/* The first quantity that is known everywhere and changes by more than its scatter, as label_of() of the Nyquist plot. */
static bool find_abscissa(const closo_eis *eis, closo_arena *arena, abscissa *found)
{
    static const struct {
        const char *label;
        double least;
    } axes[] = {{"Temperature (°C)", 0.5},
                {"Cycle", 1},
                {"Time (h)", 1.0 / 60},
                {"Potential (V)", 0.005},
                {"Spectrum", 0}};
    found->x = closo_arena_alloc(arena, eis->spectrum_count, sizeof *found->x);
    found->order = closo_arena_alloc(arena, eis->spectrum_count, sizeof *found->order);
    if (found->x == NULL || found->order == NULL)
        return false;
    for (int which = 0;; which++) {
        double low = INFINITY, high = -INFINITY;
        bool known = true;
        for (size_t s = 0; s < eis->spectrum_count; s++) {
            found->x[s] = value_of(&eis->spectra[s], s, which);
            known = known && isfinite(found->x[s]);
            low = fmin(low, found->x[s]);
            high = fmax(high, found->x[s]);
        }
        found->label = axes[which].label;
        if (which < 4 && !(known && high - low >= axes[which].least))
            continue;
        sort(found, eis->spectrum_count);
        return true;
    }
}

/* The value of curve c at spectrum s: a resistance, or the capacitance of an arc. */
static closo_value pick(const closo_circuit_fit *fit, size_t c, bool capacitances)
{
    if (capacitances)
        return fit->arcs[c].capacitance_F;
    return (closo_value){fit->parameters[c].value, fit->parameters[c].sigma};
}

const closo_figure *closo_figure_eis_parameters(const closo_eis *eis, bool capacitances,
                                                const char *title, closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, CURVES_MOST, sizeof *curves);
    const closo_circuit_fit *first = eis->fits[0];
    const size_t n = eis->spectrum_count,
                 count = capacitances ? first->arc_count : first->parameter_count;
    abscissa at;
    if (figure == NULL || curves == NULL || !find_abscissa(eis, arena, &at))
        return NULL;
    for (size_t c = 0; c < count && figure->curve_count < CURVES_MOST; c++) {
        if (!capacitances && strcmp(first->parameters[c].unit, "ohm") != 0)
            continue;
        double *y = closo_arena_alloc(arena, n, 2 * sizeof *y);
        if (y == NULL)
            return NULL;
        for (size_t s = 0; s < n; s++) {
            closo_value value = pick(eis->fits[at.order[s]], c, capacitances);
            y[s] = value.value;
            y[n + s] = isfinite(value.sigma) ? value.sigma : 0;
        }
        const int colour = (int)figure->curve_count;
        curves[figure->curve_count++] = (closo_curve){
            .label = capacitances ? closo_arena_printf(arena, "arc of %s", first->arcs[c].name)
                                  : first->parameters[c].name,
            .x = at.x,
            .y = y,
            .y_sigma = y + n,
            .count = n,
            .mark = CLOSO_MARK_LINE_POINTS,
            .width_px = 1,
            .colour = colour};
    }
    *figure = (closo_figure){
        .title = title,
        .x = {.label = at.label},
        .y = {.label = capacitances ? "Capacitance (F)" : "Resistance (Ω)", .logarithmic = true},
        .curves = curves,
        .curve_count = figure->curve_count};
    return figure->curve_count != 0 ? figure : NULL;
}
