/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis_internal.h: what the analyses over cycles share. */
#ifndef CLOSO_CYCLING_ANALYSIS_INTERNAL_H
#define CLOSO_CYCLING_ANALYSIS_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cycling.h"

/* What the analyses share while they work. */
typedef struct closo_analysis_work {
    const closo_cycling *cycling;
    const closo_cycling_analysis_options *options;
    closo_cycling_analyses *analyses;
    closo_arena *arena;
    closo_arena *passing; /* for what is needed only until they are done */
} closo_analysis_work;

/* cycles.c: by the electrode's role, in coulombs. */
double closo_cycling_put_in(const closo_cycling *cycling, const closo_cycle *cycle);
double closo_cycling_got_back(const closo_cycling *cycling, const closo_cycle *cycle);

/* rate_test.c */
closo_status closo_cycling_rate_test(closo_analysis_work *work, closo_error *error);
void closo_cycling_formation(closo_analysis_work *work);
/* relaxation.c */
closo_status closo_cycling_resistance(closo_analysis_work *work, closo_error *error);
closo_status closo_cycling_relaxation(closo_analysis_work *work, closo_error *error);
/* plateaus.c: after the cut-offs */
enum { CLOSO_BRIEF_CYCLES = 5 }; /* at each end that are looked at for a pair, in brief */
closo_status closo_cycling_plateaus(closo_analysis_work *work, closo_error *error);
/* The number of the cycle that a half cycle belongs to; 0: none. */
int closo_cycling_cycle_of(const closo_cycling *cycling, size_t half);

/* stepwise.c: cycles in groups of rising cut-offs, if there are three or more; then, after the plateaus, the damage, or the
 * cut-offs within one charge. */
closo_status closo_cycling_cut_offs(closo_analysis_work *work, closo_error *error);
closo_status closo_cycling_stepwise(closo_analysis_work *work, closo_error *error);

/* A measure of one cycle (or of one hold) at a cut-off; x is what its trend runs over. */
typedef struct closo_damage_point {
    size_t cut_off;
    double x, value[CLOSO_DAMAGE_MEASURES]; /* NaN where unknown */
} closo_damage_point;
/* stepwise_damage.c: fills measure, expected and probability of each cut-off, and finds the damage. scratch: 2 * count. */
void closo_cycling_find_damage(closo_stepwise *test, const closo_damage_point *points, size_t count,
                               double *scratch);

/* differential_peaks.c: the peaks of a curve. mass: sum over the rows of each bin of the squares of the charges
 * that the noise of their potential moves. NOMEM. */
closo_status closo_differential_peaks(closo_differential *curve, const double *mass,
                                      closo_arena *arena, closo_error *error);

/* analyses_json.c: members "knee", "rate_test", ... of the summary. False when out of memory. */
struct json_t;
bool closo_cycling_add_member(struct json_t *object, const char *key, struct json_t *member,
                              bool fine);
/* differential_json.c: "dqdv", "dvdq", "plateaus", "overpotentials". */
bool closo_cycling_differentials_to_json(const closo_cycling *cycling, struct json_t *summary);
bool closo_cycling_stepwise_to_json(const closo_cycling *cycling, struct json_t *summary);
bool closo_cycling_analyses_to_json(const closo_cycling *cycling, struct json_t *summary);

/* ---- statistics.c ---- */

enum { CLOSO_SOLVE_MOST = 4 };
/* Inverts a symmetric positive definite matrix of order <= CLOSO_SOLVE_MOST in place (row by row). False when it is
 * singular. */
bool closo_cycling_invert(double *matrix, size_t order);
/* The least-squares solution of normal equations whose matrix and right side are given: matrix becomes its inverse, right
 * the solution. */
bool closo_cycling_solve(double *matrix, double *right, size_t order);

/* AICc and BIC of a least-squares fit, up to a constant that all laws share. effective: how many independent points the
 * count of them is worth. */
closo_fade_fit closo_cycling_criteria(double square_sum, size_t count, double effective,
                                      double parameters);

#endif
