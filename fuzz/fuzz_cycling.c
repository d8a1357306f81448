/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz_cycling.c: whatever the rows are, an answer or a sentence; and an answer that adds up: the rows, read back, carry the
 * charge of the steps, and their clock only goes forward. */
#include "closo/cycling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 6000, COLUMNS = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes a number, with what is odd among them. */
static double number(const uint8_t *bytes)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 1e-300, -0.0, 86400};
    const int whole = (int)bytes[0] | (int)(int8_t)bytes[1] * 256;
    return bytes[1] == 0x7f ? odd[bytes[0] % 8] : whole / 64.0;
}

static void must(bool true_thing)
{
    if (!true_thing)
        abort();
}

static void check(const closo_cycling *cycling, closo_arena *arena)
{
    closo_cycling_rows rows, part;
    const size_t half = cycling->row_count / 2;
    if (closo_cycling_rows_read(cycling, 0, cycling->row_count, arena, &rows, NULL) != CLOSO_OK ||
        closo_cycling_rows_read(cycling, half, cycling->row_count - half, arena, &part, NULL) !=
            CLOSO_OK)
        return;
    size_t next = 0;
    for (size_t s = 0; s < cycling->step_count; s++) {
        const closo_step *step = &cycling->steps[s];
        must(step->first_row == next && step->row_count != 0);
        next += step->row_count;
        double charge_C = 0, size_C = 0;
        for (size_t i = step->first_row; i < next; i++) {
            charge_C += rows.charge_C[i];
            size_C += fabs(rows.charge_C[i]);
        }
        must(!isfinite(size_C) || fabs(charge_C - step->charge_C) <= 1e-9 * size_C);
    }
    must(next == cycling->row_count);
    for (size_t i = 1; i < rows.row_count; i++)
        must(rows.time_s[i] >= rows.time_s[i - 1] - 1e-3 && /* clocks are joined within rounding */
             closo_cycling_file_row(cycling, i) > closo_cycling_file_row(cycling, i - 1));
    if (part.row_count != 0)
        must(memcmp(part.charge_C, rows.charge_C + half, part.row_count * sizeof(double)) == 0);
    must(closo_cycling_json(cycling, arena) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const closo_quantity quantities[] = {CLOSO_QUANTITY_TIME,     CLOSO_QUANTITY_POTENTIAL,
                                                CLOSO_QUANTITY_CURRENT,  CLOSO_QUANTITY_CYCLE,
                                                CLOSO_QUANTITY_CAPACITY, CLOSO_QUANTITY_CAPACITY};
    static const closo_quantity charges[][2] = {
        {CLOSO_QUANTITY_CAPACITY, CLOSO_QUANTITY_FREQUENCY},
        {CLOSO_QUANTITY_CHARGE_INCREMENT, CLOSO_QUANTITY_STEP},
        {CLOSO_QUANTITY_CHARGE_HALF_CYCLE, CLOSO_QUANTITY_HALF_CYCLE},
        {CLOSO_QUANTITY_CAPACITY_CHARGE, CLOSO_QUANTITY_CAPACITY_DISCHARGE}};
    static const char *const names[COLUMNS] = {"t", "E", "I", "cycle", "one", "two"};
    if (size < 2)
        return 0;
    const size_t columns = 3 + data[0] % 4;
    size_t rows = (size - 2) / (2 * columns);
    rows = rows < ROWS_MOST ? rows : ROWS_MOST;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = closo_table_new(arena, "fuzz");
    if (table == NULL)
        return 0;
    table->row_count = rows;
    for (size_t k = 0; k < columns; k++) {
        double *values = closo_arena_alloc(arena, rows + 1, sizeof *values);
        const closo_quantity quantity = k < 4 ? quantities[k] : charges[data[1] % 4][k - 4];
        double sum = 0;
        for (size_t i = 0; i < rows; i++) {
            values[i] = number(data + 2 + 2 * (i * columns + k));
            if (k == 0 && data[1] & 0x80 && isfinite(values[i])) /* a clock that goes, mostly */
                values[i] = sum += values[i];
        }
        if (closo_table_add_values(table, names[k], closo_quantity_unit(quantity), quantity,
                                   values) == NULL)
            return 0;
    }
    closo_cycling *cycling;
    closo_error error = {0};
    if (closo_cycling_from_table(table, NULL, arena, &cycling, &error) == CLOSO_OK)
        check(cycling, arena);
    else
        must(error.message[0] != '\0');
    closo_arena_free(arena);
    return 0;
}
