/* SPDX-License-Identifier: BSD-3-Clause */
/* cell.h: the virtual cell: a working electrode (composite, foil or metal), a solid electrolyte, a metal; every experiment
 * from one residual.
 *
 * Coordinates: x = 0 at the separator, x = L at the current collector of the working electrode; the counter electrode is at
 * 0 V. I > 0 is oxidation of the working electrode (charge of a cathode), in A/m2 of cell inside, in A in tables. Potentials
 * of the working electrode against the counter electrode, in V; of reactions against the metal of the electrolyte's cation. Interfacial current densities j in A/m2 of interface, anodic positive.
 * docs/cell.md has every equation with its source. */
#ifndef CLOSO_CELL_H
#define CLOSO_CELL_H

#include "closo/base.h"
#include "closo/impedance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the cell is made of: numbers in SI at the reference temperature ------------------------------------------ */

/* X(T) = X_ref exp(energy / R (1/T_ref - 1/T)); energy 0: no dependence. */
typedef struct closo_thermal_law {
    double value;
    double energy_J_per_mol;
} closo_thermal_law;

/* Equilibrium potential against the share of sites that are filled, as a table in rising share; between its points the
 * cubic spline where it keeps their shape, else a monotone cubic (Fritsch and Carlson, SIAM J. Numer. Anal. 17 (1980) 238,
 * doi:10.1137/0717021). */
typedef struct closo_equilibrium {
    size_t count;
    const double *filled, *potential_V; /* potential falls as sites fill */
} closo_equilibrium;

/* The grains that take up and give off the ion. */
typedef struct closo_active_material {
    double
        volume_fraction; /* of the composite; 0: there is none (an electrolyte-carbon electrode) */
    double radius_m;     /* of its spheres */
    double sites_mol_per_m3; /* concentration of sites; charge of all sites F sites volume */
    double usable;           /* share of the material that is in contact, 0..1 */
    closo_thermal_law diffusivity_m2_per_s;
    closo_thermal_law exchange_current_A_per_m2;         /* at half filling */
    double transfer;                                     /* anodic transfer coefficient */
    double entropy_V_per_K;                              /* dU/dT; U holds at reference_K */
    double filling_exponent;                             /* i0 ~ (4 y (1 - y))^exponent */
    double double_layer_F_per_m2, double_layer_exponent; /* 0: none; exponents: see closo_cell */
    closo_equilibrium equilibrium;
    double filled_at_start; /* share */
} closo_active_material;

/* Oxidation of one anion of the electrolyte at every surface that conducts electrons: q is the charge passed per area,
 *   j = rate gamma^-1 exp(transfer f (w - potential - gamma q)) (1 - q / reservoir)
 * with w the potential of the surface against the electrolyte beside it; gamma > 0 passivates (growth with log t). A sweep at
 * rate climbs along j / j_end = 1 / (1 + exp(-transfer f (w - potential))) to the plateau j_end = rate / gamma: potential is the
 * middle of the rise, and the steepest tangent meets zero at the onset, potential - 2 / (transfer f), which is what
 * descriptions of cells give. With j0 potential is the reversible one:
 *   j = j0 max(exp(transfer f (w - potential - gamma q)) - 1, 0) (1 - q / reservoir)
 * as the products are gone and nothing is left to reduce. Every potential moves with temperature by potential_V_per_K. */
typedef struct closo_anion_oxidation {
    const char *name;
    double potential_V, transfer;
    double rate_V_per_s;       /* 10 uV/s */
    double gamma_V_m2_per_C;   /* 0: does not passivate, and has a j0 */
    double j0_A_per_m2;        /* 0: rate / gamma, without a reversible potential */
    double reservoir_C_per_m2; /* 0: without end */
    double electrons;          /* that an anion has to give, which make the reservoir; 0: 1 */
    double energy_J_per_mol;
    double potential_V_per_K; /* -entropy of the reaction / (n F); potential_V: at reference_K */
} closo_anion_oxidation;

enum { CLOSO_ANIONS_MAX = 4 };

/* A film on the active material: R = rho q0 exp(growth x) + R_slow, ohm m2 of interface, by the charge of the first oxidation on
 * it and the share x = 1 - (1 - q1 / reservoir1)^electrons1 of the second anions that have given one electron or more; dR_slow/dt = slow exp(transfer f (w - onset)) / (1 + R_slow / R_half)^order. */
typedef struct closo_film {
    double rho_ohm_m4_per_C, growth;
    double slow_ohm_m2_per_s, slow_transfer, slow_onset_V, slow_half_ohm_m2, slow_order;
} closo_film;

