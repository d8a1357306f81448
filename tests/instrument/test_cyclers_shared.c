/* SPDX-License-Identifier: BSD-3-Clause */
/* Real exports of cyclers: each cell is what strtod makes of the text, and the capacities of the half cycles are what the
 * vendor's own columns say, read here a second time without closo's readers. */
#define _POSIX_C_SOURCE 200809L
#include "text_samples.h"

#include "base/base_internal.h"
#include "closo/cycling.h"

#include <math.h>

typedef struct sample {
    const char *name;
    char separator;
    size_t names_line; /* counted from 1 */
} sample;

static const sample samples[] = {
    {"ImperialCollegeLondon+PyProBE/sample_data_arbin.csv", ',', 1},
    {"ImperialCollegeLondon+PyProBE/sample_data_basytec.txt", '\t', 13},
    {"ImperialCollegeLondon+PyProBE/sample_data_maccor.csv", ',', 3},
    {"ImperialCollegeLondon+PyProBE/sample_data_novonix.csv", ',', 21},
    {"ROVI-org+battery-data-toolkit/arbin_example.csv", ',', 1},
    {"ROVI-org+battery-data-toolkit/maccor_example.001", '\t', 2},
    {"TRI-AMDD+beep/FastCharge_000025_CH8.csv", ',', 1},
    {"TRI-AMDD+beep/PredictionDiagnostics_000151_paused.052", '\t', 2},
    {"TRI-AMDD+beep/maccor_test_file_4267-66-6519.041", '\t', 2},
    {"battery-data-alliance+battery-data-format/"
     "SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv",
     ',', 7},
    {"battery-data-alliance+battery-data-format/"
     "SINTEF__LiGrR2032__2024-04-30__25degC__Landt.bdf.csv",
     ',', 1},
    {"g-kimbell+fastnda/interp-test.csv", ',', 1},
    {"jepegit+cellpy/maccor_002.txt", '\t', 14},
    {"jepegit+cellpy/neware_uio.csv", ',', 1},
    {"jepegit+cellpy/custom_nan_inf.csv", ';', 20},
    {"jepegit+cellpy/custom_truncated.csv", ';', 20},
};

static closo_table *open_shared(closo_arena *arena, const char *name)
{
    char path[4096];
    closo_table *table = NULL;
    closo_error error = {0};
    snprintf(path, sizeof path, "%s/data/echem/%s", shared_folder(), name);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s: %s", path, error.message);
    return table;
}

/* ---- a second reading ---- */

/* The lines below the names that are not empty, each ended by a 0; returns how many. */
static size_t read_lines(const sample *s, closo_arena *arena, char ***lines)
{
    enum { LINES = 30000 };
    char path[4096];
    unsigned char *bytes = NULL;
    size_t size = 0, number = 1, count = 0;
    snprintf(path, sizeof path, "%s/data/echem/%s", shared_folder(), s->name);
    assert_int_equal(closo_file_read(path, SIZE_MAX, arena, &bytes, &size, NULL), CLOSO_OK);
    *lines = closo_arena_alloc(arena, LINES, sizeof **lines);
    assert_non_null(*lines);
    for (char *line = (char *)bytes; line != NULL && count < LINES; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        line[strcspn(line, "\r")] = '\0';
        if (number > s->names_line && *line != '\0')
            (*lines)[count++] = line;
        line = end != NULL ? end + 1 : NULL;
    }
    return count;
}

/* The text of field `column` of a line; "" when there is none. */
static void field_at(const char *line, char separator, size_t column, char field[64])
{
    for (; column > 0 && *line != '\0'; line++)
        column -= *line == separator;
    size_t length = 0;
    while (line[length] != '\0' && line[length] != separator && length < 63)
        length++;
    memcpy(field, line, length);
    field[length] = '\0';
}

static bool is_number(const char *field, double *value)
{
    char *end = NULL;
    *value = strtod(field, &end);
    while (*end == ' ')
        end++;
    return end != field && *end == '\0';
}

typedef struct tally {
    size_t numbers, words, holes, others;
} tally;

