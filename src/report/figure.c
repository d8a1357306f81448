/* SPDX-License-Identifier: BSD-3-Clause */
/* figure.c: draws a figure from back to front: paper, guides, curves, frame and numbers, legend, labels. The curves are
 * thinned before anything is written, because legend and labels are placed where the curves are not. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>
#include <string.h>

enum { DATA_WEIGHT = 1, BAR_WEIGHT = 1 };
static const double default_line_px = 1.6, tick_px = 5, minor_tick_px = 3, tick_gap_px = 6;
static const double cap_px = 3;           /* half the width of the cap of an error bar */
static const double digit_drop_em = 0.35; /* from the middle of a digit to its foot */

/* A curve as it will be drawn. */
typedef struct drawn {
    closo_polyline line;
    closo_point *places; /* of symbols and error bars */
    size_t *indices, place_count;
    size_t bar; /* which of the bars at a place */
} drawn;

static closo_plot_view view_of(const closo_drawing *drawing, const closo_curve *curve)
{
    const closo_layout *layout = &drawing->layout;
    return (closo_plot_view){layout->x, curve->right_axis ? layout->y_right : layout->y,
                             layout->plot};
}

static bool has_line(const closo_curve *curve)
{
    return curve->mark == CLOSO_MARK_LINE || curve->mark == CLOSO_MARK_DASHED ||
           curve->mark == CLOSO_MARK_LINE_POINTS;
}

static bool has_symbols(const closo_curve *curve)
{
    return curve->mark == CLOSO_MARK_POINTS || curve->mark == CLOSO_MARK_LINE_POINTS;
}

/* ---- preparing ---- */

static bool prepare_places(const closo_drawing *drawing, const closo_curve *curve, drawn *made)
{
    const closo_plot_view view = view_of(drawing, curve);
    if (!closo_thin_points(&view, curve, drawing->arena, &made->indices, &made->place_count))
        return false;
    made->places = closo_arena_alloc(drawing->arena, made->place_count, sizeof *made->places);
    if (made->places == NULL)
        return false;
    for (size_t i = 0; i < made->place_count; i++)
        made->places[i] = (closo_point){closo_scale_px(&view.x, curve->x[made->indices[i]]),
                                        closo_scale_px(&view.y, curve->y[made->indices[i]])};
    return true;
}

/* The bar at one x, inside the plot; false when none of it is. */
static bool bar_box(const closo_drawing *drawing, const closo_curve *curve, const drawn *made,
                    size_t i, closo_box *box)
{
    const closo_plot_view view = view_of(drawing, curve);
    double from = 0, to = 0;
    closo_layout_bar(&drawing->layout, made->bar, curve->x[i], &from, &to);
    const double one = closo_scale_px(&view.x, from), other = closo_scale_px(&view.x, to);
    const double end = closo_scale_px(&view.y, curve->y[i]);
    double foot = closo_scale_px(&view.y, 0);
    if (isnan(foot)) /* logarithmic */
        foot = view.y.from_px;
    if (isnan(one) || isnan(other) || isnan(end))
        return false;
    *box =
        (closo_box){fmax(fmin(one, other), view.box.left), fmax(fmin(end, foot), view.box.top),
                    fmin(fmax(one, other), view.box.right), fmin(fmax(end, foot), view.box.bottom)};
    return box->left <= box->right && box->top <= box->bottom;
}

/* The line of an error bar, in the plot; false when there is none. */
static bool error_reach(const closo_drawing *drawing, const closo_curve *curve, const drawn *made,
                        size_t place, closo_box *reach)
{
    const closo_plot_view view = view_of(drawing, curve);
    const size_t i = made->indices[place];
    const double sigma = curve->y_sigma[i];
    if (!(sigma > 0) || !closo_usable(sigma, false))
        return false;
    const double high = closo_scale_px(&view.y, curve->y[i] + sigma);
    double low = closo_scale_px(&view.y, curve->y[i] - sigma), x = made->places[place].x_px;
    if (isnan(low)) /* reaches below zero on a logarithmic axis */
        low = view.y.from_px;
    closo_box bar;
    if (curve->mark == CLOSO_MARK_BARS && bar_box(drawing, curve, made, i, &bar))
        x = (bar.left + bar.right) / 2;
    *reach = (closo_box){x, fmax(fmin(low, high), view.box.top), x,
                         fmin(fmax(low, high), view.box.bottom)};
    return !isnan(high) && reach->top <= reach->bottom;
}

