/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum.c: one sweep made fit for analysis: points that are none left out, in falling frequency, each frequency
 * once, and a look at the sign of the imaginary part. */
#include "impedance/impedance_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nothing that was ever measured lies beyond, and squares of it leave the range of numbers. */
static const double least_ohm = 1e-30, most_ohm = 1e30;

typedef struct point {
    double frequency_Hz, real_ohm, imaginary_ohm, sigma_ohm;
} point;

static int falling(const void *one, const void *other)
{
    double a = ((const point *)one)->frequency_Hz, b = ((const point *)other)->frequency_Hz;
    return (a < b) - (a > b);
}

/* Z' below zero at most frequencies: no passive cell does that. */
static void check_real_part(closo_spectrum *spectrum, closo_arena *arena)
{
    size_t negative = 0;
    for (size_t i = 0; i < spectrum->count; i++)
        negative += spectrum->real_ohm[i] <
                    -0.02 * hypot(spectrum->real_ohm[i], spectrum->imaginary_ohm[i]);
    if (2 * negative > spectrum->count)
        closo_notes_add(
            &spectrum->notes, arena,
            "Z' is negative at %zu of %zu frequencies: its sign is turned, the leads of "
            "the reference are swapped, or the cell gives power at the frequency",
            negative, spectrum->count);
}

/* Takes the usable points of raw; counts what is left out, by reason. */
static size_t take_points(const closo_spectrum *raw, point *points, closo_spectrum *into,
                          closo_arena *arena)
{
    size_t taken = 0, unusable = 0, no_frequency = 0, no_value = 0, absurd = 0;
    for (size_t i = 0; i < raw->count; i++) {
        point p = {raw->frequency_Hz[i], raw->real_ohm[i], raw->imaginary_ohm[i],
                   raw->sigma_ohm != NULL ? raw->sigma_ohm[i] : 0};
        if (!isfinite(p.frequency_Hz) || !isfinite(p.real_ohm) || !isfinite(p.imaginary_ohm) ||
            !isfinite(p.sigma_ohm) || p.sigma_ohm < 0)
            unusable++;
        else if (!(p.frequency_Hz > 0))
            no_frequency++;
        else if (!(hypot(p.real_ohm, p.imaginary_ohm) > 0))
            no_value++;
        else if (hypot(p.real_ohm, p.imaginary_ohm) > most_ohm ||
                 hypot(p.real_ohm, p.imaginary_ohm) < least_ohm)
            absurd++;
        else
            points[taken++] = p;
    }
    const struct {
        size_t count;
        const char *what;
    } left_out[] = {{unusable, "without a finite frequency and impedance"},
                    {no_frequency, "of no or negative frequency"},
                    {no_value, "whose impedance is zero"},
                    {absurd, "whose impedance is beyond 1e-30 or 1e30 ohm"}};
    for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++)
        if (left_out[k].count != 0)
            closo_notes_add(&into->notes, arena, "%zu point%s %s left out", left_out[k].count,
                            left_out[k].count == 1 ? "" : "s", left_out[k].what);
    return taken;
}

/* Averages points of the same frequency, in place; the list is sorted. */
static size_t merge_repeated(point *points, size_t count, closo_spectrum *into, closo_arena *arena)
{
    size_t kept = 0, merged = 0;
    for (size_t i = 0; i < count;) {
        point sum = points[i];
        size_t same = 1;
        double variance = sum.sigma_ohm * sum.sigma_ohm;
        for (; i + same < count && points[i + same].frequency_Hz >= points[i].frequency_Hz;
             same++) {
            const point *next = &points[i + same];
            sum.real_ohm += next->real_ohm;
            sum.imaginary_ohm += next->imaginary_ohm;
            variance += next->sigma_ohm * next->sigma_ohm;
        }
        double n = (double)same;
        points[kept++] =
            (point){sum.frequency_Hz, sum.real_ohm / n, sum.imaginary_ohm / n, sqrt(variance) / n};
        merged += same - 1;
        i += same;
    }
    if (merged != 0)
        closo_notes_add(
            &into->notes, arena,
            "%zu point%s at a frequency that was there already; each frequency is taken "
            "once, as the mean",
            merged, merged == 1 ? "" : "s");
    return kept;
}

void closo_spectrum_check_sign(closo_spectrum *spectrum, closo_arena *arena)
{
    /* An inductor's Z'' grows with frequency, so what is inductive stands at the high end. A turned sign shows as a
     * positive Z'' in the slower half, and where it is largest. Z'' within 2 % of |Z| is taken for zero. */
    size_t positive = 0, slow = 0, slow_positive = 0;
    double largest = 0, largest_Hz = 0;
    for (size_t i = 0; i < spectrum->count; i++) {
        double x = spectrum->imaginary_ohm[i];
        if (fabs(x) < 0.02 * hypot(spectrum->real_ohm[i], x))
            continue;
        positive += x > 0;
        if (2 * i >= spectrum->count) {
            slow++;
            slow_positive += x > 0;
        }
        if (fabs(x) > fabs(largest)) {
            largest = x;
            largest_Hz = spectrum->frequency_Hz[i];
        }
    }
    if (spectrum->count < 2 || 2 * positive <= spectrum->count || 2 * slow_positive <= slow)
        return;
    if (largest < 0 || largest_Hz >= spectrum->frequency_Hz[0])
        return; /* Z'' still grows at the fastest point: an inductor can do that */
    closo_notes_add(
        &spectrum->notes, arena,
        "Z'' is positive at %zu of %zu frequencies, also at low ones, where no inductance "
        "explains it: the file may hold -Z'' under the name Z''; if so, turn the sign",
        positive, spectrum->count);
}

closo_status closo_spectrum_make(const closo_spectrum *raw, closo_arena *arena,
                                 closo_spectrum *spectrum, closo_error *error)
{
    *spectrum = *raw;
    spectrum->notes = (closo_notes){0};
    spectrum->count = 0;
    if (raw->name == NULL)
        spectrum->name = "";
    if (raw->count == 0)
        return closo_fail(error, CLOSO_RANGE, "the spectrum has no points");
    point *points = closo_arena_alloc(arena, raw->count, sizeof *points);
    double *values = closo_arena_alloc(arena, raw->count, 4 * sizeof *values);
    if (points == NULL || values == NULL)
        return closo_fail_nomem(error);
    size_t count = take_points(raw, points, spectrum, arena);
    if (count == 0)
        return closo_fail(error, CLOSO_RANGE,
                          "none of the %zu points of the spectrum has a positive frequency and "
                          "an impedance between 1e-30 and 1e30 ohm",
                          raw->count);
    qsort(points, count, sizeof *points, falling);
    count = merge_repeated(points, count, spectrum, arena);
    double *frequency = values, *real = values + raw->count, *imaginary = real + raw->count,
           *sigma = imaginary + raw->count;
    for (size_t i = 0; i < count; i++) {
        frequency[i] = points[i].frequency_Hz;
        real[i] = points[i].real_ohm;
        imaginary[i] = points[i].imaginary_ohm;
        sigma[i] = points[i].sigma_ohm;
    }
    spectrum->count = count;
    spectrum->frequency_Hz = frequency;
    spectrum->real_ohm = real;
    spectrum->imaginary_ohm = imaginary;
    spectrum->sigma_ohm = raw->sigma_ohm != NULL ? sigma : NULL;
    if (count == 1)
        closo_notes_add(&spectrum->notes, arena,
                        "the spectrum has one point; nothing can be fitted to it");
    closo_spectrum_check_sign(spectrum, arena);
    check_real_part(spectrum, arena);
    return CLOSO_OK;
}
