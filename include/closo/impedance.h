/* SPDX-License-Identifier: BSD-3-Clause */
/* impedance.h: what an impedance spectrum says: spectra, circuits and their fit with honest errors.
 *
 * Axes and signs: frequency_Hz (not angular); impedance in ohm, the imaginary part Z'' signed as measured, so that
 * a capacitor has Z'' < 0. Plots show -Z''. SI throughout. */
#ifndef CLOSO_IMPEDANCE_H
#define CLOSO_IMPEDANCE_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the spectrum ---------------------------------------------------------------------------- */

/* One sweep of frequencies. The arrays have count entries, in falling frequency, all finite, no frequency twice. What
 * is not known of the measurement is NaN. */
typedef struct closo_spectrum {
    size_t count;
    const double *frequency_Hz, *real_ohm, *imaginary_ohm;
    const double
        *sigma_ohm;   /* standard deviation of each part at each frequency; NULL: not known */
    const char *name; /* "pellet.mpr", and "pellet.mpr, sweep 2" where a file holds several */
    size_t first_row, row_count; /* of the table it came from; 0, 0 when it came from none */
    double temperature_K, time_s, cycle, potential_V;
    double amplitude;            /* of the excitation: V or A, as mode says */
    double thickness_m, area_m2; /* of the pellet, where the file tells them */
    bool galvanostatic;          /* amplitude is a current */
    closo_notes notes;           /* what was left out, and what looks odd */
} closo_spectrum;

/* Which impedance of a three-electrode measurement, and which part of the sweep. */
typedef struct closo_spectra_options {
    const char *
        electrode; /* NULL or "WE": the working electrode, or the whole of a two-electrode cell; "CE": the
                              counter electrode; "WE-CE": both; else what stands behind the Z: "1" for Re(Z1) */
    double from_Hz, to_Hz; /* only these frequencies; 0: no limit */
    bool turn_imaginary;   /* the file's Z'' is -Z'': turn its sign */
} closo_spectra_options;

/* Splits a table into its sweeps: a new one begins with each segment, loop or cycle of the instrument, and where the
 * frequency jumps back or turns round. Takes Z' and Z'' (or -Z''), else the modulus and the phase. Rows without a
 * finite impedance or a positive frequency are left out, several at one frequency are averaged; both leave a note, as
 * does an imaginary part that is positive without an inductive reason. options may be NULL. The spectra are in the
 * arena. RANGE: no row holds an impedance. FORMAT: the table has no impedance (of that electrode); the message names
 * the columns it has. O(rows log rows). */
CLOSO_API CLOSO_CHECK closo_status closo_spectra_from_table(const closo_table *table,
                                                            const closo_spectra_options *options,
                                                            closo_arena *arena,
                                                            closo_spectrum **spectra, size_t *count,
                                                            closo_error *error);

/* A spectrum from arrays of any order, which are copied; cleaned and noted as above. name may be NULL. RANGE: no
 * usable point. */
CLOSO_API CLOSO_CHECK closo_status closo_spectrum_make(const closo_spectrum *raw,
                                                       closo_arena *arena, closo_spectrum *spectrum,
                                                       closo_error *error);

/* A temperature in the name of a file: "pellet_60degC.mpr", "LPSCl 25 C.z", "333K.csv"; the minus of "x_-20C" is a sign, that
 * of "x-20C" is not. False: there is none. The second takes it for all spectra without a temperature, with a note in each,
 * and returns how many. */
CLOSO_API bool closo_temperature_from_name(const char *name, double *temperature_K);
CLOSO_API size_t closo_spectra_take_name_temperatures(closo_spectrum *spectra, size_t count,
                                                      closo_arena *arena);

/* ---- elements and circuits ------------------------------------------------------------------- */

