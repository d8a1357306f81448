/* SPDX-License-Identifier: BSD-3-Clause */
/* log.c: what a run has written down, in the order in which it came; rows, spectra and notes are told from it at the end.
 * A run that was taken up again reads its log from disk and then goes the same way. */
#include "simulate_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 4096 };

struct cell_log_piece {
    cell_log_piece *next;
    size_t count;
    cell_entry entries[PIECE];
};

void cell_log_add(cell_log *log, const cell_entry *entry)
{
    if (log->failed)
        return;
    if (log->last == NULL || log->last->count == PIECE) {
        cell_log_piece *more = closo_arena_alloc(log->arena, 1, sizeof *more);
        if (more == NULL) {
            log->failed = true;
            return;
        }
        if (log->last != NULL)
            log->last->next = more;
        else
            log->first = more;
        log->last = more;
    }
    log->last->entries[log->last->count++] = *entry;
    log->count++;
    log->rows += entry->values[0] == CELL_ENTRY_ROW;
    log->spectra += entry->values[0] == CELL_ENTRY_SPECTRUM;
}

void cell_log_visit(const cell_log *log, size_t from, size_t to, cell_log_visitor *visit,
                    void *user)
{
    size_t before = 0;
    for (const cell_log_piece *piece = log->first; piece != NULL && before < to;
         piece = piece->next) {
        for (size_t i = from > before ? from - before : 0; i < piece->count && before + i < to; i++)
            if (!visit(user, &piece->entries[i]))
                return;
        before += piece->count;
    }
}

/* ---- soundness ---- */

static const double count_most = 1e6;  /* points of a spectrum; it has at most 1000 a decade */
static const double number_most = 1e9; /* of a step or a cycle: they become whole numbers */

typedef struct sounding {
    size_t points; /* that still belong to the last spectrum */
    double last_s;
    bool sound;
} sounding;

static bool sound_entry(void *user, const cell_entry *entry)
{
    sounding *all = user;
    const double *values = entry->values;
    for (size_t i = 0; i < CELL_ENTRY_VALUES; i++)
        all->sound = all->sound && isfinite(values[i]);
    if (!all->sound)
        return false;
    bool point = values[0] == CELL_ENTRY_POINT;
    if (point != (all->points != 0)) {
        all->sound = false;
    } else if (point) {
        all->points--;
    } else if (values[0] == CELL_ENTRY_SPECTRUM) {
        double count = values[3], step = values[4], cycle = values[5];
        all->sound = count >= 1 && count <= count_most && count == floor(count) && step >= 0 &&
                     step < number_most && fabs(cycle) < number_most;
        all->points = all->sound ? (size_t)count : 0;
    } else if (values[0] == CELL_ENTRY_ROW) {
        all->sound = values[1] >= all->last_s && values[5] >= 0 && values[5] < number_most;
        all->last_s = values[1];
    } else {
        all->sound = values[0] == CELL_ENTRY_NOTE && values[1] >= 0 &&
                     values[1] < CELL_NOTE_KINDS && values[1] == floor(values[1]) &&
                     values[2] >= 0 && values[2] < number_most;
    }
    return all->sound;
}

bool cell_log_is_sound(const cell_log *log)
{
    sounding all = {.last_s = -HUGE_VAL, .sound = !log->failed};
    cell_log_visit(log, 0, log->count, sound_entry, &all);
    return all.sound && all.points == 0;
}

/* ---- the table ---- */

enum { AGAINST_METAL = 6, TEMPERATURE, COLUMNS };

typedef struct telling {
    const cell_log *log;
    const closo_cell *cell;
    closo_simulation *made;
    double *columns[COLUMNS];
    double *points; /* of the last spectrum: room for frequency, real, imaginary */
    size_t row, point, point_count;
    size_t at_once; /* steps that ended as they began */
    bool failed;
} telling;

static void tell_row(telling *all, const double *values)
{
    for (size_t c = 0; c < COLUMNS; c++)
        all->columns[c][all->row] = values[1 + c] - (c == TEMPERATURE ? 273.15 : 0);
    all->row++;
}

static void tell_spectrum(telling *all, const double *values)
{
    closo_simulation *made = all->made;
    size_t count = (size_t)values[3];
    double *room = closo_arena_alloc(all->log->arena, 3 * count, sizeof *room);
    const char *name =
        closo_arena_printf(all->log->arena, "%s, step %.0f",
                           all->cell->name != NULL ? all->cell->name : "cell", values[4] + 1);
    const double nothing = NAN;
    all->failed = all->failed || room == NULL || name == NULL;
    if (all->failed)
        return;
    all->points = room;
    all->point = 0;
    all->point_count = count;
    made->spectrum_step[made->spectrum_count] = (size_t)values[4];
    made->spectrum_stationarity[made->spectrum_count] =
        (closo_stationarity){.residual = values[7], .drift_V_per_s = values[8]};
    made->spectra[made->spectrum_count++] = (closo_spectrum){.count = count,
                                                             .frequency_Hz = room,
                                                             .real_ohm = room + count,
                                                             .imaginary_ohm = room + 2 * count,
                                                             .name = name,
                                                             .time_s = values[1],
                                                             .potential_V = values[2],
                                                             .cycle = (int)values[5],
                                                             .temperature_K = values[6],
                                                             .amplitude = nothing,
                                                             .thickness_m = nothing,
                                                             .area_m2 = all->cell->area_m2};
}

