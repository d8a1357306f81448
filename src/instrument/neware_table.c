/* SPDX-License-Identifier: BSD-3-Clause */
/* neware_table.c: the columns that .nda and .ndax have in common, and the numbers behind their codes. Names are those of
 * Neware's own export (BTSDA) with one unit for all files. */
#include "neware_internal.h"

#include <iconv.h>
#include <math.h>
#include <string.h>

/* As BTSDA words them; the code of a step is the place in this list. */
static const char *const step_types[] = {
    "unknown",  "CC Chg",  "CC DChg", "CV Chg",  "Rest",      "Cycle",     "6",
    "CCCV Chg", "CP DChg", "CP Chg",  "CR DChg", "11",        "12",        "Pause",
    "14",       "15",      "Pulse",   "SIM",     "PCCCV Chg", "CV DChg",   "CCCV DChg",
    "Control",  "OCV",     "23",      "24",      "Ramp",      "CPCV DChg", "CPCV Chg",
};
enum { STEP_TYPE_COUNT = sizeof step_types / sizeof *step_types };

bool closo_neware_rows_new(closo_neware_rows *rows, size_t count, bool with_floats,
                           closo_arena *arena)
{
    double **const numbers[] = {&rows->step_time_s,   &rows->time_s,        &rows->clock_s,
                                &rows->charge_mAh,    &rows->discharge_mAh, &rows->charge_mWh,
                                &rows->discharge_mWh, &rows->voltage_V,     &rows->current_mA};
    const size_t number_count = sizeof numbers / sizeof *numbers - (with_floats ? 2 : 0);
    uint32_t **const counters[] = {&rows->index, &rows->cycle, &rows->step, &rows->step_count};
    memset(rows, 0, sizeof *rows);
    rows->count = count;
    rows->type = closo_arena_alloc(arena, count, 1);
    rows->jump = closo_arena_alloc(arena, count, 1);
    bool complete = rows->type != NULL && rows->jump != NULL;
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        complete &= (*counters[i] = closo_arena_alloc(arena, count, sizeof(uint32_t))) != NULL;
    for (size_t i = 0; i < number_count; i++) {
        *numbers[i] = closo_arena_alloc(arena, count, sizeof(double));
        complete &= *numbers[i] != NULL;
    }
    return complete;
}

/* Found by the vendor's exports: the resolution follows the range, positive codes for the series that gives them in mA,
 * negative ones for the series with coarser steps. */
double closo_neware_multiplier(int32_t range_code)
{
    static const struct {
        int32_t from, to;
        double multiplier;
    } ranges[] = {
        {-100000000, -100000000, 1e1},
        {-200000, -1000, 1e-2},
        {-999, -100, 1e-3},
        {-99, -10, 1e-4},
        {-9, -1, 1e-5},
        {1, 9, 1e-4},
        {10, 99, 1e-3},
        {100, 999, 1e-2},
        {1000, 200000, 1e-1},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (range_code >= ranges[i].from && range_code <= ranges[i].to)
            return ranges[i].multiplier;
    return (double)NAN;
}

double closo_neware_clock(unsigned year, unsigned month, unsigned day, unsigned hour,
                          unsigned minute, unsigned second)
{
    if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
        minute > 59 || second > 60)
        return (double)NAN;
    const closo_date date = {.year = (int)year,
                             .month = (int)month,
                             .day = (int)day,
                             .hour = (int)hour,
                             .minute = (int)minute,
                             .second = (int)second,
                             .has_time = true};
    return closo_date_seconds(&date);
}

static bool discharges(unsigned type)
{
    const char *word = type < STEP_TYPE_COUNT ? step_types[type] : "";
    return strstr(word, "DChg") != NULL;
}

void closo_neware_split(const closo_neware_rows *rows, size_t row, double current_mA,
                        double amount_mAh, double amount_mWh)
{
    const bool out =
        amount_mAh < 0 || current_mA < 0 || (!(current_mA > 0) && discharges(rows->type[row]));
    rows->charge_mAh[row] = out ? 0 : amount_mAh;
    rows->charge_mWh[row] = out ? 0 : fabs(amount_mWh);
    rows->discharge_mAh[row] = out ? fabs(amount_mAh) : 0;
    rows->discharge_mWh[row] = out ? fabs(amount_mWh) : 0;
}

