/* SPDX-License-Identifier: BSD-3-Clause */
/* report_internal.h: what the files of this room share: text that grows, labels, axes, thinned curves, the drawing of
 * SVG, and the page that a study's report is written on. */
#ifndef CLOSO_REPORT_INTERNAL_H
#define CLOSO_REPORT_INTERNAL_H

#include "closo/report.h"

/* ---- writer.c: a text that grows in an arena; failing is remembered, so that it is checked once, at the end ---- */

typedef struct closo_writer {
    closo_arena *arena;
    char *text; /* always terminated once something was written */
    size_t length, capacity;
    bool failed;
} closo_writer;

void closo_writer_put(closo_writer *writer, const char *bytes, size_t count);
void closo_writer_raw(closo_writer *writer, const char *text); /* as it is: for our own markup */
void closo_writer_printf(closo_writer *writer, const char *format, ...)
    CLOSO_PRINTF(2, 3); /* no %f here: it follows the locale */
/* Text of others: & < > " ' escaped, controls and what is not UTF-8 replaced. */
void closo_writer_escaped(closo_writer *writer, const char *text);
void closo_writer_escaped_n(closo_writer *writer, const char *text, size_t length);
/* A coordinate to a hundredth, "12.5", whatever the locale; one that is not finite becomes 0. */
void closo_writer_number(closo_writer *writer, double value);
/* The next character of a UTF-8 text, U+FFFD for a wrong byte; moves *text on. 0 at the end. */
uint32_t closo_utf8_next(const char **text);

/* ---- value.c: numbers for people, with a real minus sign ---- */

/* With so many decimals: "−0.250". "n/a" for NaN. size >= 400 takes any number. */
const char *closo_number_fixed(double value, int decimals, char *text, size_t size);
/* To so many significant digits without trailing zeros, "0.0123", or "1.23×10⁻⁶" below 1e-3 and from 1e6. */
const char *closo_number_text(double value, int digits, char *text, size_t size);

/* ---- label.c: text with _{sub} and ^{super} ---- */

typedef struct closo_run {
    const char *start;
    size_t length;
    int shift; /* -1 subscript, 0, 1 superscript */
} closo_run;

bool closo_label_next(const char **rest, closo_run *run); /* false at the end */
double closo_label_width_px(const char *label, double size_px);
void closo_label_plain(closo_writer *writer, const char *label); /* escaped, marks left out */
void closo_label_html(closo_writer *writer, const char *label);  /* with <sub> and <sup> */

/* How a text stands in an SVG. */
typedef struct closo_svg_style {
    double x, y, size_px;
    double max_width_px; /* a longer text ends in an ellipsis; 0: any */
    const char *anchor;  /* "start", "middle", "end" */
    const char *css;     /* its class */
    double turn_deg;     /* counterclockwise about x, y */
} closo_svg_style;
void closo_svg_text(closo_writer *writer, const closo_svg_style *style, const char *label);

/* ---- axis.c: ranges, ticks, data to pixels ---- */

typedef struct closo_box {
    double left, top, right, bottom;
} closo_box;

typedef struct closo_scale {
    double low, high; /* low > high: backwards */
    bool logarithmic;
    double from_px, to_px; /* of low and of high */
} closo_scale;

bool closo_usable(double value, bool logarithmic);                   /* can be drawn */
double closo_scale_px(const closo_scale *scale, double value);       /* NaN when not usable */
void closo_range_widen(double *low, double *high, bool logarithmic); /* room at both ends */

typedef struct closo_tick {
    double value;
    const char *label; /* NULL: minor */
} closo_tick;

typedef struct closo_tick_request {
    double low, high; /* low < high */
    bool logarithmic, horizontal;
    double length_px, size_px; /* of the axis, of the letters */
} closo_tick_request;

typedef struct closo_ticks {
    closo_tick *list;
    size_t count, capacity;
    const char *note; /* "×10^{−6}", "+ 1.7×10^{9}", or NULL */
    double widest_px; /* label */
} closo_ticks;

