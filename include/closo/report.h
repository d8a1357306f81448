/* SPDX-License-Identifier: BSD-3-Clause */
/* report.h: figures one would put in a paper, and the report of a study as one HTML file. */
#ifndef CLOSO_REPORT_H
#define CLOSO_REPORT_H

#include "closo/base.h"
#include "closo/cell_fit.h"
#include "closo/cycling.h"
#include "closo/impedance.h"
#include "closo/study.h"
#include "closo/symmetric.h"
#include "closo/transport.h"
#include "closo/voltammetry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- numbers for people ---- */

/* "2.041 ± 0.012 V", "(1.230 ± 0.045)×10⁻⁶ A", "2.041 V" when sigma is 0, NaN or negative, "n/a" when the value is NaN.
 * sigma is given to two significant digits, the value to the same decimal; without sigma to 6 significant digits. unit may
 * be "" or NULL. UTF-8, cut off at size (128 is enough for any number), always terminated. Returns text. */
CLOSO_API const char *closo_value_text(closo_value value, const char *unit, char *text,
                                       size_t size);

/* ---- a figure: curves over two axes, drawn as SVG ----
 * Every text is UTF-8 and may come from a file: it is escaped, and what is not UTF-8 is shown as U+FFFD. */

typedef enum closo_mark {
    CLOSO_MARK_LINE,
    CLOSO_MARK_DASHED,
    CLOSO_MARK_POINTS,
    CLOSO_MARK_LINE_POINTS,
    CLOSO_MARK_BARS
} closo_mark;

/* One curve. Arrays are borrowed until the figure is written. A value that is not finite, beyond 1e200, or not positive on
 * a logarithmic axis interrupts a line and is no point. */
typedef struct closo_curve {
    const char *label; /* in the legend; NULL: not listed */
    const double *x, *y;
    const double *y_sigma; /* error bars, or NULL */
    size_t count;
    closo_mark mark;
    int colour;      /* 0, 1, 2, ...: of the palette, with its own dash and symbol; -1: grey */
    double width_px; /* of the line; 0: 1.6 */
    bool right_axis;
} closo_curve;

/* A band from low to high over x (a fit window, a confidence interval), a vertical or horizontal line with a label. */
typedef enum closo_guide_kind {
    CLOSO_GUIDE_X_BAND,
    CLOSO_GUIDE_Y_BAND,
    CLOSO_GUIDE_X_LINE,
    CLOSO_GUIDE_Y_LINE
} closo_guide_kind;
typedef struct closo_guide {
    closo_guide_kind kind;
    double low, high;  /* equal for a line; of the left axis where they are y */
    const char *label; /* or NULL */
    int colour;
} closo_guide;

/* An axis. low == high: the range is the data's; low or high NaN: that end is; low > high: it runs backwards. Labels
 * carry quantity and unit ("Potential vs Na^{+}/Na (V)"); in them, and in every text of a figure, _{..} and ^{..} set
 * subscripts and superscripts. Numbers that would be long are written with a factor or an offset at the end of the
 * axis. */
typedef struct closo_axis {
    const char *label;
    double low, high;
    bool logarithmic;
    const char *const *categories; /* names to stand at 0, 1, 2, ... instead of numbers; or NULL */
    size_t category_count;
} closo_axis;

/* AUTO: inside, where it hides no data, else below. */
typedef enum closo_legend { CLOSO_LEGEND_AUTO, CLOSO_LEGEND_NONE, CLOSO_LEGEND_BELOW } closo_legend;

typedef struct closo_figure {
    const char *title; /* or NULL */
    closo_axis x, y, y_right;
    const closo_curve *curves;
    size_t curve_count;
    const closo_guide *guides;
    size_t guide_count;
    double width_px, height_px; /* 0: 640 by 420; from 160 by 120 to 8000 by 8000 */
    bool
        equal_aspect; /* one unit of x is as long as one of y (Nyquist); not for logarithmic axes */
    closo_legend legend;
} closo_figure;

