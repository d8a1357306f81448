/* SPDX-License-Identifier: BSD-3-Clause */
/* legend.c: which curve is which: inside the plot where nothing else lies, or in rows below it. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>

static const double sample_px = 26, sample_gap_px = 7, row_px = 17, padding_px = 6, margin_px = 8;
static const double between_px = 18; /* of entries in a row */
static const double side_px = 16;    /* left and right of the rows below */

static bool is_listed(const closo_curve *curve)
{
    return curve->label != NULL && curve->label[0] != '\0';
}

static const char *const right_mark = " (right)";

static double text_px(const closo_curve *curve)
{
    return closo_label_width_px(curve->label, CLOSO_LEGEND_PX) +
           (curve->right_axis ? closo_label_width_px(right_mark, CLOSO_LEGEND_PX) : 0);
}

static double figure_width_px(const closo_figure *figure)
{
    return figure->width_px > 0 ? fmin(fmax(figure->width_px, 160), 8000) : 640;
}

/* ---- one entry ---- */

static void draw_sample(const closo_drawing *drawing, const closo_curve *curve, closo_point at)
{
    closo_writer *writer = drawing->writer;
    const double width_px = curve->width_px > 0 ? fmin(curve->width_px, 6) : 1.6;
    closo_point ends[2] = {at, {at.x_px + sample_px, at.y_px}};
    closo_point middle = {at.x_px + sample_px / 2, at.y_px};
    const closo_polyline line = {ends, 2, 2};
    const closo_svg_symbols symbol = {curve->colour, 3, &middle, 1};
    const closo_box bar = {at.x_px + 6, at.y_px - 5, at.x_px + sample_px - 6, at.y_px + 5};
    closo_writer_printf(writer, "<g class=\"%s\">", closo_svg_colour(curve->colour));
    switch (curve->mark) {
    case CLOSO_MARK_BARS:
        closo_svg_box(writer, "closo-bar", &bar);
        break;
    case CLOSO_MARK_POINTS:
        closo_svg_symbols_draw(writer, &symbol);
        break;
    case CLOSO_MARK_LINE_POINTS:
        closo_svg_symbols_draw(writer, &symbol);
        closo_svg_polyline(writer, &line, width_px, closo_svg_dashes(curve->mark, curve->colour));
        break;
    case CLOSO_MARK_LINE:
    case CLOSO_MARK_DASHED:
    default:
        closo_svg_polyline(writer, &line, width_px, closo_svg_dashes(curve->mark, curve->colour));
        break;
    }
    closo_writer_raw(writer, "</g>\n");
}

static void draw_entry(const closo_drawing *drawing, const closo_curve *curve, closo_point at,
                       double max_text_px)
{
    draw_sample(drawing, curve, at);
    const char *label = curve->label;
    if (curve->right_axis) {
        label = closo_arena_printf(drawing->arena, "%s%s", curve->label, right_mark);
        if (label == NULL) {
            drawing->writer->failed = true;
            return;
        }
    }
    const closo_svg_style style = {.x = at.x_px + sample_px + sample_gap_px,
                                   .y = at.y_px + 0.35 * CLOSO_LEGEND_PX,
                                   .size_px = CLOSO_LEGEND_PX,
                                   .max_width_px = max_text_px,
                                   .anchor = "start",
                                   .css = "closo-text"};
    closo_svg_text(drawing->writer, &style, label);
}

/* ---- inside ---- */

static double inside_text_px(const closo_drawing *drawing)
{
    const closo_box *plot = &drawing->layout.plot;
    return 0.6 * (plot->right - plot->left) - sample_px - sample_gap_px - 2 * padding_px;
}

/* The size of the legend inside the plot; no height when there is nothing to list. */
static void inside_size(const closo_drawing *drawing, double *width_px, double *height_px)
{
    double widest = 0, rows = 0;
    for (size_t i = 0; i < drawing->figure->curve_count; i++) {
        const closo_curve *curve = &drawing->figure->curves[i];
        if (!is_listed(curve))
            continue;
        widest = fmax(widest, text_px(curve));
        rows++;
    }
    *width_px = sample_px + sample_gap_px + widest + 2 * padding_px;
    *height_px = rows == 0 ? 0 : rows * row_px + padding_px;
}

