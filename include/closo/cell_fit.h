/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_fit.h: any numbers of a virtual cell fitted to any mixture of cycling, voltammetry and impedance.
 *
 * A number of a description or of one of its materials has a path: "Na3(VOPO4)2F.diffusivity", "Na.resistance",
 * "[CB11H12]-.onset", "working_electrode.parts.active.usable". Data are played to the cell again: what the instrument
 * controlled (current, potential, a sweep) is prescribed as it was measured, what it answered is compared. docs/fit.md. */
#ifndef CLOSO_CELL_FIT_H
#define CLOSO_CELL_FIT_H

#include "closo/base.h"
#include "closo/cell.h"
#include "closo/impedance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a description whose numbers can be changed ---------------------------------------------------------------------- */

/* A description with its materials, read once, made into cells many times. Not for several threads at once. */
typedef struct closo_cell_description closo_cell_description;

/* Reads a description as closo_cell_load() does and checks that it makes a cell. Errors as there. The bytes are copied. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_description_load(const char *path, closo_arena *arena,
                                                               closo_cell_description **description,
                                                               closo_error *error);
/* The same from memory; name stands in messages. */
CLOSO_API CLOSO_CHECK closo_status
closo_cell_description_parse(const char *name, const void *bytes, size_t size, closo_arena *arena,
                             closo_cell_description **description, closo_error *error);

/* Something that can be varied. Numbers in SI. */
typedef struct closo_fit_parameter {
    const char *path;  /* in full */
    const char *unit;  /* as the description has it; "" for a pure number */
    closo_unit in;     /* that unit */
    double start;      /* what the description says, or the words said */
    double low, high;  /* bounds */
    bool logarithmic;  /* varied by its logarithm */
    bool bounds_given; /* else they are a guess by its kind */
} closo_fit_parameter;

/* Reads "PATH", "PATH LOW to HIGH UNIT", "PATH from START UNIT, LOW to HIGH UNIT", each with "linear" or "logarithmic"
 * behind. The path may be shortened to its end where that is still one number only ("usable"). Without bounds: a factor of
 * 100 either way for what is positive and has a dimension, 0.3 V for potentials, half to double for pure numbers, as far as
 * the cell accepts them. ARGUMENT: the sentence names the nearest right path, or the bound and what the cell says to it. */
CLOSO_API CLOSO_CHECK closo_status closo_fit_parameter_parse(closo_cell_description *description,
                                                             const char *words, closo_arena *arena,
                                                             closo_fit_parameter *parameter,
                                                             closo_error *error);

/* The parameters of the key 'fit' of the description; count 0 where it has none. Errors as above. */
CLOSO_API CLOSO_CHECK closo_status closo_fit_parameters_of(closo_cell_description *description,
                                                           closo_arena *arena,
                                                           closo_fit_parameter **parameters,
                                                           size_t *count, closo_error *error);

/* All paths that have a number, with their words ("1.17e-15 m2/s"), in the order of the description. NOMEM. */
typedef struct closo_cell_number {
    const char *path, *words;
} closo_cell_number;
CLOSO_API CLOSO_CHECK closo_status
closo_cell_description_numbers(const closo_cell_description *description, closo_arena *arena,
                               closo_cell_number **numbers, size_t *count, closo_error *error);

/* The cell with other numbers: values[i], in SI, in the place of parameters[i]. Errors as closo_cell_load(). */
CLOSO_API CLOSO_CHECK closo_status closo_cell_description_build(
    closo_cell_description *description, const closo_fit_parameter *parameters,
    const double *values, size_t count, closo_arena *arena, closo_cell_file **file,
    closo_error *error);

/* ---- data ------------------------------------------------------------------------------------------------------------ */

/* What is compared. */
typedef enum closo_fit_quantity {
    CLOSO_FIT_POTENTIAL, /* where the current was controlled, V */
    CLOSO_FIT_CURRENT,   /* where the potential was held or swept, A */
    CLOSO_FIT_IMPEDANCE, /* real and imaginary part, over |Z| */
    CLOSO_FIT_CAPACITY   /* charge of each half cycle, C; of a protocol that ends at potentials */
} closo_fit_quantity;