/* What the breathing of the grains does to the films between them and to their contact, by the share s of their sites that is
 * emptied and filled, s' = |d(mean filling)/dt|, whichever way. docs/cell.md, eq. 16. All 0: nothing.
 *   broken charge b of each anion's film, db/dt = breaking s' (q - b): what is broken no longer protects, and gamma works on
 *   q - b;
 *   contact c of the grains, dc/dt = -loosening s' c ((q - b) / reservoir)^order with the last anion's film on them;
 *   the share c^isolation of the grains is still reached, on an area of c; what is not keeps its charge. */
typedef struct closo_wear {
    double breaking, loosening, order, isolation;
} closo_wear;

/* Metal of the cation that plates on an electrode that else blocks and is stripped off again, docs/cell.md, eq. 18. x is the
 * charge of the metal on it per area, theta = x / (x + coverage) the share it covers, eta = E - j (R + sqrt(u)) with E against
 * the metal of the cation and du/dt = growth theta:
 *   j = i0 theta [exp(a f eta) - exp(-(1 - a) f eta)]
 *     + i0 (1 - theta) min(exp(a f (eta + nucleation)) - exp(-(1 - a) f (eta + nucleation)), 0)
 * dx/dt = -j (1 - loss) while metal plates, -j while it is stripped. Lithium on copper: A. Pei et al., Nano Lett. 17 (2017) 1132,
 * doi:10.1021/acs.nanolett.6b04755. */
typedef struct closo_plating {
    closo_thermal_law exchange_current_A_per_m2; /* 0: nothing plates */
    double transfer;                             /* anodic; 0: 0.5 */
    double nucleation_V;                         /* overpotential on the bare electrode */
    double coverage_C_per_m2;                    /* that covers half of it */
    double loss;                                 /* share of what is plated that never comes back */
    closo_thermal_law resistance_ohm_m2;         /* of the interphase, in series; 0: none */
    double growth_ohm2_m4_per_s;                 /* k^2 */
    double plated_at_start_C_per_m2;
} closo_plating;

/* A metal electrode. It plates and strips the electrolyte's ion through an interphase, v = j (R + sqrt(u)) + eta with
 * du/dt = growth: R grows with the root of time (Wagner's parabolic law); or, with a log_time, R + log_growth ln(1 + u) with
 * du/dt = 1 / log_time: evenly at first, later with the logarithm of time (tunnelling of electrons). eta is that of Butler and Volmer, or 0 without an
 * exchange current. Its double layer lies beside both. Or it blocks ions and has only the double layer. */
typedef struct closo_metal_electrode {
    bool blocking;
    double potential_V; /* equilibrium against the metal of the cation: 0, or that of an alloy */
    closo_equilibrium
        equilibrium; /* of an alloy, against the share of its sites; count 0: potential_V */
    double capacity_C_per_m2, filled_at_start; /* of the alloy, with an equilibrium */
    closo_thermal_law resistance_ohm_m2;
    double growth_ohm2_m4_per_s;                 /* k^2; 0: none */
    double log_growth_ohm_m2, log_time_s;        /* of the logarithmic law; 0: the parabolic one */
    double age_s;                                /* of the interphase at the start; 0: one second */
    closo_thermal_law exchange_current_A_per_m2; /* 0: no law of Butler and Volmer */
    double transfer;                             /* anodic; 0: 0.5 */
    double double_layer_F_per_m2, double_layer_exponent; /* 0: none, where ions pass */
    closo_plating plating;                               /* on one that blocks */
} closo_metal_electrode;

/* Reduction of the electrolyte on the same electrodes, in the mirror of an anion's oxidation:
 *   j = -rate gamma^-1 exp(-transfer f (E - potential + gamma q)), dq/dt = -j;
 * a sweep at -rate goes along j / j_end = 1 / (1 + exp(transfer f (E - potential))), and its steepest tangent meets zero at the
 * onset, potential + 2 / (transfer f), which is what descriptions of cells give. */
typedef struct closo_reduction {
    double potential_V, transfer; /* cathodic; 0: the electrolyte is not reduced */
    double rate_V_per_s, gamma_V_m2_per_C;
} closo_reduction;

/* A salt whose concentration changes: concentrated-solution theory for a binary electrolyte of one-valued ions (J. Newman, K. E.
 * Thomas-Alyea, Electrochemical Systems, 3rd ed., 2004, ch. 12), for polymers, liquids and comparisons with them. Without it
 * the electrolyte conducts its cation alone, t+ = 1, and none of this is looked at. docs/cell.md, eqs. 12 to 15. */
