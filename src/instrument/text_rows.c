/* SPDX-License-Identifier: BSD-3-Clause */
/* text_rows.c: rows of text into columns of numbers, in three passes: count the lines, look at some of them to learn what
 * each column holds, parse every cell straight into its place. */
#include "text_internal.h"

#include <math.h>
#include <string.h>

typedef enum cell_kind { KIND_NUMBER, KIND_DURATION, KIND_DATE, KIND_LABEL } cell_kind;

/* What went wrong, with its first place; told once, at the end. */
typedef struct complaint {
    size_t count, line;
    closo_quote example;
} complaint;

typedef struct column {
    cell_kind kind;
    double *values;
    closo_text_labels labels;
    complaint odd, infinite, missing, thousands, words;
    bool without_zone; /* a date had no zone */
} column;

typedef struct reader {
    closo_table *table;
    const closo_text_layout *layout;
    column *columns;
    closo_span *fields; /* of the row at hand; one more than there are columns */
    size_t row, row_capacity;
    closo_span row_before; /* for the width of a number that may be cut */
    complaint few, many, decimals, header_again;
    size_t few_fields, cut_line;
    bool cut_visibly; /* the last line has too few fields, or a number that is too short */
    bool no_memory;
} reader;

static void complain(complaint *about, size_t line, closo_span example)
{
    if (about->count++ == 0) {
        about->line = line;
        about->example = closo_text_quote(example);
    }
}

/* ---- lines ---- */

static bool odd_quotes(closo_span line)
{
    bool odd = false;
    for (size_t i = 0; i < line.length; i++)
        odd ^= line.start[i] == '"';
    return odd;
}

/* The next row, which is a line, or several when a field in quotation marks holds line ends. */
static bool next_row(closo_span *rest, const closo_text_layout *layout, char line_end,
                     closo_span *row, size_t *lines)
{
    enum { LINES_IN_A_FIELD = 50 };
    *lines = 1;
    if (!closo_text_line(rest, line_end, row))
        return false;
    if (!layout->quoted || row->length == 0 || memchr(row->start, '"', row->length) == NULL ||
        !odd_quotes(*row))
        return true;
    closo_span further = *rest, line;
    for (size_t i = 1; i < LINES_IN_A_FIELD && closo_text_line(&further, line_end, &line); i++) {
        if (!odd_quotes(line))
            continue;
        row->length = (size_t)(line.start + line.length - row->start);
        *rest = further;
        *lines = i + 1;
        return true;
    }
    return true;
}

/* A row without anything in it; separators alone are nothing too. */
static bool is_empty(closo_span row, char separator)
{
    for (size_t i = 0; i < row.length; i++)
        if ((unsigned char)row.start[i] > ' ' && row.start[i] != separator)
            return false;
    return true;
}

static size_t count_rows(closo_span text, char line_end, char separator)
{
    size_t rows = 0;
    closo_span line;
    while (closo_text_line(&text, line_end, &line))
        rows += !is_empty(line, separator);
    return rows;
}

/* Splits a row; the last element of fields is the first field too many, if there is one. */
static size_t split(const reader *r, closo_span row, char separator)
{
    size_t count = 0;
    const size_t limit = r->layout->name_count + 1;
    closo_span rest = row;
    if (r->layout->leading && separator != ' ' && rest.length != 0 && rest.start[0] == separator) {
        rest.start++;
        rest.length--;
    }
    while (count < limit &&
           closo_text_field(&rest, separator, r->layout->quoted, &r->fields[count]))
        count++;
    /* Separators at the end of a line make no field. */
    if (count == limit) {
        closo_span *beyond = &r->fields[limit - 1];
        bool blank = closo_span_trim(*beyond).length == 0;
        while (blank && closo_text_field(&rest, separator, r->layout->quoted, beyond))
            blank = closo_span_trim(*beyond).length == 0;
        count -= blank;
    }
    return count;
}

/* Fields of a row. A row of Gamry that was mended by hand with blanks in the place of tabs is split at the blanks; its
 * fields have none inside. */
