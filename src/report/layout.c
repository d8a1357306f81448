/* SPDX-License-Identifier: BSD-3-Clause */
/* layout.c: the ranges of the axes and the place of everything around the plot. The margins depend on the widths of the
 * tick labels and these on the size of the plot, so both are worked out twice. */
#include "report/report_internal.h"

#include <math.h>

static const double default_width_px = 640, default_height_px = 420;
static const double gap_px = 8;      /* between parts */
static const double tick_gap_px = 6; /* between the frame and the numbers */

/* ---- ranges ---- */

typedef struct range {
    double low, high;
    bool found;
} range;

static void range_take(range *taken, double value, bool logarithmic)
{
    if (!closo_usable(value, logarithmic))
        return;
    taken->low = taken->found ? fmin(taken->low, value) : value;
    taken->high = taken->found ? fmax(taken->high, value) : value;
    taken->found = true;
}

/* An end that the caller set, and that can be drawn. */
static bool is_set(const closo_axis *axis, double end)
{
    return axis->low != axis->high && closo_usable(end, axis->logarithmic);
}

static bool within_set(const closo_axis *axis, double value)
{
    const bool backwards = axis->low > axis->high;
    const double low = backwards ? axis->high : axis->low;
    const double high = backwards ? axis->low : axis->high;
    return !(is_set(axis, low) && value < low) && !(is_set(axis, high) && value > high);
}

static void take_curve(range *x, range *y, const closo_figure *figure, const closo_curve *curve)
{
    const closo_axis *y_axis = curve->right_axis ? &figure->y_right : &figure->y;
    for (size_t i = 0; i < curve->count; i++) {
        if (!closo_usable(curve->x[i], figure->x.logarithmic) ||
            !closo_usable(curve->y[i], y_axis->logarithmic))
            continue;
        range_take(x, curve->x[i], figure->x.logarithmic);
        if (!within_set(&figure->x, curve->x[i]))
            continue; /* the height is that of the part in view */
        range_take(y, curve->y[i], y_axis->logarithmic);
        if (curve->y_sigma != NULL && closo_usable(curve->y_sigma[i], false)) {
            range_take(y, curve->y[i] - curve->y_sigma[i], y_axis->logarithmic);
            range_take(y, curve->y[i] + curve->y_sigma[i], y_axis->logarithmic);
        }
    }
    if (curve->mark == CLOSO_MARK_BARS && y->found)
        range_take(y, 0, y_axis->logarithmic);
}

static void take_guides(range *x, range *y, const closo_figure *figure)
{
    for (size_t i = 0; i < figure->guide_count; i++) {
        const closo_guide *guide = &figure->guides[i];
        const bool is_x = guide->kind == CLOSO_GUIDE_X_BAND || guide->kind == CLOSO_GUIDE_X_LINE;
        const bool logarithmic = is_x ? figure->x.logarithmic : figure->y.logarithmic;
        range_take(is_x ? x : y, guide->low, logarithmic);
        range_take(is_x ? x : y, guide->high, logarithmic);
    }
}

/* An axis that would end where it begins gets room about the end that was set. */
static void keep_apart(double *low, double *high, bool logarithmic, bool low_is_set)
{
    const double size = fmax(fabs(*low), fabs(*high));
    if (*high - *low > 1e-12 * size && *high - *low >= 1e-190)
        return;
    if (low_is_set)
        *high = *low;
    else
        *low = *high;
    closo_range_widen(low, high, logarithmic);
}

/* From the data's range to the axis': what the caller set stays, the rest gets room. zero_ends: an end at 0 stays. */
static void finish_range(const closo_axis *axis, range data, bool zero_ends, closo_scale *scale)
{
    const bool backwards = axis->low > axis->high;
    const double set_low = backwards ? axis->high : axis->low;
    const double set_high = backwards ? axis->low : axis->high;
    if (!data.found)
        data = axis->logarithmic ? (range){1, 10, true} : (range){0, 1, true};
    double low = data.low, high = data.high;
    closo_range_widen(&low, &high, axis->logarithmic);
    if (zero_ends && data.low == 0)
        low = fmin(0, high);
    if (zero_ends && data.high == 0)
        high = fmax(0, low);
    if (is_set(axis, set_low))
        low = set_low;
    if (is_set(axis, set_high))
        high = set_high;
    keep_apart(&low, &high, axis->logarithmic, is_set(axis, set_low));
    scale->logarithmic = axis->logarithmic;
    scale->low = backwards ? high : low;
    scale->high = backwards ? low : high;
}

