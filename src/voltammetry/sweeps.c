/* SPDX-License-Identifier: BSD-3-Clause */
/* sweeps.c: E(t) becomes sweeps, holds and other legs. The rule is in voltammetry.h. */
#include "voltammetry_internal.h"

#include "closo/numeric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double noise_multiple = 8, range_share = 0.01, least_turn_V = 2e-3;
static const double linear_share =
    0.02;                              /* rms deviation from a straight line, of the leg's range */
static const double bend_share = 0.01; /* middle against ends, of the leg's range */
static const double hold_share = 0.02; /* of the leg's duration */
enum { LEAST_ROWS = 3 };

/* ---- the rows that can be used ---- */

/* Leaves out rows in which time, potential or current is missing. */
static closo_status drop_missing_rows(closo_voltammogram *voltammogram, closo_arena *arena,
                                      closo_error *error)
{
    closo_trace *trace = &voltammogram->trace;
    size_t missing = 0;
    for (size_t i = 0; i < trace->row_count; i++)
        missing += isfinite(trace->time_s[i] + trace->potential_V[i] + trace->current_A[i]) ? 0 : 1;
    if (missing == 0)
        return CLOSO_OK;
    size_t kept = 0, count = trace->row_count - missing;
    if (count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "no row has a time, a potential and a current that are numbers");
    double *time_s = closo_arena_alloc(arena, count, sizeof *time_s);
    double *potential_V = closo_arena_alloc(arena, count, sizeof *potential_V);
    double *current_A = closo_arena_alloc(arena, count, sizeof *current_A);
    if (time_s == NULL || potential_V == NULL || current_A == NULL)
        return closo_fail_nomem(error);
    for (size_t i = 0; i < trace->row_count; i++) {
        if (!isfinite(trace->time_s[i] + trace->potential_V[i] + trace->current_A[i]))
            continue;
        time_s[kept] = trace->time_s[i];
        potential_V[kept] = trace->potential_V[i];
        current_A[kept++] = trace->current_A[i];
    }
    closo_notes_add(&voltammogram->notes, arena,
                    "%zu of %zu rows lack a time, potential or current and were left out", missing,
                    trace->row_count);
    trace->time_s = time_s;
    trace->potential_V = potential_V;
    trace->current_A = current_A;
    trace->row_count = count;
    return CLOSO_OK;
}

static void check_clock(closo_voltammogram *voltammogram, closo_arena *arena)
{
    const closo_trace *trace = &voltammogram->trace;
    for (size_t i = 1; i < trace->row_count; i++) {
        if (trace->time_s[i] < trace->time_s[i - 1]) {
            closo_notes_add(&voltammogram->notes, arena,
                            "the clock runs backwards at row %zu (%.9g s after %.9g s): are these "
                            "two files glued together? charges leave such intervals out",
                            i + 1, trace->time_s[i], trace->time_s[i - 1]);
            return;
        }
    }
}

/* ---- vertices ---- */

/* Noise of a series from its second differences, in which a straight run cancels. */
static double second_difference_noise(const double *y, size_t count, double *scratch)
{
    if (count < 3)
        return 0;
    for (size_t i = 1; i + 1 < count; i++)
        scratch[i - 1] = y[i - 1] - 2 * y[i] + y[i + 1];
    double median;
    return closo_robust_sigma(scratch, count - 2, &median) / sqrt(6);
}

/* Rows at which the potential turns by more than `turn_V`; the first and last row are always among them. */
static size_t find_vertices(const double *potential_V, size_t count, double turn_V,
                            size_t *vertices)
{
    size_t found = 0, extreme = 0;
    int direction = 0;
    vertices[found++] = 0;
    double low = potential_V[0], high = potential_V[0];
    for (size_t i = 1; i < count; i++) {
        double value = potential_V[i];
        if (direction == 0) {
            low = fmin(low, value);
            high = fmax(high, value);
            if (value - low > turn_V)
                direction = 1;
            else if (high - value > turn_V)
                direction = -1;
            extreme = i;
        } else if (direction * (value - potential_V[extreme]) > 0) {
            extreme = i;
        } else if (direction * (potential_V[extreme] - value) > turn_V) {
            vertices[found++] = extreme;
            direction = -direction;
            extreme = i;
        }
    }
    vertices[found++] = count - 1;
    return found;
}

