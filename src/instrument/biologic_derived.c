/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_derived.c: the columns EC-Lab works out when it exports text. The rules were found by comparing .mpr files with
 * their exports; FORMAT-biologic.md has the evidence for each. What follows from one column alone is a view of it. */
#include "biologic_internal.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

enum { BLOCK_ROWS = 512 };

typedef struct derivation {
    closo_table *table;
    bool nomem;
} derivation;

/* A copy of a stored column, because adding columns moves the list. */
static bool get(const derivation *d, const char *name, closo_column *column)
{
    const closo_column *found = closo_table_find_name(d->table, name);
    if (found != NULL)
        *column = *found;
    return found != NULL;
}

static bool has(const derivation *d, const char *name)
{
    return closo_table_find_name(d->table, name) != NULL;
}

/* The working electrode's potential; in impedance files <Ewe> is that of the sine and EC-Lab derives nothing from it. */
static bool get_potential(const derivation *d, closo_column *column)
{
    return get(d, "Ewe/V", column) || get(d, "Ecell/V", column) ||
           (!has(d, "|Ewe|/V") && get(d, "<Ewe>/V", column));
}

static closo_column *add(derivation *d, const char *name)
{
    closo_quantity quantity = CLOSO_QUANTITY_OTHER;
    (void)closo_eclab_column_quantity(name, &quantity); /* OTHER when it is not known */
    closo_column *column =
        closo_table_add_column(d->table, name, closo_eclab_column_unit(name), quantity);
    if (column != NULL)
        column->derived = true;
    else
        d->nomem = true;
    return column;
}

static double *add_f64(derivation *d, const char *name)
{
    double *values = closo_arena_alloc(d->table->arena, d->table->row_count, sizeof *values);
    closo_column *column = values != NULL ? add(d, name) : NULL;
    d->nomem = d->nomem || column == NULL;
    if (column == NULL)
        return NULL;
    column->storage = CLOSO_STORE_F64;
    column->data = (const unsigned char *)values;
    column->stride_bytes = sizeof *values;
    return values;
}

/* For columns that EC-Lab prints with the eight digits of a float. */
static float *add_f32(derivation *d, const char *name)
{
    float *values = closo_arena_alloc(d->table->arena, d->table->row_count, sizeof *values);
    closo_column *column = values != NULL ? add(d, name) : NULL;
    d->nomem = d->nomem || column == NULL;
    if (column == NULL)
        return NULL;
    column->storage = CLOSO_STORE_F32;
    column->data = (const unsigned char *)values;
    column->stride_bytes = sizeof *values;
    return values;
}

static void add_view(derivation *d, const char *name, const closo_column *of, closo_view view,
                     double factor, double offset)
{
    closo_column *column = has(d, name) ? NULL : add(d, name);
    if (column == NULL)
        return;
    column->storage = of->storage;
    column->data = of->data;
    column->stride_bytes = of->stride_bytes;
    column->view = view;
    column->view_factor = factor;
    column->view_offset = offset;
}

/* ---- views ---- */

static void derive_charges(derivation *d)
{
    closo_column q, half_cycle, charge;
    double x_start, charge_per_x;
    if (get(d, "Q charge/discharge/mA.h", &q)) {
        add_view(d, "Q charge/mA.h", &q, CLOSO_VIEW_POSITIVE, 1, 0);
        add_view(d, "Q discharge/mA.h", &q, CLOSO_VIEW_NEGATIVE, 1, 0);
        add_view(d, "Capacity/mA.h", &q, CLOSO_VIEW_MAGNITUDE, 1, 0);
    }
    if (get(d, "half cycle", &half_cycle))
        add_view(d, "cycle number", &half_cycle, CLOSO_VIEW_HALF, 1, 0);
    double molar_mass;
    if (get(d, "(Q-Qo)/mA.h", &charge) && closo_table_number_si(d->table, "x_start", &x_start) &&
        closo_table_number_si(d->table, "molar_mass", &molar_mass) &&
        closo_table_number_si(d->table, "charge_per_x", &charge_per_x) && charge_per_x > 0)
        /* the metadata are SI: A s; x_start is kept as it was typed, EC-Lab computes with the float */
        add_view(d, "x", &charge, CLOSO_VIEW_LINEAR, -3.6 / charge_per_x, (double)(float)x_start);
}