static void tell_point(telling *all, const double *values)
{
    all->points[all->point] = values[1];
    all->points[all->point_count + all->point] = values[2];
    all->points[2 * all->point_count + all->point++] = values[3];
}

static void tell_loop_end(const telling *all, const double *values)
{
    static const struct {
        const char *what, *unit;
    } seen[] = {[CLOSO_STOP_CAPACITY_SHARE] = {"its capacity is", "%"},
                [CLOSO_STOP_CAPACITY] = {"its capacity is", "mAh/cm2"},
                [CLOSO_STOP_POTENTIAL_BELOW] = {"the potential is", "V"},
                [CLOSO_STOP_POTENTIAL_ABOVE] = {"the potential is", "V"},
                [CLOSO_STOP_TIME] = {"it has lasted for", "h"},
                [CLOSO_STOP_LIMIT] = {"its potential was met; behind it there is", "V"}};
    char of[32] = "";
    size_t kind = values[6] >= 0 ? (size_t)fmin(values[6], 100) : 100;
    if (kind >= sizeof seen / sizeof *seen)
        return;
    if (kind == CLOSO_STOP_CAPACITY_SHARE)
        snprintf(of, sizeof of, " of that of pass %.6g", values[8]);
    closo_notes_add(&all->made->notes, all->log->arena,
                    "the loop of line %.6g ended behind pass %.6g of %.6g: %s %.4g %s%s", values[3],
                    values[4], values[5], seen[kind].what, values[7], seen[kind].unit, of);
}

enum { AT_ONCE_TOLD = 5 }; /* in a long campaign it is the same hold in each cycle */

static void tell_at_once(telling *all, const double *values)
{
    closo_notes *notes = &all->made->notes;
    if (all->at_once++ >= AT_ONCE_TOLD)
        return;
    if (values[3] != 0)
        closo_notes_add(notes, all->log->arena,
                        "step %.0f ended as it began: the current is %.4g mA, and it was to last "
                        "until %.4g mA",
                        values[2] + 1, values[5], values[6]);
    else
        closo_notes_add(notes, all->log->arena,
                        "step %.0f ended as it began: the potential is %.4g V, beyond its limit of "
                        "%.4g V",
                        values[2] + 1, values[4], values[6]);
}

static void tell_note(telling *all, const double *values)
{
    if (values[1] == CELL_NOTE_AT_ONCE)
        tell_at_once(all, values);
    else if (values[1] == CELL_NOTE_NEVER_ENDED)
        closo_notes_add(&all->made->notes, all->log->arena,
                        "step %.0f met none of its limits within ten years", values[2] + 1);
    else
        tell_loop_end(all, values);
}

static bool tell_entry(void *user, const cell_entry *entry)
{
    telling *all = user;
    if (entry->values[0] == CELL_ENTRY_ROW)
        tell_row(all, entry->values);
    else if (entry->values[0] == CELL_ENTRY_SPECTRUM)
        tell_spectrum(all, entry->values);
    else if (entry->values[0] == CELL_ENTRY_POINT)
        tell_point(all, entry->values);
    else
        tell_note(all, entry->values);
    return !all->failed;
}

