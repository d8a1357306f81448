/* SPDX-License-Identifier: BSD-3-Clause */
/* Real files of many laboratories. Each is read or refused with a sentence; cells are compared with a plain reading by
 * strtod, and tables with what other programs made of the same measurement. */
#define _POSIX_C_SOURCE 200809L
#include "text_samples.h"

#include "base/base_internal.h"

#include <dirent.h>
#include <math.h>
#include <sys/stat.h>

typedef void (*visitor)(const char *path, const char *name, void *user);

static void visit(const char *folder, visitor see, void *user)
{
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        char path[2048];
        struct stat about;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode))
            visit(path, see, user);
        else
            see(path, entry->d_name, user);
    }
    closedir(listing);
}

static const char *measurements(void)
{
    static char path[2048];
    snprintf(path, sizeof path, "%s/data/echem", shared_folder());
    return path;
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/* What a file must be taken for, by its name; NULL: it must be refused as `says`. */
static const struct {
    const char *ending, *format, *says;
} expected[] = {
    {"cv_data_incompleteheader.dta", NULL, "without a table of points"},
    {".mpt", "BioLogic .mpt", NULL},
    {"CA1.txt", "BioLogic .mpt", NULL},
    {".mps", "BioLogic .mps", NULL},
    {".dta", "Gamry .DTA", NULL},
    {".DTA", "Gamry .DTA", NULL},
    {".mpr", "BioLogic .mpr", NULL},
    {".bdf.csv", "Battery Data Format CSV", NULL},
    {"arbin_example.csv", "Arbin CSV", NULL},
    {"sample_data_arbin.csv", "Arbin CSV", NULL},
    {"CH8.csv", "Arbin CSV", NULL},
    {"Landt.csv", "Landt CSV", NULL},
    {"maccor.csv", "Maccor text", NULL},
    {"novonix.csv", "Novonix CSV", NULL},
    {"neware_uio.csv", "Neware CSV", NULL},
    {"interp-test.csv", "Neware CSV", NULL},
    {".csv", "delimited text", NULL},
    {"basytec.txt", "Basytec text", NULL},
    {"maccor_002.txt", "Maccor text", NULL},
    {".001", "Maccor text", NULL},
    {".041", "Maccor text", NULL},
    {".052", "Maccor text", NULL},
    {".nda", "Neware .nda", NULL},
    {".ndax", "Neware .ndax", NULL},
    {".res", "Arbin .res", NULL},
    {".gz", "Arbin .res", NULL},
    {".xlsx", "Arbin .xlsx", NULL},
    {"LICENSE", NULL, "finds no table in it"},
    {"LICENSE.txt", NULL, "finds no table in it"},
    {"LICENSE.md", NULL, "finds no table in it"},
    {"SOURCES.txt", NULL, "finds no table in it"},
};

static void check_file(const char *path, const char *name, void *user)
{
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    closo_error error = {0};
    closo_status status = closo_file_open(path, NULL, arena, &table, &error);
    size_t *count = user;
    bool found = false;
    for (size_t i = 0; i < sizeof expected / sizeof *expected && !found; i++) {
        if (!ends_with(name, expected[i].ending))
            continue;
        found = true;
        if (expected[i].format != NULL && status != CLOSO_OK)
            fail_msg("%s: %s", path, error.message);
        if (expected[i].format != NULL && strcmp(table->format, expected[i].format) != 0)
            fail_msg("%s is taken for %s", path, table->format);
        if (expected[i].says != NULL && strstr(error.message, expected[i].says) == NULL)
            fail_msg("%s: '%s'", path, error.message);
    }
    if (!found)
        print_message("%s: no expectation; status %d %s\n", name, (int)status, error.message);
    if (status == CLOSO_OK)
        assert_non_null(closo_table_info_json(table, arena));
    ++*count;
    closo_arena_free(arena);
}

static void every_file_is_read_or_refused(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    size_t count = 0;
    visit(measurements(), check_file, &count);
    assert_true(count > 50);
}

/* ---- cells against strtod ---- */

typedef struct cells {
    size_t files, cells;
} cells;

/* One row of the text: every field is what the table has in that place. */
static void check_row(const char *path, const closo_table *table, char *line, size_t row,
                      cells *seen)
{
    size_t column = 0;
    for (char *field = line; field != NULL && column < table->column_count; column++) {
        char *tab = strchr(field, '\t');
        if (tab != NULL)
            *tab = '\0';
        for (char *c = field; *c != '\0'; c++)
            *c = *c == ',' ? '.' : *c;
        double value;
        closo_column_read(&table->columns[column], row, 1, &value);
        if (value != strtod(field, NULL))
            fail_msg("%s, row %zu, column %zu: '%s' is not %.17g", path, row, column, field, value);
        seen->cells++;
        field = tab != NULL ? tab + 1 : NULL;
    }
    assert_int_equal(column, table->column_count);
}

static void check_cells(const char *path, const char *name, void *user)
{
    cells *seen = user;
    if (!ends_with(name, ".mpt") && !ends_with(name, "CA1.txt"))
        return;
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0, number = 0, row = 0, header = 1;
    assert_int_equal(closo_file_open(path, NULL, arena, &table, NULL), CLOSO_OK);
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &bytes, &size, NULL), CLOSO_OK);
    for (char *line = (char *)bytes; line != NULL; number++) {
        char *end = strchr(line, '\n'), *carriage = strchr(line, '\r');
        if (end != NULL)
            *end = '\0';
        if (carriage != NULL && (end == NULL || carriage < end))
            *carriage = '\0';
        if (number == 1 && strncmp(line, "Nb header lines :", 17) == 0)
            header = (size_t)strtoul(line + 17, NULL, 10);
        if (number >= header && *line != '\0')
            check_row(path, table, line, row++, seen);
        line = end != NULL ? end + 1 : NULL;
    }
    assert_int_equal(row, table->row_count);
    seen->files++;
    closo_arena_free(arena);
}

