/* SPDX-License-Identifier: BSD-3-Clause */
/* make_examples: writes the made-up measurements of examples/onset/data. usage: make_examples FOLDER
 *
 * They stand in until the simulated cell exists. Each sweep is a double layer with a slight slope, one or two faradaic
 * currents that rise along straight lines from a corner with a little rounding, and noise: enough to show every format and
 * every page of a report, and its corners are known. Nothing here is a measurement, nor a model of one. */
#include "make_mpr.h"

#include "base/base_internal.h"
#include "closo/instrument.h"
#include "closo/numeric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double leak_zero_V = 2.5; /* where the slope of the background crosses zero */

/* A faradaic current: corner, slope of its rise, rounding, and the potential over which it levels off (0: never). */
typedef struct oxidation {
    double corner_V, slope_S, rounding_V, level_off_V;
} oxidation;

typedef struct sample {
    const char *name; /* of the file, without ending */
    double rate_V_per_s, step_V;
    double capacitance_F, leak_S, noise_A;
    oxidation oxidations[2];
    double potentials_V[64]; /* turning points, in order, the first the open-circuit potential */
    size_t potential_count;
    const char *electrolyte, *comments;
    double
        repeated_share; /* of an oxidation, below the highest potential so far; 1: nothing is remembered */
    uint64_t seed;
} sample;

typedef struct measurement {
    size_t count;
    double *time_s, *potential_V, *current_A;
} measurement;

static double faradaic_A(const oxidation *step, double potential_V)
{
    if (!(step->slope_S > 0))
        return 0;
    double over_V = potential_V - step->corner_V, width_V = step->rounding_V;
    double rise_V = over_V > 30 * width_V ? over_V : width_V * log1p(exp(over_V / width_V));
    if (step->level_off_V > 0)
        rise_V = step->level_off_V * tanh(rise_V / step->level_off_V);
    return step->slope_S * rise_V;
}

static bool measure(const sample *made, closo_arena *arena, measurement *result)
{
    size_t capacity = 1;
    for (size_t i = 1; i < made->potential_count; i++)
        capacity +=
            1 +
            (size_t)(fabs(made->potentials_V[i] - made->potentials_V[i - 1]) / made->step_V + 0.5);
    result->time_s = closo_arena_alloc(arena, capacity, sizeof *result->time_s);
    result->potential_V = closo_arena_alloc(arena, capacity, sizeof *result->potential_V);
    result->current_A = closo_arena_alloc(arena, capacity, sizeof *result->current_A);
    if (result->time_s == NULL || result->potential_V == NULL || result->current_A == NULL)
        return false;
    closo_random random;
    closo_random_seed(&random, made->seed);
    double time_s = 0, highest_V = -INFINITY;
    for (size_t leg = 1; leg < made->potential_count; leg++) {
        double from_V = made->potentials_V[leg - 1], to_V = made->potentials_V[leg];
        double sign = to_V > from_V ? 1 : -1;
        size_t points = (size_t)(fabs(to_V - from_V) / made->step_V + 0.5);
        for (size_t i = 0; i < points; i++) {
            double potential_V = from_V + sign * made->step_V * (double)(i + 1);
            double current_A = sign * made->capacitance_F * made->rate_V_per_s +
                               made->leak_S * (potential_V - leak_zero_V) +
                               made->noise_A * closo_random_normal(&random);
            bool fresh = potential_V > highest_V + 0.5 * made->step_V;
            double share = fresh ? 1 : made->repeated_share;
            for (size_t k = 0; k < 2; k++)
                current_A += share * faradaic_A(&made->oxidations[k], potential_V);
            highest_V = fmax(highest_V, potential_V);
            time_s += made->step_V / made->rate_V_per_s;
            size_t row = result->count++;
            result->time_s[row] = time_s;
            result->potential_V[row] = potential_V;
            result->current_A[row] = current_A;
        }
    }
    return true;
}

/* ---- the files ---- */

enum { MPR_BYTES_MAX = 1 << 20, PATH_MAX_BYTES = 1024 };

