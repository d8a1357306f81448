/* SPDX-License-Identifier: BSD-3-Clause */
/* Excel workbooks. Arbin's real one against what openpyxl 3.1 reads, and its charges against Arbin's capacities; then
 * workbooks made here, as Landt, Neware and people write them, and those that mean harm. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cycling.h"
#include "damage.h"
#include "make_zip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double *values_of(const closo_table *table, const char *name)
{
    const closo_column *column = closo_table_find_name(table, name);
    double *values = closo_arena_alloc(table->arena, table->row_count, sizeof *values);
    if (column == NULL)
        fail_msg("there is no column %s", name);
    closo_column_read(column, 0, table->row_count, values);
    return values;
}

static bool has_note(const closo_table *table, const char *says)
{
    for (size_t i = 0; i < table->notes.count; i++)
        if (strstr(table->notes.texts[i], says) != NULL)
            return true;
    return false;
}

/* ---- a real file ---- */

static closo_table *open_arbin(closo_arena *arena)
{
    closo_table *table = NULL;
    closo_error error = {0};
    const char *path = closo_arena_printf(
        arena, "%s/data/echem/be-smith+navani/bs542_004_gr_li_50ua_50mv_1v_191020_Channel_11.xlsx",
        shared_folder());
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

/* Read with openpyxl: sums over the 4526 rows, first and last value; every cell was compared once and was the same. */
static const struct {
    const char *column;
    double sum, first, last;
} seen[] = {
    {"Test_Time(s)", 2535210294.770812, 1.001, 1204815.8106799999},
    {"Step_Time(s)", 834798087.47900009, 1.0005, 330.978},
    {"Step_Index", 10472, 1, 3},
    {"Voltage(V)", 1324.3773536682129, 2.637298583984375, 0.07228660583496094},
    {"Current(A)", -0.082525101257488132, 0, 5.0827860832214355e-05},
    {"Charge_Capacity(Ah)", 11.857938078725692, 0, 0.005702702794224024},
    {"Discharge_Capacity(Ah)", 23.406464916397095, 0, 0.0110548976808786},
    {"Charge_Energy(Wh)", 1.7277644402419199, 0, 0.0009125808719545603},
    {"dV/dt(V/s)", -2.1780418880338202, 0, 2.002716064453125e-05},
    /* 2020-10-19 11:31:46.582 and 2020-11-02 10:12:01.406; Excel's days hold them to the millisecond. */
    {"Date_Time", 7258197970217.945, 1603107106.582, 1604311921.406},
};

static void every_sum_equals_what_openpyxl_reads(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_arbin(arena);
    assert_string_equal(table->format, "Arbin .xlsx");
    assert_int_equal(table->row_count, 4526);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        const double *values = values_of(table, seen[i].column);
        double sum = 0;
        for (size_t row = 0; row < table->row_count; row++)
            sum += values[row];
        assert_near(sum, seen[i].sum, 1e-12 * fabs(seen[i].sum));
        assert_near(values[0], seen[i].first, 1e-12 * fabs(seen[i].first));
        assert_near(values[4525], seen[i].last, 1e-12 * fabs(seen[i].last));
    }
    assert_string_equal(closo_table_text(table, "serial_number"), "206951");
    assert_string_equal(closo_table_text(table, "channel"), "11");
    assert_string_equal(closo_table_text(table, "start_time"), "2020-10-19T11:33:31.000");
    assert_string_equal(closo_table_text(table, "setting_file"), "bs542_graphite_slow_rate.sdu");
    closo_arena_free(arena);
}

static void charges_equal_the_capacities(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_cycling_options options = {.role = CLOSO_ROLE_ANODE};
    closo_cycling *cycling = NULL;
    assert_int_equal(closo_cycling_from_table(open_arbin(arena), &options, arena, &cycling, NULL),
                     CLOSO_OK);
    assert_int_equal(cycling->half_cycle_count, 4);
    /* The last one is five minutes long. */
    for (size_t i = 0; i < 3; i++)
        assert_near(cycling->half_cycles[i].integral_C, cycling->half_cycles[i].instrument_C,
                    1e-3 * cycling->half_cycles[i].instrument_C);
    closo_arena_free(arena);
}

