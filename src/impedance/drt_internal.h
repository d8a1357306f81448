/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_internal.h: the distribution of relaxation times between its files.
 *
 * The unknowns x are the distribution at the grid's time constants, each divided by `scale` (|Z| at 1/tau), then the
 * resistance, the inductance and the inverse series capacitance, each in units that give its column length 1. Rows are
 * those of kk_internal.h: real parts, then imaginary parts, divided by |Z|. */
#ifndef CLOSO_DRT_INTERNAL_H
#define CLOSO_DRT_INTERNAL_H

#include "impedance/kk_internal.h"

enum { DRT_FIXED = 3 };

typedef struct drt_system {
    kk_data data;
    size_t grid, unknowns; /* unknowns = grid + DRT_FIXED */
    double step;           /* of ln tau */
    double *tau_s, *scale_ohm;
    double fixed_unit[DRT_FIXED]; /* ohm, henry and 1/farad of one unit of x */
    double *columns;              /* unknowns x rows */
    double *gram;                 /* A'A, unknowns x unknowns */
    double *right;                /* A'y */
} drt_system;

/* What one decomposition says about every lambda: the penalised problem without bounds, in its eigenvectors. */
typedef struct drt_spectrum {
    size_t count, rows;        /* eigenvalues; residuals */
    double *eigenvalue, *part; /* of the data in each eigenvector */
    double squares;            /* of the data without the fixed columns */
} drt_spectrum;

closo_status closo_drt_system_make(const closo_spectrum *spectrum, const closo_drt_options *options,
                                   closo_arena *arena, drt_system *system, closo_error *error);
closo_status closo_drt_decompose(const drt_system *system, closo_arena *arena,
                                 drt_spectrum *spectrum, closo_error *error);

/* The lambda that a criterion asks for; the effective number of parameters at a lambda. */
closo_status closo_drt_choose_lambda(const drt_system *system, const drt_spectrum *spectrum,
                                     closo_drt_criterion criterion, closo_arena *arena,
                                     double *lambda, closo_error *error);
double closo_drt_effective_parameters(const drt_spectrum *spectrum, double lambda);

/* A'A + lambda L'L into matrix (unknowns x unknowns). */
void closo_drt_penalise(const drt_system *system, double lambda, double *matrix);

/* Finds the peaks and fits their shapes to the data; drt_peaks.c, drt_shapes.c. */
closo_status closo_drt_find_peaks(const closo_spectrum *spectrum, const drt_system *system,
                                  closo_arena *arena, closo_drt *drt, closo_error *error);
closo_status closo_drt_fit_shapes(const closo_spectrum *spectrum, const drt_system *system,
                                  closo_arena *arena, closo_drt *drt, closo_error *error);

/* Draws from the posterior; fills low_ohm, high_ohm, and sigma of the areas; drt_sample.c. */
closo_status closo_drt_sample(const drt_system *system, const double *matrix, const double *best,
                              const closo_drt_options *options, closo_arena *arena, closo_drt *drt,
                              closo_error *error);

/* Area of the distribution over grid points first..last, in ohm. */
double closo_drt_area(const drt_system *system, const double *gamma_ohm, size_t first, size_t last);

#endif