typedef struct closo_salt {
    double concentration_mol_per_m3;        /* everywhere at rest; 0: there is none */
    double transference;                    /* t+ of the cation, 0..1; 1 is the same as no salt */
    closo_thermal_law diffusivity_m2_per_s; /* of the salt in the bulk electrolyte */
    double thermodynamic_factor;            /* 1 + d ln f / d ln c */
    /* Columns against concentration, at the reference temperature; a column that is NULL leaves the constant (of the
     * conductivity: the cell's), whose energy of activation holds for the column as well. */
    size_t table_count;
    const double *table_mol_per_m3, *table_S_per_m, *table_m2_per_s, *table_factor;
    double composite_fraction;                 /* share of the composite's volume */
    double separator_fraction, separator_path; /* share of its volume; effective / bulk transport */
    size_t separator_nodes;
    double insertion_exponent, metal_exponent; /* exchange currents ~ (c / c at rest)^exponent */
} closo_salt;

/* One temperature for the whole cell, C dT/dt = I V - dH/dt - loss (T - surroundings), which starts at that of the surroundings,
 * closo_cell's temperature_K. Both are of the cell with all that warms up with it, per area. */
typedef struct closo_heat {
    double capacity_J_per_m2_K; /* 0: isothermal */
    double loss_W_per_m2_K;     /* 0: adiabatic */
} closo_heat;

typedef struct closo_cell {
    const char *name;
    double area_m2;
    double temperature_K, reference_K;
    /* composite */
    size_t node_count;  /* 1: a single particle; 0: none, the working electrode is a metal */
    size_t shell_count; /* of each particle */
    double
        shell_contrast; /* thickness of the shells inside over those at the surface; 1: even; 0: 500 */
    double thickness_m;
    closo_active_material active;
    double
        active_area_per_m; /* surface of the active material per volume of composite; 0: 3 fraction / radius */
    double
        carbon_area_per_m; /* surface of the carbon that touches electrolyte, per volume of composite */
    /* A double layer C has in time the capacitance C, in an impedance the admittance C (j omega)^n with omega in rad/s: a
     * constant phase element (exponent n = 1 or 0: a capacitor). The two agree at 1 rad/s. */
    double carbon_double_layer_F_per_m2, carbon_double_layer_exponent;
    double
        rest_potential_V; /* of the double layers at the start, where there is no active material */
    double collector_area; /* of the collector that touches electrolyte, per area of cell */
    double collector_double_layer_F_per_m2, collector_double_layer_exponent;
    closo_thermal_law ion_conductivity_S_per_m; /* of the electrolyte */
    /* of its disordered phase, from the transition on; ion_transition_K 0: there is none */
    closo_thermal_law ion_conductivity_above_S_per_m;
    double ion_transition_K;
    double ion_path;                      /* effective / bulk conductivity in the composite */
    double electron_conductivity_S_per_m; /* effective, of the composite */
    closo_anion_oxidation anions[CLOSO_ANIONS_MAX];
    size_t anion_count;
    closo_film film;
    closo_wear wear;
    closo_reduction reduction; /* on a foil, and on a counter electrode that metal plates on */
    /* separator */
    double separator_m;
    double separator_permittivity; /* relative; 0: no geometric capacitance */
    double electron_leak_S_per_m;  /* of the electrolyte */
    closo_metal_electrode counter,
        working_metal; /* the latter where there is no composite; of a foil the plating */
    closo_salt salt;
    closo_heat heat;
    double series_resistance_ohm_m2; /* leads and contacts */
    const char *source;              /* where the numbers are from, for reports */
} closo_cell;

/* ---- what is done to it ---------------------------------------------------------------------------------------------- */

typedef enum closo_experiment_kind {
    CLOSO_EXPERIMENT_CURRENT,   /* constant current */
    CLOSO_EXPERIMENT_POTENTIAL, /* constant potential */
    CLOSO_EXPERIMENT_SWEEP,     /* potential changing at a rate to a vertex */
    CLOSO_EXPERIMENT_REST,
    CLOSO_EXPERIMENT_IMPEDANCE,  /* at the state that is there; takes no time */
    CLOSO_EXPERIMENT_TEMPERATURE /* of the cell, from here on; takes no time */
} closo_experiment_kind;

