/* SPDX-License-Identifier: BSD-3-Clause */
/* drt_system.c: the linear problem behind a distribution of relaxation times,
 *
 *     Z(omega) = R + j omega L + 1/(j omega C) + integral gamma(ln tau) / (1 + j omega tau) d ln tau,
 *
 * gamma piecewise linear on an even grid of ln tau. Each hat is integrated by Gauss and Legendre's rule, two nodes a half.
 * Rows are divided by |Z|, and gamma by |Z| at 1/tau: a smooth distribution is then one that is smooth beside the impedance
 * it belongs to, and the tail of a blocking electrode, thousands of times the arcs, does not decide how rough these may be. */
#include "impedance/drt_internal.h"
#include "numeric/dense_internal.h"

#include <math.h>
#include <string.h>

enum { GRID_MOST = 400 };

/* |Z| at an angular frequency: straight lines between the points in logarithms, level beyond. */
static double modulus_at(const closo_spectrum *spectrum, double omega)
{
    size_t count = spectrum->count, i = 0;
    double frequency_Hz = omega / CLOSO_TWO_PI;
    if (frequency_Hz >= spectrum->frequency_Hz[0])
        return hypot(spectrum->real_ohm[0], spectrum->imaginary_ohm[0]);
    while (i + 1 < count && spectrum->frequency_Hz[i + 1] > frequency_Hz)
        i++;
    if (i + 1 == count)
        return hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
    double part = log(frequency_Hz / spectrum->frequency_Hz[i]) /
                  log(spectrum->frequency_Hz[i + 1] / spectrum->frequency_Hz[i]);
    double one = hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
    double next = hypot(spectrum->real_ohm[i + 1], spectrum->imaginary_ohm[i + 1]);
    return one * pow(next / one, part);
}

/* Column of a hat around tau; its height 1. */
static void hat_column(const drt_system *system, double tau_s, double height_ohm, double *column)
{
    const kk_data *data = &system->data;
    /* Nodes (3 -+ sqrt 3)/6 of the half width, weights 1/2; the hat is 1 - node there. */
    const double nodes[2] = {0.21132486540518712, 0.78867513459481288};
    double *restrict real = column, *restrict imaginary = column + data->half;
    memset(column, 0, data->rows * sizeof *column);
    for (size_t k = 0; k < 4; k++) {
        const double node = nodes[k / 2], weight = 0.5 * system->step * (1 - node) * height_ohm;
        const double at_s = tau_s * exp((k % 2 == 0 ? node : -node) * system->step);
        for (size_t i = 0; i < data->count; i++) {
            double x = data->omega[i] * at_s, debye = weight / (1 + x * x);
            real[i] += debye;
            imaginary[i] -= x * debye;
        }
    }
    for (size_t i = 0; i < data->count; i++) {
        real[i] *= data->scale[i];
        imaginary[i] *= data->scale[i];
    }
}

static void make_columns(const closo_spectrum *spectrum, const closo_drt_options *options,
                         drt_system *system)
{
    const kk_data *data = &system->data;
    size_t rows = data->rows;
    for (size_t k = 0; k < system->grid; k++) {
        system->scale_ohm[k] = modulus_at(spectrum, 1 / system->tau_s[k]);
        if (options->basis == CLOSO_DRT_HATS)
            hat_column(system, system->tau_s[k], system->scale_ohm[k], system->columns + k * rows);
    }
    for (size_t k = 0; k < DRT_FIXED; k++) {
        double *column = system->columns + (system->grid + k) * rows;
        for (size_t i = 0; i < data->count; i++) {
            column[i] = k == 0 ? data->scale[i] : 0;
            column[data->half + i] = k == 0   ? 0
                                     : k == 1 ? data->scale[i] * data->omega[i]
                                              : -data->scale[i] / data->omega[i];
        }
        double norm = sqrt(closo_dot(column, column, rows));
        bool absent = (k == 1 && options->no_inductance) || (k == 2 && options->no_capacitance);
        for (size_t i = 0; i < rows; i++)
            column[i] = absent ? 0 : column[i] / norm;
        system->fixed_unit[k] = absent ? 0 : 1 / norm;
    }
}

drt_window closo_drt_window(const drt_system *system, closo_drt_part part)
{
    const kk_data *data = &system->data;
    if (part == CLOSO_DRT_BOTH)
        return (drt_window){0, data->rows, 2 * data->used};
    return (drt_window){part == CLOSO_DRT_REAL ? 0 : data->half, data->half, data->used};
}

