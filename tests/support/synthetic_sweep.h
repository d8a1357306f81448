/* SPDX-License-Identifier: BSD-3-Clause */
/* synthetic_sweep.h: anodic sweeps with a known corner, and curves that have none. The truth is where the asymptotes of the
 * rounded corner meet. Everything follows from a seed. */
#ifndef CLOSO_SYNTHETIC_SWEEP_H
#define CLOSO_SYNTHETIC_SWEEP_H

#include "closo/voltammetry.h"

typedef enum synthetic_end {
    SYNTHETIC_END_RISING, /* the current rises to the end of the sweep */
    SYNTHETIC_END_PEAK,   /* the rise stops and falls slowly back */
    SYNTHETIC_END_STEP    /* a second, steeper rise */
} synthetic_end;

typedef enum synthetic_digits {
    SYNTHETIC_EXACT,
    SYNTHETIC_FLOAT,
    SYNTHETIC_TENTH_mV
} synthetic_digits;

/* How a sweep looks. Heights are shares of full_A, the faradaic current where the rise ends. */
typedef struct synthetic_recipe {
    uint64_t noise_seed;
    size_t point_count;
    double start_V, span_V;
    double rate_V_per_s;
    double corner_share; /* of the span: where the corner is */
    double rise_share;   /* of the span: how long the rise is before a peak or a second step */
    double full_A;
    double offset, slope_per_V; /* background */
    double width_V;             /* 10 % to 90 % of the change of slope; 0: a sharp corner */
    double signal_to_noise;     /* full_A / rms of a point; 0: no noise */
    double correlation;         /* of neighbouring points (autoregressive) */
    double drift_sigmas, drift_periods, drift_phase; /* a sine, in rms of a point */
    double spike_share;                              /* of the points, 10 to 100 rms high */
    double charging, charging_share; /* a decaying start: height and decay length, of the span */
    double second_steepness;         /* SYNTHETIC_END_STEP: of the first */
    synthetic_end end;
    synthetic_digits digits; /* of the potential */
} synthetic_recipe;

/* A recipe drawn at random: 200 to 200,000 points, every feature now and then. */
synthetic_recipe synthetic_recipe_draw(uint64_t seed, double signal_to_noise);

typedef struct synthetic_sweep {
    size_t count;
    double *time_s, *potential_V, *current_A;
    double corner_V;   /* the truth */
    double rise_end_V; /* where the rise ends: second corner, peak, or end of the sweep */
    double noise_A;    /* rms of a point */
    double rise_S;     /* slope that the corner adds */
} synthetic_sweep;

/* NULL members when out of memory. */
synthetic_sweep synthetic_sweep_make(const synthetic_recipe *recipe, closo_arena *arena);

/* Named curves from 1.5 to 4.5 V. */
typedef enum synthetic_curve {
    SYNTHETIC_BACKGROUND,
    SYNTHETIC_BACKGROUND_CHARGING,
    SYNTHETIC_BACKGROUND_DRIFT,
    SYNTHETIC_NOISE,
    SYNTHETIC_NOISE_CORRELATED,
    SYNTHETIC_DECREASING,
    SYNTHETIC_LINE,
    SYNTHETIC_PARABOLA,
    SYNTHETIC_TAFEL,          /* exponential in series with a resistance: no truth is defined */
    SYNTHETIC_TWO_CLOSE,      /* 3.02 and 3.22 V */
    SYNTHETIC_TWO_CLOSE_PEAK, /* the same, levelling off between */
    SYNTHETIC_TWO_FAR,        /* 2.93 V, small and levelling off, and 4.07 V */
    SYNTHETIC_TWO_FAR_RAMP,   /* the same without levelling off */
    SYNTHETIC_CURVE_COUNT
} synthetic_curve;

const char *synthetic_curve_name(synthetic_curve curve);
synthetic_sweep synthetic_curve_make(synthetic_curve curve, size_t point_count, uint64_t seed,
                                     closo_arena *arena);

/* A voltammogram of one sweep; direction -1 mirrors it into a cathodic one. The arrays are used where they are when
 * direction is 1. */
closo_voltammogram *synthetic_voltammogram(const synthetic_sweep *sweep, int direction,
                                           closo_arena *arena);

#endif