/* One step. A limit that is NaN is not there; the first limit that is met ends the step. */
typedef struct closo_experiment_step {
    closo_experiment_kind kind;
    double current_A_per_m2;           /* signed */
    double potential_V, rate_V_per_s;  /* hold, or vertex of a sweep (rate positive) */
    double until_V;                    /* approached from either side */
    double until_current_A_per_m2;     /* |I| below */
    double until_s;                    /* duration */
    double until_charge_C_per_m2;      /* |charge| of the step */
    double from_Hz, to_Hz, per_decade; /* impedance */
    double temperature_K;
    size_t line; /* of the file, for messages */
    int cycle;
} closo_experiment_step;

/* What ends a loop before its last pass; looked at behind each pass. The capacity of a pass is the charge of its steps that
 * reduce the working electrode. */
typedef enum closo_experiment_stop_kind {
    CLOSO_STOP_CAPACITY_SHARE, /* capacity of the pass below value times that of pass of_pass */
    CLOSO_STOP_CAPACITY,       /* capacity of the pass below value, C/m2 */
    CLOSO_STOP_POTENTIAL_BELOW,
    CLOSO_STOP_POTENTIAL_ABOVE, /* potential behind the pass, V */
    CLOSO_STOP_TIME,            /* since the loop began, s */
    CLOSO_STOP_LIMIT            /* a step of the pass ended at its potential */
} closo_experiment_stop_kind;

typedef struct closo_experiment_stop {
    closo_experiment_stop_kind kind;
    double value;
    size_t of_pass; /* from 1 */
} closo_experiment_stop;

/* One pass of a loop that has such rules. */
typedef struct closo_experiment_pass {
    size_t first_step, last_step, behind; /* its steps, and the one behind the loop */
    size_t number, count, depth;          /* from 1; of how many; 0 for the outermost such loop */
    const closo_experiment_stop *stops;
    size_t stop_count, line;
} closo_experiment_pass;

enum { CLOSO_EXPERIMENT_DEPTH = 8 }; /* loops in each other */

typedef struct closo_experiment {
    closo_experiment_step *steps; /* loops unrolled */
    size_t step_count;
    closo_experiment_pass *passes; /* of the loops that have rules, as they begin */
    size_t pass_count;
    double every_s, every_V; /* sampling: a row at least so often; 0: 1 % of a step, 2 mV */
} closo_experiment;

/* Readable steps, one a line or separated by ';': "charge at C/10 until 4.15 V", "hold at 4.15 V until C/100", "rest 30 min",
 * "sweep to 4.5 V at 10 uV/s", "impedance 200 kHz to 10 mHz, 10 per decade", "polarise at 0.5 V for 24 h",
 * "repeat 100 times: ... end", "repeat 1000 times until capacity below 80 %", "pulse C/10 for 10 min, rest 1 h, 20 times",
 * "temperature 60 degC". capacity_C_per_m2 is what 1 C charges in an hour. FORMAT: the message names the line, the
 * word, and what could stand there. */
CLOSO_API CLOSO_CHECK closo_status closo_experiment_parse(const char *text,
                                                          double capacity_C_per_m2,
                                                          closo_arena *arena,
                                                          closo_experiment *experiment,
                                                          closo_error *error);

/* ---- a cell described in YAML (docs/simulate.md has every key) ----------------------------------------------------- */

/* The cell as its description makes it, and what was worked out on the way, for people and tests. */
typedef struct closo_cell_file {
    closo_cell cell;
    const char *about;
    const char *metal;           /* that potentials are against: "Na" */
    closo_experiment experiment; /* of the key 'steps'; step_count 0: there is none */
    double
        capacity_C_per_m2; /* theoretical, what 1 C charges in an hour; 0 without active material */
    double composite_kg_per_m2, active_kg_per_m2, electrolyte_kg_per_m2, carbon_kg_per_m2;
    double electrolyte_fraction, carbon_fraction, porosity; /* volumes of the composite */
    double carbon_apparent_fraction; /* by its bulk density, without pores: what percolates */
    double grain_contact;            /* share of the grains in contact by pressure; 1 without one */
    double carbon_contact;           /* share of its surface that is in the network and wetted */
    double carbon_area_m2;           /* by nitrogen adsorption, all of it */
    double surface_m2_per_m2; /* that oxidises electrolyte: active material, carbon, collector */
    closo_notes notes;
} closo_cell_file;

/* Reads a description with the materials of data/materials, which are built in, and those that stand in the file itself.
 * FORMAT: the sentence names the line, the key, and what would be right: unknown keys and materials, wrong units, shares
 * that do not add up, masses that do not fit into the thickness. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_load(const char *path, closo_arena *arena,
                                                   closo_cell_file **file, closo_error *error);
/* The same from memory; name stands in messages. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_parse(const char *name, const void *bytes,
                                                    size_t size, closo_arena *arena,
                                                    closo_cell_file **file, closo_error *error);

/* ---- the simulation ------------------------------------------------------------------------------------------------ */

