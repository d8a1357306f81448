/* SPDX-License-Identifier: BSD-3-Clause */
/* xlsx.c: Excel workbooks, as Arbin, Landt and Neware export them and people keep their tables. Each sheet becomes a text
 * with tabs; the one that holds a measurement is read like any other text, by its vendor's names where there are such.
 * Sheets with the same names are parts of one table: Excel ends at 1 048 576 rows. */
#include "xlsx_internal.h"

#include <stdio.h>
#include <string.h>

/* A sheet that holds a table. */
typedef struct candidate {
    const closo_xlsx_sheet *sheet;
    closo_span head; /* the line of names, and that of units if there is one */
    closo_span rows;
    size_t score, row_bytes;
} candidate;

/* ---- which sheet ---- */

/* What makes a table a measurement. */
static size_t score_of(const closo_delimited *found)
{
    static const struct {
        closo_quantity quantity;
        size_t points;
    } weights[] = {{CLOSO_QUANTITY_POTENTIAL, 4},
                   {CLOSO_QUANTITY_CURRENT, 4},
                   {CLOSO_QUANTITY_TIME, 2},
                   {CLOSO_QUANTITY_FREQUENCY, 2},
                   {CLOSO_QUANTITY_IMPEDANCE_REAL, 3},
                   {CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, 3},
                   {CLOSO_QUANTITY_IMPEDANCE_MODULUS, 2},
                   {CLOSO_QUANTITY_STEP_TIME, 1}};
    size_t score = 0;
    for (size_t w = 0; w < sizeof weights / sizeof *weights; w++)
        for (size_t i = 0; i < found->layout.name_count; i++)
            if (found->names[i].quantity == weights[w].quantity) {
                score += weights[w].points;
                break;
            }
    return score;
}

static bool is_about_test(const closo_xlsx_sheet *sheet)
{
    return strcmp(sheet->name, "Global_Info") == 0 || strcmp(sheet->name, "Global Info") == 0;
}

static bool same_text(closo_span one, closo_span other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

/* The rest of the text from the names to the rows. */
static closo_status look_at(const closo_xlsx *book, const closo_xlsx_sheet *sheet, candidate *seen,
                            bool *holds_table)
{
    const closo_source text = {sheet->name, (const unsigned char *)sheet->text.bytes,
                               sheet->text.size, book->source->options, book->source->arena};
    closo_delimited found;
    *holds_table = false;
    if (text.size == 0 || is_about_test(sheet))
        return CLOSO_OK;
    const closo_status status = closo_delimited_find(&text, '\t', &found, NULL);
    if (status == CLOSO_NOMEM)
        return closo_fail_nomem(book->error);
    if (status != CLOSO_OK)
        return CLOSO_OK;
    const char *head = found.preamble.start + found.preamble.length;
    seen->sheet = sheet;
    seen->head = (closo_span){head, (size_t)(found.rows.text.start - head)};
    seen->rows = found.rows.text;
    seen->score = score_of(&found);
    *holds_table = true;
    return CLOSO_OK;
}

/* The longest of those that say most; sheets with the same head count as one. */
static const candidate *choose(candidate *list, size_t count)
{
    const candidate *best = NULL;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++)
            if (same_text(list[i].head, list[k].head))
                list[i].row_bytes += list[k].rows.length;
        if (best == NULL || list[i].score > best->score ||
            (list[i].score == best->score && list[i].row_bytes > best->row_bytes))
            best = &list[i];
    }
    return best;
}

/* The text of the chosen sheet, and behind it the rows of the sheets that go on with it. */
static closo_status join(const closo_xlsx *book, const candidate *best, const candidate *list,
                         size_t count, closo_source *text)
{
    size_t size = best->sheet->text.size, parts = 1;
    *text = *book->source;
    text->bytes = (const unsigned char *)best->sheet->text.bytes;
    text->size = size;
    for (size_t i = 0; i < count; i++)
        if (&list[i] > best && same_text(list[i].head, best->head)) {
            size += list[i].rows.length + 1;
            parts++;
        }
    if (parts == 1)
        return CLOSO_OK;
    char *joined = closo_arena_alloc(book->source->arena, size + 1, 1), *end = joined;
    if (joined == NULL)
        return closo_fail_nomem(book->error);
    memcpy(end, text->bytes, text->size);
    end += text->size;
    for (size_t i = 0; i < count; i++)
        if (&list[i] > best && same_text(list[i].head, best->head)) {
            memcpy(end, list[i].rows.start, list[i].rows.length);
            end += list[i].rows.length;
            if (end[-1] != '\n')
                *end++ = '\n';
        }
    text->bytes = (const unsigned char *)joined;
    text->size = (size_t)(end - joined);
    return CLOSO_OK;
}

