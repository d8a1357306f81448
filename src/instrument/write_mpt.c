/* SPDX-License-Identifier: BSD-3-Clause */
/* write_mpt.c: a table as EC-Lab would export it as text: a header, the parameter block, columns separated by tabs,
 * Windows-1252, CRLF, a tab behind the last name and no line end behind the last row. Columns of other makers get EC-Lab's
 * name and unit where it has one. */
#include "text_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_AT_ONCE = 512, CELL_CHARACTERS = 20 };

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* ---- the header ---- */

/* It is made twice: once to count its lines, once to write it. output NULL: only count. */
typedef struct header {
    const closo_table *table;
    closo_output *output;
    size_t lines;
} header;

static void line(header *h, const char *words, const char *value)
{
    h->lines++;
    if (h->output == NULL)
        return;
    closo_output_write(h->output, "\t", *words == '\t');
    closo_eclab_put_text(h->output, words + (*words == '\t'));
    closo_eclab_put_text(h->output, value);
    closo_output_write(h->output, "\r\n", 2);
}

/* A text or a number with its unit; "" when the key is not there. */
static const char *value_of(const header *h, const char *key, char *text, size_t size)
{
    char number[40];
    text[0] = '\0';
    for (size_t i = 0; i < h->table->metadatum_count; i++) {
        const closo_metadatum *entry = &h->table->metadata[i];
        if (strcmp(entry->key, key) != 0)
            continue;
        if (entry->text != NULL)
            return entry->text;
        closo_number_print(entry->number, number, sizeof number);
        const bool has_unit = *entry->unit != '\0' && strcmp(entry->unit, "1") != 0;
        snprintf(text, size, "%s%s%.60s", number, has_unit ? " " : "", has_unit ? entry->unit : "");
    }
    return text;
}

static bool has_key(const header *h, const char *key)
{
    for (size_t i = 0; i < h->table->metadatum_count; i++)
        if (strcmp(h->table->metadata[i].key, key) == 0)
            return true;
    return false;
}

static void with_serial(header *h, const char *words, const char *key)
{
    char buffer[128], serial_key[64], joined[300];
    snprintf(serial_key, sizeof serial_key, "%s_serial", key);
    const char *serial = value_of(h, serial_key, buffer, sizeof buffer);
    char own[128];
    const char *name = value_of(h, key, own, sizeof own);
    if (*name == '\0')
        return;
    if (*serial != '\0')
        snprintf(joined, sizeof joined, "%.120s (SN %.120s)", name, serial);
    else
        snprintf(joined, sizeof joined, "%.250s", name);
    line(h, words, joined);
}

static void date(header *h, const char *words, const char *key)
{
    char text[64], buffer[64];
    closo_date when;
    const char *known = value_of(h, key, buffer, sizeof buffer);
    if (!closo_date_parse(closo_span_of(known), CLOSO_MONTH_FIRST, &when))
        return;
    snprintf(text, sizeof text, "%02d/%02d/%04d %02d:%02d:%02d.%03d", when.month, when.day,
             when.year, when.hour, when.minute, when.second, when.nanosecond / 1000000);
    line(h, words, text);
}

/* Lines of EC-Lab's own wording, in its order. always: also when there is no value. */
static const struct {
    const char *words, *key;
    bool always;
} plain_lines[] = {
    {"User : ", "operator", true},
    {"Electrode connection : ", "electrode_connection", false},
    {"Potential control : ", "potential_control", false},
    {"Ewe,I filtering : ", "filtering", false},
    {"Channel : ", "channel_connection", false},
    {"Electrode material : ", "electrode_material", true},
    {"Initial state : ", "initial_state", true},
    {"Electrolyte : ", "electrolyte", true},
    {"Mass of active material : ", "active_mass", false},
    {" at x = ", "active_mass_at_x", false},
    {"Molecular weight of active material (at x = 0) : ", "molar_mass", false},
    {"Atomic weight of intercalated ion : ", "ion_molar_mass", false},
    {"Acquisition started at : xo = ", "x_start", false},
    {"Number of e- transfered per intercalated ion : ", "electrons_per_ion", false},
    {"for DX = 1, DQ = ", "charge_per_x", false},
    {"Battery capacity : ", "battery_capacity", false},
    {"Current amplifier : ", "current_amplifier", false},
    {"Cable : ", "cable", false},
    {"Reference electrode : ", "reference", false},
    {"Electrode surface area : ", "electrode_area", false},
    {"Characteristic mass : ", "characteristic_mass", false},
    {"Equivalent Weight : ", "equivalent_weight", false},
    {"Density : ", "density", false},
    {"Volume (V) : ", "electrolyte_volume", false},
};

