/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_internal.h: the residual of the virtual cell, its Jacobian, and the solver around them. */
#ifndef CLOSO_CELL_INTERNAL_H
#define CLOSO_CELL_INTERNAL_H

#include "base/base_internal.h"
#include "closo/cell.h"

/* ---- equilibrium.c ---- */

/* value + d (slope + d (bend + d twist)) at d = x - from. */
typedef struct cell_cubic {
    double from, value, slope, bend, twist;
} cell_cubic;

/* The monotone cubic through an equilibrium's points, all of it in the arena. Its range is cut into even parts, most of which
 * lie between two points: no search is left in them. */
typedef struct cell_curve {
    size_t count;
    const double *x, *y, *slope;
    const cell_cubic *
        pieces; /* the line below the first point, what lies between two, the line beyond the last: count + 1 */
    const uint32_t *first; /* of each part: the last point before it begins; parts + 1 */
    double parts_per_x, last_part;
} cell_curve;

bool cell_curve_make(const closo_equilibrium *points, closo_arena *arena, cell_curve *curve);

static inline size_t cell_curve_part(const cell_curve *curve, double x)
{
    double part = (x - curve->x[0]) * curve->parts_per_x;
    return (size_t)(ptrdiff_t)(part < curve->last_part ? part : curve->last_part);
}

/* The piece in which x lies; the same for all curves through points at the same x. */
static inline size_t cell_curve_find(const cell_curve *curve, double x)
{
    if (!(x > curve->x[0]))
        return 0;
    if (!(x < curve->x[curve->count - 1]))
        return curve->count;
    size_t part = cell_curve_part(curve, x);
    size_t low = curve->first[part], high = curve->first[part + 1] + (size_t)1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (curve->x[middle] > x)
            high = middle;
        else
            low = middle;
    }
    return low + 1;
}

static inline double cell_cubic_at(const cell_cubic *piece, double x, double *derivative)
{
    double d = x - piece->from;
    *derivative = piece->slope + d * (2 * piece->bend + 3 * d * piece->twist);
    return piece->value + d * (piece->slope + d * (piece->bend + d * piece->twist));
}

/* Value and derivative; beyond the ends the line of the end. */
static inline double cell_curve_at(const cell_curve *curve, double x, double *derivative)
{
    return cell_cubic_at(&curve->pieces[cell_curve_find(curve, x)], x, derivative);
}

/* Where a falling curve has a value. */
double cell_curve_inverse(const cell_curve *curve, double y);

/* ---- the states ---- */

enum { SURFACES_MAX = 3 };

/* A kind of surface that conducts electrons, in one node: active material, carbon, or the collector (last node). */
typedef struct cell_surface {
    double area_per_m;                      /* surface per volume of composite */
    double double_layer_F_per_m2, exponent; /* of the constant phase element; 1: a capacitor */
    double layer_F_per_m3;                  /* per volume of composite */
    size_t charge; /* state of its first anion's q; one for each anion follows */
    size_t broken; /* the same of what is broken of them; SIZE_MAX where nothing breaks */
    bool active;   /* the surface of the active material */
} cell_surface;

/* States of a node: the filling of each shell from the centre out (cell_shell()), the potential w = phi_s - phi_e, phi_s, the current into
 * the active material, R_slow, the salt, the charges of oxidation of each surface. */
typedef struct cell_node {
    size_t shells, w, phi_s, current, slow; /* SIZE_MAX where there is no active material */
    size_t salt;    /* its concentration, in that at rest; SIZE_MAX without a salt */
    size_t contact; /* of the grains, 1 at the start; SIZE_MAX where none is lost */
    cell_surface surfaces[SURFACES_MAX];
    size_t surface_count;
} cell_node;

/* A metal electrode: its states (SIZE_MAX where its law is not there) and its numbers at the cell's temperature. */
typedef struct cell_metal {
    const closo_metal_electrode *of;
    double
        sign; /* of the ions that leave it for I > 0: 1 for the working electrode, -1 for the counter electrode */
    size_t potential;  /* across its double layer, beyond its equilibrium; positive for I > 0 */
    size_t interphase; /* square of the resistance that has grown */
    size_t reaction;   /* current through the interphase; with an exchange current only */
    size_t filled;     /* share of an alloy's sites */
    double ohm_m2, exchange_A_per_m2;
    cell_curve equilibrium;
} cell_metal;

/* An electrode that else blocks. */
typedef struct cell_interface {
    double sign;        /* of its potential: 1 of the working electrode, -1 else */
    double per_balance; /* its area in what the balance of charge of its double layer is per */
    size_t potential;   /* state: of its double layer */
} cell_interface;

