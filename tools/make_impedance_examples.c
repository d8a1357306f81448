/* SPDX-License-Identifier: BSD-3-Clause */
/* make_impedance_examples: writes the made-up spectra of examples/impedance. usage: make_impedance_examples FOLDER
 *
 * Closed forms of circuits with noise of 0.2 % of |Z|, so that what closo finds can be held against what was put in.
 * Nothing here is a measurement. */
#include "base/base_internal.h"
#include "closo/instrument.h"
#include "closo/numeric.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>

enum { POINTS = 65 };

typedef struct sample {
    const char *name;
    double resistance_ohm, inductance_H;
    double arc_ohm[2], tau_s[2], exponent[2];
    double tail_ohm, tail_exponent; /* |Z| of the blocking electrodes at 1 rad/s; 0: none */
    double high_Hz, low_Hz;
    double drift; /* relative change of the arcs from start to end */
    uint64_t seed;
} sample;

static double complex impedance(const sample *made, double frequency_Hz, double grown)
{
    double complex s = CMPLX(0, 6.28318530717958648 * frequency_Hz);
    double complex z = made->resistance_ohm + s * made->inductance_H;
    for (int k = 0; k < 2; k++)
        if (made->arc_ohm[k] > 0)
            z += grown * made->arc_ohm[k] /
                 (1 + cpow(s * made->tau_s[k], CMPLX(made->exponent[k], 0)));
    if (made->tail_ohm > 0)
        z += made->tail_ohm / cpow(s, CMPLX(made->tail_exponent, 0));
    return z;
}

static bool write_sample(const sample *made, const char *folder, closo_arena *arena)
{
    static double frequency_Hz[POINTS], real_ohm[POINTS], imaginary_ohm[POINTS];
    double whole_s = 0, time_s = 0;
    closo_random random;
    closo_random_seed(&random, made->seed);
    for (int i = 0; i < POINTS; i++) {
        double exact = made->high_Hz * pow(made->low_Hz / made->high_Hz, i / (POINTS - 1.0));
        frequency_Hz[i] = round(exact / pow(10, floor(log10(exact)) - 4)) *
                          pow(10, floor(log10(exact)) - 4); /* five digits */
        whole_s += 3 / frequency_Hz[i] + 0.2;
    }
    for (int i = 0; i < POINTS; i++) {
        time_s += 3 / frequency_Hz[i] + 0.2;
        double complex z = impedance(made, frequency_Hz[i], 1 + made->drift * time_s / whole_s);
        double unit = pow(10, floor(log10(cabs(z))) - 5);
        real_ohm[i] =
            round((creal(z) + 2e-3 * cabs(z) * closo_random_normal(&random)) / unit) * unit;
        imaginary_ohm[i] =
            round((cimag(z) + 2e-3 * cabs(z) * closo_random_normal(&random)) / unit) * unit;
    }
    const char *path = closo_arena_printf(arena, "%s/%s", folder, made->name);
    closo_table *table = path != NULL ? closo_table_new(arena, path) : NULL;
    if (table == NULL)
        return false;
    table->row_count = POINTS;
    return closo_table_add_values(table, "freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY, frequency_Hz) !=
               NULL &&
           closo_table_add_values(table, "Re(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_REAL,
                                  real_ohm) != NULL &&
           closo_table_add_values(table, "Im(Z)/Ohm", "Ohm", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY,
                                  imaginary_ohm) != NULL &&
           closo_table_write_csv(table, path, arena, NULL) == CLOSO_OK;
}

/* A pellet of 10 mm by 1.2 mm at a temperature: sigma T of grains and boundaries with 0.35 and 0.52 eV. */
static sample pellet_at(double temperature_K, uint64_t seed, const char *name)
{
    const double inverse = (1 / temperature_K - 1 / 300.0) / CLOSO_BOLTZMANN_eV_per_K;
    const double grains_ohm = 3e5 * temperature_K / 300 * exp(0.35 * inverse);
    const double boundaries_ohm = 8e5 * temperature_K / 300 * exp(0.52 * inverse);
    return (sample){.name = name,
                    .arc_ohm = {grains_ohm, boundaries_ohm},
                    .tau_s = {8e-12 * grains_ohm, 1e-9 * boundaries_ohm},
                    .exponent = {0.96, 0.88},
                    .tail_ohm = 1e6,
                    .tail_exponent = 0.85,
                    .high_Hz = 5e6,
                    .low_Hz = 1,
                    .seed = seed};
}

int main(int count, char **words)
{
    static const sample samples[] = {
        {.name = "pellet.csv", /* bulk, grain boundaries, blocking electrodes */
         .arc_ohm = {900, 2600},
         .tau_s = {3e-7, 6e-5},
         .exponent = {0.95, 0.86},
         .tail_ohm = 2.5e4,
         .tail_exponent = 0.88,
         .high_Hz = 5e6,
         .low_Hz = 0.1,
         .seed = 1},
        {.name = "cell.csv", /* cables, electrolyte, two interfaces */
         .resistance_ohm = 12,
         .inductance_H = 4e-7,
         .arc_ohm = {30, 55},
         .tau_s = {2e-4, 0.09},
         .exponent = {0.88, 0.92},
         .high_Hz = 1e6,
         .low_Hz = 0.01,
         .seed = 2},
        {.name =
             "drifting_cell.csv", /* the same, its arcs 15 % larger at the end than at the start */
         .resistance_ohm = 12,
         .inductance_H = 4e-7,
         .arc_ohm = {30, 55},
         .tau_s = {2e-4, 0.09},
         .exponent = {0.88, 0.92},
         .high_Hz = 1e6,
         .low_Hz = 0.01,
         .drift = 0.15,
         .seed = 3},
    };
    if (count != 2) {
        fputs("usage: make_impedance_examples FOLDER\n", stderr);
        return 2;
    }
    closo_arena *arena = closo_arena_new(0);
    bool fine = arena != NULL && closo_folder_make(words[1], NULL) == CLOSO_OK;
    for (size_t i = 0; i < sizeof samples / sizeof *samples && fine; i++)
        fine = write_sample(&samples[i], words[1], arena);
    for (int celsius = 0; celsius <= 100 && fine; celsius += 20) {
        const char *name = closo_arena_printf(arena, "series_%ddegC.csv", celsius);
        sample made = pellet_at(celsius + 273.15, 100 + (uint64_t)celsius, name);
        fine = name != NULL && write_sample(&made, words[1], arena);
    }
    if (!fine)
        fprintf(stderr, "make_impedance_examples: could not write to %s\n", words[1]);
    closo_arena_free(arena);
    return fine ? 0 : 1;
}
