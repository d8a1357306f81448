/* SPDX-License-Identifier: BSD-3-Clause */
/* info_json.c: what is known about a file, as JSON. */
#include "text_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* JSON is UTF-8; what a hand-made table may hold besides is converted rather than lost. */
static bool put_text(json_t *object, const char *key, const char *text, closo_arena *arena)
{
    char *clean = text != NULL ? closo_text_string(arena, closo_span_of(text)) : NULL;
    return (text == NULL || clean != NULL) && closo_json_text(object, key, clean);
}

/* "scan_rate", "mV/s" -> "scan_rate_mV_s"; "cm²" -> "cm2", "µA" -> "uA", "°C" -> "degC". */
static void key_with_unit(const char *key, const char *unit, char text[160])
{
    static const struct {
        const char *sign, *word;
    } signs[] = {{"²", "2"},   {"³", "3"},   {"µ", "u"},       {"μ", "u"}, {"Ω", "ohm"},
                 {"Ω", "ohm"}, {"°", "deg"}, {"%", "percent"}, {"/", "_"}, {" ", "_"},
                 {".", ""},    {"·", ""},    {"^", ""},        {"*", ""}};
    int start = snprintf(text, 160, "%.80s", key);
    size_t written = start > 0 ? (size_t)start : 0;
    if (strcmp(unit, "1") == 0 || strcmp(unit, "C-rate") == 0 || *unit == '\0')
        return;
    text[written++] = '_';
    while (*unit != '\0' && written < 150) {
        size_t i = 0;
        while (i < sizeof signs / sizeof *signs &&
               strncmp(unit, signs[i].sign, strlen(signs[i].sign)) != 0)
            i++;
        if (i == sizeof signs / sizeof *signs) {
            text[written++] = (unsigned char)*unit < 0x80 ? *unit : '_';
            unit++;
            continue;
        }
        size_t length = strlen(signs[i].word);
        memcpy(text + written, signs[i].word, length);
        written += length;
        unit += strlen(signs[i].sign);
    }
    text[written] = '\0';
}

static bool append(json_t *list, json_t *item, bool fine)
{
    if (!fine || item == NULL) {
        json_decref(item);
        return false;
    }
    return json_array_append_new(list, item) == 0;
}

static json_t *columns_json(const closo_table *table, closo_arena *arena)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < table->column_count && fine; i++) {
        const closo_column *column = &table->columns[i];
        char quantity[64];
        size_t length = 0;
        for (const char *c = closo_quantity_name(column->quantity); *c != '\0' && length < 63; c++)
            quantity[length++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        quantity[length] = '\0';
        json_t *item = json_object();
        fine = append(list, item,
                      put_text(item, "name", column->name, arena) &&
                          put_text(item, "unit", column->unit, arena) &&
                          closo_json_text(item, "quantity", quantity) &&
                          json_object_set_new(item, "derived", json_boolean(column->derived)) == 0);
    }
    if (fine)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *metadata_json(const closo_table *table, closo_arena *arena)
{
    json_t *object = json_object();
    bool fine = object != NULL;
    for (size_t i = 0; i < table->metadatum_count && fine; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        char key[160];
        key_with_unit(entry->key, entry->text != NULL ? "" : entry->unit, key);
        fine = entry->text != NULL ? put_text(object, key, entry->text, arena)
                                   : closo_json_number(object, key, entry->number);
    }
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *settings_json(const closo_table *table, closo_arena *arena)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < table->setting_count && fine; i++) {
        const closo_setting *setting = &table->settings[i];
        json_t *values = json_array(), *item = json_object();
        fine = values != NULL;
        for (size_t v = 0; v < setting->value_count && fine; v++) {
            char *word = closo_text_string(arena, closo_span_of(setting->values[v]));
            fine = word != NULL && json_array_append_new(values, json_string(word)) == 0;
        }
        fine = fine && put_text(item, "name", setting->name, arena);
        fine = json_object_set_new(item, "values", values) == 0 && fine;
        fine = append(list, item, fine);
    }
    if (fine)
        return list;
    json_decref(list);
    return NULL;
}

/* Rows are counted from 1, as everywhere in what closo shows. */
static json_t *segments_json(const closo_table *table, closo_arena *arena)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    for (size_t i = 0; i < table->segment_count && fine; i++) {
        const closo_segment *segment = &table->segments[i];
        json_t *item = json_object();
        fine = append(list, item,
                      put_text(item, "name", segment->name, arena) &&
                          closo_json_integer(item, "first_row", (int64_t)segment->first_row + 1) &&
                          closo_json_integer(item, "rows", (int64_t)segment->row_count));
    }
    if (fine)
        return list;
    json_decref(list);
    return NULL;
}

static bool put_list(json_t *object, const char *key, json_t *list)
{
    /* Takes the list in any case. */
    return list != NULL && json_object_set_new(object, key, list) == 0;
}

static json_t *table_json(const closo_table *table, closo_arena *arena)
{
    json_t *object = json_object();
    if (object != NULL && put_text(object, "file", table->source, arena) &&
        put_text(object, "format", table->format, arena) &&
        put_text(object, "technique", table->technique, arena) &&
        closo_json_integer(object, "rows", (int64_t)table->row_count) &&
        put_list(object, "columns", columns_json(table, arena)) &&
        put_list(object, "metadata", metadata_json(table, arena)) &&
        put_list(object, "settings", settings_json(table, arena)) &&
        put_list(object, "segments", segments_json(table, arena)) &&
        closo_json_notes(object, "notes", &table->notes))
        return object;
    json_decref(object);
    return NULL;
}

/* Further tables of the file (a Gamry file's open circuit curve, the techniques of a settings file) follow in
 * "further_tables". */
const char *closo_table_info_json(const closo_table *table, closo_arena *arena)
{
    json_t *object = table_json(table, arena);
    if (object == NULL || table->next == NULL)
        return closo_json_finish(object, arena);
    json_t *list = json_array();
    bool fine = list != NULL;
    for (const closo_table *next = table->next; next != NULL && fine; next = next->next)
        fine = append(list, table_json(next, arena), true);
    if (!fine) {
        json_decref(list);
        list = NULL;
    }
    if (!put_list(object, "further_tables", list)) {
        json_decref(object);
        return NULL;
    }
    return closo_json_finish(object, arena);
}