static void cover_curve(closo_drawing *drawing, const closo_curve *curve, const drawn *made)
{
    closo_cover *cover = &drawing->cover;
    closo_box box;
    for (size_t i = 0; i + 1 < made->line.count; i++)
        if (!isnan(made->line.points[i].x_px) && !isnan(made->line.points[i + 1].x_px))
            closo_cover_line(cover, made->line.points[i], made->line.points[i + 1], DATA_WEIGHT);
    for (size_t i = 0; i < made->place_count; i++)
        closo_cover_line(cover, made->places[i], made->places[i], DATA_WEIGHT);
    for (size_t i = 0; curve->mark == CLOSO_MARK_BARS && i < curve->count; i++)
        if (bar_box(drawing, curve, made, i, &box))
            closo_cover_box(cover, &box, BAR_WEIGHT);
    for (size_t i = 0; curve->y_sigma != NULL && i < made->place_count; i++)
        if (error_reach(drawing, curve, made, i, &box))
            closo_cover_line(cover, (closo_point){box.left, box.top},
                             (closo_point){box.left, box.bottom}, DATA_WEIGHT);
}

static bool prepare(closo_drawing *drawing, drawn *curves)
{
    const closo_figure *figure = drawing->figure;
    size_t bars = 0;
    if (!closo_layout_make(figure, drawing->arena, &drawing->layout) ||
        !closo_cover_make(&drawing->cover, &drawing->layout.plot, drawing->arena))
        return false;
    for (size_t i = 0; i < figure->curve_count; i++) {
        const closo_curve *curve = &figure->curves[i];
        const closo_plot_view view = view_of(drawing, curve);
        drawn *made = &curves[i];
        *made = (drawn){0};
        if (curve->mark == CLOSO_MARK_BARS)
            made->bar = bars++;
        if (has_line(curve) && !closo_thin_line(&view, curve, drawing->arena, &made->line))
            return false;
        const bool is_lone = has_line(curve) && made->line.count == 1;
        if ((has_symbols(curve) || curve->y_sigma != NULL || is_lone) &&
            !prepare_places(drawing, curve, made))
            return false;
        cover_curve(drawing, curve, made);
    }
    closo_guides_mark(drawing);
    return true;
}

/* ---- curves ---- */

static void draw_bars(const closo_drawing *drawing, const closo_curve *curve, const drawn *made)
{
    closo_box box;
    for (size_t i = 0; i < curve->count; i++)
        if (bar_box(drawing, curve, made, i, &box))
            closo_svg_box(drawing->writer, "closo-bar", &box);
}

static void put_vertical(closo_writer *writer, double x, double from, double to)
{
    closo_writer_raw(writer, "M");
    closo_writer_number(writer, x);
    closo_writer_raw(writer, " ");
    closo_writer_number(writer, from);
    closo_writer_raw(writer, "V");
    closo_writer_number(writer, to);
}

static void put_horizontal(closo_writer *writer, double from, double to, double y)
{
    closo_writer_raw(writer, "M");
    closo_writer_number(writer, from);
    closo_writer_raw(writer, " ");
    closo_writer_number(writer, y);
    closo_writer_raw(writer, "H");
    closo_writer_number(writer, to);
}

static void draw_errors(const closo_drawing *drawing, const closo_curve *curve, const drawn *made)
{
    closo_writer *writer = drawing->writer;
    const closo_box *plot = &drawing->layout.plot;
    closo_box reach;
    if (curve->y_sigma == NULL || made->place_count == 0)
        return;
    closo_svg_open(writer, "path",
                   curve->mark == CLOSO_MARK_BARS ? "closo-error-bar" : "closo-error");
    closo_writer_raw(writer, " d=\"M0 0");
    for (size_t i = 0; i < made->place_count; i++) {
        if (!error_reach(drawing, curve, made, i, &reach))
            continue;
        put_vertical(writer, reach.left, reach.top, reach.bottom);
        if (made->place_count > 150)
            continue;
        if (reach.top > plot->top)
            put_horizontal(writer, reach.left - cap_px, reach.left + cap_px, reach.top);
        if (reach.bottom < plot->bottom)
            put_horizontal(writer, reach.left - cap_px, reach.left + cap_px, reach.bottom);
    }
    closo_writer_raw(writer, "\"/>\n");
}