/* Keys with lines of their own, or that follow from other lines. */
static const char *const special_keys[] = {
    "technique",
    "channel",
    "channel_serial",
    "instrument",
    "instrument_serial",
    "start_time",
    "technique_start_time",
    "software",
    "firmware",
    "comments",
    "control_range_low",
    "control_range_high",
    "safety_limits",
    "compliance",
    "cycle_definition",
    "setting_file",
    "original_file",
    "reference_potential",
    "averaged_points",
    "recorded",
};

static bool is_special(const char *key)
{
    for (size_t i = 0; i < sizeof special_keys / sizeof *special_keys; i++)
        if (strcmp(key, special_keys[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof plain_lines / sizeof *plain_lines; i++)
        if (strcmp(key, plain_lines[i].key) == 0)
            return true;
    return false;
}

static void plain_line(header *h, size_t i)
{
    char buffer[160];
    if (plain_lines[i].always || has_key(h, plain_lines[i].key))
        line(h, plain_lines[i].words, value_of(h, plain_lines[i].key, buffer, sizeof buffer));
}

static void control_range(header *h)
{
    char low[160], high[160], text[340];
    const char *from = value_of(h, "control_range_low", low, sizeof low);
    const char *to = value_of(h, "control_range_high", high, sizeof high);
    if (*from == '\0' || *to == '\0')
        return;
    snprintf(text, sizeof text, "min = %.150s, max = %.150s", from, to);
    line(h, "Ewe ctrl range : ", text);
}

/* A line for each line of the comments. */
static void comments(header *h)
{
    char buffer[160], part[256];
    const char *text = value_of(h, "comments", buffer, sizeof buffer);
    do {
        size_t length = strcspn(text, "\n");
        snprintf(part, sizeof part, "%.*s", (int)(length < 255 ? length : 255), text);
        line(h, "Comments : ", part);
        text += length + (text[length] == '\n');
    } while (*text != '\0');
}

/* "EC-Lab 11.12" as EC-Lab words it; another program's name under its own key. */
static void versions(header *h)
{
    char buffer[160], text[200];
    const char *software = value_of(h, "software", buffer, sizeof buffer);
    const bool own = strncmp(software, "EC-Lab ", 7) == 0 || strncmp(software, "BT-Lab ", 7) == 0;
    if (own) {
        snprintf(text, sizeof text, "%.6s for windows v%.100s (software)", software, software + 7);
        line(h, text, "");
    } else if (*software != '\0') {
        line(h, "software : ", software);
    }
    const char *firmware = value_of(h, "firmware", buffer, sizeof buffer);
    if (*firmware != '\0') {
        snprintf(text, sizeof text, "Internet server v%.100s (firmware)", firmware);
        line(h, text, "");
    }
}

static bool is_biologic(const closo_table *table)
{
    return strncmp(table->format, "BioLogic", 8) == 0;
}

/* What EC-Lab has no line for is kept under closo's own key, which the reader understands. With a parameter block, what
 * follows from it is left to it. */
static void further_keys(header *h)
{
    char buffer[160];
    static const char *const of_settings[] = {
        "scan_rate",      "potential_limit_low", "potential_limit_high",
        "c_rate",         "applied_current",     "applied_potential",
        "frequency_high", "frequency_low",       "frequency",
        "amplitude"};
    for (size_t i = 0; i < h->table->metadatum_count; i++) {
        const char *key = h->table->metadata[i].key;
        bool left_out = is_special(key);
        for (size_t k = 0; k < sizeof of_settings / sizeof *of_settings; k++)
            left_out |= is_biologic(h->table) && h->table->setting_count != 0 &&
                        strcmp(key, of_settings[k]) == 0;
        if (left_out)
            continue;
        char words[96];
        snprintf(words, sizeof words, "%.80s : ", key);
        line(h, words, value_of(h, key, buffer, sizeof buffer));
    }
}

static void setting_cell(closo_output *output, const char *text)
{
    size_t count = closo_eclab_put_text(output, text);
    for (; count < CELL_CHARACTERS; count++)
        closo_output_write(output, " ", 1);
}

static void settings(header *h)
{
    for (size_t i = 0; i < h->table->setting_count && is_biologic(h->table); i++) {
        const closo_setting *setting = &h->table->settings[i];
        bool fits = characters(setting->name) < CELL_CHARACTERS;
        for (size_t v = 0; v < setting->value_count; v++)
            fits &= characters(setting->values[v]) < CELL_CHARACTERS;
        if (!fits)
            continue;
        h->lines++;
        if (h->output == NULL)
            continue;
        setting_cell(h->output, setting->name);
        for (size_t v = 0; v < setting->value_count; v++)
            setting_cell(h->output, setting->values[v]);
        closo_output_write(h->output, "\r\n", 2);
    }
}

static bool is_loop(const closo_segment *segment)
{
    return strncmp(segment->name, "loop ", 5) == 0 && segment->row_count != 0;
}

static void loops(header *h)
{
    char text[128];
    size_t count = 0;
    for (size_t i = 0; i < h->table->segment_count; i++)
        count += is_loop(&h->table->segments[i]);
    line(h, "", "");
    if (count == 0)
        return;
    snprintf(text, sizeof text, "%zu", count);
    line(h, "Number of loops : ", text);
    for (size_t i = 0; i < h->table->segment_count; i++) {
        const closo_segment *s = &h->table->segments[i];
        if (!is_loop(s))
            continue;
        snprintf(text, sizeof text, "%.20s from point number %zu to %zu", s->name + 5, s->first_row,
                 s->first_row + s->row_count - 1);
        line(h, "Loop ", text);
    }
    line(h, "", "");
}

static void all_lines(header *h)
{
    char buffer[160];
    const char *technique = value_of(h, "technique", buffer, sizeof buffer);
    line(h, "", "");
    line(h, *technique != '\0' ? technique : h->table->technique, "");
    line(h, "", "");
    with_serial(h, "Run on channel : ", "channel");
    plain_line(h, 0);
    if (has_key(h, "compliance"))
        line(h, "CE vs. WE compliance ", value_of(h, "compliance", buffer, sizeof buffer));
    plain_line(h, 1);
    plain_line(h, 2);
    control_range(h);
    plain_line(h, 3);
    if (has_key(h, "safety_limits")) {
        line(h, "Safety Limits :", "");
        line(h, "\t", value_of(h, "safety_limits", buffer, sizeof buffer));
    }
    plain_line(h, 4);
    date(h, "Acquisition started on : ", "start_time");
    date(h, "Technique started on : ", "technique_start_time");
    if (has_key(h, "setting_file"))
        line(h, "Loaded Setting File :  ", value_of(h, "setting_file", buffer, sizeof buffer));
    if (has_key(h, "original_file")) {
        line(h, "Saved on :", "");
        line(h, "\tFile : ", value_of(h, "original_file", buffer, sizeof buffer));
    }
    with_serial(h, "Device : ", "instrument");
    versions(h);
    for (size_t i = 5; i < 8; i++)
        plain_line(h, i);
    comments(h);
    for (size_t i = 8; i < sizeof plain_lines / sizeof *plain_lines; i++)
        plain_line(h, i);
    if (has_key(h, "averaged_points")) {
        char text[200];
        snprintf(text, sizeof text, "Average data every %.100s points",
                 value_of(h, "averaged_points", buffer, sizeof buffer));
        line(h, text, "");
    }
    if (has_key(h, "recorded"))
        line(h, "Record ", value_of(h, "recorded", buffer, sizeof buffer));
    further_keys(h);
    const char *definition = value_of(h, "cycle_definition", buffer, sizeof buffer);
    line(h,
         "Cycle Definition : ", *definition != '\0' ? definition : "Charge/Discharge alternance");
    settings(h);
    loops(h);
}

static void write_header(closo_output *output, const closo_table *table)
{
    header counted = {table, NULL, 0}, written = {table, output, 0};
    char text[64];
    all_lines(&counted);
    closo_output_write(output, "EC-Lab ASCII FILE\r\n", 19);
    int length = snprintf(text, sizeof text, "Nb header lines : %zu", counted.lines + 3);
    closo_output_printf(output, "%-*s\r\n", length < 46 ? 46 : length, text);
    all_lines(&written);
}

/* ---- columns ---- */

/* What a column is called and how its numbers become EC-Lab's unit. */
typedef struct mpt_column {
    char name[96];
    double factor, offset; /* written = factor * value + offset */
    int digits;            /* 8 or 16; 0: whole numbers */
} mpt_column;

static const struct {
    closo_quantity quantity;
    const char *name, *unit;
    double sign;
} eclab_names[] = {
    {CLOSO_QUANTITY_TIME, "time/s", "s", 1},
    {CLOSO_QUANTITY_STEP_TIME, "step time/s", "s", 1},
    {CLOSO_QUANTITY_POTENTIAL, "Ewe/V", "V", 1},
    {CLOSO_QUANTITY_POTENTIAL_AVERAGE, "<Ewe>/V", "V", 1},
    {CLOSO_QUANTITY_CURRENT, "I/mA", "mA", 1},
    {CLOSO_QUANTITY_CURRENT_AVERAGE, "<I>/mA", "mA", 1},
    {CLOSO_QUANTITY_CHARGE, "(Q-Qo)/mA.h", "mA.h", 1},
    {CLOSO_QUANTITY_CAPACITY, "Capacity/mA.h", "mA.h", 1},
    {CLOSO_QUANTITY_CAPACITY_CHARGE, "Q charge/mA.h", "mA.h", 1},
    {CLOSO_QUANTITY_CAPACITY_DISCHARGE, "Q discharge/mA.h", "mA.h", 1},
    {CLOSO_QUANTITY_ENERGY_CHARGE, "Energy charge/W.h", "W.h", 1},
    {CLOSO_QUANTITY_ENERGY_DISCHARGE, "Energy discharge/W.h", "W.h", 1},
    {CLOSO_QUANTITY_POWER, "P/W", "W", 1},
    {CLOSO_QUANTITY_FREQUENCY, "freq/Hz", "Hz", 1},
    {CLOSO_QUANTITY_IMPEDANCE_REAL, "Re(Z)/Ohm", "Ohm", 1},
    {CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "-Im(Z)/Ohm", "Ohm", -1},
    {CLOSO_QUANTITY_IMPEDANCE_MODULUS, "|Z|/Ohm", "Ohm", 1},
    {CLOSO_QUANTITY_PHASE, "Phase(Z)/deg", "deg", 1},
    {CLOSO_QUANTITY_TEMPERATURE, "Temperature/°C", "°C", 1},
    {CLOSO_QUANTITY_CYCLE, "cycle number", "", 1},
    {CLOSO_QUANTITY_STEP, "Ns", "", 1},
};

static bool is_counted(closo_quantity quantity)
{
    return quantity == CLOSO_QUANTITY_MODE || quantity == CLOSO_QUANTITY_FLAG ||
           quantity == CLOSO_QUANTITY_STEP || quantity == CLOSO_QUANTITY_HALF_CYCLE ||
           quantity == CLOSO_QUANTITY_RANGE || quantity == CLOSO_QUANTITY_RECORD ||
           quantity == CLOSO_QUANTITY_LOOP;
}

static void name_column(const closo_table *table, const closo_column *column, mpt_column *to)
{
    closo_quantity known;
    closo_unit unit;
    snprintf(to->name, sizeof to->name, "%.90s", column->name);
    to->factor = 1;
    to->offset = 0;
    /* The cycle number is a count, but EC-Lab prints it as a real number. */
    const bool stored_whole = column->storage == CLOSO_STORE_U8 ||
                              column->storage == CLOSO_STORE_U16 ||
                              column->storage == CLOSO_STORE_U32;
    const bool whole =
        (stored_whole && column->quantity != CLOSO_QUANTITY_CYCLE) || is_counted(column->quantity);
    to->digits = whole ? 0 : column->storage == CLOSO_STORE_F32 ? 8 : 16;
    if (closo_eclab_column_quantity(column->name, &known) || column->labels != NULL)
        return;
    for (size_t i = 0; i < sizeof eclab_names / sizeof *eclab_names; i++) {
        if (eclab_names[i].quantity != column->quantity ||
            closo_table_find(table, column->quantity) != column ||
            closo_table_find_name(table, eclab_names[i].name) != NULL ||
            closo_unit_parse(eclab_names[i].unit, &unit, NULL) != CLOSO_OK)
            continue;
        snprintf(to->name, sizeof to->name, "%s", eclab_names[i].name);
        to->factor = eclab_names[i].sign * column->si_factor / unit.factor;
        to->offset = eclab_names[i].sign * (column->si_offset - unit.offset) / unit.factor;
        return;
    }
    /* Another maker's column keeps its name, with its unit where EC-Lab has it. */
    const size_t length = strlen(to->name), tail = strlen(column->unit);
    if (tail != 0 && length + tail + 2 < sizeof to->name &&
        strcmp(closo_eclab_column_unit(column->name), column->unit) != 0)
        snprintf(to->name + length, sizeof to->name - length, "/%.30s", column->unit);
}

static void write_cell(closo_output *output, const closo_column *column, const mpt_column *as,
                       double value)
{
    char text[40];
    size_t length;
    const bool float_labels = column->labels != NULL && (column->storage == CLOSO_STORE_F64 ||
                                                         column->storage == CLOSO_STORE_F32);
    if (isnan(value)) {
        closo_output_write(output, "XXX", 3);
        return;
    }
    if (float_labels && value >= 0 && value < (double)column->label_count) {
        closo_eclab_put_text(output, column->labels[(size_t)value]);
        return;
    }
    if (as->factor != 1 || as->offset != 0)
        value = as->factor * value + as->offset;
    /* From 2^53 on doubles are whole anyway; infinities have no digits. */
    if (!isfinite(value) || (as->digits == 0 && value == floor(value) && fabs(value) < 9e15))
        length = closo_number_print(value, text, sizeof text);
    else
        length = closo_eclab_print_number(value, as->digits == 0 ? 16 : as->digits, text);
    closo_output_write(output, text, length);
}

static void write_rows(closo_output *output, const closo_table *table, const mpt_column *columns,
                       double *values)
{
    for (size_t first = 0; first < table->row_count; first += ROWS_AT_ONCE) {
        size_t left = table->row_count - first, count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        for (size_t c = 0; c < table->column_count; c++)
            closo_column_read(&table->columns[c], first, count, values + c * ROWS_AT_ONCE);
        for (size_t r = 0; r < count; r++) {
            if (first + r != 0)
                closo_output_write(output, "\r\n", 2);
            for (size_t c = 0; c < table->column_count; c++) {
                closo_output_write(output, "\t", c != 0);
                write_cell(output, &table->columns[c], &columns[c], values[c * ROWS_AT_ONCE + r]);
            }
        }
    }
}

closo_status closo_table_write_mpt(const closo_table *table, const char *path, closo_arena *arena,
                                   closo_error *error)
{
    closo_output *output = NULL;
    mpt_column *columns = closo_arena_alloc(arena, table->column_count, sizeof *columns);
    double *values = closo_arena_alloc(arena, table->column_count, ROWS_AT_ONCE * sizeof *values);
    if (columns == NULL || values == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    write_header(output, table);
    for (size_t c = 0; c < table->column_count; c++) {
        name_column(table, &table->columns[c], &columns[c]);
        closo_eclab_put_text(output, columns[c].name);
        closo_output_write(output, "\t", 1);
    }
    closo_output_write(output, "\r\n", 2);
    write_rows(output, table, columns, values);
    return closo_output_commit(output, error);
}