/* ---- legs ---- */

typedef struct leg_builder {
    closo_voltammogram *voltammogram;
    closo_arena *arena;
    size_t capacity;
    double turn_V, noise_V;
} leg_builder;

static bool add_leg(leg_builder *builder, closo_leg kind, size_t first, size_t last, double rate)
{
    closo_voltammogram *voltammogram = builder->voltammogram;
    if (last < first || last >= voltammogram->trace.row_count)
        return true;
    closo_sweep *before = voltammogram->sweep_count != 0
                              ? &voltammogram->sweeps[voltammogram->sweep_count - 1]
                              : NULL;
    if (kind != CLOSO_LEG_SWEEP && before != NULL && before->kind == kind) {
        before->row_count += last - first + 1;
        return true;
    }
    closo_sweep *grown =
        closo_arena_grow(builder->arena, voltammogram->sweeps, voltammogram->sweep_count,
                         &builder->capacity, sizeof *grown);
    if (grown == NULL)
        return false;
    voltammogram->sweeps = grown;
    grown[voltammogram->sweep_count++] = (closo_sweep){
        .kind = kind,
        .direction = kind == CLOSO_LEG_SWEEP ? (rate > 0 ? 1 : -1) : 0,
        .first_row = first,
        .row_count = last - first + 1,
        .rate_V_per_s = rate,
    };
    return true;
}

/* The first row from `first` on whose potential has passed `share` of the way from the first to the last row. */
static size_t row_at_share(const closo_trace *trace, size_t first, size_t last, double share)
{
    double start = trace->potential_V[first], span = trace->potential_V[last] - start;
    for (size_t i = first; i < last; i++)
        if ((trace->potential_V[i] - start) / span >= share)
            return i;
    return last;
}

/* ---- sweeps and holds that follow one another in one direction ---- */

/* Rows of a piece against the straight line through its ends: the row that is furthest from it, and the rms. */
static double chord_rms_V(const closo_trace *trace, size_t first, size_t last, size_t *furthest)
{
    double from_s = trace->time_s[first], from_V = trace->potential_V[first], most = -1, sum = 0;
    double slope = (trace->potential_V[last] - from_V) / (trace->time_s[last] - from_s);
    *furthest = first;
    for (size_t i = first; i <= last; i++) {
        double off = fabs(trace->potential_V[i] - from_V - slope * (trace->time_s[i] - from_s));
        sum += off * off;
        if (off > most && i > first && i < last) {
            most = off;
            *furthest = i;
        }
    }
    return sqrt(sum / (double)(last - first + 1));
}

/* A rising potential that is no single line may be a sweep, a hold and another sweep. It is when a few corners leave lines
 * within a thousandth of their range: what a cell does by itself (a relaxation, a curve of charging) bends everywhere. */