/* code, symbol in a circuit. Formulas, units and sources: closo_element_info(), docs/circuits.md. */
#define CLOSO_ELEMENT_LIST(X) \
    X(RESISTOR, "R")          \
    X(CAPACITOR, "C")         \
    X(INDUCTOR, "L")          \
    X(CPE, "CPE")             \
    X(WARBURG, "W")           \
    X(WARBURG_OPEN, "Wo")     \
    X(WARBURG_SHORT, "Ws")    \
    X(GERISCHER, "G")         \
    X(ZARC, "ZARC")           \
    X(HAVRILIAK_NEGAMI, "HN") \
    X(LINE, "TLM")            \
    X(LINE_REACTIVE, "TLMR")  \
    X(LINE_RAILS, "TLMD")     \
    X(LINE_RAILS_REACTIVE, "TLMDR")

typedef enum closo_circuit_element {
#define X(code, symbol) CLOSO_ELEMENT_##code,
    CLOSO_ELEMENT_LIST(X)
#undef X
        CLOSO_CIRCUIT_ELEMENT_COUNT
} closo_circuit_element;

enum { CLOSO_ELEMENT_PARAMETERS_MAX = 5 };

typedef struct closo_element_parameter {
    const char *name; /* "Q"; "" for the one of R, C, L */
    const char *unit; /* "ohm^-1 s^n" */
    bool exponent;    /* between 0 and 1, fitted as it is; else positive, fitted as its logarithm */
} closo_element_parameter;

typedef struct closo_element_description {
    const char *symbol, *name, *formula, *source;
    closo_element_parameter parameters[CLOSO_ELEMENT_PARAMETERS_MAX];
    size_t parameter_count;
} closo_element_description;

/* What an element is; a constant. NULL for a number that is none. */
CLOSO_API const closo_element_description *closo_element_info(closo_circuit_element element);

/* A parameter of a circuit: "R1", "CPE1_Q", "CPE1_n". SI units. */
typedef struct closo_circuit_parameter {
    const char *name, *unit;
    double value;        /* the start of the fit, or what it is held at; NaN: found from the data */
    double lower, upper; /* limits; 0 and infinity, or 0 and 1 for an exponent */
    bool exponent, fixed;
    size_t tied_to; /* value = tie_factor * that parameter's; SIZE_MAX: not tied */
    double tie_factor;
} closo_circuit_parameter;

enum { CLOSO_CIRCUIT_PARAMETERS_MAX = 64 };

typedef struct closo_circuit {
    closo_circuit_parameter *parameters;
    size_t parameter_count;
    struct closo_circuit_node *nodes; /* the tree, private */
    size_t node_count;
} closo_circuit;

/* Reads a circuit in any of the notations people use:
 *   R0-p(R1,CPE1)-p(R2,CPE2)     - or nothing: in series; p(..,..): in parallel
 *   R(RQ)(RQ), R(Q[RW])          Boukamp's code: elements in parentheses are in parallel, in brackets in series
 *   R0+(R1|Q1)                   + in series, | in parallel
 * Q is CPE; O is Ws and T is Wo, as Boukamp has them. Elements without a number get one: the first resistor of the
 * circuit is R0 when it stands in series with everything. Behind an element its parameters may be given in braces:
 *   CPE1{n=0.9}  held    CPE1{n~0.9}  start    R1{R=10..1e4}  limits    CPE2{n=CPE1_n}, R2{R=2*R1}  ties
 * (R, C and L have one parameter, called by the same letter there.) Parentheses may be 32 deep. The circuit is in the
 * arena. FORMAT: the message says at which position what is wrong. LIMIT: more than 64 parameters.
 * Boukamp, Solid State Ionics 20 (1986) 31, doi:10.1016/0167-2738(86)90031-7. */
CLOSO_API CLOSO_CHECK closo_status closo_circuit_parse(const char *text, closo_arena *arena,
                                                       closo_circuit *circuit, closo_error *error);

typedef enum closo_circuit_style {
    CLOSO_CIRCUIT_DASHES, /* "R0-p(R1,CPE1{n=0.9})": what closo_circuit_parse reads back the same */
    CLOSO_CIRCUIT_BOUKAMP /* "R(RQ)": the structure alone */
} closo_circuit_style;

