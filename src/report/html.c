/* SPDX-License-Identifier: BSD-3-Clause */
/* html.c: the page that a report is written on: one file, no script, nothing fetched. The body grows while the table of
 * contents is gathered; closo_page_finish() puts both together. */
#include "base/base_internal.h"
#include "report/report_internal.h"

#include <stdio.h>
#include <string.h>

enum { ANCHOR_BYTES = 48, MOST_ANCHOR_TRIES = 1000 };

struct closo_page {
    closo_arena *arena;
    closo_page_about about;
    closo_writer body, contents, anchors; /* anchors: " one two ", to keep them unique */
    size_t figure_count, table_count, contents_count;
    int contents_level;
    const closo_page_column *columns;
    size_t column_count;
    bool side_by_side;
};

enum {
    BESIDE_WIDTH_PX = 440,
    BESIDE_HEIGHT_PX = 320
}; /* of figures that stand beside each other */

closo_page *closo_page_new(const closo_page_about *about, closo_arena *arena)
{
    closo_page *page = closo_arena_alloc(arena, 1, sizeof *page);
    if (page == NULL)
        return NULL;
    page->arena = arena;
    page->about = *about;
    page->body.arena = page->contents.arena = page->anchors.arena = arena;
    closo_writer_raw(&page->anchors, " ");
    return page;
}

/* A paragraph of printf, in the arena; NULL is remembered as a failure. */
static const char *format_text(closo_page *page, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : closo_arena_alloc(page->arena, (size_t)length + 1, 1);
    if (text == NULL) {
        page->body.failed = true;
        return NULL;
    }
    vsnprintf(text, (size_t)length + 1, format, list);
    return text;
}

/* ---- headings and the table of contents ---- */

