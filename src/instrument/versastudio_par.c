/* SPDX-License-Identifier: BSD-3-Clause */
/* versastudio_par.c: VersaStudio's .par (AMETEK VersaSTAT, PARSTAT): sections as in XML, with lines "Key=value". A section
 * <Segment1> has a line "Definition=" with the names of the columns and then rows with commas, the first field of which is
 * the number of the segment. EIS gives frequency and Z; other experiments leave those columns 0. */
#include "sweep_text.h"

#include <string.h>

static const closo_dialect_column columns[] = {
    {"segment #", CLOSO_QUANTITY_STEP, ""},
    {"segment", CLOSO_QUANTITY_STEP, ""},
    {"point", CLOSO_QUANTITY_RECORD, ""},
    {"e", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"i", CLOSO_QUANTITY_CURRENT, "A"},
    {"elapsed time", CLOSO_QUANTITY_TIME, "s"},
    {"e applied", CLOSO_QUANTITY_POTENTIAL_CONTROL, "V"},
    {"frequency", CLOSO_QUANTITY_FREQUENCY, "Hz"},
    {"e real", CLOSO_QUANTITY_OTHER, "V"},
    {"e imag", CLOSO_QUANTITY_OTHER, "V"},
    {"i real", CLOSO_QUANTITY_OTHER, "A"},
    {"i imag", CLOSO_QUANTITY_OTHER, "A"},
    {"z real", CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
    {"z imag", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
    {"z2 real", CLOSO_QUANTITY_OTHER, "ohm"},
    {"z2 imag", CLOSO_QUANTITY_OTHER, "ohm"},
    {"e2", CLOSO_QUANTITY_OTHER, "V"},
    {"ac amplitude", CLOSO_QUANTITY_OTHER, ""},
    {"current range", CLOSO_QUANTITY_RANGE, ""},
    {NULL, CLOSO_QUANTITY_OTHER, NULL},
};

static const closo_dialect dialect = {.columns = columns};

static const struct {
    const char *section, *word, *key, *unit; /* unit NULL: text */
} keys[] = {
    {"Application", "Version", "software", NULL},
    {"Instrument", "Type", "instrument", NULL},
    {"Instrument", "SN", "instrument_serial", NULL},
    {"Instrument", "Firmware", "firmware", NULL},
    {"Action", "Comment", "comments", NULL},
    {"Action", "Working Electrode Area (cm2)", "electrode_area", "cm2"},
    {"Action", "Mass (g)", "active_mass", "g"},
    {"Action", "Reference Electrode", "reference", NULL},
    {"Action", "Amplitude (mV RMS)", "amplitude", "mV"},
    {"Action", "Amplitude (A RMS)", "amplitude", "A"},
    {"Action", "Start Frequency (Hz)", "frequency_high", "Hz"},
    {"Action", "End Frequency (Hz)", "frequency_low", "Hz"},
    {"Action", "Scan Rate (V/s)", "scan_rate", "V/s"},
};

/* The experiment by the name of its action, as other makers call it. */
static const char *const techniques[][2] = {
    {"Potentiostatic EIS", "PEIS"}, {"Galvanostatic EIS", "GEIS"}, {"Cyclic Voltammetry", "CV"},
    {"Multi-Cycle Cyclic", "CV"},   {"Linear Scan", "LSV"},        {"Open Circuit", "OCV"},
    {"Chronoamperometry", "CA"},    {"Chronopotentiometry", "CP"},
};

enum { SETTINGS_MAX = 1000, PLAIN = 60 };

typedef struct par {
    closo_table *table;
    closo_sweep_lines lines;
    closo_text_layout layout;
    closo_sweeps sweeps;
    closo_span section, date, time, definition;
    size_t left_out; /* segments with other columns */
} par;

static int recognise(const closo_source *source)
{
    closo_span text = {(const char *)source->bytes, source->size < 8192 ? source->size : 8192};
    const char line_end = closo_text_line_end(text);
    closo_span line;
    for (size_t i = 0; i < 100 && closo_text_line(&text, line_end, &line); i++)
        if (closo_span_starts(line, "Name=VersaStudio") ||
            closo_span_starts(line, "Definition=Segment #, Point #,"))
            return 95;
    return 0;
}

/* ---- keys ---- */

/* "Action" of "Action1". */
static bool in_section(const par *p, const char *section)
{
    return closo_span_starts(p->section, section);
}

static closo_status keep_known(par *p, closo_span word, closo_span value)
{
    double number;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!in_section(p, keys[i].section) || !closo_span_equals(word, keys[i].word))
            continue;
        /* What nobody filled in: a mass of 0, an area of 1, no reference. */
        const bool unset = closo_span_starts(value, "(unspecified)") ||
                           (strcmp(keys[i].key, "electrode_area") == 0 &&
                            closo_number_parse(value, '.', &number) && number == 1) ||
                           (closo_number_parse(value, '.', &number) && number == 0);
        if (unset)
            return CLOSO_OK;
        return keys[i].unit != NULL
                   ? closo_sweep_keep_number(p->table, keys[i].key, value, keys[i].unit)
                   : closo_sweep_keep_text(p->table, keys[i].key, value);
    }
    return CLOSO_OK;
}

