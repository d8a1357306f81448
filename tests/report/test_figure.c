/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include "base/base_internal.h"
#include "report/report_internal.h"

#include "demo.h"
#include "xml.h"

#include <sys/stat.h>
#include <unistd.h>

enum { LONG_POINTS = 100000 };

static void check_svg(const char *name, const char *svg, xml_census *census)
{
    if (svg == NULL)
        fail_msg("%s: no SVG", name);
    xml_read(svg, census);
    if (!census->is_well_formed)
        fail_msg("%s: %s", name, census->message);
    if (census->has_bad_number)
        fail_msg("%s: a coordinate is no number", name);
    assert_false(census->has_event);
    assert_int_equal(census->scripts + census->images, 0);
}

static void all_demos_are_good_xml(void **state)
{
    (void)state;
    static xml_census census;
    for (int i = 0; i < DEMO_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        demo made;
        assert_true(demo_make(&made, i, LONG_POINTS, arena));
        for (int embedded = 0; embedded < 2; embedded++) {
            const char *svg = closo_figure_svg(&made.figure, embedded == 1, arena);
            check_svg(made.name, svg, &census);
            assert_true(census.x_most <= 640 && census.y_most <= 420);
            assert_int_equal(strstr(svg, "<style>") == NULL, embedded);
        }
        closo_arena_free(arena);
    }
}

static void words_of_others_are_only_words(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    demo made;
    assert_true(demo_make(&made, 14, 0, arena));
    const char *svg = closo_figure_svg(&made.figure, true, arena);
    assert_non_null(strstr(svg, "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;"));
    assert_null(strstr(svg, "<img"));
    assert_non_null(strstr(svg, "ナトリウム"));
    assert_non_null(strstr(svg, "\xef\xbf\xbd broken _{ unclosed")); /* \xff */
    closo_arena_free(arena);
}

/* The spikes at a third and at half of two million points are the extremes of the drawing too: the pixel of each is
 * worked out from the axis. */
static void thinning_keeps_the_extremes(void **state)
{
    (void)state;
    static xml_census census;
    const size_t count = 2000000;
    closo_arena *arena = closo_arena_new(0);
    demo made;
    assert_true(demo_make(&made, 15, count, arena));
    made.curves[0].label = NULL; /* its sample is a line too */
    const char *svg = closo_figure_svg(&made.figure, true, arena);
    check_svg(made.name, svg, &census);
    assert_true(strlen(svg) < 100000);
    const closo_plot_view view = {
        {0, 2000, false, 0, 500}, {-3, 4, false, 350, 0}, {0, 0, 500, 350}};
    closo_polyline line;
    assert_true(closo_thin_line(&view, &made.curves[0], arena, &line));
    assert_true(line.count < 8 * 500 + 2);
    double top = 1e9, bottom = -1e9;
    for (size_t i = 0; i < line.count; i++) {
        top = fmin(top, line.points[i].y_px);
        bottom = fmax(bottom, line.points[i].y_px);
    }
    assert_near(top, 350 * (4 - 3.5) / 7, 0.01);
    assert_near(bottom, 350 * (4 + 2.5) / 7, 0.01);
    closo_arena_free(arena);
}

/* Distance of a point from the nearest part of a line. */
static double distance_px(const closo_polyline *line, double x, double y)
{
    double least = INFINITY;
    for (size_t i = 0; i + 1 < line->count; i++) {
        const closo_point from = line->points[i], to = line->points[i + 1];
        if (isnan(from.x_px) || isnan(to.x_px))
            continue;
        const double along_x = to.x_px - from.x_px, along_y = to.y_px - from.y_px;
        const double length2 = along_x * along_x + along_y * along_y;
        double part =
            length2 > 0 ? ((x - from.x_px) * along_x + (y - from.y_px) * along_y) / length2 : 0;
        part = fmin(fmax(part, 0), 1);
        least = fmin(least, hypot(from.x_px + part * along_x - x, from.y_px + part * along_y - y));
    }
    return least;
}

/* No point of a smooth curve is further than half a pixel, the width of a column, from what is drawn. */
static void a_thinned_curve_is_the_same_curve(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    enum { COUNT = 20000 };
    double *x = closo_arena_alloc(arena, COUNT, sizeof *x);
    double *y = closo_arena_alloc(arena, COUNT, sizeof *y);
    for (size_t i = 0; i < COUNT; i++) { /* a spiral: goes both ways in x and y */
        const double turn = 20.0 * (double)i / COUNT;
        x[i] = 250 + 10 * turn * cos(turn);
        y[i] = 175 + 7 * turn * sin(turn);
    }
    const closo_plot_view view = {
        {0, 500, false, 0, 500}, {0, 350, false, 350, 0}, {0, 0, 500, 350}};
    const closo_curve curve = {.x = x, .y = y, .count = COUNT};
    closo_polyline line;
    assert_true(closo_thin_line(&view, &curve, arena, &line));
    assert_true(line.count < 1500);
    for (size_t i = 0; i < COUNT; i += 7)
        assert_true(distance_px(&line, x[i], 350 - y[i]) < 0.5);
    closo_arena_free(arena);
}