static size_t split_row(const reader *r, closo_span row)
{
    size_t count = split(r, row, r->layout->separator);
    if (count >= r->layout->name_count || !r->layout->leading)
        return count;
    size_t by_blanks = split(r, row, ' ');
    return by_blanks == r->layout->name_count ? by_blanks : split(r, row, r->layout->separator);
}

/* ---- what a column holds ---- */

typedef struct tally {
    unsigned numbers, durations, dates, words;
} tally;

static bool parse_number(const closo_text_layout *layout, closo_span cell, double *value)
{
    return closo_number_parse(cell, layout->decimal, value) ||
           closo_number_parse(cell, layout->decimal == '.' ? ',' : '.', value);
}

/* A comma among the digits of a cell in quotation marks separates thousands where the file has decimal points. */
static bool parse_thousands(const closo_text_layout *layout, closo_span cell, double *value)
{
    return layout->quoted &&
           closo_text_thousands_parse(
               cell, layout->decimal,
               layout->separator == ',' && layout->decimal == '.' && layout->decimal_seen, value);
}

static closo_span unquoted(closo_span cell)
{
    cell = closo_span_trim(cell);
    if (cell.length >= 2 && cell.start[0] == '"' && cell.start[cell.length - 1] == '"')
        return (closo_span){cell.start + 1, cell.length - 2};
    return cell;
}

static void look_at_row(const reader *r, closo_span row, tally *tallies)
{
    size_t count = split_row(r, row);
    if (count > r->layout->name_count)
        count = r->layout->name_count;
    for (size_t i = 0; i < count; i++) {
        double value;
        closo_date date;
        closo_span cell = unquoted(r->fields[i]);
        if (closo_text_is_missing(cell))
            continue;
        if (parse_number(r->layout, cell, &value) || parse_thousands(r->layout, cell, &value))
            tallies[i].numbers++;
        else if (closo_duration_parse(cell, &value))
            tallies[i].durations++;
        else if (closo_date_parse(cell, r->layout->order, &date))
            tallies[i].dates++;
        else
            tallies[i].words++;
    }
}

static cell_kind kind_of(const tally *t)
{
    if (t->words > t->numbers + t->durations + t->dates)
        return KIND_LABEL;
    if (t->durations > t->numbers && t->durations >= t->dates)
        return KIND_DURATION;
    return t->dates > t->numbers ? KIND_DATE : KIND_NUMBER;
}

/* Looks at the first rows of each piece and at others all over it. */
static bool learn_kinds(reader *r, const closo_text_piece *pieces, size_t piece_count)
{
    enum { LOOKS = 64 };
    tally *tallies = closo_arena_alloc(r->table->arena, r->layout->name_count, sizeof *tallies);
    if (tallies == NULL)
        return false;
    for (size_t p = 0; p < piece_count && p < LOOKS; p++) {
        const closo_span text = pieces[p].text;
        const char line_end = closo_text_line_end(text);
        closo_span rest = text, row;
        size_t lines;
        for (size_t i = 0; i < LOOKS && next_row(&rest, r->layout, line_end, &row, &lines); i++)
            if (!is_empty(row, r->layout->separator))
                look_at_row(r, row, tallies);
        for (size_t i = 1; i < LOOKS && rest.length != 0; i++) {
            size_t skip = text.length / LOOKS * i;
            if (skip < text.length - rest.length)
                continue;
            closo_span later = {text.start + skip, text.length - skip};
            /* The first line is most likely a part of one. */
            if (!closo_text_line(&later, line_end, &row))
                break;
            if (closo_text_line(&later, line_end, &row) && !is_empty(row, r->layout->separator))
                look_at_row(r, row, tallies);
        }
    }
    for (size_t i = 0; i < r->layout->name_count; i++)
        r->columns[i].kind = kind_of(&tallies[i]);
    return true;
}

/* ---- cells ---- */

