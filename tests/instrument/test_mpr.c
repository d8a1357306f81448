/* SPDX-License-Identifier: BSD-3-Clause */
/* BioLogic .mpr files made here, read back, then damaged in every way: whatever the bytes, a sentence or what can be saved,
 * never a crash, never a row that the file does not hold. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/instrument.h"
#include "make_mpr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 12, FILE_BYTES = 4096 };

typedef struct sample {
    double mode[ROWS], flag[ROWS], time_s[ROWS], potential_V[ROWS], increment_mAh[ROWS];
    double charge_mAh[ROWS], half_cycle_charge_mAh[ROWS], half_cycle[ROWS], range[ROWS],
        control[ROWS];
    double step[ROWS];
} sample;

/* Six rows of charge at 1 mA and 3 V, one every 36 s, then six of discharge at -1 mA, of which the last row is a rest. */
static void fill(sample *s)
{
    double charge = 0, half = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const bool charging = i < 6;
        const double passed = i == 0 || i == ROWS - 1 ? 0 : charging ? 0.01 : -0.01;
        half = i == 6 ? passed : half + passed;
        charge += passed;
        s->mode[i] = i == ROWS - 1 ? 3 : 1;
        s->flag[i] = i == 6;
        s->time_s[i] = 100 + 36 * (double)i;
        s->potential_V[i] = charging ? 3 + 0.125 * (double)i : 3 - 0.125 * (double)(i - 6);
        s->increment_mAh[i] = passed;
        s->charge_mAh[i] = charge;
        s->half_cycle_charge_mAh[i] = half;
        s->half_cycle[i] = charging ? 4 : 5;
        s->range[i] = 12;
        s->control[i] = charging ? 1 : -1;
        s->step[i] = charging ? 1 : 2;
    }
}

/* A galvanostatic cycle. Version 0 has ids of one byte, so it does without the newer columns. */
static size_t columns_of(const sample *s, int version, make_mpr_column columns[16])
{
    const make_mpr_column all[] = {
        {1, MAKE_MPR_FLAG, s->mode},
        {2, MAKE_MPR_FLAG, s->flag},
        {21, MAKE_MPR_FLAG, s->flag},
        {31, MAKE_MPR_FLAG, s->flag},
        {65, MAKE_MPR_FLAG, s->flag},
        {131, MAKE_MPR_U16, s->step},
        {4, MAKE_MPR_F64, s->time_s},
        {7, MAKE_MPR_F64, s->increment_mAh},
        {13, MAKE_MPR_F64, s->charge_mAh},
        {5, MAKE_MPR_F32, s->control},
        {6, MAKE_MPR_F32, s->potential_V},
        {39, MAKE_MPR_U16, s->range},
        {467, MAKE_MPR_F64, s->half_cycle_charge_mAh},
        {468, MAKE_MPR_U32, s->half_cycle},
    };
    const size_t count = version == 0 ? 12 : 14;
    memcpy(columns, all, count * sizeof *columns);
    return count;
}

static const uint32_t boundaries[] = {0, 6, ROWS};

static make_mpr spec_of(int version, const make_mpr_column *columns, size_t count,
                        make_mpr_record *record)
{
    const make_mpr_cv cv = {0.1, 5.5, 1.5, 0, 10, 4};
    record->size = 0;
    make_mpr_put_cv(record, &cv, version >= 10);
    return (make_mpr){.version = version,
                      .compact = true,
                      .columns = columns,
                      .column_count = count,
                      .row_count = ROWS,
                      .technique = MAKE_MPR_CV,
                      .sequences = record,
                      .sequence_count = 1,
                      .parameter_count = MAKE_MPR_CV_PARAMETERS,
                      .comments = "25 \xb0"
                                  "C \r\nMODULEVMP data",
                      .electrode_material = "NaCoO2",
                      .electrolyte = "Na4(CB11H12)2(B12H12)",
                      .reference = "Na",
                      .reference_V = -2.714,
                      .area_cm2 = 1.131,
                      .active_mass_mg = 5,
                      .molar_mass_g = 113.9,
                      .ion_molar_mass_g = 22.99,
                      .active_mass_at_x = 0.5,
                      .x_start = 0.75,
                      .electrons_per_ion = 1,
                      .characteristic_mass_mg = 0.001,
                      .capacity_mAh = 0.5,
                      .channel = 10,
                      .channel_serial = 69336,
                      .software = version >= 10 ? "11.50" : "11.12",
                      .device_serial = ".003307",
                      .file_name = "C:\\data\\a cell.mpr",
                      .start_days = 43110.5 + 1.0 / 86400,
                      .range_high_V = 10,
                      .loops = boundaries,
                      .loop_count = 3};
}