/* "potential", "current", "impedance", "capacity"; a constant string. */
CLOSO_API const char *closo_fit_quantity_name(closo_fit_quantity quantity);

typedef enum closo_fit_control {
    CLOSO_FIT_REPLAY, /* what was controlled is prescribed as it was measured */
    CLOSO_FIT_PROTOCOL /* the steps of the description; capacities of half cycles are compared, in their order */
} closo_fit_control;

/* State of the cell that spectra without a test beside them belong to. */
typedef enum closo_fit_moment {
    CLOSO_FIT_AT_TIME, /* the time of the spectrum, in the test that was added before it */
    CLOSO_FIT_AT_START,
    CLOSO_FIT_AT_END
} closo_fit_moment;

typedef struct closo_fit_data_options {
    closo_fit_control control;
    closo_fit_moment moment;
    double potential_sigma_V, current_sigma_A, impedance_sigma,
        capacity_sigma;    /* noise that is known:
                                        impedance relative to |Z|, capacity to the capacity; 0: found from the fit */
    double from_s, to_s;   /* of a test: only what is in this window is compared; 0, 0: all */
    size_t points_most;    /* of each test, thinned evenly in each step; 0: 600 */
    double from_Hz, to_Hz; /* of spectra; 0: no limit */
} closo_fit_data_options;

typedef struct closo_fit_data closo_fit_data;

CLOSO_API closo_fit_data *closo_fit_data_new(closo_arena *arena); /* NULL: no memory */

/* Adds what a file holds: a test (time, potential, current) or spectra. Steps of a test are found as closo_cycling and
 * closo_voltammogram find them. Spectra belong to the test added last, when their times lie within it, else to the cell at
 * its start, filled as its potential says. options may be NULL. The table must live as long as the data. FORMAT, RANGE: as
 * the readers; RANGE: neither current nor potential nor scan rate was controlled. */
CLOSO_API CLOSO_CHECK closo_status closo_fit_data_add(closo_fit_data *data, const char *name,
                                                      const closo_table *table,
                                                      const closo_fit_data_options *options,
                                                      closo_error *error);

/* ---- the fit --------------------------------------------------------------------------------------------------------- */

typedef struct closo_cell_fit_options {
    size_t starts;             /* 0: 4; 1: from the description's numbers alone */
    uint64_t seed;             /* of the other starts */
    size_t threads;            /* 0: 1 */
    size_t max_iterations;     /* of each start; 0: 40 */
    double relative_tolerance; /* of the integration; 0: 1e-6 */
    bool no_fit;               /* compare and give the sensitivities at the start values only */
} closo_cell_fit_options;

/* Share of a sigma above which the error of the integration is told beside it. */
#define CLOSO_FIT_INTEGRATION_SEEN 0.3

typedef struct closo_fit_result_parameter {
    closo_fit_parameter parameter;
    closo_value value; /* SI; sigma NaN at a bound or where nothing determines it */
    double
        integration; /* how far the error of the integration moves the value, SI; sigma has it in it */
    double relative_sigma; /* of a logarithmic one: sigma of ln(value) */
    bool at_low, at_high;
    bool told; /* false: its sigma is more than a third of its range: the data do not tell it */
} closo_fit_result_parameter;

/* One quantity of one file. Arrays of count; impedance has real and imaginary part, one after the other. */
typedef struct closo_fit_set {
    const char *name;
    closo_fit_quantity quantity;
    size_t count;
    const double *at;               /* time in s, or frequency in Hz, or number of the half cycle */
    const double *potential_V;      /* of a current: the potential prescribed there; NULL else */
    const size_t *spectrum;         /* of impedance: which of the file's; NULL else */
    const double *measured, *model; /* V, A, ohm, C */
    const double *sigma;            /* what the residuals were divided by, same unit */
    double noise;                   /* V, A, relative, relative: what sigma came from */
    bool noise_given;
    double rms;             /* of model - measured; relative for impedance and capacity */
    double chi2_reduced;    /* sum of squares over count */
    double autocorrelation; /* of neighbouring residuals */
    const double *
        shift; /* for each parameter: rms change of the model for one sigma of it, in the unit of rms */
    const double *
        chi2_change; /* for each parameter: rise of this set's sum of squares for one sigma, others held */
} closo_fit_set;