static bool add_pieces(leg_builder *builder, size_t first, size_t last, bool *done)
{
    enum { PIECES = 5, ROWS_LEAST = 8 };
    const closo_trace *trace = &builder->voltammogram->trace;
    size_t corners[PIECES + 1] = {first, last}, count = 1;
    *done = false;
    for (;;) {
        size_t bent = PIECES, corner = first;
        for (size_t p = 0; p < count && bent == PIECES; p++) {
            double span = fabs(trace->potential_V[corners[p + 1]] - trace->potential_V[corners[p]]);
            double straight_V = fmax(1e-3 * span, 2 * builder->noise_V);
            if (corners[p + 1] - corners[p] < ROWS_LEAST)
                return true;
            if (!(chord_rms_V(trace, corners[p], corners[p + 1], &corner) <= straight_V))
                bent = p;
        }
        if (bent == PIECES)
            break;
        if (count == PIECES)
            return true;
        memmove(corners + bent + 2, corners + bent + 1, (count - bent) * sizeof *corners);
        corners[bent + 1] = corner;
        count++;
    }
    *done = true;
    for (size_t p = 0; p < count; p++) {
        size_t begin = corners[p] + (p != 0 ? 1 : 0), end = corners[p + 1];
        double span = trace->potential_V[end] - trace->potential_V[begin];
        bool hold = fabs(span) <= builder->turn_V;
        if (!add_leg(builder, hold ? CLOSO_LEG_HOLD : CLOSO_LEG_SWEEP, begin, end,
                     hold ? 0 : span / (trace->time_s[end] - trace->time_s[begin])))
            return false;
    }
    return true;
}

/* How far the middle third lies above the outer two, off a line: stairs cancel, a bend stays. */
static double bend_V(const closo_trace *trace, size_t first, size_t last, const closo_line *line)
{
    double sums[2] = {0, 0};
    size_t counts[2] = {0, 0}, third = (last - first + 1) / 3;
    for (size_t i = first; i <= last; i++) {
        int middle = i >= first + third && i <= last - third;
        sums[middle] += trace->potential_V[i] - line->intercept - line->slope * trace->time_s[i];
        counts[middle]++;
    }
    return counts[0] == 0 || counts[1] == 0
               ? 0
               : sums[1] / (double)counts[1] - sums[0] / (double)counts[0];
}

static bool add_other(leg_builder *builder, size_t first, size_t last)
{
    bool done;
    return add_pieces(builder, first, last, &done) &&
           (done || add_leg(builder, CLOSO_LEG_OTHER, first, last, 0));
}

/* Rows first..last between two vertices become hold, sweep, hold, or one leg of another kind. */
static bool add_legs_between(leg_builder *builder, size_t first, size_t last)
{
    const closo_trace *trace = &builder->voltammogram->trace;
    double span = trace->potential_V[last] - trace->potential_V[first];
    if (fabs(span) <= builder->turn_V)
        return add_leg(builder, CLOSO_LEG_HOLD, first, last, 0);
    size_t quarter = row_at_share(trace, first, last, 0.25);
    size_t three_quarters = row_at_share(trace, first, last, 0.75);
    closo_line line;
    if (three_quarters - quarter + 1 < LEAST_ROWS ||
        closo_line_fit(trace->time_s + quarter, trace->potential_V + quarter, NULL,
                       three_quarters - quarter + 1, &line, NULL) != CLOSO_OK ||
        line.residual_rms > linear_share * fabs(span) || line.slope * span <= 0 ||
        fabs(bend_V(trace, quarter, three_quarters, &line)) > bend_share * fabs(span))
        return add_other(builder, first, last);

    double starts_s = (trace->potential_V[first] - line.intercept) / line.slope;
    double ends_s = (trace->potential_V[last] - line.intercept) / line.slope;
    double tolerance_s = hold_share * fabs(span / line.slope);
    size_t begin = first, end = last;
    while (begin < quarter && trace->time_s[begin] < starts_s - tolerance_s)
        begin++;
    while (end > three_quarters && trace->time_s[end] > ends_s + tolerance_s)
        end--;
    if (begin - first < LEAST_ROWS)
        begin = first;
    if (last - end < LEAST_ROWS)
        end = last;
    return (begin == first || add_leg(builder, CLOSO_LEG_HOLD, first, begin - 1, 0)) &&
           add_leg(builder, CLOSO_LEG_SWEEP, begin, end, line.slope) &&
           (end == last || add_leg(builder, CLOSO_LEG_HOLD, end + 1, last, 0));
}