static size_t make_file(int version, unsigned char bytes[FILE_BYTES])
{
    sample s;
    make_mpr_column columns[16];
    make_mpr_record record;
    fill(&s);
    size_t count = columns_of(&s, version, columns);
    make_mpr spec = spec_of(version, columns, count, &record);
    size_t size = make_mpr_write(&spec, bytes, FILE_BYTES);
    assert_true(size != 0);
    return size;
}

/* Opens a copy of exactly its size and one 0, so that the sanitizer sees what is read beyond. */
static closo_status open_bytes(const unsigned char *bytes, size_t size, closo_arena *arena,
                               closo_table **table, closo_error *error)
{
    unsigned char *copy = closo_arena_alloc(arena, size + 1, 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return closo_file_open_memory("a.mpr", copy, size, NULL, arena, table, error);
}

static closo_table *open_sound(const unsigned char *bytes, size_t size, closo_arena *arena)
{
    closo_table *table = NULL;
    closo_error error = {0};
    if (open_bytes(bytes, size, arena, &table, &error) != CLOSO_OK)
        fail_msg("%s", error.message);
    return table;
}

static void assert_values(const closo_table *table, const char *name, const double *expected,
                          double tolerance)
{
    const closo_column *column = closo_table_find_name(table, name);
    double values[ROWS];
    if (column == NULL)
        fail_msg("there is no column %s", name);
    assert_int_equal(table->row_count, ROWS);
    closo_column_read(column, 0, ROWS, values);
    for (size_t i = 0; i < ROWS; i++)
        if (!(fabs(values[i] - expected[i]) <= tolerance))
            fail_msg("%s, row %zu: %.17g, should be %.17g", name, i, values[i], expected[i]);
}

static bool has_note(const closo_table *table, const char *words)
{
    for (size_t i = 0; i < table->notes.count; i++)
        if (strstr(table->notes.texts[i], words) != NULL)
            return true;
    return false;
}

static void print_notes(const closo_table *table)
{
    for (size_t i = 0; i < table->notes.count; i++)
        print_message("note: %s\n", table->notes.texts[i]);
}

static void assert_note(const closo_table *table, const char *words)
{
    if (has_note(table, words))
        return;
    print_notes(table);
    fail_msg("no note says '%s'", words);
}

/* ---- sound files ---- */

static const int versions[] = {0, 2, 3, 11};

static void test_versions(void **state)
{
    (void)state;
    sample s;
    fill(&s);
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        unsigned char bytes[FILE_BYTES];
        closo_arena *arena = closo_arena_new(0);
        size_t size = make_file(versions[v], bytes);
        const closo_table *table = open_sound(bytes, size, arena);
        if (table->notes.count != 0)
            print_notes(table);
        assert_int_equal(table->notes.count, 0);
        assert_string_equal(table->technique, "CV");
        assert_values(table, "mode", s.mode, 0);
        assert_values(table, "ox/red", s.flag, 0);
        assert_values(table, "Ns changes", s.flag, 0);
        assert_values(table, "counter inc.", s.flag, 0);
        assert_values(table, "Ns", s.step, 0);
        assert_values(table, "time/s", s.time_s, 0);
        assert_values(table, "dq/mA.h", s.increment_mAh, 0);
        assert_values(table, "(Q-Qo)/mA.h", s.charge_mAh, 0);
        assert_values(table, "control/V/mA", s.control, 0);
        assert_values(table, "Ewe/V", s.potential_V, 0);
        assert_values(table, "I Range", s.range, 0);
        assert_string_equal(closo_table_find_name(table, "I Range")->labels[12], "1 mA");
        if (versions[v] != 0)
            assert_values(table, "Q charge/discharge/mA.h", s.half_cycle_charge_mAh, 0);
        closo_arena_free(arena);
    }
}