/* ---- made here ---- */

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define TEXT(word)  "<c t=\"inlineStr\"><is><t>" word "</t></is></c>"
#define NUMBER(n)   "<c><v>" #n "</v></c>"

enum { SHEETS_MOST = 4 };

typedef struct workbook {
    const char *names[SHEETS_MOST], *sheets[SHEETS_MOST];
    const char *strings, *styles, *properties;
} workbook;

static unsigned char *make_workbook(const workbook *book, size_t *size)
{
    char list[1024] = "<workbook xmlns:r=\"r\">", relations[1024] = "<Relationships>";
    char members[SHEETS_MOST][40];
    make_zip_part parts[SHEETS_MOST + 4];
    size_t count = 0, length = strlen(list), related = strlen(relations);
    if (book->properties != NULL)
        length += (size_t)snprintf(list + length, sizeof list - length, "%s", book->properties);
    for (size_t i = 0; i < SHEETS_MOST && book->names[i] != NULL; i++) {
        length += (size_t)snprintf(list + length, sizeof list - length,
                                   "<sheet name=\"%s\" r:id=\"r%zu\"/>", book->names[i], i);
        related += (size_t)snprintf(relations + related, sizeof relations - related,
                                    "<Relationship Id=\"r%zu\" Target=\"%sworksheets/s%zu.xml\"/>",
                                    i, i % 2 == 0 ? "" : "/xl/", i);
        (void)snprintf(members[i], sizeof members[i], "xl/worksheets/s%zu.xml", i);
        parts[count++] = (make_zip_part){members[i], book->sheets[i], strlen(book->sheets[i])};
    }
    (void)snprintf(list + length, sizeof list - length, "</workbook>");
    (void)snprintf(relations + related, sizeof relations - related, "</Relationships>");
    parts[count++] = (make_zip_part){"xl/workbook.xml", list, strlen(list)};
    parts[count++] = (make_zip_part){"xl/_rels/workbook.xml.rels", relations, strlen(relations)};
    if (book->strings != NULL)
        parts[count++] =
            (make_zip_part){"xl/sharedStrings.xml", book->strings, strlen(book->strings)};
    if (book->styles != NULL)
        parts[count++] = (make_zip_part){"xl/styles.xml", book->styles, strlen(book->styles)};
    return make_zip(parts, count, size);
}

static closo_status open_workbook(const workbook *book, closo_arena *arena, closo_table **table,
                                  closo_error *error)
{
    size_t size;
    unsigned char *bytes = make_workbook(book, &size);
    const closo_status status = open_copy(bytes, size, arena, table, error);
    free(bytes);
    return status;
}

