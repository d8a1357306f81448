/* SPDX-License-Identifier: BSD-3-Clause */
/* law_plating.h: metal of the cation on an electrode that else blocks: nucleation, plating, stripping to the bare electrode,
 * and the share that does not come back. Eq. 18. */
#ifndef CLOSO_LAW_PLATING_H
#define CLOSO_LAW_PLATING_H

#include "assembly.h"

/* The share of the electrode that metal covers. Below zero, where only Newton's method comes, stripping goes on to fall, which
 * brings it back; plating does not. */
typedef struct coverage {
    double strips, plates, strips_by_plated, plates_by_plated;
} coverage;

LAW coverage coverage_at(const cell_deposit *deposit, double plated)
{
    double half = deposit->of->coverage_C_per_m2, whole = half + fabs(plated);
    double share = plated / whole, slope = half / (whole * whole);
    return (coverage){share, at_least(0, share), slope, plated >= 0 ? slope : 0};
}

/* exp(x), but above the exponent of 100 A/cm2 of metal, which no cell reaches, a straight line. Where the last metal goes its share
 * is as small as the exponential is large, and the product would be nothing but rounding. */
LAW double stripping_exp(double x, double most, double *derivative)
{
    *derivative = exp(at_most(most, x));
    return x > most ? *derivative * (1 + x - most) : *derivative;
}

/* Metal on metal follows Butler and Volmer at 0 V. On the bare electrode a nucleus of critical size is the metal that is in
 * equilibrium with the electrolyte, and it is so the nucleation's overpotential lower (Gibbs and Thomson; of lithium on copper
 * A. Pei et al., Nano Lett. 17 (2017) 1132, doi:10.1021/acs.nanolett.6b04755): the same law from there on, and cathodic only,
 * as a bare electrode has nothing to strip. The interphase lies in series with both. */
LAW void add_plating(const assembly *work, const cell_deposit *deposit, double root,
                     const coverage *covered)
{
    const closo_plating *of = deposit->of;
    double anodic = of->transfer > 0 ? of->transfer : 0.5, f = work->model->thermal_per_V;
    size_t row = deposit->reaction;
    double j = work->y[row], ohm_m2 = deposit->ohm_m2 + root, out_slope, in_slope;
    double eta = deposit->at.sign * work->y[deposit->at.potential] - j * ohm_m2;
    double out = stripping_exp(anodic * f * eta, deposit->exponent_most, &out_slope),
           in = bounded_exp(-(1 - anodic) * f * eta, &in_slope);
    two_ways bare = both_ways(anodic, f * (eta + of->nucleation_V));
    if (bare.net > 0)
        bare = (two_ways){0, 0};
    double exchange_A_per_m2 = deposit->exchange_A_per_m2;
    double by_eta = exchange_A_per_m2 * f *
                    (covered->strips * anodic * out_slope +
                     covered->plates * (1 - anodic) * in_slope + (1 - covered->plates) * bare.by_x);
    add_value(work, row,
              j - exchange_A_per_m2 * (covered->strips * out - covered->plates * in +
                                       (1 - covered->plates) * bare.net));
    add_entry(work, row, row, 1 + by_eta * ohm_m2);
    add_entry(work, row, deposit->at.potential, -deposit->at.sign * by_eta);
    add_entry(work, row, deposit->interphase, root > 0 ? by_eta * j / (2 * root) : 0);
    add_entry(work, row, deposit->plated,
              -exchange_A_per_m2 *
                  (covered->strips_by_plated * out - covered->plates_by_plated * (in + bare.net)));
}

/* The double layer of the electrode has its own law, which knows nothing of what is plated. */
LAW void law_plating(const assembly *work, const cell_deposit *deposit)
{
    const closo_plating *of = deposit->of;
    double root = sqrt(at_least(0, work->y[deposit->interphase]));
    const coverage covered = coverage_at(deposit, work->y[deposit->plated]);
    add_state(work, deposit->at.potential, deposit->reaction,
              deposit->at.sign * deposit->at.per_balance);
    add_plating(work, deposit, root, &covered);
    /* of what is plated a share is lost at once, as dead metal and as interphase; what is stripped was metal */
    double lost = work->y[deposit->reaction] < 0 ? of->loss : 0;
    add_rate(work, deposit->plated, deposit->plated, 1);
    add_state(work, deposit->plated, deposit->reaction, 1 - lost);
    add_rate(work, deposit->lost, deposit->lost, 1);
    add_state(work, deposit->lost, deposit->reaction, lost);
    /* eq. 8, where there is metal */
    add_rate(work, deposit->interphase, deposit->interphase, 1);
    add_value(work, deposit->interphase, -of->growth_ohm2_m4_per_s * covered.plates);
    add_entry(work, deposit->interphase, deposit->plated,
              -of->growth_ohm2_m4_per_s * covered.plates_by_plated);
}

#endif