static void test_metadata_and_settings(void **state)
{
    static const struct {
        const char *key, *text;
    } texts[] = {
        {"technique", "Cyclic Voltammetry"},
        {"comments", "25 °C\nMODULEVMP data"},
        {"electrode_material", "NaCoO2"},
        {"electrolyte", "Na4(CB11H12)2(B12H12)"},
        {"reference", "Na (-2.714 V)"},
        {"software", "EC-Lab 11.50"},
        {"firmware", "11.50"},
        {"channel", "11"},
        {"channel_serial", "69336"},
        {"instrument_serial", ".003307"},
        {"original_file", "a cell.mpr"},
        {"start_time", "2018-01-10T12:00:01.000"},
    };
    static const struct {
        const char *key;
        double si;
    } numbers[] = {
        {"scan_rate", 1e-4},
        {"potential_limit_low", 1.5},
        {"potential_limit_high", 5.5},
        {"active_mass", 5e-6},
        {"electrode_area", 1.131e-4},
        {"molar_mass", 0.1139},
        {"x_start", 0.75},
        {"active_mass_at_x", 0.5},
        {"electrons_per_ion", 1},
        {"battery_capacity", 1.8},
        {"reference_potential", -2.714},
        {"control_range_high", 10},
        /* n F m / (M + x M_ion) */
        {"charge_per_x", 96485.4 * 5e-3 / (113.9 + 0.5 * 22.99)},
    };
    (void)state;
    unsigned char bytes[FILE_BYTES];
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_sound(bytes, make_file(11, bytes), arena);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = closo_table_text(table, texts[i].key);
        if (text == NULL || strcmp(text, texts[i].text) != 0)
            fail_msg("%s is '%s', should be '%s'", texts[i].key, text, texts[i].text);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double si = NAN;
        if (!closo_table_number_si(table, numbers[i].key, &si) ||
            !(fabs(si - numbers[i].si) <= 2e-7 * fabs(numbers[i].si)))
            fail_msg("%s is %.12g, should be %.12g", numbers[i].key, si, numbers[i].si);
    }
    double unset;
    assert_false(closo_table_number_si(table, "characteristic_mass", &unset)); /* the default */
    assert_int_equal(table->setting_count, 21);
    assert_string_equal(table->settings[2].name, "dE/dt");
    assert_string_equal(table->settings[2].values[0], "0.100");
    assert_string_equal(table->settings[3].values[0], "mV/s");
    assert_int_equal(table->segment_count, 2);
    assert_int_equal(table->segments[1].first_row, 6);
    assert_int_equal(table->segments[1].row_count, 6);
    closo_arena_free(arena);
}