static closo_table *must_open(const workbook *book, closo_arena *arena)
{
    closo_table *table = NULL;
    closo_error error = {0};
    if (open_workbook(book, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"[h]:mm:ss.000\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"0.00&quot; days&quot;;[Red]-0.00\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"164\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
    "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"22\"/>"
    "</cellXfs></styleSheet>";

/* Every kind of cell, holes, a prefix, a title above, and text with a quotation mark. */
static const workbook every_kind = {
    .names = {"Notes", "Data"},
    .sheets =
        {SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"),
         "<x:worksheet xmlns:x=\"x\"><x:sheetData>"
         "<x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c></x:row>"
         "<x:row r=\"3\"><x:c r=\"A3\" t=\"s\"><x:v>1</x:v></x:c>"
         "<x:c r=\"B3\" t=\"inlineStr\"><x:is><x:r><x:t>Ewe</x:t></x:r><x:r><x:t>/V</x:t></x:r>"
         "</x:is></x:c><x:c r=\"C3\" t=\"str\"><x:f>A1</x:f><x:v>I/mA</x:v></x:c>"
         "<x:c r=\"E3\" t=\"s\"><x:v>2</x:v></x:c><x:c r=\"F3\" t=\"s\"><x:v>3</x:v></x:c>"
         "<x:c r=\"G3\" t=\"s\"><x:v>4</x:v></x:c></x:row>"
         "<x:row r=\"4\"><x:c r=\"A4\"><x:v>0</x:v></x:c><x:c r=\"B4\" s=\"3\"><x:v>3.5</x:v></x:c>"
         "<x:c r=\"C4\"><x:v>-1.25E-3</x:v></x:c><x:c r=\"E4\" s=\"1\"><x:v>44123.5</x:v></x:c>"
         "<x:c r=\"F4\" s=\"2\"><x:v>1.5</x:v></x:c><x:c r=\"G4\" t=\"b\"><x:v>1</x:v></x:c></x:row>"
         "<x:row r=\"5\"><x:c r=\"A5\"><x:v>0.10000000000000001</x:v></x:c>"
         "<x:c r=\"B5\" t=\"e\"><x:v>#DIV/0!</x:v></x:c><x:c r=\"C5\"><x:v>2</x:v></x:c>"
         "<x:c r=\"E5\" s=\"4\"><x:v>44124</x:v></x:c><x:c r=\"F5\" s=\"2\"><x:v>0</x:v></x:c>"
         "<x:c r=\"G5\" t=\"b\"><x:v>0</x:v></x:c></x:row>"
         "<x:row r=\"6\"><x:c r=\"A6\"><x:v>2</x:v></x:c><x:c r=\"B6\"><x:v>4</x:v></x:c>"
         "<x:c r=\"C6\"><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>"},
    .strings = "<sst><si><t>A \"cell\" &amp; more</t></si><si><t>time/s</t></si>"
               "<si><r><t>da</t></r><r><t>te</t></r><rPh><t>reading</t></rPh></si>"
               "<si><t>Step Time</t></si><si><t>flag</t></si></sst>",
    .styles = styles};

static void every_kind_of_cell_is_read(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = must_open(&every_kind, arena);
    assert_string_equal(table->format, "Excel .xlsx");
    assert_int_equal(table->row_count, 3);
    assert_near(values_of(table, "time/s")[1], 0.1, 0);
    assert_near(values_of(table, "Ewe/V")[0], 3.5, 0);
    assert_true(isnan(values_of(table, "Ewe/V")[1]));
    assert_near(values_of(table, "I/mA")[0], -1.25e-3, 0);
    assert_near(values_of(table, "date")[0], 1603108800, 0); /* 2020-10-19 12:00 */
    assert_near(values_of(table, "date")[1], 1603152000, 0);
    assert_near(values_of(table, "Step Time")[0], 129600, 0); /* 36 h */
    assert_near(values_of(table, "flag")[0], 1, 0);
    assert_true(has_note(table, "'Data'"));
    closo_arena_free(arena);
}

/* On a Macintosh of old, day 0 was 1904-01-01. */
static void dates_may_begin_in_1904(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    workbook book = every_kind;
    book.properties = "<workbookPr date1904=\"1\"/>";
    assert_near(values_of(must_open(&book, arena), "date")[0], 1603108800 + 1462 * 86400.0, 0);
    closo_arena_free(arena);
}

/* Landt's workbook, with the numbers of a charge of 0.5 mA. */
static void a_workbook_of_landt(void **state)
{
    (void)state;
    static const workbook book = {
        .names = {"Cycle", "Record"},
        .sheets = {SHEET("<row>" TEXT("Cycle") TEXT("CapC/mAh") TEXT(
                       "CapD/mAh") "</row><row>" NUMBER(1) NUMBER(0.5) NUMBER(0.4) "</row>"),
                   SHEET("<row>" TEXT("Record") TEXT("Cycle") TEXT("Step") TEXT(
                       "TestTime/Sec.") TEXT("StepTime/Sec.") TEXT("Current/mA")
                             TEXT("Capacity/mAh") TEXT("SpeCap/mAh/g") TEXT("Voltage/V") TEXT(
                                 "SysTime") "</row><row>" NUMBER(1) NUMBER(1) NUMBER(1) NUMBER(0)
                                 NUMBER(0) NUMBER(0.5) NUMBER(0) NUMBER(0) NUMBER(
                                     3.25) "<c s=\"1\"><v>44123.5</v></c></row><row>" NUMBER(2)
                                     NUMBER(1) NUMBER(1) NUMBER(3600) NUMBER(3600) NUMBER(0.5)
                                         NUMBER(0.5) NUMBER(100) NUMBER(
                                             3.5) "<c s=\"1\"><v>44123.541666666664</v></c></row>")},
        .styles = styles};
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = must_open(&book, arena);
    assert_string_equal(table->format, "Landt .xlsx");
    assert_int_equal(table->row_count, 2);
    double time_s[2], current_A[2];
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_TIME), 0, 2, time_s);
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_CURRENT), 0, 2, current_A);
    assert_near(time_s[1], 3600, 0);
    assert_near(current_A[1], 0.5e-3, 1e-15);
    assert_true(has_note(table, "left out: 'Cycle'"));
    closo_arena_free(arena);
}