/* Metal that plates on it. */
typedef struct cell_deposit {
    const closo_plating *of;
    cell_interface at;
    size_t reaction; /* current that strips */
    size_t plated, lost, interphase;
    double ohm_m2, exchange_A_per_m2;
    double exponent_most; /* of stripping */
} cell_deposit;

/* The electrolyte reduced on it, and the charge of that. */
typedef struct cell_reduced {
    cell_interface at;
    size_t charge;
} cell_reduced;

typedef enum cell_control { CELL_CONTROL_CURRENT, CELL_CONTROL_POTENTIAL } cell_control;

/* What depends on concentration, and its derivative by it. */
typedef struct cell_salt_value {
    double at, slope;
} cell_salt_value;

/* The metal's surface, a node of the separator or of the composite, in this order: where it is, and what depends on its
 * concentration. A half is that of its width towards a neighbour. */
typedef struct cell_salt_place {
    size_t state;
    double reach_m,
        per_width_m; /* half width over the share of transport that is left; 0 and 0: the surface */
    cell_salt_value ions_ohm_m2, salt_s_per_m; /* resistances of a half, against ions and salt */
    cell_salt_value factor, logarithm;
} cell_salt_place;

/* The salt made ready: its states in the separator from the metal on, and what depends on its concentration. */
typedef struct cell_salt {
    bool moves;                /* false: t+ = 1, none of this is there */
    size_t surface, separator; /* states: at the metal's surface; of the first separator node */
    double node_m;             /* of the separator */
    cell_curve conductivity, diffusivity,
        factor; /* in SI at the reference temperature, against c / c at rest; count 0: constant */
    const cell_curve *table; /* one of those that are there, for its x; NULL: all are constant */
    /* at the cell's temperature; by what it has changed the columns of the first two curves */
    double diffusivity_m2_per_s, conductivity_warmth, diffusivity_warmth;
    cell_salt_place *places; /* room for what one assembly works out, each once */
    size_t place_count;
    /* per charge, in c at rest: t+ / (F c) and (1 - t+) / (F c) */
    double migrates_m3_per_C, stays_m3_per_C;
} cell_salt;

/* What no state changes, at the cell's temperature. */
typedef struct cell_numbers {
    double per_node_m, ions_S_per_m2, electrons_S_per_m2; /* from a node's middle to the next */
    double junction_V;                                    /* (1 - t+) RT / F */
    /* per current at the grains: filling of their surface below that of the last shell; rate of the last shell */
    double reach_m2_per_A, outflow_m2_per_C;
    double strain_m2_per_C;           /* rate of the whole grain */
    double filled_least, filled_most; /* between which the exchange current follows the filling */
    double rise_per_V[CLOSO_ANIONS_MAX];             /* transfer F / RT */
    double per_reservoir_m2_per_C[CLOSO_ANIONS_MAX]; /* 0: without end */
} cell_numbers;

/* The cell made ready to be solved. */
typedef struct cell_model {
    const closo_cell *cell; /* a copy, of which the temperature may change */
    closo_cell own;
    closo_arena *arena;
    cell_curve equilibrium;
    cell_node *nodes;
    size_t state_count;
    /* the innermost shells of all nodes come first, then the next ones: loops over nodes run along memory */
    size_t shell_stride;
    cell_metal counter, working; /* the latter only where there are no nodes */
    cell_deposit deposits[2];
    size_t deposit_count;
    cell_reduced reduced[2];
    size_t reduced_count;
    /* states of the whole cell: the potential across the separator, current through the electrolyte, potential of the cell,
     * charge passed outside */
    size_t separator, current, potential, charge;
    size_t warmth; /* T - T_ref, with a heat balance; SIZE_MAX else */
    double surroundings_K;
    double *scratch;      /* two states, with a heat balance */
    double *differential; /* 1 or 0 of each state, as IDA wants it */
    /* at the cell's temperature */
    double thermal_per_V; /* F / RT */
    double entropic_V;    /* by which U is above that at T_ref */
    double diffusivity_m2_per_s, exchange_A_per_m2, ion_S_per_m, separator_ohm_m2;
    double reduction_A_per_m2; /* pre-factor */
    double anion_A_per_m2[CLOSO_ANIONS_MAX],
        anion_V[CLOSO_ANIONS_MAX]; /* pre-factors; M_k or E_k */
    double node_m;                 /* width */
    /* of shells, in radius 1: (r1^3 - r0^3) / 3; r^2 of a face over the length of its gradient and the shell's volume; the
     * length between the mean of the last shell and the surface */
    const double *shell_volume, *shell_inwards, *shell_outwards;
    double surface_reach;
    double *inwards_Hz, *outwards_Hz; /* the same times D / radius^2, at the cell's temperature */
    cell_numbers numbers;
    cell_salt salt;
    /* control: I = value + amplitude cos(angular (t - from)), or V = value + rate (t - from) */
    cell_control control;
    double control_value, control_rate, control_from_s;
    double control_amplitude_A_per_m2, control_angular_Hz; /* 0 but in small-signal tests */
} cell_model;