/* Closed forms: constant current, potential in steps of 1/8 V. */
static void test_derived(void **state)
{
    (void)state;
    sample s;
    double current[ROWS], energy_in[ROWS] = {0}, energy_out[ROWS] = {0}, power[ROWS], x[ROWS];
    double efficiency[ROWS] = {0}, step[ROWS], capacity[ROWS], cycle[ROWS], control_mA[ROWS];
    const double charge_per_x_mAh = 96485.4 * 5 / (3600 * (113.9 + 0.5 * 22.99));
    fill(&s);
    for (size_t i = 0; i < ROWS; i++) {
        current[i] = s.increment_mAh[i] * 100;
        power[i] = s.potential_V[i] * current[i] / 1000;
        double passed_Wh = fabs(s.increment_mAh[i]) * s.potential_V[i] / 1000;
        energy_in[i] = i == 0 ? 0 : energy_in[i - 1] + (i < 6 ? passed_Wh : 0);
        /* a loop begins at row 6, whose energy EC-Lab does not count */
        energy_out[i] = i <= 6 ? 0 : energy_out[i - 1] + passed_Wh;
        step[i] = s.increment_mAh[i] == 0 ? 0 : s.time_s[i] - (i < 6 ? 0 : s.time_s[6]);
        capacity[i] = fabs(s.half_cycle_charge_mAh[i]);
        cycle[i] = 2;
        control_mA[i] = s.mode[i] == 1 ? s.control[i] : 0;
        x[i] = 0.75 - s.charge_mAh[i] / charge_per_x_mAh;
    }
    efficiency[ROWS - 1] = 100; /* 0.05 mA.h in, 0.05 out */
    unsigned char bytes[FILE_BYTES];
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_sound(bytes, make_file(11, bytes), arena);
    assert_values(table, "<I>/mA", current, 1e-12);
    assert_values(table, "P/W", power, 1e-9);
    assert_values(table, "Energy charge/W.h", energy_in, 1e-15);
    assert_values(table, "Energy discharge/W.h", energy_out, 1e-15);
    assert_values(table, "Efficiency/%", efficiency, 1e-5);
    assert_values(table, "step time/s", step, 0);
    assert_values(table, "Capacity/mA.h", capacity, 0);
    assert_values(table, "cycle number", cycle, 0);
    assert_values(table, "control/mA", control_mA, 0);
    assert_values(table, "x", x, 2e-7);
    assert_true(closo_table_find_name(table, "x")->derived);
    /* C = Q / dE: 0.05 mA.h over 0.5 V, counted from the first row on which charge flowed */
    double value;
    closo_column_read(closo_table_find_name(table, "Capacitance charge/µF"), 5, 1, &value);
    assert_near(value, 0.05 * 3.6 / 0.5 * 1e6, 1e-6);
    closo_arena_free(arena);
    /* and none of it when it is not wanted */
    arena = closo_arena_new(0);
    closo_table *bare = NULL;
    const closo_read_options options = {.without_derived = true};
    size_t size = make_file(11, bytes);
    assert_int_equal(closo_file_open_memory("a", bytes, size - 1, &options, arena, &bare, NULL),
                     CLOSO_OK);
    for (size_t i = 0; i < bare->column_count; i++)
        assert_false(bare->columns[i].derived);
    closo_arena_free(arena);
}

static void test_impedance(void **state)
{
    (void)state;
    const double frequency[] = {1000, 10}, modulus[] = {100, 200}, phase[] = {-30, -60};
    const double time[] = {1, 2};
    const make_mpr_column columns[] = {{32, MAKE_MPR_F32, frequency},
                                       {36, MAKE_MPR_F32, modulus},
                                       {35, MAKE_MPR_F32, phase},
                                       {4, MAKE_MPR_F64, time}};
    make_mpr_record record;
    make_mpr spec = spec_of(11, columns, 4, &record);
    spec.row_count = 2;
    spec.loop_count = 0;
    unsigned char bytes[FILE_BYTES];
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_sound(bytes, make_mpr_write(&spec, bytes, sizeof bytes), arena);
    static const struct {
        const char *name;
        double value;
    } expected[] = {
        {"Re(Z)/Ohm", 86.602540378},   {"-Im(Z)/Ohm", 50},
        {"|Y|/Ohm-1", 0.01},           {"Phase(Y)/deg", 30},
        {"Re(Y)/Ohm-1", 0.0086602540}, {"Im(Y)/Ohm-1", 0.005},
        {"|C|/nF", 1591.5494309},      {"Phase(C)/deg", -60},
        {"Re(C)/nF", 795.77471546},    {"Im(C)/nF", 1378.3222386},
        {"Tan(Delta)", 1.7320508076},  {"Loss Angle(Delta)/deg", 60},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const closo_column *column = closo_table_find_name(table, expected[i].name);
        double value = NAN;
        assert_non_null(column);
        closo_column_read(column, 0, 1, &value);
        if (!(fabs(value / expected[i].value - 1) < 2e-7))
            fail_msg("%s is %.10g, should be %.10g", expected[i].name, value, expected[i].value);
    }
    closo_arena_free(arena);
}

