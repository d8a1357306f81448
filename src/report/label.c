/* SPDX-License-Identifier: BSD-3-Clause */
/* label.c: one-line texts with subscripts and superscripts: "Na_{2}B_{12}H_{12}", "10^{-3}". They are measured here without
 * a font, from the advance widths of DejaVu Sans, which is wider than Helvetica and Arial: what fits by this measure fits
 * in the fonts that a reader is likely to have. */
#include "report/report_internal.h"

#include <stdio.h>
#include <string.h>

static const double script_size = 0.72; /* of the letters of a sub- or superscript */
static const double subscript_drop = 0.22, superscript_rise = 0.36; /* of the full letter size */

bool closo_label_next(const char **rest, closo_run *run)
{
    const char *at = *rest;
    if (at[0] == '\0')
        return false;
    const char *close = (at[0] == '_' || at[0] == '^') && at[1] == '{' ? strchr(at, '}') : NULL;
    if (close != NULL) {
        *run = (closo_run){at + 2, (size_t)(close - at - 2), at[0] == '_' ? -1 : 1};
        *rest = close + 1;
        return true;
    }
    const char *end = at + 1;
    while (*end != '\0' && !((end[0] == '_' || end[0] == '^') && end[1] == '{'))
        end++;
    *run = (closo_run){at, (size_t)(end - at), 0};
    *rest = end;
    return true;
}

/* Advance widths of U+0020 to U+007E in thousandths of the letter size. */
static const unsigned short advances[95] = {
    317, 400, 459, 837, 636, 950, 779, 274, 390, 390, 500, 837, 317, 360,  317, 336, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 336, 336, 837, 837, 837, 530, 1000, 684, 686, 698, 770, 631,
    575, 774, 751, 294, 294, 655, 557, 862, 748, 787, 603, 787, 694, 634,  610, 731, 684, 988, 685,
    610, 685, 390, 336, 390, 837, 500, 500, 612, 634, 549, 634, 615, 352,  634, 633, 277, 277, 579,
    277, 974, 633, 611, 634, 634, 411, 520, 392, 633, 591, 817, 591, 591,  524, 636, 336, 636, 837};

static double advance_em(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return advances[code - 0x20] / 1000.0;
    if (code == 0x2212 || code == 0xd7 || code == 0xb1) /* minus, times, plus-minus */
        return 0.838;
    if (code >= 0x300 && code < 0x370) /* combining */
        return 0;
    if (code >= 0x1100) /* beyond the alphabets: East Asian signs are as wide as high */
        return code >= 0x2e80 ? 1.0 : 0.75;
    return 0.65;
}

static double run_width_px(const closo_run *run, double size_px)
{
    const double size = run->shift == 0 ? size_px : size_px * script_size;
    const char *at = run->start, *end = run->start + run->length;
    double width = 0;
    while (at < end)
        width += advance_em(closo_utf8_next(&at)) * size;
    return width;
}

double closo_label_width_px(const char *label, double size_px)
{
    closo_run run;
    double width = 0;
    if (label == NULL)
        return 0;
    while (closo_label_next(&label, &run))
        width += run_width_px(&run, size_px);
    return width;
}

void closo_label_plain(closo_writer *writer, const char *label)
{
    closo_run run;
    while (closo_label_next(&label, &run))
        closo_writer_escaped_n(writer, run.start, run.length);
}

void closo_label_html(closo_writer *writer, const char *label)
{
    closo_run run;
    while (closo_label_next(&label, &run)) {
        const char *tag = run.shift < 0 ? "sub" : "sup";
        if (run.shift != 0)
            closo_writer_printf(writer, "<%s>", tag);
        closo_writer_escaped_n(writer, run.start, run.length);
        if (run.shift != 0)
            closo_writer_printf(writer, "</%s>", tag);
    }
}

/* ---- SVG ---- */

/* Cuts the run where it would be wider than width_px; true when it was cut. */
static bool cut_run(closo_run *run, double size_px, double width_px)
{
    const double size = run->shift == 0 ? size_px : size_px * script_size;
    const char *at = run->start, *end = run->start + run->length;
    double width = 0;
    while (at < end) {
        const char *before = at;
        width += advance_em(closo_utf8_next(&at)) * size;
        if (width > width_px) {
            run->length = (size_t)(before - run->start);
            return true;
        }
    }
    return false;
}

static double drop_px(int shift, double size_px)
{
    return shift < 0 ? subscript_drop * size_px : shift > 0 ? -superscript_rise * size_px : 0;
}

static void write_run(closo_writer *writer, const closo_run *run, double size_px, double *at_px)
{
    const double wanted_px = drop_px(run->shift, size_px);
    const bool is_plain = run->shift == 0 && wanted_px - *at_px == 0;
    if (!is_plain) {
        closo_writer_raw(writer, "<tspan dy=\"");
        closo_writer_number(writer, wanted_px - *at_px);
        if (run->shift != 0) {
            closo_writer_raw(writer, "\" font-size=\"");
            closo_writer_number(writer, size_px * script_size);
        }
        closo_writer_raw(writer, "\">");
        *at_px = wanted_px;
    }
    closo_writer_escaped_n(writer, run->start, run->length);
    if (!is_plain)
        closo_writer_raw(writer, "</tspan>");
}

static void write_runs(closo_writer *writer, const closo_svg_style *style, const char *label)
{
    closo_run run;
    double at_px = 0, left_px = style->max_width_px;
    const bool is_long =
        left_px > 0 && closo_label_width_px(label, style->size_px) > style->max_width_px;
    left_px -= style->size_px; /* the ellipsis */
    while (closo_label_next(&label, &run)) {
        const bool is_cut = is_long && cut_run(&run, style->size_px, left_px);
        left_px -= run_width_px(&run, style->size_px);
        if (run.length != 0)
            write_run(writer, &run, style->size_px, &at_px);
        if (is_cut) {
            run = (closo_run){"…", strlen("…"), 0};
            write_run(writer, &run, style->size_px, &at_px);
            return;
        }
    }
}

void closo_svg_text(closo_writer *writer, const closo_svg_style *style, const char *label)
{
    if (label == NULL || label[0] == '\0')
        return;
    closo_writer_printf(writer, "<text class=\"%s\" text-anchor=\"%s\" font-size=\"", style->css,
                        style->anchor);
    closo_writer_number(writer, style->size_px);
    closo_writer_raw(writer, "\" x=\"");
    closo_writer_number(writer, style->x);
    closo_writer_raw(writer, "\" y=\"");
    closo_writer_number(writer, style->y);
    if (style->turn_deg != 0) {
        closo_writer_raw(writer, "\" transform=\"rotate(");
        closo_writer_number(writer, -style->turn_deg);
        closo_writer_raw(writer, " ");
        closo_writer_number(writer, style->x);
        closo_writer_raw(writer, " ");
        closo_writer_number(writer, style->y);
        closo_writer_raw(writer, ")");
    }
    closo_writer_raw(writer, "\">");
    write_runs(writer, style, label);
    closo_writer_raw(writer, "</text>\n");
}
