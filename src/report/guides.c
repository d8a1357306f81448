/* SPDX-License-Identifier: BSD-3-Clause */
/* guides.c: bands and lines that say what a figure shows (a fit window, an onset, a limit), and their labels, each where it
 * hides least: labels never cover each other while there is room. */
#include "report/report_internal.h"

#include <math.h>

static const double label_px = 12, line_gap_px = 5, row_px = 16;
enum { LABEL_WEIGHT = 40, LINE_WEIGHT = 2, MOST_ROWS = 24 };

static bool is_along_x(const closo_guide *guide)
{
    return guide->kind == CLOSO_GUIDE_X_BAND || guide->kind == CLOSO_GUIDE_X_LINE;
}

static bool is_line(const closo_guide *guide)
{
    return guide->kind == CLOSO_GUIDE_X_LINE || guide->kind == CLOSO_GUIDE_Y_LINE;
}

/* The end of a band in pixels: one that is not finite reaches to the edge. */
static double end_px(const closo_scale *scale, double value, double edge_px)
{
    const double px = closo_scale_px(scale, value);
    return isnan(px) ? edge_px : px;
}

/* Where the guide is in the plot; false when it is outside. A line has no width. */
static bool guide_box(const closo_drawing *drawing, const closo_guide *guide, closo_box *box)
{
    const closo_layout *layout = &drawing->layout;
    const closo_scale *scale = is_along_x(guide) ? &layout->x : &layout->y;
    if (isnan(guide->low) || (is_line(guide) && !closo_usable(guide->low, scale->logarithmic)))
        return false;
    const double low = end_px(scale, guide->low, scale->from_px);
    const double high = is_line(guide) ? low : end_px(scale, guide->high, scale->to_px);
    *box = layout->plot;
    if (is_along_x(guide)) {
        box->left = fmax(fmin(low, high), layout->plot.left);
        box->right = fmin(fmax(low, high), layout->plot.right);
    } else {
        box->top = fmax(fmin(low, high), layout->plot.top);
        box->bottom = fmin(fmax(low, high), layout->plot.bottom);
    }
    return box->left <= box->right && box->top <= box->bottom;
}

void closo_guides_draw(const closo_drawing *drawing)
{
    closo_box box;
    for (int lines = 0; lines < 2; lines++) { /* bands lie under lines */
        for (size_t i = 0; i < drawing->figure->guide_count; i++) {
            const closo_guide *guide = &drawing->figure->guides[i];
            if (is_line(guide) != (lines == 1) || !guide_box(drawing, guide, &box))
                continue;
            closo_writer_printf(drawing->writer, "<g class=\"%s\">",
                                closo_svg_colour(guide->colour));
            if (lines == 0) {
                closo_svg_box(drawing->writer, "closo-band", &box);
            } else {
                closo_svg_open(drawing->writer, "line", "closo-guide");
                closo_svg_attribute(drawing->writer, "x1", box.left);
                closo_svg_attribute(drawing->writer, "y1", box.top);
                closo_svg_attribute(drawing->writer, "x2", box.right);
                closo_svg_attribute(drawing->writer, "y2", box.bottom);
                closo_writer_raw(drawing->writer, "/>");
            }
            closo_writer_raw(drawing->writer, "</g>\n");
        }
    }
}

void closo_guides_mark(closo_drawing *drawing)
{
    closo_box box;
    for (size_t i = 0; i < drawing->figure->guide_count; i++) {
        const closo_guide *guide = &drawing->figure->guides[i];
        if (is_line(guide) && guide_box(drawing, guide, &box))
            closo_cover_line(&drawing->cover, (closo_point){box.left, box.top},
                             (closo_point){box.right, box.bottom}, LINE_WEIGHT);
    }
}

/* ---- labels ---- */

typedef struct choice {
    closo_box best;
    const char *anchor;
    double least;
    size_t tried;
} choice;

