/* SPDX-License-Identifier: BSD-3-Clause */
/* distribution.c: tail probabilities of F, t and the normal distribution. */
#include "numeric/distribution_internal.h"

#include <math.h>
#include <stddef.h>

/* The continued fraction of I_x(a, b), by the modified method of Lentz: Abramowitz, Stegun, Handbook of Mathematical
 * Functions, 26.5.8; Thompson, Barnett, J. Comput. Phys. 64 (1986) 490, doi:10.1016/0021-9991(86)90046-X. */
static double beta_fraction(double x, double a, double b)
{
    enum { STEPS = 500 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double fraction = d;
    for (int m = 1; m <= STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        fraction *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        fraction *= d * c;
        if (fabs(d * c - 1) < 1e-14)
            break;
    }
    return fraction;
}

/* ln of the gamma function of x > 0: Stirling's series above 10 (Abramowitz, Stegun, 6.1.41), the recurrence below. The C
 * library's lgamma() writes a global. */
static double log_gamma(double x)
{
    double product = 1;
    for (; x < 10; x += 1)
        product *= x;
    double inverse = 1 / x, square = inverse * inverse;
    static const double terms[] = {1.0 / 12,    -1.0 / 360, 1.0 / 1260,
                                   -1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
    double series = 0;
    for (size_t k = sizeof terms / sizeof *terms; k-- > 0;)
        series = series * square + terms[k];
    series *= inverse;
    return (x - 0.5) * log(x) - x + 0.91893853320467274178 + series - log(product);
}

double closo_beta_incomplete(double x, double a, double b)
{
    if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1))
        return NAN;
    if (x <= 0 || x >= 1)
        return x;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double closo_f_tail(double f, double a, double b)
{
    if (!(f > 0))
        return isnan(f) ? f : 1;
    /* b / (b + a f) keeps its digits in the far tail, where 1 - I would lose them. */
    return closo_beta_incomplete(b / (b + a * f), b / 2, a / 2);
}

double closo_t_tails(double t, double freedom)
{
    return closo_beta_incomplete(freedom / (freedom + t * t), freedom / 2, 0.5);
}

double closo_normal_tails(double z)
{
    return erfc(fabs(z) * 0.70710678118654752440);
}