/* The circuit as a text in the arena; NULL when out of memory. */
CLOSO_API const char *closo_circuit_text(const closo_circuit *circuit, closo_circuit_style style,
                                         closo_arena *arena);

/* The parameter of that name, or NULL; "Q1" and "n1" stand for CPE1_Q and CPE1_n. */
CLOSO_API closo_circuit_parameter *closo_circuit_find(const closo_circuit *circuit,
                                                      const char *name);

/* The impedance at count frequencies, of parameter_count values. RANGE: a value is out of its range. NOMEM. */
CLOSO_API CLOSO_CHECK closo_status closo_circuit_impedance(const closo_circuit *circuit,
                                                           const double *values,
                                                           const closo_spectrum *at,
                                                           double *real_ohm, double *imaginary_ohm,
                                                           closo_error *error);
/* ---- Kramers-Kronig ------------------------------------------------------------------------------
 * Is the spectrum that of one linear, causal system that stood still while it was measured? docs/kk.md. */

typedef enum closo_kk_form {
    CLOSO_KK_AUTO,      /* impedance; admittance where the real part is negative somewhere */
    CLOSO_KK_IMPEDANCE, /* Z = R + j omega L + 1/(j omega C) + sum R_k/(1 + j omega tau_k) */
    CLOSO_KK_ADMITTANCE /* Y = G + j omega C + 1/(j omega L) + sum j omega C_k/(1 + j omega tau_k) */
} closo_kk_form;

typedef enum closo_kk_verdict {
    CLOSO_KK_CONSISTENT,       /* nothing but noise is left */
    CLOSO_KK_WITHIN_TOLERANCE, /* something is left, but less than the tolerance */
    CLOSO_KK_INCONSISTENT
} closo_kk_verdict;

typedef struct closo_kk_options {
    closo_kk_form form;
    size_t terms; /* RC terms; 0: as many as the Bayesian information criterion asks for */
    double
        extension_decades; /* of the time constants beyond the frequencies, each side; 0: 0.5; < 0: none */
    double point_sigmas; /* a point farther off than this is no good; 0: 4 */
    double tolerance; /* systematic residuals below this fraction of |Z| are let pass; 0: 0.005 */
} closo_kk_options;

typedef struct closo_kk_result {
    closo_kk_form form; /* that was used */
    size_t terms;
    size_t count; /* points; the arrays below have as many, in the order of the spectrum */
    const double *frequency_Hz, *real_ohm, *imaginary_ohm; /* the model */
    const double *real_residual,
        *imaginary_residual; /* (measured - model) / |Z|, of Z or Y as form says */
    const double
        *deviation_sigmas; /* the larger of both residuals, in standard deviations of itself */
    const bool *good;      /* verdict of each frequency */
    size_t bad_count;
    size_t left_out;     /* lone outliers, which the model and the figures below do not contain */
    double residual_rms; /* fraction of |Z|, over both parts of the points that were not left out */
    double noise;        /* standard deviation of one part of one point, fraction of |Z| */
    double
        systematic; /* the largest rms residual of five neighbours, noise taken off; fraction of |Z| */
    double p_value; /* of the smallest of the four below, allowing for their number */
    double p_parts; /* F test: do both parts share one set of resistances? */
    double p_runs;  /* too few changes of sign along the residuals */
    double p_drift, p_nonlinear;
    closo_value drift; /* relative change of Z from start to end, if it changed evenly in time */
    closo_value
        nonlinearity;       /* largest relative change of Z, if the response is bent (docs/kk.md) */
    bool drifts, nonlinear; /* said when p and size are beyond doubt; at most one of them */
    double
        low_missing; /* fraction of the resistance from high to low frequency that lies below the lowest one */
    double
        high_missing; /* fraction of the real part at the highest frequency that decays above it */
    bool truncated_low, truncated_high; /* the spectrum ends amid an arc */
    closo_kk_verdict verdict;
    const char *sentence; /* the verdict in words */
    closo_notes warnings;
} closo_kk_result;

