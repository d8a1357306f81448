/* SPDX-License-Identifier: BSD-3-Clause */
/* axis.c: from data to pixels, and where the ticks stand. Steps are 1, 2 or 5 times a power of ten; of these the finest
 * whose labels do not crowd. A label never shows more digits than neighbouring ticks need to differ: a common factor
 * (a multiple of three in the exponent, as SI prefixes go) or a common offset is put at the end of the axis. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double largest_value = 1e200, smallest_value = 1e-200;
static const double remotest_px = 1e7;

bool closo_usable(double value, bool logarithmic)
{
    if (logarithmic)
        return value >= smallest_value && value <= largest_value;
    return value >= -largest_value && value <= largest_value;
}

double closo_scale_px(const closo_scale *scale, double value)
{
    if (!closo_usable(value, scale->logarithmic))
        return NAN;
    double low = scale->low, high = scale->high;
    if (scale->logarithmic) {
        low = log10(low);
        high = log10(high);
        value = log10(value);
    }
    const double px =
        scale->from_px + (value - low) / (high - low) * (scale->to_px - scale->from_px);
    return fmin(fmax(px, -remotest_px), remotest_px);
}

void closo_range_widen(double *low, double *high, bool logarithmic)
{
    static const double room = 0.04;
    if (logarithmic) {
        double span = log10(*high / *low);
        double factor = span < 1e-9 ? 3 : pow(10, fmin(span * room, 2));
        *low = fmax(*low / factor, smallest_value);
        *high = fmin(*high * factor, largest_value);
        return;
    }
    double span = *high - *low, size = fmax(fabs(*low), fabs(*high));
    double extra = span * room;
    if (size < smallest_value)
        extra = 1;
    else if (span <= 1e-11 * size) /* constant but for rounding */
        extra = 0.1 * size;
    *low -= extra;
    *high += extra;
}

/* ---- labels ---- */

typedef struct notation {
    int exponent; /* of the common factor */
    int decimals;
    double offset; /* a label is (value - offset) / 10^exponent */
} notation;

static int floor_log10(double value)
{
    return (int)floor(log10(value) + 1e-9);
}

/* The roundest number near the axis from which the labels count in four digits or fewer; 0 when none is needed. */
static double choose_offset(double low, double high, double step)
{
    const double size = fmax(fabs(low), fabs(high));
    const int digits = floor_log10(size) - floor_log10(step);
    if (digits < 6) /* the labels have at most six digits anyway */
        return 0;
    double offset = 0;
    for (int i = 0; i < digits; i++) {
        const double unit = pow(10, floor_log10(size) - i);
        offset = nearbyint(0.5 * (low + high) / unit) * unit;
        if (fmax(fabs(low - offset), fabs(high - offset)) < 1e3 * step)
            break;
    }
    return offset;
}

static notation choose_notation(double low, double high, double step)
{
    notation chosen = {.offset = choose_offset(low, high, step)};
    const double size = fmax(fabs(low - chosen.offset), fabs(high - chosen.offset));
    const int exponent = floor_log10(size);
    if (exponent >= 5 || exponent < -3)
        chosen.exponent = 3 * (int)floor(exponent / 3.0);
    const int decimals = chosen.exponent - floor_log10(step);
    chosen.decimals = decimals > 0 ? decimals : 0;
    return chosen;
}

/* Ticks stand at offset + index * step, so that the label of a large offset loses no digit. */
static const char *tick_text(const notation *how, double relative, char *text, size_t size)
{
    double number = how->exponent < -300 ? relative * 1e300 * pow(10, -how->exponent - 300)
                                         : relative * pow(10, -how->exponent);
    return closo_number_fixed(number, how->decimals, text, size);
}

static const char *note_text(const notation *how, closo_arena *arena)
{
    char offset[128] = "", factor[64] = "";
    if (how->offset != 0) {
        char number[64];
        closo_number_text(fabs(how->offset), 15, number, sizeof number);
        snprintf(offset, sizeof offset, "%s %s", how->offset < 0 ? "−" : "+", number);
    }
    if (how->exponent != 0)
        snprintf(factor, sizeof factor, "×10^{%s%d}", how->exponent < 0 ? "−" : "",
                 how->exponent < 0 ? -how->exponent : how->exponent);
    return closo_arena_printf(arena, "%s%s%s", factor, *factor && *offset ? " " : "", offset);
}