/* Measured against 1e-8: capacities within 0.001 mAh/g, potentials within 0.1 mV (docs/cell.md, bench_cell). */
#define CLOSO_SIMULATION_TOLERANCE 1e-4

typedef struct closo_simulation_options {
    double relative_tolerance; /* 0: CLOSO_SIMULATION_TOLERANCE */
    bool keep_profiles;        /* states at the end of each step */
    /* A file in which the run is kept, so that one that was killed can go on; beside it FILE.rows. NULL: none. */
    const char *checkpoint;
    double
        checkpoint_every_s; /* of the wall clock; 0: 2 s, and at most 1 % of the time is spent on it */
    bool
        resume; /* go on from the checkpoint when there is one: to the last bit what would have come without a stop */
} closo_simulation_options;

/* Work of a run, a resumed one from its first start. */
typedef struct closo_simulation_statistics {
    size_t steps;
    size_t residuals, factorisations;    /* of steps, and of what fits at their starts and ends */
    size_t jacobians, newton_iterations; /* of steps alone */
    size_t state_count;
} closo_simulation_statistics;

/* How far from standing still the cell was when a spectrum was worked out. An impedance is that of the state frozen: F(t, y,
 * 0) is what freezing leaves out. */
typedef struct closo_stationarity {
    double residual; /* largest |F(t, y, 0)| of all equations, each in its SI unit (docs/cell.md) */
    double drift_V_per_s; /* of the potential if the current stayed */
} closo_stationarity;

/* What lies on an electrode that else blocks when a run ends, as charge per area of cell; NaN where nothing of the kind is. */
typedef struct closo_deposited {
    double metal_C_per_m2, lost_C_per_m2; /* to be stripped; dead metal and interphase */
    double reduced_C_per_m2;              /* of the electrolyte */
} closo_deposited;

typedef struct closo_simulation {
    closo_table *table; /* time/s, Ewe/V, I/mA, Ns, cycle number, (Q-Qo)/mA.h; as an instrument's */
    closo_spectrum *spectra; /* of the impedance steps, in ohm */
    size_t spectrum_count;
    size_t *spectrum_step; /* the step of each */
    closo_stationarity *spectrum_stationarity;
    closo_simulation_statistics statistics;
    closo_deposited on_working, on_counter; /* at the end */
    bool complete; /* false: stopped by the caller or by a failure; the table holds what there is */
    closo_notes notes;
} closo_simulation;

/* Runs the experiment from the equilibrium at active.filled_at_start (or rest_potential_V without active material).
 * RANGE: a parameter is impossible, named. NOCONVERGE: time, step, state and the likely cause; *simulation holds what was
 * done before. CANCELLED as well. The DAE is solved by SUNDIALS' IDA with KLU; index 1.
 * With a checkpoint also ARGUMENT: there is one already and resume is false; FORMAT: it is damaged; RANGE: it is of another
 * cell, tolerance, version or of other steps; IO. It stays when the run is over: closo_cell_checkpoint_remove(). */
CLOSO_API CLOSO_CHECK closo_status
closo_cell_simulate(const closo_cell *cell, const closo_experiment *experiment,
                    const closo_simulation_options *options, const closo_progress *progress,
                    closo_arena *arena, closo_simulation **simulation, closo_error *error);

/* Removes both files of a checkpoint; that there are none is fine. IO. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_checkpoint_remove(const char *path,
                                                                closo_arena *arena,
                                                                closo_error *error);

/* ---- the simulation as a measurement ------------------------------------------------------------------------------ */

/* What an instrument adds: normal noise of these standard deviations (of each part of Z relative to |Z|), then the steps of
 * its converters; 0: none. The same seed gives the same numbers. */
typedef struct closo_instrument_noise {
    double potential_V, current_A, impedance;
    double potential_step_V, current_step_A;
    uint64_t seed;
} closo_instrument_noise;

/* Turns simulation->table into what an instrument would have written: noise, and the cell's reference, mass and capacity
 * beside it. Its next table holds all spectra, one below the other, when there are any. NOMEM. */
CLOSO_API CLOSO_CHECK closo_status closo_simulation_measure(closo_simulation *simulation,
                                                            const closo_cell_file *file,
                                                            const closo_instrument_noise *noise,
                                                            closo_arena *arena, closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
