/* SPDX-License-Identifier: BSD-3-Clause */
/* fit_cell.h: a small cell for the tests of the fit, and measurements of it with noise. */
#ifndef CLOSO_TEST_FIT_CELL_H
#define CLOSO_TEST_FIT_CELL_H

#include "support.h"

#include "base/base_internal.h"
#include "closo/cell_fit.h"
#include "closo/numeric.h"

#include <math.h>
#include <string.h>

/* One particle on a line as open-circuit curve, nothing that oxidises. "SHELLS" stands for the number of shells. */
static const char fit_cell_text[] =
    "name: cell for a fit\n"
    "area: 1 cm2        # of the pellet\n"
    "nodes: 1\n"
    "shells: SHELLS\n"
    "series_resistance: 10 ohm cm2\n"
    "working_electrode:\n"
    "  mass: 2 mg\n"
    "  electron_conductivity: 1 S/cm\n"
    "  parts:\n"
    "    - {role: active, material: line, share: 70 %, usable: 90 %, filled_at_start: 60 %}\n"
    "    - {role: electrolyte, material: glass, share: 30 %}\n"
    "electrolyte: {material: glass, thickness: 500 um}\n"
    "counter_electrode: {material: metal}\n"
    "materials:\n"
    "  active_materials:\n"
    "    - name: line\n"
    "      capacity: {value: 100 mAh/g, assumed: a test}\n"
    "      density: {value: 3 g/cm3, assumed: a test}\n"
    "      particle_diameter: {value: 4 um, assumed: a test}\n"
    "      diffusivity: {value: 2e-14 m2/s, assumed: a test}\n"
    "      exchange_current: {value: 0.5 A/m2, assumed: a test}\n"
    "      filling_exponent: {value: 0, assumed: a test}\n"
    "      double_layer: {value: 0.1 F/m2, assumed: a test}\n"
    "      open_circuit:\n"
    "        filled: [0, 1]\n"
    "        potential: [4.1 V, 3.1 V]\n"
    "        assumed: a test\n"
    "  electrolytes:\n"
    "    - name: glass\n"
    "      molar_mass: {value: 100 g/mol, assumed: a test}\n"
    "      density: {value: 2 g/cm3, assumed: a test}\n"
    "      conductivity: {value: 1 mS/cm, assumed: a test}\n"
    "  metals:\n"
    "    - name: metal\n"
    "      resistance: {value: 20 ohm cm2, assumed: a test}\n"
    "      double_layer: {value: 0.05 F/m2, assumed: a test}\n";

static inline char *fit_text(const char *shells, closo_arena *arena)
{
    const char *at = strstr(fit_cell_text, "SHELLS");
    return closo_arena_printf(arena, "%.*s%s%s", (int)(at - fit_cell_text), fit_cell_text, shells,
                              at + 6);
}

static inline closo_cell_description *fit_description(const char *shells, closo_arena *arena)
{
    closo_cell_description *description = NULL;
    closo_error error = {0};
    const char *text = fit_text(shells, arena);
    if (closo_cell_description_parse("cell.yaml", text, strlen(text), arena, &description,
                                     &error) != CLOSO_OK)
        fail_msg("line %d: %s", (int)error.line, error.message);
    return description;
}

static inline closo_fit_parameter fit_parameter(closo_cell_description *description,
                                                const char *words, closo_arena *arena)
{
    closo_fit_parameter parameter;
    closo_error error = {0};
    if (closo_fit_parameter_parse(description, words, arena, &parameter, &error) != CLOSO_OK)
        fail_msg("%s: %s", words, error.message);
    return parameter;
}

static inline closo_simulation *fit_simulate(const char *shells, const char *steps,
                                             double tolerance, closo_arena *arena)
{
    closo_cell_file *file;
    closo_experiment experiment;
    closo_simulation *made;
    closo_error error = {0};
    const closo_simulation_options options = {.relative_tolerance = tolerance};
    const char *text = fit_text(shells, arena);
    if (closo_cell_parse("truth.yaml", text, strlen(text), arena, &file, &error) != CLOSO_OK ||
        closo_experiment_parse(steps, file->capacity_C_per_m2, arena, &experiment, &error) !=
            CLOSO_OK ||
        closo_cell_simulate(&file->cell, &experiment, &options, NULL, arena, &made, &error) !=
            CLOSO_OK)
        fail_msg("%s", error.message);
    return made;
}

/* A copy of the table in which one quantity (in SI) carries normal noise. */
static inline closo_table *fit_noisy(const closo_table *exact, closo_quantity quantity,
                                     double sigma, closo_random *random, closo_arena *arena)
{
    closo_table *table = closo_arena_copy(arena, exact, 1, sizeof *table);
    table->columns =
        closo_arena_copy(arena, exact->columns, exact->column_count, sizeof *table->columns);
    for (size_t c = 0; c < table->column_count; c++) {
        closo_column *column = &table->columns[c];
        if (column->quantity != quantity)
            continue;
        double *values = closo_column_values_si(column, table->row_count, arena);
        for (size_t row = 0; row < table->row_count; row++)
            values[row] = (values[row] + sigma * closo_random_normal(random)) / column->si_factor;
        column->data = (const unsigned char *)values;
    }
    return table;
}

/* All spectra of a simulation in one table, each part with noise relative to |Z|. */
static inline closo_table *fit_spectra(const closo_simulation *made, double sigma,
                                       closo_random *random, closo_arena *arena)
{
    size_t rows = 0, row = 0;
    for (size_t s = 0; s < made->spectrum_count; s++)
        rows += made->spectra[s].count;
    closo_table *table = closo_table_new(arena, "spectra");
    double *values[4];
    static const char *const names[] = {"freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm", "time/s"};
    static const closo_quantity quantities[] = {
        CLOSO_QUANTITY_FREQUENCY, CLOSO_QUANTITY_IMPEDANCE_REAL,
        CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, CLOSO_QUANTITY_TIME};
    for (size_t c = 0; c < 4; c++)
        values[c] = closo_arena_alloc(arena, rows, sizeof **values);
    for (size_t s = 0; s < made->spectrum_count; s++)
        for (size_t i = 0; i < made->spectra[s].count; i++, row++) {
            const closo_spectrum *spectrum = &made->spectra[s];
            double size = sigma * hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
            values[0][row] = spectrum->frequency_Hz[i];
            values[1][row] = spectrum->real_ohm[i] + size * closo_random_normal(random);
            values[2][row] = -spectrum->imaginary_ohm[i] + size * closo_random_normal(random);
            values[3][row] = spectrum->time_s;
        }
    table->row_count = rows;
    for (size_t c = 0; c < 4; c++)
        assert_non_null(closo_table_add_values(table, names[c], NULL, quantities[c], values[c]));
    return table;
}

#endif