static bool write_mpr(const sample *made, const measurement *measured, const char *path,
                      closo_arena *arena)
{
    unsigned char *bytes = closo_arena_alloc(arena, MPR_BYTES_MAX, 1);
    double *current_mA = closo_arena_alloc(arena, measured->count, sizeof *current_mA);
    double *oxidising = closo_arena_alloc(arena, measured->count, sizeof *oxidising);
    double *mode = closo_arena_alloc(arena, measured->count, sizeof *mode);
    if (bytes == NULL || current_mA == NULL || oxidising == NULL || mode == NULL)
        return false;
    for (size_t i = 0; i < measured->count; i++) {
        double before_V = i != 0 ? measured->potential_V[i - 1] : made->potentials_V[0];
        current_mA[i] = 1e3 * measured->current_A[i];
        oxidising[i] = measured->potential_V[i] > before_V;
        mode[i] = 2;
    }
    const make_mpr_column columns[] = {{1, MAKE_MPR_FLAG, mode},
                                       {2, MAKE_MPR_FLAG, oxidising},
                                       {4, MAKE_MPR_F64, measured->time_s},
                                       {6, MAKE_MPR_F32, measured->potential_V},
                                       {8, MAKE_MPR_F32, current_mA}};
    const make_mpr_cv cv = {.rate_mV_per_s = 1e3 * made->rate_V_per_s,
                            .first_V = made->potentials_V[1],
                            .second_V = made->potentials_V[made->potential_count > 2 ? 2 : 0],
                            .range_low_V = 0,
                            .range_high_V = 10};
    make_mpr_record record = {.size = 0};
    make_mpr_put_cv(&record, &cv, true);
    const make_mpr spec = {.version = 11,
                           .columns = columns,
                           .column_count = sizeof columns / sizeof *columns,
                           .row_count = measured->count,
                           .technique = MAKE_MPR_CV,
                           .sequences = &record,
                           .sequence_count = 1,
                           .parameter_count = MAKE_MPR_CV_PARAMETERS,
                           .comments = made->comments,
                           .electrolyte = made->electrolyte,
                           .area_cm2 = 1.131,
                           .characteristic_mass_mg = 5,
                           .software = "11.50",
                           .device_serial = "0",
                           .file_name = made->name,
                           .start_days = 44927, /* 2023-01-01 */
                           .range_high_V = 10,
                           .averaged_points = 50};
    size_t size = make_mpr_write(&spec, bytes, MPR_BYTES_MAX);
    return size != 0 && closo_file_write(path, bytes, size, arena, NULL) == CLOSO_OK;
}

static closo_table *make_table(const sample *made, const measurement *measured, const char *path,
                               closo_arena *arena)
{
    closo_table *table = closo_table_new(arena, path);
    float *current = closo_arena_alloc(arena, measured->count, sizeof *current);
    float *potential = closo_arena_alloc(arena, measured->count, sizeof *potential);
    if (table == NULL || current == NULL || potential == NULL)
        return NULL;
    table->technique = "LSV";
    table->row_count = measured->count;
    for (size_t i = 0; i < measured->count; i++) {
        current[i] = (float)(1e3 * measured->current_A[i]);
        potential[i] = (float)measured->potential_V[i];
    }
    const struct {
        const char *name;
        closo_quantity quantity;
        const void *data;
        closo_storage storage;
        size_t stride;
    } columns[] = {
        {"time/s", CLOSO_QUANTITY_TIME, measured->time_s, CLOSO_STORE_F64, sizeof(double)},
        {"Ewe/V", CLOSO_QUANTITY_POTENTIAL, potential, CLOSO_STORE_F32, sizeof(float)},
        {"I/mA", CLOSO_QUANTITY_CURRENT, current, CLOSO_STORE_F32, sizeof(float)},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        closo_column *column =
            closo_table_add_column(table, columns[i].name, NULL, columns[i].quantity);
        if (column == NULL)
            return NULL;
        column->data = columns[i].data;
        column->storage = columns[i].storage;
        column->stride_bytes = columns[i].stride;
    }
    bool fine =
        closo_table_set_number(table, "scan_rate", 1e3 * made->rate_V_per_s, "mV/s") == CLOSO_OK &&
        closo_table_set_number(table, "electrode_area", 1.131, "cm2") == CLOSO_OK &&
        closo_table_set_text(table, "comments", made->comments) == CLOSO_OK;
    return fine ? table : NULL;
}

/* Gamry's text, with the decimal commas of a German machine. */
static bool write_dta(const sample *made, const measurement *measured, const char *path,
                      closo_arena *arena)
{
    closo_output *output;
    if (closo_output_open(path, arena, &output, NULL) != CLOSO_OK)
        return false;
    closo_output_printf(output,
                        "EXPLAIN\nTAG\tCV\nTITLE\tLABEL\tCyclic Voltammetry\tTest &Identifier\n"
                        "NOTES\tNOTES\t1\t&Notes...\n\t%s\n"
                        "SCANRATE\tQUANT\t%s\t&Scan Rate (mV/s)\n"
                        "AREA\tQUANT\t1,13100E+000\tElectrode &Area (cm^2)\n"
                        "CURVE\tTABLE\t%zu\n\tPt\tT\tVf\tIm\n\t#\ts\tV vs. Ref.\tA\n",
                        made->comments, "1,00000E-002", measured->count);
    for (size_t i = 0; i < measured->count; i++) {
        char row[96];
        snprintf(row, sizeof row, "\t%zu\t%.6g\t%.5E\t%.5E\n", i, measured->time_s[i],
                 measured->potential_V[i], measured->current_A[i]);
        for (char *point = row; (point = strchr(point, '.')) != NULL;)
            *point = ',';
        closo_output_write(output, row, strlen(row));
    }
    return closo_output_commit(output, NULL) == CLOSO_OK;
}