/* The state of a shell, counted from the centre; there is active material. */
static inline size_t cell_shell(const cell_model *model, const cell_node *node, size_t shell)
{
    return node->shells + shell * model->shell_stride;
}

closo_status cell_model_make(const closo_cell *cell, closo_arena *arena, cell_model **model,
                             closo_error *error);

/* The first of the states that do not belong to a node: metals, separator, circuit. */
size_t cell_model_first_common(const cell_model *model);

/* From here on; the numbers that follow it are worked out again. */
void cell_model_set_temperature(cell_model *model, double temperature_K);

/* shells.c: false when out of memory. */
bool cell_shells_make(cell_model *model);

/* Of a metal electrode against the metal of the cation, at a state. */
double cell_metal_equilibrium_V(const cell_metal *metal, const double *y);
/* Of the electrons through the separator. */
static inline double cell_leak_S_per_m2(const closo_cell *cell)
{
    return cell->separator_m > 0 ? cell->electron_leak_S_per_m / cell->separator_m : 0;
}

/* The current outside: through the electrolyte and the electronic leak of the separator. */
double cell_outer_current(const cell_model *model, const double *y);
/* The cell's temperature at a state. */
double cell_temperature_K(const cell_model *model, const double *y);
/* Surface of the grains in contact, per volume of composite. */
double cell_active_area_per_m(const closo_cell *cell);
/* The law at the cell's temperature. */
double cell_at_temperature(const closo_thermal_law *law, const closo_cell *cell);
/* salt.c */
static inline bool cell_salt_moves(const closo_cell *cell)
{
    return cell->salt.concentration_mol_per_m3 > 0 && cell->salt.transference != 1;
}
closo_status cell_salt_check(const closo_cell *cell, closo_error *error); /* RANGE */
/* Places and curves. RANGE of a table's line, NOMEM. */
closo_status cell_salt_make(cell_model *model, closo_error *error);
void cell_salt_set_temperature(cell_model *model);
/* t+ / (F c at rest): salt that migrates away where a current enters that makes and takes no cation */
static inline double cell_salt_share(const cell_model *model)
{
    return model->salt.migrates_m3_per_C;
}

/* ---- plating.c ---- */

closo_status cell_plating_check(const closo_cell *cell, closo_error *error); /* RANGE */
void cell_plating_make(cell_model *model, size_t take(cell_model *model, bool differential));
void cell_plating_set_temperature(cell_model *model);
void cell_plating_rest(const cell_model *model, double *y);
void cell_plating_tell(const cell_model *model, const double *y, closo_simulation *made);

/* The lowest concentration in the cell, in that at rest; 1 without a salt. */
double cell_salt_least(const cell_model *model, const double *y);

/* Equilibrium at no current; fills y and y' = 0. */
void cell_model_rest(const cell_model *model, double *y);

/* ---- matrix.c ---- */

/* Where the entries of the Jacobian go. First pass: the places are recorded in the order in which they come. Later: each
 * goes through map to its place in the compressed columns; the order is the same at every state. */
typedef struct cell_matrix {
    size_t row_count;
    bool recording;
    size_t *rows, *columns; /* as recorded */
    size_t recorded, capacity;
    size_t *map;               /* of each recorded entry: its place in data */
    int64_t *starts, *indices; /* compressed columns; row_count + 1, entry_count */
    size_t entry_count;
    double *data;
    size_t next; /* the entry that comes next */
    bool failed; /* out of memory while recording */
    closo_arena *arena;
} cell_matrix;

/* Records the pattern. NOMEM. */
closo_status cell_matrix_make(const cell_model *model, cell_matrix *matrix, closo_error *error);
void cell_matrix_record(cell_matrix *matrix, size_t row, size_t column);

/* ---- assemble.c and the laws it calls ---- */

