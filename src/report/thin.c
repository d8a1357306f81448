/* SPDX-License-Identifier: BSD-3-Clause */
/* thin.c: a curve of two million points has to become a small drawing that looks the same.
 *
 * A line keeps the first, lowest, highest and last point of each run of points in one column of half a pixel: M4 of Jugel et
 * al., Proc. VLDB Endow. 7 (2014) 797, doi:10.14778/2732951.2732953. It is then clipped to the plot (Liang and Barsky,
 * ACM Trans. Graph. 3 (1984) 1, doi:10.1145/357332.357333), and points within a tenth of a pixel of the line through
 * their neighbours are left out, by the cone of directions that pass all of them (Sklansky and Gonzalez, Pattern
 * Recognit. 12 (1980) 327, doi:10.1016/0031-3203(80)90031-X). A line that crosses its own columns again and again
 * (hundreds of cycles) would still be long: of such a one, the pixels it touches are drawn. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>

enum { SHORT_LINE_POINTS = 4000, MOST_LINE_POINTS = 24000, MOST_SYMBOLS = 4000 };
static const double tolerance_px = 0.08;
static const double column_px = 0.5, raster_cell_px = 0.5;

/* The half pixels of the plot that a line touched, a byte each. */
typedef struct raster {
    unsigned char *cells;
    size_t columns, rows;
} raster;

typedef struct thinner {
    const closo_plot_view *view;
    closo_arena *arena;
    closo_polyline *line;
    raster *raster; /* NULL: points are kept */
    closo_point previous;
    bool has_previous, failed, too_long;
    bool is_short;  /* few points: every one is a column of its own */
    bool connected; /* the last point kept is the previous one */
} thinner;

static const closo_point interruption = {NAN, NAN};

static void keep(thinner *thin, closo_point point)
{
    closo_polyline *line = thin->line;
    if (thin->failed || thin->too_long)
        return;
    if (line->count >= MOST_LINE_POINTS) {
        thin->too_long = true;
        return;
    }
    closo_point *points =
        closo_arena_grow(thin->arena, line->points, line->count, &line->capacity, sizeof *points);
    if (points == NULL) {
        thin->failed = true;
        return;
    }
    line->points = points;
    points[line->count++] = point;
}

/* ---- clipping ---- */

static bool inside(const closo_box *box, closo_point point)
{
    return point.x_px >= box->left && point.x_px <= box->right && point.y_px >= box->top &&
           point.y_px <= box->bottom;
}

/* Narrows the part from *enter to *leave of a line to where `start + part * along` is between low and high. */
static bool clip_side(double start, double along, double low, double high, double part[2])
{
    if (along == 0)
        return start >= low && start <= high;
    double one = (low - start) / along, other = (high - start) / along;
    part[0] = fmax(part[0], fmin(one, other));
    part[1] = fmin(part[1], fmax(one, other));
    return part[0] <= part[1];
}

/* The part of the line from *from to *to inside the box; false when there is none. */
static bool clip(const closo_box *box, closo_point *from, closo_point *to)
{
    const closo_point start = *from, end = *to;
    const double along_x = end.x_px - start.x_px, along_y = end.y_px - start.y_px;
    double part[2] = {0, 1};
    if (!clip_side(start.x_px, along_x, box->left, box->right, part) ||
        !clip_side(start.y_px, along_y, box->top, box->bottom, part))
        return false;
    if (part[0] > 0)
        *from = (closo_point){start.x_px + part[0] * along_x, start.y_px + part[0] * along_y};
    if (part[1] < 1)
        *to = (closo_point){start.x_px + part[1] * along_x, start.y_px + part[1] * along_y};
    return true;
}