static void finish_legs(closo_voltammogram *voltammogram)
{
    const closo_trace *trace = &voltammogram->trace;
    int cycle = 1, first_direction = 0;
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        closo_sweep *leg = &voltammogram->sweeps[i];
        size_t last = leg->first_row + leg->row_count - 1;
        if (leg->kind == CLOSO_LEG_SWEEP) {
            if (first_direction == 0)
                first_direction = leg->direction;
            else if (leg->direction == first_direction)
                cycle++;
        }
        leg->cycle = cycle;
        leg->from_V = trace->potential_V[leg->first_row];
        leg->to_V = trace->potential_V[last];
        leg->duration_s = trace->time_s[last] - trace->time_s[leg->first_row];
        /* The interval that leads to the first row belongs to the leg. */
        closo_charge_between(trace, leg->first_row != 0 ? leg->first_row - 1 : 0, last, -INFINITY,
                             INFINITY, &leg->anodic_C, &leg->cathodic_C);
    }
}

static closo_status split(closo_voltammogram *voltammogram, double smallest_sweep_V,
                          closo_arena *arena, closo_error *error)
{
    const closo_trace *trace = &voltammogram->trace;
    size_t count = trace->row_count;
    double *scratch = closo_arena_alloc(arena, count, sizeof *scratch);
    size_t *vertices = closo_arena_alloc(arena, count + 2, sizeof *vertices);
    if (scratch == NULL || vertices == NULL)
        return closo_fail_nomem(error);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, trace->potential_V[i]);
        high = fmax(high, trace->potential_V[i]);
    }
    double noise_V = second_difference_noise(trace->potential_V, count, scratch);
    double turn_V = fmax(least_turn_V, fmax(noise_multiple * noise_V, range_share * (high - low)));
    if (smallest_sweep_V > 0)
        turn_V = smallest_sweep_V;
    size_t found = find_vertices(trace->potential_V, count, turn_V, vertices);
    leg_builder builder = {voltammogram, arena, 0, turn_V, noise_V};
    for (size_t i = 0; i + 1 < found; i++) {
        size_t first = i == 0 ? vertices[0] : vertices[i] + 1;
        if (first <= vertices[i + 1] && !add_legs_between(&builder, first, vertices[i + 1]))
            return closo_fail_nomem(error);
    }
    finish_legs(voltammogram);
    return CLOSO_OK;
}

/* ---- reference and nominal rate ---- */

static closo_status set_reference(closo_voltammogram *voltammogram, const closo_table *table,
                                  const closo_voltammogram_options *options, closo_arena *arena,
                                  closo_error *error)
{
    const char *said = options->measured_against;
    closo_status status = CLOSO_OK;
    if (said != NULL) {
        status = closo_reference_parse(said, arena, &voltammogram->reference, error);
    } else if ((said = closo_table_text(table, "reference")) != NULL &&
               closo_reference_parse(said, arena, &voltammogram->reference, NULL) != CLOSO_OK) {
        voltammogram->reference.name = NULL; /* "(unspecified)" and the like */
    }
    if (status != CLOSO_OK || options->versus == NULL)
        return status;
    if (voltammogram->reference.name == NULL)
        return closo_fail(
            error, CLOSO_RANGE,
            "the file does not say which reference electrode it was measured against; "
            "say it with --reference, for example --reference Na");
    closo_reference wanted;
    status = closo_reference_parse(options->versus, arena, &wanted, error);
    if (status != CLOSO_OK)
        return status;
    closo_trace *trace = &voltammogram->trace;
    double *shifted = closo_arena_alloc(arena, trace->row_count, sizeof *shifted);
    if (shifted == NULL)
        return closo_fail_nomem(error);
    double shift_V = voltammogram->reference.potential_SHE_V - wanted.potential_SHE_V;
    for (size_t i = 0; i < trace->row_count; i++)
        shifted[i] = trace->potential_V[i] + shift_V;
    trace->potential_V = shifted;
    closo_notes_add(&voltammogram->notes, arena,
                    "potentials converted from %s to %s by adding %.4f V (aqueous standard "
                    "potentials at 25 degC)",
                    voltammogram->reference.name, wanted.name, shift_V);
    voltammogram->reference = wanted;
    return CLOSO_OK;
}

