/* SPDX-License-Identifier: BSD-3-Clause */
/* Every .mpr of the shared folder against EC-Lab's own text export of it: columns, flags, derived columns, settings,
 * metadata, loops. Nothing may differ but what is listed here, with its reason; an entry that no file needs fails too. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/instrument.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const pairs[] = {"bcd.issue_241",
                                    "ca",
                                    "ca.issue_149",
                                    "coc.issue_185",
                                    "cp.issue_61",
                                    "cv",
                                    "cv.issue_149",
                                    "gcpl.issue_149",
                                    "gcpl.issue_211",
                                    "gcpl.pr_182.1",
                                    "gcpl.pr_182.2",
                                    "geis",
                                    "lsv",
                                    "lsv.issue_195",
                                    "mb",
                                    "mb.issue_149",
                                    "mb.issue_218",
                                    "ocv",
                                    "peis",
                                    "vsp_ocv_with",
                                    "vsp_ocv_wo",
                                    "wait",
                                    "zir"};
enum { PAIR_COUNT = sizeof pairs / sizeof *pairs };

/* Columns whose text was made another way: at most `rows` rows differ by more than a float's last digit, at most by
 * `worst` of the value. */
static struct {
    const char *pair, *column;
    size_t rows;
    double worst;
    const char *reason;
    size_t seen;
} inexact[] = {
#define ROUNDING \
    "EC-Lab rounds |C| in between in a way that 13 orders of operations did not reproduce"
    {"mb", "|C|/nF", 4, 1.7e-7, ROUNDING, 0},
    {"mb", "Re(C)/nF", 9, 1.9e-7, ROUNDING, 0},
    {"mb", "Im(C)/nF", 13, 1.9e-7, ROUNDING, 0},
    {"mb", "Tan(Delta)", 2, 1.7e-7, ROUNDING, 0},
    {"mb.issue_149", "|C|/nF", 1, 1.6e-7, ROUNDING, 0},
    {"mb.issue_149", "Re(C)/nF", 7, 1.5e-7, ROUNDING, 0},
    {"mb.issue_149", "Im(C)/nF", 4, 1.7e-7, ROUNDING, 0},
    {"mb.issue_149", "Tan(Delta)", 1, 1.5e-7, ROUNDING, 0},
#undef ROUNDING
};

/* Columns that closo does not make. pair "" stands for all. */
static struct {
    const char *pair, *column, *reason;
    size_t seen;
} not_made[] = {
#define GEOMETRY \
    "all zero in every file: it needs the sample's geometry, which EC-Lab does not store"
    {"", "Re(M)", GEOMETRY, 0},
    {"", "Im(M)", GEOMETRY, 0},
    {"", "|M|", GEOMETRY, 0},
    {"", "Phase(M)/deg", GEOMETRY, 0},
    {"", "Re(Permittivity)", GEOMETRY, 0},
    {"", "Im(Permittivity)", GEOMETRY, 0},
    {"", "|Permittivity|", GEOMETRY, 0},
    {"", "Phase(Permittivity)/deg", GEOMETRY, 0},
    {"", "Re(Resistivity)/Ohm.cm", GEOMETRY, 0},
    {"", "Im(Resistivity)/Ohm.cm", GEOMETRY, 0},
    {"", "|Resistivity|/Ohm.cm", GEOMETRY, 0},
    {"", "Phase(Resistivity)/deg", GEOMETRY, 0},
    {"", "Re(Conductivity)/mS/cm", GEOMETRY, 0},
    {"", "Im(Conductivity)/mS/cm", GEOMETRY, 0},
    {"", "|Conductivity|/mS/cm", GEOMETRY, 0},
    {"", "Phase(Conductivity)/deg", GEOMETRY, 0},
#undef GEOMETRY
#define COPY "EC-Lab 11.61 writes the energy of the working electrode here, and 0 for we-ce: wrong"
    {"gcpl.issue_211", "Energy ce charge/W.h", COPY, 0},
    {"gcpl.issue_211", "Energy ce discharge/W.h", COPY, 0},
    {"gcpl.issue_211", "Energy we-ce charge/W.h", COPY, 0},
    {"gcpl.issue_211", "Energy we-ce discharge/W.h", COPY, 0},
#undef COPY
#define MASS "nobody typed in a mass: x of EC-Lab's default 0.001 mg means nothing"
    {"geis", "x", MASS, 0},
    {"mb.issue_218", "x", MASS, 0},
#undef MASS
};

