/* SPDX-License-Identifier: BSD-3-Clause */
/* signs.c: runs of rows in which the current flows one way, and the noise of the rows. */
#include "cycling_internal.h"

#include "closo/numeric.h"

#include <math.h>

static const double blip_share = 0.01; /* of the charge of both neighbours */
enum {
    BLIP_ROWS = 2,
    NOISE_WINDOWS = 32 /* of a large file: noise is known well enough from these */
};

/* ---- runs of one sign ---- */

/* Frequencies of the rows of a window, where the file is of an impedance: they are measured around a rest, or around the
 * current that flows anyway. What flows on as it did before belongs to the half cycle; what flows against it is the small
 * current of a bias, and no turn. */
typedef struct impedance {
    const closo_column *frequency; /* NULL: none */
    int before;                    /* sign of the last row with a current and no impedance */
    size_t count;                  /* rows that are made a rest */
} impedance;

static int judge_impedance(const closo_cycling_work *work, impedance *state, size_t row, int sign)
{
    double frequency_Hz;
    closo_column_read_si(state->frequency, closo_cycling_file_row(work->cycling, row), 1,
                         &frequency_Hz);
    const bool measured = frequency_Hz > 0;
    if (!measured && sign != 0)
        state->before = sign;
    if (!measured || sign == 0 || sign == state->before)
        return sign;
    state->count++;
    return 0;
}

/* The runs by the sign of each row. Until they are known, the window integrates by rectangles, which will do here. */
static bool find_runs(closo_cycling_work *work)
{
    closo_cycling_source *source = work->source;
    closo_row_window *window = work->window;
    const double zero_A = work->cycling->zero_current_A;
    impedance state = {closo_table_find(work->table, CLOSO_QUANTITY_FREQUENCY), 0, 0};
    if (state.frequency != NULL && state.frequency->labels != NULL)
        state.frequency = NULL;
    closo_cycling_run *run = NULL;
    closo_cycling_run *found = NULL; /* the list under way: the source must not see it yet */
    size_t count = 0, capacity = 0;
    for (size_t row = 0; row < source->row_count; row++) {
        const size_t at = closo_row_at(window, row);
        const double current_A = window->current_A[at];
        int sign = current_A > zero_A ? 1 : current_A < -zero_A ? -1 : 0;
        if (state.frequency != NULL)
            sign = judge_impedance(work, &state, row, sign);
        if (run == NULL || sign != run->sign) {
            found = closo_arena_grow(work->passing, found, count, &capacity, sizeof *found);
            if (found == NULL)
                return false;
            run = &found[count++];
            *run = (closo_cycling_run){.first_row = row, .sign = sign};
        }
        run->row_count++;
        run->charge_C += fabs(window->charge_C[at]);
    }
    if (state.count != 0)
        closo_notes_add(&work->cycling->notes, work->arena,
                        "%zu rows of impedance (column %s), whose current runs against that of the "
                        "half cycle, count as rests",
                        state.count, state.frequency->name);
    source->runs = found;
    source->run_count = count;
    return true;
}

/* Neighbours that became of one sign are one run. */
static void join_runs(closo_cycling_source *source)
{
    size_t kept = 0;
    for (size_t r = 0; r < source->run_count; r++) {
        const closo_cycling_run run = source->runs[r];
        if (kept == 0 || source->runs[kept - 1].sign != run.sign) {
            source->runs[kept++] = run;
            continue;
        }
        source->runs[kept - 1].row_count += run.row_count;
        source->runs[kept - 1].charge_C += run.charge_C;
    }
    source->run_count = kept;
}

/* A single row without current amid one that flows is a row that a step opened with: it joins the run before. */
static void absorb_single_rests(closo_cycling_source *source)
{
    closo_cycling_run *runs = source->runs;
    for (size_t r = 1; r + 1 < source->run_count; r++)
        if (runs[r].sign == 0 && runs[r].row_count == 1)
            runs[r].sign = runs[r - 1].sign; /* which is not 0, nor was it changed */
    join_runs(source);
}

/* The next run with a current within two of r, or NULL. */
static const closo_cycling_run *next_current(const closo_cycling_run *runs, size_t count, size_t r)
{
    for (size_t n = r + 1; n < count && n <= r + 2; n++)
        if (runs[n].sign != 0)
            return &runs[n];
    return NULL;
}

/* One or two rows with little charge (a spike, a row caught while the range changed) are no turn. Little is measured by
 * what flows on both sides: together where that has one direction, else the smaller. */