/* Dates and durations, which strtod does not read, are counted as others. */
static void check_cell(const char *file, const closo_column *column, size_t row, const char *field,
                       tally *seen)
{
    double value, expected;
    closo_column_read(column, row, 1, &value);
    if (column->labels != NULL && *field != '\0') {
        if (!(value >= 0) || strcmp(column->labels[(size_t)value], field) != 0)
            fail_msg("%s, %s, row %zu: '%s' is another word", file, column->name, row, field);
        seen->words++;
    } else if (is_number(field, &expected)) {
        if (value != expected && !(isnan(value) && isnan(expected)))
            fail_msg("%s, %s, row %zu: '%s' is not %.17g", file, column->name, row, field, value);
        seen->numbers++;
    } else if (*field == '\0' || strcmp(field, "N/A") == 0) {
        if (!isnan(value))
            fail_msg("%s, %s, row %zu: nothing became %.17g", file, column->name, row, value);
        seen->holes++;
    } else {
        if (strpbrk(field, ":/-") == NULL)
            fail_msg("%s, %s, row %zu: what is '%s'?", file, column->name, row, field);
        seen->others++;
    }
}

static void cells_are_what_the_text_says(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    tally seen = {0};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        closo_arena *arena = closo_arena_new(0);
        char **lines;
        const size_t count = read_lines(&samples[i], arena, &lines);
        const closo_table *table = open_shared(arena, samples[i].name);
        if (table->row_count != count)
            fail_msg("%s: %zu rows of %zu lines", samples[i].name, table->row_count, count);
        /* The last field of a line that was cut cannot be trusted and is left out. */
        const bool cut = strstr(samples[i].name, "truncated") != NULL;
        for (size_t row = 0; row + cut < count; row++) {
            for (size_t c = 0; c < table->column_count; c++) {
                char field[64];
                if (table->columns[c].derived)
                    continue;
                field_at(lines[row], samples[i].separator, c, field);
                check_cell(samples[i].name, &table->columns[c], row, field, &seen);
            }
        }
        closo_arena_free(arena);
    }
    print_message("%zu numbers, %zu words, %zu holes; %zu dates and durations are not compared\n",
                  seen.numbers, seen.words, seen.holes, seen.others);
    assert_true(seen.numbers > 700000);
}

/* ---- capacities ---- */

/* What a vendor's column grows by, in its unit, over the lines first .. last, begun anew where it falls. */
static double growth(char **lines, const sample *s, size_t column, size_t first, size_t last)
{
    double sum = 0, before = NAN;
    for (size_t i = first; i <= last; i++) {
        char field[64];
        double now;
        field_at(lines[i], s->separator, column, field);
        if (!is_number(field, &now))
            continue;
        if (!isnan(before))
            sum += now < before ? now : now - before;
        before = now;
    }
    return sum;
}

/* Every half cycle of the file against the columns `charge` and `discharge` (which may be one), in ampere hours. `digit` is
 * the vendor's last one, and `currents_share` how far the charge by the currents may lie from it. */
static void compare_half_cycles(const char *name, size_t charge, size_t discharge, double digit,
                                double currents_share, size_t expected)
{
    closo_arena *arena = closo_arena_new(0);
    const sample *s = samples;
    while (strcmp(s->name, name) != 0)
        s++;
    char **lines;
    closo_cycling *cycling = NULL;
    closo_error error = {0};
    const size_t count = read_lines(s, arena, &lines);
    const closo_table *table = open_shared(arena, name);
    if (closo_cycling_from_table(table, NULL, arena, &cycling, &error) != CLOSO_OK)
        fail_msg("%s: %s", name, error.message);
    assert_int_equal(cycling->half_cycle_count, expected);
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        const closo_half_cycle *half = &cycling->half_cycles[h];
        /* What passed between the last row of a step and its end stands in the row after. */
        const size_t from = half->first_row > 0 ? half->first_row - 1 : 0;
        const size_t end = half->first_row + half->row_count;
        const size_t last = charge != discharge && end < count ? end : end - 1;
        const double vendor_C =
            3600 * growth(lines, s, half->direction > 0 ? charge : discharge, from, last);
        print_message("%s, half cycle %zu: vendor %.8g mAh, closo %.8g mAh, its column %.8g mAh\n",
                      name, h + 1, vendor_C / 3.6, half->charge_C / 3.6, half->instrument_C / 3.6);
        if (isfinite(half->instrument_C))
            assert_near(half->instrument_C, vendor_C, 3600 * digit);
        assert_near(half->charge_C, vendor_C, 3600 * digit + currents_share * vendor_C);
    }
    closo_arena_free(arena);
}