#define NEWARE_NAMES                                                                               \
    "<row>" TEXT("DataPoint") TEXT("Cycle Index") TEXT("Step Index") TEXT("Step Type")             \
        TEXT("Time") TEXT("Total Time") TEXT("Current(A)") TEXT("Voltage(V)") TEXT("Capacity(Ah)") \
            TEXT("Energy(Wh)") TEXT("Date") TEXT("Power(W)") "</row>"
#define NEWARE_ROW(n, seconds, date)                                                      \
    "<row>" NUMBER(n) NUMBER(1) NUMBER(1) TEXT("CC Chg") TEXT("0:00:" #seconds)           \
        TEXT("0:00:" #seconds) NUMBER(0.5) NUMBER(3.5) NUMBER(0.1) NUMBER(0.3) TEXT(date) \
            NUMBER(2) "</row>"

/* Neware's export goes on in a further sheet where Excel ends. */
static void a_workbook_of_neware(void **state)
{
    (void)state;
    static const workbook book = {
        .names = {"test", "cycle", "record", "record1"},
        .sheets = {SHEET("<row>" TEXT("Start Time") TEXT("2024-01-02 03:04:05") "</row>"),
                   SHEET("<row>" TEXT("Cycle Index") TEXT("Chg. Cap.(Ah)") TEXT(
                       "DChg. Cap.(Ah)") "</row><row>" NUMBER(1) NUMBER(0.5) NUMBER(0.4) "</row>"),
                   SHEET(NEWARE_NAMES NEWARE_ROW(1, 00, "2024-01-02 03:04:05")
                             NEWARE_ROW(2, 10, "2024-01-02 03:04:15")),
                   SHEET(NEWARE_NAMES NEWARE_ROW(3, 20, "2024-01-02 03:04:25")
                             NEWARE_ROW(4, 30, "2024-01-02 03:04:35"))}};
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = must_open(&book, arena);
    assert_string_equal(table->format, "Neware .xlsx");
    assert_int_equal(table->row_count, 4);
    double time_s[4], potential_V[4];
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_TIME), 0, 4, time_s);
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_POTENTIAL), 0, 4, potential_V);
    assert_near(time_s[3], 30, 0);
    assert_near(potential_V[3], 3.5, 0);
    assert_true(has_note(table, "'record', 'record1'"));
    assert_true(has_note(table, "left out: 'cycle'"));
    closo_arena_free(arena);
}