static void test_other_modules(void **state)
{
    (void)state;
    sample s;
    make_mpr_column columns[16];
    make_mpr_record record;
    unsigned char bytes[FILE_BYTES];
    fill(&s);
    /* an analog input that is wired to a force sensor */
    columns_of(&s, 3, columns);
    columns[11] = (make_mpr_column){16, MAKE_MPR_F32, s.potential_V};
    make_mpr spec = spec_of(3, columns, 12, &record);
    spec.analog_label[0] = "Force/N";
    closo_arena *arena = closo_arena_new(0);
    const closo_table *table = open_sound(bytes, make_mpr_write(&spec, bytes, sizeof bytes), arena);
    const closo_column *force = closo_table_find(table, CLOSO_QUANTITY_FORCE);
    assert_string_equal(force->name, "Analog IN 1/V");
    assert_string_equal(force->unit, "N");
    closo_arena_free(arena);
    /* a running measurement with no point yet */
    spec = spec_of(11, columns, 11, &record);
    spec.without_log = true;
    spec.row_count = 0;
    spec.loop_count = 0;
    arena = closo_arena_new(0);
    table = open_sound(bytes, make_mpr_write(&spec, bytes, sizeof bytes), arena);
    assert_int_equal(table->row_count, 0);
    assert_note(table, "still running");
    assert_non_null(closo_table_find_name(table, "Ewe/V"));
    assert_string_equal(table->settings[2].values[0], "0.100");
    closo_arena_free(arena);
    /* as long as EC-Lab writes it */
    static unsigned char large[40000];
    for (size_t v = 1; v < sizeof versions / sizeof *versions; v++) {
        size_t count = columns_of(&s, versions[v], columns);
        spec = spec_of(versions[v], columns, count, &record);
        spec.compact = false;
        spec.averaged_points = 50;
        arena = closo_arena_new(0);
        table = open_sound(large, make_mpr_write(&spec, large, sizeof large), arena);
        double averaged;
        assert_int_equal(table->notes.count, 0);
        assert_int_equal(table->setting_count, 21);
        assert_true(closo_table_number_si(table, "averaged_points", &averaged));
        assert_near(averaged, 50, 0);
        closo_arena_free(arena);
    }
}

/* ---- columns closo does not know ---- */

static const closo_table *open_unknown(closo_arena *arena, const make_mpr_column *columns,
                                       size_t count)
{
    make_mpr_record record;
    unsigned char bytes[FILE_BYTES];
    make_mpr spec = spec_of(11, columns, count, &record);
    return open_sound(bytes, make_mpr_write(&spec, bytes, sizeof bytes), arena);
}