static void store_odd(reader *r, column *c, closo_span cell, size_t line)
{
    const bool had_marks = unquoted(cell).length != cell.length;
    double *place = &c->values[r->row];
    closo_date date;
    *place = NAN;
    if (c->kind == KIND_LABEL) {
        if (cell.length != 0 && !closo_text_label_index(&c->labels, r->table->arena, cell, place))
            r->no_memory = true;
        if (!closo_text_is_missing(unquoted(cell)))
            complain(&c->words, line, unquoted(cell));
        return;
    }
    cell = unquoted(cell);
    if (closo_text_is_missing(cell)) {
        if (!closo_span_equals(cell, "XXX")) /* EC-Lab's word for what it did not measure */
            complain(&c->missing, line, cell);
        return;
    }
    if (c->kind == KIND_DURATION && closo_duration_parse(cell, place))
        return;
    if (c->kind == KIND_DATE && closo_date_parse(cell, r->layout->order, &date)) {
        *place = closo_date_seconds(&date);
        c->without_zone |= !date.has_zone;
        return;
    }
    if (had_marks && closo_number_parse(cell, r->layout->decimal, place))
        return;
    if (had_marks && parse_thousands(r->layout, cell, place)) {
        complain(&c->thousands, line, cell);
        return;
    }
    if (parse_number(r->layout, cell, place)) {
        complain(&r->decimals, line, cell);
        return;
    }
    *place = NAN;
    complain(&c->odd, line, cell);
}

static inline void store(reader *r, column *c, closo_span cell, size_t line)
{
    double *place = &c->values[r->row];
    if (c->kind == KIND_NUMBER) {
        unsigned digit = cell.length == 1 ? (unsigned)(cell.start[0] - '0') : 10;
        if (digit < 10) {
            *place = digit;
            return;
        }
        if (closo_number_parse(cell, r->layout->decimal, place)) {
            if (!isfinite(*place))
                complain(isinf(*place) ? &c->infinite : &c->missing, line, cell);
            return;
        }
    }
    store_odd(r, c, closo_span_trim(cell), line);
}

/* ---- the last line ---- */

static const char *last_separator(closo_span row, char separator)
{
    for (size_t i = row.length; i > 0; i--)
        if (row.start[i - 1] == separator)
            return row.start + i - 1;
    return NULL;
}

/* How many of the last line's fields can be believed when it has no end. */
static size_t whole_fields(const reader *r, closo_span row, size_t count)
{
    const size_t all = r->layout->name_count;
    if (count < all || r->layout->always_ends)
        return count != 0 ? count - 1 : 0;
    if (!r->layout->fixed_width || r->row_before.start == NULL || r->layout->separator == ' ')
        return count;
    const char *before = last_separator(r->row_before, r->layout->separator);
    const char *now = last_separator(row, r->layout->separator);
    if (before == NULL || now == NULL)
        return count;
    size_t width_before = (size_t)(r->row_before.start + r->row_before.length - before);
    size_t width_now = (size_t)(row.start + row.length - now);
    width_before -= before[1] == '-' && width_before > 1;
    width_now -= width_now > 1 && now[1] == '-';
    /* An integer may well have fewer digits than the one above. */
    const bool has_exponent = memchr(before, 'E', width_before) != NULL;
    return has_exponent && width_now < width_before ? count - 1 : count;
}

static bool is_header_again(const reader *r, size_t count)
{
    const closo_text_layout *layout = r->layout;
    if (count < 2 || layout->name_count < 2)
        return false;
    return closo_span_equals(unquoted(r->fields[0]), layout->names[0].name) &&
           closo_span_equals(unquoted(r->fields[1]), layout->names[1].name);
}

