/* SPDX-License-Identifier: BSD-3-Clause */
/* place.c: a coarse map of what is drawn where, so that legend and labels find the place where they hide least. */
#include "report/report_internal.h"

#include <math.h>

static const double cell_px = 3;
static const double outside_cost = 1000; /* of a box that leaves the plot */

bool closo_cover_make(closo_cover *cover, const closo_box *box, closo_arena *arena)
{
    cover->box = *box;
    cover->columns = (size_t)fmax(ceil((box->right - box->left) / cell_px), 1);
    cover->rows = (size_t)fmax(ceil((box->bottom - box->top) / cell_px), 1);
    cover->cells = closo_arena_alloc(arena, cover->columns, cover->rows);
    return cover->cells != NULL;
}

static void add_weight(unsigned char *cell, int weight)
{
    const int sum = *cell + weight;
    *cell = (unsigned char)(sum < 255 ? sum : 255);
}

/* A cell counts once for data however many points lie in it: it is hidden or not. */
static void mark(unsigned char *cell, int weight)
{
    if (*cell < weight)
        *cell = (unsigned char)weight;
}

static size_t cell_of(double offset_px, size_t count)
{
    const double cell = floor(offset_px / cell_px);
    if (!(cell > 0))
        return 0;
    return cell < (double)count ? (size_t)cell : count - 1;
}

void closo_cover_line(closo_cover *cover, closo_point from, closo_point to, int weight)
{
    const double along_x = to.x_px - from.x_px, along_y = to.y_px - from.y_px;
    const size_t steps = (size_t)(fmax(fabs(along_x), fabs(along_y)) / cell_px) + 1;
    for (size_t i = 0; i <= steps; i++) {
        const double part = (double)i / (double)steps;
        const size_t column = cell_of(from.x_px + part * along_x - cover->box.left, cover->columns);
        const size_t row = cell_of(from.y_px + part * along_y - cover->box.top, cover->rows);
        mark(&cover->cells[row * cover->columns + column], weight);
    }
}

void closo_cover_box(closo_cover *cover, const closo_box *box, int weight)
{
    const size_t left = cell_of(box->left - cover->box.left, cover->columns);
    const size_t right = cell_of(box->right - cover->box.left, cover->columns);
    const size_t top = cell_of(box->top - cover->box.top, cover->rows);
    const size_t bottom = cell_of(box->bottom - cover->box.top, cover->rows);
    for (size_t row = top; row <= bottom; row++)
        for (size_t column = left; column <= right; column++)
            add_weight(&cover->cells[row * cover->columns + column], weight);
}

double closo_cover_cost(const closo_cover *cover, const closo_box *box)
{
    double cost = 0;
    if (box->left < cover->box.left || box->right > cover->box.right || box->top < cover->box.top ||
        box->bottom > cover->box.bottom)
        cost += outside_cost;
    const size_t left = cell_of(box->left - cover->box.left, cover->columns);
    const size_t right = cell_of(box->right - cover->box.left, cover->columns);
    const size_t top = cell_of(box->top - cover->box.top, cover->rows);
    const size_t bottom = cell_of(box->bottom - cover->box.top, cover->rows);
    for (size_t row = top; row <= bottom; row++)
        for (size_t column = left; column <= right; column++)
            cost += cover->cells[row * cover->columns + column];
    return cost;
}