/* The linear Kramers-Kronig test with a model that contains inductance and series capacitance, so that pellets between
 * blocking electrodes pass it. Residuals are weighted by 1/|Z|. options may be NULL. RANGE: fewer than 8 points, less
 * than one decade of frequency, or no imaginary part at all. O(points^2 x terms): 0.3 ms for 65 points. */
CLOSO_API CLOSO_CHECK closo_status closo_kramers_kronig(const closo_spectrum *spectrum,
                                                        const closo_kk_options *options,
                                                        closo_arena *arena, closo_kk_result *result,
                                                        closo_error *error);

/* The spectrum without the points that the test found bad; arrays in the arena. NOMEM; RANGE: none is good. */
CLOSO_API CLOSO_CHECK closo_status closo_kk_mask(const closo_spectrum *spectrum,
                                                 const closo_kk_result *result, closo_arena *arena,
                                                 closo_spectrum *masked, closo_error *error);

/* "consistent", "within tolerance", "inconsistent"; a constant string. */
CLOSO_API const char *closo_kk_verdict_name(closo_kk_verdict verdict);

/* {verdict, sentence, form, terms, residual_rms_percent, noise_percent, p_value, ..., points[...], warnings[]}, in the
 * arena; NULL when out of memory. */
CLOSO_API const char *closo_kk_json(const closo_spectrum *spectrum, const closo_kk_result *result,
                                    closo_arena *arena);
/* frequency, measured, model, residuals in percent, verdict of each point. */
CLOSO_API CLOSO_CHECK closo_status closo_kk_write_csv(const closo_spectrum *spectrum,
                                                      const closo_kk_result *result,
                                                      const char *path, closo_arena *arena,
                                                      closo_error *error);

/* ---- fitting a circuit ----------------------------------------------------------------------- */

/* What the residuals (model - measured) are divided by. */
typedef enum closo_weight {
    CLOSO_WEIGHT_MODULUS, /* |Z|: both parts alike (Boukamp, J. Electrochem. Soc. 142 (1995) 1885) */
    CLOSO_WEIGHT_MEASURED,     /* sigma_ohm of the spectrum */
    CLOSO_WEIGHT_PROPORTIONAL, /* each part by its own size, at least 1 % of |Z| */
    CLOSO_WEIGHT_UNIT          /* 1 ohm: large impedances count alone */
} closo_weight;

typedef struct closo_circuit_fit_options {
    closo_weight weight;
    bool robust;         /* Huber's weights: outliers count less */
    const double *guess; /* parameter_count values to start from, NaN where unknown; or NULL */
    bool guess_only;     /* from the guess alone, no other start */
    size_t starts;       /* tries from the data; 0: by the number of parameters */
    uint64_t seed;       /* of the starts; the same seed gives the same fit */
    bool quick;          /* no profiles, no notes: for Monte Carlo and resampling */
    closo_value thickness_m,
        area_m2; /* of the pellet, for conductivities; value 0: the spectrum's */
} closo_circuit_fit_options;

/* low .. high holds 68.3 %: value -+ sigma, or where the sum of squares rises by one variance when all else is fitted
 * again (profile likelihood), taken where the two disagree. */
typedef struct closo_fitted_parameter {
    const char *name, *unit;
    double value, sigma, low, high;
    bool fixed, tied;
    bool at_limit; /* it ran into a limit: no sigma */
    bool profiled; /* low and high are the profile's */
} closo_fitted_parameter;