static bool add_tick(closo_ticks *ticks, double value, const char *label, closo_arena *arena)
{
    closo_tick *list =
        closo_arena_grow(arena, ticks->list, ticks->count, &ticks->capacity, sizeof *list);
    if (list == NULL)
        return false;
    ticks->list = list;
    list[ticks->count++] = (closo_tick){value, label};
    return true;
}

static bool add_labelled(const closo_tick_request *request, closo_ticks *ticks, double value,
                         const char *label, closo_arena *arena)
{
    const char *copy = closo_arena_text(arena, label);
    ticks->widest_px = fmax(ticks->widest_px, closo_label_width_px(label, request->size_px));
    return copy != NULL && add_tick(ticks, value, copy, arena);
}

/* ---- linear ---- */

typedef struct step {
    double size;
    int mantissa; /* 1, 2, 5 */
    int exponent;
    notation how;
    double first, last; /* index of the ticks, relative to the offset */
} step;

static step make_step(const closo_tick_request *request, int mantissa, int exponent)
{
    step made = {.mantissa = mantissa, .exponent = exponent};
    made.size = exponent < -300 ? mantissa * 1e-300 * pow(10, exponent + 300)
                                : mantissa * pow(10, exponent);
    made.how = choose_notation(request->low, request->high, made.size);
    made.first = ceil((request->low - made.how.offset) / made.size - 1e-9);
    made.last = floor((request->high - made.how.offset) / made.size + 1e-9);
    return made;
}

static double widest_label_px(const closo_tick_request *request, const step *tried)
{
    char text[512];
    double widest = 0;
    const double ends[] = {tried->first, tried->last};
    for (size_t i = 0; i < 2; i++) {
        tick_text(&tried->how, ends[i] * tried->size, text, sizeof text);
        widest = fmax(widest, closo_label_width_px(text, request->size_px));
    }
    return widest;
}

static double spacing_wanted_px(const closo_tick_request *request, double widest_px)
{
    const double size = request->size_px;
    return request->horizontal ? fmax(widest_px + 1.8 * size, 4.5 * size) : 3 * size;
}

/* From fine to coarse until the labels have room; at least two ticks, where the range holds two. */
static step choose_step(const closo_tick_request *request)
{
    static const int mantissas[] = {1, 2, 5};
    const double span = request->high - request->low;
    const int start = floor_log10(span) - 2;
    step best = make_step(request, 1, start + 2);
    bool has_best = false;
    for (int i = 0; i < 12; i++) {
        step tried = make_step(request, mantissas[i % 3], start + i / 3);
        if (tried.last - tried.first < 1 && has_best)
            break;
        best = tried;
        has_best = true;
        double spacing_px = request->length_px * tried.size / span;
        if (spacing_px < 1.5 * request->size_px) /* too many to look at their labels */
            continue;
        if (spacing_px >= spacing_wanted_px(request, widest_label_px(request, &tried)))
            break;
    }
    return best;
}

static bool add_minor(const closo_tick_request *request, const step *chosen, closo_ticks *ticks,
                      closo_arena *arena)
{
    const int parts = chosen->mantissa == 2 ? 4 : 5;
    const double part = chosen->size / parts, offset = chosen->how.offset;
    const double part_px = request->length_px * part / (request->high - request->low);
    if (part_px < 4)
        return true;
    const double first = ceil((request->low - offset) / part - 1e-9);
    const double last = floor((request->high - offset) / part + 1e-9);
    for (double i = first; i <= last; i++)
        if (fmod(i, parts) != 0 && !add_tick(ticks, offset + i * part, NULL, arena))
            return false;
    return true;
}

static bool linear_ticks(const closo_tick_request *request, closo_arena *arena, closo_ticks *ticks)
{
    char text[512];
    const step chosen = choose_step(request);
    for (double i = chosen.first; i <= chosen.last; i++) {
        const double relative = i * chosen.size;
        tick_text(&chosen.how, relative, text, sizeof text);
        if (!add_labelled(request, ticks, chosen.how.offset + relative, text, arena))
            return false;
    }
    if (chosen.how.exponent != 0 || chosen.how.offset != 0) {
        ticks->note = note_text(&chosen.how, arena);
        if (ticks->note == NULL)
            return false;
    }
    return request->logarithmic || add_minor(request, &chosen, ticks, arena);
}

