/* SPDX-License-Identifier: BSD-3-Clause */
/* closo info: what a file is and what is in it. */
#include "cli.h"

#include <jansson.h>
#include <string.h>

static void print_settings(const closo_table *table)
{
    enum { SEQUENCES_SHOWN = 4 };
    if (table->setting_count == 0)
        return;
    puts("\nsettings");
    for (size_t i = 0; i < table->setting_count; i++) {
        const closo_setting *setting = &table->settings[i];
        printf("  %-22s", setting->name);
        for (size_t k = 0; k < setting->value_count && k < SEQUENCES_SHOWN; k++)
            printf(" %-14s", setting->values[k]);
        if (setting->value_count > SEQUENCES_SHOWN)
            printf(" ... %zu more", setting->value_count - SEQUENCES_SHOWN);
        putchar('\n');
    }
}

static void print_table(const closo_table *table)
{
    printf("%s\n  format     %s\n  technique  %s\n  rows       %zu\n", table->source, table->format,
           table->technique[0] != '\0' ? table->technique : "not said", table->row_count);
    puts("\ncolumns");
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        char range[64] = "";
        double first, last;
        if (table->row_count != 0) {
            closo_column_read(column, 0, 1, &first);
            closo_column_read(column, table->row_count - 1, 1, &last);
            if (column->labels == NULL)
                snprintf(range, sizeof range, "%.6g ... %.6g", first, last);
            else
                snprintf(range, sizeof range, "%zu words", column->label_count);
        }
        printf("  %-26s %-28s %s%s\n", column->name, range,
               column->quantity != CLOSO_QUANTITY_OTHER ? closo_quantity_text(column->quantity)
                                                        : "",
               column->derived ? " (derived)" : "");
    }
    puts("\nmetadata");
    for (size_t i = 0; i < table->metadatum_count; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        if (entry->text != NULL)
            printf("  %-26s %s\n", entry->key, entry->text);
        else
            printf("  %-26s %.7g %s\n", entry->key, entry->number, entry->unit);
    }
    print_settings(table);
    if (table->segment_count != 0)
        printf("\n%zu segments, the first: %s, rows %zu to %zu\n", table->segment_count,
               table->segments[0].name, table->segments[0].first_row + 1,
               table->segments[0].first_row + table->segments[0].row_count);
    cli_print_notes("notes", &table->notes);
}

/* One file: its object. Several: {"files": [...]}; a file that cannot be read
 * is an object with "error". */
static int print_json(const cli_call *call)
{
    json_t *files = json_array();
    int result = EXIT_DONE;
    for (size_t i = 0; i < call->input_count; i++) {
        closo_table *table;
        closo_error error = {0};
        const char *text = NULL;
        if (closo_file_open(call->inputs[i], NULL, call->arena, &table, &error) != CLOSO_OK) {
            result = cli_fail(&error);
            if (call->input_count > 1)
                json_array_append_new(files, json_pack("{s:s, s:s}", "file", call->inputs[i],
                                                       "error", error.message));
            continue;
        }
        text = closo_table_info_json(table, call->arena);
        if (call->input_count == 1 && text != NULL)
            fputs(text, stdout);
        else if (text != NULL)
            json_array_append_new(files, json_loads(text, 0, NULL));
    }
    if (call->input_count > 1) {
        json_t *all = json_pack("{s:O}", "files", files);
        json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        putchar('\n');
        json_decref(all);
    }
    json_decref(files);
    return result;
}

static int run(const cli_call *call)
{
    if (cli_given(call, "--json"))
        return print_json(call);
    int result = EXIT_DONE;
    for (size_t i = 0; i < call->input_count; i++) {
        closo_arena *arena = closo_arena_new(0); /* a folder of large files must not add up */
        closo_table *table;
        closo_error error = {0};
        if (arena == NULL)
            return cli_no_memory();
        if (closo_file_open(call->inputs[i], NULL, arena, &table, &error) != CLOSO_OK) {
            result = cli_fail(&error);
            table = NULL;
        }
        for (size_t part = 1; table != NULL; table = table->next, part++) {
            if (part > 1 || table->next != NULL)
                printf("part %zu of ", part);
            print_table(table);
            if (table->next != NULL || i + 1 < call->input_count)
                putchar('\n');
        }
        closo_arena_free(arena);
    }
    return result;
}

static const cli_option options[] = {CLI_JSON};

const cli_command cli_info = {
    .name = "info",
    .summary = "what a file is: format, technique, columns, settings, oddities",
    .inputs = "FILE...",
    .inputs_min = 1,
    .inputs_max = SIZE_MAX,
    .about = "Recognises each file by its content, whatever its name, and lists what is in it.\n"
             "Columns marked (derived) are not in the file: the vendor's software adds them on\n"
             "export.",
    .example = "  closo info examples/onset/data/na2b12h12_10uV.mpr",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
