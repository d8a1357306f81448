/* SPDX-License-Identifier: BSD-3-Clause */
/* A run that is stopped and taken up again is the run that was not stopped, bit for bit; and what is not the checkpoint of
 * this run is refused. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include "cell/simulate_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double line_x[] = {0, 0.5, 1}, line_U[] = {4.1, 3.6, 3.1};
static char path[1024], rows_path[1040];

static closo_cell plain_cell(void)
{
    return (closo_cell){.name = "test",
                        .area_m2 = 1e-4,
                        .temperature_K = 298.15,
                        .reference_K = 298.15,
                        .node_count = 3,
                        .shell_count = 8,
                        .thickness_m = 20e-6,
                        .active = {.volume_fraction = 0.5,
                                   .radius_m = 2e-6,
                                   .sites_mol_per_m3 = 15000,
                                   .usable = 1,
                                   .diffusivity_m2_per_s = {1e-15, 0},
                                   .exchange_current_A_per_m2 = {2, 0},
                                   .transfer = 0.5,
                                   .double_layer_F_per_m2 = 0.1,
                                   .equilibrium = {3, line_x, line_U},
                                   .filled_at_start = 0.9},
                        .ion_conductivity_S_per_m = {0.1, 0},
                        .ion_path = 0.2,
                        .electron_conductivity_S_per_m = 100,
                        .anions = {{"B12H12", 3.45, 0.5, 1e-5, 0.5, 0, 5, 0}},
                        .anion_count = 1,
                        .separator_m = 500e-6,
                        .counter = {.resistance_ohm_m2 = {1e-3, 0},
                                    .growth_ohm2_m4_per_s = 1e-12,
                                    .double_layer_F_per_m2 = 0.05}};
}

static const char words[] =
    "repeat 9 times until capacity below 50 % or time above 4 h: charge at 4 A/m2 until 4.05 V; rest "
    "5 min; impedance 1 kHz to 10 mHz, 3 per decade; discharge at 4 A/m2 until 3.2 V; end; "
    "temperature 40 degC; sweep to 3.4 V at 1 mV/s; hold at 3.4 V for 10 min; impedance 1 kHz to 1 Hz";

static closo_experiment experiment_of(const char *text, closo_arena *arena)
{
    closo_experiment experiment;
    closo_error error = {0};
    if (closo_experiment_parse(text, 0, arena, &experiment, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return experiment;
}

/* Stops at the n-th report; 0: never. */
typedef struct stopper {
    size_t calls, at;
} stopper;

static bool stop_at(void *user, double fraction, const char *what)
{
    stopper *stop = user;
    assert_true(fraction >= 0 && fraction <= 1 && what[0] != '\0');
    return ++stop->calls != stop->at;
}

static closo_status simulate(const char *text, const closo_simulation_options *options,
                             stopper *stop, closo_arena *arena, closo_simulation **made)
{
    const closo_cell cell = plain_cell();
    const closo_experiment experiment = experiment_of(text, arena);
    const closo_progress progress = {stop_at, stop};
    closo_error error = {0};
    closo_status status =
        closo_cell_simulate(&cell, &experiment, options, &progress, arena, made, &error);
    assert_int_equal(status, error.status);
    if (status != CLOSO_OK && status != CLOSO_CANCELLED)
        fail_msg("%s", error.message);
    return status;
}

static void assert_same_bits(const closo_column *one, const closo_column *other, size_t rows)
{
    assert_string_equal(one->name, other->name);
    assert_memory_equal(one->data, other->data, rows * sizeof(double));
}

static void assert_same(const closo_simulation *one, const closo_simulation *other)
{
    assert_int_equal(one->table->row_count, other->table->row_count);
    for (size_t c = 0; c < one->table->column_count; c++)
        assert_same_bits(&one->table->columns[c], &other->table->columns[c], one->table->row_count);
    assert_int_equal(one->spectrum_count, other->spectrum_count);
    for (size_t s = 0; s < one->spectrum_count; s++) {
        const closo_spectrum *a = &one->spectra[s], *b = &other->spectra[s];
        assert_int_equal(a->count, b->count);
        assert_memory_equal(a->real_ohm, b->real_ohm, a->count * sizeof *a->real_ohm);
        assert_memory_equal(a->imaginary_ohm, b->imaginary_ohm, a->count * sizeof *a->real_ohm);
        assert_true(a->time_s == b->time_s && a->potential_V == b->potential_V);
    }
    assert_memory_equal(one->spectrum_stationarity, other->spectrum_stationarity,
                        one->spectrum_count * sizeof *one->spectrum_stationarity);
    assert_memory_equal(&one->statistics, &other->statistics, sizeof one->statistics);
    assert_int_equal(one->notes.count, other->notes.count);
}