static void read_row(reader *r, closo_span row, size_t line, bool unfinished)
{
    const size_t all = r->layout->name_count;
    size_t count = split_row(r, row);
    if (is_header_again(r, count)) {
        complain(&r->header_again, line, row);
        return;
    }
    if (count > all) {
        complain(&r->many, line, row);
        count = all;
    }
    size_t believed = unfinished ? whole_fields(r, row, count) : count;
    if (believed < count) {
        r->cut_line = line;
        r->cut_visibly = count < all || r->layout->fixed_width;
    } else if (count < all) {
        if (r->few.count == 0)
            r->few_fields = count;
        complain(&r->few, line, row);
    }
    for (size_t i = 0; i < believed; i++)
        store(r, &r->columns[i], r->fields[i], line);
    for (size_t i = believed; i < all; i++)
        r->columns[i].values[r->row] = NAN;
    r->row_before = row;
    r->row++;
}

static void read_piece(reader *r, closo_text_piece *piece)
{
    const char line_end = closo_text_line_end(piece->text);
    const size_t first_row = r->row;
    closo_span rest = piece->text, row;
    size_t line = piece->first_line, lines = 1;
    const bool ends =
        piece->text.length != 0 && piece->text.start[piece->text.length - 1] == line_end;
    while (!r->no_memory && next_row(&rest, r->layout, line_end, &row, &lines)) {
        if (!is_empty(row, r->layout->separator) && r->row < r->row_capacity)
            read_row(r, row, line, rest.length == 0 && !ends);
        line += lines;
    }
    piece->row_count = r->row - first_row;
}

/* ---- what there is to say ---- */

static void note_rows(const reader *r)
{
    closo_table *table = r->table;
    const size_t all = r->layout->name_count;
    if (r->few.count == 1)
        closo_table_note(table, "line %zu has %zu fields in place of %zu; the rest is left empty",
                         r->few.line, r->few_fields, all);
    else if (r->few.count > 1)
        closo_table_note(table,
                         "line %zu and %zu further lines have fewer than %zu fields; what is "
                         "missing is left empty",
                         r->few.line, r->few.count - 1, all);
    if (r->many.count == 1)
        closo_table_note(table, "line %zu has more than %zu fields; the further ones are left out",
                         r->many.line, all);
    else if (r->many.count > 1)
        closo_table_note(table,
                         "line %zu and %zu further lines have more than %zu fields; the further "
                         "fields are left out",
                         r->many.line, r->many.count - 1, all);
    if (r->cut_line != 0)
        closo_table_note(table,
                         r->cut_visibly
                             ? "line %zu, the last, is cut short; what may be incomplete of it is "
                               "left empty"
                             : "line %zu, the last, has no end and may be cut; its last field is "
                               "left empty",
                         r->cut_line);
    if (r->decimals.count != 0)
        closo_table_note(table,
                         "'%s' in line %zu has another decimal mark than most numbers; it and %zu "
                         "others are read as they look",
                         r->decimals.example.text, r->decimals.line, r->decimals.count - 1);
    if (r->header_again.count != 0)
        closo_table_note(table, "line %zu repeats the names of the columns; it is skipped",
                         r->header_again.line);
}

/* Without one of these a row says nothing; elsewhere an empty cell is nothing odd. */
static bool is_needed(closo_quantity quantity)
{
    return quantity == CLOSO_QUANTITY_TIME || quantity == CLOSO_QUANTITY_POTENTIAL ||
           quantity == CLOSO_QUANTITY_CURRENT;
}

static void note_column(closo_table *table, const char *name, closo_quantity quantity,
                        const column *c)
{
    const char *what = c->kind == KIND_DATE       ? "a date"
                       : c->kind == KIND_DURATION ? "a time"
                                                  : "a number";
    closo_quote shown = closo_text_quote(closo_span_of(name));
    if (c->odd.count == 1)
        closo_table_note(table, "'%s' in line %zu is not %s (column '%s'); it is left empty",
                         c->odd.example.text, c->odd.line, what, shown.text);
    else if (c->odd.count > 1)
        closo_table_note(table,
                         "'%s' in line %zu is not %s (column '%s'); it and %zu further cells of "
                         "this column are left empty",
                         c->odd.example.text, c->odd.line, what, shown.text, c->odd.count - 1);
    if (c->thousands.count != 0)
        closo_table_note(table,
                         "column '%s' has separated thousands, the first, '%s', in line %zu; they "
                         "are read as such",
                         shown.text, c->thousands.example.text, c->thousands.line);
    if (c->missing.count != 0 && is_needed(quantity))
        closo_table_note(table, "column '%s' has no value in %zu rows, the first in line %zu",
                         shown.text, c->missing.count, c->missing.line);
    if (c->infinite.count != 0)
        closo_table_note(table, "column '%s' has %zu infinite values, the first in line %zu",
                         shown.text, c->infinite.count, c->infinite.line);
}

