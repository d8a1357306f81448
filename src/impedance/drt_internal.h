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
    double fixed_unit[DRT_FIXED]; /* ohm, henry and 1/farad of one unit of x; 0 when left out */
    double gaussian_mu;           /* Gaussians exp(-(mu ln(tau/tau_k))^2); 0: hats */
    double *penalty;              /* of Gaussians: lower Cholesky factor, grid x grid; NULL: hats */
    double *columns;              /* unknowns x rows */
    double *gram;                 /* A'A, unknowns x unknowns, over the rows that are fitted */
    double *right;                /* A'y */
    double *work;                 /* unknowns x (unknowns + 3), for whoever is at it */
    double *factor;               /* room for that of the decomposition */
    size_t factor_most;           /* columns it can have */
} drt_system;

/* Rows first .. first + length - 1, those of a part of the impedance; `used` of them say something. */
typedef struct drt_window {
    size_t first, length, used;
} drt_window;

/* What serves every lambda: the penalised problem without bounds, without the fixed columns, made small (drt_decompose.c),
 * and its eigenvalues. */
typedef struct drt_spectrum {
    size_t grid, count;        /* columns of the factor */
    size_t fixed, rows;        /* columns that were taken out; residuals */
    double squares;            /* of the data without the fixed columns */
    double unit;               /* of the eigenvalues: step^3, or 1 */
    const double *penalty;     /* the system's */
    double *factor;            /* F, count columns of grid; room for factor_most */
    double *inner;             /* F'F */
    double *start;             /* q, the data being F q */
    double *eigenvalue, *part; /* in the unit of lambda; of the data in each eigenvector */
} drt_spectrum;

/* tau_s goes to the arena, all else to passing. */
closo_status closo_drt_system_make(const closo_spectrum *spectrum, const closo_drt_options *options,
                                   closo_arena *arena, closo_arena *passing, drt_system *system,
                                   closo_error *error);
drt_window closo_drt_window(const drt_system *system, closo_drt_part part);

/* All but the eigenvalues, spectrum->factor being there; gram (unknowns x unknowns) is that of the window's rows. Then the
 * eigenvalues. */
closo_status closo_drt_decompose(const drt_system *system, drt_window window, const double *gram,
                                 closo_arena *arena, drt_spectrum *spectrum, closo_error *error);
closo_status closo_drt_eigenvalues(drt_spectrum *spectrum, closo_arena *arena, closo_error *error);

/* x of the grid at a lambda, signs free. work: count (count + 1). False when rounding has eaten the problem. */
bool closo_drt_smooth(const drt_spectrum *spectrum, double lambda, double *work, double *x);

/* The lambda that a criterion asks for; the effective number of parameters at a lambda. */
closo_status closo_drt_choose_lambda(const drt_system *system, const drt_spectrum *spectrum,
                                     closo_drt_criterion criterion, closo_arena *passing,
                                     double *lambda, closo_error *error);
double closo_drt_effective_parameters(const drt_spectrum *spectrum, double lambda);

/* Adds lambda times the penalty to the system's A'A. */
void closo_drt_penalise(drt_system *system, double lambda);

/* Gaussians: columns, penalty; drt_gaussians.c. False: no memory, or Gaussians too wide to be told apart. */
bool closo_drt_gaussians_make(drt_system *system, closo_arena *passing);
void closo_drt_gaussians_penalise(drt_system *system, double lambda);

/* The distribution in ohm on the grid from the unknowns. */
void closo_drt_gamma(const drt_system *system, const double *x, double *gamma_ohm);

/* Finds the peaks and fits their shapes to the data; drt_peaks.c, drt_shapes.c. */
closo_status closo_drt_find_peaks(const closo_spectrum *spectrum, const drt_system *system,
                                  closo_arena *arena, closo_drt *drt, closo_error *error);
closo_status closo_drt_fit_shapes(const closo_spectrum *spectrum, const drt_system *system,
                                  const double *x, closo_arena *passing, closo_drt *drt,
                                  closo_error *error);

/* Draws from the posterior; fills low_ohm, high_ohm, and sigma of the areas; drt_sample.c. */
closo_status closo_drt_sample(const drt_system *system, const double *best,
                              const closo_drt_options *options, closo_arena *arena, closo_drt *drt,
                              closo_error *error);

/* Area of the distribution over grid points first..last, in ohm. */
double closo_drt_area(const drt_system *system, const double *gamma_ohm, size_t first, size_t last);

#endif
