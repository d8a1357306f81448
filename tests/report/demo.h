/* SPDX-License-Identifier: BSD-3-Clause */
/* demo.h: figures of all kinds, from seeded numbers, for the tests to look at. */
#ifndef CLOSO_TEST_REPORT_DEMO_H
#define CLOSO_TEST_REPORT_DEMO_H

#include "closo/report.h"

#include <math.h>
#include <stdint.h>

#define DEMO_PI 3.141592653589793

/* splitmix64 (public domain, S. Vigna), so that the tests stand on nothing they test. */
static inline uint64_t demo_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline double demo_uniform(uint64_t *state)
{
    return (double)(demo_random(state) >> 11) * 0x1p-53;
}

static inline double demo_normal(uint64_t *state)
{
    return sqrt(-2 * log(1 - demo_uniform(state))) * cos(2 * DEMO_PI * demo_uniform(state));
}

enum { DEMO_POINTS = 3000, DEMO_CURVES = 8, DEMO_GUIDES = 5 };

typedef struct demo {
    const char *name;
    closo_figure figure;
    closo_curve curves[DEMO_CURVES];
    closo_guide guides[DEMO_GUIDES];
    double *x[DEMO_CURVES], *y[DEMO_CURVES], *sigma;
} demo;

/* Arrays for each curve; false when out of memory. */
static inline bool demo_start(demo *made, const char *name, size_t points, closo_arena *arena)
{
    *made = (demo){.name = name};
    for (int i = 0; i < DEMO_CURVES; i++) {
        made->x[i] = closo_arena_alloc(arena, points, sizeof(double));
        made->y[i] = closo_arena_alloc(arena, points, sizeof(double));
        if (made->x[i] == NULL || made->y[i] == NULL)
            return false;
        made->curves[i] = (closo_curve){.x = made->x[i], .y = made->y[i], .colour = i};
    }
    made->sigma = closo_arena_alloc(arena, points, sizeof(double));
    made->figure.curves = made->curves;
    made->figure.guides = made->guides;
    return made->sigma != NULL;
}

static inline void demo_line(demo *made, int curve, double from, double to, double intercept,
                             double slope)
{
    for (int i = 0; i < 2; i++) {
        made->x[curve][i] = i == 0 ? from : to;
        made->y[curve][i] = intercept + slope * made->x[curve][i];
    }
    made->curves[curve].count = 2;
    made->curves[curve].mark = CLOSO_MARK_DASHED;
}

static inline void demo_voltammogram(demo *made)
{
    uint64_t state = 1;
    for (int i = 0; i < DEMO_POINTS; i++) {
        const double potential = 1.0 + 3.0 * i / DEMO_POINTS;
        const double rise = 0.06 * log1p(exp((potential - 2.88) / 0.06));
        made->x[0][i] = potential;
        made->y[0][i] = 0.12 + 0.09 * potential + 2.9 * rise + 0.012 * demo_normal(&state);
    }
    made->curves[0].count = DEMO_POINTS;
    made->curves[0].label = "Na_{2}B_{12}H_{12}–carbon, 100 µV s^{−1}";
    demo_line(made, 1, 1.3, 3.3, 0.12, 0.09);
    made->curves[1].label = "background";
    demo_line(made, 2, 2.75, 3.9, 0.12 - 2.9 * 2.88, 2.99);
    made->curves[2].label = "rise";
    made->x[3][0] = 2.88;
    made->y[3][0] = 0.12 + 0.09 * 2.88;
    made->curves[3] = (closo_curve){
        .x = made->x[3], .y = made->y[3], .count = 1, .colour = 1, .mark = CLOSO_MARK_POINTS};
    made->guides[0] = (closo_guide){CLOSO_GUIDE_X_BAND, 1.6, 2.6, "fit window", -1};
    made->guides[1] = (closo_guide){CLOSO_GUIDE_X_BAND, 3.1, 3.7, "fit window", 2};
    made->guides[2] = (closo_guide){CLOSO_GUIDE_X_LINE, 2.88, 2.88, "onset 2.880 ± 0.012 V", 1};
    made->figure.curve_count = 4;
    made->figure.guide_count = 3;
    made->figure.x.label = "Potential vs Na^{+}/Na (V)";
    made->figure.y.label = "Current (µA)";
}