/* A measured rate far from the one asked for means that the cell could not follow, or that the settings are others. */
static void compare_rates(closo_voltammogram *voltammogram, closo_arena *arena)
{
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        double nominal = voltammogram->nominal_rate_V_per_s;
        if (leg->kind != CLOSO_LEG_SWEEP || !(nominal > 0))
            continue;
        double share = fabs(leg->rate_V_per_s) / nominal;
        if (share < 0.95 || share > 1.05) {
            closo_notes_add(&voltammogram->notes, arena,
                            "leg %zu runs at %.4g mV/s, the settings say %.4g mV/s", i + 1,
                            fabs(leg->rate_V_per_s) * 1e3, nominal * 1e3);
            return;
        }
    }
}

/* A potential that follows a controlled current is not swept. */
static void look_for_control(closo_voltammogram *voltammogram, const closo_table *table,
                             closo_arena *arena)
{
    enum { BLOCK_ROWS = 512, GALVANOSTATIC = 1 };
    const closo_column *mode = closo_table_find(table, CLOSO_QUANTITY_MODE);
    double values[BLOCK_ROWS];
    size_t controlled = 0;
    for (size_t row = 0; mode != NULL && row < table->row_count; row += BLOCK_ROWS) {
        size_t count = table->row_count - row < BLOCK_ROWS ? table->row_count - row : BLOCK_ROWS;
        closo_column_read(mode, row, count, values);
        for (size_t i = 0; i < count; i++)
            controlled += values[i] == GALVANOSTATIC ? 1 : 0;
    }
    if (2 * controlled > table->row_count)
        closo_notes_add(
            &voltammogram->notes, arena,
            "the instrument controlled the current in %zu of %zu rows: this is no voltammogram, "
            "and what looks like a sweep is the cell charging; use closo cycles",
            controlled, table->row_count);
}

/* Oxidation that goes on, and stronger, while the potential falls is no electrolyte: metal has grown through it. */
static void look_for_short(closo_voltammogram *voltammogram, closo_arena *arena)
{
    static const double suspicious_share = 3,
                        least_share = 0.05; /* of the sweep before; of all charge */
    const closo_sweep *anodic = NULL;
    double all_C = 0;
    for (size_t i = 0; i < voltammogram->sweep_count; i++)
        all_C += voltammogram->sweeps[i].anodic_C - voltammogram->sweeps[i].cathodic_C;
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        if (leg->direction > 0)
            anodic = leg;
        if (leg->direction >= 0 || anodic == NULL ||
            !(leg->anodic_C > suspicious_share * anodic->anodic_C) ||
            !(leg->anodic_C > least_share * all_C))
            continue;
        closo_notes_add(
            &voltammogram->notes, arena,
            "leg %zu runs down but passes %.3g mC of anodic charge, the sweep up before it "
            "only %.3g mC: look for a soft short (spikes?) before using its charges",
            i + 1, leg->anodic_C * 1e3, anodic->anodic_C * 1e3);
        return;
    }
}

closo_status closo_voltammogram_from_table(const closo_table *table,
                                           const closo_voltammogram_options *options,
                                           closo_arena *arena, closo_voltammogram **voltammogram,
                                           closo_error *error)
{
    static const closo_voltammogram_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    closo_voltammogram *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_trace_from_table(table, arena, &made->trace, error);
    if (status == CLOSO_OK)
        status = drop_missing_rows(made, arena, error);
    if (status == CLOSO_OK)
        status = set_reference(made, table, options, arena, error);
    if (status == CLOSO_OK)
        status = split(made, options->smallest_sweep_V, arena, error);
    if (status != CLOSO_OK)
        return closo_error_in_file(error, status, table->source);
    check_clock(made, arena);
    look_for_control(made, table, arena);
    if (!closo_table_number_si(table, "scan_rate", &made->nominal_rate_V_per_s))
        made->nominal_rate_V_per_s = NAN;
    compare_rates(made, arena);
    look_for_short(made, arena);
    *voltammogram = made;
    return CLOSO_OK;
}