/* ---- logarithmic ---- */

/* 0.01 to 1000 are written out when no tick lies beyond, 2×10^{-7} otherwise. */
static const char *power_label(int mantissa, int exponent, bool plain, char *text, size_t size)
{
    if (plain)
        return closo_number_fixed(mantissa * pow(10, exponent), exponent < 0 ? -exponent : 0, text,
                                  size);
    const char *sign = exponent < 0 ? "−" : "";
    const int figures = exponent < 0 ? -exponent : exponent;
    if (mantissa == 1)
        snprintf(text, size, "10^{%s%d}", sign, figures);
    else
        snprintf(text, size, "%d×10^{%s%d}", mantissa, sign, figures);
    return text;
}

typedef struct decades {
    int first, last;  /* exponents that the axis touches */
    double length_px; /* of one decade */
    bool plain;
} decades;

static bool in_range(const closo_tick_request *request, double value)
{
    return value >= request->low * (1 - 1e-12) && value <= request->high * (1 + 1e-12);
}

/* With labels at 1, 2 and 5 (stride 0), or at every stride-th power of ten. */
static bool is_labelled(int mantissa, int exponent, int stride)
{
    if (mantissa == 1)
        return stride <= 1 || exponent % stride == 0;
    return stride == 0 && (mantissa == 2 || mantissa == 5);
}

/* Whether a tick without label is worth drawing: the powers of ten and, with room, the steps between them. */
static bool is_minor(int mantissa, const decades *reach, int stride)
{
    if (mantissa == 1)
        return reach->length_px >= 4;
    return stride <= 1 && reach->length_px >= 30;
}

static bool decade_ticks(const closo_tick_request *request, const decades *reach, int stride,
                         closo_arena *arena, closo_ticks *ticks)
{
    char text[512];
    for (int exponent = reach->first; exponent <= reach->last; exponent++) {
        for (int mantissa = 1; mantissa < 10; mantissa++) {
            const double value = mantissa * pow(10, exponent);
            bool added = true;
            if (!in_range(request, value))
                continue;
            if (is_labelled(mantissa, exponent, stride)) {
                power_label(mantissa, exponent, reach->plain, text, sizeof text);
                added = add_labelled(request, ticks, value, text, arena);
            } else if (is_minor(mantissa, reach, stride)) {
                added = add_tick(ticks, value, NULL, arena);
            }
            if (!added)
                return false;
        }
    }
    return true;
}

static bool log_ticks(const closo_tick_request *request, closo_arena *arena, closo_ticks *ticks)
{
    const double low = log10(request->low), high = log10(request->high);
    decades reach = {(int)floor(low + 1e-9), (int)floor(high + 1e-9), 0, false};
    reach.length_px = request->length_px / (high - low);
    reach.plain = reach.first >= -3 && reach.last <= 3;
    char text[512];
    power_label(5, reach.first, reach.plain, text, sizeof text);
    double widest_px = closo_label_width_px(text, request->size_px);
    power_label(5, reach.last, reach.plain, text, sizeof text);
    widest_px = fmax(widest_px, closo_label_width_px(text, request->size_px));
    const double wanted_px =
        request->horizontal ? widest_px + request->size_px : 1.6 * request->size_px;
    if (request->high / request->low < 4) /* less than 1, 2, 5: steps as on a linear axis */
        return linear_ticks(request, arena, ticks);
    if (high - low <= 2 && 0.3 * reach.length_px >= wanted_px)
        return decade_ticks(request, &reach, 0, arena, ticks);
    if (floor(high + 1e-9) - ceil(low - 1e-9) < 1) /* fewer than two powers of ten */
        return decade_ticks(request, &reach, 0, arena, ticks);
    int stride = 1;
    while (stride < 400 && stride * reach.length_px < wanted_px + request->size_px)
        stride++;
    return decade_ticks(request, &reach, stride, arena, ticks);
}

bool closo_ticks_make(const closo_tick_request *request, closo_arena *arena, closo_ticks *ticks)
{
    *ticks = (closo_ticks){0};
    return request->logarithmic ? log_ticks(request, arena, ticks)
                                : linear_ticks(request, arena, ticks);
}