/* The figure as an SVG document in the arena. embedded: as a part of an HTML page whose style sheet gives the colours
 * (light and dark); otherwise complete in itself, on white. NULL: no memory. Curves of more points than pixels are
 * thinned to their extremes in each pixel column. */
CLOSO_API const char *closo_figure_svg(const closo_figure *figure, bool embedded,
                                       closo_arena *arena);

/* Writes the figure by the ending of the path: .svg, .html, or .png and .pdf through rsvg-convert. ARGUMENT: another
 * ending; UNSUPPORTED: rsvg-convert is not installed (the message names the package). */
CLOSO_API CLOSO_CHECK closo_status closo_figure_write(const closo_figure *figure, const char *path,
                                                      closo_arena *arena, closo_error *error);

/* ---- figures of results. All in the arena; NULL when out of memory. title may be NULL. ---- */

/* Current against potential, each cycle a curve. */
CLOSO_API const closo_figure *closo_figure_voltammogram(const closo_voltammogram *voltammogram,
                                                        const closo_normalisation *normalisation,
                                                        const char *title, closo_arena *arena);
/* The sweep, its lines, their windows and the onsets. */
CLOSO_API const closo_figure *closo_figure_onset(const closo_voltammogram *voltammogram,
                                                 const closo_onset_result *result,
                                                 const closo_normalisation *normalisation,
                                                 const char *title, closo_arena *arena);
/* The same around one onset, when it is small beside the rest of the sweep. */
CLOSO_API const closo_figure *closo_figure_onset_near(const closo_voltammogram *voltammogram,
                                                      const closo_onset_result *result,
                                                      size_t onset,
                                                      const closo_normalisation *normalisation,
                                                      const char *title, closo_arena *arena);
/* New and repeated charge of each step of a rising vertex. */
CLOSO_API const closo_figure *closo_figure_steps(const closo_voltammogram *voltammogram,
                                                 const closo_voltammogram_summary *summary,
                                                 const char *title, closo_arena *arena);
/* Charge and discharge capacity (per gram or cm2 where mass or area are known) and coulombic efficiency of each cycle. */
CLOSO_API const closo_figure *closo_figure_cycles(const closo_cycling *cycling, const char *title,
                                                  closo_arena *arena);
/* Potential against capacity of `count` cycles, by their numbers; cycles NULL: the first, the second and some up to the
 * last. A number that is no cycle is passed over. */
CLOSO_API const closo_figure *closo_figure_profiles(const closo_cycling *cycling, const int *cycles,
                                                    size_t count, const char *title,
                                                    closo_arena *arena);
/* Specific energy of a cell against the thickness of its electrolyte for several loadings, with the target. Without curves
 * when the cell does not say enough. */
CLOSO_API const closo_figure *closo_figure_merit(const closo_merit *merit, const char *title,
                                                 closo_arena *arena);
/* Potential against time with the events and the critical current; current (density where the area is known) on the right
 * axis. */
CLOSO_API const closo_figure *closo_figure_symmetric(const closo_symmetric *symmetric,
                                                     const char *title, closo_arena *arena);
/* Magnitude of the current against the time since each step of voltage, logarithmic, with the law of each. */
CLOSO_API const closo_figure *closo_figure_polarisation(const closo_polarisation *polarisation,
                                                        const char *title, closo_arena *arena);
/* A resistance against the square root of time, with the laws of growth; the best one drawn full. */
CLOSO_API const closo_figure *closo_figure_growth(const closo_growth *growth, const char *title,
                                                  closo_arena *arena);
/* The distribution of relaxation times, its interval, and its peaks with their resistance. */
CLOSO_API const closo_figure *closo_figure_drt(const closo_drt *drt, const char *title,
                                               closo_arena *arena);
/* Residuals of the Kramers-Kronig test against frequency, the band of point_sigmas (0: 4) of the noise, the verdict. */
CLOSO_API const closo_figure *closo_figure_kk(const closo_kk_result *result, double point_sigmas,
                                              const char *title, closo_arena *arena);
/* Conductivity against 1000 K / T with the chosen model and its transition. */
CLOSO_API const closo_figure *closo_figure_arrhenius(const closo_arrhenius_data *data,
                                                     const closo_arrhenius_result *result,
                                                     const char *title, closo_arena *arena);