static void test_unknown_columns(void **state)
{
    (void)state;
    sample s;
    fill(&s);
    closo_arena *arena = closo_arena_new(0);
    const make_mpr_type types[] = {MAKE_MPR_F64, MAKE_MPR_F32, MAKE_MPR_U16, MAKE_MPR_U8};
    for (size_t i = 0; i < 4; i++) { /* one: its size follows */
        const make_mpr_column one[] = {{4, MAKE_MPR_F64, s.time_s},
                                       {999, types[i], s.range},
                                       {6, MAKE_MPR_F32, s.potential_V}};
        const closo_table *table = open_unknown(arena, one, 3);
        assert_values(table, "unknown_999", s.range, 0);
        assert_values(table, "Ewe/V", s.potential_V, 0);
        assert_int_equal(closo_table_find_name(table, "unknown_999")->quantity,
                         CLOSO_QUANTITY_OTHER);
        assert_note(table, "column 999 is not known");
    }
    /* two of one size */
    const make_mpr_column two[] = {{4, MAKE_MPR_F64, s.time_s},
                                   {998, MAKE_MPR_F32, s.range},
                                   {6, MAKE_MPR_F32, s.potential_V},
                                   {999, MAKE_MPR_F32, s.control}};
    const closo_table *table = open_unknown(arena, two, 4);
    assert_values(table, "unknown_998", s.range, 0);
    assert_values(table, "Ewe/V", s.potential_V, 0);
    assert_values(table, "unknown_999", s.control, 0);
    /* two of different sizes: what stands before the first and after the last is sure */
    const make_mpr_column mixed[] = {
        {1, MAKE_MPR_FLAG, s.mode},       {4, MAKE_MPR_F64, s.time_s},
        {998, MAKE_MPR_F64, s.range},     {13, MAKE_MPR_F64, s.charge_mAh},
        {999, MAKE_MPR_F32, s.control},   {21, MAKE_MPR_FLAG, s.flag},
        {6, MAKE_MPR_F32, s.potential_V}, {39, MAKE_MPR_U16, s.range}};
    table = open_unknown(arena, mixed, 8);
    assert_values(table, "time/s", s.time_s, 0);
    assert_values(table, "control changes", s.flag, 0);
    assert_values(table, "Ewe/V", s.potential_V, 0);
    assert_values(table, "I Range", s.range, 0);
    assert_null(closo_table_find_name(table, "(Q-Qo)/mA.h"));
    assert_note(table, "column 13 ((Q-Qo)/mA.h) is left out");
    assert_note(table, "column 999 (unknown) is left out");
    closo_arena_free(arena);
}

/* ---- damaged files ---- */

static size_t find_text(const unsigned char *bytes, size_t size, const char *text, size_t from)
{
    for (size_t i = from; i + strlen(text) <= size; i++)
        if (memcmp(bytes + i, text, strlen(text)) == 0)
            return i;
    fail_msg("the file has no '%s'", text);
    return 0;
}

/* Offset of the data of a module, of a file of version 3. */
static size_t data_of(const unsigned char *bytes, size_t size, const char *module)
{
    char text[32];
    snprintf(text, sizeof text, "MODULE%-10s", module);
    return find_text(bytes, size, text, 0) + 57;
}

static void damage_points(unsigned char *bytes, size_t *size)
{
    memset(bytes + data_of(bytes, *size, "VMP data"), 0xff, 4);
}

static void damage_points_less(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP data")] = 7;
}

static void cut_in_row_5(unsigned char *bytes, size_t *size)
{
    *size = data_of(bytes, *size, "VMP data") + 406 + 4 * 49 + 10;
}

static void cut_in_header(unsigned char *bytes, size_t *size)
{
    *size = data_of(bytes, *size, "VMP LOG") - 20;
}

static void cut_in_columns(unsigned char *bytes, size_t *size)
{
    *size = data_of(bytes, *size, "VMP data") + 9;
}

static void damage_set_length(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP Set") - 16 + 1] ^= 0x40;
}

static void damage_data_length(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP data") - 16 + 3] = 0x7f;
}

static void damage_data_version(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP data") - 12] = 2;
}

static void unknown_data_version(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP data") - 12] = 9;
}

static void unknown_technique(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP Set")] = 0xfe;
}

static void unknown_parameters(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP Set") + 0x26e] = 99;
}

static void rename_data(unsigned char *bytes, size_t *size)
{
    memcpy(bytes + data_of(bytes, *size, "VMP data") - 51, "VMP dada", 8);
}

static void rename_log(unsigned char *bytes, size_t *size)
{
    memcpy(bytes + data_of(bytes, *size, "VMP LOG") - 51, "VMP loop", 8);
}

static void append_garbage(unsigned char *bytes, size_t *size)
{
    memset(bytes + *size, 'x', 5);
    *size += 5;
}

