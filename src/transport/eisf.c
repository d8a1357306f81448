/* SPDX-License-Identifier: BSD-3-Clause */
/* eisf.c: how an icosahedral anion turns, from the elastic incoherent structure factor. */
#include "transport_internal.h"

#include <math.h>

const char *closo_rotation_name(closo_rotation rotation)
{
    static const char *const names[] = {
#define X(code, name, text) name,
        CLOSO_ROTATION_LIST(X)
#undef X
    };
    return rotation < CLOSO_ROTATION_COUNT ? names[rotation] : "";
}

const char *closo_rotation_text(closo_rotation rotation)
{
    static const char *const texts[] = {
#define X(code, name, text) text,
        CLOSO_ROTATION_LIST(X)
#undef X
    };
    return rotation < CLOSO_ROTATION_COUNT ? texts[rotation] : "";
}

static double j0_of(double x)
{
    return fabs(x) < 1e-4 ? 1 - x * x / 6 : sin(x) / x;
}

double closo_rotation_eisf(closo_rotation rotation, double q_per_m, double radius_m)
{
    /* An icosahedron of circumradius 1 has the edge 4 / sqrt(10 + 2 sqrt 5), the next distance is the golden ratio times
     * that, the farthest 2. */
    const double edge = 4 / sqrt(10 + 2 * sqrt(5)), next = edge * (1 + sqrt(5)) / 2;
    double turn = q_per_m * radius_m;
    double a = j0_of(edge * turn), b = j0_of(next * turn), c = j0_of(2 * turn);
    double alone = j0_of(turn), nothing = NAN;
    switch (rotation) {
    case CLOSO_ROTATION_C2:
        return 0.5 + (a + b + c) / 6;
    case CLOSO_ROTATION_C3_OR_C5:
        return (1 + a + b) / 3;
    case CLOSO_ROTATION_TWELVE_SITES:
        return (1 + 5 * a + 5 * b + c) / 12;
    case CLOSO_ROTATION_ISOTROPIC:
        return alone * alone;
    case CLOSO_ROTATION_COUNT:
        break;
    }
    return nothing;
}

/* 1 - EISF = p (1 - A0): a line through the origin. */
static void fit_one(const double *q_per_m, const double *eisf, const double *sigma, size_t count,
                    double radius_m, closo_rotation rotation, closo_eisf_result *result)
{
    double up = 0, down = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        double weight = sigma != NULL ? 1 / (sigma[i] * sigma[i]) : 1;
        double lost = 1 - closo_rotation_eisf(rotation, q_per_m[i], radius_m);
        up += weight * lost * (1 - eisf[i]);
        down += weight * lost * lost;
    }
    double share = up / down;
    for (size_t i = 0; i < count; i++) {
        double off =
            1 - eisf[i] - share * (1 - closo_rotation_eisf(rotation, q_per_m[i], radius_m));
        squares += off * off * (sigma != NULL ? 1 / (sigma[i] * sigma[i]) : 1);
    }
    double scale = squares / (n - 1);
    if (sigma != NULL)
        scale = fmax(scale, 1);
    result->mobile[rotation] = (closo_value){share, sqrt(scale / down)};
    result->chi2[rotation] = squares;
    result->bic[rotation] = n * log(fmax(squares, 1e-300) / n) + log(n);
}

static void warn(closo_eisf_result *result, double largest, closo_arena *arena)
{
    closo_rotation chosen = result->chosen;
    for (int r = 0; r < CLOSO_ROTATION_COUNT; r++)
        if (r != (int)chosen && result->bic[r] < result->bic[chosen] + 2)
            closo_notes_add(
                &result->warnings, arena, "these Q cannot tell '%s' from '%s' (BIC %+.1f)%s",
                closo_rotation_name(chosen), closo_rotation_name((closo_rotation)r),
                result->bic[r] - result->bic[chosen], largest < 4.3 ? "; larger Q would" : "");
    closo_value share = result->mobile[chosen];
    if (share.value > 1 + 2 * share.sigma)
        closo_notes_add(&result->warnings, arena,
                        "%.0f %% of the hydrogen would turn: the radius is too small, the motion "
                        "larger than the model's, or the elastic line was not separated",
                        100 * share.value);
    if (share.value < 0.05 || share.value < 2 * share.sigma)
        closo_notes_add(&result->warnings, arena, "next to nothing turns: no model can be told");
}

closo_status closo_eisf_fit(const double *q_per_m, const double *eisf, const double *sigma,
                            size_t count, double radius_m, closo_arena *arena,
                            closo_eisf_result *result, closo_error *error)
{
    *result = (closo_eisf_result){0};
    if (count < 3)
        return closo_fail(error, CLOSO_RANGE, "an EISF wants three Q or more, not %zu", count);
    if (!(radius_m > 0) || !isfinite(radius_m))
        return closo_fail(error, CLOSO_RANGE,
                          "the radius of the hydrogen cage has to be larger than zero, such as "
                          "2.9 ang for B12H12");
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(q_per_m[i] > 0) || !isfinite(q_per_m[i]) || !(eisf[i] > -0.2) || !(eisf[i] < 1.2) ||
            (sigma != NULL && !(sigma[i] > 0)))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu: Q (%g 1/ang) has to be larger than zero and the EISF "
                              "(%g) between 0 and 1",
                              i + 1, 1e-10 * q_per_m[i], eisf[i]);
        largest = fmax(largest, q_per_m[i] * radius_m);
    }
    for (int r = 0; r < CLOSO_ROTATION_COUNT; r++) {
        fit_one(q_per_m, eisf, sigma, count, radius_m, (closo_rotation)r, result);
        if (result->bic[r] < result->bic[result->chosen])
            result->chosen = (closo_rotation)r;
    }
    warn(result, largest, arena);
    return CLOSO_OK;
}
