/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_header.c: the header of EC-Lab's and BT-Lab's text files (.mpt, .mps): lines "Key : value", lines without a
 * colon, indented lines under a heading, and the parameter block of the technique with columns of 20 characters. */
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* EC-Lab has up to some 100 sequences and 100 parameters; the limits keep damaged files from costing time. */
enum { COLUMN_CHARACTERS = 20, SEQUENCES_MAX = 1000, SETTINGS_MAX = 2000 };

typedef enum line_kind {
    LINE_TEXT,
    LINE_NUMBER,      /* 0 and EC-Lab's default 0.001 mean that nobody set it */
    LINE_COUNT,       /* a number that means itself */
    LINE_DATE,        /* month first */
    LINE_COMMENT,     /* repeated lines are joined */
    LINE_WITH_SERIAL, /* "VMP3 (SN 10831083)" */
    LINE_RANGE,       /* "min = 0.00 V, max = 10.00 V" */
    LINE_REFERENCE,   /* "SCE Saturated Calomel Electrode (0.241 V)" */
    LINE_FILE,        /* a path, of which the last part is kept */
    LINE_SKIPPED
} line_kind;

static const struct {
    const char *words, *key;
    line_kind kind;
} lines[] = {
    {"Run on channel", "channel", LINE_WITH_SERIAL},
    {"User", "operator", LINE_TEXT},
    {"Electrode connection", "electrode_connection", LINE_TEXT},
    {"Potential control", "potential_control", LINE_TEXT},
    {"Ewe ctrl range", "control_range", LINE_RANGE},
    {"Ecell ctrl range", "control_range", LINE_RANGE},
    {"Ewe,I filtering", "filtering", LINE_TEXT},
    {"Channel", "channel_connection", LINE_TEXT},
    {"Acquisition started on", "start_time", LINE_DATE},
    {"Technique started on", "technique_start_time", LINE_DATE},
    {"Loaded Setting File", "setting_file", LINE_FILE},
    {"File", "original_file", LINE_FILE},
    {"Filename", "original_file", LINE_FILE},
    {"Directory", "", LINE_SKIPPED},
    {"Host", "", LINE_SKIPPED},
    {"Address", "", LINE_SKIPPED},
    {"Nb header lines", "", LINE_SKIPPED},
    {"Number of loops", "", LINE_SKIPPED},
    {"Device", "instrument", LINE_WITH_SERIAL},
    {"Electrode material", "electrode_material", LINE_TEXT},
    {"Initial state", "initial_state", LINE_TEXT},
    {"Electrolyte", "electrolyte", LINE_TEXT},
    {"Comments", "comments", LINE_COMMENT},
    {"Mass of active material", "active_mass", LINE_NUMBER},
    {"Molecular weight of active material (at x = 0)", "molar_mass", LINE_NUMBER},
    {"Atomic weight of intercalated ion", "ion_molar_mass", LINE_NUMBER},
    {"Number of e- transfered per intercalated ion", "electrons_per_ion", LINE_COUNT},
    {"Battery capacity", "battery_capacity", LINE_NUMBER},
    {"Cable", "cable", LINE_TEXT},
    {"Current amplifier", "current_amplifier", LINE_TEXT},
    {"Reference electrode", "reference", LINE_REFERENCE},
    {"Electrode surface area", "electrode_area", LINE_NUMBER},
    {"Characteristic mass", "characteristic_mass", LINE_NUMBER},
    {"Equivalent Weight", "equivalent_weight", LINE_NUMBER},
    {"Density", "density", LINE_NUMBER},
    {"Volume (V)", "electrolyte_volume", LINE_NUMBER},
    {"Cycle Definition", "cycle_definition", LINE_TEXT},
};

/* ---- techniques ---- */