/* A column that should hold numbers by its name, or does by its first cell, and is kept as words. */
static void note_words(closo_table *table, const closo_text_name *name, const column *c)
{
    const char first = c->words.example.text[0],
               second = c->words.example.text[0] != '\0' ? c->words.example.text[1] : '\0';
    const char leading = first == '-' || first == '+' ? second : first;
    const bool measured = name->quantity == CLOSO_QUANTITY_TIME ||
                          name->quantity == CLOSO_QUANTITY_POTENTIAL ||
                          name->quantity == CLOSO_QUANTITY_CURRENT ||
                          (*name->unit != '\0' && leading >= '0' && leading <= '9');
    if (c->words.count != 0 && measured)
        closo_table_note(table,
                         "column '%s' holds text, not numbers, beginning with '%s' in line %zu; it "
                         "is kept as text",
                         closo_text_quote(closo_span_of(name->name)).text, c->words.example.text,
                         c->words.line);
}

/* Which columns were read in the usual unit because the file tells none; dates and times of day need none. */
static void note_assumed_units(const reader *r)
{
    size_t count = 0, first = 0;
    for (size_t i = 0; i < r->layout->name_count; i++)
        if (r->layout->names[i].unit_assumed && r->columns[i].kind == KIND_NUMBER && count++ == 0)
            first = i;
    if (count == 0)
        return;
    const closo_text_name *name = &r->layout->names[first];
    closo_quote shown = closo_text_quote(closo_span_of(name->name));
    if (count == 1)
        closo_table_note(r->table, "column '%s' has no unit; it is read in %s", shown.text,
                         name->unit);
    else
        closo_table_note(
            r->table,
            "%zu columns have no unit and are read in the usual ones, the first, '%s', "
            "in %s",
            count, shown.text, name->unit);
}

/* Is what should be Unix time a spreadsheet's dates as bare numbers: days since 1899-12-30, between 1954 and 2119? As
 * seconds they would all be of the first of January 1970. */
static bool are_serial_days(const reader *r, const column *c)
{
    size_t known = 0;
    for (size_t i = 0; i < r->row; i++) {
        if (c->values[i] <= 2e4 || c->values[i] >= 8e4)
            return false;
        known += isnan(c->values[i]) ? 0 : 1;
    }
    return known != 0;
}

static bool add_columns(const reader *r)
{
    for (size_t i = 0; i < r->layout->name_count; i++) {
        const closo_text_name *name = &r->layout->names[i];
        const column *c = &r->columns[i];
        const char *unit = name->unit;
        closo_quantity quantity = name->quantity;
        if (c->kind == KIND_LABEL) {
            note_words(r->table, name, c);
            unit = "";
            quantity = CLOSO_QUANTITY_OTHER;
        } else if (c->kind != KIND_NUMBER) {
            unit = "s";
            if (quantity == CLOSO_QUANTITY_UNIX_TIME) /* a time of day has no date */
                quantity = CLOSO_QUANTITY_OTHER;
        }
        const bool days = c->kind == KIND_NUMBER && quantity == CLOSO_QUANTITY_UNIX_TIME &&
                          strcmp(unit, "s") == 0 && are_serial_days(r, c);
        if (days) {
            unit = "d";
            quantity = CLOSO_QUANTITY_OTHER;
            closo_table_note(r->table,
                             "column '%s' holds a spreadsheet's dates as numbers, days since "
                             "1899-12-30 by the instrument's clock; they are no Unix time",
                             closo_text_quote(closo_span_of(name->name)).text);
        }
        if (c->kind == KIND_DATE)
            quantity = c->without_zone ? CLOSO_QUANTITY_OTHER : CLOSO_QUANTITY_UNIX_TIME;
        closo_column *added =
            closo_table_add_values(r->table, name->name, unit, quantity, c->values);
        if (added == NULL)
            return false;
        /* "-Phase (deg)": the number stays, its SI value is that of the phase. */
        if (quantity == CLOSO_QUANTITY_PHASE && closo_name_is_turned(closo_span_of(name->name)))
            added->si_factor = -added->si_factor;
        if (c->kind == KIND_LABEL && c->labels.count != 0) {
            added->labels = c->labels.words;
            added->label_count = c->labels.count;
        }
        if (c->kind == KIND_DATE && c->without_zone)
            closo_table_note(r->table,
                             "the dates of column '%s' name no time zone; they became seconds "
                             "since 1970-01-01 by the instrument's clock",
                             closo_text_quote(closo_span_of(name->name)).text);
        note_column(r->table, name->name, quantity, c);
    }
    return true;
}