/* A resistance beside a capacitance: an arc of the Nyquist plot. All with the correlations of the parameters. */
typedef struct closo_arc {
    const char *name; /* that of its resistance parameter */
    closo_value resistance_ohm;
    closo_value
        capacitance_F; /* (R^(1-n) Q)^(1/n): Hsu and Mansfeld, Corrosion 57 (2001) 747, doi:10.5006/1.3280607 */
    closo_value time_constant_s;      /* (R Q)^(1/n) */
    closo_value frequency_Hz;         /* of its summit, 1/(2 pi time_constant) */
    closo_value conductivity_S_per_m; /* thickness/(area resistance); NaN without geometry */
    bool inside;                      /* the summit is among the measured frequencies */
} closo_arc;

typedef struct closo_circuit_fit {
    const closo_circuit *circuit;
    const closo_spectrum *spectrum;
    closo_fitted_parameter *parameters;
    size_t parameter_count, free_count;
    double *covariance;  /* parameter_count x parameter_count, of the values */
    double *correlation; /* the same, divided by the sigmas; 0 where there is none */
    closo_arc *arcs;     /* in the order of the circuit */
    size_t arc_count;
    closo_value
        total_resistance_ohm; /* at zero frequency; NaN when a capacitor blocks and nothing is beside it */
    closo_value
        total_conductivity_S_per_m; /* of the arcs and series resistors together; NaN without geometry */
    double chi2, chi2_reduced;      /* sum of squares; over 2 count - free_count */
    double residual_rms;            /* of the weighted residuals: relative for modulus weights */
    double autocorrelation;         /* of neighbouring residuals: near 0 when only noise is left */
    double aicc, bic;
    double *real_ohm, *imaginary_ohm;           /* the fit at the frequencies of the spectrum */
    double *residual_real, *residual_imaginary; /* weighted */
    size_t starts, agreeing; /* tries that were finished, and those that ended in this minimum */
    size_t evaluations;
    closo_notes notes;
} closo_circuit_fit;

/* Fits the circuit to the spectrum; no guess is needed. Arcs of the same kind in series are put in the order of their
 * time constants, the fastest first, so that names mean the same in every spectrum of a series. Sigmas come from the
 * scatter of the residuals. Circuit and spectrum are borrowed, the rest is in the arena. RANGE: fewer points than the
 * circuit needs, or a start outside the limits. NOCONVERGE: no start led to a minimum. */
CLOSO_API CLOSO_CHECK closo_status
closo_circuit_fit_spectrum(const closo_circuit *circuit, const closo_spectrum *spectrum,
                           const closo_circuit_fit_options *options, closo_arena *arena,
                           closo_circuit_fit **fit, closo_error *error);

/* The sum of the values of some parameters (indices into fit->parameters) with their correlations. */
CLOSO_API closo_value closo_circuit_fit_sum(const closo_circuit_fit *fit, const size_t *indices,
                                            size_t count);
/* ---- distribution of relaxation times ------------------------------------------------------------
 * Which processes, of which resistance and time constant, are in the spectrum? docs/drt.md. */

typedef enum closo_drt_criterion {
    CLOSO_DRT_MODIFIED_GCV, /* generalised cross-validation that counts parameters more than once: the usual one */
    CLOSO_DRT_GCV,
    CLOSO_DRT_ROBUST_GCV,
    CLOSO_DRT_CROSS_VALIDATION, /* between real and imaginary part */
    CLOSO_DRT_L_CURVE
} closo_drt_criterion;

/* What of the impedance is fitted. One part alone serves where the other is spoilt, and the other then tests it. */
typedef enum closo_drt_part { CLOSO_DRT_BOTH, CLOSO_DRT_REAL, CLOSO_DRT_IMAGINARY } closo_drt_part;

/* What the distribution is made of: hats (piecewise linear), or Gaussians as in Wan et al. 2015. */
typedef enum closo_drt_basis { CLOSO_DRT_HATS, CLOSO_DRT_GAUSSIANS } closo_drt_basis;

