/* SPDX-License-Identifier: BSD-3-Clause */
#include "base_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NOTES_KEPT = 100 };

const char *closo_quantity_name(closo_quantity quantity)
{
    static const char *const names[] = {
#define X(code, unit, text) #code,
        CLOSO_QUANTITY_LIST(X)
#undef X
    };
    return (size_t)quantity < CLOSO_QUANTITY_COUNT ? names[quantity] : "OTHER";
}

const char *closo_quantity_unit(closo_quantity quantity)
{
    static const char *const units[] = {
#define X(code, unit, text) unit,
        CLOSO_QUANTITY_LIST(X)
#undef X
    };
    return (size_t)quantity < CLOSO_QUANTITY_COUNT ? units[quantity] : "";
}

const char *closo_quantity_text(closo_quantity quantity)
{
    static const char *const texts[] = {
#define X(code, unit, text) text,
        CLOSO_QUANTITY_LIST(X)
#undef X
    };
    return (size_t)quantity < CLOSO_QUANTITY_COUNT ? texts[quantity] : "";
}

closo_table *closo_table_new(closo_arena *arena, const char *source)
{
    closo_table *table = closo_arena_alloc(arena, 1, sizeof *table);
    if (table == NULL)
        return NULL;
    table->arena = arena;
    table->source = closo_arena_text(arena, source);
    table->format = table->technique = "";
    return table->source != NULL ? table : NULL;
}

/* The unit in "name/unit"; "" when there is none. The slash of "Q charge/discharge/mA.h" that counts is the last. */
static const char *unit_in_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    if (slash == NULL || slash == name)
        return "";
    for (slash++; *slash == ' ';)
        slash++;
    return slash;
}

closo_column *closo_table_add_column(closo_table *table, const char *name, const char *unit,
                                     closo_quantity quantity)
{
    char *name_copy = closo_arena_text(table->arena, name);
    char *unit_copy = closo_arena_text(table->arena, unit != NULL ? unit : unit_in_name(name));
    if (name_copy == NULL || unit_copy == NULL)
        return NULL;
    /* Last: once a list has grown, nothing else may fail before it is kept. */
    closo_column *columns = closo_arena_grow(table->arena, table->columns, table->column_count,
                                             &table->column_capacity, sizeof *columns);
    if (columns == NULL)
        return NULL;
    table->columns = columns;
    closo_column *column = &columns[table->column_count++];
    memset(column, 0, sizeof *column);
    column->name = name_copy;
    column->unit = unit_copy;
    column->quantity = quantity;
    column->si_factor = 1;
    closo_unit own, si;
    if (closo_unit_parse(unit_copy, &own, NULL) != CLOSO_OK)
        return column;
    /* A name that promises a quantity in a unit of something else is kept, but only by its name. */
    if (quantity != CLOSO_QUANTITY_OTHER && quantity != CLOSO_QUANTITY_CONTROL &&
        closo_unit_parse(closo_quantity_unit(quantity), &si, NULL) == CLOSO_OK &&
        !closo_unit_matches(&own, &si)) {
        column->quantity = CLOSO_QUANTITY_OTHER;
    } else if (quantity != CLOSO_QUANTITY_CONTROL) {
        column->si_factor = own.factor;
        column->si_offset = own.offset;
    }
    return column;
}

closo_column *closo_table_add_values(closo_table *table, const char *name, const char *unit,
                                     closo_quantity quantity, const double *values)
{
    closo_column *column = closo_table_add_column(table, name, unit, quantity);
    if (column != NULL) {
        column->storage = CLOSO_STORE_F64;
        column->data = (const unsigned char *)values;
        column->stride_bytes = sizeof *values;
    }
    return column;
}

const closo_column *closo_table_find(const closo_table *table, closo_quantity quantity)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].quantity == quantity)
            return &table->columns[i];
    return NULL;
}