static closo_status make_table(const telling *all, closo_error *error)
{
    static const struct {
        const char *name, *unit;
        closo_quantity quantity;
    } columns[COLUMNS] = {{"time/s", "s", CLOSO_QUANTITY_TIME},
                          {"Ewe/V", "V", CLOSO_QUANTITY_POTENTIAL},
                          {"I/mA", "mA", CLOSO_QUANTITY_CURRENT},
                          {"(Q-Qo)/mA.h", "mA.h", CLOSO_QUANTITY_CHARGE},
                          {"Ns", "", CLOSO_QUANTITY_STEP},
                          {"cycle number", "", CLOSO_QUANTITY_CYCLE},
                          {"Ewe vs metal/V", "V", CLOSO_QUANTITY_OTHER},
                          {"Temperature/\302\260C", "degC", CLOSO_QUANTITY_TEMPERATURE}};
    const closo_cell *cell = all->cell;
    closo_table *table =
        closo_table_new(all->log->arena, cell->name != NULL ? cell->name : "simulated cell");
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = "closo simulation";
    table->technique = "simulation";
    table->row_count = all->row;
    const double *temperature_degC = all->columns[TEMPERATURE];
    bool warmed = false;
    for (size_t row = 1; row < all->row && !warmed; row++)
        warmed = temperature_degC[row] != temperature_degC[0];
    bool alloy = cell->counter.potential_V != 0 || cell->counter.equilibrium.count > 0;
    for (size_t c = 0; c < COLUMNS; c++)
        if ((c != AGAINST_METAL || alloy) && (c != TEMPERATURE || warmed) &&
            closo_table_add_values(table, columns[c].name, columns[c].unit, columns[c].quantity,
                                   all->columns[c]) == NULL)
            return closo_fail_nomem(error);
    if (closo_table_set_number(table, "electrode_area", 1e4 * cell->area_m2, "cm2") != CLOSO_OK ||
        closo_table_set_number(table, "temperature", cell->temperature_K, "K") != CLOSO_OK ||
        (cell->source != NULL && closo_table_set_text(table, "comments", cell->source) != CLOSO_OK))
        return closo_fail_nomem(error);
    all->made->table = table;
    return CLOSO_OK;
}

/* Where no cell is any more: full or empty grains leave a current nothing but the double layers, which nothing stops. */
static void note_potential(const telling *all)
{
    enum { POTENTIAL = 1, STEP = 4 };
    const double most_V = 8, least_V = all->cell->active.volume_fraction > 0 ? -1 : -8;
    const double *potential_V = all->columns[POTENTIAL];
    size_t worst = 0;
    double beyond_V = 0;
    for (size_t row = 0; row < all->row; row++) {
        double by_V = fmax(potential_V[row] - most_V, least_V - potential_V[row]);
        worst = by_V > beyond_V ? row : worst;
        beyond_V = fmax(beyond_V, by_V);
    }
    if (beyond_V > 0)
        closo_notes_add(&all->made->notes, all->log->arena,
                        "in step %.0f the potential goes to %.4g V, where no cell is any more and "
                        "the model charges double layers alone; give the step a limit, such as 'or "
                        "until %g V'",
                        all->columns[STEP][worst] + 1, potential_V[worst],
                        potential_V[worst] > 0 ? 4.5 : 2.5);
}

/* A drift of a tenth of the usual amplitude of 10 mV in the slowest period is seen in a measured spectrum. */
static void note_drift(const cell_log *log, closo_simulation *made)
{
    const double seen_V = 1e-3;
    double most_V = 0, at_Hz = 0;
    size_t step = 0, count = 0;
    for (size_t i = 0; i < made->spectrum_count; i++) {
        const closo_spectrum *spectrum = &made->spectra[i];
        double slowest_Hz = spectrum->frequency_Hz[spectrum->count - 1];
        double moved_V = fabs(made->spectrum_stationarity[i].drift_V_per_s) / slowest_Hz;
        count += moved_V > seen_V;
        if (moved_V > most_V) {
            most_V = moved_V;
            at_Hz = slowest_Hz;
            step = made->spectrum_step[i];
        }
    }
    if (count != 0)
        closo_notes_add(&made->notes, log->arena,
                        "%zu of %zu spectra are of a cell that is not at rest, most in step %zu: "
                        "%.2g mV in a period of %.3g Hz; a measured one would bend there",
                        count, made->spectrum_count, step + 1, 1e3 * most_V, at_Hz);
}

closo_status cell_log_tell(const cell_log *log, const closo_cell *cell, closo_simulation *made,
                           closo_error *error)
{
    telling all = {.log = log, .cell = cell, .made = made};
    made->spectra = closo_arena_alloc(log->arena, log->spectra + 1, sizeof *made->spectra);
    made->spectrum_step =
        closo_arena_alloc(log->arena, log->spectra + 1, sizeof *made->spectrum_step);
    made->spectrum_stationarity =
        closo_arena_alloc(log->arena, log->spectra + 1, sizeof *made->spectrum_stationarity);
    all.failed =
        made->spectra == NULL || made->spectrum_step == NULL || made->spectrum_stationarity == NULL;
    for (size_t c = 0; c < COLUMNS; c++) {
        all.columns[c] = closo_arena_alloc(log->arena, log->rows + 1, sizeof *all.columns[c]);
        all.failed = all.failed || all.columns[c] == NULL;
    }
    if (!all.failed)
        cell_log_visit(log, 0, log->count, tell_entry, &all);
    if (all.failed)
        return closo_fail_nomem(error);
    if (all.at_once > AT_ONCE_TOLD)
        closo_notes_add(&made->notes, log->arena, "and %zu further steps ended as they began",
                        all.at_once - AT_ONCE_TOLD);
    note_drift(log, made);
    note_potential(&all);
    return make_table(&all, error);
}