/* ---- choosing a sweep ---- */

static closo_status no_such_sweep(const closo_voltammogram *voltammogram, const char *words,
                                  closo_error *error)
{
    char list[320] = "";
    size_t used = 0, shown = 0;
    for (size_t i = 0; i < voltammogram->sweep_count && shown < 6; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        if (leg->kind != CLOSO_LEG_SWEEP)
            continue;
        int more = snprintf(list + used, sizeof list - used, "%s%zu %s %.4g to %.4g V",
                            shown != 0 ? ", " : "", i + 1,
                            leg->direction > 0 ? "anodic" : "cathodic", leg->from_V, leg->to_V);
        if (more < 0 || (size_t)more >= sizeof list - used)
            break;
        used += (size_t)more;
        shown++;
    }
    if (shown == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "there is no sweep in this file: its potential never runs linearly with "
                          "time; closo info shows its technique");
    return closo_fail(error, CLOSO_RANGE, "there is no sweep '%s'; there are: %s", words, list);
}

/* What a sweep is called: its number, or the first, last or longest of a direction. */
typedef struct sweep_words {
    size_t number; /* 0: not by number */
    bool first, last;
    int direction;
} sweep_words;

static bool read_sweep_words(const char *words, sweep_words *read)
{
    char *end;
    *read = (sweep_words){0};
    unsigned long number = strtoul(words, &end, 10);
    if (end != words && *end == '\0' && words[0] != '-') {
        read->number = number;
        return number != 0;
    }
    closo_span rest = closo_span_of(words), which, direction;
    if (!closo_span_field(&rest, ' ', &which) || !closo_span_field(&rest, ' ', &direction) ||
        rest.start != NULL)
        return false;
    read->first = closo_span_equals(which, "first");
    read->last = closo_span_equals(which, "last");
    if (closo_span_equals(direction, "anodic"))
        read->direction = 1;
    else if (closo_span_equals(direction, "cathodic"))
        read->direction = -1;
    return read->direction != 0 &&
           (read->first || read->last || closo_span_equals(which, "longest"));
}

bool closo_sweep_words_known(const char *words)
{
    sweep_words read;
    return read_sweep_words(words, &read);
}

closo_status closo_sweep_choose(const closo_voltammogram *voltammogram, const char *words,
                                size_t *index, closo_error *error)
{
    sweep_words wanted;
    if (words == NULL)
        words = "first anodic";
    if (!read_sweep_words(words, &wanted))
        return closo_fail(error, CLOSO_ARGUMENT,
                          "'%.40s' is not a sweep; write 'first anodic', 'last anodic', 'longest "
                          "anodic', the same with cathodic, or the number of a leg",
                          words);
    if (wanted.number != 0) {
        if (wanted.number > voltammogram->sweep_count ||
            voltammogram->sweeps[wanted.number - 1].kind != CLOSO_LEG_SWEEP)
            return no_such_sweep(voltammogram, words, error);
        *index = wanted.number - 1;
        return CLOSO_OK;
    }
    bool found = false;
    double longest_V = 0;
    for (size_t i = 0; i < voltammogram->sweep_count; i++) {
        const closo_sweep *leg = &voltammogram->sweeps[i];
        double length_V = fabs(leg->to_V - leg->from_V);
        if (leg->direction != wanted.direction || (wanted.first && found) ||
            (!wanted.first && !wanted.last && length_V <= longest_V))
            continue;
        *index = i;
        found = true;
        longest_V = length_V;
    }
    return found ? CLOSO_OK : no_such_sweep(voltammogram, words, error);
}