static inline void demo_nyquist(demo *made)
{
    uint64_t state = 2;
    const int count = 60;
    for (int i = 0; i < count; i++) {
        const double omega = 2 * DEMO_PI * pow(10, 6 - 7.0 * i / count);
        const double tau = omega * 2.2e-5, slow = omega * 1.1e-2;
        made->x[0][i] = 40 + 85 / (1 + tau * tau) + 60 / (1 + slow * slow) + 3 / sqrt(omega) +
                        0.7 * demo_normal(&state);
        made->y[0][i] = 85 * tau / (1 + tau * tau) + 60 * slow / (1 + slow * slow) +
                        3 / sqrt(omega) + 50 / omega + 0.7 * demo_normal(&state);
        made->x[1][i] = made->x[0][i];
        made->y[1][i] = made->y[0][i] + 0.3;
    }
    made->curves[0].count = made->curves[1].count = (size_t)count;
    made->curves[0].mark = CLOSO_MARK_POINTS;
    made->curves[0].label = "measured, 60 °C";
    made->curves[1].label = "R_{b} + (R_{1}Q_{1}) + (R_{2}Q_{2}) + Q_{e}";
    made->figure.curve_count = 2;
    made->figure.equal_aspect = true;
    made->figure.x.label = "Z′ (Ω cm^{2})";
    made->figure.y.label = "−Z″ (Ω cm^{2})";
}

static inline void demo_bode(demo *made)
{
    const int count = 71;
    for (int i = 0; i < count; i++) {
        const double frequency = pow(10, -1 + 7.0 * i / (count - 1));
        const double tau = 2 * DEMO_PI * frequency * 3e-4;
        made->x[0][i] = made->x[1][i] = frequency;
        made->y[0][i] = 30 + 20000 / sqrt(1 + tau * tau);
        made->y[1][i] = 180 / DEMO_PI * atan(tau) * exp(-frequency / 3e5);
    }
    for (int i = 0; i < 2; i++)
        made->curves[i].count = (size_t)count;
    made->curves[0].label = "|Z|";
    made->curves[1].label = "−phase";
    made->curves[0].mark = CLOSO_MARK_LINE_POINTS;
    made->curves[1].mark = CLOSO_MARK_LINE_POINTS;
    made->curves[1].right_axis = true;
    made->figure.curve_count = 2;
    made->figure.title = "Bode plot of a pellet between steel electrodes";
    made->figure.x = (closo_axis){.label = "Frequency (Hz)", .logarithmic = true};
    made->figure.y = (closo_axis){.label = "|Z| (Ω)", .logarithmic = true};
    made->figure.y_right = (closo_axis){.label = "−Phase (°)"};
}

static inline void demo_bars(demo *made)
{
    static const char *const names[] = {"this method", "first departure", "cut-off 10 µA cm^{−2}",
                                        "steepest tangent", "Tafel"};
    static const double values[] = {2.88, 2.71, 2.94, 3.02, 2.66},
                        other[] = {2.91, 2.8, 3, 3.1, 2.7};
    for (int i = 0; i < 5; i++) {
        made->x[0][i] = made->x[1][i] = i;
        made->y[0][i] = values[i];
        made->y[1][i] = other[i];
        made->sigma[i] = 0.02 + 0.03 * i;
    }
    for (int i = 0; i < 2; i++) {
        made->curves[i].count = 5;
        made->curves[i].mark = CLOSO_MARK_BARS;
    }
    made->curves[0].y_sigma = made->sigma;
    made->curves[0].label = "first cycle";
    made->curves[1].label = "second cycle";
    made->figure.curve_count = 2;
    made->figure.x = (closo_axis){.categories = names, .category_count = 5};
    made->figure.y = (closo_axis){.label = "Onset vs Na^{+}/Na (V)"};
}

