/* SPDX-License-Identifier: BSD-3-Clause */
/* palmsens_session.c: PalmSens's PSTrace sessions (.pssession): one JSON object in UTF-16, with Measurements, each of which
 * has a DataSet of Values: arrays with a Description, a Unit and DataValues [{"V": number}, ...]. Impedance is what has
 * Frequency, ZRe and ZIm; the Unit's words tell that ZIm is -Z''. Each such measurement becomes a sweep. The method is a text
 * of lines KEY=value. Fitted curves and plots (EISDataList) are not read. */
#include "sweep_text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { KIND_COUNT = 11, MEASUREMENTS_MAX = 10000 };

/* What a session has of a measurement. The first three are needed. */
static const struct {
    const char *description, *name, *unit;
    closo_quantity quantity;
} kinds[KIND_COUNT] = {
    {"Frequency", "freq/Hz", "Hz", CLOSO_QUANTITY_FREQUENCY},
    {"ZRe", "Z'/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_REAL},
    {"ZIm", "-Z''/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY},
    {"Z", "|Z|/ohm", "ohm", CLOSO_QUANTITY_IMPEDANCE_MODULUS},
    {"Phase", "-Phase/deg", "deg", CLOSO_QUANTITY_PHASE},
    {"time", "time/s", "s", CLOSO_QUANTITY_TIME},
    {"Idc", "Idc/uA", "uA", CLOSO_QUANTITY_CURRENT_AVERAGE},
    {"mEdc", "Edc/V", "V", CLOSO_QUANTITY_POTENTIAL_AVERAGE},
    {"potential", "potential/V", "V", CLOSO_QUANTITY_POTENTIAL_CONTROL},
    {"Iac", "Iac/uA", "uA", CLOSO_QUANTITY_OTHER},
    {"Eac", "Eac/V", "V", CLOSO_QUANTITY_OTHER},
};

/* Values that count from 0 to DataValues; NULL where the measurement has none. */
typedef struct measurement {
    const json_t *object;
    const json_t *values[KIND_COUNT];
    size_t points;
} measurement;

typedef struct session {
    const closo_source *source;
    closo_table *table;
    measurement *list;
    size_t count, capacity, others;
    size_t odd_lengths;
} session;

static int recognise(const closo_source *source)
{
    closo_span start = {(const char *)source->bytes, source->size < 4096 ? source->size : 4096};
    start = closo_span_trim(start);
    return closo_span_starts(start, "{") &&
                   (closo_span_contains(start, "\"PalmSens.DataFiles.SessionFile\"") ||
                    (closo_span_contains(start, "\"MethodForMeasurement\"") &&
                     closo_span_contains(start, "PSTrace")))
               ? 95
               : 0;
}

/* ---- arrays ---- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* The last word of the unit's type ("PalmSens.Units.MicroAmpere"): is it the one that is expected? */
static bool unit_fits(const json_t *array, size_t kind)
{
    static const char *const types[KIND_COUNT] = {"Hertz", "ZRe",         "ZIm",         "Z",
                                                  "Phase", "Time",        "MicroAmpere", "Volt",
                                                  "Volt",  "MicroAmpere", "Volt"};
    const char *type = text_of(json_object_get(array, "Unit"), "Type");
    const char *last = strrchr(type, '.');
    return last == NULL || strcmp(last + 1, types[kind]) == 0;
}

/* ZIm and Phase are turned, as the words of their units tell; without those words they are as measured. */
static bool is_turned(const json_t *array)
{
    const char *words = text_of(json_object_get(array, "Unit"), "Q");
    return *words == '-' || *words == '\0';
}

static void take_arrays(measurement *m, const json_t *object)
{
    const json_t *values = json_object_get(json_object_get(object, "DataSet"), "Values");
    const size_t count = json_array_size(values);
    m->object = object;
    for (size_t i = 0; i < count; i++) {
        const json_t *array = json_array_get(values, i);
        const char *description = text_of(array, "Description");
        for (size_t k = 0; k < KIND_COUNT; k++)
            if (m->values[k] == NULL && strcmp(description, kinds[k].description) == 0 &&
                unit_fits(array, k) && json_is_array(json_object_get(array, "DataValues")))
                m->values[k] = array;
    }
    m->points =
        m->values[0] != NULL ? json_array_size(json_object_get(m->values[0], "DataValues")) : 0;
}

static size_t length_of(const json_t *array)
{
    return json_array_size(json_object_get(array, "DataValues"));
}

/* The measurements that have an impedance; the rest is counted. */
static closo_status take_measurements(session *s, const json_t *root)
{
    const json_t *measurements = json_object_get(root, "Measurements");
    const size_t count = json_array_size(measurements);
    for (size_t i = 0; i < count && i < MEASUREMENTS_MAX; i++) {
        measurement m = {0};
        take_arrays(&m, json_array_get(measurements, i));
        if (m.points == 0 || m.values[1] == NULL || m.values[2] == NULL) {
            s->others++;
            continue;
        }
        measurement *list =
            closo_arena_grow(s->source->arena, s->list, s->count, &s->capacity, sizeof *list);
        if (list == NULL)
            return CLOSO_NOMEM;
        s->list = list;
        list[s->count++] = m;
        s->table->row_count += m.points;
    }
    return CLOSO_OK;
}

/* ---- columns ---- */

static void copy_values(const json_t *array, double *values, size_t count, double sign)
{
    const json_t *list = json_object_get(array, "DataValues");
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(json_array_get(list, i), "V");
        values[i] = json_is_number(value) ? sign * json_number_value(value) : (double)NAN;
    }
}

static void note_length(session *s, const char *description, size_t values, size_t points)
{
    if (s->odd_lengths++ == 0)
        closo_table_note(s->table,
                         "'%s' has %zu values for %zu frequencies, so nobody can tell which belong "
                         "together; it and others like it are left out",
                         description, values, points);
}

/* The instrument's numbers are kept; where a session mixes both signs, those that are as measured are turned. */
static bool add_kind(session *s, size_t kind)
{
    double *values = closo_arena_alloc(s->table->arena, s->table->row_count, sizeof *values);
    size_t row = 0;
    bool found = false;
    if (values == NULL)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        const measurement *m = &s->list[i];
        const json_t *array = m->values[kind];
        const bool signed_kind = kind == 2 || kind == 4;
        const bool whole = array != NULL && length_of(array) == m->points;
        for (size_t r = 0; r < m->points; r++)
            values[row + r] = NAN;
        if (whole) {
            copy_values(array, values + row, m->points, signed_kind && !is_turned(array) ? -1 : 1);
            found = true;
        } else if (array != NULL) {
            note_length(s, kinds[kind].description, length_of(array), m->points);
        }
        row += m->points;
    }
    if (!found)
        return true;
    closo_column *column = closo_table_add_values(s->table, kinds[kind].name, kinds[kind].unit,
                                                  kinds[kind].quantity, values);
    if (column == NULL)
        return false;
    if (kind == 4) /* the SI value is that of the phase, not of its opposite */
        column->si_factor = -column->si_factor;
    return true;
}