typedef struct closo_drt_options {
    closo_drt_criterion criterion;
    closo_drt_part part;
    closo_drt_basis basis;
    double fwhm_steps;        /* of the Gaussians, in steps of the time constants, 1 to 3; 0: 2 */
    double lambda;            /* by hand; 0: as the criterion says */
    size_t points_per_decade; /* of the time constants; 0: 10 */
    double extension_decades; /* beyond the frequencies, each side; 0: 1 */
    bool no_inductance, no_capacitance; /* leave them out of the model */
    bool no_arcs;                       /* fit no arcs: peaks are areas, without sigma; faster */
    size_t samples;                     /* draws of the posterior for credible intervals; 0: none */
    uint64_t seed;
} closo_drt_options;

/* One process. */
typedef struct closo_drt_peak {
    closo_value resistance_ohm, tau_s;
    closo_value
        exponent; /* of the arc R/(1 + (j omega tau)^n) that has this peak; NaN unless fitted */
    double capacitance_F; /* tau / R */
    double area_ohm;      /* of the distribution between its minima */
    double from_s, to_s;  /* the minima */
    bool
        outside; /* its time constant lies beyond the frequencies: a tail or an arc cut off, and no process */
    bool
        needless; /* arcs without it describe the data as well: ringing of the distribution, or too small to say */
    bool
        fitted; /* resistance and time constant are of arcs fitted to the data, else of the distribution */
} closo_drt_peak;

typedef struct closo_drt {
    size_t grid_count;
    const double *tau_s,
        *gamma_ohm; /* gamma(ln tau), so that its integral over ln tau is a resistance */
    const double *low_ohm, *high_ohm; /* 95 % credible interval of gamma; NULL without samples */
    double resistance_ohm, inductance_H,
        capacitance_F;       /* in series; capacitance infinite when there is none */
    double polarisation_ohm; /* area of all peaks within the frequencies */
    double arc_sum_ohm;      /* of the resistances of fitted peaks; NaN when shapes_hold is false */
    closo_drt_criterion criterion;
    closo_drt_part part;
    closo_drt_basis basis;
    double lambda, effective_parameters;
    size_t count;
    const double *frequency_Hz, *real_ohm,
        *imaginary_ohm;  /* of the model at the measured frequencies */
    double residual_rms; /* fraction of |Z|, over what was fitted */
    double
        other_residual_rms; /* over the part that was not, R or L and C fitted to it; NaN when both were */
    double noise;           /* the same, for the effective number of parameters */
    closo_drt_peak *peaks; /* by rising time constant */
    size_t peak_count;
    double shape_residual_rms; /* of the arcs fitted; NaN when they were not */
    bool shapes_hold;          /* the arcs describe the data as well as the distribution does */
    size_t sample_count;
    closo_notes warnings;
} closo_drt;

/* Non-negative Tikhonov regularisation of the second derivative over real and imaginary part (or one of them), weighted by
 * 1/|Z|, with inductance and series capacitance. options may be NULL. RANGE: as closo_kramers_kronig(), or an option out of
 * range; LIMIT: more than 400 grid points. O(points grid^2): 0.7 ms for 65 points over 8 decades; with samples
 * some 0.5 s a thousand. */
CLOSO_API CLOSO_CHECK closo_status closo_drt_make(const closo_spectrum *spectrum,
                                                  const closo_drt_options *options,
                                                  closo_arena *arena, closo_drt *drt,
                                                  closo_error *error);

/* "GCV", "modified GCV", ...; a constant string. And back from "gcv", "mgcv", "rgcv", "re-im", "l-curve"; false: none. */
CLOSO_API const char *closo_drt_criterion_name(closo_drt_criterion criterion);
CLOSO_API bool closo_drt_criterion_parse(const char *text, closo_drt_criterion *criterion);

/* "both", "real", "imaginary"; a constant string. And back; false: none. */
CLOSO_API const char *closo_drt_part_name(closo_drt_part part);
CLOSO_API bool closo_drt_part_parse(const char *text, closo_drt_part *part);

/* {resistance_ohm, polarisation_ohm, lambda, peaks[{resistance_ohm, tau_s, ...}], distribution{tau_s[], gamma_ohm[]},
 * warnings[]}, in the arena; NULL when out of memory. */
