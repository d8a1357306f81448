/* SPDX-License-Identifier: BSD-3-Clause */
/* counters.c: closo's steps, half cycles and cycles beside the instrument's own counters. */
#include "cycling_internal.h"

#include <math.h>
#include <string.h>

/* What a counter counts here. */
typedef enum level { LEVEL_STEP, LEVEL_HALF_CYCLE, LEVEL_CYCLE } level;

/* Marks the rows at which a change may stand: at the boundary, one row beside it, and anywhere in the rest before a half
 * cycle, as instruments differ in where they count the rest. Returns the number of boundaries after the first. */
static size_t mark_boundaries(const closo_cycling *cycling, level kind, bool *allowed)
{
    size_t rows = cycling->row_count, count = 0;
    memset(allowed, 0, rows * sizeof *allowed);
    size_t total = kind == LEVEL_STEP         ? cycling->step_count
                   : kind == LEVEL_HALF_CYCLE ? cycling->half_cycle_count
                                              : cycling->cycle_count;
    for (size_t n = 1; n < total; n++) {
        size_t from, to;
        if (kind == LEVEL_STEP) {
            from = to = cycling->steps[n].first_row;
        } else {
            size_t half = n;
            if (kind == LEVEL_CYCLE) {
                size_t charge = cycling->cycles[n].charge_half,
                       discharge = cycling->cycles[n].discharge_half;
                half = charge < discharge ? charge : discharge;
            }
            to = cycling->half_cycles[half].first_row;
            from =
                cycling->half_cycles[half - 1].first_row + cycling->half_cycles[half - 1].row_count;
        }
        count++;
        for (size_t i = from - 1; i <= to + 1 && i < rows; i++)
            allowed[i] = true;
    }
    return count;
}

static closo_status check_counter(closo_cycling_work *work, const closo_column *column, level kind,
                                  closo_error *error)
{
    closo_cycling *cycling = work->cycling;
    size_t rows = cycling->row_count;
    const double *values = closo_column_values_si(column, work->table->row_count, work->passing);
    bool *allowed = closo_arena_alloc(work->passing, rows, sizeof *allowed);
    if (values == NULL || allowed == NULL)
        return closo_fail_nomem(error);
    static const char *const names[] = {"step", "half cycle", "cycle"};
    closo_counter_check *check = &cycling->counters[cycling->counter_count++];
    *check = (closo_counter_check){.column = column->name};
    check->own_changes = mark_boundaries(cycling, kind, allowed);
    for (size_t i = 1; i < rows; i++) {
        double now = values[work->file_rows[i]], before = values[work->file_rows[i - 1]];
        if (now == before || !isfinite(now - before))
            continue;
        check->instrument_changes++;
        if (allowed[i])
            check->matched++;
        else if (check->first_unmatched_row == 0)
            check->first_unmatched_row = work->file_rows[i] + 1;
    }
    if (check->first_unmatched_row != 0)
        closo_notes_add(&cycling->notes, work->arena,
                        "the instrument's %s changes at %zu rows, %zu of them where closo sees a "
                        "new %s; the first other one is row %zu",
                        column->name, check->instrument_changes, check->matched, names[kind],
                        check->first_unmatched_row);
    else if (check->instrument_changes < check->own_changes && kind != LEVEL_STEP)
        closo_notes_add(&cycling->notes, work->arena,
                        "the instrument's %s changes at %zu rows; closo sees %zu new %ss",
                        column->name, check->instrument_changes, check->own_changes, names[kind]);
    return CLOSO_OK;
}

/* ---- the instrument's own capacities ---- */

static const double capacity_share = 5e-3; /* differences from here on are noted */

static const double reset_share =
    0.5; /* a column that falls below this much of itself began anew */

/* What a capacity column grows by in a half cycle, whether it counts on or starts again with each step. */
static double growth(const closo_cycling_work *work, const closo_half_cycle *half,
                     const double *capacity_C)
{
    double sum_C = 0, before_C = NAN;
    size_t first = half->first_row > 0 ? half->first_row - 1 : 0;
    for (size_t i = first; i < half->first_row + half->row_count; i++) {
        double now_C = fabs(capacity_C[work->file_rows[i]]);
        if (!isfinite(now_C))
            continue;
        if (isfinite(before_C))
            sum_C += now_C < reset_share * before_C ? now_C : now_C - before_C;
        before_C = now_C;
    }
    return sum_C;
}

static closo_status compare_capacities(closo_cycling_work *work, closo_error *error)
{
    static const closo_quantity quantities[] = {CLOSO_QUANTITY_CAPACITY_DISCHARGE,
                                                CLOSO_QUANTITY_CAPACITY_CHARGE};
    closo_cycling *cycling = work->cycling;
    const double *capacity_C[2] = {NULL, NULL};
    for (size_t k = 0; k < 2; k++) {
        const closo_column *column = closo_table_find(work->table, quantities[k]);
        if (column == NULL || column->labels != NULL)
            continue;
        capacity_C[k] = closo_column_values_si(column, work->table->row_count, work->passing);
        if (capacity_C[k] == NULL)
            return closo_fail_nomem(error);
    }
    double worst = 0;
    const closo_half_cycle *worst_half = NULL;
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        closo_half_cycle *half = &cycling->half_cycles[h];
        const double *column = capacity_C[half->direction > 0 ? 1 : 0];
        half->instrument_C = column != NULL ? growth(work, half, column) : (double)NAN;
        double share = fabs(half->instrument_C / half->charge_C - 1);
        if (!(share > worst))
            continue;
        worst = share;
        worst_half = half;
    }
    if (worst > capacity_share)
        closo_notes_add(&cycling->notes, work->arena,
                        "half cycle %zu passes %.5g mAh by the currents, %.5g mAh by the "
                        "instrument's capacity column: currents written with few digits, or rows "
                        "too far apart?",
                        (size_t)(worst_half - cycling->half_cycles) + 1, worst_half->charge_C / 3.6,
                        worst_half->instrument_C / 3.6);
    return CLOSO_OK;
}

closo_status closo_cycling_counters(closo_cycling_work *work, closo_error *error)
{
    static const struct {
        closo_quantity quantity;
        level kind;
    } counters[] = {{CLOSO_QUANTITY_STEP, LEVEL_STEP},
                    {CLOSO_QUANTITY_HALF_CYCLE, LEVEL_HALF_CYCLE},
                    {CLOSO_QUANTITY_CYCLE, LEVEL_CYCLE}};
    enum { COUNTERS = sizeof counters / sizeof *counters };
    closo_cycling *cycling = work->cycling;
    cycling->counters = closo_arena_alloc(work->arena, COUNTERS, sizeof *cycling->counters);
    if (cycling->counters == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < COUNTERS; i++) {
        const closo_column *column = closo_table_find(work->table, counters[i].quantity);
        if (column == NULL || column->labels != NULL)
            continue;
        closo_status status = check_counter(work, column, counters[i].kind, error);
        if (status != CLOSO_OK)
            return status;
    }
    return compare_capacities(work, error);
}