closo_status closo_drt_system_make(const closo_spectrum *spectrum, const closo_drt_options *options,
                                   closo_arena *arena, closo_arena *passing, drt_system *system,
                                   closo_error *error)
{
    *system = (drt_system){0};
    if (!closo_kk_data_make(spectrum, false, NULL, passing, &system->data))
        return closo_fail_nomem(error);
    const double *omega = system->data.omega;
    size_t rows = system->data.rows, per_decade = options->points_per_decade;
    double fastest = -log10(omega[0]) - options->extension_decades;
    double slowest = -log10(omega[spectrum->count - 1]) + options->extension_decades;
    double steps = ceil((slowest - fastest) * (double)per_decade);
    if (!(steps < GRID_MOST))
        return closo_fail(error, CLOSO_LIMIT,
                          "the distribution would have %.0f points, at most %d are allowed; take "
                          "fewer points per decade",
                          steps, (int)GRID_MOST);
    system->grid = (size_t)steps + 1;
    system->unknowns = system->grid + DRT_FIXED;
    system->step = log(10) / (double)per_decade;
    size_t n = system->unknowns;
    system->tau_s = closo_arena_alloc(arena, system->grid, sizeof(double));
    /* One piece: the allocator then keeps it from one spectrum to the next. */
    /* A decade of time constants has some 3.6 eigenvalues above rounding; there is room for more. */
    double room = 16 + 5 * steps / (double)per_decade;
    system->factor_most = room < (double)system->grid ? (size_t)room : system->grid;
    double *all =
        closo_arena_alloc(passing, n, (rows + 2 * n + 5 + system->factor_most) * sizeof(double));
    if (system->tau_s == NULL || all == NULL)
        return closo_fail_nomem(error);
    system->columns = all;
    system->gram = all + n * rows;
    system->work = system->gram + n * n;
    system->scale_ohm = system->work + n * (n + 3);
    system->right = system->scale_ohm + n;
    system->factor = system->right + n;
    for (size_t k = 0; k < system->grid; k++)
        system->tau_s[k] = pow(10, fastest + (double)k / (double)per_decade);
    make_columns(spectrum, options, system);
    if (options->basis == CLOSO_DRT_GAUSSIANS) {
        system->gaussian_mu = 2 * sqrt(log(2)) / (options->fwhm_steps * system->step);
        if (!closo_drt_gaussians_make(system, passing))
            return closo_fail_nomem(error);
    }
    const drt_window fitted = closo_drt_window(system, options->part);
    closo_gram(system->columns + fitted.first, n, rows, fitted.length, system->gram, n);
    for (size_t i = 0; i < n; i++)
        system->right[i] = closo_dot(system->columns + i * rows + fitted.first,
                                     system->data.y + fitted.first, fitted.length);
    /* A column that is absent, or not in the part that is fitted, must leave the matrix definite; its unknown stays zero. */
    for (size_t k = system->grid; k < n; k++)
        if (system->gram[k * n + k] <= 0)
            system->gram[k * n + k] = 1;
    return CLOSO_OK;
}

/* The penalty is lambda / step^3 |L x|^2, the integral of the squared second derivative; L is the second difference, with
 * nothing before the first point and level behind the last. */
void closo_drt_penalise(drt_system *system, double lambda)
{
    size_t n = system->unknowns, grid = system->grid;
    if (system->penalty != NULL) {
        closo_drt_gaussians_penalise(system, lambda);
        return;
    }
    double factor = lambda / (system->step * system->step * system->step);
    for (size_t row = 0; row < grid; row++) {
        bool last = row + 1 == grid;
        double difference[3] = {row > 0 ? -1 : 0, last ? 1 : 2, last ? 0 : -1};
        for (size_t a = 0; a < 3; a++)
            for (size_t b = 0; b < 3; b++)
                if (difference[a] != 0.0 && difference[b] != 0.0)
                    system->gram[(row + a - 1) * n + row + b - 1] +=
                        factor * difference[a] * difference[b];
    }
}

double closo_drt_area(const drt_system *system, const double *gamma_ohm, size_t first, size_t last)
{
    /* Hats: each point carries one step; at a border the neighbours share it. */
    double area = 0;
    for (size_t k = first; k <= last; k++) {
        bool border = (k == first && first > 0) || (k == last && last + 1 < system->grid);
        area += gamma_ohm[k] * system->step * (border ? 0.5 : 1);
    }
    return area;
}