/* ---- control and current ---- */

enum { GALVANOSTATIC = 1, POTENTIOSTATIC = 2 };

static void derive_control(derivation *d)
{
    closo_column control, mode;
    if (!get(d, "control/V/mA", &control) || !get(d, "mode", &mode) || has(d, "control/V") ||
        has(d, "control/mA"))
        return;
    float *volts = add_f32(d, "control/V"), *milliamperes = add_f32(d, "control/mA");
    if (volts == NULL || milliamperes == NULL)
        return;
    double asked[BLOCK_ROWS], modes[BLOCK_ROWS];
    for (size_t first = 0; first < d->table->row_count; first += BLOCK_ROWS) {
        size_t count = d->table->row_count - first;
        count = count < BLOCK_ROWS ? count : BLOCK_ROWS;
        closo_column_read(&control, first, count, asked);
        closo_column_read(&mode, first, count, modes);
        for (size_t i = 0; i < count; i++) {
            volts[first + i] = modes[i] == POTENTIOSTATIC ? (float)asked[i] : 0;
            milliamperes[first + i] = modes[i] == GALVANOSTATIC ? (float)asked[i] : 0;
        }
    }
}

/* <I> = dq / dt; GCPL files hold no current at all. */
static void derive_current(derivation *d)
{
    closo_column increment, time;
    if (has(d, "I/mA") || has(d, "<I>/mA") || !get(d, "dq/mA.h", &increment) ||
        !get(d, "time/s", &time))
        return;
    double *current_mA = add_f64(d, "<I>/mA");
    double dq_mAh[BLOCK_ROWS], time_s[BLOCK_ROWS], before_s = INFINITY;
    for (size_t first = 0; current_mA != NULL && first < d->table->row_count; first += BLOCK_ROWS) {
        size_t count = d->table->row_count - first;
        count = count < BLOCK_ROWS ? count : BLOCK_ROWS;
        closo_column_read(&increment, first, count, dq_mAh);
        closo_column_read(&time, first, count, time_s);
        for (size_t i = 0; i < count; i++) {
            double step_s = time_s[i] - before_s;
            current_mA[first + i] = step_s > 0 ? dq_mAh[i] * 3600 / step_s : 0;
            before_s = time_s[i];
        }
    }
}

/* Impedance files hold the charge but not its increments. */
static void derive_increment(derivation *d)
{
    closo_column charge;
    if (has(d, "dq/mA.h") || !has(d, "freq/Hz") || !get(d, "(Q-Qo)/mA.h", &charge))
        return;
    double *dq_mAh = add_f64(d, "dq/mA.h");
    double before_mAh = 0;
    if (dq_mAh == NULL)
        return;
    closo_column_read(&charge, 0, d->table->row_count, dq_mAh);
    for (size_t i = 0; i < d->table->row_count; i++) {
        double now_mAh = dq_mAh[i];
        dq_mAh[i] = now_mAh - before_mAh;
        before_mAh = now_mAh;
    }
}

/* ---- half cycles: energy, capacitance, step time, efficiency ---- */

/* The stored columns that are summed up, and a block of each. */
typedef struct half_cycle_input {
    closo_column time, potential, charge, half_cycle;
    closo_column increment, energy, step_charge; /* dq, |Energy|, dQ/C: each may be absent */
    bool has_increment, has_energy, has_step_charge;
    double time_s[BLOCK_ROWS], potential_V[BLOCK_ROWS], charge_mAh[BLOCK_ROWS];
    double half_cycle_number[BLOCK_ROWS], increment_mAh[BLOCK_ROWS];
    double energy_Wh[BLOCK_ROWS], step_charge_C[BLOCK_ROWS];
} half_cycle_input;

