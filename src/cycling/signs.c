/* SPDX-License-Identifier: BSD-3-Clause */
/* signs.c: which way the current flows in each row, and the charge of each row.
 *
 * Some cyclers write the magnitude of the current and keep the direction in a word of the step. Where no current is ever
 * negative although the potential both rises and falls while it flows, the potential tells: charging raises it. */
#include "cycling_internal.h"

#include <math.h>

static const double turn_share = 0.1;    /* of the range of potential: smaller falls are no turn */
static const double least_turn_V = 5e-3; /* nor are these */
static const double least_charge_share =
    0.05;                              /* of all: falling pieces that carry less prove nothing */
static const double blip_share = 0.01; /* of the charge of both neighbours */
enum { BLIP_ROWS = 2 };

static double row_charge(const closo_cycling_work *work, size_t i)
{
    if (work->own_charge)
        return work->charge_C[i];
    return i == 0 || work->joined[i] ? 0
                                     : work->current_A[i] * (work->time_s[i] - work->time_s[i - 1]);
}

/* ---- currents without a sign ---- */

static bool any_negative(const closo_cycling_work *work)
{
    double zero_A = work->cycling->zero_current_A;
    for (size_t i = 0; i < work->cycling->row_count; i++)
        if (work->current_A[i] < -zero_A ||
            (work->own_charge && work->charge_C[i] < 0 && fabs(work->current_A[i]) > zero_A))
            return true;
    return false;
}

/* The row at which a piece that begins at `first` ends: where the current stops, or where the potential turns and goes
 * back by turn_V. The turn is the last row within a quarter of turn_V of the extreme, so that a hold stays whole. */
static size_t piece_end(const closo_cycling_work *work, size_t first, double turn_V)
{
    const double *potential_V = work->potential_V;
    double zero_A = work->cycling->zero_current_A;
    size_t rows = work->cycling->row_count, high = first, low = first;
    for (size_t i = first; i < rows; i++) {
        if (!(fabs(work->current_A[i]) > zero_A) || (i > first && work->joined[i]))
            return i;
        if (potential_V[i] >= potential_V[high])
            high = i;
        if (potential_V[i] <= potential_V[low])
            low = i;
        bool fell = potential_V[high] - potential_V[i] > turn_V && high > low;
        bool rose = potential_V[i] - potential_V[low] > turn_V && low > high;
        if (!fell && !rose)
            continue;
        /* Of a rise that began with a drop, or the other way round, the drop alone is a piece only when it is larger. */
        size_t turn = fell ? high : low, at = i;
        while (at > turn && fabs(potential_V[at] - potential_V[turn]) > turn_V / 4)
            at--;
        if (at + 1 > first && fabs(potential_V[turn] - potential_V[first]) > turn_V / 4)
            return at + 1;
        if (fell)
            low = i;
        else
            high = i;
    }
    return rows;
}

/* Total charge of pieces in which the potential rises (sign 1) and falls (-1); sets the signs when `apply`. */
static void walk_pieces(closo_cycling_work *work, double turn_V, bool apply, double charge_C[2])
{
    size_t rows = work->cycling->row_count;
    double zero_A = work->cycling->zero_current_A;
    for (size_t i = 0; i < rows;) {
        if (!(fabs(work->current_A[i]) > zero_A)) {
            i++;
            continue;
        }
        size_t end = piece_end(work, i, turn_V);
        bool falls = work->potential_V[end - 1] < work->potential_V[i];
        for (size_t j = i; j < end; j++) {
            charge_C[falls ? 1 : 0] += fabs(row_charge(work, j));
            if (apply && falls) {
                work->current_A[j] = -work->current_A[j];
                work->charge_C[j] = -work->charge_C[j];
            }
        }
        i = end;
    }
}

static void mend_signs(closo_cycling_work *work)
{
    if (any_negative(work))
        return;
    double low_V = INFINITY, high_V = -INFINITY;
    for (size_t i = 0; i < work->cycling->row_count; i++) {
        low_V = fmin(low_V, work->potential_V[i]);
        high_V = fmax(high_V, work->potential_V[i]);
    }
    double turn_V = fmax(turn_share * (high_V - low_V), least_turn_V), charge_C[2] = {0, 0};
    walk_pieces(work, turn_V, false, charge_C);
    if (!(charge_C[1] > least_charge_share * (charge_C[0] + charge_C[1])))
        return;
    work->cycling->signs_from_potential = true;
    closo_notes_add(&work->cycling->notes, work->arena,
                    "no current is negative, yet the potential falls while %.3g %% of the charge "
                    "flows: the currents have lost their sign; it was taken from the potential "
                    "(falling: discharge)",
                    100 * charge_C[1] / (charge_C[0] + charge_C[1]));
    walk_pieces(work, turn_V, true, charge_C);
}

/* ---- runs of one sign ---- */

typedef struct run {
    size_t first, count;
    int sign;
    double charge_C;
} run;

typedef struct run_list {
    run *runs;
    size_t count, capacity;
} run_list;

static bool find_runs(const closo_cycling_work *work, run_list *list)
{
    list->count = 0;
    for (size_t i = 0; i < work->cycling->row_count; i++) {
        if (i == 0 || work->sign[i] != work->sign[i - 1]) {
            run *grown = closo_arena_grow(work->passing, list->runs, list->count, &list->capacity,
                                          sizeof *grown);
            if (grown == NULL)
                return false;
            list->runs = grown;
            list->runs[list->count++] = (run){i, 0, work->sign[i], 0};
        }
        list->runs[list->count - 1].count++;
        list->runs[list->count - 1].charge_C += fabs(row_charge(work, i));
    }
    return true;
}

