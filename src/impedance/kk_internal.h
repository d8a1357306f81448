/* SPDX-License-Identifier: BSD-3-Clause */
/* kk_internal.h: the linear Kramers-Kronig test between its files.
 *
 * All vectors have `rows` entries: the real parts of the points, padded with zeros to `half`, then the imaginary parts.
 * Data and columns are divided by the modulus of the datum, so that residuals are fractions of it. */
#ifndef CLOSO_KK_INTERNAL_H
#define CLOSO_KK_INTERNAL_H

#include "impedance/impedance_internal.h"

enum {
    KK_FIXED = 3,          /* resistance, inductance, series capacitance */
    KK_GRID_PER_DECADE = 5 /* time constants to choose from */
};

/* A point that is left out keeps so little weight that it says nothing, but enough to read the model there. */
#define KK_LEFT_OUT_WEIGHT 1e-6

typedef struct kk_data {
    size_t count, half, rows, used; /* used: points that are not left out */
    const double *omega;            /* rad/s, falling */
    double *scale;                  /* weight / modulus of the datum */
    double *y;                      /* scaled data */
} kk_data;

/* One representation, fitted. Columns of q are orthonormal; the first `columns` of them are the model. */
typedef struct kk_fit {
    size_t terms, columns;
    size_t reserve;       /* further columns behind them in q, in the order they would come in */
    size_t term_limit;    /* more were not tried: too few points */
    double *q;            /* (columns + reserve) x rows */
    double *tau_s;        /* of the terms, in the order they came in */
    double *model;        /* rows */
    double *residual;     /* rows */
    double *leverage;     /* rows: diagonal of the hat matrix */
    double squares;       /* residual sum of squares */
    double criterion;     /* BIC */
    double apart;         /* sum of squares when real and imaginary part are fitted apart */
    size_t apart_freedom; /* its degrees of freedom */
} kk_fit;

/* RANGE, with what is wrong, unless the spectrum has enough points in falling frequency over a decade. */
closo_status closo_kk_check(const closo_spectrum *spectrum, closo_error *error);

/* Data of Z, or of Y = 1/Z. kept may be NULL. False: no memory. */
bool closo_kk_data_make(const closo_spectrum *spectrum, bool admittance, const bool *kept,
                        closo_arena *arena, kk_data *data);

/* Fits, with the number of terms that BIC chooses, or `terms` of them if that is not 0. NOMEM. */
closo_status closo_kk_fit_make(const kk_data *data, size_t terms, double extension_decades,
                               closo_arena *arena, kk_fit *fit, closo_error *error);

/* Makes a vector orthogonal to the first `columns` of q and of length 1; its length before that, or 0 when nothing but
 * rounding is left of it. */
double closo_kk_orthonormalise(const double *q, size_t columns, size_t rows, double *vector);

/* What the residuals say: fills p_*, drift, nonlinearity from the fit and the model's impedance.
 * NOMEM. */
closo_status closo_kk_test(const kk_data *data, const kk_fit *fit, closo_arena *arena,
                           closo_kk_result *result, closo_error *error);

/* How much of the resistance lies outside the frequencies: fills low_missing, high_missing, truncated_*. */
void closo_kk_find_ends(closo_kk_result *result);

/* The verdict, its sentence and the warnings, from all other fields; kk_verdict.c. */
closo_status closo_kk_judge(const closo_kk_options *options, closo_arena *arena,
                            closo_kk_result *result, closo_error *error);

#endif
