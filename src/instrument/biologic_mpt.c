/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_mpt.c: EC-Lab's and BT-Lab's text export. Line 1 names the program, line 2 tells in which line the names of the
 * columns stand; what is between them may be missing, and so may all of it ("export without header"). The text is
 * Windows-1252 with CRLF from EC-Lab, anything after an editor or git; decimal commas where the computer has them. */
#include "text_internal.h"

#include <string.h>

enum { HEADER_LINES_MAX = 100000 };

static bool first_line(const closo_source *source, closo_span *line)
{
    closo_span rest = {(const char *)source->bytes, source->size < 4096 ? source->size : 4096};
    return closo_text_line(&rest, closo_text_line_end(rest), line);
}

static bool is_title(closo_span line)
{
    line = closo_span_trim(line);
    return closo_span_equals_nocase(line, "EC-Lab ASCII FILE") ||
           closo_span_equals_nocase(line, "BT-Lab ASCII FILE");
}

/* How many of the tab-separated words of a line are columns of EC-Lab, and how many there are. */
static size_t known_names(closo_span line, size_t *count)
{
    size_t known = 0;
    closo_span field;
    *count = 0;
    while (*count < CLOSO_TEXT_COLUMNS_MAX && closo_text_field(&line, '\t', false, &field)) {
        char name[128];
        closo_quantity quantity;
        if (closo_span_trim(field).length == 0)
            continue;
        ++*count;
        if (field.length >= sizeof name)
            continue;
        memcpy(name, field.start, field.length);
        name[field.length] = '\0';
        known += closo_eclab_column_quantity(name, &quantity);
    }
    return known;
}

static bool is_column_line(closo_span line)
{
    size_t count = 0;
    size_t known = known_names(line, &count);
    return known >= 2 && known * 2 >= count;
}

static int recognise(const closo_source *source)
{
    closo_span line;
    if (!first_line(source, &line))
        return 0;
    if (is_title(line))
        return 100;
    size_t count = 0, known = known_names(line, &count);
    return known >= 4 && known * 2 > count ? 80 : 0;
}

/* The header as lines, and where the rows begin. */
typedef struct layout_found {
    closo_span header; /* lines before the names, in the file's encoding */
    closo_span names;  /* the line of names */
    closo_span rows;
    size_t names_line;
    bool title;
    bool elsewhere; /* not in the line that line 2 tells */
    size_t told_line;
} layout_found;

/* Whether a line of names that closo does not know can be one: it has tabs, or it is a single word above numbers. */
static bool may_be_names(closo_span line, closo_span rest)
{
    closo_span next;
    double value;
    if (closo_span_trim(line).length == 0 || line.start[0] == '\t' || line.start[0] == ' ')
        return false;
    return memchr(line.start, '\t', line.length) != NULL ||
           (closo_text_line(&rest, closo_text_line_end(rest), &next) &&
            (closo_number_parse(next, '.', &value) || closo_number_parse(next, ',', &value)));
}

/* Goes through the lines; the names are in the line that the header tells, if they look like names, else in the first one
 * that does. */
static bool find_names(closo_span text, layout_found *found)
{
    const char line_end = closo_text_line_end(text);
    closo_span rest = text, line;
    size_t number = 0, told = 0;
    memset(found, 0, sizeof *found);
    while (number < HEADER_LINES_MAX && closo_text_line(&rest, line_end, &line)) {
        number++;
        if (number == 1)
            found->title = is_title(line);
        double value;
        closo_span words = closo_span_trim(line);
        if (number == 2 && closo_span_starts(words, "Nb header lines :") &&
            closo_number_parse((closo_span){words.start + 17, words.length - 17}, '.', &value) &&
            value >= 3 && value < HEADER_LINES_MAX)
            told = (size_t)value;
        if (!is_column_line(line) && !(found->title && number == told && may_be_names(line, rest)))
            continue;
        found->header = (closo_span){text.start, (size_t)(line.start - text.start)};
        found->names = line;
        found->rows = rest;
        found->names_line = number;
        found->told_line = told;
        found->elsewhere = told != 0 && told != number;
        return true;
    }
    return false;
}

static closo_status read_header(closo_table *table, closo_span header, closo_error *error)
{
    closo_eclab_header state = {.table = table};
    closo_span text, line;
    const char line_end = closo_text_line_end(header);
    size_t number = 0;
    if (!closo_text_to_utf8(table->arena, header.start, header.length, &text))
        return closo_fail_nomem(error);
    while (closo_text_line(&text, line_end, &line)) {
        number++;
        if (number <= 2 && (is_title(line) || closo_span_starts(line, "Nb header lines")))
            continue;
        closo_span words = closo_span_trim(line);
        /* Line 4 names the technique, also one that closo has not heard of. */
        if (number == 4 && words.length != 0 && closo_eclab_technique(words) == NULL &&
            memchr(words.start, ':', words.length) == NULL) {
            char *name = closo_text_string(table->arena, words);
            if (name == NULL || closo_table_set_text(table, "technique", name) != CLOSO_OK)
                return closo_fail_nomem(error);
            table->technique = name;
            continue;
        }
        if (closo_eclab_header_line(&state, line) != CLOSO_OK)
            return closo_fail_nomem(error);
    }
    if (closo_eclab_settings_metadata(table) != CLOSO_OK)
        return closo_fail_nomem(error);
    return CLOSO_OK;
}

