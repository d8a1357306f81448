/* SPDX-License-Identifier: BSD-3-Clause */
/* figure_merit.c: specific energy of a cell against the thickness of its electrolyte, for several loadings. */
#include "report_internal.h"

#include "base/base_internal.h"

#include <math.h>

static const double J_per_kg_per_Wh_kg = 3600;

/* The target of the cell, what the composite alone has, and where the cell stands. */
static size_t add_guides(const closo_merit *merit, closo_guide *guides, closo_arena *arena)
{
    size_t count = 0;
    const closo_merit_target *target = merit->targets[CLOSO_MERIT_ENERGY_CELL];
    if (target != NULL) {
        double energy = target->value / J_per_kg_per_Wh_kg;
        guides[count++] =
            (closo_guide){CLOSO_GUIDE_Y_LINE, energy, energy,
                          closo_arena_printf(arena, "target %.4g Wh kg^{−1}", energy), 3};
    }
    double composite = merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE].value / J_per_kg_per_Wh_kg;
    guides[count++] =
        (closo_guide){CLOSO_GUIDE_Y_LINE, composite, composite,
                      closo_arena_printf(arena, "composite alone %.4g Wh kg^{−1}", composite), -1};
    return count;
}

static bool add_curve(const closo_merit *merit, size_t l, const double *thickness_um,
                      closo_curve *curve, closo_arena *arena)
{
    double *energy = closo_arena_alloc(arena, merit->thickness_count, sizeof *energy);
    double areal = merit->loading_kg_per_m2[l] * merit->figures[CLOSO_MERIT_CAPACITY].value;
    const char *label = closo_arena_printf(arena, "%.3g mg cm^{−2}, %.3g mAh cm^{−2}",
                                           100 * merit->loading_kg_per_m2[l], areal / 36000);
    if (energy == NULL || label == NULL)
        return false;
    for (size_t i = 0; i < merit->thickness_count; i++)
        energy[i] = merit->energy_J_per_kg[l][i] / J_per_kg_per_Wh_kg;
    *curve = (closo_curve){.label = label,
                           .x = thickness_um,
                           .y = energy,
                           .count = merit->thickness_count,
                           .mark = CLOSO_MARK_LINE,
                           .colour = (int)l};
    return true;
}

/* The highest loading once more, with no more anode metal than one discharge moves. */
static bool add_thin_anode(const closo_merit *merit, const double *thickness_um, closo_curve *curve,
                           closo_arena *arena)
{
    double *energy = closo_arena_alloc(arena, merit->thickness_count, sizeof *energy);
    closo_merit_change change = closo_merit_no_change();
    if (energy == NULL)
        return false;
    change.loading_kg_per_m2 = merit->loading_kg_per_m2[merit->loading_count - 1];
    change.anode_excess = 1;
    for (size_t i = 0; i < merit->thickness_count; i++) {
        change.electrolyte_thickness_m = merit->thickness_m[i];
        energy[i] = closo_merit_energy_J_per_kg(merit->cell, &change) / J_per_kg_per_Wh_kg;
    }
    *curve = (closo_curve){.label = "the last, and anode metal for one discharge",
                           .x = thickness_um,
                           .y = energy,
                           .count = merit->thickness_count,
                           .mark = CLOSO_MARK_DASHED,
                           .colour = (int)merit->loading_count - 1};
    return true;
}

static bool add_present(const closo_merit *merit, closo_curve *curve, closo_arena *arena)
{
    double *point = closo_arena_alloc(arena, 3, sizeof *point);
    if (point == NULL)
        return false;
    const closo_value energy = merit->figures[CLOSO_MERIT_ENERGY_CELL];
    point[0] = 1e6 * merit->figures[CLOSO_MERIT_ELECTROLYTE_THICKNESS].value;
    point[1] = energy.value / J_per_kg_per_Wh_kg;
    point[2] = energy.sigma > 0 ? energy.sigma / J_per_kg_per_Wh_kg : 0;
    *curve = (closo_curve){.label = "this cell",
                           .x = &point[0],
                           .y = &point[1],
                           .y_sigma = &point[2],
                           .count = 1,
                           .mark = CLOSO_MARK_POINTS,
                           .colour = 0};
    return true;
}

const closo_figure *closo_figure_merit(const closo_merit *merit, const char *title,
                                       closo_arena *arena)
{
    closo_figure *figure = closo_arena_alloc(arena, 1, sizeof *figure);
    closo_curve *curves = closo_arena_alloc(arena, merit->loading_count + 2, sizeof *curves);
    closo_guide *guides = closo_arena_alloc(arena, 2, sizeof *guides);
    double *thickness_um = closo_arena_alloc(arena, merit->thickness_count, sizeof *thickness_um);
    if (figure == NULL || curves == NULL || guides == NULL || thickness_um == NULL)
        return NULL;
    for (size_t i = 0; i < merit->thickness_count; i++)
        thickness_um[i] = 1e6 * merit->thickness_m[i];
    for (size_t l = 0; l < merit->loading_count; l++)
        if (!add_curve(merit, l, thickness_um, &curves[figure->curve_count++], arena))
            return NULL;
    if (merit->thickness_count != 0 && !add_present(merit, &curves[figure->curve_count++], arena))
        return NULL;
    if (merit->thickness_count != 0 && merit->figures[CLOSO_MERIT_ANODE_EXCESS].value > 1 &&
        !add_thin_anode(merit, thickness_um, &curves[figure->curve_count++], arena))
        return NULL;
    figure->title = title;
    figure->curves = curves;
    figure->guides = guides;
    figure->guide_count = add_guides(merit, guides, arena);
    figure->x = (closo_axis){.label = "Thickness of the electrolyte (µm)", .logarithmic = true};
    figure->y = (closo_axis){.label = "Specific energy of the cell (Wh kg^{−1})"};
    figure->y.low = 0;
    figure->y.high = 1.1 *
                     fmax(merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE].value,
                          merit->targets[CLOSO_MERIT_ENERGY_CELL] != NULL
                              ? merit->targets[CLOSO_MERIT_ENERGY_CELL]->value
                              : 0) /
                     J_per_kg_per_Wh_kg;
    return figure;
}