CLOSO_API const char *closo_drt_json(const closo_spectrum *spectrum, const closo_drt *drt,
                                     closo_arena *arena);
/* tau, gamma and its interval. */
CLOSO_API CLOSO_CHECK closo_status closo_drt_write_csv(const closo_drt *drt, const char *path,
                                                       closo_arena *arena, closo_error *error);

/* ---- choosing the circuit -------------------------------------------------------------------- */

typedef enum closo_candidate_verdict {
    CLOSO_CANDIDATE_SOUND,
    CLOSO_CANDIDATE_WEAK,      /* an uncertainty above 50 %, a correlation above 0.98 (0.999 for the
                                * Q and n of one element), an arc whose summit was not measured */
    CLOSO_CANDIDATE_CAPACITOR, /* the exponent of a CPE is 1; the same with a capacitor is tried */
    CLOSO_CANDIDATE_SURPLUS,   /* an element that does not show or runs into a limit */
    CLOSO_CANDIDATE_MISFIT,    /* the residual is above twice that of the best */
    CLOSO_CANDIDATE_FAILED,    /* there is no fit */
} closo_candidate_verdict;

typedef struct closo_circuit_candidate {
    const char *circuit;          /* "R0-p(R1,CPE1)" */
    const closo_circuit_fit *fit; /* NULL when the fit failed; reason then says why */
    double criterion;             /* BIC or AICc, less that of the lowest candidate */
    closo_candidate_verdict verdict;
    bool rejected;      /* not sound, and not chosen in spite of it */
    const char *reason; /* what speaks against it, in words; "" when sound */
} closo_circuit_candidate;

typedef struct closo_circuit_choice {
    closo_circuit_candidate *candidates; /* the lowest criterion first */
    size_t candidate_count;
    size_t chosen; /* the first sound one; without one, the simplest that fits, with a note */
    closo_notes notes;
} closo_circuit_choice;

typedef struct closo_circuit_choice_options {
    closo_circuit_fit_options fit; /* without a guess */
    size_t candidate_count;        /* of candidates */
    bool by_aicc;
} closo_circuit_choice_options;

/* Fits every candidate and ranks them by BIC (or AICc). Rejected is what does not fit: s (reduced chi2) above twice the
 * least of all (of modulus weights: of 0.25 %, an analyser's accuracy, where that is more). Among the others the lowest
 * criterion wins that is sound (closo_candidate_verdict); when none is, the simplest, and a note says what is weak. Where
 * the exponent of a CPE comes out as 1 the same circuit with a capacitor becomes a candidate. candidates NULL: those that solid electrolytes and cells
 * make, with an inductance where the fastest points ask for one. FORMAT: a candidate is no circuit. NOCONVERGE: none
 * could be fitted. Schwarz, Ann. Stat. 6 (1978) 461, doi:10.1214/aos/1176344136; Hurvich and Tsai, Biometrika 76 (1989)
 * 297, doi:10.1093/biomet/76.2.297. */
CLOSO_API CLOSO_CHECK closo_status closo_circuit_choose(const closo_spectrum *spectrum,
                                                        const char *const *candidates,
                                                        const closo_circuit_choice_options *options,
                                                        closo_arena *arena,
                                                        closo_circuit_choice **choice,
                                                        closo_error *error);

/* ---- series ---------------------------------------------------------------------------------- */

typedef struct closo_law_of closo_law_of;

/* Spectra in the order of what was changed between them. laws: for the global fit. */
typedef struct closo_circuit_series {
    const closo_spectrum *spectra;
    size_t spectrum_count;
    const closo_law_of *laws;
    size_t law_count;
} closo_circuit_series;

/* Fits one circuit to each of count spectra, each without a guess, and then again from what its neighbours came to, until
 * none gets better: a spectrum that alone ended in another minimum is led back. Give them in the order of temperature,
 * time, cycle or potential. fits[i] belongs to spectra[i]. */
