/* SPDX-License-Identifier: BSD-3-Clause */
/* transport.h: from a resistance to a conductivity, from conductivities at several temperatures to activation energies,
 * and from those to what the ions do.
 *
 * Throughout, sigma T of a hopping ion follows ln(sigma T) = ln A - E_a / (k T), with sigma in S/m, T in K, so A is in
 * S K/m, and energies in eV. Fitting ln(sigma) instead gives an energy that is lower by about k T (26 meV at 300 K). */
#ifndef CLOSO_TRANSPORT_H
#define CLOSO_TRANSPORT_H

#include "closo/base.h"
#include "closo/impedance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the pellet -------------------------------------------------------------------------------------------------- */

/* A flat cylinder. Sigmas may be NaN or 0 (not known: not carried); mass and theoretical density may be 0 (not known). */
typedef struct closo_pellet {
    closo_value diameter_m, thickness_m, mass_kg;
    double theoretical_density_kg_per_m3;
} closo_pellet;

typedef struct closo_pellet_result {
    closo_value area_m2, volume_m3;
    closo_value density_kg_per_m3;   /* NaN without a mass */
    closo_value relative_density;    /* NaN without a mass or a theoretical density */
    closo_value cell_constant_per_m; /* thickness / area */
    closo_notes
        warnings; /* a relative density that cannot be, a diameter that looks like a radius, a thick pellet */
} closo_pellet_result;

/* Area, volume, densities. RANGE: a diameter or thickness that is not positive, a negative mass or density. */
CLOSO_API CLOSO_CHECK closo_status closo_pellet_work_out(const closo_pellet *pellet,
                                                         closo_arena *arena,
                                                         closo_pellet_result *result,
                                                         closo_error *error);

/* What of diameter and thickness is not given (not above 0), from what the spectra's files tell of area and thickness, without
 * an error. RANGE: they do not tell it, or not all the same within 0.1 %; the sentence says which. */
CLOSO_API CLOSO_CHECK closo_status closo_pellet_from_spectra(const closo_spectrum *spectra,
                                                             size_t count, closo_pellet *pellet,
                                                             closo_error *error);

/* thickness / (area resistance), with the errors of all three (independent of each other). RANGE: a resistance that is
 * not positive, and as above. */
CLOSO_API CLOSO_CHECK closo_status
closo_conductivity_from_resistance(closo_value resistance_ohm, const closo_pellet *pellet,
                                   closo_value *conductivity_S_per_m, closo_error *error);

/* ---- Arrhenius ---------------------------------------------------------------------------------------------------- */

/* How ln(sigma T) runs against 1/T. Each has more freedom than the one before it but VTF, which bends smoothly.
 * code, number of parameters, text */
#define CLOSO_ARRHENIUS_LIST(X)                                                                \
    X(LINE, 2, "one activation energy")                                                        \
    X(VTF, 3, "Vogel, Tammann and Fulcher: A exp(-B / k (T - T0))")                            \
    X(KINK, 4, "two activation energies that meet: the mechanism changes, the phase does not") \
    X(TWO_REGIMES, 4,                                                                          \
      "two processes in series: two activation energies, one fading into the other")           \
    X(JUMP, 5, "two activation energies and a step: a phase transition")

typedef enum closo_arrhenius_model {
#define X(code, parameters, text) CLOSO_ARRHENIUS_##code,
    CLOSO_ARRHENIUS_LIST(X)
#undef X
        CLOSO_ARRHENIUS_COUNT
} closo_arrhenius_model;

/* "line", "vtf", "kink", "two-regimes", "jump", and the text above; constant strings. */
CLOSO_API const char *closo_arrhenius_name(closo_arrhenius_model model);
CLOSO_API const char *closo_arrhenius_text(closo_arrhenius_model model);
CLOSO_API CLOSO_CHECK closo_status closo_arrhenius_model_parse(const char *text,
                                                               closo_arrhenius_model *model,
                                                               closo_error *error);

/* Conductivities at temperatures, in any order; a temperature may occur several times (heating and cooling). */
typedef struct closo_arrhenius_data {
    size_t count;
    const double *temperature_K, *conductivity_S_per_m;
    const double
        *conductivity_sigma_S_per_m; /* or NULL: all equally good on the logarithmic scale */
} closo_arrhenius_data;