static void set_run(closo_cycling_work *work, const run *which, int sign)
{
    for (size_t i = which->first; i < which->first + which->count; i++)
        work->sign[i] = sign;
}

/* A single row without current amid one that flows is a row that a step opened with: it joins the run before. */
static void absorb_single_rests(closo_cycling_work *work, const run *runs, size_t count)
{
    for (size_t r = 1; r + 1 < count; r++)
        if (runs[r].sign == 0 && runs[r].count == 1)
            set_run(work, &runs[r], runs[r - 1].sign);
}

/* The next run with a current within two of r, or NULL. */
static const run *next_current(const run *runs, size_t count, size_t r)
{
    for (size_t n = r + 1; n < count && n <= r + 2; n++)
        if (runs[n].sign != 0)
            return &runs[n];
    return NULL;
}

/* One or two rows with little charge (a spike, a row caught while the range changed) are no turn. Little is measured by
 * what flows on both sides: together where that has one direction, else the smaller. */
static size_t absorb_blips(closo_cycling_work *work, const run *runs, size_t count)
{
    size_t absorbed = 0;
    double before_C = 0; /* since the last turn that counts */
    int before = 0;
    for (size_t r = 0; r < count; r++) {
        if (runs[r].sign == 0)
            continue;
        const run *after = next_current(runs, count, r);
        double after_C = after != NULL ? after->charge_C : 0;
        bool joins = after != NULL && after->sign == before;
        double beside_C =
            joins || before == 0 || after == NULL ? before_C + after_C : fmin(before_C, after_C);
        if (runs[r].count <= BLIP_ROWS && runs[r].charge_C < blip_share * beside_C) {
            set_run(work, &runs[r], r > 0 ? runs[r - 1].sign : runs[r + 1].sign);
            absorbed += runs[r].count;
            continue;
        }
        before_C = runs[r].sign == before ? before_C + runs[r].charge_C : runs[r].charge_C;
        before = runs[r].sign;
    }
    return absorbed;
}

static void fill_charge(closo_cycling_work *work)
{
    for (size_t i = 0; i < work->cycling->row_count && !work->own_charge; i++) {
        double elapsed_s = i == 0 || work->joined[i] ? 0 : work->time_s[i] - work->time_s[i - 1];
        bool inside = i != 0 && work->sign[i] == work->sign[i - 1] && !work->averaged;
        double mean_A =
            inside ? 0.5 * (work->current_A[i] + work->current_A[i - 1]) : work->current_A[i];
        work->charge_C[i] = mean_A * elapsed_s;
    }
}

/* An impedance is measured around a rest, or around the current that flows anyway. What flows on as it did before belongs
 * to the half cycle; what flows against it is the small current of a bias, and no turn. */
static closo_status rest_in_impedance(closo_cycling_work *work, closo_error *error)
{
    const closo_column *frequency = closo_table_find(work->table, CLOSO_QUANTITY_FREQUENCY);
    if (frequency == NULL || frequency->labels != NULL)
        return CLOSO_OK;
    const double *frequency_Hz =
        closo_column_values_si(frequency, work->table->row_count, work->passing);
    if (frequency_Hz == NULL)
        return closo_fail_nomem(error);
    size_t count = 0;
    int before = 0; /* sign of the last row with a current and no impedance */
    for (size_t i = 0; i < work->cycling->row_count; i++) {
        bool impedance = frequency_Hz[work->file_rows[i]] > 0;
        if (!impedance && work->sign[i] != 0)
            before = work->sign[i];
        if (!impedance || work->sign[i] == 0 || work->sign[i] == before)
            continue;
        work->sign[i] = 0;
        count++;
    }
    if (count != 0)
        closo_notes_add(&work->cycling->notes, work->arena,
                        "%zu rows of impedance (column %s), whose current runs against that of the "
                        "half cycle, count as rests",
                        count, frequency->name);
    return CLOSO_OK;
}

closo_status closo_cycling_signs(closo_cycling_work *work, closo_error *error)
{
    size_t rows = work->cycling->row_count;
    run_list list = {0};
    mend_signs(work);
    double zero_A = work->cycling->zero_current_A;
    for (size_t i = 0; i < rows; i++)
        work->sign[i] = work->current_A[i] > zero_A ? 1 : work->current_A[i] < -zero_A ? -1 : 0;
    closo_status status = rest_in_impedance(work, error);
    if (status != CLOSO_OK)
        return status;
    if (!find_runs(work, &list))
        return closo_fail_nomem(error);
    absorb_single_rests(work, list.runs, list.count);
    if (!find_runs(work, &list))
        return closo_fail_nomem(error);
    size_t absorbed = absorb_blips(work, list.runs, list.count);
    if (absorbed != 0)
        closo_notes_add(&work->cycling->notes, work->arena,
                        "%zu rows in which the current shows for a moment and carries less than "
                        "1 %% of the charge beside it are not taken for a turn",
                        absorbed);
    fill_charge(work);
    work->noise_A = closo_cycling_noise(work->current_A, work->sign, rows, work->scratch);
    work->noise_V = closo_cycling_noise(work->potential_V, work->sign, rows, work->scratch);
    return CLOSO_OK;
}