CLOSO_API CLOSO_CHECK closo_status
closo_circuit_fit_series(const closo_circuit *circuit, const closo_circuit_series *series,
                         const closo_circuit_fit_options *options, closo_arena *arena,
                         closo_circuit_fit ***fits, closo_error *error);

/* How a parameter runs through the spectra of a global fit. */
typedef enum closo_law {
    CLOSO_LAW_SHARED, /* one value for all */
    CLOSO_LAW_ARRHENIUS, /* value = a T exp(E/(k_B T)): a resistance by hopping, sigma T = A exp(-E/(k_B T)) */
    CLOSO_LAW_SQRT_TIME /* value = a + b sqrt(t): an interphase that grows by diffusion */
} closo_law;

struct closo_law_of {
    const char *parameter; /* "R1" */
    closo_law law;
};

/* A law with what was found: SHARED: first is the value. ARRHENIUS: first is the value at reference_K, second E in eV.
 * SQRT_TIME: first is a, second is b, per square root of a second. */
typedef struct closo_law_fit {
    const char *parameter;
    closo_law law;
    closo_value first, second;
    double correlation, reference_K;
} closo_law_fit;

typedef struct closo_global_fit {
    closo_circuit_fit **fits; /* of each spectrum, with the sigmas of the whole */
    size_t spectrum_count;
    closo_law_fit *laws;
    size_t law_count;
    double chi2, chi2_reduced, bic;
    size_t free_count, residual_count;
    closo_notes notes;
} closo_global_fit;

/* Fits all spectra at once, parameters with a law having one set of values for all, the others one a spectrum. RANGE: a
 * temperature or time that a law needs is not known. FORMAT: no such parameter, or an exponent under a law that would
 * leave 0 .. 1. NOCONVERGE. O((sum of points) * parameters^2) an iteration. */
CLOSO_API CLOSO_CHECK closo_status
closo_circuit_fit_global(const closo_circuit *circuit, const closo_circuit_series *series,
                         const closo_circuit_fit_options *options, closo_arena *arena,
                         closo_global_fit **fit, closo_error *error);

/* ---- the whole analysis: what `closo eis` and a study's task `eis` do ------------------------- */

typedef struct closo_eis_options {
    const char *circuit; /* NULL: chosen, by the sum over all spectra */
    const char *laws;    /* "R1 arrhenius, CPE1_Q shared, R2 sqrt-time": a global fit; or NULL */
    closo_circuit_fit_options fit;
} closo_eis_options;

typedef struct closo_eis {
    const closo_spectrum *spectra;
    size_t spectrum_count;
    closo_circuit *circuit;
    closo_circuit_fit **fits;       /* one a spectrum; those of the global fit when there is one */
    closo_circuit_choice **choices; /* one a spectrum; NULL when the circuit was given */
    closo_kk_result *kk;            /* one a spectrum; count 0 where the test could not be made */
    closo_global_fit *global;       /* or NULL */
    closo_notes notes;
} closo_eis;

/* Chooses or takes the circuit, fits all spectra as a series (and globally when laws are given), tests each for
 * Kramers-Kronig. Spectra are borrowed. Errors as of the functions above; FORMAT also for a law that is none. */
CLOSO_API CLOSO_CHECK closo_status closo_eis_analyse(const closo_spectrum *spectra, size_t count,
                                                     const closo_eis_options *options,
                                                     closo_arena *arena, closo_eis **eis,
                                                     closo_error *error);
/* As one JSON object: spectra[{spectrum, circuit, parameters[], chi2, residual_rms, kk{}, arcs[], derived{}, candidates[],
 * warnings[]}], global{}. NULL when out of memory. */
CLOSO_API const char *closo_eis_json(const closo_eis *eis, closo_arena *arena);
/* Each point: spectrum, frequency, measured, fitted, residuals. */
CLOSO_API CLOSO_CHECK closo_status closo_eis_write_csv(const closo_eis *eis, const char *path,
                                                       closo_arena *arena, closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