static int set_up(void **state)
{
    closo_arena *arena = closo_arena_new(0);
    snprintf(path, sizeof path, "%s", temporary_path("run.checkpoint"));
    snprintf(rows_path, sizeof rows_path, "%s.rows", path);
    *state = arena;
    return arena == NULL;
}

static int tear_down(void **state)
{
    closo_arena *arena = *state;
    int status = closo_cell_checkpoint_remove(path, arena, NULL) != CLOSO_OK;
    status |= access(path, F_OK) == 0 || access(rows_path, F_OK) == 0;
    closo_arena_free(arena);
    return status;
}

static const closo_simulation_options kept = {
    .checkpoint = path, .checkpoint_every_s = 1e-9, .resume = true};

/* Stopped at any report, and stopped again and again: always the same table, spectra and counts. */
static void resumed_runs_are_the_uninterrupted_one(void **state)
{
    closo_arena *arena = *state;
    closo_simulation *whole, *made;
    stopper never = {0};
    assert_int_equal(simulate(words, NULL, &never, arena, &whole), CLOSO_OK);
    assert_true(whole->complete && whole->spectrum_count >= 3 && whole->spectrum_count <= 5);
    assert_true(whole->notes.count >= 1); /* the loop ended early */
    for (size_t at = 1; at < never.calls; at += never.calls / 3) {
        stopper stop = {.at = at}, on = {0};
        assert_int_equal(simulate(words, &kept, &stop, arena, &made), CLOSO_CANCELLED);
        assert_false(made->complete);
        assert_true(made->table->row_count < whole->table->row_count);
        assert_int_equal(simulate(words, &kept, &on, arena, &made), CLOSO_OK);
        assert_same(made, whole);
        assert_int_equal(closo_cell_checkpoint_remove(path, arena, NULL), CLOSO_OK);
    }
    closo_status status = CLOSO_CANCELLED;
    size_t stops = 0;
    for (; status == CLOSO_CANCELLED; stops++) {
        stopper stop = {.at = 2 + 29 * stops};
        status = simulate(words, &kept, &stop, arena, &made);
    }
    assert_true(stops > 3);
    assert_same(made, whole);
}

/* A long step pauses by itself, and a run that was stopped behind a pause goes on from there and not from its start. */
static void long_steps_are_taken_up_within(void **state)
{
    closo_arena *arena = *state;
    static const char text[] = "sweep to 4.0 V at 0.1 mV/s";
    closo_simulation_options options = {.relative_tolerance = 2e-12};
    closo_simulation *whole, *made;
    stopper never = {0}, on = {0};
    assert_int_equal(simulate(text, &options, &never, arena, &whole), CLOSO_OK);
    assert_true(whole->statistics.steps > CELL_PAUSE_STEPS + 200);
    options.checkpoint = path;
    options.checkpoint_every_s = 1e-9;
    options.resume = true;
    stopper stop = {.at = never.calls - 10};
    assert_int_equal(simulate(text, &options, &stop, arena, &made), CLOSO_CANCELLED);
    assert_int_equal(simulate(text, &options, &on, arena, &made), CLOSO_OK);
    assert_same(made, whole);
    assert_true(on.calls + CELL_PAUSE_STEPS / 8 < never.calls + 10);
}

/* ---- refusals ---- */

static closo_status resume_with(const closo_cell *cell, const char *text, double tolerance,
                                closo_arena *arena, closo_error *error)
{
    closo_simulation_options options = kept;
    options.relative_tolerance = tolerance;
    const closo_experiment experiment = experiment_of(text, arena);
    closo_simulation *made;
    *error = (closo_error){0};
    return closo_cell_simulate(cell, &experiment, &options, NULL, arena, &made, error);
}

/* words with one of them changed */
static const char *changed_words(const char *from, const char *to, closo_arena *arena)
{
    const char *at = strstr(words, from);
    assert_non_null(at);
    char *made = closo_arena_alloc(arena, sizeof words + strlen(to), 1);
    assert_non_null(made);
    snprintf(made, sizeof words + strlen(to), "%.*s%s%s", (int)(at - words), words, to,
             at + strlen(from));
    return made;
}

