/* SPDX-License-Identifier: BSD-3-Clause */
/* make_symmetric_examples: writes the made-up measurements of examples/symmetric/data. usage: make_symmetric_examples
 * FOLDER
 *
 * Nothing here is a measurement: closed formulas with noise, so that what the analyses should find is known.
 *   interphase.csv    R0 = 29.6 ohm cm2, k = 14.6 ohm cm2 h^-1/2, each point with its sigma
 *   stripping.csv     1.131 cm2, the current density raised by 0.02 mA/cm2 each cycle, 0.2 mAh/cm2 per half cycle; a soft
 *                     short at 0.14 mA/cm2, a short at 0.18
 *   polarisation.csv  0.25, 0.5, 0.75 and 1 V for 24 h each with rests between, 5e-9 S/cm, 1.131 cm2, 1 mm */
#include "base/base_internal.h"
#include "closo/numeric.h"

#include <math.h>
#include <stdio.h>

typedef struct writer {
    closo_output *output;
    closo_random random;
    double time_s;
} writer;

static void put_row(writer *to, double potential_V, double current_mA)
{
    closo_output_printf(to->output, "%.0f,%.6f,%.6e\n", to->time_s, potential_V, current_mA);
}

/* ---- growth ---- */

static void write_interphase(writer *to)
{
    closo_output_printf(to->output, "time/h,R/ohm cm2,sigma/ohm cm2\n");
    for (int hours = 2; hours <= 80; hours += 2) {
        double sigma = 0.8 + 0.01 * hours;
        double resistance = 29.6 + 14.6 * sqrt(hours) + sigma * closo_random_normal(&to->random);
        closo_output_printf(to->output, "%d,%.2f,%.2f\n", hours, resistance, sigma);
    }
}

/* ---- stripping and plating ---- */

static const double area_cm2 = 1.131, resistance_ohm_cm2 = 440;

/* Resistance over that of the whole cell at a share of the half cycle: a peak where metal nucleates, a rise where it is
 * used up, and what the shorts leave. */
static double shape(double density_mA_cm2, int direction, double share)
{
    if (density_mA_cm2 > 0.19 || (density_mA_cm2 > 0.17 && direction < 0 && share > 0.55))
        return 0.03;
    bool soft = density_mA_cm2 > 0.13 && density_mA_cm2 < 0.15 && direction > 0;
    double arc = 1 + 0.12 * exp(-share / 0.05) + 0.08 * pow(share, 6);
    return soft && share > 0.4 && share < 0.6 ? 0.6 * arc : arc;
}

static void write_stripping(writer *to)
{
    closo_output_printf(to->output, "time/s,Ewe/V,I/mA\n");
    for (int i = 0; i < 30; i++, to->time_s += 120)
        put_row(to, 2e-5 * closo_random_normal(&to->random), 0);
    for (int step = 2; step <= 10; step++) {
        double density = 0.02 * step;
        double duration_s = 3600 * 0.2 / density, interval_s = duration_s / 24;
        for (int direction = 1; direction >= -1; direction -= 2) {
            for (int i = 1; i <= 24; i++) {
                to->time_s += interval_s;
                double drop_V =
                    1e-3 * density * resistance_ohm_cm2 * shape(density, direction, i / 24.0);
                put_row(to, direction * drop_V + 1e-4 * closo_random_normal(&to->random),
                        direction * density * area_cm2);
            }
        }
    }
}

/* ---- polarisation ---- */

static void write_polarisation(writer *to)
{
    const double conductance_S = 5e-9 * area_cm2 / 0.1, rest_s = 86400, hold_s = 86400;
    closo_output_printf(to->output, "time/s,Ewe/V,I/mA\n");
    for (int step = 1; step <= 4; step++) {
        double applied_V = 0.25 * step;
        for (double at_s = 0; at_s < rest_s; at_s += 3600, to->time_s += 3600)
            put_row(to, 0.002 * exp(-at_s / 2e4) + 2e-5 * closo_random_normal(&to->random), 0);
        double start_s = to->time_s;
        for (int i = 0; i < 300; i++) {
            double at_s = 10 + (hold_s - 20) * pow(i / 299.0, 2);
            to->time_s = start_s + at_s;
            double current_A = conductance_S * applied_V *
                               (1 + 6 * exp(-at_s / 4000) + 3 * exp(-at_s / 600) +
                                0.02 * closo_random_normal(&to->random));
            put_row(to, applied_V + 2e-5 * closo_random_normal(&to->random), 1e3 * current_A);
        }
        to->time_s = start_s + hold_s;
    }
}

int main(int count, char **words)
{
    static const struct {
        const char *name;
        void (*write)(writer *to);
    } files[] = {{"interphase.csv", write_interphase},
                 {"stripping.csv", write_stripping},
                 {"polarisation.csv", write_polarisation}};
    if (count != 2) {
        fputs("usage: make_symmetric_examples FOLDER\n", stderr);
        return 2;
    }
    closo_arena *arena = closo_arena_new(0);
    bool fine = arena != NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files && fine; i++) {
        char path[1024];
        writer to = {0};
        snprintf(path, sizeof path, "%s/%s", words[1], files[i].name);
        closo_random_seed(&to.random, 2021 + i);
        fine = closo_output_open(path, arena, &to.output, NULL) == CLOSO_OK;
        if (!fine)
            break;
        files[i].write(&to);
        fine = closo_output_commit(to.output, NULL) == CLOSO_OK;
    }
    closo_arena_free(arena);
    if (!fine)
        fputs("make_symmetric_examples: the files could not be written\n", stderr);
    return fine ? 0 : 1;
}