const char *closo_eclab_technique(closo_span name)
{
    static const struct {
        const char *name, *code;
    } techniques[] = {
        {"Open Circuit Voltage", "OCV"},
        {"Cyclic Voltammetry", "CV"},
        {"Cyclic Voltammetry Advanced", "CVA"},
        {"Linear Sweep Voltammetry", "LSV"},
        {"Chronoamperometry / Chronocoulometry", "CA"},
        {"Chronopotentiometry", "CP"},
        {"Constant Current", "CstC"},
        {"Constant Voltage", "CstV"},
        {"Galvanostatic Cycling with Potential Limitation", "GCPL"},
        {"Galvanostatic Cycling with Potential Limitation 2", "GCPL2"},
        {"Galvanostatic Cycling with Potential Limitation 3", "GCPL3"},
        {"Galvanostatic Cycling with Potential Limitation 4", "GCPL4"},
        {"Galvanostatic Cycling with Potential Limitation 5", "GCPL5"},
        {"Galvanostatic Cycling with Potential Limitation 6", "GCPL6"},
        {"Potentiodynamic Cycling with Galvanostatic Acceleration", "PCGA"},
        {"Potentio Electrochemical Impedance Spectroscopy", "PEIS"},
        {"Galvano Electrochemical Impedance Spectroscopy", "GEIS"},
        {"Staircase Potentio Electrochemical Impedance Spectroscopy", "SPEIS"},
        {"Staircase Galvano Electrochemical Impedance Spectroscopy", "SGEIS"},
        {"IR compensation (PEIS)", "ZIR"},
        {"Battery Capacity Determination", "BCD"},
        {"Modulo Bat", "MB"},
        {"Modular Potentio", "MP"},
        {"Wait", "WAIT"},
        {"Loop", "LOOP"},
    };
    for (size_t i = 0; i < sizeof techniques / sizeof *techniques; i++)
        if (closo_span_equals_nocase(name, techniques[i].name))
            return techniques[i].code;
    return NULL;
}

/* ---- values ---- */

static bool parse_either(closo_span digits, double *number)
{
    return (closo_number_parse(digits, '.', number) || closo_number_parse(digits, ',', number)) &&
           isfinite(*number);
}

/* "7000.000 mg" */
static bool split_number(closo_span value, double *number, closo_span *unit)
{
    size_t length = 0;
    while (length < value.length && value.start[length] != ' ')
        length++;
    *unit = closo_span_trim((closo_span){value.start + length, value.length - length});
    return parse_either((closo_span){value.start, length}, number);
}

/* Tells when a later line of the header changes what an earlier one said. */
static void note_change(closo_eclab_header *header, const char *key, double number,
                        const char *unit)
{
    const closo_table *table = header->table;
    for (size_t i = 0; header->modified != NULL && i < table->metadatum_count; i++) {
        const closo_metadatum *known = &table->metadata[i];
        if (strcmp(known->key, key) != 0 || known->text != NULL || known->number == number)
            continue;
        char before[32], after[32];
        closo_number_print(known->number, before, sizeof before);
        closo_number_print(number, after, sizeof after);
        closo_table_note(header->table,
                         "%s was changed from %s %s to %s %s on %s, during the measurement; the "
                         "new value is kept",
                         key, before, known->unit, after, unit,
                         closo_text_quote(closo_span_of(header->modified)).text);
    }
}

static closo_status keep_number(closo_eclab_header *header, const char *key, closo_span value,
                                bool default_is_unset)
{
    double number;
    closo_span unit_text;
    char unit[64];
    if (!split_number(value, &number, &unit_text))
        return CLOSO_OK;
    if (default_is_unset && (number == 0 || number == 0.001)) {
        header->active_mass_unset |= strcmp(key, "active_mass") == 0;
        return CLOSO_OK;
    }
    /* What goes with the active material means nothing without its mass. */
    if (header->active_mass_unset &&
        (strcmp(key, "x_start") == 0 || strcmp(key, "electrons_per_ion") == 0))
        return CLOSO_OK;
    if (strcmp(key, "electrolyte_volume") == 0 && closo_span_starts(unit_text, "cm"))
        unit_text = closo_span_of("cm³"); /* also where an editor broke the sign */
    if (closo_span_starts(unit_text, "g/eq"))
        unit_text = closo_span_of("g/mol");
    closo_unit_mend(unit_text, unit);
    note_change(header, key, number, unit);
    return closo_table_set_number(header->table, key, number, unit);
}

static closo_status keep_text(closo_table *table, const char *key, closo_span value)
{
    if (value.length == 0 || closo_span_equals_nocase(value, "none"))
        return CLOSO_OK;
    char *text = closo_text_string(table->arena, value);
    return text != NULL ? closo_table_set_text(table, key, text) : CLOSO_NOMEM;
}