/* Each NULL when the file stores that column. */
typedef struct half_cycle_output {
    double *charge_Wh, *discharge_Wh, *charge_uF, *discharge_uF, *step_s;
    float *efficiency_percent;
} half_cycle_output;

typedef struct half_cycle_state {
    double charge_Wh, discharge_Wh, charge_uF, discharge_uF;
    double started_s, reference_V;
    bool has_reference, has_last, has_previous;
    double last_charge_mAh, last_half_cycle, last_energy_Wh, last_step_charge_C;
    double previous_charge_mAh; /* at the end of the half cycle before */
    size_t next_loop;
} half_cycle_state;

/* A discharge that follows a charge has an efficiency, on its last row. */
static void end_half_cycle(half_cycle_state *state, const half_cycle_output *out, size_t last_row)
{
    if (out->efficiency_percent != NULL && state->has_previous && state->last_charge_mAh < 0 &&
        state->previous_charge_mAh > 0)
        out->efficiency_percent[last_row] =
            (float)(100 * -state->last_charge_mAh / state->previous_charge_mAh);
    state->previous_charge_mAh = state->last_charge_mAh;
    state->has_previous = true;
}

/* The charge columns are held during the discharge that follows. */
static void begin_half_cycle(half_cycle_state *state, double charge_mAh, double time_s)
{
    if (charge_mAh > 0)
        state->charge_Wh = state->charge_uF = 0;
    state->discharge_Wh = state->discharge_uF = 0;
    state->started_s = time_s;
    state->has_reference = false;
}

/* The energy of row i. EC-Lab sums |dq E| (the right-hand rectangle), or differences of the energy the instrument counts
 * (Modulo Bat). */
static double row_energy(const half_cycle_input *in, const half_cycle_state *state, size_t i,
                         double passed_mAh)
{
    if (in->has_energy)
        return in->energy_Wh[i] - state->last_energy_Wh;
    if (!in->has_increment && in->has_step_charge)
        return fabs((double)(float)(in->step_charge_C[i] - state->last_step_charge_C) *
                    in->potential_V[i]) /
               3600;
    return fabs(passed_mAh * in->potential_V[i]) / 1000;
}

/* A row on which charge flowed. */
static void add_row(const half_cycle_input *in, half_cycle_state *state, size_t i,
                    double passed_mAh, bool begins_loop)
{
    const double charge_mAh = in->charge_mAh[i], potential_V = in->potential_V[i];
    double energy_Wh = begins_loop ? 0 : row_energy(in, state, i, passed_mAh);
    if (!state->has_reference)
        state->reference_V = potential_V;
    state->has_reference = true;
    double change_V = (double)(float)(potential_V - state->reference_V);
    double capacitance_uF = change_V != 0 ? fabs(charge_mAh * 3.6 / change_V) * 1e6 : 0;
    if (charge_mAh > 0) {
        state->charge_Wh += energy_Wh;
        state->charge_uF = capacitance_uF;
    } else if (charge_mAh < 0) {
        state->discharge_Wh += energy_Wh;
        state->discharge_uF = capacitance_uF;
    }
}

static void read_block(half_cycle_input *in, size_t first, size_t count)
{
    closo_column_read(&in->time, first, count, in->time_s);
    closo_column_read(&in->potential, first, count, in->potential_V);
    closo_column_read(&in->charge, first, count, in->charge_mAh);
    closo_column_read(&in->half_cycle, first, count, in->half_cycle_number);
    if (in->has_increment)
        closo_column_read(&in->increment, first, count, in->increment_mAh);
    if (in->has_energy)
        closo_column_read(&in->energy, first, count, in->energy_Wh);
    if (in->has_step_charge)
        closo_column_read(&in->step_charge, first, count, in->step_charge_C);
}