/* One branch: ln(sigma T) = ln_prefactor - energy_eV / kT from from_K to to_K. */
typedef struct closo_arrhenius_branch {
    closo_value energy_eV;
    closo_value ln_prefactor; /* A in S K/m */
    double covariance;   /* of the two; they go together closely, see closo_meyer_neldel_fit() */
    double from_K, to_K; /* of the points it was fitted to */
    size_t point_count;
} closo_arrhenius_branch;

/* One model's fit. */
typedef struct closo_arrhenius_fit {
    closo_arrhenius_model model;
    bool fitted; /* false: too few points; the rest is then NaN */
    size_t parameter_count;
    double chi2;         /* sum of squares, weighted where sigmas are given */
    double residual_rms; /* of ln(sigma T), unweighted */
    double bic,
        aicc; /* the scale of the noise counted as unknown, see closo_arrhenius_fit_data() */
    /* LINE: the first. KINK, JUMP, TWO_REGIMES: low temperature, high temperature. VTF: none. */
    closo_arrhenius_branch branches[2];
    size_t branch_count;
    closo_value transition_K; /* where the branches meet or the step lies; NaN for LINE and VTF */
    double gap_from_K, gap_to_K; /* JUMP: the neighbouring points between which the step lies */
    closo_value
        step; /* JUMP: change of ln(sigma T) at the transition, from low to high temperature */
    closo_value vtf_energy_eV, vtf_T0_K, vtf_ln_prefactor;
    double parameters[5]; /* of the curve; see closo_arrhenius_predict() */
} closo_arrhenius_fit;

typedef struct closo_arrhenius_options {
    bool choose_given; /* take `model` instead of choosing */
    closo_arrhenius_model model;
    double at_K;  /* where the conductivity is asked for; 0: 298.15 K */
    size_t draws; /* of each bootstrap; 0: 400 */
    double
        false_alarm; /* largest accepted chance of a more complicated model by noise alone; 0: 0.05 */
    uint64_t seed;
} closo_arrhenius_options;

typedef struct closo_arrhenius_result {
    closo_arrhenius_fit fits[CLOSO_ARRHENIUS_COUNT]; /* by model */
    closo_arrhenius_model chosen;
    /* Chance that noise about a simpler model lets some richer one win by as much BIC as the chosen one does, by parametric
     * bootstrap, the worst of the simpler models. NaN for a straight line or a given model. */
    double false_alarm;
    const char *reason;               /* of the choice, a sentence */
    closo_value conductivity_S_per_m; /* of the chosen model at at_K */
    double at_K;
    bool extrapolated; /* at_K lies outside the points */
    closo_notes warnings;
} closo_arrhenius_result;

/* Fits all five models and chooses one. Without sigmas the noise is estimated from the scatter; with them chi2 counts, but
 * parameter sigmas are scaled up when chi2 per degree of freedom is above 1. Kink and jump are found exactly, by trying
 * every split (Hudson, J. Am. Stat. Assoc. 61 (1966) 1097, doi:10.1080/01621459.1966.10482198). Choice: the lowest BIC
 * (Schwarz, Ann. Stat. 6 (1978) 461, doi:10.1214/aos/1176344136), but a model is taken only if simulated noise about each
 * simpler one lets any richer model win by as much in at most `false_alarm` of the draws: a break that may lie anywhere is
 * worth more freedom than its parameters count, and so is the choice among models. Uncertainties of kink and jump come
 * from the residual bootstrap. options may be NULL. RANGE: fewer than 3 temperatures, a value that is not positive and finite. O(draws n). */
CLOSO_API CLOSO_CHECK closo_status closo_arrhenius_fit_data(const closo_arrhenius_data *data,
                                                            const closo_arrhenius_options *options,
                                                            closo_arena *arena,
                                                            closo_arrhenius_result *result,
                                                            closo_error *error);

/* ln(sigma T) of a fit at a temperature. */
CLOSO_API double closo_arrhenius_predict(const closo_arrhenius_fit *fit, double temperature_K);

