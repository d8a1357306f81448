/* SPDX-License-Identifier: BSD-3-Clause */
/* transport_internal.h: the points of an Arrhenius plot, and the fits of one model to them. */
#ifndef CLOSO_TRANSPORT_INTERNAL_H
#define CLOSO_TRANSPORT_INTERNAL_H

#include "base/base_internal.h"
#include "closo/numeric.h"
#include "closo/transport.h"

#include <jansson.h>

/* A branch wants so many different temperatures: two fix a line, the third says how well. */
enum { BRANCH_TEMPERATURES = 3, PARAMETERS_MAX = 5 };

/* The plot: x = 1 / kT in 1/eV, rising (the hot end first), y = ln(sigma T / (S K/m)), weight 1 / variance of y or 1. */
typedef struct arrhenius_points {
    size_t count;
    const double *x, *y, *weight;
    bool weighted;               /* the weights come from the user's sigmas */
    closo_least_squares *solver; /* for TWO_REGIMES */
} arrhenius_points;

/* Parameters of a model as closo_arrhenius_predict() wants them:
 *   LINE ln A, E                          VTF  ln A, B, k T0
 *   KINK, JUMP, TWO_REGIMES  ln A and E of the cold branch, of the hot branch; KINK, JUMP: x of the transition */
typedef struct arrhenius_curve {
    closo_arrhenius_model model;
    double parameters[PARAMETERS_MAX];
    size_t split; /* KINK, JUMP: points 0 .. split - 1 are of the hot branch */
    double chi2;
} arrhenius_curve;

double arrhenius_curve_at(const arrhenius_curve *curve, double x);

/* Derivatives of the curve with respect to its parameters; not for KINK and JUMP. */
void arrhenius_curve_gradient(const arrhenius_curve *curve, double x,
                              double gradient[PARAMETERS_MAX]);

/* Least squares; false when there are too few temperatures, or none fits. */
bool arrhenius_fit_curve(const arrhenius_points *points, closo_arrhenius_model model,
                         arrhenius_curve *curve);

/* The fit of CLOSO_ARRHENIUS_TWO_REGIMES, from the best kink. */
bool arrhenius_fit_two_regimes(const arrhenius_points *points, arrhenius_curve *curve);

/* n ln(chi2 / n) + p ln n. */
double arrhenius_bic(const arrhenius_points *points, closo_arrhenius_model model, double chi2);

size_t arrhenius_parameter_count(closo_arrhenius_model model);

/* The square of how much larger the scatter is than the weights say; at least 1 where these come from the user. */
double arrhenius_scale(const arrhenius_points *points, const arrhenius_curve *curve);

/* ---- columns.c ---- */

/* By the unit of the column, or what its name ends in: "T/K", "sigma (S/cm)", "sigma_S_cm". */
bool transport_column_has_unit(const closo_column *column, const char *wanted, closo_unit *unit);
/* The first column of that unit that is, or is not, named as an uncertainty. */
const closo_column *transport_column_find(const closo_table *table, const char *unit, bool sigma);
bool transport_names_a_sigma(const char *name);
bool transport_column_holds(const closo_column *column, const char *word); /* in lower case */
/* Values in SI; NULL when out of memory. */
double *transport_column_values(const closo_column *column, size_t count, closo_arena *arena);
const char *transport_column_list(const closo_table *table, closo_arena *arena);

/* ---- arrhenius_errors.c ---- */

typedef struct arrhenius_draws {
    size_t count;
    uint64_t seed;
    closo_arena *arena;
} arrhenius_draws;

/* Values and sigmas of a fit from its curve; at_x: where its conductivity is asked for, whose ln and sigma go to *at.
 * False when out of memory. */
bool arrhenius_report_fit(const arrhenius_points *points, const arrhenius_curve *curve,
                          const arrhenius_draws *draws, double at_x, closo_arrhenius_fit *fit,
                          closo_value *at);

/* Chance that noise about `simple` lets some model of more parameters win by `gain` of BIC: what a search among models
 * earns by luck. Negative when out of memory. */
double arrhenius_false_alarm(const arrhenius_points *points, const arrhenius_curve *simple,
                             double gain, const arrhenius_draws *draws);

/* The result as closo_arrhenius_json() writes it; NULL when out of memory. */
json_t *arrhenius_object(const closo_arrhenius_data *data, const closo_arrhenius_result *result);

#endif
