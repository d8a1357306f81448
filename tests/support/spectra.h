/* SPDX-License-Identifier: BSD-3-Clause */
/* spectra.h: impedance spectra of known truth. The formulas are written here again, with C's own complex functions: nothing
 * of the library's circuits is used. */
#ifndef CLOSO_TEST_SPECTRA_H
#define CLOSO_TEST_SPECTRA_H

#include "closo/impedance.h"
#include "closo/numeric.h"

enum { TRUTH_ARCS_MAX = 3, SPECTRUM_POINTS_MAX = 200 };

/* R0 + arcs (R || Q) + tail Q; what is 0 is not there. */
typedef struct truth {
    double r0, r[TRUTH_ARCS_MAX], q[TRUTH_ARCS_MAX], n[TRUTH_ARCS_MAX], tail_q, tail_n;
    size_t arcs;
} truth;

typedef struct made_spectrum {
    double frequency_Hz[SPECTRUM_POINTS_MAX], real_ohm[SPECTRUM_POINTS_MAX],
        imaginary_ohm[SPECTRUM_POINTS_MAX];
    closo_spectrum spectrum; /* borrows the arrays; its place must not change */
} made_spectrum;

/* count points from high to low, Gaussian noise of `noise` times |Z| on each part. */
void make_spectrum(const truth *of, double high_Hz, double low_Hz, size_t count, double noise,
                   closo_random *random, made_spectrum *into);
/* A pellet between blocking electrodes, (RQ)Q, and a cell R(RQ)(RQ), drawn at random; the parameters in the order of these
 * circuits in values. */
truth draw_pellet(closo_random *random, double *values);
truth draw_cell(closo_random *random, double *values);
double uniform_between(closo_random *random, double low, double high);

#endif