size_t closo_neware_row_of(const closo_neware_rows *rows, uint32_t index)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rows->index[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows->count && rows->index[low] == index ? low : SIZE_MAX;
}

/* A step begins where its number, its type or the file's counter changes, or where its clock goes back to the start. */
static void count_steps(closo_neware_rows *rows)
{
    uint32_t steps = rows->count != 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (i != 0 && (rows->step[i] != rows->step[i - 1] || rows->type[i] != rows->type[i - 1] ||
                       rows->jump[i] != rows->jump[i - 1] ||
                       (rows->has_step_time && rows->step_time_s[i] < rows->step_time_s[i - 1])))
            steps++;
        rows->step_count[i] = steps;
    }
}

/* The vendor's software counts the total time so: each step begins where the one before has ended. */
static void add_up_times(closo_neware_rows *rows)
{
    double before_s = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (i != 0 && rows->step_count[i] != rows->step_count[i - 1]) {
            const double last_s =
                rows->has_total_time ? rows->time_s[i - 1] : rows->step_time_s[i - 1];
            if (rows->has_total_time)
                before_s = last_s;
            else if (isfinite(last_s))
                before_s += last_s;
        }
        if (rows->has_total_time)
            rows->step_time_s[i] = rows->time_s[i] - before_s;
        else
            rows->time_s[i] = before_s + rows->step_time_s[i];
    }
}

static void note_oddities(closo_neware_rows *rows, closo_table *table)
{
    size_t unknown = 0, back = 0;
    unsigned first = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->type[i] >= STEP_TYPE_COUNT || rows->type[i] == 0) {
            first = unknown++ == 0 ? rows->type[i] : first;
            rows->type[i] = 0;
        }
        back += i != 0 && rows->clock_s[i] < rows->clock_s[i - 1];
    }
    if (unknown != 0)
        closo_table_note(table, "the type of the step is unknown in %zu rows (first code %u)",
                         unknown, first);
    if (back != 0 && rows->has_clock)
        closo_table_note(table,
                         "the clock of the computer goes back in %zu places; the time since the "
                         "start does not",
                         back);
    if (rows->clock_is_local)
        closo_table_note(table, "the file tells the clock of the computer but not its time zone: "
                                "'Timestamp/s' is local time, not UTC");
}

static bool add_bytes(closo_table *table, const char *name, closo_quantity quantity,
                      closo_storage storage, size_t size, const void *data)
{
    closo_column *column = closo_table_add_column(table, name, NULL, quantity);
    if (column == NULL)
        return false;
    column->storage = storage;
    column->data = data;
    column->stride_bytes = size;
    return true;
}

static bool add_floats(closo_table *table, const char *name, closo_quantity quantity,
                       const float *values, double factor)
{
    if (!add_bytes(table, name, quantity, CLOSO_STORE_F32, sizeof *values, values))
        return false;
    closo_column *column = &table->columns[table->column_count - 1];
    if (factor != 1) {
        column->view = CLOSO_VIEW_LINEAR;
        column->view_factor = factor;
    }
    return true;
}

static bool add_counters(const closo_neware_rows *rows, closo_table *table)
{
    const size_t size = sizeof(uint32_t);
    if (!add_bytes(table, "Index", CLOSO_QUANTITY_RECORD, CLOSO_STORE_U32, size, rows->index))
        return false;
    if (rows->has_cycle &&
        !add_bytes(table, "Cycle Index", CLOSO_QUANTITY_CYCLE, CLOSO_STORE_U32, size, rows->cycle))
        return false;
    if (!add_bytes(table, "Step Index", CLOSO_QUANTITY_STEP, CLOSO_STORE_U32, size, rows->step) ||
        !add_bytes(table, "Step Count", CLOSO_QUANTITY_OTHER, CLOSO_STORE_U32, size,
                   rows->step_count) ||
        !add_bytes(table, "Step Type", CLOSO_QUANTITY_OTHER, CLOSO_STORE_U8, 1, rows->type))
        return false;
    closo_column *type = &table->columns[table->column_count - 1];
    type->labels = step_types;
    type->label_count = STEP_TYPE_COUNT;
    return true;
}