static double symbol_radius_px(size_t count)
{
    return count <= 1 ? 3.8 : count <= 150 ? 2.8 : count <= 600 ? 2.1 : 1.3;
}

static void draw_symbols(const closo_drawing *drawing, const closo_curve *curve, const drawn *made)
{
    const double radius = symbol_radius_px(made->place_count);
    const closo_polyline places = {made->places, made->place_count, 0};
    const size_t rimmed = curve->mark == CLOSO_MARK_POINTS ? 150 : 40;
    if (made->place_count <=
        rimmed) { /* a rim in the colour of the paper sets them off the lines */
        closo_svg_open(drawing->writer, "path", "closo-under");
        closo_svg_attribute(drawing->writer, "stroke-width", 2 * radius + 2);
        closo_writer_raw(drawing->writer, " d=\"M0 0");
        for (size_t i = 0; i < places.count; i++) {
            closo_writer_raw(drawing->writer, "M");
            closo_writer_number(drawing->writer, places.points[i].x_px);
            closo_writer_raw(drawing->writer, " ");
            closo_writer_number(drawing->writer, places.points[i].y_px);
            closo_writer_raw(drawing->writer, "h0");
        }
        closo_writer_raw(drawing->writer, "\"/>\n");
    }
    draw_errors(drawing, curve, made);
    const closo_svg_symbols symbols = {curve->colour, radius, made->places, made->place_count};
    closo_svg_symbols_draw(drawing->writer, &symbols);
}

static void draw_curve(const closo_drawing *drawing, const closo_curve *curve, const drawn *made)
{
    const double width = curve->width_px > 0 ? fmin(curve->width_px, 50) : default_line_px;
    closo_writer_printf(drawing->writer, "<g class=\"%s\">\n", closo_svg_colour(curve->colour));
    if (curve->mark == CLOSO_MARK_BARS)
        draw_bars(drawing, curve, made);
    if (has_line(curve))
        closo_svg_polyline(drawing->writer, &made->line, width,
                           closo_svg_dashes(curve->mark, curve->colour));
    const bool is_lone = has_line(curve) && made->line.count == 1;
    if ((has_symbols(curve) || is_lone) && made->place_count != 0)
        draw_symbols(drawing, curve, made);
    else
        draw_errors(drawing, curve, made);
    closo_writer_raw(drawing->writer, "</g>\n");
}

/* ---- frame, ticks and numbers ---- */

static void draw_zero(const closo_drawing *drawing)
{
    const closo_scale *y = &drawing->layout.y;
    const closo_box *plot = &drawing->layout.plot;
    if (y->logarithmic || !(fmin(y->low, y->high) < 0) || !(fmax(y->low, y->high) > 0))
        return;
    const double at = closo_scale_px(y, 0);
    closo_svg_open(drawing->writer, "line", "closo-zero");
    closo_svg_attribute(drawing->writer, "x1", plot->left);
    closo_svg_attribute(drawing->writer, "y1", at);
    closo_svg_attribute(drawing->writer, "x2", plot->right);
    closo_svg_attribute(drawing->writer, "y2", at);
    closo_writer_raw(drawing->writer, "/>\n");
}

