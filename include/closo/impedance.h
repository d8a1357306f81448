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

#ifdef __cplusplus
}
#endif
#endif