static inline void demo_arrhenius(demo *made)
{
    uint64_t state = 3;
    for (int c = 0; c < 4; c++) {
        for (int i = 0; i < 12; i++) {
            made->x[c][i] = 2.4 + 0.1 * i + 0.02 * c;
            made->y[c][i] = pow(10, -1.2 - 0.5 * c - (1.3 + 0.2 * c) * (made->x[c][i] - 2.4) +
                                        0.02 * demo_normal(&state));
            made->sigma[i] = made->y[0][i] * 0.15;
        }
        made->curves[c].count = 12;
        made->curves[c].mark = CLOSO_MARK_POINTS;
    }
    made->curves[0].y_sigma = made->sigma;
    made->curves[0].label = "Na_{4}(CB_{11}H_{12})_{2}(B_{12}H_{12})";
    made->curves[1].label = "Na_{2}B_{12}H_{12}";
    made->curves[2].label = "NaCB_{11}H_{12}";
    made->curves[3].label = "Li(CB_{9}H_{10})_{0.7}(CB_{11}H_{12})_{0.3}";
    made->figure.curve_count = 4;
    made->figure.x.label = "1000 / T (K^{−1})";
    made->figure.y = (closo_axis){.label = "Conductivity (S cm^{−1})", .logarithmic = true};
}

static inline void demo_cycles(demo *made)
{
    for (int c = 0; c < 7; c++) {
        for (int i = 0; i < 300; i++) {
            made->x[c][i] = i * (1 - 0.04 * c) / 3.0;
            made->y[c][i] = 3.4 - 0.3 * pow(i / 300.0, 6) - 0.0005 * i - 0.05 * c;
        }
        made->curves[c].count = 300;
        made->curves[c].mark = c % 2 == 0 ? CLOSO_MARK_LINE : CLOSO_MARK_DASHED;
    }
    made->curves[0].label = "C/20";
    made->curves[1].label = "C/10";
    made->curves[2].label = "C/5";
    made->curves[3].label = "C/2";
    made->curves[4].label = "1C";
    made->curves[5].label = "2C";
    made->curves[6].label = "5C";
    made->figure.curve_count = 7;
    made->figure.legend = CLOSO_LEGEND_BELOW;
    made->figure.x.label = "Specific capacity (mAh g^{−1})";
    made->figure.y.label = "Cell voltage (V)";
    made->guides[0] = (closo_guide){CLOSO_GUIDE_Y_LINE, 2.8, 2.8, "lower limit", -1};
    made->guides[1] = (closo_guide){CLOSO_GUIDE_Y_BAND, 3.3, 3.38, "plateau", 4};
    made->figure.guide_count = 2;
}

static inline void demo_tiny(demo *made)
{
    for (int i = 0; i < 40; i++) {
        made->x[0][i] = 1700000000.0 + 0.25 * i;
        made->y[0][i] = -1e-12 * pow(10, 3.0 * i / 39);
    }
    made->curves[0].count = 40;
    made->curves[0].mark = CLOSO_MARK_LINE_POINTS;
    made->curves[0].label = "leakage";
    made->figure.curve_count = 1;
    made->figure.x.label = "Unix time (s)";
    made->figure.y.label = "Current (A)";
}

static inline void demo_log_tiny(demo *made)
{
    demo_tiny(made);
    for (int i = 0; i < 40; i++)
        made->y[0][i] = i % 9 == 3 ? -1 : -made->y[0][i];
    made->figure.y.logarithmic = true;
}

static inline void demo_odd(demo *made, int kind)
{
    made->curves[0].label = "curve";
    made->figure.curve_count = 1;
    made->figure.width_px = 360;
    made->figure.height_px = 260;
    made->figure.x.label = "x (1)";
    made->figure.y.label = "y (1)";
    for (int i = 0; i < 50; i++) {
        made->x[0][i] = i;
        made->y[0][i] = kind == 0   ? (double)NAN
                        : kind == 1 ? 3.7
                        : kind == 2 ? 1e300 * i
                                    : 1 + 1e-9 * i;
    }
    made->curves[0].count = kind == 4 ? 1 : kind == 5 ? 0 : 50;
}

