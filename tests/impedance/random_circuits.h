/* SPDX-License-Identifier: BSD-3-Clause */
/* random_circuits.h: spectra of known truth: closed forms of circuits that laboratories meet, with random parameters and
 * noise proportional to |Z|, whole or spoilt in a known way. */
#ifndef CLOSO_TEST_RANDOM_CIRCUITS_H
#define CLOSO_TEST_RANDOM_CIRCUITS_H

#include "closo/impedance.h"
#include "closo/numeric.h"

#include <complex.h>
#include <math.h>

enum circuit_kind {
    TWO_ARCS,          /* R (RQ)(RQ) */
    PELLET,            /* (RQ) Q, blocking electrodes */
    INDUCTIVE_ARC,     /* R L (RQ) */
    BLOCKING_TWO_ARCS, /* (RQ)(RQ) Q */
    WARBURG,           /* R (RQ) W */
    FINITE_SPACE,      /* R L (RQ) and diffusion to a blocking end */
    FINITE_LENGTH,     /* R (RQ) and diffusion to an open end */
    SERIES_CAPACITOR,  /* R L C (RQ) */
    CIRCUIT_KINDS
};

typedef struct random_circuit {
    enum circuit_kind kind;
    double resistance_ohm, inductance_H;
    double arc_ohm[2], tau_s[2], exponent[2];
    double tail_ohm, tail_exponent;
} random_circuit;

enum { SPECTRUM_POINTS = 65 };

typedef struct random_spectrum {
    closo_spectrum spectrum; /* points into the arrays below: do not copy */
    double frequency_Hz[SPECTRUM_POINTS], real_ohm[SPECTRUM_POINTS], imaginary_ohm[SPECTRUM_POINTS];
    double drawn_noise; /* rms of the noise that was added, fraction of |Z| */
} random_spectrum;

static inline double between(closo_random *random, double low, double high)
{
    return low + (high - low) * closo_random_uniform(random);
}

/* Arcs that begin and end within the frequencies, tails that are seen. */
static inline random_circuit random_circuit_draw(closo_random *random, enum circuit_kind kind,
                                                 double high_Hz, double low_Hz)
{
    const double two_pi = 6.28318530717958648;
    double fastest = -log10(two_pi * high_Hz), slowest = -log10(two_pi * low_Hz);
    random_circuit made = {.kind = kind};
    made.arc_ohm[0] = pow(10, between(random, 1, 5));
    made.resistance_ohm = made.arc_ohm[0] * pow(10, between(random, -2, 0));
    made.exponent[0] = between(random, 0.7, 1);
    made.exponent[1] = between(random, 0.7, 1);
    made.tau_s[0] = pow(10, fastest + between(random, 1, 3));
    made.arc_ohm[1] = made.arc_ohm[0] * pow(10, between(random, -1, 0.7));
    made.tau_s[1] = pow(10, slowest - between(random, 1.5, 3.5));
    made.tail_exponent = between(random, 0.6, 0.95);
    made.tail_ohm = made.arc_ohm[0] * pow(10, between(random, -0.5, 0.7));
    made.inductance_H =
        made.resistance_ohm / (two_pi * high_Hz) * pow(10, between(random, -1.5, 0.3));
    return made;
}