/* The names of the columns; the line ends in a tab. */
static closo_status read_names(closo_table *table, closo_span line, closo_text_name **list,
                               size_t *count, closo_error *error)
{
    closo_span text, rest, field;
    size_t filled = 0;
    if (!closo_text_to_utf8(table->arena, line.start, line.length, &text))
        return closo_fail_nomem(error);
    while (text.length != 0 && text.start[text.length - 1] == '\t')
        text.length--;
    rest = text;
    *count = 0;
    while (*count <= CLOSO_TEXT_COLUMNS_MAX && closo_text_field(&rest, '\t', false, &field))
        ++*count;
    if (*count > CLOSO_TEXT_COLUMNS_MAX)
        return closo_fail(error, CLOSO_LIMIT, "it names more than %d columns",
                          CLOSO_TEXT_COLUMNS_MAX);
    *list = closo_arena_alloc(table->arena, *count, sizeof **list);
    if (*list == NULL)
        return closo_fail_nomem(error);
    for (rest = text; filled < *count && closo_text_field(&rest, '\t', false, &field); filled++) {
        closo_text_name *name = &(*list)[filled];
        char unit[64];
        char *words = closo_text_string(table->arena, field);
        if (words == NULL)
            return closo_fail_nomem(error);
        closo_unit_mend(closo_span_of(closo_eclab_column_unit(words)), unit);
        name->name = words;
        name->unit = closo_arena_text(table->arena, unit);
        closo_eclab_column_quantity(words, &name->quantity);
        if (name->unit == NULL)
            return closo_fail_nomem(error);
    }
    return CLOSO_OK;
}

/* Files glued together by hand: the table ends where the head of a second one begins. Its rows may have other columns and
 * another start, so they are not appended. Returns the line of that head in the file, 0 when there is none. */
static size_t end_at_second_head(closo_text_piece *piece)
{
    closo_span rest = piece->text, line;
    const char line_end = closo_text_line_end(rest);
    size_t number = piece->first_line;
    for (; closo_text_line(&rest, line_end, &line); number++) {
        if (line.length == 0 || (line.start[0] != 'E' && line.start[0] != 'B') || !is_title(line))
            continue;
        piece->text.length = (size_t)(line.start - piece->text.start);
        return number;
    }
    return 0;
}

static closo_status read_mpt(const closo_source *source, closo_table **result, closo_error *error)
{
    closo_span text = {(const char *)source->bytes, source->size};
    layout_found found;
    closo_text_name *names = NULL;
    closo_text_layout layout = {.separator = '\t', .fixed_width = true};
    if (!find_names(text, &found))
        return closo_fail(error, CLOSO_FORMAT,
                          "it begins like a text file of EC-Lab but has no line with the names of "
                          "columns (mode, time/s, Ewe/V, ...); export it again from EC-Lab");
    closo_table *table = closo_table_new(source->arena, source->name);
    if (table == NULL)
        return closo_fail_nomem(error);
    table->format = "BioLogic .mpt";
    closo_status status = read_header(table, found.header, error);
    if (status == CLOSO_OK)
        status = read_names(table, found.names, &names, &layout.name_count, error);
    if (status != CLOSO_OK)
        return status;
    if (found.elsewhere)
        closo_table_note(table,
                         "line 2 says that the names of the columns are in line %zu, but they are "
                         "in line %zu",
                         found.told_line, found.names_line);
    layout.names = names;
    layout.decimal = closo_text_decimal(found.rows);
    closo_text_piece piece = {found.rows, found.names_line + 1, 0};
    const size_t second_line = end_at_second_head(&piece);
    if (second_line != 0)
        closo_table_note(table,
                         "two files glued: the second begins at line %zu and was left out; cut "
                         "them apart there to read it",
                         second_line);
    status = closo_text_rows_read(table, &layout, &piece, 1, error);
    if (status != CLOSO_OK)
        return status;
    closo_eclab_header_finish(table);
    if (table->row_count == 0)
        closo_table_note(table, "there are no rows: the technique recorded no point");
    *result = table;
    return CLOSO_OK;
}

const closo_format closo_format_mpt = {"BioLogic .mpt", recognise, read_mpt};