/* ---- bars ---- */

/* The least distance of two bars of one curve; 1 for a single bar. */
static double bar_spacing(const closo_figure *figure)
{
    double least = INFINITY;
    for (size_t i = 0; i < figure->curve_count; i++) {
        const closo_curve *curve = &figure->curves[i];
        for (size_t j = 1; curve->mark == CLOSO_MARK_BARS && j < curve->count; j++) {
            const double distance = fabs(curve->x[j] - curve->x[j - 1]);
            if (distance > 0 && distance < least)
                least = distance;
        }
    }
    return closo_usable(least, true) ? least : 1;
}

void closo_layout_bar(const closo_layout *layout, size_t bar, double x, double *from, double *to)
{
    const double together = layout->bar_width * (double)layout->bar_curves;
    *from = x - together / 2 + layout->bar_width * (double)bar;
    *to = *from + layout->bar_width;
}

static void find_ranges(const closo_figure *figure, closo_layout *layout)
{
    range x = {0}, left = {0}, right = {0};
    bool left_bars = false, right_bars = false;
    for (size_t i = 0; i < figure->curve_count; i++) {
        const closo_curve *curve = &figure->curves[i];
        const bool is_bars = curve->mark == CLOSO_MARK_BARS;
        take_curve(&x, curve->right_axis ? &right : &left, figure, curve);
        layout->has_right |= curve->right_axis;
        layout->bar_curves += is_bars;
        left_bars |= is_bars && !curve->right_axis;
        right_bars |= is_bars && curve->right_axis;
    }
    take_guides(&x, &left, figure);
    if (layout->bar_curves != 0 && x.found) {
        const double spacing = bar_spacing(figure);
        layout->bar_width = 0.75 * spacing / (double)layout->bar_curves;
        range_take(&x, x.low - 0.5 * spacing, figure->x.logarithmic);
        range_take(&x, x.high + 0.5 * spacing, figure->x.logarithmic);
    }
    if (figure->x.categories != NULL && figure->x.category_count != 0) {
        range_take(&x, -0.5, figure->x.logarithmic);
        range_take(&x, (double)figure->x.category_count - 0.5, figure->x.logarithmic);
    }
    finish_range(&figure->x, x, false, &layout->x);
    finish_range(&figure->y, left, left_bars, &layout->y);
    finish_range(&figure->y_right, right, right_bars, &layout->y_right);
}

/* Lengthens the axis that has more pixels for its range, at its upper end, where a Nyquist plot has nothing to show. */
static void make_aspect_equal(const closo_figure *figure, closo_layout *layout)
{
    if (!figure->equal_aspect || figure->x.logarithmic || figure->y.logarithmic)
        return;
    const double wide_px = layout->plot.right - layout->plot.left;
    const double high_px = layout->plot.bottom - layout->plot.top;
    closo_scale *x = &layout->x, *y = &layout->y;
    const double per_px = fmax(fabs(x->high - x->low) / wide_px, fabs(y->high - y->low) / high_px);
    x->high = x->low + copysign(per_px * wide_px, x->high - x->low);
    y->high = y->low + copysign(per_px * high_px, y->high - y->low);
}

/* ---- ticks ---- */

static bool make_ticks(const closo_scale *scale, bool horizontal, closo_arena *arena,
                       closo_ticks *ticks)
{
    const closo_tick_request request = {fmin(scale->low, scale->high),
                                        fmax(scale->low, scale->high),
                                        scale->logarithmic,
                                        horizontal,
                                        fabs(scale->to_px - scale->from_px),
                                        CLOSO_TICK_PX};
    return closo_ticks_make(&request, arena, ticks);
}

static bool category_ticks(const closo_axis *axis, const closo_scale *scale, closo_arena *arena,
                           closo_ticks *ticks)
{
    *ticks = (closo_ticks){0};
    ticks->list = closo_arena_alloc(arena, axis->category_count, sizeof *ticks->list);
    if (ticks->list == NULL)
        return false;
    for (size_t i = 0; i < axis->category_count; i++) {
        const double at = (double)i;
        if (at < fmin(scale->low, scale->high) || at > fmax(scale->low, scale->high))
            continue;
        const char *label = axis->categories[i] != NULL ? axis->categories[i] : "";
        ticks->list[ticks->count++] = (closo_tick){at, label};
        ticks->widest_px = fmax(ticks->widest_px, closo_label_width_px(label, CLOSO_TICK_PX));
    }
    return true;
}