static void capacities_are_the_vendors(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    /* To the vendor's last digit. Novonix' column counts net, which is not used: its currents are integrated. */
    compare_half_cycles("jepegit+cellpy/maccor_002.txt", 6, 6, 1e-8, 0, 4);
    compare_half_cycles("TRI-AMDD+beep/PredictionDiagnostics_000151_paused.052", 5, 5, 1e-10, 0, 1);
    compare_half_cycles("ROVI-org+battery-data-toolkit/arbin_example.csv", 8, 9, 1e-7, 0, 4);
    compare_half_cycles("ImperialCollegeLondon+PyProBE/sample_data_basytec.txt", 11, 12, 1e-9, 0,
                        1);
    compare_half_cycles("ImperialCollegeLondon+PyProBE/sample_data_novonix.csv", 7, 7, 1e-8, 1e-4,
                        1);
    compare_half_cycles("jepegit+cellpy/neware_uio.csv", 10, 12, 1e-8, 0, 10);
}

/* The battery data format project's own conversion of a Landt cycler's CSV: the same cycles, to the last bit. */
static void landt_and_its_bdf_have_the_same_cycles(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    closo_cycling *cycling[2] = {NULL, NULL};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(closo_cycling_from_table(open_shared(arena, samples[9 + i].name), NULL,
                                                  arena, &cycling[i], NULL),
                         CLOSO_OK);
    assert_true(cycling[0]->half_cycle_count >= 3);
    assert_int_equal(cycling[0]->half_cycle_count, cycling[1]->half_cycle_count);
    for (size_t h = 0; h < cycling[0]->half_cycle_count; h++) {
        const closo_half_cycle *one = &cycling[0]->half_cycles[h];
        const closo_half_cycle *other = &cycling[1]->half_cycles[h];
        assert_int_equal(one->direction, other->direction);
        assert_int_equal(one->first_row, other->first_row);
        assert_true(one->charge_C == other->charge_C && one->energy_J == other->energy_J);
        assert_true(one->instrument_C == other->instrument_C);
    }
    closo_arena_free(arena);
}

/* ---- facts read off the files by eye ---- */

static void facts(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    closo_arena *arena = closo_arena_new(0);
    /* From 5/11 3:40:24 PM to 5/14 7:10:13 AM are 63.497 h; TestTime ends at 3809.84. */
    closo_table *table = open_shared(arena, "jepegit+cellpy/maccor_002.txt");
    double time_s;
    closo_column_read_si(closo_table_find(table, CLOSO_QUANTITY_TIME), table->row_count - 1, 1,
                         &time_s);
    assert_near(time_s, 63.497 * 3600, 2);
    assert_near(value_at(table, "signed current/A", table->row_count - 1), -0.00016037, 0);
    assert_string_equal(closo_table_text(table, "procedure"), "CW_MZ_SIMBA_CT.000");
    table = open_shared(arena, "TRI-AMDD+beep/PredictionDiagnostics_000151_paused.052");
    assert_near(value_at(table, "Amps", 0), -4.8400091554, 0);
    assert_null(closo_table_find_name(table, "signed current/A"));
    assert_string_equal(closo_table_text(table, "comments"), "00001E");
    table = open_shared(arena, "jepegit+cellpy/custom_nan_inf.csv");
    assert_string_equal(table->format, "delimited text");
    assert_note(table, "column 'voltage' has no value in 1 rows, the first in line 24");
    assert_note(table, "column 'voltage' has 2 infinite values, the first in line 28");
    table = open_shared(arena, "jepegit+cellpy/custom_truncated.csv");
    assert_int_equal(table->row_count, 60);
    assert_near(value_at(table, "test_time", 59), 3600.96, 0);
    assert_note(table, "the last, is cut short");
    table = open_shared(arena, samples[10].name);
    assert_note(table,
                "'discharging_capacity_ah' should count over the whole test, but is set back "
                "at row 16046");
    closo_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_what_the_text_says),
        cmocka_unit_test(capacities_are_the_vendors),
        cmocka_unit_test(landt_and_its_bdf_have_the_same_cycles),
        cmocka_unit_test(facts),
    };
    return cmocka_run_group_tests_name("real exports of cyclers", tests, NULL, NULL);
}