/* One JSON object in the arena; NULL when out of memory. */
CLOSO_API const char *closo_arrhenius_json(const closo_arrhenius_data *data,
                                           const closo_arrhenius_result *result,
                                           closo_arena *arena);

/* The points of a table. Temperature: the column in K or degC. Conductivity: the column called `column`, or the first in
 * S/m, S/cm or mS/cm; or, with a pellet (else NULL), one in ohm. Its sigma: the column of the same unit whose name holds
 * sigma, std, err or u(. A unit is told by the end of the name: "T/K", "sigma (S/cm)", "sigma_S_cm". Rows without a number
 * are left out and counted. Arrays in the arena. FORMAT: a column is missing; the message names those that are there.
 * RANGE: the size of the pellet. */
typedef struct closo_arrhenius_source {
    const char *column;         /* or NULL */
    const closo_pellet *pellet; /* or NULL */
    size_t left_out;            /* out: rows without a number */
} closo_arrhenius_source;
CLOSO_API CLOSO_CHECK closo_status closo_arrhenius_data_from_table(const closo_table *table,
                                                                   closo_arrhenius_source *source,
                                                                   closo_arena *arena,
                                                                   closo_arrhenius_data *data,
                                                                   closo_error *error);

/* ---- a pellet's spectra at several temperatures -------------------------------------------------------------------- */

typedef enum closo_conduction {
    CLOSO_CONDUCTION_GRAINS,
    CLOSO_CONDUCTION_BOUNDARIES,
    CLOSO_CONDUCTION_ELECTRODE,
    CLOSO_CONDUCTION_SERIES, /* a resistor in series beside an arc of grains: leads, contacts */
    CLOSO_CONDUCTION_TOTAL   /* grains and boundaries together */
} closo_conduction;

/* "grains", "grain boundaries", "electrode", "series resistance", "total"; a constant string. */
CLOSO_API const char *closo_conduction_name(closo_conduction kind);

/* One resistance of the circuit through the series. */
typedef struct closo_conduction_process {
    closo_conduction kind; /* by the capacitance */
    const char *name;      /* the parameter: "R1"; "sum" for the total */
    double
        capacitance_F_per_m; /* times thickness / area, mean over the series; NaN for resistors */
    closo_value *resistance_ohm; /* one a spectrum; NaN where it is not known */
    /* With the error of the pellet's size. NaN where the resistance has no sigma, or the spectrum fails Kramers and Kronig. */
    closo_value *conductivity_S_per_m;
    closo_arrhenius_data
        data; /* points that are known to a half of themselves, errors of the fits alone */
    const closo_arrhenius_result *arrhenius; /* NULL below three temperatures */
} closo_conduction_process;

typedef struct closo_conductivity_options {
    closo_eis_options eis;
    closo_pellet pellet;
    closo_arrhenius_options arrhenius;
} closo_conductivity_options;

typedef struct closo_conductivity_series {
    const closo_eis *eis;
    closo_pellet_result pellet;
    closo_conduction_process *processes;
    size_t process_count;
    closo_notes notes;
    closo_notes warnings; /* of the pellet, of Kramers and Kronig, and of each spectrum's fit */
} closo_conductivity_series;

/* Circuits fitted to all spectra as a series, each resistance told by its capacitance (Irvine, Sinclair, West, Adv. Mater. 2
 * (1990) 132, doi:10.1002/adma.19900020304), made a conductivity, and fitted by Arrhenius. Put into
 * rising temperature. The arrays of the spectra are borrowed. RANGE: the pellet's size, or a circuit without a resistance in series; errors as closo_eis_analyse() and
 * closo_arrhenius_fit_data(). */
CLOSO_API CLOSO_CHECK closo_status closo_conductivity_series_analyse(
    const closo_spectrum *spectra, size_t count, const closo_conductivity_options *options,
    closo_arena *arena, closo_conductivity_series *series, closo_error *error);

/* {circuit, cell_constant_1_cm, processes[{kind, name, capacitance_F_cm, points[], arrhenius{}}], notes[], warnings[]}; NULL when out of
 * memory. And temperature and conductivities, a row for each spectrum. */
