/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_mps.c: settings files of EC-Lab and BT-Lab. They hold no points, but what the instrument was asked to do: a
 * table without columns for each linked technique, with its settings. */
#include "text_internal.h"

#include <string.h>

static bool is_title(closo_span line)
{
    line = closo_span_trim(line);
    return closo_span_equals_nocase(line, "EC-LAB SETTING FILE") ||
           closo_span_equals_nocase(line, "BT-LAB SETTING FILE");
}

static int recognise(const closo_source *source)
{
    closo_span line,
        rest = {(const char *)source->bytes, source->size < 4096 ? source->size : 4096};
    return closo_text_line(&rest, closo_text_line_end(rest), &line) && is_title(line) ? 100 : 0;
}

/* "Technique : 3" */
static bool is_technique_line(closo_span line)
{
    double number;
    line = closo_span_trim(line);
    return closo_span_starts(line, "Technique :") &&
           closo_number_parse((closo_span){line.start + 11, line.length - 11}, '.', &number);
}

/* A table for the next technique, with what the head of the file tells of all. */
static closo_table *next_technique(const closo_source *source, closo_table *common,
                                   closo_table *last)
{
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return NULL;
    table->format = closo_format_mps.name;
    for (size_t i = 0; i < common->metadatum_count; i++) {
        const closo_metadatum *known = &common->metadata[i];
        closo_status status =
            known->text != NULL
                ? closo_table_set_text(table, known->key, known->text)
                : closo_table_set_number(table, known->key, known->number, known->unit);
        if (status != CLOSO_OK)
            return NULL;
    }
    if (last != NULL)
        last->next = table;
    return table;
}

static closo_status finish(closo_table *table)
{
    return table != NULL ? closo_eclab_settings_metadata(table) : CLOSO_OK;
}

static closo_status read_lines(const closo_source *source, closo_span text, closo_table *common,
                               closo_table **first, size_t *told)
{
    closo_eclab_header header = {.table = common};
    closo_table *table = NULL;
    closo_span line;
    bool name_follows = false;
    const char line_end = closo_text_line_end(text);
    while (closo_text_line(&text, line_end, &line)) {
        closo_span words = closo_span_trim(line);
        double number;
        if (is_technique_line(line)) {
            if (finish(table) != CLOSO_OK ||
                (table = next_technique(source, common, table)) == NULL)
                return CLOSO_NOMEM;
            *first = *first == NULL ? table : *first;
            header = (closo_eclab_header){.table = table, .in_settings = true};
            name_follows = true;
        } else if (name_follows && words.length != 0) {
            const char *code = closo_eclab_technique(words);
            char *name = closo_text_string(source->arena, words);
            if (name == NULL || closo_table_set_text(table, "technique", name) != CLOSO_OK)
                return CLOSO_NOMEM;
            table->technique = code != NULL ? code : name;
            name_follows = false;
        } else if (closo_span_starts(words, "Number of linked techniques :") &&
                   closo_number_parse((closo_span){words.start + 29, words.length - 29}, '.',
                                      &number)) {
            *told = number > 0 && number < 1e6 ? (size_t)number : 0;
        } else if (!is_title(line) && closo_eclab_header_line(&header, line) != CLOSO_OK) {
            return CLOSO_NOMEM;
        }
    }
    return finish(table);
}

static closo_status read_mps(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_span text;
    closo_table *common = closo_table_new(source->arena, source->name), *first = NULL;
    size_t told = 0, found = 0;
    if (common == NULL || !closo_text_to_utf8(source->arena, source->bytes, source->size, &text) ||
        read_lines(source, text, common, &first, &told) != CLOSO_OK)
        return closo_fail_nomem(error);
    if (first == NULL)
        return closo_fail(
            error, CLOSO_FORMAT,
            "it begins like a settings file of EC-Lab but names no technique; save it "
            "again from EC-Lab");
    for (closo_table *table = first; table != NULL; table = table->next)
        found++;
    if (told != 0 && told != found)
        closo_table_note(first, "the file says that it links %zu techniques, but it has %zu", told,
                         found);
    *result = first;
    return CLOSO_OK;
}

const closo_format closo_format_mps = {"BioLogic .mps", recognise, read_mps};