const closo_column *closo_table_find_name(const closo_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

static closo_metadatum *find_metadatum(const closo_table *table, const char *key)
{
    for (size_t i = 0; i < table->metadatum_count; i++)
        if (strcmp(table->metadata[i].key, key) == 0)
            return &table->metadata[i];
    return NULL;
}

static closo_metadatum *make_metadatum(closo_table *table, const char *key)
{
    closo_metadatum *found = find_metadatum(table, key);
    if (found != NULL)
        return found;
    char *key_copy = closo_arena_text(table->arena, key);
    closo_metadatum *list = NULL;
    if (key_copy != NULL)
        list = closo_arena_grow(table->arena, table->metadata, table->metadatum_count,
                                &table->metadatum_capacity, sizeof *list);
    if (list == NULL)
        return NULL;
    table->metadata = list;
    found = &list[table->metadatum_count++];
    memset(found, 0, sizeof *found);
    found->key = key_copy;
    found->unit = "";
    return found;
}

closo_status closo_table_set_text(closo_table *table, const char *key, const char *text)
{
    char *copy = closo_arena_text(table->arena, text);
    closo_metadatum *entry = copy != NULL ? make_metadatum(table, key) : NULL;
    if (entry == NULL)
        return CLOSO_NOMEM;
    entry->text = copy;
    return CLOSO_OK;
}

closo_status closo_table_set_number(closo_table *table, const char *key, double number,
                                    const char *unit)
{
    char *copy = closo_arena_text(table->arena, unit);
    closo_metadatum *entry = copy != NULL ? make_metadatum(table, key) : NULL;
    if (entry == NULL)
        return CLOSO_NOMEM;
    entry->text = NULL;
    entry->number = number;
    entry->unit = copy;
    return CLOSO_OK;
}

const char *closo_table_text(const closo_table *table, const char *key)
{
    const closo_metadatum *entry = find_metadatum(table, key);
    return entry != NULL ? entry->text : NULL;
}

bool closo_table_number_si(const closo_table *table, const char *key, double *si)
{
    const closo_metadatum *entry = find_metadatum(table, key);
    closo_unit unit;
    if (entry == NULL || entry->text != NULL ||
        closo_unit_parse(entry->unit, &unit, NULL) != CLOSO_OK)
        return false;
    *si = unit.factor * entry->number + unit.offset;
    return true;
}

closo_status closo_table_add_setting(closo_table *table, const char *name,
                                     const char *const *values, size_t value_count)
{
    const char **copies = closo_arena_alloc(table->arena, value_count, sizeof *copies);
    char *name_copy = closo_arena_text(table->arena, name);
    if (copies == NULL || name_copy == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < value_count; i++)
        if ((copies[i] = closo_arena_text(table->arena, values[i])) == NULL)
            return CLOSO_NOMEM;
    closo_setting *list = closo_arena_grow(table->arena, table->settings, table->setting_count,
                                           &table->setting_capacity, sizeof *list);
    if (list == NULL)
        return CLOSO_NOMEM;
    table->settings = list;
    list[table->setting_count++] = (closo_setting){name_copy, copies, value_count};
    return CLOSO_OK;
}

closo_status closo_table_add_segment(closo_table *table, const char *name, size_t first_row,
                                     size_t row_count)
{
    char *name_copy = closo_arena_text(table->arena, name);
    closo_segment *list = NULL;
    if (name_copy != NULL)
        list = closo_arena_grow(table->arena, table->segments, table->segment_count,
                                &table->segment_capacity, sizeof *list);
    if (list == NULL)
        return CLOSO_NOMEM;
    table->segments = list;
    list[table->segment_count++] = (closo_segment){name_copy, first_row, row_count};
    return CLOSO_OK;
}

void closo_notes_add_v(closo_notes *notes, closo_arena *arena, const char *format, va_list list)
{
    char text[600];
    vsnprintf(text, sizeof text, format, list);
    closo_text_clean(text);
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->texts[i], text) == 0)
            return;
    const char *copy = notes->count < NOTES_KEPT ? closo_arena_text(arena, text) : NULL;
    const char **grown = NULL;
    if (copy != NULL)
        grown =
            closo_arena_grow(arena, notes->texts, notes->count, &notes->capacity, sizeof *grown);
    if (grown == NULL) {
        notes->dropped++;
        return;
    }
    notes->texts = grown;
    notes->texts[notes->count++] = copy;
}