static void draw_frame(const closo_drawing *drawing)
{
    const closo_layout *layout = &drawing->layout;
    const closo_box *plot = &layout->plot;
    const bool names = drawing->figure->x.categories != NULL;
    closo_writer *writer = drawing->writer;
    closo_svg_open(writer, "path", "closo-frame");
    closo_writer_raw(writer, " d=\"");
    put_horizontal(writer, plot->left, plot->right, plot->top);
    put_vertical(writer, plot->right, plot->top, plot->bottom);
    put_horizontal(writer, plot->right, plot->left, plot->bottom);
    put_vertical(writer, plot->left, plot->bottom, plot->top);
    for (size_t i = 0; !names && i < layout->x_ticks.count; i++) {
        const double x = closo_scale_px(&layout->x, layout->x_ticks.list[i].value);
        const double length = layout->x_ticks.list[i].label != NULL ? tick_px : minor_tick_px;
        put_vertical(writer, x, plot->bottom, plot->bottom - length);
        put_vertical(writer, x, plot->top, plot->top + length);
    }
    for (size_t i = 0; i < layout->y_ticks.count; i++) {
        const double y = closo_scale_px(&layout->y, layout->y_ticks.list[i].value);
        const double length = layout->y_ticks.list[i].label != NULL ? tick_px : minor_tick_px;
        put_horizontal(writer, plot->left, plot->left + length, y);
        if (!layout->has_right)
            put_horizontal(writer, plot->right, plot->right - length, y);
    }
    for (size_t i = 0; layout->has_right && i < layout->right_ticks.count; i++) {
        const double y = closo_scale_px(&layout->y_right, layout->right_ticks.list[i].value);
        const double length = layout->right_ticks.list[i].label != NULL ? tick_px : minor_tick_px;
        put_horizontal(writer, plot->right, plot->right - length, y);
    }
    closo_writer_raw(writer, "\"/>\n");
}

/* With two axes and one colour to each, the axes take the colours of their curves. */
static bool axis_colour(const closo_drawing *drawing, bool right, int *colour)
{
    const closo_figure *figure = drawing->figure;
    bool found = false;
    if (!drawing->layout.has_right)
        return false;
    for (size_t i = 0; i < figure->curve_count; i++) {
        if (figure->curves[i].right_axis != right)
            continue;
        if (found && figure->curves[i].colour != *colour)
            return false;
        *colour = figure->curves[i].colour;
        found = true;
    }
    return found && *colour >= 0;
}

static void draw_x_axis(const closo_drawing *drawing)
{
    const closo_layout *layout = &drawing->layout;
    const closo_box *plot = &layout->plot;
    const double foot = plot->bottom + tick_gap_px + 0.8 * CLOSO_TICK_PX;
    closo_svg_style style = {.size_px = CLOSO_TICK_PX, .anchor = "middle", .css = "closo-text"};
    style.y = foot;
    if (layout->tilted) {
        style.anchor = "end";
        style.turn_deg = 35;
        style.max_width_px = 140;
    }
    for (size_t i = 0; i < layout->x_ticks.count; i++) {
        style.x =
            closo_scale_px(&layout->x, layout->x_ticks.list[i].value) + (layout->tilted ? 4 : 0);
        closo_svg_text(drawing->writer, &style, layout->x_ticks.list[i].label);
    }
    const double drop = layout->tilted ? fmin(layout->x_ticks.widest_px, 140) * 0.57 : 0;
    const double note_px = closo_label_width_px(layout->x_ticks.note, CLOSO_TICK_PX);
    closo_svg_style label = {.x = (plot->left + plot->right) / 2,
                             .y = foot + drop + CLOSO_LABEL_PX + 6,
                             .size_px = CLOSO_LABEL_PX,
                             .max_width_px = layout->width_px - 16 - 2 * note_px,
                             .anchor = "middle",
                             .css = "closo-text"};
    const double wide =
        fmin(closo_label_width_px(drawing->figure->x.label, CLOSO_LABEL_PX), label.max_width_px);
    if (note_px == 0) /* a label longer than the axis stays on the paper */
        label.x = fmin(fmax(label.x, wide / 2 + 8), layout->width_px - wide / 2 - 8);
    else
        label.max_width_px = plot->right - plot->left - 2 * note_px - 8;
    closo_svg_text(drawing->writer, &label, drawing->figure->x.label);
    const closo_svg_style note = {.x = plot->right,
                                  .y = label.y,
                                  .size_px = CLOSO_TICK_PX,
                                  .anchor = "end",
                                  .css = "closo-text"};
    closo_svg_text(drawing->writer, &note, layout->x_ticks.note);
}

