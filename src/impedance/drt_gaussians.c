/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_gaussians.c: distributions made of Gaussians, gamma(ln tau) = sum x_k s_k exp(-(mu (ln tau - ln tau_k))^2), their
 * width chosen by the full width at half maximum: mu = 2 sqrt(ln 2) / FWHM (Wan, Saccoccio, Chen, Ciucci, Electrochim.
 * Acta 184 (2015) 483, doi:10.1016/j.electacta.2015.09.097, section 2.3). */
#include "impedance/drt_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

/* Half steps are nodes of the trapezoidal rule, which for Gaussians this wide is exact to rounding. */
enum { NODES_A_STEP = 2, REACH_SIGMAS = 6 };

/* Nodes on either side of a Gaussian's middle. */
static size_t reach_of(const drt_system *system)
{
    double sigma_steps = 1 / (sqrt(2) * system->gaussian_mu * system->step);
    return (size_t)ceil(REACH_SIGMAS * sigma_steps * NODES_A_STEP);
}

/* The response to a single relaxation time, of height 1. */
static void debye(const kk_data *data, double tau_s, double *restrict column)
{
    for (size_t i = 0; i < data->count; i++) {
        double x = data->omega[i] * tau_s, share = data->scale[i] / (1 + x * x);
        column[i] = share;
        column[data->half + i] = -x * share;
    }
}

/* Integral of the product of the second derivatives of two Gaussians a distance apart. */
static double bending(double mu, double distance)
{
    double a = mu * distance, a2 = a * a;
    return mu * mu * mu * sqrt(CLOSO_TWO_PI / 4) * exp(-a2 / 2) * (3 - 6 * a2 + a2 * a2);
}

static void fill_penalty(const drt_system *system, double *matrix)
{
    for (size_t i = 0; i < system->grid; i++)
        for (size_t j = 0; j < system->grid; j++)
            matrix[i * system->grid + j] =
                bending(system->gaussian_mu, ((double)i - (double)j) * system->step);
}

bool closo_drt_gaussians_make(drt_system *system, closo_arena *passing)
{
    const kk_data *data = &system->data;
    size_t grid = system->grid, rows = data->rows, reach = reach_of(system);
    size_t nodes = NODES_A_STEP * (grid - 1) + 1 + 2 * reach;
    double *responses = closo_arena_alloc(passing, nodes, rows * sizeof *responses);
    double *weights = closo_arena_alloc(passing, 2 * reach + 1, sizeof *weights);
    system->penalty = closo_arena_alloc(passing, grid, grid * sizeof *system->penalty);
    if (responses == NULL || weights == NULL || system->penalty == NULL)
        return false;
    const double spacing = system->step / NODES_A_STEP;
    for (size_t k = 0; k < nodes; k++)
        debye(data, system->tau_s[0] * exp(((double)k - (double)reach) * spacing),
              responses + k * rows);
    for (size_t k = 0; k <= 2 * reach; k++) {
        double a = system->gaussian_mu * ((double)k - (double)reach) * spacing;
        weights[k] = spacing * exp(-a * a);
    }
    for (size_t i = 0; i < grid; i++) {
        double *column = system->columns + i * rows;
        memset(column, 0, rows * sizeof *column);
        for (size_t k = 0; k <= 2 * reach; k++)
            closo_add_scaled(column, weights[k] * system->scale_ohm[i],
                             responses + (NODES_A_STEP * i + k) * rows, rows);
    }
    fill_penalty(system, system->penalty);
    return closo_cholesky(system->penalty, grid, grid);
}

void closo_drt_gaussians_penalise(drt_system *system, double lambda)
{
    for (size_t i = 0; i < system->grid; i++)
        for (size_t j = 0; j < system->grid; j++)
            system->gram[i * system->unknowns + j] +=
                lambda * bending(system->gaussian_mu, ((double)i - (double)j) * system->step);
}

void closo_drt_gamma(const drt_system *system, const double *x, double *gamma_ohm)
{
    for (size_t k = 0; k < system->grid; k++)
        gamma_ohm[k] = x[k] * system->scale_ohm[k];
    if (system->penalty == NULL)
        return;
    for (size_t k = 0; k < system->grid; k++) {
        gamma_ohm[k] = 0;
        for (size_t i = 0; i < system->grid; i++) {
            double a = system->gaussian_mu * ((double)k - (double)i) * system->step;
            if (a * a < 40)
                gamma_ohm[k] += x[i] * system->scale_ohm[i] * exp(-a * a);
        }
    }
}