CLOSO_API const char *closo_conductivity_series_json(const closo_conductivity_series *series,
                                                     closo_arena *arena);
CLOSO_API CLOSO_CHECK closo_status
closo_conductivity_series_write_csv(const closo_conductivity_series *series, const char *path,
                                    closo_arena *arena, closo_error *error);

/* ---- Meyer and Neldel --------------------------------------------------------------------------------------------- */

/* ln A = c + E_a / E_MN over several samples. */
typedef struct closo_meyer_neldel {
    closo_value slope_per_eV, intercept; /* 1 / E_MN, c */
    closo_value energy_eV, isokinetic_K; /* E_MN and E_MN / k */
    double chi2_reduced;
    /* The slope that errors of the fits alone would draw: their covariance / variance of the energy, and the mean
     * temperature 1 / (k slope) it belongs to. A slope within two sigma of it says nothing about the materials. */
    double artefact_slope_per_eV;
    bool may_be_artefact;
} closo_meyer_neldel;

/* Line through (E_a, ln A) with errors in both and their correlation (York et al., Am. J. Phys. 72 (2004) 367,
 * doi:10.1119/1.1632486). RANGE: fewer than 3 branches, all energies equal, a sigma that is missing. NOCONVERGE. */
CLOSO_API CLOSO_CHECK closo_status closo_meyer_neldel_fit(const closo_arrhenius_branch *branches,
                                                          size_t count, closo_meyer_neldel *result,
                                                          closo_error *error);

/* ---- hopping ------------------------------------------------------------------------------------------------------ */

/* sigma T = z n (Z e)^2 a0^2 nu0 / k * exp(dS_m / k) exp(-E_a / kT): chapter 2 of the thesis. */
typedef struct closo_hopping {
    double carrier_density_per_m3; /* n */
    double charge_number;          /* Z */
    double jump_distance_m;        /* a0 */
    double geometric_factor;       /* z: 1/6 for isotropic jumps, times correlation; 0: 1/6 */
    double attempt_frequency_Hz;   /* nu0; 0: not known */
} closo_hopping;

typedef struct closo_hopping_result {
    closo_value ln_effective_frequency; /* ln(nu0 exp(dS_m / k) / Hz), from the pre-factor */
    double effective_frequency_Hz;
    closo_value migration_entropy_J_per_K; /* per ion; NaN unless nu0 is known */
    closo_notes warnings;                  /* frequencies no lattice has */
} closo_hopping_result;

/* What the pre-factor of a branch says. RANGE: a density, charge or distance that is not positive. */
CLOSO_API CLOSO_CHECK closo_status closo_hopping_from_branch(const closo_arrhenius_branch *branch,
                                                             const closo_hopping *hopping,
                                                             closo_arena *arena,
                                                             closo_hopping_result *result,
                                                             closo_error *error);

/* The other way: conductivity in S/m at a temperature. entropy_J_per_K may be 0; attempt frequency must be known. */
CLOSO_API double closo_hopping_conductivity_S_per_m(const closo_hopping *hopping, double energy_eV,
                                                    double entropy_J_per_K, double temperature_K);

/* D_sigma = sigma k T / (n (Z e)^2), Nernst and Einstein. */
CLOSO_API closo_value closo_nernst_einstein_m2_per_s(closo_value conductivity_S_per_m,
                                                     double carrier_density_per_m3,
                                                     double charge_number, double temperature_K);

/* Haven ratio D* / D_sigma of a tracer diffusion coefficient and the one above; both in m2/s. */
CLOSO_API closo_value closo_haven_ratio(closo_value tracer_m2_per_s, closo_value charge_m2_per_s);

/* ---- what the ions and anions do: NMR and neutrons ------------------------------------------------------------------ */

/* Spin-lattice relaxation by jumps of one correlation time tau = tau0 exp(E / kT):
 *   BPP           R1 = C [J(w) + 4 J(2w)], J(w) = tau / (1 + (w tau)^2); Bloembergen, Purcell and Pound, Phys. Rev. 73
 *                 (1948) 679, doi:10.1103/PhysRev.73.679
 *   COLE_DAVIDSON a spread of correlation times below tau: J(w) = sin(b atan(w tau)) / w / (1 + (w tau)^2)^(b / 2), 0 < b <
 *                 1; Davidson and Cole, J. Chem. Phys. 19 (1951) 1484, doi:10.1063/1.1748105. The slow flank has the slope
 *                 b E. */