static void follow_row(const derivation *d, const half_cycle_input *in, half_cycle_state *state,
                       const half_cycle_output *out, size_t row, size_t i)
{
    const bool changes = state->has_last && in->half_cycle_number[i] != state->last_half_cycle;
    if (changes) {
        end_half_cycle(state, out, row - 1);
        begin_half_cycle(state, in->charge_mAh[i], in->time_s[i]);
    }
    double passed_mAh = in->charge_mAh[i];
    if (in->has_increment)
        passed_mAh = in->increment_mAh[i];
    else if (state->has_last && !changes)
        passed_mAh -= state->last_charge_mAh;
    const closo_table *table = d->table;
    while (state->next_loop < table->segment_count &&
           table->segments[state->next_loop].first_row < row)
        state->next_loop++;
    const bool begins_loop = row != 0 && state->next_loop < table->segment_count &&
                             table->segments[state->next_loop].first_row == row;
    if (passed_mAh != 0)
        add_row(in, state, i, passed_mAh, begins_loop);
    if (out->charge_Wh != NULL)
        out->charge_Wh[row] = state->charge_Wh;
    if (out->discharge_Wh != NULL)
        out->discharge_Wh[row] = state->discharge_Wh;
    if (out->charge_uF != NULL)
        out->charge_uF[row] = state->charge_uF;
    if (out->discharge_uF != NULL)
        out->discharge_uF[row] = state->discharge_uF;
    if (out->step_s != NULL)
        out->step_s[row] = passed_mAh != 0 ? in->time_s[i] - state->started_s : 0;
    state->has_last = true;
    state->last_charge_mAh = in->charge_mAh[i];
    state->last_half_cycle = in->half_cycle_number[i];
    state->last_energy_Wh = in->energy_Wh[i];
    state->last_step_charge_C = in->step_charge_C[i];
}

static void derive_half_cycles(derivation *d)
{
    half_cycle_input in = {0};
    half_cycle_output out = {0};
    half_cycle_state state = {0};
    if (!get(d, "Q charge/discharge/mA.h", &in.charge) || !get(d, "half cycle", &in.half_cycle) ||
        !get(d, "time/s", &in.time) || !get_potential(d, &in.potential))
        return;
    in.has_increment = get(d, "dq/mA.h", &in.increment);
    in.has_energy = get(d, "|Energy|/W.h", &in.energy);
    in.has_step_charge = get(d, "dQ/C", &in.step_charge);
    if (!has(d, "Energy charge/W.h") && !has(d, "Energy discharge/W.h")) {
        out.charge_Wh = add_f64(d, "Energy charge/W.h");
        out.discharge_Wh = add_f64(d, "Energy discharge/W.h");
    }
    if (!has(d, "Capacitance charge/µF") && !has(d, "Capacitance discharge/µF")) {
        out.charge_uF = add_f64(d, "Capacitance charge/µF");
        out.discharge_uF = add_f64(d, "Capacitance discharge/µF");
    }
    if (!has(d, "step time/s"))
        out.step_s = add_f64(d, "step time/s");
    if (!has(d, "Efficiency/%"))
        out.efficiency_percent = add_f32(d, "Efficiency/%");
    const size_t rows = d->table->row_count;
    for (size_t first = 0; !d->nomem && first < rows; first += BLOCK_ROWS) {
        const size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        read_block(&in, first, count);
        for (size_t i = 0; i < count; i++)
            follow_row(d, &in, &state, &out, first + i, i);
    }
    if (!d->nomem && rows != 0)
        end_half_cycle(&state, &out, rows - 1);
}

/* ---- power and resistance ---- */

static float float_or_zero(double value)
{
    return isfinite(value) ? (float)value + 0.0f : 0; /* never -0 */
}