/* Potential against charge of a half cycle whose capacity was fitted (--control steps): shown, not fitted. */
typedef struct closo_fit_profile {
    size_t set;        /* of its capacity */
    size_t half_cycle; /* from 1 */
    size_t measured_count, model_count;
    const double *measured_C, *measured_V, *model_C, *model_V;
    double
        rms_V; /* of model - measured at the same charge, as far as both have it; NaN: they have none */
} closo_fit_profile;

/* A combination of parameters that the data tell badly. */
typedef struct closo_fit_direction {
    double singular_value; /* of the Jacobian, parameters scaled to their ranges */
    const double *parts;   /* unit vector, in ranges */
    const char *sentence;
} closo_fit_direction;

typedef struct closo_fit_start {
    const double *from, *to; /* SI */
    double sum_of_squares;   /* NaN: it failed */
    bool agrees;             /* with the best */
} closo_fit_start;

typedef struct closo_cell_fit {
    const char *description;
    closo_fit_result_parameter *parameters;
    size_t parameter_count;
    const double *correlation; /* count x count; NaN in rows of parameters without sigma */
    closo_fit_set *sets;
    size_t set_count;
    closo_fit_profile *profiles; /* of some half cycles of each set of capacities */
    size_t profile_count;
    double sum_of_squares, chi2_reduced;
    size_t residual_count;
    double
        sigma_factor; /* root of the factor by which misfit and resembling neighbours enlarged the variances, mean */
    const double *singular_values; /* falling */
    double condition;              /* largest over smallest */
    closo_fit_direction *weak;
    size_t weak_count;
    closo_fit_start *starts;
    size_t start_count, agreeing;
    size_t simulations, iterations;
    bool converged, complete; /* complete: not stopped */
    closo_notes notes;
} closo_cell_fit;

/* Levenberg and Marquardt's method within bounds from several starts (the description's numbers, and the best of a Latin
 * hypercube: McKay, Beckman, Conover, Technometrics 21 (1979) 239, doi:10.1080/00401706.1979.10489755), derivatives by
 * differences of the simulation, in parallel. Where no noise is given that of each set is what the fit leaves (maximum
 * likelihood), so that mixtures are balanced. Sigma: (J'J)^-1 J'CJ (J'J)^-1, C the variances of the sets, enlarged by
 * their reduced chi2 where noise was given and missed, and by (1 + r)/(1 - r) where neighbours resemble each other
 * (r > 2 / sqrt(count)). RANGE: no data, more parameters than data, the same parameter twice, or the cell cannot be
 * simulated with the start values. NOCONVERGE: no start came to a minimum; *fit holds the best point. CANCELLED: *fit
 * holds the best so far or NULL. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_fit_run(
    const closo_cell_description *description, const closo_fit_parameter *parameters, size_t count,
    const closo_fit_data *data, const closo_cell_fit_options *options,
    const closo_progress *progress, closo_arena *arena, closo_cell_fit **fit, closo_error *error);

/* One JSON object; values in the units of the description. NULL when out of memory. */
CLOSO_API const char *closo_cell_fit_json(const closo_cell_fit *fit, closo_arena *arena);
/* Every point: set, quantity, time or frequency, measured, model, sigma. */
CLOSO_API CLOSO_CHECK closo_status closo_cell_fit_write_csv(const closo_cell_fit *fit,
                                                            const char *path, closo_arena *arena,
                                                            closo_error *error);
/* The description with the fitted numbers in their places, comments kept; each says to what it was fitted. A material that
 * was built in is copied into the file. */
CLOSO_API CLOSO_CHECK closo_status
closo_cell_fit_write_yaml(const closo_cell_description *description, const closo_cell_fit *fit,
                          const char *path, closo_arena *arena, closo_error *error);

#ifdef __cplusplus
}
#endif
#endif