static void mark_cells(const thinner *thin, closo_point from, closo_point to)
{
    const closo_box *box = &thin->view->box;
    const raster *cells = thin->raster;
    const double along_x = to.x_px - from.x_px, along_y = to.y_px - from.y_px;
    const size_t steps = (size_t)ceil(fmax(fabs(along_x), fabs(along_y)) / raster_cell_px) + 1;
    for (size_t i = 0; i <= steps; i++) {
        const double part = (double)i / (double)steps;
        const double x = fmax(from.x_px + part * along_x - box->left, 0);
        const double y = fmax(from.y_px + part * along_y - box->top, 0);
        size_t column = (size_t)(x / raster_cell_px), row = (size_t)(y / raster_cell_px);
        column = column < cells->columns ? column : cells->columns - 1;
        row = row < cells->rows ? row : cells->rows - 1;
        cells->cells[column * cells->rows + row] = 1;
    }
}

/* The next point of the thinned curve: its way from the previous one, as far as it is inside, is kept. */
static void line_to(thinner *thin, closo_point point)
{
    const closo_box *box = &thin->view->box;
    closo_point from = thin->has_previous ? thin->previous : point, to = point;
    const bool starts = !thin->has_previous;
    thin->previous = point;
    thin->has_previous = true;
    if (!clip(box, &from, &to)) {
        thin->connected = false;
        return;
    }
    if (thin->raster != NULL) {
        mark_cells(thin, from, to);
        return;
    }
    if (starts || !thin->connected) {
        if (thin->line->count != 0)
            keep(thin, interruption);
        keep(thin, from);
    }
    if (!starts)
        keep(thin, to);
    thin->connected = inside(box, point);
}

static void line_break(thinner *thin)
{
    thin->has_previous = thin->connected = false;
}

/* ---- M4 ---- */

typedef struct column_run {
    double column;
    closo_point first, low, high, last;
    size_t low_at, high_at, last_at; /* in the order of the curve, from 0 at first */
    size_t count;
} column_run;

static void run_flush(thinner *thin, column_run *run)
{
    if (run->count == 0)
        return;
    const bool low_is_first = run->low_at <= run->high_at;
    const closo_point one = low_is_first ? run->low : run->high;
    const closo_point other = low_is_first ? run->high : run->low;
    const size_t one_at = low_is_first ? run->low_at : run->high_at;
    const size_t other_at = low_is_first ? run->high_at : run->low_at;
    line_to(thin, run->first);
    if (one_at > 0)
        line_to(thin, one);
    if (other_at > one_at)
        line_to(thin, other);
    if (run->last_at > other_at)
        line_to(thin, run->last);
    run->count = 0;
}

static void run_add(thinner *thin, column_run *run, closo_point point)
{
    const double column = floor(point.x_px / column_px);
    if (run->count != 0 && (column != run->column || thin->is_short))
        run_flush(thin, run);
    if (run->count == 0) {
        *run = (column_run){.column = column, .first = point, .low = point, .high = point};
    } else {
        if (point.y_px < run->low.y_px) {
            run->low = point;
            run->low_at = run->count;
        }
        if (point.y_px > run->high.y_px) {
            run->high = point;
            run->high_at = run->count;
        }
    }
    run->last = point;
    run->last_at = run->count++;
}

static void thin_all(thinner *thin, const closo_curve *curve)
{
    column_run run = {0};
    line_break(thin);
    for (size_t i = 0; i < curve->count && !thin->failed && !thin->too_long; i++) {
        const closo_point point = {closo_scale_px(&thin->view->x, curve->x[i]),
                                   closo_scale_px(&thin->view->y, curve->y[i])};
        if (isnan(point.x_px) || isnan(point.y_px)) {
            run_flush(thin, &run);
            line_break(thin);
            continue;
        }
        run_add(thin, &run, point);
    }
    run_flush(thin, &run);
}

/* ---- leaving out what is on a straight line ---- */

/* The directions from the anchor that pass all points since within the tolerance. */
typedef struct cone {
    closo_point anchor;
    double low_rad, high_rad; /* about the direction `axis_rad` */
    double axis_rad, reach_px;
    bool open; /* no point has narrowed it yet */
} cone;

static double turn_between(double from_rad, double to_rad)
{
    return remainder(to_rad - from_rad, 6.283185307179586);
}