static bool write_sample(const sample *made, const char *folder, closo_arena *arena)
{
    char path[PATH_MAX_BYTES];
    measurement measured = {0};
    snprintf(path, sizeof path, "%s/%s", folder, made->name);
    if (!measure(made, arena, &measured))
        return false;
    const char *ending = strchr(made->name, '.');
    if (strcmp(ending, ".mpr") == 0)
        return write_mpr(made, &measured, path, arena);
    if (strcmp(ending, ".DTA") == 0)
        return write_dta(made, &measured, path, arena);
    const closo_table *table = make_table(made, &measured, path, arena);
    closo_status status = CLOSO_NOMEM;
    if (table != NULL)
        status = strcmp(ending, ".mpt") == 0 ? closo_table_write_mpt(table, path, arena, NULL)
                                             : closo_table_write_bdf(table, path, arena, NULL);
    return status == CLOSO_OK;
}

/* A vertex that rises from 2.8 V in steps of 0.1 V, from 4.0 V on of 0.05 V, always from 2.5 V: chapter 5, Fig. 2b. */
static sample stepwise(void)
{
    sample made = {.name = "na4cb11b12_stepwise.mpr",
                   .rate_V_per_s = 50e-6,
                   .step_V = 0.01,
                   .capacitance_F = 2e-3,
                   .leak_S = 2e-9,
                   .noise_A = 2e-9,
                   .oxidations = {{2.95, 0.25e-6, 0.02, 0.3}, {4.2, 8e-6, 0.02, 0}},
                   .repeated_share = 0.06,
                   .electrolyte = "Na4(CB11H12)2(B12H12)",
                   .comments = "synthetic, tools/make_examples.c",
                   .seed = 5};
    made.potentials_V[made.potential_count++] = 2.5;
    for (double vertex_V = 2.8; vertex_V < 4.55; vertex_V += vertex_V < 3.95 ? 0.1 : 0.05) {
        made.potentials_V[made.potential_count++] = vertex_V;
        made.potentials_V[made.potential_count++] = 2.5;
    }
    return made;
}

int main(int count, char **words)
{
    if (count != 2) {
        fputs("usage: make_examples FOLDER\n", stderr);
        return 2;
    }
    /* Corners at the onsets that the thesis measured (chapters 4 and 5), so that the pages look familiar. */
    const sample samples[] = {
        {.name = "na2b12h12_10uV.mpr",
         .rate_V_per_s = 10e-6,
         .step_V = 1e-3,
         .capacitance_F = 8e-3,
         .leak_S = 6e-9,
         .noise_A = 8e-9,
         .oxidations = {{3.45, 2.4e-6, 0.012, 0}},
         .potentials_V = {2.5, 4.3},
         .potential_count = 2,
         .repeated_share = 1,
         .electrolyte = "Na2B12H12",
         .comments = "synthetic, tools/make_examples.c",
         .seed = 1},
        {.name = "nacb11h12_10uV.mpt",
         .rate_V_per_s = 10e-6,
         .step_V = 4e-3,
         .capacitance_F = 8e-3,
         .leak_S = 5e-9,
         .noise_A = 6e-9,
         .oxidations = {{4.20, 6e-6, 0.015, 0}},
         .potentials_V = {2.5, 5.0},
         .potential_count = 2,
         .repeated_share = 1,
         .electrolyte = "NaCB11H12",
         .comments = "synthetic, tools/make_examples.c",
         .seed = 2},
        {.name = "na4cb11b12_10uV.bdf.csv",
         .rate_V_per_s = 10e-6,
         .step_V = 2e-3,
         .capacitance_F = 8e-3,
         .leak_S = 3e-9,
         .noise_A = 5e-9,
         .oxidations = {{2.93, 0.6e-6, 0.012, 0.35}, {4.07, 9e-6, 0.015, 0}},
         .potentials_V = {2.5, 4.5},
         .potential_count = 2,
         .repeated_share = 1,
         .electrolyte = "Na4(CB11H12)2(B12H12)",
         .comments = "synthetic, tools/make_examples.c",
         .seed = 3},
        {.name = "libh4_10uV.DTA",
         .rate_V_per_s = 10e-6,
         .step_V = 2e-3,
         .capacitance_F = 3e-3,
         .leak_S = 4e-9,
         .noise_A = 6e-9,
         .oxidations = {{2.04, 3e-6, 0.012, 0}},
         .potentials_V = {1.9, 1.5, 2.9},
         .potential_count = 3,
         .repeated_share = 1,
         .electrolyte = "LiBH4",
         .comments = "synthetic, tools/make_examples.c",
         .seed = 4},
    };
    closo_arena *arena = closo_arena_new(0);
    const sample steps = stepwise();
    bool fine = arena != NULL && closo_folder_make(words[1], NULL) == CLOSO_OK;
    for (size_t i = 0; i < sizeof samples / sizeof *samples && fine; i++)
        fine = write_sample(&samples[i], words[1], arena);
    fine = fine && write_sample(&steps, words[1], arena);
    if (!fine)
        fprintf(stderr, "make_examples: could not write to %s\n", words[1]);
    closo_arena_free(arena);
    return fine ? 0 : 1;
}