/* The same for each process of a pellet's spectra. */
CLOSO_API const closo_figure *
closo_figure_conductivity_series(const closo_conductivity_series *series, const char *title,
                                 closo_arena *arena);
/* Rates against 1000 K / T with the fit at each frequency, widths against temperature, or an EISF with all models. */
CLOSO_API const closo_figure *closo_figure_motion(const closo_motion *motion, const char *title,
                                                  closo_arena *arena);
/* After closo_cycling_analyse(); NULL also when there is nothing to draw.
 * dQ/dV against potential of the cycles that were chosen, discharge downward; dV/dQ against capacity. */
CLOSO_API const closo_figure *closo_figure_differential(const closo_cycling *cycling,
                                                        closo_differential_kind kind,
                                                        const char *title, closo_arena *arena);
/* Capacity of each cycle, the mean of each group of one current, and what the current was. */
CLOSO_API const closo_figure *closo_figure_rate_test(const closo_cycling *cycling,
                                                     const char *title, closo_arena *arena);
/* Capacity and coulombic efficiency over cycles with the upper cut-offs, and where the damage begins. */
CLOSO_API const closo_figure *closo_figure_stepwise(const closo_cycling *cycling, const char *title,
                                                    closo_arena *arena);
/* The measure that the damage shows in (without damage: the overpotential, or the resistance) at each cut-off, and what the
 * cut-offs before let expect. */
CLOSO_API const closo_figure *closo_figure_damage(const closo_cycling *cycling, const char *title,
                                                  closo_arena *arena);
/* Impedance spectra with their fits: -Z'' against Z' with equal axes; |Z| (left) and phase (right) against frequency;
 * residuals in percent of |Z| against frequency. Up to 12 spectra, spread over the series. */
CLOSO_API const closo_figure *closo_figure_nyquist(const closo_eis *eis, const char *title,
                                                   closo_arena *arena);
CLOSO_API const closo_figure *closo_figure_bode(const closo_eis *eis, const char *title,
                                                closo_arena *arena);
CLOSO_API const closo_figure *closo_figure_eis_residuals(const closo_eis *eis, const char *title,
                                                         closo_arena *arena);
/* The resistances of a series against what changes between its spectra (temperature, time, cycle, potential, else their
 * number), on a logarithmic axis. With capacitances: those of the arcs instead. NULL also with nothing to draw. */
CLOSO_API const closo_figure *closo_figure_eis_parameters(const closo_eis *eis, bool capacitances,
                                                          const char *title, closo_arena *arena);
/* What a file holds, whatever it is: potential and current against time, or a Nyquist diagram of an impedance. NULL also
 * when there is nothing to draw. */
CLOSO_API const closo_figure *closo_figure_table(const closo_table *table, const char *title,
                                                 closo_arena *arena);

/* One set of a fit: measured and model with their difference on the right axis, or a Nyquist diagram. NULL also when there
 * is no such set. */
CLOSO_API const closo_figure *closo_figure_cell_fit(const closo_cell_fit *fit, size_t set,
                                                    const char *title, closo_arena *arena);

/* Potential against charge of half cycles whose capacities were fitted, measured and of the model. NULL also when the set has
 * none. */
CLOSO_API const closo_figure *closo_figure_cell_fit_profiles(const closo_cell_fit *fit, size_t set,
                                                             const char *title, closo_arena *arena);

/* ---- the report of a study ---- */

/* What one wants to know of a result first, a line each in plain text ("onset 2.04 ± 0.01 V vs Li+/Li"), added to the
 * lines; nothing for a result that failed. */
CLOSO_API void closo_report_headlines(const closo_study *study, const closo_study_result *result,
                                      closo_arena *arena, closo_notes *lines);

/* One HTML file with everything in it: no script, no network. date as it is to be shown, or NULL. */
CLOSO_API CLOSO_CHECK closo_status closo_report_write(const closo_study *study, const char *date,
                                                      const char *path, closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