/* False when out of memory. */
bool closo_ticks_make(const closo_tick_request *request, closo_arena *arena, closo_ticks *ticks);

/* ---- thin.c: no more points than the eye can tell apart ---- */

typedef struct closo_point {
    double x_px, y_px; /* x NaN: the line is interrupted */
} closo_point;

typedef struct closo_polyline {
    closo_point *points;
    size_t count, capacity;
} closo_polyline;

typedef struct closo_plot_view {
    closo_scale x, y;
    closo_box box;
} closo_plot_view;

/* The curve as a line inside the box, simplified to within a tenth of a pixel. False when out of memory. */
bool closo_thin_line(const closo_plot_view *view, const closo_curve *curve, closo_arena *arena,
                     closo_polyline *line);
/* Which points of the curve to draw as symbols. False when out of memory. */
bool closo_thin_points(const closo_plot_view *view, const closo_curve *curve, closo_arena *arena,
                       size_t **indices, size_t *count);

/* ---- place.c: where text hides least ---- */

typedef struct closo_cover {
    unsigned char *cells; /* how much it would hurt to hide them */
    size_t columns, rows;
    closo_box box;
} closo_cover;

bool closo_cover_make(closo_cover *cover, const closo_box *box, closo_arena *arena);
void closo_cover_line(closo_cover *cover, closo_point from, closo_point to, int weight);
void closo_cover_box(closo_cover *cover, const closo_box *box, int weight);
/* Sum of what the box hides; what lies outside the plot costs much. */
double closo_cover_cost(const closo_cover *cover, const closo_box *box);

/* ---- layout.c: ranges, margins and ticks of a figure ---- */

enum { CLOSO_TICK_PX = 12, CLOSO_LABEL_PX = 13, CLOSO_TITLE_PX = 14, CLOSO_LEGEND_PX = 12 };

typedef struct closo_layout {
    double width_px, height_px;
    closo_box plot;
    closo_scale x, y, y_right;
    closo_ticks x_ticks, y_ticks, right_ticks;
    bool has_right;
    bool tilted;             /* category names stand at an angle */
    double bar_width;        /* in units of x, of one bar */
    size_t bar_curves;       /* that share a place */
    double legend_height_px; /* below the plot; 0: not there */
} closo_layout;

/* legend_height_px and nothing else of the layout is taken as given. False when out of memory. */
bool closo_layout_make(const closo_figure *figure, closo_arena *arena, closo_layout *layout);
/* Where bar number `bar` at x begins and ends. */
void closo_layout_bar(const closo_layout *layout, size_t bar, double x, double *from, double *to);

/* ---- svg.c: shapes ---- */

void closo_svg_open(closo_writer *writer, const char *tag, const char *css); /* "<tag class=.." */
void closo_svg_attribute(closo_writer *writer, const char *name, double value);
void closo_svg_box(closo_writer *writer, const char *css, const closo_box *box);
/* A line of its own in the group of a curve; one-point pieces become dots. */
void closo_svg_polyline(closo_writer *writer, const closo_polyline *line, double width_px,
                        const char *dashes);
/* The symbol of a curve, at each place; kind counts on from circle, square, triangle, ... */
typedef struct closo_svg_symbols {
    int kind;
    double radius_px;
    const closo_point *places;
    size_t count;
} closo_svg_symbols;
void closo_svg_symbols_draw(closo_writer *writer, const closo_svg_symbols *symbols);
/* "closo-c0" ...; "closo-n" for -1. */
const char *closo_svg_colour(int colour);
/* Of a line that needs one to be told apart: of a dashed one, and of colours beyond the palette; else NULL. */
const char *closo_svg_dashes(closo_mark mark, int colour);

/* ---- legend.c and guides.c: on top of a figure ---- */

/* What the parts of a figure need to know of each other while it is drawn. */
typedef struct closo_drawing {
    const closo_figure *figure;
    closo_arena *arena;
    closo_writer *writer;
    closo_layout layout;
    closo_cover cover;
} closo_drawing;

