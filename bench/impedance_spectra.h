/* SPDX-License-Identifier: BSD-3-Clause */
/* impedance_spectra.h: the spectra that closo and its peers are given: R(RQ)(RQ), 65 frequencies from 1 MHz to 10 mHz,
 * 0.3 % noise. They are written as text for the peers, 17 digits, so that all see the same numbers. */
#ifndef CLOSO_BENCH_IMPEDANCE_SPECTRA_H
#define CLOSO_BENCH_IMPEDANCE_SPECTRA_H

#include "closo/impedance.h"
#include "closo/numeric.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SPECTRA = 24, POINTS = 65 };

typedef struct bench_spectrum {
    double frequency_Hz[POINTS], real_ohm[POINTS], imaginary_ohm[POINTS];
    double arc_ohm[2], tau_s[2];
} bench_spectrum;

static inline void bench_spectrum_make(closo_random *random, bench_spectrum *made)
{
    double resistance_ohm = 5 + 45 * closo_random_uniform(random), exponent[2];
    for (int k = 0; k < 2; k++) {
        made->arc_ohm[k] = 20 + 180 * closo_random_uniform(random);
        made->tau_s[k] = pow(10, (k == 0 ? -4.5 : -1.5) + closo_random_uniform(random));
        exponent[k] = 0.75 + 0.2 * closo_random_uniform(random);
    }
    for (int i = 0; i < POINTS; i++) {
        double f = pow(10, 6 - 8.0 * i / (POINTS - 1));
        double complex z = resistance_ohm;
        for (int k = 0; k < 2; k++)
            z += made->arc_ohm[k] / (1 + cpow(CMPLX(0, 6.28318530717958648 * f * made->tau_s[k]),
                                              CMPLX(exponent[k], 0)));
        made->frequency_Hz[i] = f;
        made->real_ohm[i] = creal(z) + 0.003 * cabs(z) * closo_random_normal(random);
        made->imaginary_ohm[i] = cimag(z) + 0.003 * cabs(z) * closo_random_normal(random);
    }
}

/* All spectra, also written to FOLDER/spectrum_00.csv and so on. */
static inline bool bench_spectra_make(const char *folder, bench_spectrum *made)
{
    closo_random random;
    closo_random_seed(&random, 65);
    for (int s = 0; s < SPECTRA; s++) {
        char path[1024];
        bench_spectrum_make(&random, &made[s]);
        snprintf(path, sizeof path, "%s/spectrum_%02d.csv", folder, s);
        FILE *file = fopen(path, "w");
        if (file == NULL)
            return false;
        for (int i = 0; i < POINTS; i++)
            fprintf(file, "%.17g,%.17g,%.17g\n", made[s].frequency_Hz[i], made[s].real_ohm[i],
                    made[s].imaginary_ohm[i]);
        if (fclose(file) != 0)
            return false;
    }
    return true;
}

static inline closo_spectrum bench_spectrum_view(const bench_spectrum *made)
{
    return (closo_spectrum){.count = POINTS,
                            .frequency_Hz = made->frequency_Hz,
                            .real_ohm = made->real_ohm,
                            .imaginary_ohm = made->imaginary_ohm,
                            .name = "bench"};
}

/* Processor time, so that other work on the machine counts for neither side. */
static inline double processor_ms(void)
{
    return 1e3 * (double)clock() / CLOCKS_PER_SEC;
}

static inline int ascending(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static inline double median_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

#endif