static bool allocate(reader *r, size_t rows)
{
    closo_arena *arena = r->table->arena;
    const size_t count = r->layout->name_count;
    r->row_capacity = rows;
    for (size_t i = 0; i < count; i++) {
        r->columns[i].values = closo_arena_alloc(arena, rows, sizeof(double));
        if (r->columns[i].values == NULL)
            return false;
    }
    return true;
}

closo_status closo_text_rows_read(closo_table *table, const closo_text_layout *layout,
                                  closo_text_piece *pieces, size_t piece_count, closo_error *error)
{
    /* Each cell costs a byte at least, its separator; a table that is much larger than its text is made up of holes, and
     * would let a small damaged file take all memory. */
    enum { SMALL_TABLE_CELLS = 1 << 20 };
    reader r = {.table = table, .layout = layout};
    closo_arena *arena = table->arena;
    size_t rows = 0, bytes = 0, cells = 0;
    for (size_t p = 0; p < piece_count; p++) {
        rows += count_rows(pieces[p].text, closo_text_line_end(pieces[p].text), layout->separator);
        bytes += pieces[p].text.length;
    }
    if (__builtin_mul_overflow(rows, layout->name_count, &cells) ||
        (cells > SMALL_TABLE_CELLS && cells / 4 > bytes))
        return closo_fail_line(error, CLOSO_FORMAT, pieces[0].first_line,
                               "the header names %zu columns, but the %zu rows below it have far "
                               "fewer fields; check the separators",
                               layout->name_count, rows);
    r.columns = closo_arena_alloc(arena, layout->name_count, sizeof *r.columns);
    r.fields = closo_arena_alloc(arena, layout->name_count + 1, sizeof *r.fields);
    if (r.columns == NULL || r.fields == NULL || !allocate(&r, rows) ||
        !learn_kinds(&r, pieces, piece_count))
        return closo_fail_nomem(error);
    for (size_t p = 0; p < piece_count; p++)
        read_piece(&r, &pieces[p]);
    table->row_count = r.row;
    if (r.no_memory || !add_columns(&r))
        return closo_fail_nomem(error);
    note_assumed_units(&r);
    note_rows(&r);
    return CLOSO_OK;
}

char closo_text_decimal(closo_span rows)
{
    /* The marks of the first rows, wherever a digit stands on both sides. */
    enum { LOOKED_AT = 1 << 16 };
    size_t commas = 0, points = 0;
    const size_t end = rows.length < LOOKED_AT ? rows.length : LOOKED_AT;
    for (size_t i = 1; i + 1 < end; i++) {
        char c = rows.start[i];
        if ((c != ',' && c != '.') || rows.start[i - 1] < '0' || rows.start[i - 1] > '9' ||
            rows.start[i + 1] < '0' || rows.start[i + 1] > '9')
            continue;
        commas += c == ',';
        points += c == '.';
    }
    return commas > points ? ',' : '.';
}