/* F(t, y, y') and, unless matrix is NULL, dF/dy + share dF/dy'. residual may be NULL. */
void cell_assemble(const cell_model *model, double t_s, const double *y, const double *slope,
                   double share, double *residual, cell_matrix *matrix);

/* dF/dy', without what dF/dy is beside it: a difference of two Jacobians loses it in stiff rows. */
void cell_assemble_rates(const cell_model *model, const double *y, const double *slope,
                         cell_matrix *matrix);

/* ---- consistent.c ---- */

/* What a run did; of a resumed one from its first start. */
typedef struct cell_counts {
    size_t residuals, factorisations; /* of steps, starts and ends */
    size_t jacobians, iterations;     /* of steps */
} cell_counts;

typedef struct cell_newton cell_newton;

/* States, their slopes, and how far off each state may be. */
typedef struct cell_point {
    double *y, *slope;
    const double *allowed;
} cell_point;

closo_status cell_newton_new(cell_model *model, cell_matrix *matrix, cell_counts *counts,
                             cell_newton **newton, closo_error *error);
void cell_newton_free(cell_newton *newton);   /* NULL is allowed */
void cell_newton_forget(cell_newton *newton); /* as cell_linear_forget() */
/* Algebraic states and the slopes of the others that fit the differential states. relaxed: the potentials of double layers
 * beside a reaction too, with their slopes as they are; what is then left of an error of theirs is that of the slope. False:
 * there are none, or they were not found. */
bool cell_newton_settle(cell_newton *newton, double t_s, const cell_point *at, bool relaxed);

/* ---- solver.c: IDA ---- */

typedef struct cell_solver cell_solver;

/* What ends a stretch of integration. */
typedef struct cell_limits {
    double until_s;                                 /* time of the test; always finite */
    double until_V, until_A_per_m2, until_C_per_m2; /* NaN: not */
    double charge_C_per_m2;                         /* at the start of the step */
} cell_limits;

typedef enum cell_end {
    CELL_END_TIME,
    CELL_END_POTENTIAL,
    CELL_END_CURRENT,
    CELL_END_CHARGE,
    CELL_END_PAUSE, /* after CELL_PAUSE_STEPS internal steps: start again and run on */
    CELL_END_STOPPED
} cell_end;

/* Internal steps after which every run pauses and begins anew, so that a checkpoint can be taken up there with the same bits:
 * some tenths of a second of work. The number must not depend on the clock or the machine. */
enum { CELL_PAUSE_STEPS = 1000 };

/* Called after each internal step; values at any time of the step come from cell_solver_at(). False stops. */
typedef bool cell_listener(void *user, cell_solver *solver, double from_s, double to_s);

closo_status cell_solver_new(cell_model *model, double relative_tolerance, closo_arena *arena,
                             cell_solver **solver, closo_error *error);
void cell_solver_free(cell_solver *solver); /* what SUNDIALS holds */
/* After a change of control: makes the algebraic states agree. */
closo_status cell_solver_start(cell_solver *solver, closo_error *error);
closo_status cell_solver_run(cell_solver *solver, const cell_limits *limits,
                             cell_listener *listener, void *user, cell_end *end,
                             closo_error *error);
void cell_solver_at(cell_solver *solver, double t_s, double *y);
/* The states of the whole cell (cell_model_first_common() and what follows) at a time of the last internal step; those of the
 * nodes are left alone. */
void cell_solver_glance(cell_solver *solver, double t_s, double *y);
double cell_solver_time_s(const cell_solver *solver);
double *cell_solver_state(cell_solver *solver); /* at the present time; may be set before start */
double *cell_solver_slope(cell_solver *solver);
/* Sets time and counts as they were; with state and slope the solver is where it was when it was started. */
void cell_solver_restore(cell_solver *solver, double t_s, const closo_simulation_statistics *work);
void cell_solver_statistics(const cell_solver *solver, closo_simulation_statistics *statistics);

/* ---- small_signal.c ---- */

/* Z(f) in ohm m2 of the cell at a state, from (J + i omega M) x = e. NOMEM, NOCONVERGE. */
closo_status cell_small_signal(cell_model *model, double t_s, const double *y,
                               const double *frequency_Hz, size_t count, double *real_ohm_m2,
                               double *imaginary_ohm_m2, closo_error *error);

/* What freezing the state leaves out, and where the potential goes. NOMEM, NOCONVERGE. */
closo_status cell_stationarity(cell_model *model, double t_s, const double *y,
                               closo_stationarity *stationarity, closo_error *error);

#endif