static closo_status add_segments(session *s)
{
    double *numbers = closo_arena_alloc(s->table->arena, s->table->row_count, sizeof *numbers);
    size_t row = 0;
    if (numbers == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < s->count; i++) {
        char *title =
            closo_text_string(s->table->arena, closo_span_of(text_of(s->list[i].object, "Title")));
        if (title == NULL ||
            closo_table_add_segment(s->table, title, row, s->list[i].points) != CLOSO_OK)
            return CLOSO_NOMEM;
        for (size_t r = 0; r < s->list[i].points; r++)
            numbers[row++] = (double)(i + 1);
    }
    closo_column *column =
        closo_table_add_values(s->table, "sweep", "", CLOSO_QUANTITY_LOOP, numbers);
    if (column == NULL)
        return CLOSO_NOMEM;
    column->derived = true;
    return CLOSO_OK;
}

/* ---- what is known ---- */

static closo_status keep_method(session *s, const char *method)
{
    static const struct {
        const char *word, *key, *unit; /* unit NULL: text */
    } keys[] = {{"AMPLITUDE", "amplitude", "V"},     {"MAX_FREQ", "frequency_high", "Hz"},
                {"MIN_FREQ", "frequency_low", "Hz"}, {"E", "applied_potential", "V"},
                {"AREA", "electrode_area", "cm2"},   {"REF_ELECTRODE_NAME", "reference", NULL}};
    closo_span rest = closo_span_of(method), line;
    while (closo_text_line(&rest, '\n', &line)) {
        const char *sign = line.length != 0 ? memchr(line.start, '=', line.length) : NULL;
        if (sign == NULL || line.start[0] == '#')
            continue;
        const closo_span word = {line.start, (size_t)(sign - line.start)};
        const closo_span value = {sign + 1, (size_t)(line.start + line.length - sign - 1)};
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            double number = 0;
            if (!closo_span_equals(word, keys[i].word))
                continue;
            const bool unset = strcmp(keys[i].key, "electrode_area") == 0 &&
                               closo_number_parse(value, '.', &number) && number == 0;
            closo_status status =
                unset ? CLOSO_OK
                : keys[i].unit != NULL
                    ? closo_sweep_keep_number(s->table, keys[i].key, value, keys[i].unit)
                    : closo_sweep_keep_text(s->table, keys[i].key, value);
            if (status != CLOSO_OK)
                return status;
        }
    }
    return CLOSO_OK;
}