static inline double complex circuit_impedance(const random_circuit *circuit, double frequency_Hz)
{
    double complex s = CMPLX(0, 6.28318530717958648 * frequency_Hz), q, z = 0;
    double complex arc[2];
    for (int k = 0; k < 2; k++)
        arc[k] =
            circuit->arc_ohm[k] / (1 + cpow(s * circuit->tau_s[k], CMPLX(circuit->exponent[k], 0)));
    double complex inductance = s * circuit->inductance_H;
    switch (circuit->kind) {
    case TWO_ARCS:
        z = circuit->resistance_ohm + arc[0] + arc[1];
        break;
    case PELLET:
        z = arc[0] +
            circuit->tail_ohm / cpow(s * circuit->tau_s[1], CMPLX(circuit->tail_exponent, 0));
        break;
    case INDUCTIVE_ARC:
        z = circuit->resistance_ohm + inductance + arc[0];
        break;
    case BLOCKING_TWO_ARCS:
        z = arc[0] + arc[1] + circuit->tail_ohm / cpow(s * 1.6, CMPLX(circuit->tail_exponent, 0));
        break;
    case WARBURG:
        z = circuit->resistance_ohm + arc[0] + circuit->tail_ohm / csqrt(s * circuit->tau_s[1]);
        break;
    case FINITE_SPACE:
        q = csqrt(s * circuit->tau_s[1]);
        z = circuit->resistance_ohm + inductance + arc[0] + circuit->tail_ohm / (q * ctanh(q));
        break;
    case FINITE_LENGTH:
        q = csqrt(s * circuit->tau_s[1]);
        z = circuit->resistance_ohm + arc[0] + circuit->tail_ohm * ctanh(q) / q;
        break;
    case SERIES_CAPACITOR:
    case CIRCUIT_KINDS:
        z = circuit->resistance_ohm + inductance + arc[0] +
            circuit->arc_ohm[0] / (s * circuit->tau_s[1]);
        break;
    }
    return z;
}

/* Response of R + (C || Butler-Volmer) to a sine of potential: the first harmonic of 2 i0 sinh(F eta / 2RT), with the
 * amplitude at the interface found by iteration. 51.4 mV = 2RT/F. */
static inline double complex nonlinear_impedance(const random_circuit *circuit, double frequency_Hz,
                                                 double amplitude_V)
{
    double complex s = CMPLX(0, 6.28318530717958648 * frequency_Hz), interface = 0;
    double capacitance_F = circuit->tau_s[1] / circuit->arc_ohm[0], eta_V = amplitude_V;
    for (int round = 0; round < 100; round++) {
        double x = eta_V / 0.0514, term = x / 2, bessel = 0;
        for (int k = 0; k < 30; k++) { /* I1(x), its power series */
            bessel += term;
            term *= x * x / 4 / ((k + 1.0) * (k + 2.0));
        }
        double gain = x > 1e-9 ? 2 * bessel / x : 1;
        interface = 1 / (gain / circuit->arc_ohm[0] + s * capacitance_F);
        eta_V =
            (eta_V + amplitude_V * cabs(interface) / cabs(interface + circuit->resistance_ohm)) / 2;
    }
    return interface + circuit->resistance_ohm;
}

typedef enum fault { FAULT_NONE, FAULT_DRIFT, FAULT_NONLINEAR } fault;

/* Fills a spectrum from high_Hz to low_Hz. size: relative change over the measurement, or the amplitude in volts. */
static inline void random_spectrum_fill(random_spectrum *made, const random_circuit *circuit,
                                        double high_Hz, double low_Hz, double noise,
                                        closo_random *random, fault kind, double size)
{
    double whole_s = 0, time_s = 0, squares = 0;
    for (int i = 0; i < SPECTRUM_POINTS; i++) {
        made->frequency_Hz[i] = high_Hz * pow(low_Hz / high_Hz, i / (SPECTRUM_POINTS - 1.0));
        whole_s += 3 / made->frequency_Hz[i] + 0.2;
    }
    for (int i = 0; i < SPECTRUM_POINTS; i++) {
        double frequency_Hz = made->frequency_Hz[i];
        double complex z = kind == FAULT_NONLINEAR
                               ? nonlinear_impedance(circuit, frequency_Hz, size)
                               : circuit_impedance(circuit, frequency_Hz);
        time_s += 3 / frequency_Hz + 0.2;
        if (kind == FAULT_DRIFT)
            z *= 1 + size * time_s / whole_s;
        double re = noise * closo_random_normal(random), im = noise * closo_random_normal(random);
        made->real_ohm[i] = creal(z) + re * cabs(z);
        made->imaginary_ohm[i] = cimag(z) + im * cabs(z);
        squares += re * re + im * im;
    }
    made->drawn_noise = sqrt(squares / (2 * SPECTRUM_POINTS));
    made->spectrum = (closo_spectrum){.count = SPECTRUM_POINTS,
                                      .frequency_Hz = made->frequency_Hz,
                                      .real_ohm = made->real_ohm,
                                      .imaginary_ohm = made->imaginary_ohm,
                                      .name = "synthetic"};
}

#endif
