/* SPDX-License-Identifier: BSD-3-Clause */
/* onset_lines.c: lines and slices as they are handed out: in volt and ampere, a cathodic sweep mirrored back.
 * With E -> -E and I -> -I a line keeps its slope and its intercept changes sign. */
#include "onset_internal.h"

#include <math.h>

static bool is_under(const onset_piece *piece, const onset_sweep *sweep, size_t point)
{
    double potential_V = sweep->points.potential_V[point];
    return sweep->points.kept[point] &&
           (!piece->by_hand || (piece->from_V <= potential_V && potential_V <= piece->to_V));
}

closo_sweep_line onset_line_of(const onset_sweep *sweep, const onset_piece *piece)
{
    const onset_points *points = &sweep->points;
    double intercept = piece->mean - piece->slope * piece->mean_V;
    closo_sweep_line line = {.slope_S = piece->slope * points->current_A,
                             .intercept_A = intercept * points->current_A * points->mirror,
                             .slope_sigma_S = piece->slope_sigma * points->current_A,
                             .r2 = piece->r2,
                             .from_V = piece->from_V * points->mirror,
                             .to_V = piece->to_V * points->mirror};
    size_t first = piece->by_hand ? 0 : sweep->slices.first_point[piece->first];
    size_t end = piece->by_hand ? points->count : sweep->slices.first_point[piece->end];
    double square = 0;
    for (size_t i = first; i < end; i++) {
        if (!is_under(piece, sweep, i))
            continue;
        double residual = points->current[i] - onset_piece_current(piece, points->potential_V[i]);
        square += residual * residual;
        line.point_count++;
    }
    if (line.point_count > 2)
        line.residual_A = points->current_A * sqrt(square / (double)(line.point_count - 2));
    return line;
}

closo_status onset_hand_out_slices(const onset_sweep *sweep, closo_arena *arena,
                                   closo_onset_result *result, closo_error *error)
{
    const onset_slices *slices = &sweep->slices;
    const onset_points *points = &sweep->points;
    double *potential_V = closo_arena_alloc(arena, slices->count, sizeof *potential_V);
    double *current_A = closo_arena_alloc(arena, slices->count, sizeof *current_A);
    if (potential_V == NULL || current_A == NULL)
        return closo_fail_nomem(error);
    for (size_t k = 0; k < slices->count; k++) {
        potential_V[k] = slices->potential_V[k] * points->mirror;
        current_A[k] = slices->current[k] * points->current_A * points->mirror;
    }
    result->bin_potential_V = potential_V;
    result->bin_current_A = current_A;
    result->bin_count = slices->count;
    result->spike_count = points->spike_count;
    result->noise_A = sweep->noise * points->current_A;
    return CLOSO_OK;
}
