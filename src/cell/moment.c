/* SPDX-License-Identifier: BSD-3-Clause */
/* moment.c: a moment as bytes and back. Layout, little endian:
 *   16 bytes "closo checkpoint", u64 version, u64 length of all, 2 x 64 bytes digests (hexadecimal),
 *   u64 step, within, entry_count, entry_check, 5 counts of the solver, state_count, next pass, depth, skipped cycles,
 *   f64 t, row's t, row's V, the step's begin t, V, charge, and latest end, temperature,
 *   of each of 8 loops: u64 pass, met, f64 begin, discharged, reference,
 *   f64 y[], slope[], u64 checksum of all before. */
#include "simulate_internal.h"

#include <math.h>
#include <string.h>

static const char magic[16] = {'c', 'l', 'o', 's', 'o', ' ', 'c', 'h',
                               'e', 'c', 'k', 'p', 'o', 'i', 'n', 't'};
enum {
    VERSION = 2, /* 2: the digest of the steps has temperatures and the rules of loops */
    DIGEST = 64,
    WHOLE_NUMBERS = 13,
    NUMBERS = 8,
    LOOP = 40,
    STATES_MOST = 10000000
};
enum {
    HEAD = 16 + 16 + 2 * DIGEST + 8 * (WHOLE_NUMBERS + NUMBERS) + LOOP * CLOSO_EXPERIMENT_DEPTH
};

const uint64_t cell_check_start = 0xcbf29ce484222325u;

uint64_t cell_check(uint64_t so_far, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        so_far = (so_far ^ at[i]) * 0x100000001b3u;
    return so_far;
}

/* ---- writing ---- */

static unsigned char *put_whole(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> 8 * i);
    return at + 8;
}

static unsigned char *put_number(unsigned char *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_whole(at, bits);
}