/* What only the text tells. */
static struct {
    const char *key, *reason;
    size_t seen;
} text_only[] = {
#define NOT_FOUND "where the .mpr keeps it has not been found"
    {"compliance", NOT_FOUND, 0},
    {"electrode_connection", NOT_FOUND, 0},
    {"potential_control", NOT_FOUND, 0},
    {"filtering", NOT_FOUND, 0},
    {"safety_limits", NOT_FOUND, 0},
    {"channel_connection", NOT_FOUND, 0},
    {"technique_start_time", NOT_FOUND, 0},
    {"setting_file", NOT_FOUND, 0},
    {"instrument", NOT_FOUND, 0},
    {"current_amplifier", NOT_FOUND, 0},
    {"cable", NOT_FOUND, 0},
    {"cycle_definition", NOT_FOUND, 0},
    {"recorded", "the columns that are there tell", 0},
    {"text_export", "it is about the text", 0},
#undef NOT_FOUND
};

/* Other differences. */
enum { HIDDEN_NAME, NO_RECORD, NO_CURRENT_POTENTIAL, ANALOG_UNIT, OTHER_COUNT };
static struct {
    const char *what;
    size_t seen;
} others[OTHER_COUNT] = {
    [HIDDEN_NAME] = {"original_file: the text was made anonymous with ***", 0},
    [NO_RECORD] = {"ocv: the text has the setting 'record', the record of 11.30 does not", 0},
    [NO_CURRENT_POTENTIAL] = {"mb: the text has 'current/potential', the record of 11.36 does not",
                              0},
    [ANALOG_UNIT] = {"vsp_ocv_with: the column is called Analog IN 1/V and holds newtons", 0},
};