/* ---- harm ---- */

static void what_means_harm_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sheet;
        closo_status status;
        const char *says;
    } cases[] = {
        {"<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><worksheet>&c;</worksheet>",
         CLOSO_FORMAT, "document type"},
        {SHEET("<row><c t=\"inlineStr\"><is><t>a letter</t></is></c></row>"), CLOSO_FORMAT,
         "none of the 1 sheets"},
        {"", CLOSO_FORMAT, "none of the 1 sheets"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        const workbook book = {.names = {"one"}, .sheets = {cases[i].sheet}};
        assert_int_equal(open_workbook(&book, arena, &table, &error), cases[i].status);
        assert_null(table);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s", error.message);
        closo_arena_free(arena);
    }
}

/* Rows with one cell at the far right, or with one long text each, are little XML and much text. */
static void cells_far_apart_take_no_memory(void **state)
{
    (void)state;
    enum { ROWS = 50000 };
    char *far = malloc(ROWS * 40 + 100), *strings = malloc(40000), *same = malloc(ROWS * 40 + 100);
    char *to = far, *also = same;
    to += sprintf(to, "<worksheet><sheetData>");
    also += sprintf(also, "<worksheet><sheetData>");
    for (int i = 0; i < ROWS; i++) {
        to += sprintf(to, "<row><c r=\"EZZ1\"><v>%d</v></c></row>", i * 7919 % 9973);
        also += sprintf(also, "<row><c t=\"s\"><v>0</v></c></row>");
    }
    (void)sprintf(to, "</sheetData></worksheet>");
    (void)sprintf(also, "</sheetData></worksheet>");
    (void)sprintf(strings, "<sst><si><t>%030000d</t></si></sst>", 7);
    const workbook books[] = {{.names = {"far"}, .sheets = {far}},
                              {.names = {"same"}, .sheets = {same}, .strings = strings}};
    for (size_t i = 0; i < 2; i++) {
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        assert_int_equal(open_workbook(&books[i], arena, &table, &error), CLOSO_LIMIT);
        assert_true(strstr(error.message, "far apart") != NULL ||
                    strstr(error.message, "tighter") != NULL);
        assert_true(closo_arena_used(arena) < (size_t)400 << 20);
        closo_arena_free(arena);
    }
    free(far);
    free(same);
    free(strings);
}

static void a_damaged_sheet_gives_what_is_left(void **state)
{
    (void)state;
    closo_arena *arena = closo_arena_new(0);
    const workbook book = {.names = {"cut"},
                           .sheets = {"<worksheet><sheetData><row>" TEXT("time/s") TEXT("Ewe/V")
                                          TEXT("I/mA") "</row><row>" NUMBER(0) NUMBER(3.5)
                                              NUMBER(1) "</row><row>" NUMBER(1) NUMBER(3.6)
                                                  NUMBER(1) "</row><row><c><v>2"}};
    const closo_table *table = must_open(&book, arena);
    assert_int_equal(table->row_count, 2);
    assert_true(has_note(table, "damaged or cut"));
    closo_arena_free(arena);
}

static void damaged_workbooks_do_no_harm(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = make_workbook(&every_kind, &size);
    damage_everywhere("xlsx", bytes, size, 1);
    exhaust_memory("xlsx", bytes, size);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sum_equals_what_openpyxl_reads),
        cmocka_unit_test(charges_equal_the_capacities),
        cmocka_unit_test(every_kind_of_cell_is_read),
        cmocka_unit_test(dates_may_begin_in_1904),
        cmocka_unit_test(a_workbook_of_landt),
        cmocka_unit_test(a_workbook_of_neware),
        cmocka_unit_test(what_means_harm_is_refused),
        cmocka_unit_test(cells_far_apart_take_no_memory),
        cmocka_unit_test(a_damaged_sheet_gives_what_is_left),
        cmocka_unit_test(damaged_workbooks_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