/* ---- Arbin's page about the test ---- */

/* A label and, in the row below it, what it labels. Who made the test is left out. */
static const struct {
    const char *label, *key;
} labels[] = {{"Start DateTime", "start_time"},
              {"Start_DateTime", "start_time"},
              {"Schedule File Name", "setting_file"},
              {"Schedule_File_Name", "setting_file"},
              {"Comments", "comments"},
              {"Software Version", "software"},
              {"Software_Version", "software"},
              {"Serial Number", "serial_number"},
              {"Serial_Number", "serial_number"},
              {"Item ID", "barcode"},
              {"Item_ID", "barcode"},
              {"Channel", "channel"}};

static closo_status keep_below(closo_table *table, const char *key, closo_span value)
{
    value = closo_span_trim(value);
    char *text = closo_text_string(table->arena, value);
    if (text == NULL)
        return CLOSO_NOMEM;
    const char *folder = strrchr(text, '\\');
    if (*text == '\0' || closo_table_text(table, key) != NULL)
        return CLOSO_OK;
    return closo_table_set_text(table, key, folder != NULL ? folder + 1 : text);
}

static closo_status keep_pairs(closo_table *table, closo_span upper, closo_span lower)
{
    closo_span label, value = {NULL, 0};
    while (closo_text_field(&upper, '\t', true, &label)) {
        if (!closo_text_field(&lower, '\t', true, &value))
            return CLOSO_OK;
        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
            if (closo_span_equals(closo_span_trim(label), labels[i].label) &&
                keep_below(table, labels[i].key, value) != CLOSO_OK)
                return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

static closo_status read_global_info(const closo_xlsx *book, closo_table *table)
{
    enum { LINES = 100 };
    for (size_t i = 0; i < book->sheet_count; i++) {
        const closo_xlsx_sheet *sheet = &book->sheets[i];
        closo_span rest = {sheet->text.bytes, sheet->text.size}, upper = {NULL, 0}, lower;
        if (sheet->text.size == 0 || !is_about_test(sheet))
            continue;
        for (size_t k = 0; k < LINES && closo_text_line(&rest, '\n', &lower); k++) {
            if (k != 0 && keep_pairs(table, upper, lower) != CLOSO_OK)
                return CLOSO_NOMEM;
            upper = lower;
        }
    }
    return CLOSO_OK;
}

/* ---- the whole ---- */

/* "Arbin CSV" was no CSV. */
static closo_status name_format(closo_table *table)
{
    const char *blank = strrchr(table->format, ' ');
    const bool of_vendor =
        blank != NULL &&
        (strcmp(blank, " CSV") == 0 ||
         (strcmp(blank, " text") == 0 && strcmp(table->format, "delimited text") != 0));
    table->format = of_vendor ? closo_arena_printf(table->arena, "%.*s .xlsx",
                                                   (int)(blank - table->format), table->format)
                              : "Excel .xlsx";
    return table->format != NULL ? CLOSO_OK : CLOSO_NOMEM;
}

/* "'one', 'two'" of the sheets that are part of the table, or are not. NULL: out of memory. */
static const char *names_of(const closo_xlsx *book, const candidate *best, const candidate *list,
                            size_t count, bool part)
{
    enum { NAMES_MOST = 8 };
    const char *text = "";
    size_t named = 0;
    for (size_t i = 0; i < count && text != NULL; i++) {
        const bool belongs =
            &list[i] == best || (&list[i] > best && same_text(list[i].head, best->head));
        if (belongs != part)
            continue;
        const closo_quote name = closo_text_quote(closo_span_of(list[i].sheet->name));
        if (named++ < NAMES_MOST)
            text = closo_arena_printf(book->source->arena, "%s%s'%s'", text,
                                      *text != '\0' ? ", " : "", name.text);
    }
    if (named > NAMES_MOST && text != NULL)
        text = closo_arena_printf(book->source->arena, "%s and %zu more", text, named - NAMES_MOST);
    return text;
}

static closo_status note_sheets(const closo_xlsx *book, const candidate *best,
                                const candidate *list, size_t count, closo_table *table)
{
    const char *parts = names_of(book, best, list, count, true);
    const char *others = names_of(book, best, list, count, false);
    if (parts == NULL || others == NULL)
        return CLOSO_NOMEM;
    if (book->sheet_count > 1)
        closo_table_note(table, "the rows stand in the sheet %s of the workbook", parts);
    if (*others != '\0')
        closo_table_note(table, "the workbook holds other tables, which were left out: %s", others);
    for (size_t i = 0; i < count; i++) {
        if (list[i].sheet->damaged)
            closo_table_note(table,
                             "a sheet of the workbook is damaged or cut: what stood before the "
                             "damage was read; copy the file again");
        if (list[i].sheet->columns_left_out != 0)
            closo_table_note(table, "%zu cells to the right of column %d were left out",
                             list[i].sheet->columns_left_out, CLOSO_TEXT_COLUMNS_MAX);
    }
    if (book->strings_damaged)
        closo_table_note(table, "the list of texts of the workbook is damaged: names and words may "
                                "be missing");
    return CLOSO_OK;
}

static closo_status read_sheets(closo_xlsx *book, candidate *list, size_t *count)
{
    for (size_t i = 0; i < book->sheet_count; i++) {
        bool holds_table;
        closo_status status = closo_xlsx_read_sheet(book, &book->sheets[i]);
        if (status == CLOSO_OK)
            status = look_at(book, &book->sheets[i], &list[*count], &holds_table);
        if (status != CLOSO_OK)
            return status;
        *count += holds_table;
    }
    return CLOSO_OK;
}

static closo_status read_xlsx(const closo_source *source, closo_table **table, closo_error *error)
{
    closo_xlsx book = {.source = source, .error = error};
    size_t count = 0;
    closo_source text;
    closo_table *read = NULL;
    closo_status status = closo_xlsx_read_book(&book);
    candidate *list = closo_arena_alloc(source->arena, book.sheet_count + 1, sizeof *list);
    if (status == CLOSO_OK && list == NULL)
        return closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = read_sheets(&book, list, &count);
    if (status != CLOSO_OK)
        return status;
    const candidate *best = choose(list, count);
    if (best == NULL)
        return closo_fail(error, CLOSO_FORMAT,
                          "none of the %zu sheets of this workbook holds a table: rows of numbers "
                          "below a row of names such as 'time/s', 'Ewe/V', 'I/mA'",
                          book.sheet_count);
    status = join(&book, best, list, count, &text);
    if (status == CLOSO_OK)
        status = closo_source_read(&text, &read, error);
    if (status != CLOSO_OK)
        return status;
    if (name_format(read) != CLOSO_OK || read_global_info(&book, read) != CLOSO_OK ||
        note_sheets(&book, best, list, count, read) != CLOSO_OK)
        return closo_fail_nomem(error);
    *table = read;
    return CLOSO_OK;
}

static bool holds(const unsigned char *bytes, size_t size, const char *word)
{
    const size_t length = strlen(word);
    for (size_t i = 0; i + length <= size; i++)
        if (bytes[i] == (unsigned char)word[0] && memcmp(bytes + i, word, length) == 0)
            return true;
    return false;
}

/* The names of the members stand before each and in the list at the end. */
static int recognise_xlsx(const closo_source *source)
{
    enum { LOOKED_AT = 1 << 16 };
    const size_t part = source->size < LOOKED_AT ? source->size : LOOKED_AT;
    if (source->size < 30 || memcmp(source->bytes, "PK\x03\x04", 4) != 0)
        return 0;
    return holds(source->bytes + source->size - part, part, "xl/workbook.xml") ||
                   holds(source->bytes, part, "xl/workbook.xml")
               ? 94
               : 0;
}

const closo_format closo_format_xlsx = {"Excel .xlsx", recognise_xlsx, read_xlsx};