/* Adds a line to what the key holds already. */
static closo_status append_text(closo_table *table, const char *key, closo_span value,
                                const char *between)
{
    enum { LONGEST = 1 << 14 };
    const char *known = closo_table_text(table, key);
    if (known == NULL || value.length == 0)
        return keep_text(table, key, value);
    if (strlen(known) > LONGEST || value.length > LONGEST)
        return CLOSO_OK;
    char *joined = closo_arena_printf(table->arena, "%s%s%.*s", known, between, (int)value.length,
                                      value.start);
    char *text = joined != NULL ? closo_text_string(table->arena, closo_span_of(joined)) : NULL;
    return text != NULL ? closo_table_set_text(table, key, text) : CLOSO_NOMEM;
}

static closo_status keep_date(closo_table *table, const char *key, closo_span value)
{
    closo_date date;
    char text[48];
    if (!closo_date_parse(value, CLOSO_MONTH_FIRST, &date))
        return keep_text(table, key, value);
    closo_date_print(&date, text);
    return closo_table_set_text(table, key, text);
}

static closo_span after_words(closo_span text, const char *words)
{
    const size_t length = strlen(words);
    for (size_t i = 0; i + length <= text.length; i++)
        if (memcmp(text.start + i, words, length) == 0)
            return closo_span_trim((closo_span){text.start + i + length, text.length - i - length});
    return (closo_span){NULL, 0};
}

static closo_status keep_with_serial(closo_table *table, const char *key, closo_span value)
{
    char serial_key[64];
    closo_span serial = after_words(value, "(SN ");
    if (serial.length == 0)
        return keep_text(table, key, value);
    closo_span name = {value.start, (size_t)(serial.start - value.start)};
    while (name.length != 0 && name.start[name.length - 1] != '(')
        name.length--;
    name.length -= name.length != 0;
    if (serial.start[serial.length - 1] == ')')
        serial.length--;
    snprintf(serial_key, sizeof serial_key, "%s_serial", key);
    closo_status status = keep_text(table, key, closo_span_trim(name));
    return status == CLOSO_OK ? keep_text(table, serial_key, closo_span_trim(serial)) : status;
}