static void mpt_cells_are_what_the_text_says(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    cells seen = {0, 0};
    visit(measurements(), check_cells, &seen);
    print_message("%zu cells of %zu files compared\n", seen.cells, seen.files);
    assert_true(seen.files >= 20 && seen.cells > 100000);
}

/* ---- tables against other programs ---- */

static closo_table *open_shared(closo_arena *arena, const char *name)
{
    char path[4096];
    closo_table *table = NULL;
    closo_error error = {0};
    snprintf(path, sizeof path, "%s/%s", measurements(), name);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s: %s", path, error.message);
    return table;
}

/* Time, potential and current in SI agree within what the coarser file prints. */
static void assert_same_trace(const closo_table *one, const closo_table *other, closo_arena *arena,
                              double potential_V, double current_A)
{
    closo_trace first, second;
    assert_int_equal(closo_trace_from_table(one, arena, &first, NULL), CLOSO_OK);
    assert_int_equal(closo_trace_from_table(other, arena, &second, NULL), CLOSO_OK);
    assert_int_equal(first.row_count, second.row_count);
    for (size_t i = 0; i < first.row_count; i++) {
        assert_near(first.time_s[i], second.time_s[i], 1e-3);
        assert_near(first.potential_V[i], second.potential_V[i], potential_V);
        assert_near(first.current_A[i], second.current_A[i], current_A);
    }
}

/* The battery data format project's own conversion of a Landt cycler's CSV. */
static void landt_equals_its_bdf(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const char *stem = "battery-data-alliance+battery-data-format/"
                       "SINTEF__LiGrR2032__2024-04-30__25degC__Landt";
    char raw[256], bdf[256];
    snprintf(raw, sizeof raw, "%s.csv", stem);
    snprintf(bdf, sizeof bdf, "%s.bdf.csv", stem);
    const closo_table *one = open_shared(arena, raw), *other = open_shared(arena, bdf);
    assert_same_trace(one, other, arena, 0, 0);
    assert_int_equal(one->row_count, 25162);
    closo_arena_free(arena);
}

/* Neware's export as text (clock times, millivolts, a micro sign in an old encoding) and as numbers. */
static void neware_equals_its_other_export(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    const closo_table *one = open_shared(arena, "g-kimbell+fastnda/interp-test.csv");
    const closo_table *other = open_shared(arena, "g-kimbell+fastnda/interp-test.expected.csv");
    assert_same_trace(one, other, arena, 0.51e-4, 0.51e-6);
    closo_arena_free(arena);
}

/* ---- EC-Lab's own export ---- */

/* The lines of a text from the one with the column names on, as line 2 tells; returns their number. */
static size_t table_lines(char *text, char **lines, size_t most)
{
    size_t count = 0, number = 0, header = 0;
    for (char *line = text; line != NULL && count < most; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        line[strcspn(line, "\r")] = '\0';
        if (number == 1)
            header = (size_t)strtoul(line + 17, NULL, 10);
        if (number >= 1 && number + 1 >= header && *line != '\0')
            lines[count++] = line;
        line = end != NULL ? end + 1 : NULL;
    }
    return count;
}

/* The text of a field, the decimal mark as a point; "" when the line has no such field. */
static void field_at(const char *line, size_t column, char field[64])
{
    for (; column > 0 && *line != '\0'; line++)
        column -= *line == '\t';
    size_t length = strcspn(line, "\t");
    length = length < 63 ? length : 63;
    memcpy(field, line, length);
    field[length] = '\0';
}

