/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "report/report_internal.h"

#include "demo.h"

#include <string.h>

/* The labels of the ticks, in order, with a blank between; then the note. */
static const char *labels(double low, double high, bool logarithmic, bool horizontal,
                          double length_px, char *text, size_t size)
{
    closo_arena *arena = closo_arena_new(0);
    const closo_tick_request request = {low, high, logarithmic, horizontal, length_px, 12};
    closo_ticks ticks;
    assert_true(closo_ticks_make(&request, arena, &ticks));
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ticks.count && used < size; i++)
        if (ticks.list[i].label != NULL)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used != 0 ? " " : "",
                                     ticks.list[i].label);
    if (ticks.note != NULL && used < size)
        snprintf(text + used, size - used, " [%s]", ticks.note);
    closo_arena_free(arena);
    return text;
}

/* What a person would put at the axis of a paper. */
static void ticks_are_those_of_a_person(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        bool logarithmic, horizontal;
        double length_px;
        const char *labels;
    } cases[] = {
        {0, 10, false, true, 560, "0 1 2 3 4 5 6 7 8 9 10"},
        {-0.1, 1.07, false, false, 360, "0.0 0.2 0.4 0.6 0.8 1.0"},
        {2.4, 3.6, false, true, 400, "2.4 2.6 2.8 3.0 3.2 3.4 3.6"},
        {-1.05e-9, 1e-11, false, false, 360, "−1.0 −0.8 −0.6 −0.4 −0.2 0.0 [×10^{−9}]"},
        {0, 2.2e-7, false, false, 200, "0 50 100 150 200 [×10^{−9}]"},
        {0, 90000, false, false, 200, "0 20000 40000 60000 80000"},
        {0, 1.5e6, false, false, 200, "0.0 0.5 1.0 1.5 [×10^{6}]"},
        {1700000000, 1700000010, false, true, 400, "0 2 4 6 8 10 [+ 1.7×10⁹]"},
        {0.1, 1000, true, true, 500, "0.1 1 10 100 1000"},
        {0.09, 1.1e6, true, true, 560, "10^{−1} 10^{0} 10^{1} 10^{2} 10^{3} 10^{4} 10^{5} 10^{6}"},
        {1e-12, 1e-4, true, false, 150, "10^{−12} 10^{−10} 10^{−8} 10^{−6} 10^{−4}"},
        {20, 300, true, false, 300, "20 50 100 200"},
        {2, 5, true, false, 300, "2.0 2.5 3.0 3.5 4.0 4.5 5.0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        assert_string_equal(labels(cases[i].low, cases[i].high, cases[i].logarithmic,
                                   cases[i].horizontal, cases[i].length_px, text, sizeof text),
                            cases[i].labels);
    }
}

static void minor_ticks_divide_the_step(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const closo_tick_request request = {0, 1, false, true, 500, 12};
    closo_ticks ticks;
    assert_true(closo_ticks_make(&request, arena, &ticks));
    size_t major = 0;
    for (size_t i = 0; i < ticks.count; i++) {
        const double twentieths = ticks.list[i].value * 20;
        assert_near(twentieths, nearbyint(twentieths), 1e-9);
        major += ticks.list[i].label != NULL;
    }
    assert_int_equal(major, 6); /* 0.0, 0.2 ... 1.0, and three between two of them */
    assert_int_equal(ticks.count, 21);
    closo_arena_free(arena);
}

/* Any range gives between 2 and 30 labels, inside the range, in order, without neighbours that read the same. */
static void any_range_has_ticks(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int i = 0; i < 20000; i++) {
        closo_arena *arena = closo_arena_new(0);
        const bool logarithmic = i % 3 == 0;
        const double size = pow(10, 360 * demo_uniform(&seed) - 180);
        double low = size * (2 * demo_uniform(&seed) - 1);
        double high = low + size * pow(10, -9 * demo_uniform(&seed));
        if (logarithmic) {
            low = fabs(low);
            high = fmax(low, 1e-180) * pow(10, 0.01 + pow(10, 2.2 * demo_uniform(&seed)));
            low = fmax(low, 1e-180);
            high = fmin(high, 1e200);
        }
        const double length_px = 100 + 900 * demo_uniform(&seed);
        const closo_tick_request request = {low, high, logarithmic, i % 2 == 0, length_px, 12};
        closo_ticks ticks;
        assert_true(closo_ticks_make(&request, arena, &ticks));
        const char *before = NULL;
        size_t count = 0;
        for (size_t k = 0; k < ticks.count; k++) {
            assert_true(ticks.list[k].value >= low - 1e-6 * (high - low));
            assert_true(ticks.list[k].value <= high + 1e-6 * (high - low));
            if (ticks.list[k].label == NULL)
                continue;
            if (before != NULL && strcmp(before, ticks.list[k].label) == 0)
                fail_msg("%g to %g: '%s' twice", low, high, before);
            before = ticks.list[k].label;
            count++;
        }
        if (count < 1 || count > 40)
            fail_msg("%.17g to %.17g%s: %zu labels", low, high, logarithmic ? " log" : "", count);
        closo_arena_free(arena);
    }
}

static void labels_are_measured_by_their_letters(void **state)
{
    (void)state;
    /* Advance widths of DejaVu Sans: digit 0.636, i 0.277, W 0.988. */
    assert_near(closo_label_width_px("00", 10), 12.72, 1e-9);
    assert_near(closo_label_width_px("iW", 10), 12.65, 1e-9);
    assert_near(closo_label_width_px("0_{0}", 10), 6.36 * 1.72, 1e-9);
    assert_near(closo_label_width_px("", 10), 0, 0);
    assert_near(closo_label_width_px(NULL, 10), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_those_of_a_person),
        cmocka_unit_test(minor_ticks_divide_the_step),
        cmocka_unit_test(any_range_has_ticks),
        cmocka_unit_test(labels_are_measured_by_their_letters),
    };
    return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