static void checkpoints_of_other_runs_are_refused(void **state)
{
    closo_arena *arena = *state;
    closo_cell cell = plain_cell();
    closo_simulation *made;
    closo_error error;
    stopper stop = {.at = 40};
    assert_int_equal(simulate(words, &kept, &stop, arena, &made), CLOSO_CANCELLED);

    closo_simulation_options blind = kept;
    blind.resume = false;
    const closo_experiment experiment = experiment_of(words, arena);
    error = (closo_error){0};
    assert_int_equal(closo_cell_simulate(&cell, &experiment, &blind, NULL, arena, &made, &error),
                     CLOSO_ARGUMENT);
    assert_non_null(strstr(error.message, "already"));

    cell.anions[0].reservoir_C_per_m2 *= 1 + 1e-12;
    assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "another cell"));
    cell = plain_cell();
    assert_int_equal(resume_with(&cell, words, 1e-6, arena, &error), CLOSO_RANGE);
    assert_int_equal(resume_with(&cell, "rest 1 h", 0, arena, &error), CLOSO_RANGE);
    assert_non_null(strstr(error.message, "other steps"));
    /* what is in no residual: a temperature further on, and what ends a loop */
    static const char *const changes[][2] = {
        {"40 degC", "60 degC"},          {"below 50 %", "below 49.9 %"},
        {"above 4 h", "above 5 h"},      {"capacity below 50 %", "potential below 0.5 V"},
        {" or time above 4 h", ""},      {"repeat 9", "repeat 8"},
        {"3 per decade", "4 per decade"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const char *other = changed_words(changes[i][0], changes[i][1], arena);
        assert_int_equal(resume_with(&cell, other, 0, arena, &error), CLOSO_RANGE);
        assert_non_null(strstr(error.message, "other steps"));
    }
    assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_OK);
}

static void spoil(const char *file, const void *bytes, size_t size, closo_arena *arena)
{
    assert_int_equal(closo_file_write(file, bytes, size, arena, NULL), CLOSO_OK);
}

/* Each length that is too short, and each bit of it turned, in memory; some of both on disk, in both files. */
static void damaged_checkpoints_are_refused(void **state)
{
    closo_arena *arena = *state;
    const closo_cell cell = plain_cell();
    closo_simulation *made;
    closo_error error;
    stopper stop = {.at = 40};
    assert_int_equal(simulate(words, &kept, &stop, arena, &made), CLOSO_CANCELLED);
    unsigned char *bytes, *rows;
    size_t size, rows_size;
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &bytes, &size, NULL), CLOSO_OK);
    assert_int_equal(closo_file_read(rows_path, SIZE_MAX, arena, &rows, &rows_size, NULL),
                     CLOSO_OK);
    assert_true(size > 500 && rows_size > 500);
    cell_moment moment;
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(cell_moment_read(bytes, cut, arena, &moment, &error), CLOSO_FORMAT);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        closo_status status = cell_moment_read(bytes, size, arena, &moment, &error);
        assert_true(status == CLOSO_FORMAT || status == CLOSO_UNSUPPORTED);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(cell_moment_read(bytes, size, arena, &moment, &error), CLOSO_OK);

    spoil(path, bytes, size / 2, arena);
    assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "damaged"));
    spoil(path, bytes, size, arena);
    for (size_t turn = 0; turn < 4; turn++) {
        size_t at = (size_t)moment.entry_count * CELL_ENTRY_BYTES * turn / 4 + turn;
        spoil(rows_path, rows, at, arena);
        assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_FORMAT);
        rows[at] ^= (unsigned char)(1 << turn);
        spoil(rows_path, rows, rows_size, arena);
        assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_FORMAT);
        rows[at] ^= (unsigned char)(1 << turn);
    }
    spoil(rows_path, rows, rows_size, arena);
    assert_int_equal(resume_with(&cell, words, 0, arena, &error), CLOSO_OK);
}

/* A log whose checksum is right may still hold what no run has written: steps and cycles that are no whole numbers of any size. */
static void logs_that_no_run_writes_are_unsound(void **state)
{
    closo_arena *arena = *state;
    const cell_entry point = {{CELL_ENTRY_POINT, 1, 2, -3}};
    static const double spectra[][2] = {{3, 2}, {2.5e186, 2}, {-1, 2}, {3, 1e300}};
    for (size_t i = 0; i < 4; i++) {
        cell_log log = {.arena = arena};
        const cell_entry spectrum = {
            {CELL_ENTRY_SPECTRUM, 10, 4, 1, spectra[i][0], spectra[i][1], 298.15, 0, 0}};
        cell_log_add(&log, &spectrum);
        cell_log_add(&log, &point);
        assert_int_equal(cell_log_is_sound(&log), i == 0);
    }
}

/* A place that cannot be written is said before the work begins. */
static void a_folder_that_is_not_there_is_said(void **state)
{
    closo_arena *arena = *state;
    const closo_cell cell = plain_cell();
    const closo_experiment experiment = experiment_of("rest 1 min", arena);
    const closo_simulation_options options = {.checkpoint = "/nowhere/at/all"};
    closo_simulation *made;
    closo_error error = {0};
    assert_int_equal(closo_cell_simulate(&cell, &experiment, &options, NULL, arena, &made, &error),
                     CLOSO_IO);
    assert_non_null(strstr(error.file, "/nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(resumed_runs_are_the_uninterrupted_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_steps_are_taken_up_within, set_up, tear_down),
        cmocka_unit_test_setup_teardown(checkpoints_of_other_runs_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_checkpoints_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(logs_that_no_run_writes_are_unsound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
