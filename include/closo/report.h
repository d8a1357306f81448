/* SPDX-License-Identifier: BSD-3-Clause */
/* report.h: figures one would put in a paper, and the report of a study as one HTML file. */
#ifndef CLOSO_REPORT_H
#define CLOSO_REPORT_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a figure: curves over two axes, drawn as SVG ---- */

typedef enum closo_mark {
    CLOSO_MARK_LINE,
    CLOSO_MARK_DASHED,
    CLOSO_MARK_POINTS,
    CLOSO_MARK_LINE_POINTS,
    CLOSO_MARK_BARS
} closo_mark;

/* One curve. Arrays are borrowed until the figure is written. NaN interrupts a line. */
typedef struct closo_curve {
    const char *label; /* in the legend; NULL: not listed */
    const double *x, *y;
    const double *y_sigma; /* error bars, or NULL */
    size_t count;
    closo_mark mark;
    int colour; /* 0, 1, 2, ...: of the palette; -1: the colour of the text (grey for backgrounds) */
    double width_px; /* 0: 1.6 */
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
    double low, high;  /* equal for a line */
    const char *label; /* or NULL */
    int colour;
} closo_guide;

/* The range of an axis; low == high: from the data. Labels carry quantity and unit ("Potential vs Na+/Na (V)"); in them
 * _{..} and ^{..} set subscripts and superscripts. */
typedef struct closo_axis {
    const char *label;
    double low, high;
    bool logarithmic;
} closo_axis;

typedef enum closo_legend { CLOSO_LEGEND_AUTO, CLOSO_LEGEND_NONE, CLOSO_LEGEND_BELOW } closo_legend;

typedef struct closo_figure {
    const char *title; /* or NULL */
    closo_axis x, y, y_right;
    const closo_curve *curves;
    size_t curve_count;
    const closo_guide *guides;
    size_t guide_count;
    double width_px, height_px; /* 0: 640 by 420 */
    bool equal_aspect;          /* one unit of x is as long as one of y (Nyquist) */
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

#ifdef __cplusplus
}
#endif
#endif
