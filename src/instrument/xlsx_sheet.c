/* SPDX-License-Identifier: BSD-3-Clause */
/* xlsx_sheet.c: a worksheet as text: a line a row, a tab between cells. Numbers keep the digits they are stored with; dates
 * and times, which are numbers by their style, become what they show; what is missing becomes nothing. */
#include "xlsx_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MOST = 1 << 21, GAP_MOST = 100, CELL_BYTES_MOST = 32767, BEYOND_XML = 64 };

typedef struct sheet_state {
    closo_xlsx_sheet *sheet;
    closo_xlsx_text cell; /* of the cell at hand */
    char type[12];        /* t: s, str, inlineStr, b, e, d, n */
    size_t style, column; /* of the cell; counted from 0 */
    size_t next_column;   /* behind the last cell of the row that was written */
    size_t row;           /* rows that were written */
    bool in_value, in_cell;
} sheet_state;

/* "BC12" is column 54, counted from 0. SIZE_MAX: no such place. */
static size_t column_of(const char *place)
{
    size_t column = 0;
    const char *c = place;
    for (; *c >= 'A' && *c <= 'Z' && c < place + 4; c++)
        column = column * 26 + (size_t)(*c - 'A') + 1;
    return column != 0 && *c >= '0' && *c <= '9' ? column - 1 : SIZE_MAX;
}

static size_t count_of(const char *text)
{
    double number;
    if (text == NULL || !closo_number_parse(closo_span_of(text), '.', &number) ||
        !(number >= 0 && number <= 1e9))
        return SIZE_MAX;
    return (size_t)number;
}

/* Cells or rows far apart, or a long string in each cell, make much of little. */
static bool write(closo_xlsx *book, sheet_state *state, const char *bytes, size_t size)
{
    closo_xlsx_text *text = &state->sheet->text;
    if ((text->size + size) / BEYOND_XML > book->xml_bytes + (1 << 14)) {
        closo_xlsx_stop(book, closo_fail(book->error, CLOSO_LIMIT,
                                         "the cells of a sheet of this workbook stand so far apart "
                                         "that it is no table of a measurement"));
        return false;
    }
    return closo_xlsx_append(book, text, bytes, size);
}

/* A field with a quotation mark is put in such; line ends and tabs would end it. */
static void write_text(closo_xlsx *book, sheet_state *state, const char *bytes, size_t size)
{
    const bool quoted = size != 0 && memchr(bytes, '"', size) != NULL;
    size_t from = 0;
    if (quoted && !write(book, state, "\"", 1))
        return;
    for (size_t i = 0; i <= size; i++) {
        const bool ends = i < size && strchr("\t\r\n\"", bytes[i]) != NULL && bytes[i] != '\0';
        if (!ends && i < size)
            continue;
        if (!write(book, state, bytes + from, i - from))
            return;
        if (ends && !write(book, state, bytes[i] == '"' ? "\"\"" : " ", bytes[i] == '"' ? 2 : 1))
            return;
        from = i + 1;
    }
    if (quoted)
        (void)write(book, state, "\"", 1);
}

static void write_shared(closo_xlsx *book, sheet_state *state)
{
    const size_t number = count_of(state->cell.bytes);
    if (number >= book->string_count)
        return;
    const size_t begin = number == 0 ? 0 : book->string_ends[number - 1];
    size_t size = book->string_ends[number] - begin;
    write_text(book, state, book->strings.bytes + begin,
               size < CELL_BYTES_MOST ? size : CELL_BYTES_MOST);
}

/* A time is a part of a day, and may be more than one day. */
static void write_time(closo_xlsx *book, sheet_state *state, double days)
{
    char text[48];
    const double milliseconds = floor(days * 86400e3 + 0.5);
    const int64_t whole = (int64_t)milliseconds;
    const int length =
        snprintf(text, sizeof text, "%lld:%02d:%02d.%03d", (long long)(whole / 3600000),
                 (int)(whole / 60000 % 60), (int)(whole / 1000 % 60), (int)(whole % 1000));
    (void)write(book, state, text, (size_t)length);
}