static bool is_letter_or_digit(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "Onset potentials (CV)" -> "onset-potentials-cv"; never empty. */
static void make_slug(const char *text, char slug[ANCHOR_BYTES])
{
    size_t used = 0;
    for (; *text != '\0' && used + 1 < ANCHOR_BYTES - 8; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        if (is_letter_or_digit(c))
            slug[used++] = (char)c;
        else if (used != 0 && slug[used - 1] != '-')
            slug[used++] = '-';
    }
    while (used != 0 && slug[used - 1] == '-')
        used--;
    slug[used] = '\0';
    if (used == 0)
        snprintf(slug, ANCHOR_BYTES, "section");
}

static void make_anchor(closo_page *page, const char *text, char anchor[ANCHOR_BYTES])
{
    char slug[ANCHOR_BYTES], sought[ANCHOR_BYTES + 24];
    make_slug(text, slug);
    snprintf(anchor, ANCHOR_BYTES, "%.39s", slug);
    for (int i = 2; i < MOST_ANCHOR_TRIES && !page->anchors.failed; i++) {
        snprintf(sought, sizeof sought, " %s ", anchor);
        if (strstr(page->anchors.text, sought) == NULL)
            break;
        snprintf(anchor, ANCHOR_BYTES, "%.39s-%d", slug, i);
    }
    closo_writer_printf(&page->anchors, "%s ", anchor);
}

/* The list of contents has two levels: <ul><li>..<ul><li>..</li></ul></li></ul>. */
static void add_to_contents(closo_page *page, int level, const char *anchor, const char *text)
{
    closo_writer *contents = &page->contents;
    if (page->contents_count == 0)
        level = 1;
    if (level > page->contents_level && page->contents_level != 0)
        closo_writer_raw(contents, "<ul>");
    else if (level < page->contents_level)
        closo_writer_raw(contents, "</li></ul></li>");
    else if (page->contents_level != 0)
        closo_writer_raw(contents, "</li>");
    closo_writer_printf(contents, "\n<li><a href=\"#%s\">", anchor);
    closo_label_html(contents, text);
    closo_writer_raw(contents, "</a>");
    page->contents_level = level;
    page->contents_count++;
}

void closo_page_heading(closo_page *page, int level, const char *text)
{
    char anchor[ANCHOR_BYTES];
    level = level < 1 ? 1 : level > 3 ? 3 : level;
    make_anchor(page, text, anchor);
    if (level <= 2)
        add_to_contents(page, level, anchor, text);
    closo_writer_printf(&page->body, "<h%d id=\"%s\"><a href=\"#%s\">", level + 1, anchor, anchor);
    closo_label_html(&page->body, text);
    closo_writer_printf(&page->body, "</a></h%d>\n", level + 1);
}

/* ---- text ---- */

void closo_page_paragraph(closo_page *page, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = format_text(page, format, list);
    va_end(list);
    if (text == NULL)
        return;
    closo_writer_raw(&page->body, "<p>");
    closo_label_html(&page->body, text);
    closo_writer_raw(&page->body, "</p>\n");
}

static const char *callout_word(closo_callout kind)
{
    return kind == CLOSO_CALLOUT_ERROR     ? "error-box"
           : kind == CLOSO_CALLOUT_WARNING ? "warning"
                                           : "note";
}

static void open_callout(closo_page *page, closo_callout kind)
{
    static const char *const titles[] = {"Note", "Warning", "Failed"};
    const size_t which = kind == CLOSO_CALLOUT_ERROR ? 2 : kind == CLOSO_CALLOUT_WARNING ? 1 : 0;
    closo_writer_printf(&page->body,
                        "<div class=\"closo-callout closo-%s\" role=\"note\"><strong>%s</strong>\n",
                        callout_word(kind), titles[which]);
}

void closo_page_callout(closo_page *page, closo_callout kind, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = format_text(page, format, list);
    va_end(list);
    if (text != NULL)
        closo_page_callouts(page, kind, &text, 1);
}

void closo_page_callouts(closo_page *page, closo_callout kind, const char *const *texts,
                         size_t count)
{
    if (count == 0)
        return;
    open_callout(page, kind);
    closo_writer_raw(&page->body, count == 1 ? "<p>" : "<ul>");
    for (size_t i = 0; i < count; i++) {
        if (count > 1)
            closo_writer_raw(&page->body, "<li>");
        closo_label_html(&page->body, texts[i]);
        if (count > 1)
            closo_writer_raw(&page->body, "</li>");
    }
    closo_writer_raw(&page->body, count == 1 ? "</p></div>\n" : "</ul></div>\n");
}

void closo_page_notes(closo_page *page, const closo_notes *notes)
{
    closo_page_callouts(page, CLOSO_CALLOUT_NOTE, notes->texts, notes->count);
    if (notes->dropped != 0)
        closo_page_callout(page, CLOSO_CALLOUT_NOTE, "%zu further notes were not kept.",
                           notes->dropped);
}

void closo_page_code(closo_page *page, const char *text)
{
    closo_writer_raw(&page->body, "<pre><code>");
    closo_writer_escaped(&page->body, text);
    closo_writer_raw(&page->body, "</code></pre>\n");
}

void closo_page_details_begin(closo_page *page, const char *summary)
{
    closo_writer_raw(&page->body, "<details><summary>");
    closo_label_html(&page->body, summary);
    closo_writer_raw(&page->body, "</summary>\n");
}

void closo_page_details_end(closo_page *page)
{
    closo_writer_raw(&page->body, "</details>\n");
}

/* ---- figures ---- */

void closo_page_figure(closo_page *page, const closo_figure *figure, const char *caption)
{
    closo_figure beside;
    if (figure != NULL && page->side_by_side) { /* drawn small, so that its letters are not */
        beside = *figure;
        beside.width_px = BESIDE_WIDTH_PX;
        beside.height_px = BESIDE_HEIGHT_PX;
        figure = &beside;
    }
    const char *svg = figure != NULL ? closo_figure_svg(figure, true, page->arena) : NULL;
    if (svg == NULL) { /* no memory for the one or the other */
        page->body.failed = true;
        return;
    }
    page->figure_count++;
    closo_writer_printf(&page->body, "<figure id=\"figure-%zu\">\n%s", page->figure_count, svg);
    if (caption != NULL) {
        closo_writer_printf(&page->body, "<figcaption><b>Figure %zu.</b> ", page->figure_count);
        closo_label_html(&page->body, caption);
        closo_writer_raw(&page->body, "</figcaption>");
    }
    closo_writer_raw(&page->body, "</figure>\n");
}

void closo_page_side_by_side_begin(closo_page *page)
{
    page->side_by_side = true;
    closo_writer_raw(&page->body, "<div class=\"closo-side\">\n");
}

void closo_page_side_by_side_end(closo_page *page)
{
    page->side_by_side = false;
    closo_writer_raw(&page->body, "</div>\n");
}

/* ---- numbers ---- */

void closo_page_results(closo_page *page, const closo_page_result *results, size_t count)
{
    if (count == 0)
        return;
    closo_writer_raw(&page->body, "<dl class=\"closo-results\">\n");
    for (size_t i = 0; i < count; i++) {
        closo_writer_raw(&page->body, "<div><dt>");
        closo_label_html(&page->body, results[i].label);
        closo_writer_raw(&page->body, "</dt><dd>");
        closo_label_html(&page->body, results[i].value);
        if (results[i].remark != NULL) {
            closo_writer_raw(&page->body, "<small>");
            closo_label_html(&page->body, results[i].remark);
            closo_writer_raw(&page->body, "</small>");
        }
        closo_writer_raw(&page->body, "</dd></div>\n");
    }
    closo_writer_raw(&page->body, "</dl>\n");
}

const char *closo_page_value(closo_page *page, closo_value value)
{
    char text[128];
    return closo_arena_text(page->arena, closo_value_text(value, NULL, text, sizeof text));
}

const char *closo_page_number(closo_page *page, double value, int digits)
{
    char text[128];
    return closo_arena_text(page->arena, closo_number_text(value, digits, text, sizeof text));
}

static const char *number_class(const closo_page_column *column)
{
    return column->number ? " class=\"closo-number\"" : "";
}

void closo_page_table_begin(closo_page *page, const char *caption, const closo_page_column *columns,
                            size_t column_count)
{
    page->columns = columns;
    page->column_count = column_count;
    closo_writer_raw(&page->body, "<div class=\"closo-scroll\"><table>");
    if (caption != NULL) {
        closo_writer_printf(&page->body, "<caption><b>Table %zu.</b> ", ++page->table_count);
        closo_label_html(&page->body, caption);
        closo_writer_raw(&page->body, "</caption>");
    }
    closo_writer_raw(&page->body, "\n<thead><tr>");
    for (size_t i = 0; i < column_count; i++) {
        const char *unit = columns[i].unit;
        closo_writer_printf(&page->body, "<th scope=\"col\"%s>", number_class(&columns[i]));
        closo_label_html(&page->body, columns[i].name);
        if (unit != NULL && unit[0] != '\0') {
            closo_writer_raw(&page->body, " <span class=\"closo-unit\">(");
            closo_label_html(&page->body, unit);
            closo_writer_raw(&page->body, ")</span>");
        }
        closo_writer_raw(&page->body, "</th>");
    }
    closo_writer_raw(&page->body, "</tr></thead>\n<tbody>\n");
}

void closo_page_row(closo_page *page, const char *const *cells)
{
    closo_writer_raw(&page->body, "<tr>");
    for (size_t i = 0; i < page->column_count; i++) {
        closo_writer_printf(&page->body, "<td%s>", number_class(&page->columns[i]));
        closo_label_html(&page->body, cells[i] != NULL ? cells[i] : "–");
        closo_writer_raw(&page->body, "</td>");
    }
    closo_writer_raw(&page->body, "</tr>\n");
}

void closo_page_table_end(closo_page *page)
{
    page->column_count = 0;
    closo_writer_raw(&page->body, "</tbody></table></div>\n");
}

void closo_page_metadata(closo_page *page, const char *const *names, const char *const *values,
                         size_t count)
{
    if (count == 0)
        return;
    closo_writer_raw(&page->body, "<dl class=\"closo-metadata\">\n");
    for (size_t i = 0; i < count; i++) {
        closo_writer_raw(&page->body, "<dt>");
        closo_writer_escaped(&page->body, names[i]);
        closo_writer_raw(&page->body, "</dt><dd>");
        closo_writer_escaped(&page->body, values[i] != NULL ? values[i] : "–");
        closo_writer_raw(&page->body, "</dd>\n");
    }
    closo_writer_raw(&page->body, "</dl>\n");
}

/* ---- the whole ---- */

static void put_head(const closo_page *page, closo_writer *out)
{
    const closo_page_about *about = &page->about;
    closo_writer_raw(out,
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n"
                     "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                     "<meta name=\"generator\" content=\"closo " CLOSO_VERSION "\"/>\n<title>");
    closo_label_plain(out, about->title);
    closo_writer_raw(out, "</title>\n<style>\n");
    closo_writer_raw(out, closo_style_page);
    closo_writer_raw(out, closo_style_print);
    closo_writer_raw(out, closo_style_figure);
    closo_writer_raw(out, "@media screen and (prefers-color-scheme:dark){\n");
    closo_writer_raw(out, closo_style_figure_dark);
    closo_writer_raw(out, "}\n</style>\n</head>\n<body>\n");
}

static void put_title(const closo_page *page, closo_writer *out)
{
    const closo_page_about *about = &page->about;
    closo_writer_raw(out, "<header>\n<h1>");
    closo_label_html(out, about->title);
    closo_writer_raw(out, "</h1>\n");
    if (about->subtitle != NULL) {
        closo_writer_raw(out, "<p class=\"closo-subtitle\">");
        closo_label_html(out, about->subtitle);
        closo_writer_raw(out, "</p>\n");
    }
    if (about->author != NULL || about->date != NULL) {
        closo_writer_raw(out, "<p class=\"closo-byline\">");
        if (about->author != NULL)
            closo_writer_escaped(out, about->author);
        if (about->author != NULL && about->date != NULL)
            closo_writer_raw(out, " · ");
        if (about->date != NULL)
            closo_writer_escaped(out, about->date);
        closo_writer_raw(out, "</p>\n");
    }
    closo_writer_raw(out, "</header>\n");
}

const char *closo_page_finish(closo_page *page, size_t *length)
{
    closo_writer out = {.arena = page->arena};
    if (page->body.failed || page->contents.failed || page->anchors.failed)
        return NULL;
    put_head(page, &out);
    put_title(page, &out);
    if (page->contents_count > 1) {
        closo_writer_raw(&out, "<nav aria-label=\"Contents\"><ul>");
        closo_writer_put(&out, page->contents.text, page->contents.length);
        if (page->contents_level == 2)
            closo_writer_raw(&out, "</li></ul>");
        closo_writer_raw(&out, "</li></ul></nav>\n");
    }
    closo_writer_raw(&out, "<main>\n");
    closo_writer_put(&out, page->body.text, page->body.length);
    closo_writer_raw(&out, "</main>\n<footer>Made by closo " CLOSO_VERSION
                           ". Figures and numbers are in this one file; values are given with one "
                           "standard uncertainty.</footer>\n</body>\n</html>\n");
    if (length != NULL)
        *length = out.length;
    return out.failed ? NULL : out.text;
}