static void a_line_is_clipped_not_bent(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const double x[] = {-1000, 1000, NAN, 20, 30, NAN, 60}, y[] = {-1000, 1000, 1, 500, 500, 1, 60};
    const closo_plot_view view = {
        {0, 100, false, 0, 100}, {0, 100, false, 100, 0}, {0, 0, 100, 100}};
    const closo_curve curve = {.x = x, .y = y, .count = 7};
    closo_polyline line;
    assert_true(closo_thin_line(&view, &curve, arena, &line));
    assert_int_equal(line.count, 4); /* the diagonal, a break, the lone point */
    assert_near(line.points[0].x_px, 0, 1e-9);
    assert_near(line.points[0].y_px, 100, 1e-9);
    assert_near(line.points[1].x_px, 100, 1e-9);
    assert_near(line.points[1].y_px, 0, 1e-9);
    assert_true(isnan(line.points[2].x_px));
    assert_near(line.points[3].x_px, 60, 1e-9);
    closo_arena_free(arena);
}

static void nyquist_circles_are_round(void **state)
{
    (void)state;
    static xml_census census;
    closo_arena *arena = closo_arena_new(0);
    double x[361], y[361];
    for (int i = 0; i <= 360; i++) {
        x[i] = 1e4 + 500 * cos(i * DEMO_PI / 180);
        y[i] = 500 * sin(i * DEMO_PI / 180);
    }
    const closo_curve curve = {.x = x, .y = y, .count = 361};
    closo_figure figure = {.curves = &curve, .curve_count = 1, .equal_aspect = true};
    figure.width_px = 900;
    check_svg("circle", closo_figure_svg(&figure, true, arena), &census);
    assert_near(census.x_most - census.x_least, census.y_most - census.y_least, 0.3);
    closo_arena_free(arena);
}

/* ---- anything at all ---- */

static double wild_number(uint64_t *seed)
{
    static const double odd[] = {0,     -0.0, 1,      -1,     1e300, -1e300, 1e-300, 5e-324,
                                 1e308, 1e15, 1.0001, 1e-200, 1e200, 3.7,    1e-12,  1700000000};
    switch (demo_random(seed) % 8) {
    case 0:
        return NAN;
    case 1:
        return demo_random(seed) % 2 == 0 ? INFINITY : -INFINITY;
    case 2:
    case 3:
        return odd[demo_random(seed) % (sizeof odd / sizeof *odd)];
    case 4:
        return demo_normal(seed) * pow(10, 600 * demo_uniform(seed) - 300);
    default:
        return demo_normal(seed);
    }
}

static void wild_axis(closo_axis *axis, uint64_t *seed)
{
    axis->logarithmic = demo_random(seed) % 3 == 0;
    if (demo_random(seed) % 3 == 0) {
        axis->low = wild_number(seed);
        axis->high = wild_number(seed);
    }
    axis->label = demo_random(seed) % 2 == 0 ? "Quantity_{x} (unit^{−1})" : NULL;
}

static void any_numbers_give_a_figure(void **state)
{
    (void)state;
    static xml_census census;
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        closo_arena *arena = closo_arena_new(0);
        demo made;
        assert_true(demo_start(&made, "wild", 64, arena));
        made.figure.curve_count = demo_random(&seed) % (DEMO_CURVES + 1);
        made.figure.guide_count = demo_random(&seed) % (DEMO_GUIDES + 1);
        for (int c = 0; c < DEMO_CURVES; c++) {
            closo_curve *curve = &made.curves[c];
            curve->count = demo_random(&seed) % 65;
            curve->mark = (closo_mark)(demo_random(&seed) % 5);
            curve->colour = (int)(demo_random(&seed) % 40) - 1;
            curve->right_axis = demo_random(&seed) % 4 == 0;
            curve->label = demo_random(&seed) % 2 == 0 ? "curve" : NULL;
            curve->width_px = wild_number(&seed);
            curve->y_sigma = demo_random(&seed) % 3 == 0 ? made.sigma : NULL;
            for (size_t i = 0; i < 64; i++) {
                made.x[c][i] = wild_number(&seed);
                made.y[c][i] = wild_number(&seed);
                made.sigma[i] = wild_number(&seed);
            }
        }
        for (int g = 0; g < DEMO_GUIDES; g++) {
            const double low = wild_number(&seed), high = wild_number(&seed);
            made.guides[g] =
                (closo_guide){(closo_guide_kind)(demo_random(&seed) % 4), low,
                              demo_random(&seed) % 2 == 0 ? low : high, "guide", g - 1};
        }
        wild_axis(&made.figure.x, &seed);
        wild_axis(&made.figure.y, &seed);
        wild_axis(&made.figure.y_right, &seed);
        made.figure.width_px = wild_number(&seed) * 500;
        made.figure.height_px = wild_number(&seed) * 500;
        if (!(made.figure.width_px < 1000)) /* the largest sizes take their time */
            made.figure.width_px = 0;
        if (!(made.figure.height_px < 1000))
            made.figure.height_px = 0;
        made.figure.equal_aspect = demo_random(&seed) % 4 == 0;
        made.figure.legend = (closo_legend)(demo_random(&seed) % 3);
        const char *svg = closo_figure_svg(&made.figure, round % 2 == 0, arena);
        check_svg("wild", svg, &census);
        if (strstr(svg, ">nan") != NULL || strstr(svg, ">n/a") != NULL || strstr(svg, ">∞") != NULL)
            fail_msg("round %d: a tick is no number", round);
        closo_arena_free(arena);
    }
}

