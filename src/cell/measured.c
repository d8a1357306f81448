/* SPDX-License-Identifier: BSD-3-Clause */
/* measured.c: a simulation as an instrument would have written it: noise, the steps of its converters, what it was told of the
 * cell, and the spectra one below the other. */
#include "cell_internal.h"
#include "closo/numeric.h"

#include <math.h>

/* value + noise, on the nearest step of the converter */
static double read_off(double exact, double sigma, double step, closo_random *random)
{
    double value = sigma > 0 ? exact + sigma * closo_random_normal(random) : exact;
    return step > 0 ? step * round(value / step) : value;
}

/* Noise and steps on one of the table's columns. */
static bool shake_column(closo_table *table, closo_quantity quantity, double sigma, double step,
                         closo_random *random, closo_arena *arena)
{
    for (size_t c = 0; c < table->column_count && (sigma > 0 || step > 0); c++) {
        closo_column *column = &table->columns[c];
        if (column->quantity != quantity)
            continue;
        const double *exact = closo_column_values_si(column, table->row_count, arena);
        double *values = closo_arena_alloc(arena, table->row_count, sizeof *values);
        if (exact == NULL || values == NULL)
            return false;
        /* where the circuit is open the current is 0 and no instrument writes anything else */
        for (size_t row = 0; row < table->row_count; row++)
            values[row] = quantity == CLOSO_QUANTITY_CURRENT && exact[row] == 0
                              ? 0
                              : (read_off(exact[row], sigma, step, random) - column->si_offset) /
                                    column->si_factor;
        column->data = (const unsigned char *)values;
        column->storage = CLOSO_STORE_F64;
        column->stride_bytes = sizeof *values;
        return true;
    }
    return true;
}

enum { FREQUENCY, REAL, MINUS_IMAGINARY, TIME, POTENTIAL, CYCLE, TEMPERATURE, COLUMNS };

static void fill_spectrum(const closo_spectrum *spectrum, double noise, closo_random *random,
                          double *const columns[COLUMNS], size_t first)
{
    for (size_t i = 0; i < spectrum->count; i++) {
        double sigma = noise * hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
        columns[FREQUENCY][first + i] = spectrum->frequency_Hz[i];
        columns[REAL][first + i] = read_off(spectrum->real_ohm[i], sigma, 0, random);
        columns[MINUS_IMAGINARY][first + i] =
            -read_off(spectrum->imaginary_ohm[i], sigma, 0, random);
        columns[TIME][first + i] = spectrum->time_s;
        columns[POTENTIAL][first + i] = spectrum->potential_V;
        columns[CYCLE][first + i] = spectrum->cycle;
        columns[TEMPERATURE][first + i] =
            1e-9 * round(1e9 * (spectrum->temperature_K - 273.15)); /* 25, not 24.99999999999997 */
    }
}

/* All spectra in one table. */
static closo_table *spectra_table(const closo_simulation *simulation, double noise,
                                  closo_random *random, closo_arena *arena)
{
    static const struct {
        const char *name;
        closo_quantity quantity;
        const char *unit;
    } names[COLUMNS] = {{"freq/Hz", CLOSO_QUANTITY_FREQUENCY, NULL},
                        {"Re(Z)/Ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
                        {"-Im(Z)/Ohm", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
                        {"time/s", CLOSO_QUANTITY_TIME, NULL},
                        {"<Ewe>/V", CLOSO_QUANTITY_POTENTIAL, NULL},
                        {"cycle number", CLOSO_QUANTITY_CYCLE, NULL},
                        {"Temperature/\302\260C", CLOSO_QUANTITY_TEMPERATURE, "degC"}};
    double *columns[COLUMNS];
    size_t rows = 0, first = 0;
    for (size_t s = 0; s < simulation->spectrum_count; s++)
        rows += simulation->spectra[s].count;
    closo_table *table = closo_table_new(arena, simulation->table->source);
    if (table == NULL)
        return NULL;
    for (size_t c = 0; c < COLUMNS; c++)
        if ((columns[c] = closo_arena_alloc(arena, rows, sizeof **columns)) == NULL)
            return NULL;
    for (size_t s = 0; s < simulation->spectrum_count; s++) {
        fill_spectrum(&simulation->spectra[s], noise, random, columns, first);
        first += simulation->spectra[s].count;
    }
    table->row_count = rows;
    table->format = simulation->table->format;
    table->technique = "PEIS";
    for (size_t c = 0; c < COLUMNS; c++)
        if (closo_table_add_values(table, names[c].name, names[c].unit, names[c].quantity,
                                   columns[c]) == NULL)
            return NULL;
    return table;
}

/* Reference, mass and capacity beside the table, so that closo cycles tells capacities per gram and rates. */
static bool tell_cell(closo_table *table, const closo_cell_file *file)
{
    const closo_cell *cell = &file->cell;
    double active_mg = 1e6 * file->active_kg_per_m2 * cell->area_m2;
    double capacity_mAh = file->capacity_C_per_m2 * cell->area_m2 / 3.6;
    return closo_table_set_text(table, "reference", file->metal) == CLOSO_OK &&
           (!(capacity_mAh > 0) ||
            (closo_table_set_number(table, "characteristic_mass", active_mg, "mg") == CLOSO_OK &&
             closo_table_set_number(table, "battery_capacity", capacity_mAh, "mA.h") == CLOSO_OK));
}

/* The size of what the spectra are of. Between two metals or in front of a foil that is the separator, as in a measured pellet;
 * a composite's resistance is none of the separator's thickness, which has another name there. */
static bool tell_size(closo_table *spectra, const closo_cell_file *file)
{
    const closo_cell *cell = &file->cell;
    const char *thickness = file->composite_kg_per_m2 > 0 ? "separator_thickness" : "thickness";
    return closo_table_set_number(spectra, "electrode_area", 1e4 * cell->area_m2, "cm2") ==
               CLOSO_OK &&
           closo_table_set_number(spectra, thickness, 1e3 * cell->separator_m, "mm") == CLOSO_OK;
}

closo_status closo_simulation_measure(closo_simulation *simulation, const closo_cell_file *file,
                                      const closo_instrument_noise *noise, closo_arena *arena,
                                      closo_error *error)
{
    closo_table *table = simulation->table;
    closo_random random;
    closo_random_seed(&random, noise->seed);
    if (!tell_cell(table, file) ||
        !shake_column(table, CLOSO_QUANTITY_POTENTIAL, noise->potential_V, noise->potential_step_V,
                      &random, arena) ||
        !shake_column(table, CLOSO_QUANTITY_CURRENT, noise->current_A, noise->current_step_A,
                      &random, arena))
        return closo_fail_nomem(error);
    if (simulation->spectrum_count != 0 &&
        ((table->next = spectra_table(simulation, noise->impedance, &random, arena)) == NULL ||
         !tell_size(table->next, file)))
        return closo_fail_nomem(error);
    return CLOSO_OK;
}
