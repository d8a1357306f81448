/* SPDX-License-Identifier: BSD-3-Clause */
/* write_csv.c: a table as CSV. First line the names as the instrument has them, then the shortest digits that read back
 * as the same number; nothing for what is missing; words for labels. */
#include "text_internal.h"

#include <math.h>
#include <string.h>

enum { ROWS_AT_ONCE = 1024 };

static void write_word(closo_output *output, const char *word)
{
    /* Also where a reader would cut blanks off, or take an empty word for a missing one. */
    bool marks = strpbrk(word, ",\"\r\n;\t") != NULL || *word == ' ' || *word == '\0';
    const size_t length = strlen(word);
    marks |= length != 0 && word[length - 1] == ' ';
    if (!marks) {
        closo_output_write(output, word, length);
        return;
    }
    closo_output_write(output, "\"", 1);
    for (const char *c = word; *c != '\0'; c++) {
        closo_output_write(output, c, 1);
        if (*c == '"')
            closo_output_write(output, c, 1);
    }
    closo_output_write(output, "\"", 1);
}

static void write_cell(closo_output *output, const closo_column *column, double value)
{
    char text[40];
    size_t length;
    if (isnan(value))
        return;
    if (column->labels != NULL && value >= 0 && value < (double)column->label_count) {
        write_word(output, column->labels[(size_t)value]);
        return;
    }
    if (column->storage == CLOSO_STORE_F32)
        length = closo_number_print_f32((float)value, text, sizeof text);
    else
        length = closo_number_print(value, text, sizeof text);
    closo_output_write(output, text, length);
}

/* Values of many rows at once: reading a column row by row would jump through the memory. */
static void write_rows(closo_output *output, const closo_table *table, double *values)
{
    for (size_t first = 0; first < table->row_count; first += ROWS_AT_ONCE) {
        size_t left = table->row_count - first;
        size_t count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
        for (size_t c = 0; c < table->column_count; c++)
            closo_column_read(&table->columns[c], first, count, values + c * ROWS_AT_ONCE);
        for (size_t r = 0; r < count; r++) {
            for (size_t c = 0; c < table->column_count; c++) {
                if (c != 0)
                    closo_output_write(output, ",", 1);
                write_cell(output, &table->columns[c], values[c * ROWS_AT_ONCE + r]);
            }
            closo_output_write(output, "\n", 1);
        }
    }
}

/* "# electrode_area: 1.13 cm2", one line a key: what the reader of delimited text takes for the head of the file. */
static void write_head(closo_output *output, const closo_table *table)
{
    char number[40];
    for (size_t i = 0; i < table->metadatum_count; i++) {
        const closo_metadatum *entry = &table->metadata[i];
        if (entry->text != NULL) { /* to the end of its line */
            closo_output_printf(output, "# %s: %.*s\n", entry->key,
                                (int)strcspn(entry->text, "\r\n"), entry->text);
            continue;
        }
        closo_number_print(entry->number, number, sizeof number);
        closo_output_printf(output, "# %s: %s %s\n", entry->key, number, entry->unit);
    }
}

static closo_status write_csv(const closo_table *table, bool head, const char *path,
                              closo_arena *arena, closo_error *error)
{
    closo_output *output = NULL;
    double *values = closo_arena_alloc(arena, table->column_count, ROWS_AT_ONCE * sizeof *values);
    if (values == NULL)
        return closo_fail_nomem(error);
    closo_status status = closo_output_open(path, arena, &output, error);
    if (status != CLOSO_OK)
        return status;
    if (head)
        write_head(output, table);
    for (size_t c = 0; c < table->column_count; c++) {
        if (c != 0)
            closo_output_write(output, ",", 1);
        write_word(output, table->columns[c].name);
    }
    closo_output_write(output, "\n", 1);
    write_rows(output, table, values);
    return closo_output_commit(output, error);
}

closo_status closo_table_write_csv(const closo_table *table, const char *path, closo_arena *arena,
                                   closo_error *error)
{
    return write_csv(table, false, path, arena, error);
}

closo_status closo_table_write_csv_with_head(const closo_table *table, const char *path,
                                             closo_arena *arena, closo_error *error)
{
    return write_csv(table, true, path, arena, error);
}