closo_status closo_neware_finish(closo_neware_rows *rows, closo_table *table)
{
    if (!rows->has_step_count)
        count_steps(rows);
    add_up_times(rows);
    note_oddities(rows, table);
    table->row_count = rows->count;
    const struct {
        const char *name;
        closo_quantity quantity;
        const double *values;
    } numbers[] = {
        {"Step Time/s", CLOSO_QUANTITY_STEP_TIME, rows->step_time_s},
        {"Time/s", CLOSO_QUANTITY_TIME, rows->time_s},
        {"Timestamp/s", rows->clock_is_local ? CLOSO_QUANTITY_OTHER : CLOSO_QUANTITY_UNIX_TIME,
         rows->has_clock ? rows->clock_s : NULL},
        {"Voltage/V", CLOSO_QUANTITY_POTENTIAL, rows->voltage_V},
        {"Current/mA", CLOSO_QUANTITY_CURRENT, rows->current_mA},
        {"Charge capacity/mA.h", CLOSO_QUANTITY_CAPACITY_CHARGE, rows->charge_mAh},
        {"Discharge capacity/mA.h", CLOSO_QUANTITY_CAPACITY_DISCHARGE, rows->discharge_mAh},
        {"Charge energy/mW.h", CLOSO_QUANTITY_ENERGY_CHARGE, rows->charge_mWh},
        {"Discharge energy/mW.h", CLOSO_QUANTITY_ENERGY_DISCHARGE, rows->discharge_mWh},
    };
    if (!add_counters(rows, table))
        return CLOSO_NOMEM;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const bool is_voltage = numbers[i].quantity == CLOSO_QUANTITY_POTENTIAL;
        const bool is_current = numbers[i].quantity == CLOSO_QUANTITY_CURRENT;
        bool added = true;
        if (numbers[i].values != NULL)
            added = closo_table_add_values(table, numbers[i].name, NULL, numbers[i].quantity,
                                           numbers[i].values) != NULL;
        else if (is_voltage || is_current)
            added = add_floats(table, numbers[i].name, numbers[i].quantity,
                               is_voltage ? rows->voltage_f32 : rows->current_f32,
                               is_voltage ? rows->voltage_factor : rows->current_factor);
        if (!added)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* ---- text ---- */

/* GB18030, which holds GB2312, to UTF-8. The C library may lack its table; then the text is read as usual. */
static char *from_gb18030(closo_arena *arena, const char *start, size_t length)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    const size_t room = 4 * length;
    char *text = closo_arena_alloc(arena, room + 1, 1), *to = text;
    char *from = closo_arena_text_n(arena, start, length);
    size_t left = length, free_room = room;
    if ((intptr_t)converter == -1)
        return text == NULL ? NULL : closo_text_string(arena, (closo_span){start, length});
    if (text == NULL || from == NULL) {
        (void)iconv_close(converter);
        return NULL;
    }
    while (left != 0 && free_room != 0 &&
           iconv(converter, &from, &left, &to, &free_room) == (size_t)-1 && left != 0 &&
           free_room != 0) {
        *to++ = '?'; /* a byte that begins no character */
        free_room--;
        from++;
        left--;
    }
    (void)iconv_close(converter);
    *to = '\0';
    return text;
}

/* closo_text_to_utf8 hands back the very bytes when they are UTF-8. */
static bool is_utf8(closo_arena *arena, const char *start, size_t length)
{
    closo_span text;
    return closo_text_to_utf8(arena, start, length, &text) && text.start == start;
}

char *closo_neware_text(closo_arena *arena, const void *bytes, size_t length)
{
    const char *end = memchr(bytes, '\0', length);
    const closo_span span = closo_span_trim(
        (closo_span){bytes, end != NULL ? (size_t)(end - (const char *)bytes) : length});
    if (span.length == 0 || is_utf8(arena, span.start, span.length))
        return closo_text_string(arena, span);
    return from_gb18030(arena, span.start, span.length);
}
