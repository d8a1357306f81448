/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "base/base_internal.h"
#include "report/report_internal.h"

#include "demo.h"
#include "xml.h"

static const closo_page_about about = {"A <b>report</b> on Na^{+}", NULL, "A. & B.", "2026-11-22"};

/* Every part of a page once. */
static void fill(closo_page *page, const closo_figure *figure)
{
    static const closo_page_column columns[] = {{"Onset", "V", true}, {"File", NULL, false}};
    static const closo_page_result results[] = {{"Onset", "2.880 ± 0.012 V", "vs Na^{+}/Na"},
                                                {"Sweeps", "6", NULL}};
    static const char *const texts[] = {"one <i>note</i>", "another"};
    static const char *const names[] = {"file"}, *const values[] = {"<script>alert(1)</script>"};
    const char *kept[] = {"kept"};
    const closo_notes notes = {kept, 1, 1, 3};
    closo_page_results(page, results, 2);
    closo_page_heading(page, 1, "Onset of <x>");
    closo_page_heading(page, 2, "Onset of <x>");
    closo_page_heading(page, 1, "Ω");
    closo_page_heading(page, 3, "Ω");
    closo_page_heading(page, 2, "Last");
    closo_page_paragraph(page, "%d points of '%s'", 42, "<a>");
    closo_page_callouts(page, CLOSO_CALLOUT_WARNING, texts, 2);
    closo_page_callout(page, CLOSO_CALLOUT_ERROR, "%s", "a < b");
    closo_page_notes(page, &notes);
    closo_page_side_by_side_begin(page);
    closo_page_figure(page, figure, "A voltammogram & more.");
    closo_page_figure(page, figure, NULL);
    closo_page_side_by_side_end(page);
    closo_page_table_begin(page, "Onsets.", columns, 2);
    const char *row[] = {closo_page_value(page, (closo_value){2.88, 0.012}), NULL};
    const char *other[] = {closo_page_number(page, 1.5e-9, 3), "a.mpr"};
    closo_page_row(page, row);
    closo_page_row(page, other);
    closo_page_table_end(page);
    closo_page_details_begin(page, "The study");
    closo_page_code(page, "a: <b> & \"c\"\n");
    closo_page_details_end(page);
    closo_page_metadata(page, names, values, 1);
}

static void a_page_is_good_xml_too(void **state)
{
    (void)state;
    static xml_census census;
    closo_arena *arena = closo_arena_new(0);
    demo made;
    assert_true(demo_make(&made, 0, 0, arena));
    closo_page *page = closo_page_new(&about, arena);
    fill(page, &made.figure);
    size_t length = 0;
    const char *document = closo_page_finish(page, &length);
    assert_non_null(document);
    assert_int_equal(length, strlen(document));
    xml_read(document, &census);
    if (!census.is_well_formed)
        fail_msg("%s", census.message);
    assert_int_equal(census.scripts, 0);
    assert_int_equal(census.repeated_ids, 0);
    assert_false(census.has_bad_number);
    static const char *const fetches[] = {"src=", "url(", "<link", "@import", "href=\"http"};
    for (size_t i = 0; i < sizeof fetches / sizeof *fetches; i++)
        assert_null(strstr(document, fetches[i]));
    assert_non_null(strstr(document, "<h2 id=\"onset-of-x\">"));
    assert_non_null(strstr(document, "<h3 id=\"onset-of-x-2\">"));
    assert_non_null(strstr(document, "<a href=\"#onset-of-x-2\">"));
    assert_non_null(strstr(document, "<td class=\"closo-number\">2.880 ± 0.012</td><td>–</td>"));
    assert_non_null(strstr(document, "Onset <span class=\"closo-unit\">(V)</span>"));
    assert_non_null(strstr(document, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(document, "<b>Figure 1.</b> A voltammogram &amp; more."));
    assert_non_null(strstr(document, "3 further notes"));
    assert_non_null(strstr(document, "prefers-color-scheme:dark"));
    closo_arena_free(arena);
}

static void an_empty_page_is_a_page(void **state)
{
    (void)state;
    static xml_census census;
    closo_arena *arena = closo_arena_new(0);
    const closo_page_about bare = {.title = ""};
    const char *document = closo_page_finish(closo_page_new(&bare, arena), NULL);
    assert_non_null(document);
    xml_read(document, &census);
    assert_true(census.is_well_formed);
    closo_arena_free(arena);
}

static void every_failed_allocation_is_survived(void **state)
{
    (void)state;
    bool succeeded = false;
    for (size_t allowed = 0; !succeeded && allowed < 5000; allowed++) {
        closo_arena *data = closo_arena_new(0), *arena = closo_arena_new(0);
        demo made;
        assert_true(demo_make(&made, 3, 0, data));
        closo_arena_fail_after(arena, allowed);
        closo_page *page = closo_page_new(&about, arena);
        if (page != NULL) {
            fill(page, &made.figure);
            succeeded = closo_page_finish(page, NULL) != NULL;
        }
        closo_arena_free(arena);
        closo_arena_free(data);
    }
    assert_true(succeeded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_good_xml_too),
        cmocka_unit_test(an_empty_page_is_a_page),
        cmocka_unit_test(every_failed_allocation_is_survived),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