/* The numbers, the label and the note of the left or the right axis. */
static void draw_y_axis(const closo_drawing *drawing, bool right)
{
    const closo_layout *layout = &drawing->layout;
    const closo_box *plot = &layout->plot;
    const closo_axis *axis = right ? &drawing->figure->y_right : &drawing->figure->y;
    const closo_scale *scale = right ? &layout->y_right : &layout->y;
    const closo_ticks *ticks = right ? &layout->right_ticks : &layout->y_ticks;
    int colour = -1;
    const bool own = axis_colour(drawing, right, &colour);
    closo_svg_style style = {.size_px = CLOSO_TICK_PX,
                             .max_width_px = 140,
                             .anchor = right ? "start" : "end",
                             .css = own ? "closo-own" : "closo-text"};
    closo_writer_printf(drawing->writer, "<g class=\"%s\">\n", closo_svg_colour(colour));
    style.x = right ? plot->right + tick_gap_px : plot->left - tick_gap_px;
    for (size_t i = 0; i < ticks->count; i++) {
        style.y = closo_scale_px(scale, ticks->list[i].value) + digit_drop_em * CLOSO_TICK_PX;
        closo_svg_text(drawing->writer, &style, ticks->list[i].label);
    }
    const double widest = fmin(ticks->widest_px, 140) + tick_gap_px;
    style.x = right ? plot->right + widest : plot->left - widest;
    style.anchor = right ? "end" : "start";
    style.y = plot->top - 7;
    const double note_px = closo_label_width_px(ticks->note, CLOSO_TICK_PX);
    if (right) /* a long note grows inwards only so far as the figure is wide */
        style.x = fmin(fmax(style.x, plot->right), layout->width_px - 4);
    style.max_width_px = fmax(note_px, 1);
    closo_svg_text(drawing->writer, &style, ticks->note);
    style.size_px = CLOSO_LABEL_PX;
    style.x = right ? layout->width_px - 9 : 6 + 0.8 * CLOSO_LABEL_PX;
    style.turn_deg = 90;
    style.anchor = "middle";
    style.max_width_px = layout->height_px - 16;
    const double half =
        fmin(closo_label_width_px(axis->label, CLOSO_LABEL_PX), style.max_width_px) / 2;
    style.y = fmin(fmax((plot->top + plot->bottom) / 2, half + 8), layout->height_px - half - 8);
    closo_svg_text(drawing->writer, &style, axis->label);
    closo_writer_raw(drawing->writer, "</g>\n");
}

static void draw_title(const closo_drawing *drawing)
{
    const closo_layout *layout = &drawing->layout;
    const double most = layout->width_px - 16;
    const double half =
        fmin(closo_label_width_px(drawing->figure->title, CLOSO_TITLE_PX), most) / 2;
    const double middle = (layout->plot.left + layout->plot.right) / 2;
    const closo_svg_style style = {.x = fmin(fmax(middle, half + 8), layout->width_px - half - 8),
                                   .y = 6 + 0.9 * CLOSO_TITLE_PX,
                                   .size_px = CLOSO_TITLE_PX,
                                   .max_width_px = most,
                                   .anchor = "middle",
                                   .css = "closo-text"};
    closo_svg_text(drawing->writer, &style, drawing->figure->title);
}

/* Empty axes say that they are meant to be. */
static void draw_no_data(const closo_drawing *drawing, const drawn *curves)
{
    const closo_figure *figure = drawing->figure;
    for (size_t i = 0; i < figure->curve_count; i++) {
        const bool bars = figure->curves[i].mark == CLOSO_MARK_BARS && figure->curves[i].count != 0;
        if (bars || curves[i].line.count != 0 || curves[i].place_count != 0)
            return;
    }
    const closo_box *plot = &drawing->layout.plot;
    const closo_svg_style style = {.x = (plot->left + plot->right) / 2,
                                   .y = (plot->top + plot->bottom) / 2,
                                   .size_px = CLOSO_LABEL_PX,
                                   .anchor = "middle",
                                   .css = "closo-text"};
    closo_svg_text(drawing->writer, &style, "no data in this range");
}

/* ---- the whole ---- */