static void compare_exports(const char *stem, char *own_text, char *their_text)
{
    enum { LINES = 8000, COLUMNS = 100 };
    static char *own[LINES], *theirs[LINES];
    const size_t count = table_lines(own_text, own, LINES);
    assert_int_equal(count, table_lines(their_text, theirs, LINES));
    size_t compared = 0;
    for (size_t c = 0; c < COLUMNS; c++) {
        char name[64], other[64], value[64], expected_value[64];
        size_t there = 0;
        field_at(own[0], c, name);
        for (; there < COLUMNS; there++) {
            field_at(theirs[0], there, other);
            if (*name != '\0' && strcmp(name, other) == 0)
                break;
        }
        for (size_t row = 1; there < COLUMNS && row < count; row++) {
            field_at(own[row], c, value);
            field_at(theirs[row], there, expected_value);
            char *comma = strchr(expected_value, ',');
            if (comma != NULL)
                *comma = '.';
            if (strcmp(value, expected_value) != 0)
                fail_msg("%s, %s, row %zu: %s, but EC-Lab wrote %s", stem, name, row, value,
                         expected_value);
            compared++;
        }
    }
    assert_true(compared >= 4 * (count - 1));
}

/* An .mpr written as .mpt has the very digits that EC-Lab wrote. Files whose derived columns are exact. */
static void written_mpt_is_what_eclab_wrote(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    static const char *const stems[] = {"cv",   "cv.issue_149", "lsv",         "geis",
                                        "peis", "ocv",          "vsp_ocv_with"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        closo_arena *arena = closo_arena_new(0);
        char name[256], path[4096];
        unsigned char *own = NULL, *theirs = NULL;
        size_t size = 0;
        snprintf(name, sizeof name, "dgbowl+yadg/%s.mpr", stems[i]);
        snprintf(path, sizeof path, "%s/dgbowl+yadg/%s.mpt", measurements(), stems[i]);
        const closo_table *table = open_shared(arena, name);
        const char *written = temporary_path("export.mpt");
        assert_int_equal(closo_table_write_mpt(table, written, arena, NULL), CLOSO_OK);
        assert_int_equal(closo_file_read(written, SIZE_MAX, arena, &own, &size, NULL), CLOSO_OK);
        assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &theirs, &size, NULL), CLOSO_OK);
        remove(written);
        compare_exports(stems[i], (char *)own, (char *)theirs);
        closo_arena_free(arena);
    }
}

/* Facts of the files, read off them by eye. */
static void facts_of_real_files(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_table *table = open_shared(arena, "dgbowl+yadg/cv.mpt");
    assert_near(number_si(table, "scan_rate"), 1e-4, 1e-15);
    assert_near(number_si(table, "potential_limit_high"), 5.5, 0);
    assert_string_equal(closo_table_text(table, "start_time"), "2018-01-10T17:01:24.000");
    table = open_shared(arena, "dgbowl+yadg/ca.issue_149.mpt");
    assert_int_equal(table->segment_count, 4);
    assert_int_equal(table->segments[3].first_row, 60);
    table = open_shared(arena, "dgbowl+yadg/bcd.issue_241.mpt");
    assert_near(number_si(table, "battery_capacity"), 5.452 * 3.6, 1e-9);
    assert_note(table, "11/28/2024 21:21");
    table = open_shared(arena, "echemdb+echemdb-converters/eclab_ca.mpt");
    assert_near(number_si(table, "electrode_area"), 0.5e-4, 1e-15);
    table = open_shared(arena, "echemdb+echemdb-converters/gamry_cv.DTA");
    assert_near(value_at(table, "Im", 0), 1.72821e-5, 0);
    assert_note(table, "3597 points, but 81 are there");
    assert_note(table, "aborted");
    table = open_shared(arena, "bcliang+gamry-parser/cv_data.dta");
    assert_int_equal(table->segment_count, 5);
    table = open_shared(arena, "TRI-AMDD+beep/formationV1.mps");
    assert_string_equal(table->technique, "MB");
    assert_near(number_si(table, "battery_capacity"), 720, 1e-9);
    assert_near(number_si(table, "applied_current"), 0.1, 0);
    table = open_shared(arena, "ImperialCollegeLondon+PyProBE/sample_data_novonix.csv");
    assert_string_equal(closo_table_text(table, "start_time"), "2025-07-19T15:26:20");
    table = open_shared(arena, "jepegit+cellpy/maccor_002.txt");
    assert_note(table, "its sign is made from the words of column 'Md'");
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_read_or_refused),
        cmocka_unit_test(mpt_cells_are_what_the_text_says),
        cmocka_unit_test(landt_equals_its_bdf),
        cmocka_unit_test(neware_equals_its_other_export),
        cmocka_unit_test(written_mpt_is_what_eclab_wrote),
        cmocka_unit_test(facts_of_real_files),
    };
    return cmocka_run_group_tests_name("text of real files", tests, NULL, NULL);
}