void closo_notes_add(closo_notes *notes, closo_arena *arena, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    closo_notes_add_v(notes, arena, format, list);
    va_end(list);
}

void closo_table_note(closo_table *table, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    closo_notes_add_v(&table->notes, table->arena, format, list);
    va_end(list);
}

/* ---- reading columns ---- */

static double load_f64(const unsigned char *data)
{
    closo_bytes bytes = closo_bytes_of(data, sizeof(double));
    return closo_bytes_f64(&bytes);
}

static double load_f32(const unsigned char *data)
{
    closo_bytes bytes = closo_bytes_of(data, sizeof(float));
    return closo_bytes_f32(&bytes);
}

static double load_u16(const unsigned char *data)
{
    return (double)(data[0] | data[1] << 8);
}

static double load_u32(const unsigned char *data)
{
    return (double)((uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
                    (uint32_t)data[3] << 24);
}

static bool little_endian(void)
{
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

/* One loop a storage type, so that the compiler sees a plain strided load in each. */
static void load(const closo_column *column, size_t first, size_t count, double *values)
{
    const size_t stride = column->stride_bytes;
    const unsigned char *data = column->data + first * stride;
    switch (column->storage) {
    case CLOSO_STORE_F64:
        if (little_endian()) {
            for (size_t i = 0; i < count; i++)
                memcpy(&values[i], data + i * stride, sizeof *values);
            break;
        }
        for (size_t i = 0; i < count; i++)
            values[i] = load_f64(data + i * stride);
        break;
    case CLOSO_STORE_F32:
        if (little_endian()) {
            for (size_t i = 0; i < count; i++) {
                float value;
                memcpy(&value, data + i * stride, sizeof value);
                values[i] = (double)value;
            }
            break;
        }
        for (size_t i = 0; i < count; i++)
            values[i] = load_f32(data + i * stride);
        break;
    case CLOSO_STORE_U8: {
        const uint8_t mask = column->bit_mask != 0 ? column->bit_mask : 0xff;
        for (size_t i = 0; i < count; i++)
            values[i] = (double)((data[i * stride] & mask) >> column->bit_shift);
        break;
    }
    case CLOSO_STORE_U16:
        for (size_t i = 0; i < count; i++)
            values[i] = load_u16(data + i * stride);
        break;
    case CLOSO_STORE_U32:
        for (size_t i = 0; i < count; i++)
            values[i] = load_u32(data + i * stride);
        break;
    }
}

void closo_column_read(const closo_column *column, size_t first, size_t count, double *values)
{
    load(column, first, count, values);
    switch (column->view) {
    case CLOSO_VIEW_AS_IS:
        break;
    case CLOSO_VIEW_MAGNITUDE:
        for (size_t i = 0; i < count; i++)
            values[i] = fabs(values[i]);
        break;
    case CLOSO_VIEW_POSITIVE: /* NaN stays NaN */
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] <= 0 ? 0 : values[i];
        break;
    case CLOSO_VIEW_NEGATIVE:
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] >= 0 ? 0 : -values[i];
        break;
    case CLOSO_VIEW_HALF:
        for (size_t i = 0; i < count; i++)
            values[i] = floor(values[i] / 2);
        break;
    case CLOSO_VIEW_LINEAR:
        for (size_t i = 0; i < count; i++)
            values[i] = column->view_offset + column->view_factor * values[i];
        break;
    }
}

void closo_column_read_si(const closo_column *column, size_t first, size_t count, double *values)
{
    closo_column_read(column, first, count, values);
    if (column->si_factor != 1 || column->si_offset != 0)
        for (size_t i = 0; i < count; i++)
            values[i] = column->si_factor * values[i] + column->si_offset;
}

double *closo_column_values_si(const closo_column *column, size_t row_count, closo_arena *arena)
{
    double *values = closo_arena_alloc(arena, row_count, sizeof *values);
    if (values != NULL)
        closo_column_read_si(column, 0, row_count, values);
    return values;
}
