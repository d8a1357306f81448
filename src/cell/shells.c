/* SPDX-License-Identifier: BSD-3-Clause */
/* shells.c: how a grain is cut into shells.
 *
 * Thin at the surface, thick inside: with xi = s / n and contrast p the depth of a face is (p^xi - 1) / (p - 1) of the radius.
 * The map is smooth, so that the order in 1/n stays the second; the outermost shell is about ln p / (n p) of the radius thick,
 * and diffusion is followed to frequencies at which sqrt(D / omega) is of that size. Shells of equal volume would only gain a
 * factor of n / 3 at the surface.
 *
 * Between two shells the gradient is the difference of their means over a length. The length is chosen so that a parabola,
 * which is what a grain has under constant current (Crank, The Mathematics of Diffusion, 1975, eq. 6.45), has its gradient
 * exactly; it differs from that between the middles in the second order. */
#include "cell_internal.h"

#include <math.h>

/* Twenty shells then give the impedance of a grain of 3 um with D = 1e-15 m2/s to 1 % between 10 mHz and 10 kHz
 * (tests/cell/test_cell_grain.c). */
static const double usual_contrast = 500;

/* Mean of r^2 over a shell. */
static double mean_square(double inner, double outer)
{
    return 3 * (pow(outer, 5) - pow(inner, 5)) / (5 * (pow(outer, 3) - pow(inner, 3)));
}

bool cell_shells_make(cell_model *model)
{
    size_t n = model->cell->shell_count;
    double contrast =
        model->cell->shell_contrast > 0 ? model->cell->shell_contrast : usual_contrast;
    double *face = closo_arena_alloc(model->arena, n + 1, sizeof *face);
    double *volume = closo_arena_alloc(model->arena, n + 1, sizeof *volume);
    double *passage = closo_arena_alloc(model->arena, n + 1, sizeof *passage);
    double *inwards_of = closo_arena_alloc(model->arena, n + 1, sizeof *inwards_of);
    double *outwards_of = closo_arena_alloc(model->arena, n + 1, sizeof *outwards_of);
    model->inwards_Hz = closo_arena_alloc(model->arena, n + 1, sizeof *model->inwards_Hz);
    model->outwards_Hz = closo_arena_alloc(model->arena, n + 1, sizeof *model->outwards_Hz);
    if (face == NULL || volume == NULL || passage == NULL || inwards_of == NULL ||
        outwards_of == NULL || model->inwards_Hz == NULL || model->outwards_Hz == NULL)
        return false;
    for (size_t s = 0; s <= n; s++) {
        double inwards = 1 - (double)s / (double)n;
        /* expm1 keeps the outer faces, whose depth is small, and the limit of equal shells */
        double rise = log(contrast);
        double depth = fabs(rise) > 1e-9 ? expm1(rise * inwards) / expm1(rise) : inwards;
        face[s] = s == 0 ? 0 : 1 - depth;
    }
    for (size_t s = 0; s < n; s++)
        volume[s] = (pow(face[s + 1], 3) - pow(face[s], 3)) / 3;
    for (size_t s = 0; s + 1 < n; s++) {
        double outer = face[s + 1];
        double length =
            (mean_square(outer, face[s + 2]) - mean_square(face[s], outer)) / (2 * outer);
        passage[s] = outer * outer / length;
    }
    if (n > 0)
        model->surface_reach = (1 - mean_square(face[n - 1], 1)) / 2;
    for (size_t s = 0; s < n; s++) {
        inwards_of[s] = s > 0 ? passage[s - 1] / volume[s] : 0;
        outwards_of[s] = s + 1 < n ? passage[s] / volume[s] : 0;
    }
    model->shell_volume = volume;
    model->shell_inwards = inwards_of;
    model->shell_outwards = outwards_of;
    return true;
}