bool closo_legend_place(const closo_drawing *drawing, closo_box *box)
{
    /* Corners first, then the middles of the sides: shares of the free way right and down. */
    static const double places[][2] = {
        {1, 0},    {0, 0},    {1, 1},     {0, 1},       {0.5, 0},     {0.5, 1},     {1, 0.5},
        {0, 0.5},  {0.75, 0}, {0.25, 0},  {0.75, 1},    {0.25, 1},    {1, 0.25},    {0, 0.25},
        {1, 0.75}, {0, 0.75}, {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.25}, {0.75, 0.75}, {0.25, 0.75}};
    const closo_box *plot = &drawing->layout.plot;
    double width = 0, height = 0, least = INFINITY;
    inside_size(drawing, &width, &height);
    const double free_x = plot->right - plot->left - width - 2 * margin_px;
    const double free_y = plot->bottom - plot->top - height - 2 * margin_px;
    if (height == 0 || free_x < 0 || free_y < 0 || height > 0.6 * (plot->bottom - plot->top) ||
        width - sample_px - sample_gap_px - 2 * padding_px > inside_text_px(drawing))
        return false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const double left = plot->left + margin_px + places[i][0] * free_x;
        const double top = plot->top + margin_px + places[i][1] * free_y;
        const closo_box tried = {left, top, left + width, top + height};
        const double cost = closo_cover_cost(&drawing->cover, &tried);
        if (cost < least) {
            least = cost;
            *box = tried;
        }
    }
    return least <= 0;
}

void closo_legend_inside(const closo_drawing *drawing, const closo_box *box)
{
    closo_point at = {box->left + padding_px, box->top + padding_px / 2 + row_px / 2};
    for (size_t i = 0; i < drawing->figure->curve_count; i++) {
        if (!is_listed(&drawing->figure->curves[i]))
            continue;
        draw_entry(drawing, &drawing->figure->curves[i], at, inside_text_px(drawing) + 1);
        at.y_px += row_px;
    }
}

/* ---- below ---- */

static double entry_px(const closo_curve *curve, double row_width_px)
{
    return fmin(sample_px + sample_gap_px + text_px(curve), row_width_px);
}

/* The curves of the row that starts at *next: its width; *next moves on behind it. 0 when none is left. */
static double take_row(const closo_figure *figure, double row_width_px, size_t *next)
{
    double width = 0;
    for (; *next < figure->curve_count; ++*next) {
        const closo_curve *curve = &figure->curves[*next];
        if (!is_listed(curve))
            continue;
        const double entry = entry_px(curve, row_width_px);
        if (width > 0 && width + between_px + entry > row_width_px)
            break;
        width += (width > 0 ? between_px : 0) + entry;
    }
    return width;
}

double closo_legend_height_px(const closo_figure *figure)
{
    const double row_width = figure_width_px(figure) - 2 * side_px;
    double rows = 0;
    for (size_t next = 0; take_row(figure, row_width, &next) > 0;)
        rows++;
    return rows == 0 ? 0 : rows * row_px + padding_px;
}

void closo_legend_below(const closo_drawing *drawing)
{
    const closo_layout *layout = &drawing->layout;
    const double row_width = layout->width_px - 2 * side_px;
    double y = layout->height_px - layout->legend_height_px + row_px / 2;
    for (size_t next = 0;;) {
        size_t curve = next;
        const double width = take_row(drawing->figure, row_width, &next);
        if (!(width > 0))
            return;
        const double middle = (layout->plot.left + layout->plot.right) / 2;
        double x = fmin(fmax(middle - width / 2, side_px), layout->width_px - side_px - width);
        for (; curve < next; curve++) {
            const closo_curve *entry = &drawing->figure->curves[curve];
            if (!is_listed(entry))
                continue;
            draw_entry(drawing, entry, (closo_point){x, y},
                       row_width - sample_px - sample_gap_px + 1);
            x += entry_px(entry, row_width) + between_px;
        }
        y += row_px;
    }
}
