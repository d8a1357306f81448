/* SPDX-License-Identifier: BSD-3-Clause */
/* elements.c: what each element is, and the impedance of those that are no plain power of the frequency.
 *
 * Derivatives are with respect to ln p for positive parameters and to p for exponents. u is the argument of the
 * hyperbolic functions of diffusion: sqrt(j omega tau), or sqrt(R_ion Y_s) along a pore. */
#include "impedance/circuit_internal.h"

#include <complex.h>
#include <math.h>

static const closo_element_description descriptions[] = {
    {"R", "resistor", "R", "Ohm's law", {{"", "ohm", false}}, 1},
    {"C", "capacitor", "1/(j w C)", "textbook", {{"", "F", false}}, 1},
    {"L", "inductor", "j w L", "textbook", {{"", "H", false}}, 1},
    {"CPE",
     "constant phase element",
     "1/(Q (j w)^n)",
     "Cole and Cole, J. Chem. Phys. 9 (1941) 341, doi:10.1063/1.1750906",
     {{"Q", "ohm^-1 s^n", false}, {"n", "1", true}},
     2},
    {"W",
     "Warburg element, semi-infinite diffusion",
     "A (1 - j)/sqrt(w)",
     "Warburg, Ann. Phys. 303 (1899) 493, doi:10.1002/andp.18993030302",
     {{"A", "ohm s^-1/2", false}},
     1},
    {"Wo",
     "diffusion through a finite length to a blocking end (open)",
     "R coth(u)/u, u = sqrt(j w tau)",
     "Franceschetti et al., Electrochim. Acta 36 (1991) 1219, "
     "doi:10.1016/0013-4686(91)85314-U",
     {{"R", "ohm", false}, {"tau", "s", false}},
     2},
    {"Ws",
     "diffusion through a finite length to a reservoir (short)",
     "R tanh(u)/u, u = sqrt(j w tau)",
     "Franceschetti et al., Electrochim. Acta 36 (1991) 1219, "
     "doi:10.1016/0013-4686(91)85314-U",
     {{"R", "ohm", false}, {"tau", "s", false}},
     2},
    {"G",
     "Gerischer element, diffusion with reaction",
     "R/sqrt(1 + j w tau)",
     "Gerischer, Z. Phys. Chem. 198 (1951) 286, doi:10.1515/zpch-1951-19824",
     {{"R", "ohm", false}, {"tau", "s", false}},
     2},
    {"ZARC",
     "depressed arc (Cole-Cole)",
     "R/(1 + (j w tau)^n)",
     "Cole and Cole, J. Chem. Phys. 9 (1941) 341, doi:10.1063/1.1750906",
     {{"R", "ohm", false}, {"tau", "s", false}, {"n", "1", true}},
     3},
    {"HN",
     "skewed arc (Havriliak-Negami)",
     "R/(1 + (j w tau)^a)^b",
     "Havriliak and Negami, Polymer 8 (1967) 161, doi:10.1016/0032-3861(67)90021-3",
     {{"R", "ohm", false}, {"tau", "s", false}, {"a", "1", true}, {"b", "1", true}},
     4},
    {"TLM",
     "porous electrode, ionic rail, blocking walls",
     "Rion coth(u)/u, u = sqrt(Rion Q (j w)^n)",
     "de Levie, Electrochim. Acta 8 (1963) 751, doi:10.1016/0013-4686(63)80042-0",
     {{"Rion", "ohm", false}, {"Q", "ohm^-1 s^n", false}, {"n", "1", true}},
     3},
    {"TLMR",
     "porous electrode, ionic rail, charge transfer at the walls",
     "Rion coth(u)/u, u = sqrt(Rion (1/Rct + Q (j w)^n))",
     "de Levie, Electrochim. Acta 8 (1963) 751, doi:10.1016/0013-4686(63)80042-0",
     {{"Rion", "ohm", false}, {"Rct", "ohm", false}, {"Q", "ohm^-1 s^n", false}, {"n", "1", true}},
     4},
    {"TLMD",
     "porous electrode, ionic and electronic rail, blocking walls",
     "Rion Rel/S (1 + 2/(u sinh u)) + (Rion^2 + Rel^2)/S coth(u)/u, S = Rion + Rel, "
     "u = sqrt(S Q (j w)^n)",
     "Bisquert, Phys. Chem. Chem. Phys. 2 (2000) 4185, doi:10.1039/b001708f",
     {{"Rion", "ohm", false}, {"Rel", "ohm", false}, {"Q", "ohm^-1 s^n", false}, {"n", "1", true}},
     4},
    {"TLMDR",
     "porous electrode, ionic and electronic rail, charge transfer at the walls",
     "Rion Rel/S (1 + 2/(u sinh u)) + (Rion^2 + Rel^2)/S coth(u)/u, S = Rion + Rel, "
     "u = sqrt(S (1/Rct + Q (j w)^n))",
     "Bisquert, Phys. Chem. Chem. Phys. 2 (2000) 4185, doi:10.1039/b001708f",
     {{"Rion", "ohm", false},
      {"Rel", "ohm", false},
      {"Rct", "ohm", false},
      {"Q", "ohm^-1 s^n", false},
      {"n", "1", true}},
     5},
};

