/* SPDX-License-Identifier: BSD-3-Clause */
/* unsigned_currents.c: currents that have lost their sign.
 *
 * Some cyclers write the magnitude of the current and keep the direction in a word of the step. Where no current is ever
 * negative although the potential both rises and falls while it flows, the potential tells: charging raises it. */
#include "cycling_internal.h"

#include <math.h>

static const double turn_share = 0.1;    /* of the range of potential: smaller falls are no turn */
static const double least_turn_V = 5e-3; /* nor are these */
static const double least_charge_share =
    0.05; /* of all: falling pieces that carry less prove nothing */

static double potential(const closo_cycling_work *work, size_t row)
{
    return work->window->potential_V[closo_row_at(work->window, row)];
}

static bool flows(const closo_cycling_work *work, size_t row)
{
    return fabs(work->window->current_A[closo_row_at(work->window, row)]) >
           work->cycling->zero_current_A;
}

/* The row at which a piece that begins at `first` ends: where the current stops, or where the potential turns and goes
 * back by turn_V. The turn is the last row within a quarter of turn_V of the extreme, so that a hold stays whole. */
static size_t piece_end(const closo_cycling_work *work, size_t first, double turn_V)
{
    const size_t rows = work->cycling->row_count;
    const double first_V = potential(work, first);
    double high_V = first_V, low_V = first_V;
    size_t high = first, low = first;
    for (size_t i = first; i < rows; i++) {
        if (!flows(work, i) || (i > first && closo_cycling_joined(work->source, i)))
            return i;
        const double now_V = potential(work, i);
        if (now_V >= high_V) {
            high = i;
            high_V = now_V;
        }
        if (now_V <= low_V) {
            low = i;
            low_V = now_V;
        }
        const bool fell = high_V - now_V > turn_V && high > low;
        const bool rose = now_V - low_V > turn_V && low > high;
        if (!fell && !rose)
            continue;
        /* Of a rise that began with a drop, or the other way round, the drop alone is a piece only when it is larger. */
        const size_t turn = fell ? high : low;
        const double turn_at_V = fell ? high_V : low_V;
        size_t at = i;
        while (at > turn && fabs(potential(work, at) - turn_at_V) > turn_V / 4)
            at--;
        if (at + 1 > first && fabs(turn_at_V - first_V) > turn_V / 4)
            return at + 1;
        if (fell) {
            low = i;
            low_V = now_V;
        } else {
            high = i;
            high_V = now_V;
        }
    }
    return rows;
}

static bool turn_round(closo_cycling_source *source, closo_arena *arena, size_t first, size_t end)
{
    closo_cycling_range *grown = closo_arena_grow(arena, source->turned, source->turned_count,
                                                  &source->turned_capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    source->turned = grown;
    grown[source->turned_count++] = (closo_cycling_range){first, end};
    return true;
}

/* Total charge of pieces in which the potential rises (sign 1) and falls (-1); sets the signs when `apply`. */
static bool walk_pieces(closo_cycling_work *work, double turn_V, bool apply, double charge_C[2])
{
    const size_t rows = work->cycling->row_count;
    for (size_t i = 0; i < rows;) {
        if (!flows(work, i)) {
            i++;
            continue;
        }
        const size_t end = piece_end(work, i, turn_V);
        const bool falls = potential(work, end - 1) < potential(work, i);
        if (apply && falls && !turn_round(work->source, work->arena, i, end))
            return false;
        for (; !apply && i < end; i++) {
            const size_t at = closo_row_at(work->window, i);
            charge_C[falls ? 1 : 0] += fabs(work->window->charge_C[at]);
        }
        i = end;
    }
    return true;
}

closo_status closo_cycling_mend_signs(closo_cycling_work *work, closo_error *error)
{
    const closo_row_facts *facts = &work->facts;
    const double zero_A = work->cycling->zero_current_A;
    if (facts->least_A < -zero_A ||
        (work->source->own.kind != CLOSO_OWN_NONE && facts->most_A_of_negative_charge > zero_A))
        return CLOSO_OK;
    const double turn_V = fmax(turn_share * (facts->high_V - facts->low_V), least_turn_V);
    double charge_C[2] = {0, 0};
    if (!walk_pieces(work, turn_V, false, charge_C))
        return closo_fail_nomem(error);
    if (!(charge_C[1] > least_charge_share * (charge_C[0] + charge_C[1])))
        return CLOSO_OK;
    work->cycling->signs_from_potential = true;
    closo_notes_add(&work->cycling->notes, work->arena,
                    "no current is negative, yet the potential falls while %.3g %% of the charge "
                    "flows: the currents have lost their sign; it was taken from the potential "
                    "(falling: discharge)",
                    100 * charge_C[1] / (charge_C[0] + charge_C[1]));
    if (!walk_pieces(work, turn_V, true, charge_C))
        return closo_fail_nomem(error);
    closo_row_window_clear(work->window);
    return CLOSO_OK;
}