static closo_status keep_technique(par *p, closo_span name)
{
    for (size_t i = 0; i < sizeof techniques / sizeof *techniques; i++)
        if (closo_span_starts(name, techniques[i][0]))
            p->table->technique = techniques[i][1];
    return closo_sweep_keep_text(p->table, "technique", name);
}

static closo_status keep_setting(par *p, closo_span word, closo_span value)
{
    if (!in_section(p, "Action") || value.length == 0 || value.length > 2000 ||
        p->table->setting_count >= SETTINGS_MAX)
        return CLOSO_OK;
    char *name = closo_text_string(p->table->arena, word);
    const char *text = closo_text_string(p->table->arena, value);
    if (name == NULL || text == NULL)
        return CLOSO_NOMEM;
    return closo_table_add_setting(p->table, name, &text, 1);
}

static bool is_section_kept(const par *p)
{
    return in_section(p, "Action") || in_section(p, "Instrument") || in_section(p, "Experiment") ||
           in_section(p, "Application");
}

static closo_status keep_pair(par *p, closo_span line)
{
    const char *sign = line.length != 0 ? memchr(line.start, '=', line.length) : NULL;
    if (sign == NULL || !is_section_kept(p))
        return CLOSO_OK;
    const closo_span word = closo_span_trim((closo_span){line.start, (size_t)(sign - line.start)});
    const closo_span value =
        closo_span_trim((closo_span){sign + 1, (size_t)(line.start + line.length - sign - 1)});
    closo_status status = CLOSO_OK;
    if (closo_span_equals(word, "DateAcquired"))
        p->date = value;
    else if (closo_span_equals(word, "TimeAcquired"))
        p->time = value;
    else if (closo_span_equals(word, "Measured Open Circuit"))
        status = closo_metadata_keep(p->table, "open_circuit_potential", value);
    else if (closo_span_equals(word, "Name") && in_section(p, "Action") &&
             !closo_span_equals(value, "Common"))
        status = keep_technique(p, value);
    else
        status = keep_known(p, word, value);
    return status == CLOSO_OK ? keep_setting(p, word, value) : status;
}

/* ---- rows ---- */

static bool same_text(closo_span one, closo_span other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

static closo_status take_segment(par *p, closo_span definition, closo_error *error)
{
    if (p->layout.names == NULL) {
        p->layout.separator = ',';
        p->layout.always_ends = true;
        p->definition = definition;
        closo_status status =
            closo_sweep_names(&dialect, p->table->arena, definition, &p->layout, error);
        if (status != CLOSO_OK)
            return status;
        /* The definition ends in a number that names no column. */
        double number;
        const size_t count = p->layout.name_count;
        if (count > 1 &&
            closo_number_parse(closo_span_of(p->layout.names[count - 1].name), '.', &number))
            p->layout.name_count--;
    } else if (!same_text(definition, p->definition)) {
        p->left_out++;
        return CLOSO_OK;
    }
    closo_sweep *sweep = closo_sweep_take(&p->sweeps, p->table->arena, &p->lines, ',', 0);
    char *name = closo_text_string(p->table->arena, p->section);
    if (sweep == NULL || name == NULL)
        return closo_fail_nomem(error);
    sweep->name = name;
    return CLOSO_OK;
}

static closo_status read_lines(par *p, closo_error *error)
{
    static const char word[] = "Definition=";
    closo_span line;
    while (closo_sweep_next_line(&p->lines, &line)) {
        line = closo_span_trim(line);
        closo_status status = CLOSO_OK;
        if (line.length > 2 && line.start[0] == '<' && line.length < PLAIN) {
            const bool ends = line.start[1] == '/';
            p->section = ends ? (closo_span){"", 0} : (closo_span){line.start + 1, line.length - 2};
        } else if (closo_span_starts(line, word)) {
            const size_t skip = sizeof word - 1;
            status = take_segment(p, (closo_span){line.start + skip, line.length - skip}, error);
        } else if (keep_pair(p, line) != CLOSO_OK) {
            status = closo_fail_nomem(error);
        }
        if (status != CLOSO_OK)
            return status;
    }
    return CLOSO_OK;
}

static closo_status read_par(const closo_source *source, closo_table **result, closo_error *error)
{
    par p = {.table = closo_sweep_table(source, closo_format_par.name, "VersaSTAT"),
             .lines = closo_sweep_lines_of(source),
             .section = {"", 0},
             .date = {"", 0},
             .time = {"", 0}};
    if (p.table == NULL)
        return closo_fail_nomem(error);
    p.table->technique = "";
    closo_status status = read_lines(&p, error);
    if (status == CLOSO_OK)
        status = closo_sweeps_read(p.table, &p.layout, &p.sweeps, error);
    if (status != CLOSO_OK)
        return status;
    if (closo_sweep_keep_english_start(p.table, p.date, p.time) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (p.left_out != 0)
        closo_table_note(p.table, "%zu segments with other columns than the first are left out",
                         p.left_out);
    *result = p.table;
    return CLOSO_OK;
}

const closo_format closo_format_par = {"VersaStudio .par", recognise, read_par};
