/* SPDX-License-Identifier: BSD-3-Clause */
/* svg.c: the shapes a figure is made of. Colours are classes (style.c); a curve's shapes stand in a group that carries its
 * colour as `color`, so that the shapes themselves say currentColor. Curves differ by more than colour: dashed ones by
 * their dashes, points by their symbol. */
#include "report/report_internal.h"

#include <math.h>
#include <stdio.h>

void closo_svg_open(closo_writer *writer, const char *tag, const char *css)
{
    closo_writer_printf(writer, "<%s class=\"%s\"", tag, css);
}

void closo_svg_attribute(closo_writer *writer, const char *name, double value)
{
    closo_writer_printf(writer, " %s=\"", name);
    closo_writer_number(writer, value);
    closo_writer_raw(writer, "\"");
}

void closo_svg_box(closo_writer *writer, const char *css, const closo_box *box)
{
    closo_svg_open(writer, "rect", css);
    closo_svg_attribute(writer, "x", box->left);
    closo_svg_attribute(writer, "y", box->top);
    closo_svg_attribute(writer, "width", fmax(box->right - box->left, 0));
    closo_svg_attribute(writer, "height", fmax(box->bottom - box->top, 0));
    closo_writer_raw(writer, "/>\n");
}

const char *closo_svg_colour(int colour)
{
    static const char *const names[CLOSO_COLOURS] = {"closo-c0", "closo-c1", "closo-c2", "closo-c3",
                                                     "closo-c4", "closo-c5", "closo-c6"};
    return colour < 0 ? "closo-n" : names[colour % CLOSO_COLOURS];
}

const char *closo_svg_dashes(closo_mark mark, int colour)
{
    static const char *const dashes[] = {"6 3", "2 2.5", "9 3 2 3", "4 2 1 2", "13 4", "3 4"};
    const int count = sizeof dashes / sizeof *dashes;
    if (mark == CLOSO_MARK_DASHED)
        return dashes[colour < 0 ? 0 : colour % count];
    if (colour >= CLOSO_COLOURS) /* the colours come round again */
        return dashes[(colour / CLOSO_COLOURS - 1) % count];
    return NULL;
}

static void put_place(closo_writer *writer, char command, double x, double y)
{
    closo_writer_put(writer, &command, 1);
    closo_writer_number(writer, x);
    closo_writer_raw(writer, " ");
    closo_writer_number(writer, y);
}

void closo_svg_polyline(closo_writer *writer, const closo_polyline *line, double width_px,
                        const char *dashes)
{
    if (line->count == 0)
        return;
    closo_svg_open(writer, "path", "closo-line");
    closo_svg_attribute(writer, "stroke-width", width_px);
    if (dashes != NULL)
        closo_writer_printf(writer, " stroke-dasharray=\"%s\"", dashes);
    closo_writer_raw(writer, " d=\"");
    bool starts = true;
    for (size_t i = 0; i < line->count; i++) {
        const closo_point point = line->points[i];
        if (isnan(point.x_px)) {
            starts = true;
            continue;
        }
        put_place(writer, starts ? 'M' : ' ', point.x_px, point.y_px);
        const bool ends = i + 1 == line->count || isnan(line->points[i + 1].x_px);
        if (starts && ends)
            closo_writer_raw(writer, "h0");
        starts = false;
    }
    closo_writer_raw(writer, "\"/>\n");
}

/* ---- symbols ---- */

enum symbol_kind { CIRCLE, SQUARE, TRIANGLE, DIAMOND, TRIANGLE_DOWN, CROSS, PLUS, SYMBOL_COUNT };

/* Corners in units of the radius, of about the same area. Crosses are pairs of lines, the others closed. */
static const struct {
    int corners;
    double x[4], y[4];
} outlines[SYMBOL_COUNT] = {
    [CIRCLE] = {0, {0}, {0}},
    [SQUARE] = {4, {-0.9, 0.9, 0.9, -0.9}, {-0.9, -0.9, 0.9, 0.9}},
    [TRIANGLE] = {3, {-1.15, 0, 1.15, 0}, {0.8, -1.2, 0.8, 0}},
    [DIAMOND] = {4, {-1.25, 0, 1.25, 0}, {0, -1.25, 0, 1.25}},
    [TRIANGLE_DOWN] = {3, {-1.15, 0, 1.15, 0}, {-0.8, 1.2, -0.8, 0}},
    [CROSS] = {4, {-0.9, 0.9, -0.9, 0.9}, {-0.9, 0.9, 0.9, -0.9}},
    [PLUS] = {4, {-1.15, 1.15, 0, 0}, {0, 0, -1.15, 1.15}},
};

static void put_outline(closo_writer *writer, int kind, closo_point at, double radius_px)
{
    const bool lines = kind == CROSS || kind == PLUS;
    for (int i = 0; i < outlines[kind].corners; i++)
        put_place(writer, i == 0 || (lines && i == 2) ? 'M' : 'L',
                  at.x_px + radius_px * outlines[kind].x[i],
                  at.y_px + radius_px * outlines[kind].y[i]);
    if (!lines)
        closo_writer_raw(writer, "Z");
}

void closo_svg_symbols_draw(closo_writer *writer, const closo_svg_symbols *symbols)
{
    const int kind = symbols->kind < 0 ? CIRCLE : symbols->kind % SYMBOL_COUNT;
    if (symbols->count == 0)
        return;
    if (kind == CIRCLE) { /* a line without length and with round ends */
        closo_svg_open(writer, "path", "closo-line");
        closo_svg_attribute(writer, "stroke-width", 2 * symbols->radius_px);
    } else if (kind == CROSS || kind == PLUS) {
        closo_svg_open(writer, "path", "closo-line");
        closo_svg_attribute(writer, "stroke-width", fmax(0.45 * symbols->radius_px, 0.8));
    } else {
        closo_svg_open(writer, "path", "closo-fill");
    }
    closo_writer_raw(writer, " d=\"");
    for (size_t i = 0; i < symbols->count; i++) {
        if (kind == CIRCLE) {
            put_place(writer, 'M', symbols->places[i].x_px, symbols->places[i].y_px);
            closo_writer_raw(writer, "h0");
        } else {
            put_outline(writer, kind, symbols->places[i], symbols->radius_px);
        }
    }
    closo_writer_raw(writer, "\"/>\n");
}
