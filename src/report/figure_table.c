/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_table.c: a first look at a file, whatever it holds. */
#include "report_internal.h"

#include "closo/numeric.h"

#include <math.h>

/* Values of a column in SI times a factor. NULL when out of memory. */
static double *column_values(const closo_table *table, const closo_column *column, double factor,
                             closo_arena *arena)
{
    double *values = closo_column_values_si(column, table->row_count, arena);
    for (size_t i = 0; i < table->row_count && values != NULL; i++)
        values[i] *= factor;
    return values;
}

static const closo_column *first_of(const closo_table *table, const closo_quantity *quantities,
                                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const closo_column *column = closo_table_find(table, quantities[i]);
        if (column != NULL)
            return column;
    }
    return NULL;
}

static const closo_figure *nyquist(const closo_table *table, const closo_column *real,
                                   const closo_column *imaginary, const char *title,
                                   closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curve = closo_arena_alloc(arena, 1, sizeof *curve);
    bool turned = imaginary->quantity == CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY;
    double *x = column_values(table, real, 1, arena);
    double *y = column_values(table, imaginary, turned ? 1 : -1, arena);
    if (figure == NULL || curve == NULL || x == NULL || y == NULL)
        return NULL;
    *curve = (closo_curve){
        .x = x, .y = y, .count = table->row_count, .mark = CLOSO_MARK_LINE_POINTS, .colour = 0};
    *figure = (closo_figure){.title = title,
                             .x = {.label = "Re Z (Ω)"},
                             .y = {.label = "−Im Z (Ω)"},
                             .curves = curve,
                             .curve_count = 1,
                             .equal_aspect = true};
    return figure;
}

typedef struct unit_choice {
    double least, factor; /* taken when the largest value is at least so much, in SI */
    const char *label;
} unit_choice;

static unit_choice choose(double largest, const unit_choice *choices, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (largest >= choices[i].least)
            return choices[i];
    return choices[count - 1];
}

static double largest_value(const closo_table *table, const closo_column *column,
                            closo_arena *arena)
{
    double largest = 0;
    const double *values = column_values(table, column, 1, arena);
    for (size_t i = 0; i < table->row_count && values != NULL; i++)
        if (isfinite(values[i]))
            largest = fmax(largest, fabs(values[i]));
    return largest;
}

/* A current of one sign that falls through decades (a polarisation) is seen only on a logarithmic axis. */
static bool wants_decades(const closo_table *table, const closo_column *current, closo_arena *arena)
{
    double *values = column_values(table, current, 1, arena);
    if (values == NULL)
        return false;
    double largest = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        if (!(values[i] > 0))
            return false;
        largest = fmax(largest, values[i]);
    }
    return largest > 100 * closo_median(values, table->row_count);
}

static const closo_figure *against_time(const closo_table *table, const closo_column *time,
                                        const closo_column *potential, const closo_column *current,
                                        const char *title, closo_arena *arena)
{
    static const unit_choice times[] = {{2 * 86400, 1.0 / 86400, "Time (d)"},
                                        {2 * 3600, 1.0 / 3600, "Time (h)"},
                                        {300, 1.0 / 60, "Time (min)"},
                                        {0, 1, "Time (s)"}};
    static const unit_choice currents[] = {{1, 1, "Current (A)"},
                                           {1e-3, 1e3, "Current (mA)"},
                                           {1e-6, 1e6, "Current (µA)"},
                                           {0, 1e9, "Current (nA)"}};
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, 2, sizeof *curves);
    unit_choice clock = choose(largest_value(table, time, arena), times, 4);
    double *x = column_values(table, time, clock.factor, arena);
    if (figure == NULL || curves == NULL || x == NULL)
        return NULL;
    *figure = (closo_figure){.title = title, .x = {.label = clock.label}, .curves = curves};
    if (potential != NULL) {
        figure->y.label = "Potential (V)";
        curves[figure->curve_count++] =
            (closo_curve){.label = "potential",
                          .x = x,
                          .y = column_values(table, potential, 1, arena),
                          .count = table->row_count,
                          .colour = 0};
    }
    if (current != NULL) {
        unit_choice unit = choose(largest_value(table, current, arena), currents, 4);
        bool right = potential != NULL;
        closo_axis *axis = right ? &figure->y_right : &figure->y;
        axis->label = unit.label;
        axis->logarithmic = wants_decades(table, current, arena);
        curves[figure->curve_count++] =
            (closo_curve){.label = "current",
                          .x = x,
                          .y = column_values(table, current, unit.factor, arena),
                          .count = table->row_count,
                          .colour = 1,
                          .right_axis = right};
    }
    for (size_t i = 0; i < figure->curve_count; i++)
        if (curves[i].y == NULL)
            return NULL;
    return figure;
}

const closo_figure *closo_figure_table(const closo_table *table, const char *title,
                                       closo_arena *arena)
{
    static const closo_quantity potentials[] = {CLOSO_QUANTITY_POTENTIAL,
                                                CLOSO_QUANTITY_POTENTIAL_AVERAGE};
    static const closo_quantity currents[] = {CLOSO_QUANTITY_CURRENT,
                                              CLOSO_QUANTITY_CURRENT_AVERAGE};
    static const closo_quantity imaginaries[] = {CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY,
                                                 CLOSO_QUANTITY_IMPEDANCE_IMAGINARY};
    if (table->row_count < 2)
        return NULL;
    const closo_column *real = closo_table_find(table, CLOSO_QUANTITY_IMPEDANCE_REAL);
    const closo_column *imaginary = first_of(table, imaginaries, 2);
    if (real != NULL && imaginary != NULL)
        return nyquist(table, real, imaginary, title, arena);
    const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
    const closo_column *potential = first_of(table, potentials, 2);
    const closo_column *current = first_of(table, currents, 2);
    if (time == NULL || (potential == NULL && current == NULL))
        return NULL;
    return against_time(table, time, potential, current, title, arena);
}