/* P = E I and R = |E / I|, of one electrode (other NULL) or between two. */
static void derive_power(derivation *d, const closo_column *potential, const closo_column *other,
                         const char *power_name, const char *resistance_name)
{
    closo_column current;
    if (!get(d, "I/mA", &current) && !get(d, "<I>/mA", &current))
        return;
    float *power_W = power_name != NULL && !has(d, power_name) ? add_f32(d, power_name) : NULL;
    float *resistance_ohm =
        resistance_name != NULL && !has(d, resistance_name) ? add_f32(d, resistance_name) : NULL;
    double volts[BLOCK_ROWS], subtracted[BLOCK_ROWS], milliamperes[BLOCK_ROWS];
    const size_t rows = power_W != NULL || resistance_ohm != NULL ? d->table->row_count : 0;
    for (size_t first = 0; !d->nomem && first < rows; first += BLOCK_ROWS) {
        const size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        closo_column_read(potential, first, count, volts);
        closo_column_read(&current, first, count, milliamperes);
        if (other != NULL)
            closo_column_read(other, first, count, subtracted);
        for (size_t i = 0; other != NULL && i < count; i++)
            volts[i] -= subtracted[i];
        for (size_t i = 0; power_W != NULL && i < count; i++)
            power_W[first + i] = float_or_zero(volts[i] * milliamperes[i] / 1000);
        for (size_t i = 0; resistance_ohm != NULL && i < count; i++)
            resistance_ohm[first + i] = float_or_zero(fabs(volts[i] / milliamperes[i] * 1000));
    }
}

static void derive_electrodes(derivation *d)
{
    closo_column working, counter;
    if (!get_potential(d, &working))
        return;
    /* R is exported for techniques that control the current; in a voltammogram it says nothing */
    const bool cycles = has(d, "half cycle");
    derive_power(d, &working, NULL, "P/W", cycles ? "R/Ohm" : NULL);
    if (!get(d, "Ece/V", &counter) && !get(d, "<Ece>/V", &counter))
        return;
    if (!has(d, "Ewe-Ece/V")) {
        float *cell_V = add_f32(d, "Ewe-Ece/V");
        double one[BLOCK_ROWS], two[BLOCK_ROWS];
        const size_t rows = cell_V != NULL ? d->table->row_count : 0;
        for (size_t first = 0; first < rows; first += BLOCK_ROWS) {
            const size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
            closo_column_read(&working, first, count, one);
            closo_column_read(&counter, first, count, two);
            for (size_t i = 0; i < count; i++)
                cell_V[first + i] = (float)(one[i] - two[i]);
        }
    }
    derive_power(d, &counter, NULL, "Pce/W", cycles ? "Rce/Ohm" : NULL);
    derive_power(d, &working, &counter, "Pwe-ce/W", cycles ? "Rwe-ce/Ohm" : NULL);
}

/* ---- impedance ---- */

typedef struct impedance_output {
    float *real_ohm, *minus_imaginary_ohm; /* NULL when stored */
    float *admittance, *admittance_real, *admittance_imaginary;
    float *capacitance_nF, *capacitance_real_nF, *capacitance_imaginary_nF, *tangent;
} impedance_output;

static void put(float *values, size_t row, double value)
{
    if (values != NULL)
        values[row] = float_or_zero(value);
}

/* One row of a spectrum. Rows of other steps (Modulo Bat) have |Z| = 0 and give 0. */
static void impedance_row(const impedance_output *out, size_t row, double frequency_Hz,
                          double modulus_ohm, double phase_deg)
{
    const double cosine = cos(phase_deg * (PI / 180)), sine = sin(phase_deg * (PI / 180));
    const double admittance = modulus_ohm > 0 ? (double)(float)(1 / modulus_ohm) : 0;
    double capacitance_nF = 1e9 / (2 * PI * frequency_Hz * modulus_ohm);
    if (!(modulus_ohm > 0) || !isfinite(capacitance_nF))
        capacitance_nF = 0;
    put(out->real_ohm, row, modulus_ohm * cosine);
    put(out->minus_imaginary_ohm, row, -modulus_ohm * sine);
    put(out->admittance, row, admittance);
    put(out->admittance_real, row, admittance * cosine);
    put(out->admittance_imaginary, row, -admittance * sine);
    put(out->capacitance_nF, row, capacitance_nF);
    /* The phase of C is -phase(Z) - 90 degrees, its imaginary part is given with the sign turned. EC-Lab rounds that phase
     * to a float first, which shows near 90 degrees. */
    const double phase_C = (double)(float)(-phase_deg - 90) * (PI / 180);
    put(out->capacitance_real_nF, row, capacitance_nF * cos(phase_C));
    put(out->capacitance_imaginary_nF, row, -capacitance_nF * sin(phase_C));
    put(out->tangent, row, modulus_ohm > 0 ? -cosine / sine : 0);
}