const closo_element_description *closo_element_info(closo_circuit_element element)
{
    return (size_t)element < CLOSO_CIRCUIT_ELEMENT_COUNT ? &descriptions[element] : NULL;
}

static const double half_pi = 1.57079632679489661923;
/* Beyond this sinh and cosh agree to the last digit, and exp(2 x) would overflow later on. */
static const double large_argument = 20;

bool closo_element_power_law(closo_circuit_element element, const double *p, power_law *law)
{
    if (element == CLOSO_ELEMENT_RESISTOR)
        *law = (power_law){p[0], 0, 1, 0};
    else if (element == CLOSO_ELEMENT_INDUCTOR)
        *law = (power_law){p[0], 1, 1, 0};
    else if (element == CLOSO_ELEMENT_CAPACITOR)
        *law = (power_law){1 / p[0], -1, -1, 0};
    else if (element == CLOSO_ELEMENT_CPE)
        *law = (power_law){1 / p[0], -p[1], -1, -1};
    else if (element == CLOSO_ELEMENT_WARBURG)
        *law = (power_law){p[0] * sqrt(2), -0.5, 1, 0};
    else
        return false;
    return true;
}

/* Complex products without the detour for infinities that C asks for. */
static inline double complex times(double complex a, double complex b)
{
    return CMPLX(creal(a) * creal(b) - cimag(a) * cimag(b),
                 creal(a) * cimag(b) + cimag(a) * creal(b));
}

static inline double complex inverse(double complex a)
{
    double size = creal(a) * creal(a) + cimag(a) * cimag(a);
    return CMPLX(creal(a) / size, -cimag(a) / size);
}

static double complex tanh_of(double complex u)
{
    if (creal(u) > large_argument)
        return 1;
    double a = 2 * creal(u), b = 2 * cimag(u), bottom = cosh(a) + cos(b);
    return CMPLX(sinh(a) / bottom, sin(b) / bottom);
}

static double complex one_over_sinh(double complex u)
{
    double complex small = cexp(-u);
    return times(2 * small, inverse(1 - times(small, small)));
}

/* coth(u)/u and its derivative with respect to ln u. */
static double complex blocking(double complex u, double complex *slope)
{
    double complex coth = inverse(tanh_of(u)), g = times(coth, inverse(u));
    /* d/du (coth u / u) = -(coth^2 - 1)/u - coth/u^2; for large u the first term is gone. */
    double complex square = creal(u) > large_argument ? 0 : times(coth, coth) - 1;
    *slope = -square - g;
    return g;
}

/* tanh(u)/u and its derivative with respect to ln u. */
static double complex transmitting(double complex u, double complex *slope)
{
    double complex t = tanh_of(u), g = times(t, inverse(u));
    *slope = 1 - times(t, t) - g;
    return g;
}

/* Z and slopes at one frequency. */
static double complex diffusion(closo_circuit_element element, const double *p, double omega,
                                double complex *slopes)
{
    double complex u = csqrt(CMPLX(0, omega * p[1])), slope;
    double complex g =
        element == CLOSO_ELEMENT_WARBURG_OPEN ? blocking(u, &slope) : transmitting(u, &slope);
    slopes[0] = p[0] * g;
    slopes[1] = 0.5 * p[0] * slope;
    return slopes[0];
}

static double complex gerischer(const double *p, double omega, double complex *slopes)
{
    double complex a = CMPLX(1, omega * p[1]), z = p[0] * inverse(csqrt(a));
    slopes[0] = z;
    slopes[1] = -0.5 * times(z, times(CMPLX(0, omega * p[1]), inverse(a)));
    return z;
}