static bool axis_ticks(const closo_axis *axis, const closo_scale *scale, bool horizontal,
                       closo_arena *arena, closo_ticks *ticks)
{
    return axis->categories != NULL && axis->category_count != 0
               ? category_ticks(axis, scale, arena, ticks)
               : make_ticks(scale, horizontal, arena, ticks);
}

/* ---- margins ---- */

static bool has_text(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static const double tilt_sine = 0.57; /* of 35 degrees */

/* Below the frame: numbers, label, legend. */
static double bottom_margin_px(const closo_figure *figure, const closo_layout *layout)
{
    double margin = tick_gap_px + CLOSO_TICK_PX + gap_px / 2;
    if (layout->tilted)
        margin += fmin(layout->x_ticks.widest_px, 140) * tilt_sine;
    if (has_text(figure->x.label))
        margin += CLOSO_LABEL_PX + gap_px;
    else if (layout->x_ticks.note != NULL)
        margin += CLOSO_TICK_PX + gap_px / 2;
    return margin + layout->legend_height_px + gap_px / 2;
}

static double side_margin_px(const closo_axis *axis, const closo_ticks *ticks)
{
    const double widest = fmin(ticks->widest_px, 140);
    return tick_gap_px + widest + (has_text(axis->label) ? CLOSO_LABEL_PX + gap_px : 0) + gap_px;
}

static double top_margin_px(const closo_figure *figure, const closo_layout *layout)
{
    double margin = 1.5 * gap_px;
    if (has_text(figure->title))
        margin += CLOSO_TITLE_PX + gap_px / 2;
    if (layout->y_ticks.note != NULL || (layout->has_right && layout->right_ticks.note != NULL))
        margin += CLOSO_TICK_PX + 2;
    return margin;
}

static void place_plot(const closo_figure *figure, closo_layout *layout)
{
    closo_box *plot = &layout->plot;
    plot->left = side_margin_px(&figure->y, &layout->y_ticks);
    plot->right = layout->width_px - (layout->has_right
                                          ? side_margin_px(&figure->y_right, &layout->right_ticks)
                                          : fmax(2 * gap_px, 0.4 * layout->x_ticks.widest_px));
    if (layout->tilted && !layout->has_right)
        plot->right = layout->width_px - 2 * gap_px;
    plot->top = top_margin_px(figure, layout);
    plot->bottom = layout->height_px - bottom_margin_px(figure, layout);
    /* However small the figure, there is a plot to draw in. */
    plot->right = fmax(plot->right, plot->left + 20);
    plot->bottom = fmax(plot->bottom, plot->top + 20);
    layout->x.from_px = plot->left;
    layout->x.to_px = plot->right;
    layout->y.from_px = layout->y_right.from_px = plot->bottom;
    layout->y.to_px = layout->y_right.to_px = plot->top;
}

/* Names that do not fit side by side stand at an angle. */
static bool must_tilt(const closo_figure *figure, const closo_layout *layout)
{
    if (figure->x.categories == NULL || layout->x_ticks.count == 0)
        return false;
    const double each_px =
        fabs(layout->x.to_px - layout->x.from_px) / fmax(fabs(layout->x.high - layout->x.low), 1);
    return layout->x_ticks.widest_px + gap_px > each_px;
}

bool closo_layout_make(const closo_figure *figure, closo_arena *arena, closo_layout *layout)
{
    const double legend_height_px = layout->legend_height_px;
    *layout = (closo_layout){.legend_height_px = legend_height_px};
    const double width = figure->width_px, height = figure->height_px;
    layout->width_px = width > 0 ? fmin(fmax(width, 160), 8000) : default_width_px;
    layout->height_px = height > 0 ? fmin(fmax(height, 120), 8000) : default_height_px;
    find_ranges(figure, layout);
    const closo_scale x = layout->x, y = layout->y; /* before the aspect changes them */
    layout->y_ticks.widest_px = layout->right_ticks.widest_px = 40;
    for (int pass = 0; pass < 3; pass++) {
        layout->x = x;
        layout->y = y;
        place_plot(figure, layout);
        make_aspect_equal(figure, layout);
        if (!axis_ticks(&figure->x, &layout->x, true, arena, &layout->x_ticks) ||
            !axis_ticks(&figure->y, &layout->y, false, arena, &layout->y_ticks) ||
            (layout->has_right &&
             !make_ticks(&layout->y_right, false, arena, &layout->right_ticks)))
            return false;
        layout->tilted = must_tilt(figure, layout);
    }
    return true;
}