static void draw_opening(const closo_drawing *drawing, bool embedded)
{
    closo_writer *writer = drawing->writer;
    const closo_figure *figure = drawing->figure;
    if (!embedded)
        closo_writer_raw(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    closo_writer_raw(writer, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"closo-figure\" "
                             "role=\"img\" xml:space=\"preserve\"");
    const char *name = figure->title != NULL ? figure->title : figure->y.label;
    if (name != NULL) {
        closo_writer_raw(writer, " aria-label=\"");
        closo_label_plain(writer, name);
        closo_writer_raw(writer, "\"");
    }
    closo_svg_attribute(writer, "width", drawing->layout.width_px);
    closo_svg_attribute(writer, "height", drawing->layout.height_px);
    closo_writer_raw(writer, " viewBox=\"0 0 ");
    closo_writer_number(writer, drawing->layout.width_px);
    closo_writer_raw(writer, " ");
    closo_writer_number(writer, drawing->layout.height_px);
    closo_writer_raw(writer, "\">\n");
    if (embedded)
        return;
    const closo_box paper = {0, 0, drawing->layout.width_px, drawing->layout.height_px};
    closo_writer_printf(writer, "<style>\n%s</style>\n", closo_style_figure);
    closo_svg_box(writer, "closo-paper", &paper);
}

static void draw_all(closo_drawing *drawing, const drawn *curves, const closo_box *legend,
                     bool embedded)
{
    const closo_figure *figure = drawing->figure;
    draw_opening(drawing, embedded);
    draw_zero(drawing);
    closo_guides_draw(drawing);
    for (size_t i = 0; i < figure->curve_count; i++)
        draw_curve(drawing, &figure->curves[i], &curves[i]);
    draw_no_data(drawing, curves);
    draw_frame(drawing);
    draw_x_axis(drawing);
    draw_y_axis(drawing, false);
    if (drawing->layout.has_right)
        draw_y_axis(drawing, true);
    draw_title(drawing);
    if (drawing->layout.legend_height_px > 0) {
        closo_legend_below(drawing);
    } else if (legend != NULL) {
        closo_legend_inside(drawing, legend);
        closo_cover_box(&drawing->cover, legend, 40);
    }
    closo_guides_label(drawing);
    closo_writer_raw(drawing->writer, "</svg>\n");
}

/* A curve whose arrays are missing has no points. */
static closo_curve *checked_curves(const closo_figure *figure, closo_arena *arena)
{
    closo_curve *curves = closo_arena_alloc(arena, figure->curve_count, sizeof *curves);
    for (size_t i = 0; curves != NULL && i < figure->curve_count; i++) {
        curves[i] = figure->curves[i];
        if (curves[i].x == NULL || curves[i].y == NULL)
            curves[i].count = 0;
        if (!(curves[i].width_px >= 0))
            curves[i].width_px = 0;
    }
    return curves;
}

const char *closo_figure_svg(const closo_figure *figure, bool embedded, closo_arena *arena)
{
    closo_figure checked = *figure;
    closo_writer writer = {.arena = arena};
    closo_drawing drawing = {.figure = &checked, .arena = arena, .writer = &writer};
    drawn *curves = closo_arena_alloc(arena, figure->curve_count, sizeof *curves);
    checked.curves = checked_curves(figure, arena);
    if (curves == NULL || checked.curves == NULL)
        return NULL;
    const double below_px =
        figure->legend == CLOSO_LEGEND_NONE ? 0 : closo_legend_height_px(&checked);
    closo_box legend = {0};
    bool inside = false;
    if (figure->legend == CLOSO_LEGEND_BELOW)
        drawing.layout.legend_height_px = below_px;
    if (!prepare(&drawing, curves))
        return NULL;
    if (figure->legend == CLOSO_LEGEND_AUTO && below_px > 0) {
        inside = closo_legend_place(&drawing, &legend);
        if (!inside) {
            drawing.layout = (closo_layout){.legend_height_px = below_px};
            if (!prepare(&drawing, curves))
                return NULL;
        }
    }
    draw_all(&drawing, curves, inside ? &legend : NULL, embedded);
    return writer.failed ? NULL : writer.text;
}