static closo_status keep_range(closo_table *table, const char *key, closo_span value)
{
    static const char *const ends[2][2] = {{"min = ", "low"}, {"max = ", "high"}};
    for (size_t i = 0; i < 2; i++) {
        double number;
        char whole_key[64];
        closo_span unit, end = after_words(value, ends[i][0]);
        if (end.length == 0 || !split_number(end, &number, &unit))
            continue;
        snprintf(whole_key, sizeof whole_key, "%s_%s", key, ends[i][1]);
        if (closo_table_set_number(table, whole_key, number, "V") != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* The number in brackets is the reference's potential against the normal hydrogen electrode. */
static closo_status keep_reference(closo_table *table, const char *key, closo_span value)
{
    double number;
    closo_span unit;
    closo_status status = keep_text(table, key, value);
    for (size_t i = value.length; status == CLOSO_OK && i > 0; i--) {
        if (value.start[i - 1] != '(')
            continue;
        closo_span inside = {value.start + i, value.length - i};
        if (split_number(inside, &number, &unit) && closo_span_starts(unit, "V"))
            return closo_table_set_number(table, "reference_potential", number, "V");
        break;
    }
    return status;
}

static closo_status keep_file(closo_table *table, const char *key, closo_span value)
{
    for (size_t i = value.length; i > 0; i--) {
        if (value.start[i - 1] != '\\' && value.start[i - 1] != '/')
            continue;
        value = (closo_span){value.start + i, value.length - i};
        break;
    }
    return keep_text(table, key, value);
}

/* ---- lines ---- */

static closo_status keep_line(closo_eclab_header *header, closo_span words, closo_span value)
{
    closo_table *table = header->table;
    char key[64];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!closo_span_equals_nocase(words, lines[i].words))
            continue;
        switch (lines[i].kind) {
        case LINE_TEXT:
            return keep_text(table, lines[i].key, value);
        case LINE_NUMBER:
            return keep_number(header, lines[i].key, value, true);
        case LINE_COUNT:
            return keep_number(header, lines[i].key, value, false);
        case LINE_DATE:
            return keep_date(table, lines[i].key, value);
        case LINE_COMMENT:
            return append_text(table, lines[i].key, value, "\n");
        case LINE_WITH_SERIAL:
            return keep_with_serial(table, lines[i].key, value);
        case LINE_RANGE:
            return keep_range(table, lines[i].key, value);
        case LINE_REFERENCE:
            return keep_reference(table, lines[i].key, value);
        case LINE_FILE:
            return keep_file(table, lines[i].key, value);
        case LINE_SKIPPED:
            return CLOSO_OK;
        }
    }
    if (closo_span_equals(words, "Acquisition started at"))
        return keep_number(header, "x_start", after_words(value, "xo = "), false);
    return closo_metadata_key(words, key) ? closo_metadata_keep(table, key, value) : CLOSO_OK;
}

/* "Loop 3 from point number 60 to 79" */
static closo_status keep_loop(closo_table *table, closo_span line)
{
    char name[64];
    double first = 0, last = 0, loop = 0;
    closo_span unit, from = after_words(line, "from point number "), to = after_words(line, " to ");
    closo_span number = {line.start + 5, line.length - 5};
    if (from.length == 0 || to.length == 0 || !split_number(number, &loop, &unit) ||
        !split_number(from, &first, &unit) || !split_number(to, &last, &unit) ||
        !(first >= 0 && last >= first && last < 1e15 && loop >= 0 && loop < 1e9))
        return CLOSO_OK;
    snprintf(name, sizeof name, "loop %d", (int)loop);
    return closo_table_add_segment(table, name, (size_t)first, (size_t)last - (size_t)first + 1);
}

/* "EC-Lab for windows v11.12 (software)" */
static closo_status keep_version(closo_table *table, const char *key, const char *program,
                                 closo_span line)
{
    closo_span version = after_words(line, " v");
    size_t length = 0;
    while (length < version.length && length < 32 && version.start[length] != ' ')
        length++;
    if (length == 0)
        return CLOSO_OK;
    char *text = closo_arena_printf(table->arena, "%s%.*s", program, (int)length, version.start);
    char *clean = text != NULL ? closo_text_string(table->arena, closo_span_of(text)) : NULL;
    return clean != NULL ? closo_table_set_text(table, key, clean) : CLOSO_NOMEM;
}

static bool starts_nocase(closo_span line, const char *words)
{
    size_t length = strlen(words);
    return line.length >= length &&
           closo_span_equals_nocase((closo_span){line.start, length}, words);
}

/* A line without a colon. */
static closo_status keep_sentence(closo_eclab_header *header, closo_span line)
{
    closo_table *table = header->table;
    double number;
    closo_span unit;
    if (starts_nocase(line, "EC-Lab for windows"))
        return keep_version(table, "software", "EC-Lab ", line);
    if (starts_nocase(line, "BT-Lab for windows"))
        return keep_version(table, "software", "BT-Lab ", line);
    if (starts_nocase(line, "Internet server"))
        return keep_version(table, "firmware", "", line);
    if (starts_nocase(line, "Command interpretor"))
        return CLOSO_OK;
    if (starts_nocase(line, "CE vs. WE compliance "))
        return keep_text(table, "compliance", after_words(line, "compliance "));
    if (starts_nocase(line, "Record "))
        return append_text(table, "recorded", after_words(line, "ecord "), ", ");
    if (starts_nocase(line, "Average data every ") &&
        split_number(after_words(line, " every "), &number, &unit))
        return closo_table_set_number(table, "averaged_points", number, "1");
    if (starts_nocase(line, "for DX = 1, DQ = "))
        return header->active_mass_unset
                   ? CLOSO_OK
                   : keep_number(header, "charge_per_x", after_words(line, " DQ = "), true);
    if (starts_nocase(line, "at x = "))
        return header->active_mass_unset
                   ? CLOSO_OK
                   : keep_number(header, "active_mass_at_x", after_words(line, " x = "), false);
    if (starts_nocase(line, "Loop "))
        return keep_loop(table, line);
    if (starts_nocase(line, "Text export"))
        header->heading = line;
    const char *technique = closo_eclab_technique(line);
    if (technique != NULL && *table->technique == '\0') {
        table->technique = technique;
        return keep_text(table, "technique", line);
    }
    return CLOSO_OK;
}

/* ---- the parameter block ---- */

/* Takes the next 20 characters. */
static closo_span take_cell(closo_span *rest)
{
    size_t bytes = 0, characters = 0;
    while (bytes < rest->length && characters < COLUMN_CHARACTERS) {
        bytes++;
        while (bytes < rest->length && ((unsigned char)rest->start[bytes] & 0xc0) == 0x80)
            bytes++;
        characters++;
    }
    closo_span cell = {rest->start, bytes};
    rest->start += bytes;
    rest->length -= bytes;
    return closo_span_trim(cell);
}

static bool has_colon(closo_span line)
{
    return after_words(line, " : ").start != NULL ||
           (line.length >= 2 && memcmp(line.start + line.length - 2, " :", 2) == 0);
}

/* The names that a parameter block can begin with, for files without the line "Cycle Definition". */
static bool begins_settings(closo_span line)
{
    static const char *const names[] = {"Ns",      "Ei (V)", "tR (h:m:s)", "Mode",
                                        "Set I/C", "Is",     "select",     "ctrl_type",
                                        "E (V)",   "Ei",     "EM (V)"};
    closo_span rest = line;
    closo_span name = take_cell(&rest);
    if (rest.length == 0 || has_colon(line))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (closo_span_equals(name, names[i]))
            return true;
    return false;
}

static closo_status keep_setting(closo_eclab_header *header, closo_span line)
{
    closo_arena *arena = header->table->arena;
    closo_span rest = line;
    char *name = closo_text_string(arena, take_cell(&rest));
    size_t count = rest.length / COLUMN_CHARACTERS + 1;
    if (count < header->sequence_count)
        count = header->sequence_count;
    if (count > SEQUENCES_MAX)
        count = SEQUENCES_MAX;
    const char **values = closo_arena_alloc(arena, count, sizeof *values);
    size_t filled = 0;
    if (name == NULL || values == NULL)
        return CLOSO_NOMEM;
    for (; filled < count && closo_span_trim(rest).length != 0; filled++)
        if ((values[filled] = closo_text_string(arena, take_cell(&rest))) == NULL)
            return CLOSO_NOMEM;
    if (strcmp(name, "Ns") == 0)
        header->sequence_count = filled;
    if (header->sequence_count == 0)
        header->sequence_count = 1;
    while (filled < header->sequence_count && filled < count)
        values[filled++] = "";
    return closo_table_add_setting(header->table, name, values, filled);
}

closo_status closo_eclab_header_line(closo_eclab_header *header, closo_span line)
{
    closo_span trimmed = closo_span_trim(line);
    if (trimmed.length == 0) {
        header->in_settings &= header->table->setting_count == 0;
        header->heading.length = 0;
        return CLOSO_OK;
    }
    if (closo_span_starts(trimmed, "Modify on")) {
        closo_span when = after_words(trimmed, " : ");
        header->modified =
            closo_text_string(header->table->arena, when.start != NULL ? when : trimmed);
        header->in_settings = false;
        return header->modified != NULL ? CLOSO_OK : CLOSO_NOMEM;
    }
    const bool is_loop = starts_nocase(trimmed, "Loop ") &&
                         after_words(trimmed, " from point number ").start != NULL;
    if (!is_loop && ((header->in_settings && !has_colon(line)) || begins_settings(line))) {
        header->in_settings = true;
        if (header->table->setting_count >= SETTINGS_MAX)
            return CLOSO_OK;
        return keep_setting(header, line);
    }
    /* " at x = 1.000" has one blank, what stands under a heading a tab or three. */
    const bool indented = line.start[0] == '\t' || closo_span_starts(line, "   ");
    if (!indented)
        header->heading.length = 0;
    else if (header->heading.length != 0 && !closo_span_starts(header->heading, "Saved on")) {
        char key[64];
        return closo_metadata_key(header->heading, key)
                   ? append_text(header->table, key, trimmed, "; ")
                   : CLOSO_OK;
    }
    if (!has_colon(trimmed))
        return keep_sentence(header, trimmed);
    size_t words = 0;
    while (memcmp(trimmed.start + words, " :", 2) != 0)
        words++;
    closo_span value =
        closo_span_trim((closo_span){trimmed.start + words + 2, trimmed.length - words - 2});
    closo_span key = {trimmed.start, words};
    if (value.length == 0 && !indented)
        header->heading = key;
    header->in_settings |= closo_span_equals_nocase(key, "Cycle Definition");
    return keep_line(header, key, value);
}

void closo_eclab_header_finish(closo_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->segment_count; i++) {
        closo_segment loop = table->segments[i];
        if (loop.first_row >= table->row_count) {
            closo_table_note(table,
                             "the header tells of %s at row %zu, but there are only %zu rows",
                             loop.name, loop.first_row, table->row_count);
            continue;
        }
        if (loop.row_count > table->row_count - loop.first_row)
            loop.row_count = table->row_count - loop.first_row;
        table->segments[kept++] = loop;
    }
    table->segment_count = kept;
}