static unsigned char *put_bytes(unsigned char *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

size_t cell_moment_size(size_t state_count)
{
    return HEAD + 16 * state_count + 8;
}

void cell_moment_write(const cell_moment *moment, unsigned char *bytes)
{
    const closo_simulation_statistics *work = &moment->statistics;
    const cell_loops *loops = &moment->loops;
    const uint64_t whole[WHOLE_NUMBERS] = {
        moment->step,         moment->within,       moment->entry_count,
        moment->entry_check,  work->steps,          work->residuals,
        work->jacobians,      work->factorisations, work->newton_iterations,
        moment->state_count,  loops->next,          loops->depth,
        loops->skipped_cycles};
    const double numbers[NUMBERS] = {
        moment->t_s,         moment->last_row_s,         moment->last_row_V, moment->step_from_s,
        moment->step_from_V, moment->step_from_C_per_m2, moment->step_to_s,  moment->temperature_K};
    size_t size = cell_moment_size(moment->state_count);
    unsigned char *at = put_bytes(bytes, magic, sizeof magic);
    at = put_whole(at, VERSION);
    at = put_whole(at, size);
    at = put_bytes(at, moment->cell_digest, DIGEST);
    at = put_bytes(at, moment->experiment_digest, DIGEST);
    for (size_t i = 0; i < WHOLE_NUMBERS; i++)
        at = put_whole(at, whole[i]);
    for (size_t i = 0; i < NUMBERS; i++)
        at = put_number(at, numbers[i]);
    for (size_t d = 0; d < CLOSO_EXPERIMENT_DEPTH; d++) {
        at = put_whole(at, loops->open[d].pass);
        at = put_whole(at, loops->open[d].met);
        at = put_number(at, loops->open[d].from_s);
        at = put_number(at, loops->open[d].discharged_C_per_m2);
        at = put_number(at, loops->open[d].reference_C_per_m2);
    }
    for (size_t i = 0; i < moment->state_count; i++)
        at = put_number(at, moment->y[i]);
    for (size_t i = 0; i < moment->state_count; i++)
        at = put_number(at, moment->slope[i]);
    put_whole(at, cell_check(cell_check_start, bytes, size - 8));
}

void cell_entry_write(const cell_entry *entry, unsigned char *bytes)
{
    for (size_t i = 0; i < CELL_ENTRY_VALUES; i++)
        bytes = put_number(bytes, entry->values[i]);
}

/* ---- reading ---- */

cell_entry cell_entry_read(const unsigned char *bytes)
{
    cell_entry entry;
    closo_bytes at = closo_bytes_of(bytes, CELL_ENTRY_BYTES);
    for (size_t i = 0; i < CELL_ENTRY_VALUES; i++)
        entry.values[i] = closo_bytes_f64(&at);
    return entry;
}

static uint64_t take_whole(closo_bytes *bytes)
{
    uint64_t low = closo_bytes_u32(bytes);
    return low | (uint64_t)closo_bytes_u32(bytes) << 32;
}

static bool take_digest(closo_bytes *bytes, char text[65])
{
    bool hexadecimal = true;
    for (size_t i = 0; i < DIGEST; i++) {
        text[i] = (char)closo_bytes_u8(bytes);
        hexadecimal = hexadecimal && strchr("0123456789abcdef", text[i]) != NULL && text[i] != '\0';
    }
    text[DIGEST] = '\0';
    return hexadecimal;
}

static bool check_fits(const unsigned char *bytes, size_t size)
{
    closo_bytes end = closo_bytes_of(bytes, size);
    closo_bytes_seek(&end, size - 8);
    return take_whole(&end) == cell_check(cell_check_start, bytes, size - 8);
}

static closo_status damaged(closo_error *error, const char *what)
{
    return closo_fail(error, CLOSO_FORMAT,
                      "the checkpoint is damaged (%s); remove it and begin anew", what);
}

static closo_status read_head(closo_bytes *at, cell_moment *made, closo_error *error)
{
    bool digests = take_digest(at, made->cell_digest);
    digests = take_digest(at, made->experiment_digest) && digests;
    made->step = take_whole(at);
    uint64_t within = take_whole(at);
    made->entry_count = take_whole(at);
    made->entry_check = take_whole(at);
    closo_simulation_statistics *work = &made->statistics;
    size_t *counts[] = {&work->steps, &work->residuals, &work->jacobians, &work->factorisations,
                        &work->newton_iterations};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = take_whole(at);
    uint64_t states = take_whole(at);
    made->loops.next = take_whole(at);
    made->loops.depth = take_whole(at);
    made->loops.skipped_cycles = take_whole(at);
    double *numbers[NUMBERS] = {&made->t_s,         &made->last_row_s,   &made->last_row_V,
                                &made->step_from_s, &made->step_from_V,  &made->step_from_C_per_m2,
                                &made->step_to_s,   &made->temperature_K};
    for (size_t i = 0; i < NUMBERS; i++) {
        *numbers[i] = closo_bytes_f64(at);
        if (!isfinite(*numbers[i]))
            return damaged(error, "a number in it is none");
    }
    made->within = within != 0;
    bool fits =
        made->loops.depth <= CLOSO_EXPERIMENT_DEPTH && made->loops.skipped_cycles < INT32_MAX;
    for (size_t d = 0; d < CLOSO_EXPERIMENT_DEPTH; d++) {
        cell_loop *loop = &made->loops.open[d];
        loop->pass = take_whole(at);
        loop->met = take_whole(at);
        loop->from_s = closo_bytes_f64(at);
        loop->discharged_C_per_m2 = closo_bytes_f64(at);
        loop->reference_C_per_m2 = closo_bytes_f64(at);
        fits = fits && isfinite(loop->from_s) && isfinite(loop->discharged_C_per_m2) &&
               isfinite(loop->reference_C_per_m2);
    }
    if (!digests || !fits || within > 1)
        return damaged(error, "its head is not what closo writes");
    if (states == 0 || states > STATES_MOST || cell_moment_size(states) != at->size)
        return damaged(error, "its length and the number of its states do not fit");
    if (made->entry_count > SIZE_MAX / CELL_ENTRY_BYTES)
        return damaged(error, "it counts more rows than there can be");
    made->state_count = states;
    return CLOSO_OK;
}

closo_status cell_moment_read(const void *bytes, size_t size, closo_arena *arena,
                              cell_moment *moment, closo_error *error)
{
    closo_bytes at = closo_bytes_of(bytes, size);
    cell_moment made = {0};
    if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return closo_fail(error, CLOSO_FORMAT, "this is no checkpoint of closo");
    closo_bytes_seek(&at, sizeof magic);
    if (size < cell_moment_size(1))
        return damaged(error, "it ends too early");
    uint64_t version = take_whole(&at), length = take_whole(&at);
    if (version != VERSION)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "the checkpoint has version %llu and this closo reads %d; go on with the "
                          "closo that wrote it, or remove it and begin anew",
                          (unsigned long long)version, VERSION);
    if (length != size)
        return damaged(error, length > size ? "it ends too early" : "something stands behind it");
    if (!check_fits(bytes, size))
        return damaged(error, "its checksum does not fit");
    closo_status status = read_head(&at, &made, error);
    if (status != CLOSO_OK)
        return status;
    made.y = closo_arena_alloc(arena, 2 * made.state_count, sizeof *made.y);
    if (made.y == NULL)
        return closo_fail_nomem(error);
    made.slope = made.y + made.state_count;
    made.statistics.state_count = made.state_count;
    for (size_t i = 0; i < 2 * made.state_count; i++) {
        made.y[i] = closo_bytes_f64(&at);
        if (!isfinite(made.y[i]))
            return damaged(error, "a state in it is no number");
    }
    *moment = made;
    return CLOSO_OK;
}
