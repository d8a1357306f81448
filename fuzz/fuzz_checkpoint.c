/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as a checkpoint, as they are and with length and checksum put right, which a fuzzer cannot guess: a refusal has
 * a sentence; what is taken gives the same bytes when it is written. And any bytes as a log: a sound one can be told. */
#include "fuzz_text.h"

#include "cell/simulate_internal.h"

#include <math.h>

static void put_whole(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void use_moment(const unsigned char *bytes, size_t size, closo_arena *arena)
{
    cell_moment moment;
    closo_error error = {0};
    if (cell_moment_read(bytes, size, arena, &moment, &error) != CLOSO_OK) {
        demand(error.message[0] != '\0');
        return;
    }
    demand(cell_moment_size(moment.state_count) == size);
    for (size_t i = 0; i < moment.state_count; i++)
        demand(isfinite(moment.y[i]) && isfinite(moment.slope[i]));
    unsigned char *again = closo_arena_alloc(arena, size, 1);
    if (again == NULL)
        return;
    cell_moment_write(&moment, again);
    demand(memcmp(again, bytes, size) == 0);
}

static void use_log(const uint8_t *data, size_t size, closo_arena *arena)
{
    const closo_cell cell = {.area_m2 = 1e-4, .temperature_K = 298.15};
    cell_log log = {.arena = arena};
    closo_simulation made = {0};
    for (size_t at = 0; at + CELL_ENTRY_BYTES <= size; at += CELL_ENTRY_BYTES) {
        const cell_entry entry = cell_entry_read(data + at);
        cell_log_add(&log, &entry);
    }
    if (!cell_log_is_sound(&log) || cell_log_tell(&log, &cell, &made, NULL) != CLOSO_OK)
        return;
    demand(made.table->row_count == log.rows && made.spectrum_count == log.spectra);
    use_table(made.table, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)256 << 20);
    unsigned char *copy = arena != NULL ? closo_arena_alloc(arena, size + 1, 1) : NULL;
    if (copy != NULL) {
        if (size != 0)
            memcpy(copy, data, size);
        use_moment(copy, size, arena);
        use_log(data, size, arena);
        if (size >= 40) {
            put_whole(copy + 24, size);
            put_whole(copy + size - 8, cell_check(cell_check_start, copy, size - 8));
            use_moment(copy, size, arena);
        }
    }
    closo_arena_free(arena);
    return 0;
}