/* Takes the point into the cone; false when the points since the anchor are then no straight line. */
static bool cone_add(cone *directions, closo_point point)
{
    const double x = point.x_px - directions->anchor.x_px;
    const double y = point.y_px - directions->anchor.y_px;
    const double distance = hypot(x, y);
    if (distance <= tolerance_px)
        return directions->open;
    const double width = asin(tolerance_px / distance), angle = atan2(y, x);
    if (directions->open) {
        directions->axis_rad = angle;
        directions->low_rad = -width;
        directions->high_rad = width;
        directions->open = false;
    } else {
        const double turn = turn_between(directions->axis_rad, angle);
        if (turn < directions->low_rad || turn > directions->high_rad ||
            distance < directions->reach_px)
            return false;
        directions->low_rad = fmax(directions->low_rad, turn - width);
        directions->high_rad = fmin(directions->high_rad, turn + width);
    }
    directions->reach_px = distance;
    return true;
}

static bool is_interruption(closo_point point)
{
    return isnan(point.x_px);
}

static void simplify(closo_polyline *line)
{
    closo_point *points = line->points;
    size_t kept = 0, at = 0;
    while (at < line->count) {
        cone directions = {.anchor = points[at], .open = true};
        closo_point last = points[at];
        bool has_last = false;
        points[kept++] = points[at++];
        if (is_interruption(directions.anchor))
            continue;
        while (at < line->count && !is_interruption(points[at])) {
            if (cone_add(&directions, points[at])) {
                last = points[at++];
                has_last = true;
                continue;
            }
            points[kept++] = last; /* an open cone takes any point, so there is a last one */
            directions = (cone){.anchor = last, .open = true};
            has_last = false;
        }
        if (has_last)
            points[kept++] = last;
    }
    line->count = kept;
}

/* ---- the pixels of a long line ---- */

static size_t count_of(double length_px)
{
    return (size_t)fmax(ceil(length_px), 1);
}

/* The next vertical run of touched cells from *at on: [*start, *at). False when the column has no more. */
static bool next_run(const unsigned char *touched, size_t rows, size_t *at, size_t *start)
{
    while (*at < rows && touched[*at] == 0)
        ++*at;
    *start = *at;
    while (*at < rows && touched[*at] != 0)
        ++*at;
    return *at > *start;
}

/* Each vertical run becomes a line of its own; points NULL: they are only counted. */
static size_t put_runs(const raster *cells, const closo_box *box, closo_point *points)
{
    size_t count = 0;
    for (size_t column = 0; column < cells->columns; column++) {
        const unsigned char *touched = cells->cells + column * cells->rows;
        const double x = box->left + ((double)column + 0.5) * raster_cell_px;
        for (size_t at = 0, start = 0; next_run(touched, cells->rows, &at, &start); count += 3) {
            if (points == NULL)
                continue;
            const double from = box->top + ((double)start + 0.5) * raster_cell_px;
            const double to = box->top + ((double)at - 0.5) * raster_cell_px;
            points[count] = (closo_point){fmin(x, box->right), fmin(from, box->bottom)};
            points[count + 1] = (closo_point){fmin(x, box->right), fmin(to, box->bottom)};
            points[count + 2] = interruption;
        }
    }
    return count;
}

static bool raster_lines(const raster *cells, const closo_box *box, closo_arena *arena,
                         closo_polyline *line)
{
    const size_t count = put_runs(cells, box, NULL);
    closo_point *points = closo_arena_alloc(arena, count, sizeof *points);
    if (points == NULL)
        return false;
    put_runs(cells, box, points);
    *line = (closo_polyline){points, count, count};
    return true;
}