static inline void demo_words(demo *made)
{
    for (int i = 0; i < 30; i++) {
        made->x[0][i] = made->x[1][i] = i;
        made->y[0][i] = 100000.0 * i * i;
        made->y[1][i] = 9e7 - 100000.0 * i * i;
    }
    made->curves[0].count = made->curves[1].count = 30;
    made->curves[0].mark = CLOSO_MARK_LINE_POINTS;
    made->curves[0].label = "<img src=x onerror=alert(1)> & \"Ünïcödé\" 'quotes' — ナトリウム Ж Δ";
    made->curves[1].label =
        "a label that is so long that it can never stand inside the plot beside "
        "anything else and has to be cut off somewhere near its far end";
    made->figure.curve_count = 2;
    made->figure.title =
        "A title that goes on and on and on, about Na_{4}(CB_{11}H_{12})_{2}(B_{12}"
        "H_{12}) and everything else that was ever measured in the laboratory";
    made->figure.x.label = "温度 (°C) \xff broken _{ unclosed";
    made->figure.y.label =
        "An axis label that is much longer than the axis that it is the label of";
    made->guides[0] = (closo_guide){CLOSO_GUIDE_X_LINE, 10, 10, "first", 1};
    made->guides[1] = (closo_guide){CLOSO_GUIDE_X_LINE, 10.4, 10.4, "second, close by", 2};
    made->guides[2] = (closo_guide){CLOSO_GUIDE_X_LINE, 10.8, 10.8, "third, closer", 3};
    made->guides[3] = (closo_guide){CLOSO_GUIDE_X_LINE, 29, 29, "at the end", 0};
    made->figure.guide_count = 4;
}

/* Long curves: noise, and many cycles that no column can hold. */
static inline void demo_noise(demo *made, size_t count)
{
    uint64_t state = 4;
    double *x = made->x[0], *y = made->y[0];
    for (size_t i = 0; i < count; i++) {
        x[i] = (double)i * 1e-3;
        y[i] = sin((double)i * 12 / (double)count) + 0.15 * demo_normal(&state);
    }
    y[count / 3] = 3.5;
    y[count / 2] = -2.5;
    made->curves[0].count = count;
    made->curves[0].width_px = 0.8;
    made->curves[0].label = "noise";
    made->figure.curve_count = 1;
    made->figure.x.label = "Time (s)";
    made->figure.y.label = "Potential (V)";
}

static inline void demo_loops(demo *made, size_t count)
{
    double *x = made->x[0], *y = made->y[0];
    for (size_t i = 0; i < count; i++) {
        const double turn = (double)i * 2 * DEMO_PI / 2000;
        x[i] = cos(turn);
        y[i] = sin(turn) * (1 + 0.1 * (double)i / (double)count) + 0.8 * cos(turn);
    }
    made->curves[0].count = count;
    made->curves[0].label = "500 cycles";
    made->figure.curve_count = 1;
    made->figure.x.label = "Potential (V)";
    made->figure.y.label = "Current (mA)";
}

enum { DEMO_COUNT = 18 };

/* Demo number `which`; long ones have `count` points. False when out of memory. */
static inline bool demo_make(demo *made, int which, size_t count, closo_arena *arena)
{
    static const char *const names[DEMO_COUNT] = {
        "voltammogram", "nyquist",  "bode",    "bars",     "arrhenius", "cycles",
        "tiny",         "log-tiny", "all-nan", "constant", "huge",      "nearly-constant",
        "single",       "empty",    "words",   "noise",    "loops",     "cloud"};
    const bool is_long = which >= 15;
    if (!demo_start(made, names[which], is_long ? count : DEMO_POINTS, arena))
        return false;
    switch (which) {
    case 0:
        demo_voltammogram(made);
        break;
    case 1:
        demo_nyquist(made);
        break;
    case 2:
        demo_bode(made);
        break;
    case 3:
        demo_bars(made);
        break;
    case 4:
        demo_arrhenius(made);
        break;
    case 5:
        demo_cycles(made);
        break;
    case 6:
        demo_tiny(made);
        break;
    case 7:
        demo_log_tiny(made);
        break;
    case 14:
        demo_words(made);
        break;
    case 15:
        demo_noise(made, count);
        break;
    case 16:
        demo_loops(made, count);
        break;
    case 17:
        demo_noise(made, count);
        made->curves[0].mark = CLOSO_MARK_POINTS;
        break;
    default:
        demo_odd(made, which - 8);
        break;
    }
    return true;
}

#endif
