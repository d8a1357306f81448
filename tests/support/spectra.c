/* SPDX-License-Identifier: BSD-3-Clause */
#include "spectra.h"

#include <complex.h>
#include <math.h>

static double complex impedance(const truth *of, double omega)
{
    const double complex s = CMPLX(0, omega);
    double complex z = of->r0;
    for (size_t a = 0; a < of->arcs; a++)
        z += 1 / (1 / of->r[a] + of->q[a] * cpow(s, of->n[a]));
    if (of->tail_q > 0)
        z += 1 / (of->tail_q * cpow(s, of->tail_n));
    return z;
}

void make_spectrum(const truth *of, double high_Hz, double low_Hz, size_t count, double noise,
                   closo_random *random, made_spectrum *into)
{
    for (size_t i = 0; i < count; i++) {
        double share = (double)i / (double)(count - 1);
        into->frequency_Hz[i] = high_Hz * pow(low_Hz / high_Hz, share);
        double complex z = impedance(of, 6.283185307179586 * into->frequency_Hz[i]);
        double sigma = noise * cabs(z);
        into->real_ohm[i] = creal(z) + sigma * closo_random_normal(random);
        into->imaginary_ohm[i] = cimag(z) + sigma * closo_random_normal(random);
    }
    const double unknown = NAN;
    into->spectrum = (closo_spectrum){.count = count,
                                      .frequency_Hz = into->frequency_Hz,
                                      .real_ohm = into->real_ohm,
                                      .imaginary_ohm = into->imaginary_ohm,
                                      .name = "made",
                                      .temperature_K = unknown,
                                      .time_s = unknown,
                                      .cycle = unknown,
                                      .potential_V = unknown,
                                      .amplitude = unknown,
                                      .thickness_m = unknown,
                                      .area_m2 = unknown};
}

double uniform_between(closo_random *random, double low, double high)
{
    return low + (high - low) * closo_random_uniform(random);
}

static double decades(closo_random *random, double low, double high)
{
    return pow(10, uniform_between(random, low, high));
}

truth draw_pellet(closo_random *random, double *values)
{
    double n = uniform_between(random, 0.85, 0.97), r = decades(random, 4, 6),
           tau = decades(random, -5.5, -3.5);
    truth t = {.arcs = 1,
               .r = {r},
               .q = {pow(tau, n) / r},
               .n = {n},
               .tail_q = decades(random, -6.3, -5),
               .tail_n = uniform_between(random, 0.6, 0.9)};
    const double list[] = {t.r[0], t.q[0], t.n[0], t.tail_q, t.tail_n};
    for (size_t k = 0; k < 5; k++)
        values[k] = list[k];
    return t;
}

truth draw_cell(closo_random *random, double *values)
{
    truth t = {.arcs = 2, .r0 = decades(random, 0.5, 2)};
    double tau = decades(random, -5, -3.7);
    for (size_t a = 0; a < 2; a++) {
        t.r[a] = a == 0 ? decades(random, 1.2, 3) : t.r[0] * decades(random, -0.3, 0.7);
        t.n[a] = uniform_between(random, 0.8, 0.95);
        t.q[a] = pow(tau, t.n[a]) / t.r[a];
        tau *= decades(random, 2, 3);
    }
    const double list[] = {t.r0, t.r[0], t.q[0], t.n[0], t.r[1], t.q[1], t.n[1]};
    for (size_t k = 0; k < 7; k++)
        values[k] = list[k];
    return t;
}