/* Earlier tries win over later ones that hide as much. */
static void try_place(const closo_drawing *drawing, choice *chosen, const char *anchor,
                      closo_point corner, double width)
{
    const closo_box box = {corner.x_px, corner.y_px, corner.x_px + width,
                           corner.y_px + label_px + 2};
    const double cost = closo_cover_cost(&drawing->cover, &box) + 0.3 * (double)chosen->tried++;
    if (cost < chosen->least) {
        chosen->least = cost;
        chosen->best = box;
        chosen->anchor = anchor;
    }
}

/* Beside a vertical line, or in or beside a band, in rows from the top. */
static void try_rows(const closo_drawing *drawing, const closo_guide *guide, const closo_box *box,
                     double width, choice *chosen)
{
    const closo_box *plot = &drawing->layout.plot;
    const double space = box->right - box->left;
    double top = plot->top + 8;
    for (int row = 0; row < MOST_ROWS && top + label_px < plot->bottom - 4; row++, top += row_px) {
        if (!is_line(guide) && space >= width + 4)
            try_place(drawing, chosen, "middle",
                      (closo_point){box->left + (space - width) / 2, top}, width);
        try_place(drawing, chosen, "start", (closo_point){box->right + line_gap_px, top}, width);
        try_place(drawing, chosen, "end", (closo_point){box->left - line_gap_px - width, top},
                  width);
    }
}

/* Above or below a horizontal line, or in a band, from the right end to the left. */
static void try_columns(const closo_drawing *drawing, const closo_guide *guide,
                        const closo_box *box, double width, choice *chosen)
{
    const closo_box *plot = &drawing->layout.plot;
    const double height = label_px + 2;
    for (int column = 0; column <= 6; column++) {
        const double way = plot->right - plot->left - width - 16;
        const double left = plot->right - 8 - width - way * column / 6.0;
        if (!is_line(guide) && box->bottom - box->top >= height + 2) {
            try_place(drawing, chosen, "end", (closo_point){left, box->top + 3}, width);
            try_place(drawing, chosen, "end", (closo_point){left, box->bottom - height - 1}, width);
        }
        try_place(drawing, chosen, "end", (closo_point){left, box->top - height - 3}, width);
        try_place(drawing, chosen, "end", (closo_point){left, box->bottom + 3}, width);
    }
}

/* Where a text of this anchor is held, so that one in a narrower font still stands at its line. */
static double anchor_x(const choice *chosen)
{
    const closo_box *box = &chosen->best;
    if (chosen->anchor[0] == 'm')
        return (box->left + box->right) / 2;
    return chosen->anchor[0] == 'e' ? box->right : box->left;
}

void closo_guides_label(closo_drawing *drawing)
{
    const closo_box *plot = &drawing->layout.plot;
    for (size_t i = 0; i < drawing->figure->guide_count; i++) {
        const closo_guide *guide = &drawing->figure->guides[i];
        closo_box box;
        if (guide->label == NULL || guide->label[0] == '\0' || !guide_box(drawing, guide, &box))
            continue;
        const double most = 0.9 * (plot->right - plot->left);
        const double width = fmin(closo_label_width_px(guide->label, label_px), most);
        choice chosen = {{plot->left + 4, plot->top + 4, 0, 0}, "start", INFINITY, 0};
        if (is_along_x(guide))
            try_rows(drawing, guide, &box, width, &chosen);
        else
            try_columns(drawing, guide, &box, width, &chosen);
        chosen.best.right = chosen.best.left + width;
        chosen.best.bottom = chosen.best.top + label_px + 2;
        closo_cover_box(&drawing->cover, &chosen.best, LABEL_WEIGHT);
        const closo_svg_style style = {.x = anchor_x(&chosen),
                                       .y = chosen.best.top + 0.9 * label_px,
                                       .size_px = label_px,
                                       .max_width_px = most,
                                       .anchor = chosen.anchor,
                                       .css = "closo-halo"};
        closo_writer_printf(drawing->writer, "<g class=\"%s\">", closo_svg_colour(guide->colour));
        closo_svg_text(drawing->writer, &style, guide->label);
        closo_writer_raw(drawing->writer, "</g>\n");
    }
}