static const char *other_name(const char *name)
{
    static const char *const same[][2] = {{"<Ewe/V>", "<Ewe>/V"},
                                          {"Energy we charge/W.h", "Energy charge/W.h"},
                                          {"Energy we discharge/W.h", "Energy discharge/W.h"},
                                          {"Pwe/W", "P/W"},
                                          {"Rwe/Ohm", "R/Ohm"},
                                          {" Ecell/V", "Ewe-Ece/V"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(name, same[i][0]) == 0)
            return same[i][1];
    return name;
}

static closo_table *open_one(closo_arena *arena, const char *pair, const char *ending)
{
    char path[1200], text[1200];
    closo_error error = {0};
    closo_table *table = NULL;
    snprintf(path, sizeof path, "%s/data/echem/dgbowl+yadg/%s.%s", shared_folder(), pair, ending);
    if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", closo_error_text(&error, text, sizeof text));
    return table;
}

/* ---- columns ---- */

/* A float was printed with 8 digits, a double with 16; what closo derives may differ by the rounding of one float, or by
 * 1e-12. */
static bool same_value(const closo_column *column, double binary, double text)
{
    if (column->storage == CLOSO_STORE_F32 && !column->derived)
        return fabs(binary - text) <= 0.501e-7 * pow(10, floor(log10(fabs(text) + 1e-300)));
    double tolerance = column->storage == CLOSO_STORE_F32 ? 1.3e-7 : 1.2e-15;
    if (column->derived && column->storage == CLOSO_STORE_F64)
        tolerance = 1e-12;
    return fabs(binary - text) <= tolerance * fabs(text);
}

static void compare_column(const char *pair, const closo_column *binary, const closo_column *text,
                           size_t rows)
{
    size_t different = 0;
    double worst = 0;
    for (size_t row = 0; row < rows; row++) {
        double ours, theirs;
        closo_column_read(binary, row, 1, &ours);
        closo_column_read(text, row, 1, &theirs);
        if (same_value(binary, ours, theirs))
            continue;
        different++;
        worst = fmax(worst, fabs(ours - theirs) / fabs(theirs));
    }
    for (size_t i = 0; i < sizeof inexact / sizeof *inexact; i++) {
        if (strcmp(inexact[i].pair, pair) != 0 || strcmp(inexact[i].column, text->name) != 0)
            continue;
        inexact[i].seen += different;
        if (different > inexact[i].rows || worst > inexact[i].worst)
            fail_msg("%s, %s: %zu rows differ by up to %g, known are %zu and %g", pair, text->name,
                     different, worst, inexact[i].rows, inexact[i].worst);
        return;
    }
    if (different != 0)
        fail_msg("%s, %s: %zu of %zu rows differ, by up to %g", pair, text->name, different, rows,
                 worst);
}

static bool is_not_made(const char *pair, const char *column)
{
    for (size_t i = 0; i < sizeof not_made / sizeof *not_made; i++) {
        if (strcmp(not_made[i].column, column) == 0 &&
            (not_made[i].pair[0] == '\0' || strcmp(not_made[i].pair, pair) == 0)) {
            not_made[i].seen++;
            return true;
        }
    }
    return false;
}

static void compare_columns(const char *pair, const closo_table *binary, const closo_table *text)
{
    assert_int_equal(binary->row_count, text->row_count);
    size_t compared = 0;
    for (size_t i = 0; i < text->column_count; i++) {
        const closo_column *theirs = &text->columns[i];
        const closo_column *ours = closo_table_find_name(binary, theirs->name);
        if (ours == NULL)
            ours = closo_table_find_name(binary, other_name(theirs->name));
        if (ours == NULL) {
            if (!is_not_made(pair, theirs->name))
                fail_msg("%s: the text has '%s', the .mpr does not", pair, theirs->name);
            continue;
        }
        if (strcmp(pair, "vsp_ocv_with") == 0 && strncmp(theirs->name, "Analog IN", 9) == 0)
            others[ANALOG_UNIT].seen++;
        else if (ours->quantity != theirs->quantity || strcmp(ours->unit, theirs->unit) != 0)
            fail_msg("%s, %s: %s in %s, the text says %s in %s", pair, theirs->name,
                     closo_quantity_name(ours->quantity), ours->unit,
                     closo_quantity_name(theirs->quantity), theirs->unit);
        compare_column(pair, ours, theirs, text->row_count);
        compared++;
    }
    /* the columns that are stored come first in the text, in the same order */
    for (size_t i = 0; i < binary->column_count && !binary->columns[i].derived; i++)
        assert_string_equal(other_name(text->columns[i].name), other_name(binary->columns[i].name));
    assert_true(compared >= 4);
}

static void test_columns(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    size_t rows = 0, columns = 0;
    for (size_t i = 0; i < PAIR_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *binary = open_one(arena, pairs[i], "mpr");
        const closo_table *text = open_one(arena, pairs[i], "mpt");
        compare_columns(pairs[i], binary, text);
        rows += text->row_count;
        columns += text->column_count;
        closo_arena_free(arena);
    }
    print_message("%d pairs, %zu rows, %zu columns\n", PAIR_COUNT, rows, columns);
    for (size_t i = 0; i < sizeof inexact / sizeof *inexact; i++)
        if (inexact[i].seen == 0)
            fail_msg("%s, %s is exact now: take it off the list", inexact[i].pair,
                     inexact[i].column);
    for (size_t i = 0; i < sizeof not_made / sizeof *not_made; i++)
        if (not_made[i].seen == 0)
            fail_msg("no text has %s, or the .mpr has it too: take it off the list",
                     not_made[i].column);
    assert_int_equal(others[ANALOG_UNIT].seen, 2);
}

/* ---- metadata ---- */

static const closo_metadatum *find_metadatum(const closo_table *table, const char *key)
{
    for (size_t i = 0; i < table->metadatum_count; i++)
        if (strcmp(table->metadata[i].key, key) == 0)
            return &table->metadata[i];
    return NULL;
}

static void compare_metadatum(const char *pair, const closo_metadatum *ours,
                              const closo_metadatum *theirs)
{
    if (strcmp(ours->key, "original_file") == 0 && strcmp(theirs->text, "***.mpr") == 0) {
        assert_true(strspn(ours->text, "*") > 3);
        others[HIDDEN_NAME].seen++;
        return;
    }
    if (ours->text != NULL || theirs->text != NULL) {
        if (ours->text == NULL || theirs->text == NULL || strcmp(ours->text, theirs->text) != 0)
            fail_msg("%s, %s: '%s', the text says '%s'", pair, ours->key, ours->text, theirs->text);
        return;
    }
    /* EC-Lab prints three decimals */
    if (strcmp(ours->unit, theirs->unit) != 0 || !(fabs(ours->number - theirs->number) <= 5.1e-4))
        fail_msg("%s, %s: %.9g %s, the text says %.9g %s", pair, ours->key, ours->number,
                 ours->unit, theirs->number, theirs->unit);
}

static void compare_metadata(const char *pair, const closo_table *binary, const closo_table *text)
{
    assert_string_equal(binary->technique, text->technique);
    for (size_t i = 0; i < text->metadatum_count; i++) {
        const closo_metadatum *ours = find_metadatum(binary, text->metadata[i].key);
        bool listed = ours != NULL;
        for (size_t k = 0; k < sizeof text_only / sizeof *text_only && ours == NULL; k++) {
            if (strcmp(text_only[k].key, text->metadata[i].key) == 0) {
                text_only[k].seen++;
                listed = true;
            }
        }
        if (!listed)
            fail_msg("%s: only the text tells %s", pair, text->metadata[i].key);
        if (ours != NULL)
            compare_metadatum(pair, ours, &text->metadata[i]);
    }
}

static void test_metadata(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    size_t compared = 0;
    for (size_t i = 0; i < PAIR_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *text = open_one(arena, pairs[i], "mpt");
        /* three exports have no header */
        if (text->metadatum_count != 0) {
            compare_metadata(pairs[i], open_one(arena, pairs[i], "mpr"), text);
            compared++;
        }
        closo_arena_free(arena);
    }
    assert_int_equal(compared, PAIR_COUNT - 3);
    for (size_t i = 0; i < sizeof text_only / sizeof *text_only; i++)
        if (text_only[i].seen == 0)
            fail_msg("%s is on the list for nothing", text_only[i].key);
    assert_true(others[HIDDEN_NAME].seen > 0);
}

/* ---- settings and loops ---- */

/* "0,100" of the text against "0.1": equal to the decimals that the text has; words must be the same. */
static bool same_word(const char *ours, const char *theirs)
{
    char text[64];
    double one, two;
    snprintf(text, sizeof text, "%s", theirs);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == ',' ? '.' : *at;
    if (strcmp(ours, text) == 0)
        return true;
    if (!closo_number_parse(closo_span_of(ours), '.', &one) ||
        !closo_number_parse(closo_span_of(text), '.', &two))
        return false;
    const char *point = strchr(text, '.');
    double decimals = point != NULL ? (double)strlen(point + 1) : 0;
    return fabs(one - two) <= 0.5001 * pow(10, -decimals);
}

static void compare_settings(const char *pair, const closo_table *binary, const closo_table *text)
{
    size_t at = 0;
    for (size_t i = 0; i < text->setting_count; i++) {
        const closo_setting *theirs = &text->settings[i];
        const closo_setting *ours = at < binary->setting_count ? &binary->settings[at] : NULL;
        if (ours == NULL || strcmp(ours->name, theirs->name) != 0) {
            if (strcmp(pair, "ocv") == 0 && strcmp(theirs->name, "record") == 0)
                others[NO_RECORD].seen++;
            else if (strcmp(pair, "mb") == 0 && strcmp(theirs->name, "current/potential") == 0)
                others[NO_CURRENT_POTENTIAL].seen++;
            else
                fail_msg("%s: the text has the setting '%s' where the .mpr has '%s'", pair,
                         theirs->name, ours != NULL ? ours->name : "nothing");
            continue;
        }
        assert_int_equal(ours->value_count, theirs->value_count);
        for (size_t s = 0; s < ours->value_count; s++)
            if (!same_word(ours->values[s], theirs->values[s]))
                fail_msg("%s, %s of sequence %zu: '%s', the text says '%s'", pair, ours->name, s,
                         ours->values[s], theirs->values[s]);
        at++;
    }
    assert_int_equal(at, binary->setting_count);
}

static void test_settings_and_loops(void **state)
{
    (void)state;
    NEEDS_SHARED_DATA();
    size_t techniques = 0;
    for (size_t i = 0; i < PAIR_COUNT; i++) {
        closo_arena *arena = closo_arena_new(0);
        const closo_table *binary = open_one(arena, pairs[i], "mpr");
        const closo_table *text = open_one(arena, pairs[i], "mpt");
        assert_true(binary->setting_count > 0);
        if (text->setting_count != 0) {
            compare_settings(pairs[i], binary, text);
            assert_int_equal(binary->segment_count, text->segment_count);
            for (size_t k = 0; k < text->segment_count; k++) {
                assert_string_equal(binary->segments[k].name, text->segments[k].name);
                assert_int_equal(binary->segments[k].first_row, text->segments[k].first_row);
                assert_int_equal(binary->segments[k].row_count, text->segments[k].row_count);
            }
            techniques++;
        }
        closo_arena_free(arena);
    }
    assert_int_equal(techniques, PAIR_COUNT - 3);
    assert_int_equal(others[NO_RECORD].seen, 1);
    assert_int_equal(others[NO_CURRENT_POTENTIAL].seen, 1);
}

/* ---- files without an export ---- */

static void test_all_files(void **state)
{
    /* the number of points that stands in the file */
    static const struct {
        const char *path, *technique;
        size_t rows;
    } files[] = {
        {"EmpaEconversion+aurora-cycler-manager/file_2025-10-17_162649.mpr", "OCV", 2},
        {"EmpaEconversion+aurora-cycler-manager/test_C01.mpr", "OCV", 18001},
        {"battery-data-alliance+battery-data-format/GCPL-0.mpr", "GCPL", 4},
        {"battery-data-alliance+battery-data-format/PEIS-0.mpr", "PEIS", 60},
        {"be-smith+navani/00_test_02_MB_C01.mpr", "MB", 11},
        {"be-smith+navani/00_test_04_MB_C01.mpr", "MB", 1501},
        {"be-smith+navani/jdb11-1_c3_gcpl_5cycles_2V-3p8V_C-24_data_C09.mpr", "GCPL", 46102},
        {"dgbowl+yadg/gcpl.issue_175.mpr", "GCPL", 11399},
        {"dgbowl+yadg/gcpl.mpr", "GCPL", 12057},
        {"dgbowl+yadg/mp.issue_183.mpr", "MP", 59239},
    };
    (void)state;
    NEEDS_SHARED_DATA();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[1200], text[1200];
        closo_error error = {0};
        closo_table *table = NULL;
        closo_arena *arena = closo_arena_new(0);
        snprintf(path, sizeof path, "%s/data/echem/%s", shared_folder(), files[i].path);
        if (closo_file_open(path, NULL, arena, &table, &error) != CLOSO_OK)
            fail_msg("%s", closo_error_text(&error, text, sizeof text));
        assert_int_equal(table->row_count, files[i].rows);
        assert_string_equal(table->technique, files[i].technique);
        assert_true(table->setting_count > 5);
        const closo_column *time = closo_table_find(table, CLOSO_QUANTITY_TIME);
        double *seconds = closo_column_values_si(time, table->row_count, arena);
        for (size_t row = 1; row < table->row_count; row++)
            assert_true(seconds[row] >= seconds[row - 1]);
        for (size_t k = 0; k < table->column_count; k++)
            assert_true(strncmp(table->columns[k].name, "unknown", 7) != 0);
        closo_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_settings_and_loops),
        cmocka_unit_test(test_all_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