typedef enum closo_spectral_density {
    CLOSO_DENSITY_BPP,
    CLOSO_DENSITY_COLE_DAVIDSON,
    CLOSO_DENSITY_COUNT
} closo_spectral_density;

/* "bpp", "cole-davidson"; a constant string. */
CLOSO_API const char *closo_spectral_density_name(closo_spectral_density density);

/* R1 = C [J(w) + 4 J(2w)] of the density with C = 1 s^-2. */
CLOSO_API double closo_relaxation_rate(closo_spectral_density density, double larmor_Hz,
                                       double correlation_time_s, double exponent);

/* Rates at temperatures and Larmor frequencies (of one nucleus), in any order. */
typedef struct closo_relaxation_data {
    size_t count;
    const double *temperature_K, *rate_per_s, *larmor_Hz;
    const double *rate_sigma_per_s; /* or NULL: all equally good on the logarithmic scale */
} closo_relaxation_data;

typedef struct closo_relaxation_fit {
    closo_spectral_density density;
    bool fitted;
    closo_value energy_eV;
    closo_value ln_tau0;            /* of tau0 in s */
    closo_value ln_coupling;        /* of C in s^-2 */
    closo_value exponent;           /* b; 1 for BPP */
    double chi2, residual_rms, bic; /* of ln R1 */
} closo_relaxation_fit;

typedef struct closo_relaxation_result {
    closo_relaxation_fit fits[CLOSO_DENSITY_COUNT];
    closo_spectral_density chosen; /* of the lower BIC */
    bool maximum_seen;             /* the rate passes through its maximum at some frequency */
    double at_K;
    closo_value ln_jump_rate; /* of 1 / tau in 1/s at at_K */
    closo_notes warnings;
} closo_relaxation_result;

/* Fits both densities to all frequencies together. at_K 0: 298.15 K. Without a maximum only one flank is known: its slope
 * gives an energy, but C and tau0 cannot be told apart, and their sigmas are NaN or huge; there is a warning. RANGE: fewer
 * than 5 points or 4 temperatures, a value that is not positive and finite. NOCONVERGE. */
CLOSO_API CLOSO_CHECK closo_status closo_relaxation_fit_data(const closo_relaxation_data *data,
                                                             double at_K, closo_arena *arena,
                                                             closo_relaxation_result *result,
                                                             closo_error *error);

/* ln R1 of a fit. */
CLOSO_API double closo_relaxation_predict(const closo_relaxation_fit *fit, double temperature_K,
                                          double larmor_Hz);

/* Narrowing of an NMR line: width = narrow + 1 / (1 / rigid + (1 / seed - 1 / rigid) exp(-E / kT)), all in Hz; Hendrickson
 * and Bray, J. Magn. Reson. 9 (1973) 341, doi:10.1016/0022-2364(73)90176-5. */
typedef struct closo_narrowing {
    closo_value rigid_Hz, narrow_Hz, ln_seed, energy_eV; /* ln_seed: of the seed's width in Hz */
    closo_value half_K; /* where the line is half as wide again as its narrow end */
    double
        waugh_fedin_eV; /* 1.617 meV per kelvin of half_K; Waugh and Fedin, Sov. Phys. Solid State 4 (1963) 1633 */
    double chi2, residual_rms_Hz;
    closo_notes warnings;
} closo_narrowing;

/* width_sigma_Hz may be NULL: all equally good; with it parameter sigmas are scaled up when chi2 per degree of freedom is
 * above 1. RANGE: fewer than 6 temperatures, widths or sigmas that are not positive. NOCONVERGE: the line does not narrow. */
CLOSO_API CLOSO_CHECK closo_status closo_narrowing_fit(const double *temperature_K,
                                                       const double *width_Hz,
                                                       const double *width_sigma_Hz, size_t count,
                                                       closo_arena *arena, closo_narrowing *result,
                                                       closo_error *error);

