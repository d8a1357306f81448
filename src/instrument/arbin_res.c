/* SPDX-License-Identifier: BSD-3-Clause */
/* arbin_res.c: Arbin's .res, an Access database: each point of each test a row of Channel_Normal_Table, auxiliary inputs in
 * Auxiliary_Table, what was tested in Global_Table. Rows lie in no order. Several tests become tables one after the other. */
#include "dialect.h"
#include "jet_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AUX_MOST = 256 };

/* A point of a test: its place among the rows of the database. */
typedef struct point {
    double test, number;
    const closo_jet_row *row;
} point;

typedef struct res {
    const closo_source *source;
    closo_jet_table *normal, *global, *aux, *aux_names;
    point *points;
    size_t point_count;
} res;

static int by_point(const void *one, const void *other)
{
    const point *a = one, *b = other;
    if (a->test != b->test)
        return a->test < b->test ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows without a number of their test or point are damaged and left out. */
static closo_status sort_points(res *r)
{
    const closo_jet_column *test = closo_jet_column_named(r->normal, "Test_ID");
    const closo_jet_column *number = closo_jet_column_named(r->normal, "Data_Point");
    bool sorted = true;
    r->points = closo_arena_alloc(r->source->arena, r->normal->row_count, sizeof *r->points);
    if (r->points == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < r->normal->row_count; i++) {
        const closo_jet_row *row = &r->normal->rows[i];
        point *p = &r->points[r->point_count];
        *p = (point){closo_jet_number(row, test), closo_jet_number(row, number), row};
        if (isnan(p->test) || isnan(p->number))
            continue;
        sorted &= r->point_count == 0 || by_point(p - 1, p) < 0;
        r->point_count++;
    }
    if (!sorted)
        qsort(r->points, r->point_count, sizeof *r->points, by_point);
    return CLOSO_OK;
}

/* ---- columns ---- */

/* Floats stay floats, so that they print with their own digits. */
static closo_status add_floats(closo_table *table, const point *points, closo_column *column,
                               const closo_jet_column *from)
{
    float *values = closo_arena_alloc(table->arena, table->row_count, sizeof *values);
    if (values == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < table->row_count; i++)
        values[i] = (float)closo_jet_number(points[i].row, from);
    column->storage = CLOSO_STORE_F32;
    column->data = (const unsigned char *)values;
    column->stride_bytes = sizeof *values;
    return CLOSO_OK;
}

static closo_status add_doubles(closo_table *table, const point *points, closo_column *column,
                                const closo_jet_column *from)
{
    double *values = closo_arena_alloc(table->arena, table->row_count, sizeof *values);
    if (values == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < table->row_count; i++)
        values[i] = closo_jet_number(points[i].row, from);
    column->storage = CLOSO_STORE_F64;
    column->data = (const unsigned char *)values;
    column->stride_bytes = sizeof *values;
    return CLOSO_OK;
}

/* Days since 1899-12-30 by the clock of the computer, as seconds since 1970 by the same clock. */
static void as_seconds(closo_column *column)
{
    column->view = CLOSO_VIEW_LINEAR;
    column->view_factor = 86400;
    column->view_offset = -25569.0 * 86400;
}

static closo_status add_column(closo_table *table, const point *points,
                               const closo_jet_column *from)
{
    char unit[64] = "s";
    closo_quantity quantity = CLOSO_QUANTITY_OTHER;
    const bool is_clock = closo_span_equals_nocase(closo_span_of(from->name), "DateTime");
    if (closo_span_equals_nocase(closo_span_of(from->name), "Test_ID") ||
        from->type == CLOSO_JET_TEXT || from->type > CLOSO_JET_DATE)
        return CLOSO_OK;
    if (!is_clock &&
        !closo_dialect_meaning(&closo_dialect_arbin, from->name, &quantity, unit, NULL))
        unit[0] = '\0';
    closo_column *column = closo_table_add_column(table, from->name, unit, quantity);
    if (column == NULL)
        return CLOSO_NOMEM;
    if (is_clock)
        as_seconds(column);
    return from->type == CLOSO_JET_FLOAT ? add_floats(table, points, column, from)
                                         : add_doubles(table, points, column, from);
}

/* ---- auxiliary inputs ---- */

typedef struct aux_input {
    double type, index;
    double *values;
} aux_input;

typedef struct aux_columns {
    const closo_jet_column *test, *point, *type, *index, *value;
} aux_columns;

static size_t row_of(const point *points, size_t count, double number)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (points[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && points[low].number == number ? low : SIZE_MAX;
}

/* The input of that type and index, which is added when it is new; NULL when there are too many, or no memory. */
static aux_input *input_of(aux_input *inputs, size_t *count, double type, double index,
                           closo_table *table)
{
    for (size_t i = 0; i < *count; i++)
        if (inputs[i].type == type && inputs[i].index == index)
            return &inputs[i];
    if (*count == AUX_MOST)
        return NULL;
    aux_input *made = &inputs[*count];
    *made =
        (aux_input){type, index, closo_arena_alloc(table->arena, table->row_count, sizeof(double))};
    if (made->values == NULL)
        return NULL;
    for (size_t i = 0; i < table->row_count; i++)
        made->values[i] = (double)NAN;
    ++*count;
    return made;
}

/* What the database itself tells of an input; texts are "" where it tells nothing. NOMEM. */
static closo_status names_of_input(const res *r, const aux_input *input, const char **nickname,
                                   const char **unit)
{
    const closo_jet_table *t = r->aux_names;
    *nickname = *unit = "";
    for (size_t i = 0; t != NULL && i < t->row_count; i++) {
        const closo_jet_row *row = &t->rows[i];
        if (closo_jet_number(row, closo_jet_column_named(t, "Data_Type")) != input->type ||
            closo_jet_number(row, closo_jet_column_named(t, "Auxiliary_Index")) != input->index)
            continue;
        *nickname = closo_jet_text(row, closo_jet_column_named(t, "Nickname"), r->source->arena);
        *unit = closo_jet_text(row, closo_jet_column_named(t, "Unit"), r->source->arena);
        return *nickname != NULL && *unit != NULL ? CLOSO_OK : CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* Type 0 is a voltage in V and type 1 a temperature in degrees Celsius; what else there is, the database names itself. */
static closo_status add_input(const res *r, closo_table *table, const aux_input *input)
{
    static const struct {
        const char *word, *unit;
        closo_quantity quantity;
    } types[] = {{"voltage", "V", CLOSO_QUANTITY_OTHER},
                 {"temperature", "degC", CLOSO_QUANTITY_TEMPERATURE}};
    const char *nickname, *unit, *name;
    closo_quantity quantity = CLOSO_QUANTITY_OTHER;
    if (names_of_input(r, input, &nickname, &unit) != CLOSO_OK)
        return CLOSO_NOMEM;
    if (input->type == 0 || input->type == 1) {
        const size_t type = input->type == 1;
        name = closo_arena_printf(table->arena, "Aux %s %.0f/%s", types[type].word, input->index,
                                  types[type].unit);
        unit = types[type].unit;
        quantity = types[type].quantity;
    } else {
        name = closo_arena_printf(table->arena, "Aux input %.0f of type %.0f%s%s", input->index,
                                  input->type, *unit != '\0' ? "/" : "", unit);
    }
    if (name == NULL || closo_table_add_values(table, name, unit, quantity, input->values) == NULL)
        return CLOSO_NOMEM;
    if (*nickname != '\0') {
        const closo_quote shown = closo_text_quote(closo_span_of(nickname));
        closo_table_note(table, "column '%s' is called '%s' by the operator", name, shown.text);
    }
    return CLOSO_OK;
}

static closo_status add_aux(const res *r, closo_table *table, const point *points)
{
    const closo_jet_table *aux = r->aux;
    size_t count = 0, strangers = 0;
    if (aux == NULL || aux->row_count == 0 || table->row_count == 0)
        return CLOSO_OK;
    const aux_columns c = {
        closo_jet_column_named(aux, "Test_ID"), closo_jet_column_named(aux, "Data_Point"),
        closo_jet_column_named(aux, "Data_Type"), closo_jet_column_named(aux, "Auxiliary_Index"),
        closo_jet_column_named(aux, "X")};
    aux_input *inputs = closo_arena_alloc(table->arena, AUX_MOST, sizeof *inputs);
    if (inputs == NULL)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < aux->row_count; i++) {
        const closo_jet_row *row = &aux->rows[i];
        if (closo_jet_number(row, c.test) != points[0].test)
            continue;
        const size_t place = row_of(points, table->row_count, closo_jet_number(row, c.point));
        const double type = closo_jet_number(row, c.type), index = closo_jet_number(row, c.index);
        if (place == SIZE_MAX || isnan(type) || isnan(index)) {
            strangers++;
            continue;
        }
        aux_input *input = input_of(inputs, &count, type, index, table);
        if (input == NULL && count < AUX_MOST)
            return CLOSO_NOMEM;
        if (input != NULL)
            input->values[place] = closo_jet_number(row, c.value);
        strangers += input == NULL;
    }
    if (strangers != 0)
        closo_table_note(table, "%zu values of auxiliary inputs belong to no row", strangers);
    for (size_t i = 0; i < count; i++)
        if (add_input(r, table, &inputs[i]) != CLOSO_OK)
            return CLOSO_NOMEM;
    return CLOSO_OK;
}

/* ---- what is known about the test ---- */

/* Who made the test and in which folder is left out. */
static closo_status keep_text(const res *r, closo_table *table, const closo_jet_row *row,
                              const char *column, const char *key)
{
    const char *text = closo_jet_text(row, closo_jet_column_named(r->global, column), table->arena);
    if (text == NULL)
        return CLOSO_NOMEM;
    const char *folder = strrchr(text, '\\');
    text = folder != NULL ? folder + 1 : text;
    return *text != '\0' ? closo_table_set_text(table, key, text) : CLOSO_OK;
}

static closo_status keep_number(const res *r, closo_table *table, const closo_jet_row *row,
                                const char *column, const char *key, const char *unit)
{
    double value = closo_jet_number(row, closo_jet_column_named(r->global, column));
    char text[32];
    /* What was typed in went through a float: 0.00307, not 0.0030700000934302807. */
    if (isfinite(value))
        (void)closo_number_parse(
            (closo_span){text, closo_number_print_f32((float)value, text, sizeof text)}, '.',
            &value);
    /* Not set is 0. */
    return value > 0 && isfinite(value) ? closo_table_set_number(table, key, value, unit)
                                        : CLOSO_OK;
}

static closo_status keep_start(const res *r, closo_table *table, const closo_jet_row *row)
{
    const double days = closo_jet_number(row, closo_jet_column_named(r->global, "Start_DateTime"));
    closo_date date;
    char text[48];
    if (!closo_date_of_days(days, &date))
        return CLOSO_OK;
    closo_date_print(&date, text);
    return closo_table_set_text(table, "start_time", text);
}

static closo_status read_global(const res *r, closo_table *table, double test)
{
    static const char *const texts[][2] = {
        {"Test_Name", "title"},
        {"Comments", "comments"},
        {"Schedule_File_Name", "setting_file"},
        {"Software_Version", "software"},
        {"Serial_Number", "serial_number"},
        {"Item_ID", "barcode"},
    };
    static const char *const numbers[][3] = {{"MASS", "active_mass", "g"},
                                             {"Capacity", "nominal_capacity", "Ah"},
                                             {"Specific_Capacity", "specific_capacity", "Ah/g"}};
    closo_status status = CLOSO_OK;
    const closo_jet_row *row = NULL;
    for (size_t i = 0; r->global != NULL && i < r->global->row_count && row == NULL; i++)
        if (closo_jet_number(&r->global->rows[i], closo_jet_column_named(r->global, "Test_ID")) ==
            test)
            row = &r->global->rows[i];
    if (row == NULL) {
        closo_table_note(table, "the database tells nothing about this test: its row in "
                                "Global_Table is missing");
        return CLOSO_OK;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == CLOSO_OK; i++)
        status = keep_text(r, table, row, texts[i][0], texts[i][1]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && status == CLOSO_OK; i++)
        status = keep_number(r, table, row, numbers[i][0], numbers[i][1], numbers[i][2]);
    const double channel =
        closo_jet_number(row, closo_jet_column_named(r->global, "Channel_Index"));
    char text[32];
    if (status == CLOSO_OK && channel >= 0) {
        (void)closo_number_print(channel, text, sizeof text);
        status = closo_table_set_text(table, "channel", text);
    }
    return status == CLOSO_OK ? keep_start(r, table, row) : status;
}

/* ---- the whole ---- */

static void note_oddities(const res *r, closo_table *table)
{
    const closo_jet_table *normal = r->normal;
    if (normal->without_map)
        closo_table_note(table, "the list of the pages of Channel_Normal_Table is damaged: rows "
                                "that Arbin had deleted may be among the points");
    if (normal->announced != r->point_count)
        closo_table_note(table,
                         "the database announces %lu points and %zu can be read: it was copied "
                         "while the test ran, or is damaged",
                         (unsigned long)normal->announced, r->point_count);
    closo_table_note(table, "the file tells the clock of the computer but not its time zone: "
                            "'DateTime' is local time, not UTC");
}

static closo_table *read_test(const res *r, const point *points, size_t count)
{
    closo_table *table = closo_table_new(r->source->arena, r->source->name);
    if (table == NULL)
        return NULL;
    table->format = "Arbin .res";
    table->row_count = count;
    if (closo_table_set_text(table, "instrument", closo_dialect_arbin.instrument) != CLOSO_OK)
        return NULL;
    for (size_t i = 0; i < r->normal->column_count; i++)
        if (add_column(table, points, &r->normal->columns[i]) != CLOSO_OK)
            return NULL;
    if ((count != 0 && read_global(r, table, points[0].test) != CLOSO_OK) ||
        add_aux(r, table, points) != CLOSO_OK)
        return NULL;
    return table;
}

static closo_status read_tests(const res *r, closo_table **result)
{
    closo_table *first = NULL, *last = NULL;
    size_t begin = 0, tests = 0;
    do {
        size_t end = begin;
        while (end < r->point_count && r->points[end].test == r->points[begin].test)
            end++;
        closo_table *table = read_test(r, r->points + begin, end - begin);
        if (table == NULL)
            return CLOSO_NOMEM;
        if (last != NULL)
            last->next = table;
        else
            first = table;
        last = table;
        tests++;
        begin = end;
    } while (begin < r->point_count && tests < AUX_MOST);
    note_oddities(r, first);
    if (tests > 1)
        closo_table_note(first, "the database has %zu tests; this is the first of them", tests);
    if (r->point_count == 0 && r->normal->announced == 0)
        closo_table_note(first, "the database holds no points: the test had not begun");
    *result = first;
    return CLOSO_OK;
}

static closo_status read_res(const closo_source *source, closo_table **table, closo_error *error)
{
    res r = {.source = source};
    closo_status status = closo_jet_read(source, "Channel_Normal_Table", &r.normal, error);
    if (status != CLOSO_OK)
        return status;
    if (r.normal == NULL)
        return closo_fail(error, CLOSO_UNSUPPORTED,
                          "this Access database has no table Channel_Normal_Table, so it is not "
                          "Arbin's .res; export the table with the data as CSV");
    /* What only describes the points may be damaged. */
    if (closo_jet_read(source, "Global_Table", &r.global, error) == CLOSO_NOMEM ||
        closo_jet_read(source, "Auxiliary_Table", &r.aux, error) == CLOSO_NOMEM ||
        closo_jet_read(source, "Aux_Global_Data_Table", &r.aux_names, error) == CLOSO_NOMEM ||
        sort_points(&r) != CLOSO_OK || read_tests(&r, table) != CLOSO_OK)
        return closo_fail_nomem(error);
    return CLOSO_OK;
}

static int recognise_res(const closo_source *source)
{
    return closo_jet_is(source) ? 95 : 0;
}

const closo_format closo_format_res = {"Arbin .res", recognise_res, read_res};