static size_t absorb_blips(closo_cycling_source *source)
{
    closo_cycling_run *runs = source->runs;
    const size_t count = source->run_count;
    size_t absorbed = 0;
    double before_C = 0; /* since the last turn that counts */
    int before = 0, sign_before = 0;
    for (size_t r = 0; r < count; r++) {
        const int sign = runs[r].sign, joins_sign = sign_before;
        sign_before = sign;
        if (sign == 0)
            continue;
        const closo_cycling_run *after = next_current(runs, count, r);
        double after_C = after != NULL ? after->charge_C : 0;
        bool joins = after != NULL && after->sign == before;
        double beside_C =
            joins || before == 0 || after == NULL ? before_C + after_C : fmin(before_C, after_C);
        if (runs[r].row_count <= BLIP_ROWS && runs[r].charge_C < blip_share * beside_C) {
            runs[r].sign = r > 0 ? joins_sign : runs[r + 1].sign;
            absorbed += runs[r].row_count;
            continue;
        }
        before_C = sign == before ? before_C + runs[r].charge_C : runs[r].charge_C;
        before = sign;
    }
    join_runs(source);
    return absorbed;
}

/* ---- noise ---- */

/* Second differences of the rows of a window that lie within one run under current: a straight line cancels in them.
 * Returns how many there are. */
static size_t second_differences(closo_cycling_work *work, size_t first_row, double *current_A,
                                 double *potential_V)
{
    closo_row_window *window = work->window;
    const closo_cycling_source *source = work->source;
    size_t count = 0;
    (void)closo_row_at(window, first_row);
    const size_t end_row = first_row + window->row_count;
    for (size_t r = closo_cycling_run_of(source, first_row);
         r < source->run_count && source->runs[r].first_row < end_row; r++) {
        const closo_cycling_run *run = &source->runs[r];
        if (run->sign == 0)
            continue;
        const size_t run_end = run->first_row + run->row_count;
        const size_t from_row = run->first_row > first_row ? run->first_row : first_row;
        const size_t to_row = run_end < end_row ? run_end : end_row;
        /* Index of a row is its distance from the window's first, plus one. */
        const size_t from = from_row - first_row + 1, to = to_row - first_row;
        for (size_t i = from + 1; i < to; i++) {
            const double *I = window->current_A + i, *E = window->potential_V + i;
            current_A[count] = I[-1] - 2 * I[0] + I[1];
            potential_V[count++] = E[-1] - 2 * E[0] + E[1];
        }
    }
    return count;
}

/* sigma of one row: that of its second differences over sqrt(6). */
static double noise(double *differences, size_t count)
{
    double median;
    return count < 3 ? 0 : closo_robust_sigma(differences, count, &median) / sqrt(6);
}

double closo_cycling_noise(const double *y, const int *use, size_t count, double *scratch)
{
    size_t kept = 0;
    for (size_t i = 1; i + 1 < count; i++)
        if (use[i] != 0 && use[i - 1] == use[i] && use[i + 1] == use[i])
            scratch[kept++] = y[i - 1] - 2 * y[i] + y[i + 1];
    return noise(scratch, kept);
}

static bool measure_noise(closo_cycling_work *work)
{
    const size_t windows =
        (work->source->row_count + CLOSO_ROWS_IN_WINDOW - 1) / CLOSO_ROWS_IN_WINDOW;
    const size_t taken = windows < NOISE_WINDOWS ? windows : NOISE_WINDOWS;
    const size_t room = taken * CLOSO_ROWS_IN_WINDOW;
    double *current_A = closo_arena_alloc(work->passing, room, sizeof *current_A);
    double *potential_V = closo_arena_alloc(work->passing, room, sizeof *potential_V);
    size_t count = 0;
    if (current_A == NULL || potential_V == NULL)
        return false;
    for (size_t k = 0; k < taken; k++)
        count += second_differences(work, windows * k / taken * CLOSO_ROWS_IN_WINDOW,
                                    current_A + count, potential_V + count);
    work->noise_A = noise(current_A, count);
    work->noise_V = noise(potential_V, count);
    return true;
}

closo_status closo_cycling_signs(closo_cycling_work *work, closo_error *error)
{
    closo_status status = closo_cycling_mend_signs(work, error);
    if (status != CLOSO_OK)
        return status;
    if (!find_runs(work))
        return closo_fail_nomem(error);
    absorb_single_rests(work->source);
    size_t absorbed = absorb_blips(work->source);
    closo_row_window_clear(work->window); /* integrals by the trapezoid rule from here on */
    if (absorbed != 0)
        closo_notes_add(&work->cycling->notes, work->arena,
                        "%zu rows in which the current shows for a moment and carries less than "
                        "1 %% of the charge beside it are not taken for a turn",
                        absorbed);
    closo_cycling_run *kept =
        closo_arena_copy(work->arena, work->source->runs, work->source->run_count, sizeof *kept);
    work->source->runs = kept; /* the rows are read by them as long as the cycling lives */
    return kept != NULL && measure_noise(work) ? CLOSO_OK : closo_fail_nomem(error);
}