/* How an icosahedral anion turns, by the elastic part of quasi-elastic scattering, A0(Q); R is the distance of its hydrogen
 * from its centre, j0(x) = sin x / x, a = j0(1.0515 QR), b = j0(1.7013 QR), c = j0(2 QR).
 * code, name, text. One-axis jumps by 72 and 120 degrees have the same A0. */
#define CLOSO_ROTATION_LIST(X)                                                        \
    X(C2, "C2", "180 degree jumps about one axis: 1/2 + (a + b + c) / 6")             \
    X(C3_OR_C5, "C3 or C5", "120 or 72 degree jumps about one axis: (1 + a + b) / 3") \
    X(TWELVE_SITES, "12 sites", "jumps among all vertices: (1 + 5 a + 5 b + c) / 12") \
    X(ISOTROPIC, "isotropic", "rotational diffusion on a sphere: j0(QR)^2")

typedef enum closo_rotation {
#define X(code, name, text) CLOSO_ROTATION_##code,
    CLOSO_ROTATION_LIST(X)
#undef X
        CLOSO_ROTATION_COUNT
} closo_rotation;

CLOSO_API const char *closo_rotation_name(closo_rotation rotation);
CLOSO_API const char *closo_rotation_text(closo_rotation rotation);
CLOSO_API double closo_rotation_eisf(closo_rotation rotation, double q_per_m, double radius_m);

typedef struct closo_eisf_result {
    closo_value mobile[CLOSO_ROTATION_COUNT]; /* share of hydrogen that turns, with each model */
    double chi2[CLOSO_ROTATION_COUNT], bic[CLOSO_ROTATION_COUNT];
    closo_rotation chosen;
    closo_notes warnings; /* models that these Q cannot tell apart, a share above 1 */
} closo_eisf_result;

/* Fits EISF(Q) = (1 - p) + p A0(Q) with each model. sigma may be NULL. RANGE: fewer than 3 points, a radius or Q that is
 * not positive, an EISF outside -0.2 to 1.2. */
CLOSO_API CLOSO_CHECK closo_status closo_eisf_fit(const double *q_per_m, const double *eisf,
                                                  const double *sigma, size_t count,
                                                  double radius_m, closo_arena *arena,
                                                  closo_eisf_result *result, closo_error *error);

/* One of the three, as the columns of a table ask for. */
typedef enum closo_motion_kind {
    CLOSO_MOTION_RATES, /* a rate in 1/s, or a time in s called T1 or relax, against temperature */
    CLOSO_MOTION_NARROWING, /* a column in Hz or kHz whose name holds width or fwhm */
    CLOSO_MOTION_EISF       /* a column whose name holds eisf, against Q in 1/ang or 1/nm */
} closo_motion_kind;

typedef struct closo_motion_options {
    double larmor_Hz; /* where no column in Hz or MHz has it */
    double radius_m;  /* of the hydrogen cage, for an EISF */
    double at_K;      /* 0: 298.15 K */
} closo_motion_options;

typedef struct closo_motion {
    closo_motion_kind kind;
    size_t count, left_out;  /* rows used; rows without a number */
    const double *x;         /* temperature_K, or q_per_m */
    const double *y, *sigma; /* rate_per_s, width_Hz or EISF; sigma NULL where there is none */
    const double *larmor_Hz; /* of rates */
    double radius_m;
    const char *column, *sigma_column; /* names of those of y and sigma (NULL: none) */
    closo_notes notes;                 /* columns that were not used */
    closo_relaxation_result rates;
    closo_narrowing narrowing;
    closo_eisf_result eisf;
} closo_motion;

/* FORMAT: the table has none of the three; RANGE: a frequency or radius is missing, and as the fits. */
CLOSO_API CLOSO_CHECK closo_status closo_motion_from_table(const closo_table *table,
                                                           const closo_motion_options *options,
                                                           closo_arena *arena, closo_motion *motion,
                                                           closo_error *error);

/* One JSON object in the arena; NULL when out of memory. */
CLOSO_API const char *closo_motion_json(const closo_motion *motion, closo_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