/* The loss angle is the angle of Tan(Delta) from EC-Lab 11.50 on; before, the phase with its sign turned. */
static bool has_new_loss_angle(const closo_table *table)
{
    const char *software = closo_table_text(table, "software");
    double version = 0;
    return software != NULL && strncmp(software, "EC-Lab ", 7) == 0 &&
           closo_number_parse(closo_span_of(software + 7), '.', &version) && version >= 11.5;
}

static void derive_impedance(derivation *d)
{
    closo_column frequency, modulus, phase;
    if (!get(d, "freq/Hz", &frequency) || !get(d, "|Z|/Ohm", &modulus) ||
        !get(d, "Phase(Z)/deg", &phase) || has(d, "|Y|/Ohm-1"))
        return;
    impedance_output out = {0};
    if (!has(d, "Re(Z)/Ohm") && !has(d, "-Im(Z)/Ohm")) {
        out.real_ohm = add_f32(d, "Re(Z)/Ohm");
        out.minus_imaginary_ohm = add_f32(d, "-Im(Z)/Ohm");
    }
    out.admittance_real = add_f32(d, "Re(Y)/Ohm-1");
    out.admittance_imaginary = add_f32(d, "Im(Y)/Ohm-1");
    out.admittance = add_f32(d, "|Y|/Ohm-1");
    add_view(d, "Phase(Y)/deg", &phase, CLOSO_VIEW_LINEAR, -1, 0);
    out.capacitance_real_nF = add_f32(d, "Re(C)/nF");
    out.capacitance_imaginary_nF = add_f32(d, "Im(C)/nF");
    out.capacitance_nF = add_f32(d, "|C|/nF");
    add_view(d, "Phase(C)/deg", &phase, CLOSO_VIEW_LINEAR, -1, -90);
    out.tangent = add_f32(d, "Tan(Delta)");
    if (has_new_loss_angle(d->table))
        add_view(d, "Loss Angle(Delta)/deg", &phase, CLOSO_VIEW_LINEAR, 1, 90);
    else
        add_view(d, "Loss Angle(Delta)/deg", &phase, CLOSO_VIEW_LINEAR, -1, 0);
    double hertz[BLOCK_ROWS], ohms[BLOCK_ROWS], degrees[BLOCK_ROWS];
    const size_t rows = d->table->row_count;
    for (size_t first = 0; !d->nomem && first < rows; first += BLOCK_ROWS) {
        const size_t count = rows - first < BLOCK_ROWS ? rows - first : BLOCK_ROWS;
        closo_column_read(&frequency, first, count, hertz);
        closo_column_read(&modulus, first, count, ohms);
        closo_column_read(&phase, first, count, degrees);
        for (size_t i = 0; i < count; i++)
            impedance_row(&out, first + i, hertz[i], ohms[i], degrees[i]);
    }
}

closo_status closo_eclab_derive_views(closo_table *table, closo_error *error)
{
    derivation d = {table, false};
    derive_charges(&d);
    return d.nomem ? closo_fail_nomem(error) : CLOSO_OK;
}

closo_status closo_eclab_derive(closo_table *table, closo_error *error)
{
    derivation d = {table, false};
    derive_half_cycles(&d);
    derive_current(&d);
    derive_charges(&d);
    derive_control(&d);
    derive_electrodes(&d);
    derive_impedance(&d);
    derive_increment(&d);
    return d.nomem ? closo_fail_nomem(error) : CLOSO_OK;
}