/* ZARC is Havriliak and Negami's with b = 1. */
static double complex skewed(const double *p, double b, double log_omega, double complex *slopes)
{
    const double a = p[2], log_x = log_omega + log(p[1]);
    double complex log_jx = CMPLX(log_x, half_pi);
    double complex w = cexp(a * log_jx), share = times(w, inverse(1 + w));
    double complex log_bottom = clog(1 + w);
    if (!isfinite(creal(w)) || !isfinite(cimag(w)) || creal(w) > 1e100) {
        share = 1;
        log_bottom = a * log_jx;
    }
    double complex z = p[0] * cexp(-b * log_bottom);
    slopes[0] = z;
    slopes[1] = -b * a * times(z, share);
    slopes[2] = -b * times(z, times(share, log_jx));
    slopes[3] = -times(z, log_bottom);
    return z;
}

/* Porous electrodes: parameters Rion, [Rel,] [Rct,] Q, n. */
static double complex line(closo_circuit_element element, const double *p, double log_omega,
                           double complex *slopes)
{
    const bool rails =
        element == CLOSO_ELEMENT_LINE_RAILS || element == CLOSO_ELEMENT_LINE_RAILS_REACTIVE;
    const bool reactive =
        element == CLOSO_ELEMENT_LINE_REACTIVE || element == CLOSO_ELEMENT_LINE_RAILS_REACTIVE;
    const size_t at_q = 1 + (size_t)rails + (size_t)reactive;
    const double ion = p[0], electron = rails ? p[1] : 0, sum = ion + electron;
    const double n = p[at_q + 1], transfer = reactive ? 1 / p[at_q - 1] : 0;
    double complex log_jw = CMPLX(log_omega, half_pi), capacitive = p[at_q] * cexp(n * log_jw);
    double complex wall = capacitive + transfer, u = csqrt(sum * wall);
    double complex g_slope, g = blocking(u, &g_slope);
    const double a = ion * electron / sum, b = (ion * ion + electron * electron) / sum;
    double complex cross = 0, cross_slope = 0;
    if (rails) {
        double complex part = 2 * times(inverse(u), one_over_sinh(u));
        cross = 1 + part;
        cross_slope = -times(part, 1 + times(u, inverse(tanh_of(u))));
    }
    /* d Z / d ln u; ln u = (ln sum + ln wall)/2. */
    double complex by_u = 0.5 * (a * cross_slope + b * g_slope),
                   share = times(capacitive, inverse(wall));
    slopes[0] =
        a * electron / sum * cross + (2 * ion * ion - b * ion) / sum * g + by_u * (ion / sum);
    if (rails)
        slopes[1] = a * ion / sum * cross + (2 * electron * electron - b * electron) / sum * g +
                    by_u * (electron / sum);
    if (reactive)
        slopes[at_q - 1] = -by_u * (1 - share);
    slopes[at_q] = times(by_u, share);
    slopes[at_q + 1] = times(slopes[at_q], log_jw);
    return a * cross + b * g;
}

void closo_element_evaluate(closo_circuit_element element, const double *parameters,
                            const circuit_model *model, double *value, double *slopes)
{
    const size_t n = model->count, parameter_count = descriptions[element].parameter_count;
    double complex slope[CLOSO_ELEMENT_PARAMETERS_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        double complex z;
        if (element == CLOSO_ELEMENT_WARBURG_OPEN || element == CLOSO_ELEMENT_WARBURG_SHORT)
            z = diffusion(element, parameters, model->omega[i], slope);
        else if (element == CLOSO_ELEMENT_GERISCHER)
            z = gerischer(parameters, model->omega[i], slope);
        else if (element == CLOSO_ELEMENT_ZARC)
            z = skewed(parameters, 1, model->log_omega[i], slope);
        else if (element == CLOSO_ELEMENT_HAVRILIAK_NEGAMI)
            z = skewed(parameters, parameters[3], model->log_omega[i], slope);
        else
            z = line(element, parameters, model->log_omega[i], slope);
        value[i] = creal(z);
        value[n + i] = cimag(z);
        for (size_t k = 0; slopes != NULL && k < parameter_count; k++) {
            slopes[2 * k * n + i] = creal(slope[k]);
            slopes[(2 * k + 1) * n + i] = cimag(slope[k]);
        }
    }
}