bool closo_thin_line(const closo_plot_view *view, const closo_curve *curve, closo_arena *arena,
                     closo_polyline *line)
{
    *line = (closo_polyline){0};
    thinner thin = {.view = view, .arena = arena, .line = line};
    thin.is_short = curve->count <= SHORT_LINE_POINTS;
    thin_all(&thin, curve);
    if (thin.failed)
        return false;
    if (!thin.too_long) {
        simplify(line);
        return true;
    }
    raster cells = {NULL, count_of((view->box.right - view->box.left) / raster_cell_px),
                    count_of((view->box.bottom - view->box.top) / raster_cell_px)};
    cells.cells = closo_arena_alloc(arena, cells.columns, cells.rows);
    if (cells.cells == NULL)
        return false;
    thin = (thinner){.view = view, .arena = arena, .line = line, .raster = &cells};
    thin_all(&thin, curve);
    return raster_lines(&cells, &view->box, arena, line);
}

/* ---- symbols ---- */

/* Of the symbols in one cell of the plot one is kept. */
typedef struct symbol_grid {
    unsigned char *cells;
    size_t columns, rows;
    double cell_px;
} symbol_grid;

static bool symbol_place(const closo_plot_view *view, const closo_curve *curve, size_t i,
                         closo_point *place)
{
    *place =
        (closo_point){closo_scale_px(&view->x, curve->x[i]), closo_scale_px(&view->y, curve->y[i])};
    const closo_box *box = &view->box;
    const closo_box wide = {box->left - 0.5, box->top - 0.5, box->right + 0.5, box->bottom + 0.5};
    return inside(&wide, *place);
}

static bool grid_take(const symbol_grid *grid, const closo_box *box, closo_point place)
{
    size_t column = (size_t)(fmax(place.x_px - box->left, 0) / grid->cell_px);
    size_t row = (size_t)(fmax(place.y_px - box->top, 0) / grid->cell_px);
    column = column < grid->columns ? column : grid->columns - 1;
    row = row < grid->rows ? row : grid->rows - 1;
    unsigned char *cell = &grid->cells[row * grid->columns + column];
    const bool is_free = *cell == 0;
    *cell = 1;
    return is_free;
}

/* The points that reach furthest to each side are kept whatever else lies in their cells. */
static void find_extremes(const closo_plot_view *view, const closo_curve *curve, size_t extremes[4])
{
    closo_point place, most[4] = {{0, 0}};
    bool has = false;
    for (size_t i = 0; i < curve->count; i++) {
        if (!symbol_place(view, curve, i, &place))
            continue;
        const bool further[4] = {place.x_px<most[0].x_px, place.x_px> most[1].x_px,
                                 place.y_px<most[2].y_px, place.y_px> most[3].y_px};
        for (size_t side = 0; side < 4; side++) {
            if (!has || further[side]) {
                most[side] = place;
                extremes[side] = i;
            }
        }
        has = true;
    }
}

bool closo_thin_points(const closo_plot_view *view, const closo_curve *curve, closo_arena *arena,
                       size_t **indices, size_t *count)
{
    size_t extremes[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX}, capacity = 0;
    symbol_grid grid = {.cell_px = curve->count > MOST_SYMBOLS ? 2.5 : 0.05};
    *indices = NULL;
    *count = 0;
    const closo_box *box = &view->box;
    const bool is_long = curve->count > MOST_SYMBOLS;
    if (is_long) {
        grid.columns = count_of((box->right - box->left) / grid.cell_px);
        grid.rows = count_of((box->bottom - box->top) / grid.cell_px);
        grid.cells = closo_arena_alloc(arena, grid.columns, grid.rows);
        if (grid.cells == NULL)
            return false;
        find_extremes(view, curve, extremes);
    }
    for (size_t i = 0; i < curve->count; i++) {
        closo_point place;
        if (!symbol_place(view, curve, i, &place))
            continue;
        const bool extreme =
            i == extremes[0] || i == extremes[1] || i == extremes[2] || i == extremes[3];
        if (is_long && !extreme && !grid_take(&grid, box, place))
            continue;
        size_t *list = closo_arena_grow(arena, *indices, *count, &capacity, sizeof *list);
        if (list == NULL)
            return false;
        *indices = list;
        list[(*count)++] = i;
    }
    return true;
}