static closo_status keep_known(session *s, const json_t *root)
{
    /* Ticks of 100 ns since the year 1, by the clock of the computer; 693593 days lie between that and 1899-12-30. */
    static const double ticks_per_day = 864e9, days_before_1900 = 693593;
    const json_t *first = s->list[0].object;
    const json_t *ticks = json_object_get(first, "TimeStamp");
    closo_date date;
    char text[48];
    if (json_is_number(ticks) &&
        closo_date_of_days(json_number_value(ticks) / ticks_per_day - days_before_1900, &date)) {
        closo_date_print(&date, text);
        if (closo_table_set_text(s->table, "start_time", text) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    const char *method = text_of(first, "Method");
    const struct {
        const char *key, *text;
    } texts[] = {{"title", text_of(first, "Title")},
                 {"instrument_serial", text_of(first, "DeviceSerial")},
                 {"firmware", text_of(first, "DeviceFW")},
                 {"software", text_of(root, "CoreVersion")}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (closo_sweep_keep_text(s->table, texts[i].key, closo_span_of(texts[i].text)) != CLOSO_OK)
            return CLOSO_NOMEM;
    return keep_method(s, *method != '\0' ? method : text_of(root, "MethodForMeasurement"));
}

/* ---- the whole ---- */

static closo_status read_root(session *s, const json_t *root, closo_error *error)
{
    s->table = closo_sweep_table(s->source, closo_format_pssession.name, "PalmSens");
    if (s->table == NULL || take_measurements(s, root) != CLOSO_OK)
        return closo_fail_nomem(error);
    s->table->technique = "PEIS";
    if (s->count == 0)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "this PSTrace session holds no impedance (Frequency, ZRe and ZIm) among "
                          "its %zu measurements; export the others as CSV from PSTrace",
                          s->others);
    for (size_t k = 0; k < KIND_COUNT; k++)
        if (!add_kind(s, k))
            return closo_fail_nomem(error);
    if ((s->count > 1 && add_segments(s) != CLOSO_OK) || keep_known(s, root) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (s->others != 0)
        closo_table_note(s->table, "%zu measurements without an impedance are left out", s->others);
    closo_sweeps_check(s->table);
    return CLOSO_OK;
}

static closo_status read_session(const closo_source *source, closo_table **result,
                                 closo_error *error)
{
    enum { LARGEST = 256 << 20 };
    session s = {.source = source};
    json_error_t wrong;
    if (source->size > LARGEST)
        return closo_fail(error, CLOSO_LIMIT,
                          "the session has %zu bytes, more than the %d MiB that closo takes; save "
                          "fewer measurements in one session",
                          source->size, LARGEST >> 20);
    /* PSTrace writes a byte order mark behind the object too. */
    json_t *root =
        json_loadb((const char *)source->bytes, source->size, JSON_DISABLE_EOF_CHECK, &wrong);
    if (root == NULL) {
        closo_text_clean(wrong.text);
        return closo_fail_line(error, CLOSO_FORMAT, wrong.line > 0 ? (size_t)wrong.line : 0,
                               "the session is not whole or was changed: %.100s; save it again in "
                               "PSTrace",
                               wrong.text);
    }
    closo_status status = read_root(&s, root, error);
    json_decref(root);
    if (status == CLOSO_OK)
        *result = s.table;
    return status;
}

const closo_format closo_format_pssession = {"PalmSens .pssession", recognise, read_session};
