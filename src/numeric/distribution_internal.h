/* SPDX-License-Identifier: BSD-3-Clause */
/* distribution_internal.h: tail probabilities behind the tests of fits. */
#ifndef CLOSO_DISTRIBUTION_INTERNAL_H
#define CLOSO_DISTRIBUTION_INTERNAL_H

#ifdef __cplusplus
extern "C" {
#endif

/* Regularised incomplete beta function I_x(a, b), a and b > 0, 0 <= x <= 1; relative error about 1e-12. */
double closo_beta_incomplete(double x, double a, double b);
/* Probability that F of (a, b) degrees of freedom is larger than f. */
double closo_f_tail(double f, double a, double b);
/* Probability that |t| of `freedom` degrees of freedom is larger than |t|. */
double closo_t_tails(double t, double freedom);
/* Probability that a standard normal number is beyond |z| on either side. */
double closo_normal_tails(double z);

#ifdef __cplusplus
}
#endif
#endif