/* Height that the legend takes below the plot, 0 when there is nothing to list. */
double closo_legend_height_px(const closo_figure *figure);
/* A place inside the plot where it hides nothing; false when there is none. */
bool closo_legend_place(const closo_drawing *drawing, closo_box *box);
void closo_legend_inside(const closo_drawing *drawing, const closo_box *box);
void closo_legend_below(const closo_drawing *drawing);
void closo_guides_draw(const closo_drawing *drawing); /* bands and lines, under the curves */
void closo_guides_mark(closo_drawing *drawing);       /* where they are, in the cover */
void closo_guides_label(closo_drawing *drawing);      /* over everything */

/* ---- style.c ---- */

extern const char closo_style_figure[];      /* CSS of a figure, on white */
extern const char closo_style_figure_dark[]; /* what differs on black */
extern const char closo_style_page[];        /* of the page, but for its figures */
extern const char closo_style_print[];       /* of the page on paper */
enum { CLOSO_COLOURS = 7 };

/* ---- html.c: the page ----
 * A page is written from top to bottom; what goes wrong (memory) is remembered and makes closo_page_finish() return NULL.
 * Text is escaped; _{..} and ^{..} work in all of it but in metadata and cells marked plain. */

typedef struct closo_page closo_page;

typedef struct closo_page_about {
    const char *title;
    const char *subtitle, *author, *date; /* or NULL */
} closo_page_about;

closo_page *closo_page_new(const closo_page_about *about, closo_arena *arena);

/* level 1 to 3; levels 1 and 2 stand in the table of contents. */
void closo_page_heading(closo_page *page, int level, const char *text);
void closo_page_paragraph(closo_page *page, const char *format, ...) CLOSO_PRINTF(2, 3);

typedef enum closo_callout {
    CLOSO_CALLOUT_NOTE,
    CLOSO_CALLOUT_WARNING,
    CLOSO_CALLOUT_ERROR
} closo_callout;
void closo_page_callout(closo_page *page, closo_callout kind, const char *format, ...)
    CLOSO_PRINTF(3, 4);
/* A list of texts in one callout; nothing when there are none. */
void closo_page_callouts(closo_page *page, closo_callout kind, const char *const *texts,
                         size_t count);
void closo_page_notes(closo_page *page, const closo_notes *notes); /* says how many were dropped */

/* A figure with its number and caption. */
void closo_page_figure(closo_page *page, const closo_figure *figure, const char *caption);
/* Figures between these stand side by side where there is room. */
void closo_page_side_by_side_begin(closo_page *page);
void closo_page_side_by_side_end(closo_page *page);

/* The numbers a reader came for, large: up to a handful of label and value text. */
typedef struct closo_page_result {
    const char *label, *value, *remark; /* remark or NULL */
} closo_page_result;
void closo_page_results(closo_page *page, const closo_page_result *results, size_t count);

/* A table: begin, rows of column_count cells, end. A column's unit goes into its head; number columns are right-aligned.
 * A row's cell that is NULL shows a dash. */
typedef struct closo_page_column {
    const char *name, *unit; /* unit "" or NULL: none */
    bool number;
} closo_page_column;
void closo_page_table_begin(closo_page *page, const char *caption, const closo_page_column *columns,
                            size_t column_count);
void closo_page_row(closo_page *page, const char *const *cells);
void closo_page_table_end(closo_page *page);
/* A value for a cell under a head that has the unit: "2.041 ± 0.012"; in the page's arena, NULL when out of memory. */
const char *closo_page_value(closo_page *page, closo_value value);
const char *closo_page_number(closo_page *page, double value, int digits);

/* Names and values, small. */
void closo_page_metadata(closo_page *page, const char *const *names, const char *const *values,
                         size_t count);
void closo_page_details_begin(closo_page *page, const char *summary); /* folded; open in print */
void closo_page_details_end(closo_page *page);
/* A block of fixed-width text, such as the study file. */
void closo_page_code(closo_page *page, const char *text);

/* The whole document, or NULL when memory ran out. length may be NULL. */
const char *closo_page_finish(closo_page *page, size_t *length);

#endif