static void write_number(closo_xlsx *book, sheet_state *state)
{
    const closo_span cell = closo_span_trim((closo_span){state->cell.bytes, state->cell.size});
    double value;
    closo_date date;
    char text[48];
    if (!closo_number_parse(cell, '.', &value))
        return;
    const unsigned kind =
        state->style < book->style_count ? book->style_kinds[state->style] : CLOSO_XLSX_NUMBER;
    const double days = value + (book->starts_1904 ? 1462 : 0);
    if (kind == CLOSO_XLSX_DATE && closo_date_of_days(days, &date)) {
        closo_date_print(&date, text);
        (void)write(book, state, text, strlen(text));
    } else if (kind != CLOSO_XLSX_NUMBER && value >= 0 && value < 20000) {
        write_time(book, state, value);
    } else if (kind == CLOSO_XLSX_TIME && closo_date_of_days(days, &date)) {
        closo_date_print(&date, text);
        (void)write(book, state, text, strlen(text));
    } else {
        (void)write(book, state, cell.start, cell.length);
    }
}

static void write_cell(closo_xlsx *book, sheet_state *state)
{
    if (state->cell.size == 0)
        return;
    if (state->column >= CLOSO_TEXT_COLUMNS_MAX) {
        state->sheet->columns_left_out++;
        return;
    }
    for (; state->next_column < state->column; state->next_column++)
        if (!write(book, state, "\t", 1))
            return;
    if (strcmp(state->type, "s") == 0)
        write_shared(book, state);
    else if (strcmp(state->type, "str") == 0 || strcmp(state->type, "inlineStr") == 0 ||
             strcmp(state->type, "d") == 0)
        write_text(book, state, state->cell.bytes, state->cell.size);
    else if (strcmp(state->type, "e") != 0)
        write_number(book, state);
}

/* ---- expat ---- */

/* Lines are the numbers of the rows, as far as rows that are left out allow. */
static void begin_row(closo_xlsx *book, sheet_state *state, const char **attributes)
{
    const size_t number = count_of(closo_xlsx_attribute(attributes, "r"));
    const size_t gap = number != SIZE_MAX && number > state->row + 1 ? number - state->row - 1 : 0;
    for (size_t i = 0; i < gap && i < GAP_MOST; i++)
        if (!write(book, state, "\n", 1))
            return;
    state->row += 1 + (gap < GAP_MOST ? gap : GAP_MOST);
    state->next_column = 0;
    state->column = SIZE_MAX;
    if (state->row > ROWS_MOST)
        closo_xlsx_stop(book, closo_fail(book->error, CLOSO_LIMIT,
                                         "a sheet of this workbook has more than %d rows, twice as "
                                         "many as Excel allows",
                                         ROWS_MOST));
}

static void begin_cell(sheet_state *state, const char **attributes)
{
    const char *place = closo_xlsx_attribute(attributes, "r");
    const char *type = closo_xlsx_attribute(attributes, "t");
    const size_t column = place != NULL ? column_of(place) : SIZE_MAX;
    const size_t following = state->column == SIZE_MAX ? 0 : state->column + 1;
    /* Cells stand in their order; one that says otherwise is where it stands. */
    state->column = column != SIZE_MAX && column >= following ? column : following;
    const char *style = closo_xlsx_attribute(attributes, "s");
    state->style = style != NULL ? count_of(style) : 0;
    (void)snprintf(state->type, sizeof state->type, "%s", type != NULL ? type : "n");
    state->cell.size = 0;
    state->in_cell = true;
}

static void begin_in_sheet(closo_xlsx *book, void *user, const char *name, const char **attributes)
{
    sheet_state *state = user;
    state->in_value = false;
    if (strcmp(name, "row") == 0)
        begin_row(book, state, attributes);
    else if (strcmp(name, "c") == 0)
        begin_cell(state, attributes);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        state->in_value = state->in_cell;
}

static void characters_in_sheet(closo_xlsx *book, void *user, const char *bytes, size_t size)
{
    sheet_state *state = user;
    if (state->in_value && state->cell.size + size <= CELL_BYTES_MOST)
        (void)closo_xlsx_append(book, &state->cell, bytes, size);
}

static void end_in_sheet(closo_xlsx *book, void *user, const char *name)
{
    sheet_state *state = user;
    state->in_value = false;
    if (strcmp(name, "c") == 0) {
        write_cell(book, state);
        state->in_cell = false;
    } else if (strcmp(name, "row") == 0) {
        (void)write(book, state, "\n", 1);
    }
}

closo_status closo_xlsx_read_sheet(closo_xlsx *book, closo_xlsx_sheet *sheet)
{
    sheet_state state = {.sheet = sheet, .column = SIZE_MAX};
    const closo_xlsx_listener listener = {begin_in_sheet, end_in_sheet, characters_in_sheet,
                                          &state};
    if (sheet->member == NULL)
        return CLOSO_OK;
    return closo_xlsx_parse(book, sheet->member, &listener, &sheet->damaged);
}