static void append_a_second_file(unsigned char *bytes, size_t *size)
{
    unsigned char second[FILE_BYTES];
    const size_t length = make_file(3, second);
    memcpy(bytes + *size, second, length);
    *size += length;
}

static void damage_loops(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP loop") + 8] = 60;
}

static void damage_loop_count(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP loop") + 1] = 60;
}

static void damage_start(unsigned char *bytes, size_t *size)
{
    memset(bytes + data_of(bytes, *size, "VMP LOG") + 0x249, 0xff, 8);
}

static void damage_unit(unsigned char *bytes, size_t *size)
{
    bytes[data_of(bytes, *size, "VMP Set") + 0x260] = 77;
}

static void damage_magic(unsigned char *bytes, size_t *size)
{
    (void)size;
    bytes[3] ^= 1;
}

static void damage_first_mark(unsigned char *bytes, size_t *size)
{
    (void)size;
    bytes[53] ^= 1;
}

/* What is kept, and the note that says what is not. */
static void test_damage_is_told(void **state)
{
    static const struct {
        void (*damage)(unsigned char *bytes, size_t *size);
        size_t rows;
        const char *note;
    } cases[] = {
        {damage_points, ROWS, "12 of 4294967295 announced points are there"},
        {damage_points_less, 7, "follow the 7 announced points"},
        {cut_in_row_5, 4, "4 of 12 announced points are there"},
        {cut_in_row_5, 4, "inside module 'VMP data'"},
        {cut_in_header, ROWS, "inside the head of a module"},
        {cut_in_columns, 0, "the list of columns of module 'VMP data'"},
        {damage_set_length, ROWS, "the length of module 'VMP Set' is damaged"},
        {damage_data_length, ROWS, "the length of module 'VMP data' is damaged"},
        {damage_data_version, ROWS, "says it has version 2 but is written as version 3"},
        {unknown_data_version, ROWS, "says it has version 9 but is written as version 3"},
        {unknown_technique, ROWS, "the technique has number 0xfe"},
        {unknown_parameters, ROWS, "the parameters of this CV are written in a way"},
        {rename_data, 0, "there is no module 'VMP data'"},
        {rename_data, 0, "module 'VMP dada' at byte"},
        {rename_log, ROWS, "there is no module 'VMP LOG'"},
        {rename_log, ROWS, "a second module 'VMP loop'"},
        {append_a_second_file, ROWS, "two files glued: the second begins at byte 0x"},
        {append_garbage, ROWS, "the 5 bytes from byte"},
        {damage_loops, ROWS, "loop 0 ends at point 60, but there are 12 points"},
        {damage_loop_count, ROWS, "announces 15363 boundaries and has 3"},
        {damage_start, ROWS, "is not a date"},
        {damage_unit, ROWS, "battery_capacity at byte"},
        {damage_first_mark, ROWS, "the head of the file is damaged"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[2 * FILE_BYTES];
        closo_arena *arena = closo_arena_new(0);
        size_t size = make_file(3, bytes);
        cases[i].damage(bytes, &size);
        const closo_table *table = open_sound(bytes, size, arena);
        if (table->row_count != cases[i].rows) {
            print_notes(table);
            fail_msg("case %zu (%s): %zu rows, should be %zu", i, cases[i].note, table->row_count,
                     cases[i].rows);
        }
        assert_note(table, cases[i].note);
        /* What was glued behind a sound module does not make its length wrong. */
        if (cases[i].damage == append_a_second_file)
            assert_int_equal(table->notes.count, 1);
        closo_arena_free(arena);
    }
}

static void test_refused(void **state)
{
    (void)state;
    unsigned char bytes[FILE_BYTES];
    closo_error error = {0};
    closo_table *table = NULL;
    closo_arena *arena = closo_arena_new(0);
    size_t size = make_file(3, bytes);
    assert_int_equal(open_bytes(bytes, 52, arena, &table, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "no module follows the head"));
    assert_int_equal(error.byte_offset, 52);
    assert_null(table);
    /* columns that do not add up to the records, and a time that runs backwards when read so */
    size_t data = data_of(bytes, size, "VMP data");
    bytes[data + 5 + 2 * 5] = 8; /* Ns, two bytes, becomes I, four */
    assert_int_equal(open_bytes(bytes, size, arena, &table, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "announces 12 points of 51 bytes"));
    assert_int_equal(error.byte_offset, data);
    /* a flipped bit in the first letters does not hide the file */
    size = make_file(3, bytes);
    damage_magic(bytes, &size);
    assert_int_equal(open_bytes(bytes, size, arena, &table, &error), CLOSO_OK);
    assert_int_equal(table->row_count, ROWS);
    closo_arena_free(arena);
}

/* ---- any damage ---- */

/* Reads all of a table, and checks that what is stored lies in the file. */
static void check_table(const closo_table *table, size_t size)
{
    static double values[FILE_BYTES];
    assert_true(table->row_count <= size);
    for (size_t i = 0; i < table->column_count; i++) {
        const closo_column *column = &table->columns[i];
        assert_true(table->row_count <= 1 || column->stride_bytes > 0);
        if (!column->derived)
            assert_true(table->row_count * column->stride_bytes <= size);
        closo_column_read(column, 0, table->row_count, values);
    }
    for (size_t i = 0; i < table->segment_count; i++)
        assert_true(table->segments[i].first_row + table->segments[i].row_count <=
                    table->row_count);
}

static void try_bytes(const unsigned char *bytes, size_t size)
{
    closo_arena *arena = closo_arena_new((size_t)16 << 20);
    closo_table *table = NULL;
    closo_error error = {0};
    closo_status status = open_bytes(bytes, size, arena, &table, &error);
    if (status == CLOSO_OK)
        check_table(table, size);
    else
        assert_true(status != CLOSO_NOMEM && error.message[0] != '\0');
    closo_arena_free(arena);
}

static void test_any_damage(void **state)
{
    (void)state;
    const clock_t start = clock();
    size_t files = 0;
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        unsigned char bytes[FILE_BYTES];
        const size_t size = make_file(versions[v], bytes);
        for (size_t cut = 0; cut <= size; cut++, files++)
            try_bytes(bytes, cut);
        for (size_t i = 0; i < size; i++) {
            const unsigned char sound = bytes[i];
            const unsigned char written[] = {0x00, 0x7f, 0x80, 0xff};
            for (size_t k = 0; k < 4 + 8; k++, files++) {
                const unsigned flipped = sound ^ 1u << (k < 4 ? 0 : k - 4);
                bytes[i] = (unsigned char)(k < 4 ? written[k] : flipped);
                try_bytes(bytes, size);
            }
            bytes[i] = sound;
        }
    }
    print_message("%zu damaged files in %.1f s\n", files,
                  (double)(clock() - start) / CLOCKS_PER_SEC);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        unsigned char bytes[FILE_BYTES];
        const size_t size = make_file(versions[v], bytes);
        closo_status status = CLOSO_NOMEM;
        size_t allowed = 0;
        for (; status != CLOSO_OK && allowed < 100000; allowed++) {
            closo_arena *arena = closo_arena_new(0);
            closo_table *table = NULL;
            closo_error error = {0};
            closo_arena_fail_after(arena, allowed);
            status = closo_file_open_memory("a.mpr", bytes, size - 1, NULL, arena, &table, &error);
            assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
            if (status == CLOSO_NOMEM)
                assert_null(table);
            closo_arena_free(arena);
        }
        assert_int_equal(status, CLOSO_OK);
        assert_true(allowed > 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions),       cmocka_unit_test(test_metadata_and_settings),
        cmocka_unit_test(test_derived),        cmocka_unit_test(test_impedance),
        cmocka_unit_test(test_other_modules),  cmocka_unit_test(test_unknown_columns),
        cmocka_unit_test(test_damage_is_told), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_any_damage),     cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
