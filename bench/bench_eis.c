/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_eis.c: time of a circuit fit and how many are right. Makes 24 spectra of each of three circuits (65 points, 1 MHz
 * to 10 mHz, 0.3 % noise; written down here with C's complex functions), with a guess that is off by up to a factor 3 and
 * 0.1 in exponents; writes them for the peers, and fits them with the guess and without. Right: every parameter within
 * 15 %. The time is what a user pays: model, fit, errors, notes.
 * bench_eis SPECTRA.json prints a line of JSON for each way. */
#define _POSIX_C_SOURCE 200809L
#include "closo/impedance.h"
#include "closo/numeric.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SPECTRA = 24, POINTS = 65, PARAMETERS_MAX = 7, REPEATS = 3, KINDS = 3 };

static const char *const circuits[KINDS] = {"R0-p(R1,CPE1)-p(R2,CPE2)", "R0-CPE1",
                                            "p(R1,CPE1)-CPE2"};

typedef struct sample {
    double truth[PARAMETERS_MAX], guess[PARAMETERS_MAX];
    double frequency_Hz[POINTS], real_ohm[POINTS], imaginary_ohm[POINTS];
} sample;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double between(closo_random *random, double low, double high)
{
    return low + (high - low) * closo_random_uniform(random);
}

static double decades(closo_random *random, double low, double high)
{
    return pow(10, between(random, low, high));
}

/* Resistance, time constant and exponent of an arc to R, Q, n. */
static void set_arc(double *p, double ohm, double tau_s, double n)
{
    p[0] = ohm;
    p[1] = pow(tau_s, n) / ohm;
    p[2] = n;
}

static void draw(int kind, closo_random *random, double *p)
{
    if (kind == 0) {
        double tau = decades(random, -5, -3.7);
        p[0] = decades(random, 0.5, 2);
        set_arc(p + 1, p[0] * decades(random, 0, 1), tau, between(random, 0.8, 0.95));
        set_arc(p + 4, p[0] * decades(random, 0, 1), tau * decades(random, 2, 3),
                between(random, 0.8, 0.95));
    } else if (kind == 1) {
        p[0] = decades(random, 0, 3);
        p[1] = decades(random, -7, -4);
        p[2] = between(random, 0.7, 0.95);
    } else {
        set_arc(p, decades(random, 4, 6), decades(random, -5.5, -3.5), between(random, 0.85, 0.97));
        p[3] = decades(random, -6.3, -5);
        p[4] = between(random, 0.6, 0.9);
    }
}

static double complex arc(const double *p, double complex s)
{
    return 1 / (1 / p[0] + p[1] * cpow(s, p[2]));
}

static double complex impedance(int kind, const double *p, double complex s)
{
    if (kind == 0)
        return p[0] + arc(p + 1, s) + arc(p + 4, s);
    return kind == 1 ? p[0] + 1 / (p[1] * cpow(s, p[2])) : arc(p, s) + 1 / (p[3] * cpow(s, p[4]));
}

static void make(int kind, const closo_circuit *circuit, closo_random *random, sample *made)
{
    draw(kind, random, made->truth);
    for (size_t i = 0; i < POINTS; i++) {
        made->frequency_Hz[i] = pow(10, 6 - 8.0 * (double)i / (POINTS - 1));
        double complex z =
            impedance(kind, made->truth, CMPLX(0, 6.283185307179586 * made->frequency_Hz[i]));
        double sigma = 0.003 * cabs(z);
        made->real_ohm[i] = creal(z) + sigma * closo_random_normal(random);
        made->imaginary_ohm[i] = cimag(z) + sigma * closo_random_normal(random);
    }
    for (size_t k = 0; k < circuit->parameter_count; k++)
        made->guess[k] = circuit->parameters[k].exponent
                             ? fmin(0.99, made->truth[k] + between(random, -0.1, 0.1))
                             : made->truth[k] * pow(3, between(random, -1, 1));
}

static void write_list(FILE *file, const char *key, const double *values, size_t count,
                       const char *end)
{
    fprintf(file, "\"%s\": [", key);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%s%.17g", i == 0 ? "" : ", ", values[i]);
    fprintf(file, "]%s", end);
}

static void write_sample(FILE *file, const closo_circuit *circuit, int kind, const sample *made)
{
    fprintf(file, "{\"circuit\": \"%s\", ", circuits[kind]);
    write_list(file, "truth", made->truth, circuit->parameter_count, ", ");
    write_list(file, "guess", made->guess, circuit->parameter_count, ", ");
    write_list(file, "frequency_Hz", made->frequency_Hz, POINTS, ", ");
    write_list(file, "real_ohm", made->real_ohm, POINTS, ", ");
    write_list(file, "imaginary_ohm", made->imaginary_ohm, POINTS, "}\n");
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Median over the spectra of the least of three runs; the number that is right. */
static void measure(int kind, const closo_circuit *circuit, const sample *samples, bool with_guess)
{
    double times_s[SPECTRA];
    size_t right = 0;
    for (size_t i = 0; i < SPECTRA; i++) {
        const closo_spectrum spectrum = {.count = POINTS,
                                         .frequency_Hz = samples[i].frequency_Hz,
                                         .real_ohm = samples[i].real_ohm,
                                         .imaginary_ohm = samples[i].imaginary_ohm};
        const closo_circuit_fit_options options = {.guess = with_guess ? samples[i].guess : NULL};
        bool good = false;
        times_s[i] = INFINITY;
        for (size_t r = 0; r < REPEATS; r++) {
            closo_arena *arena = closo_arena_new(0);
            closo_circuit_fit *fit = NULL;
            double start_s = now_s();
            good = closo_circuit_fit_spectrum(circuit, &spectrum, &options, arena, &fit, NULL) ==
                   CLOSO_OK;
            times_s[i] = fmin(times_s[i], now_s() - start_s);
            for (size_t k = 0; good && k < circuit->parameter_count; k++)
                good = fabs(fit->parameters[k].value / samples[i].truth[k] - 1) < 0.15;
            closo_arena_free(arena);
        }
        right += good;
    }
    qsort(times_s, SPECTRA, sizeof *times_s, by_size);
    printf(
        "{\"way\": \"closo%s\", \"circuit\": \"%s\", \"median_s\": %.9g, \"right\": %zu, \"of\": %d}\n",
        with_guess ? "" : ", no guess", circuits[kind],
        0.5 * (times_s[SPECTRA / 2 - 1] + times_s[SPECTRA / 2]), right, SPECTRA);
}

int main(int argc, char **argv)
{
    static sample samples[SPECTRA];
    FILE *file = argc == 2 ? fopen(argv[1], "w") : NULL;
    closo_arena *arena = closo_arena_new(0);
    closo_random random;
    closo_random_seed(&random, 20260101);
    if (file == NULL || arena == NULL) {
        fputs("usage: bench_eis SPECTRA.json (to be written)\n", stderr);
        return 2;
    }
    for (int kind = 0; kind < KINDS; kind++) {
        closo_circuit circuit;
        if (closo_circuit_parse(circuits[kind], arena, &circuit, NULL) != CLOSO_OK)
            return 1;
        for (size_t i = 0; i < SPECTRA; i++) {
            make(kind, &circuit, &random, &samples[i]);
            write_sample(file, &circuit, kind, &samples[i]);
        }
        measure(kind, &circuit, samples, true);
        measure(kind, &circuit, samples, false);
    }
    closo_arena_free(arena);
    return fclose(file) == 0 ? 0 : 1;
}
