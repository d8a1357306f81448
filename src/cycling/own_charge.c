/* SPDX-License-Identifier: BSD-3-Clause */
/* own_charge.c: what passes in each row by the instrument's own count.
 *
 * Columns of charge differ in where they begin anew: with each row, step, half cycle, cycle, or never. None has to be known:
 * a charge only grows until it begins anew, so wherever it falls, it began anew, and what it shows then has passed since. A
 * net charge (CLOSO_QUANTITY_CHARGE: Novonix, Basytec) falls with every discharge as well, and is left alone. */
#include "cycling_internal.h"

#include <math.h>

static const double fall_share = 1e-3; /* a charge that falls by more than this much began anew */
static const double half_share = 0.5;  /* one that is signed may fall by more: the current turned */
enum { BLOCK_ROWS = 512 };

static const closo_column *numbers(const closo_table *table, closo_quantity quantity)
{
    const closo_column *column = closo_table_find(table, quantity);
    return column != NULL && column->labels == NULL ? column : NULL;
}

void closo_own_charge_find(const closo_table *table, closo_own_charge *own)
{
    static const struct {
        closo_own_kind kind;
        closo_quantity quantity;
    } ways[] = {{CLOSO_OWN_INCREMENTS, CLOSO_QUANTITY_CHARGE_INCREMENT},
                {CLOSO_OWN_HALF_CYCLE, CLOSO_QUANTITY_CHARGE_HALF_CYCLE},
                {CLOSO_OWN_CAPACITIES, CLOSO_QUANTITY_CAPACITY_CHARGE},
                {CLOSO_OWN_CAPACITY, CLOSO_QUANTITY_CAPACITY}};
    const closo_column *discharge = numbers(table, CLOSO_QUANTITY_CAPACITY_DISCHARGE);
    *own = (closo_own_charge){.kind = CLOSO_OWN_NONE};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const closo_column *column = numbers(table, ways[i].quantity);
        if (column == NULL || (ways[i].kind == CLOSO_OWN_CAPACITIES && discharge == NULL))
            continue;
        /* Differences of 32 bits are too short, but for increments. */
        if (ways[i].kind != CLOSO_OWN_INCREMENTS && column->storage != CLOSO_STORE_F64)
            continue;
        own->kind = ways[i].kind;
        own->column = *column;
        if (ways[i].kind == CLOSO_OWN_CAPACITIES)
            own->discharge = *discharge;
        return;
    }
}

/* What a magnitude grew by. */
static double growth(double before_C, double now_C)
{
    return now_C < before_C * (1 - fall_share) ? now_C : now_C - before_C;
}

double closo_own_charge_growth(const closo_column *column, size_t file_row)
{
    double capacity_C[2];
    if (file_row == 0)
        return 0;
    closo_column_read_si(column, file_row - 1, 2, capacity_C);
    const double grown_C = growth(fabs(capacity_C[0]), fabs(capacity_C[1]));
    return isfinite(grown_C) ? grown_C : 0;
}

/* The same of a signed charge. */
static double change(double before_C, double now_C)
{
    const bool anew = before_C * now_C < 0 || fabs(now_C) < half_share * fabs(before_C);
    return anew ? now_C : now_C - before_C;
}

/* The row before the first tells what has passed in it; the file's first row tells nothing. */
static void differences(const closo_own_charge *own, size_t file_row, size_t count,
                        double *charge_C, double *discharge_C)
{
    double before_C = NAN, before_discharge_C = NAN;
    if (file_row != 0) {
        closo_column_read_si(&own->column, file_row - 1, 1, &before_C);
        if (own->kind == CLOSO_OWN_CAPACITIES)
            closo_column_read_si(&own->discharge, file_row - 1, 1, &before_discharge_C);
    }
    for (size_t i = 0; i < count; i++) {
        const double now_C = charge_C[i];
        if (own->kind == CLOSO_OWN_HALF_CYCLE) {
            charge_C[i] = change(before_C, now_C);
        } else {
            charge_C[i] = growth(fabs(before_C), fabs(now_C));
            if (own->kind == CLOSO_OWN_CAPACITIES) {
                charge_C[i] -= growth(fabs(before_discharge_C), fabs(discharge_C[i]));
                before_discharge_C = discharge_C[i];
            }
        }
        before_C = now_C;
    }
    if (file_row == 0 && count != 0)
        charge_C[0] = 0;
}

void closo_own_charge_read(const closo_own_charge *own, size_t file_row, size_t count,
                           const double *current_A, double *charge_C)
{
    double discharge_C[BLOCK_ROWS];
    if (own->kind == CLOSO_OWN_NONE)
        return;
    for (size_t done = 0; done < count; done += BLOCK_ROWS) {
        const size_t part = count - done < BLOCK_ROWS ? count - done : BLOCK_ROWS;
        closo_column_read_si(&own->column, file_row + done, part, charge_C + done);
        if (own->kind == CLOSO_OWN_CAPACITIES)
            closo_column_read_si(&own->discharge, file_row + done, part, discharge_C);
        if (own->kind != CLOSO_OWN_INCREMENTS)
            differences(own, file_row + done, part, charge_C + done, discharge_C);
        for (size_t i = done; own->kind == CLOSO_OWN_CAPACITY && i < done + part; i++)
            charge_C[i] = copysign(charge_C[i], current_A[i]);
    }
}