/* ---- memory and files ---- */

static void every_failed_allocation_is_survived(void **state)
{
    (void)state;
    static const int which[] = {0, 2, 3, 5, 14, 16};
    for (size_t k = 0; k < sizeof which / sizeof *which; k++) {
        bool succeeded = false;
        for (size_t allowed = 0; !succeeded && allowed < 5000; allowed++) {
            closo_arena *data = closo_arena_new(0), *arena = closo_arena_new(0);
            demo made;
            assert_true(demo_make(&made, which[k], LONG_POINTS, data));
            closo_arena_fail_after(arena, allowed);
            succeeded = closo_figure_svg(&made.figure, true, arena) != NULL;
            closo_arena_free(arena);
            closo_arena_free(data);
        }
        assert_true(succeeded);
    }
}

static void figures_are_written_by_their_ending(void **state)
{
    (void)state;
    static const struct {
        const char *name, *start;
    } files[] = {{"-a figure & 'more'.svg", "<?xml"},
                 {"figure.HTML", "<!DOCTYPE html>"},
                 {"figure $(x).png", "\x89PNG"},
                 {"figure.pdf", "%PDF"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_error error = {0};
        demo made;
        assert_true(demo_make(&made, 0, 0, arena));
        const char *path = temporary_path(files[i].name);
        closo_status status = closo_figure_write(&made.figure, path, arena, &error);
        if (status == CLOSO_UNSUPPORTED) {
            assert_non_null(strstr(error.message, "librsvg2-bin"));
            print_message("skipped: rsvg-convert is not installed\n");
        } else {
            if (status != CLOSO_OK)
                fail_msg("%s: %s", path, error.message);
            unsigned char *bytes = NULL;
            size_t size = 0;
            assert_int_equal(closo_file_read(path, 1 << 24, arena, &bytes, &size, NULL), CLOSO_OK);
            assert_memory_equal(bytes, files[i].start, strlen(files[i].start));
            unlink(path);
        }
        closo_arena_free(arena);
    }
}

static void bad_places_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
        closo_status status;
    } cases[] = {{"figure.gif", ".png or .pdf", CLOSO_ARGUMENT},
                 {"figure", ".png or .pdf", CLOSO_ARGUMENT},
                 {"folder.svg/figure", ".png or .pdf", CLOSO_ARGUMENT},
                 {"/nowhere/at/all.svg", "make it first", CLOSO_IO},
                 {"/nowhere/at/all.png", "make it first", CLOSO_IO}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_error error = {0};
        const closo_figure empty = {0};
        assert_int_equal(closo_figure_write(&empty, cases[i].path, arena, &error), cases[i].status);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].path, error.message);
        closo_arena_free(arena);
    }
}

static void a_missing_converter_names_its_package(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    closo_error error = {0};
    const closo_figure empty = {0};
    const char *path = temporary_path("figure.png");
    char *before = closo_arena_text(arena, getenv("PATH") != NULL ? getenv("PATH") : "");
    setenv("PATH", "/nowhere", 1);
    const closo_status status = closo_figure_write(&empty, path, arena, &error);
    setenv("PATH", before, 1);
    assert_int_equal(status, CLOSO_UNSUPPORTED);
    assert_non_null(strstr(error.message, "install librsvg2-bin"));
    struct stat about;
    assert_int_not_equal(stat(path, &about), 0);
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_demos_are_good_xml),
        cmocka_unit_test(words_of_others_are_only_words),
        cmocka_unit_test(thinning_keeps_the_extremes),
        cmocka_unit_test(a_thinned_curve_is_the_same_curve),
        cmocka_unit_test(a_line_is_clipped_not_bent),
        cmocka_unit_test(nyquist_circles_are_round),
        cmocka_unit_test(any_numbers_give_a_figure),
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(figures_are_written_by_their_ending),
        cmocka_unit_test(bad_places_are_explained),
        cmocka_unit_test(a_missing_converter_names_its_package),
    };
    return cmocka_run_group_tests_name("figure", tests, NULL, NULL);
}
