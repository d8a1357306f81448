/* SPDX-License-Identifier: BSD-3-Clause */
/* What the readers make of small files whose content is known, since it was written here. */
#include "text_samples.h"

#include <math.h>

static int set_up(void **state)
{
    *state = closo_arena_new(0);
    return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    closo_arena_free(*state);
    return 0;
}

/* ---- EC-Lab ---- */

static void mpt_is_read(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT);
    assert_string_equal(table->format, "BioLogic .mpt");
    assert_string_equal(table->technique, "CV");
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->column_count, 7);
    assert_near(value_at(table, "time/s", 2), 20, 0);
    assert_near(value_at(table, "Ewe/V", 1), 1.501, 0);
    assert_near(value_at(table, "<I>/mA", 0), -0.001, 0);
    assert_near(value_at(table, "Temperature/°C", 2), 25.2, 0);
    const closo_column *current = closo_table_find(table, CLOSO_QUANTITY_CURRENT_AVERAGE);
    assert_non_null(current);
    assert_string_equal(current->unit, "mA");
    assert_near(current->si_factor, 1e-3, 1e-18);
    assert_int_equal(table->columns[0].quantity, CLOSO_QUANTITY_MODE);
    assert_int_equal(table->columns[4].quantity, CLOSO_QUANTITY_CYCLE);
    assert_int_equal(table->columns[6].quantity, CLOSO_QUANTITY_TEMPERATURE);
    assert_int_equal(table->notes.count, 0);
}

static void mpt_header_becomes_metadata(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT);
    assert_string_equal(closo_table_text(table, "technique"), "Cyclic Voltammetry");
    assert_string_equal(closo_table_text(table, "start_time"), "2024-02-13T09:08:07.250");
    assert_string_equal(closo_table_text(table, "channel"), "3");
    assert_string_equal(closo_table_text(table, "instrument"), "VSP");
    assert_string_equal(closo_table_text(table, "instrument_serial"), "0042");
    assert_string_equal(closo_table_text(table, "software"), "EC-Lab 11.33");
    assert_string_equal(closo_table_text(table, "electrolyte"), "Na2B12H12");
    assert_string_equal(closo_table_text(table, "comments"), "first\nsecond");
    assert_string_equal(closo_table_text(table, "original_file"), "sample_CV_C03.mpr");
    assert_string_equal(closo_table_text(table, "safety_limits"), "Do not start on E overload");
    assert_near(number_si(table, "electrode_area"), 1.131e-4, 1e-18);
    assert_near(number_si(table, "reference_potential"), -2.714, 0);
    assert_near(number_si(table, "control_range_low"), -2.5, 0);
    assert_near(number_si(table, "scan_rate"), 1e-4, 1e-18);
    assert_near(number_si(table, "potential_limit_low"), 1.5, 0);
    assert_near(number_si(table, "potential_limit_high"), 5.5, 0);
    double si;
    assert_false(closo_table_number_si(table, "characteristic_mass", &si)); /* 0.001: not set */
    assert_int_equal(table->setting_count, 6);
    assert_string_equal(table->settings[0].name, "dE/dt");
    assert_string_equal(table->settings[0].values[0], "0.100");
    /* Where it was measured, and by whom, is left out. */
    for (size_t i = 0; i < table->metadatum_count; i++) {
        const char *text = table->metadata[i].text;
        assert_true(text == NULL ||
                    (strstr(text, "192.0.2") == NULL && strstr(text, "somebody") == NULL));
    }
}

static void mpt_with_decimal_commas(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPT_COMMA);
    assert_string_equal(table->technique, "CA");
    assert_int_equal(table->row_count, 3); /* the blank line is none */
    assert_near(value_at(table, "I/mA", 2), 1, 0);
    assert_true(isnan(value_at(table, "I/mA", 1))); /* XXX */
    assert_near(number_si(table, "electrode_area"), 0.5e-4, 1e-18);
    assert_int_equal(table->segment_count, 1);
    assert_int_equal(table->segments[0].row_count, 2);
    assert_int_equal(table->notes.count, 0);
}

static void mpt_without_header(void **state)
{
    closo_table *table = open_text(*state, "EC-Lab ASCII FILE\nNb header lines : 3\n"
                                           "time/s\tEwe/V\tAnalog IN 1/V\t\n1\t2\t3\n4\t5\t6\n");
    assert_int_equal(table->row_count, 2);
    assert_near(value_at(table, "Analog IN 1/V", 1), 6, 0);
    table =
        open_text(*state, "mode\ttime/s\tEcell/V\tI/mA\tNs\n1\t0\t3.5\t1\t0\n1\t1\t3.6\t1\t0\n");
    assert_string_equal(table->format, "BioLogic .mpt");
    assert_int_equal(table->row_count, 2);
    assert_int_equal(table->columns[2].quantity, CLOSO_QUANTITY_POTENTIAL);
}

static void mpt_with_wrong_line_count(void **state)
{
    closo_table *table = open_text(
        *state, "EC-Lab ASCII FILE\nNb header lines : 3\n\nWait\n\ntime/s\tEwe/V\t\n1\t2\n");
    assert_string_equal(table->technique, "WAIT");
    assert_int_equal(table->row_count, 1);
    assert_note(table, "in line 6");
}

static void mpt_variants_mean_the_same(void **state)
{
    static const struct {
        const char *name;
        closo_quantity quantity;
        const char *unit;
    } cases[] = {
        {"<Ewe/V>", CLOSO_QUANTITY_POTENTIAL_AVERAGE, "V"},
        {"<Ewe>/V", CLOSO_QUANTITY_POTENTIAL_AVERAGE, "V"},
        {"Ecell/V", CLOSO_QUANTITY_POTENTIAL, "V"},
        {" Ecell/V", CLOSO_QUANTITY_POTENTIAL_CELL, "V"},
        {"Pwe/W", CLOSO_QUANTITY_POWER, "W"},
        {"control/V/mA", CLOSO_QUANTITY_CONTROL, ""},
        {"control/V", CLOSO_QUANTITY_POTENTIAL_CONTROL, "V"},
        {"Q charge/discharge/mA.h", CLOSO_QUANTITY_CHARGE_HALF_CYCLE, "mA.h"},
        {"Energy we charge/W.h", CLOSO_QUANTITY_ENERGY_CHARGE, "W.h"},
        {"|I|/A", CLOSO_QUANTITY_OTHER, "A"},
        {"ox/red", CLOSO_QUANTITY_FLAG, ""},
        {"|Conductivity|/mS/cm", CLOSO_QUANTITY_OTHER, "mS/cm"},
        {"Phase(Z)/deg", CLOSO_QUANTITY_PHASE, "deg"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\t%s\tmode\t\n1\t2\t3\n",
                 cases[i].name);
        closo_table *table = open_text(*state, text);
        assert_string_equal(table->columns[1].name, cases[i].name);
        assert_string_equal(table->columns[1].unit, cases[i].unit);
        if (table->columns[1].quantity != cases[i].quantity)
            fail_msg("%s is %s", cases[i].name, closo_quantity_name(table->columns[1].quantity));
    }
}

static void mpt_modified_on_the_way(void **state)
{
    closo_table *table = open_text(
        *state,
        "EC-Lab ASCII FILE\nNb header lines : 9\n\nModulo Bat\n\nBattery capacity : 5.700 "
        "mA.h\nModify on : 11/28/2024 21:21\nBattery capacity : 5.452 mA.h\ntime/s\tEwe/V\t\n"
        "1\t2\n");
    assert_near(number_si(table, "battery_capacity"), 5.452 * 3.6, 1e-12);
    assert_note(table, "battery_capacity was changed from 5.7 mA.h to 5.452 mA.h on 11/28/2024");
}

static void mpt_settings_of_several_sequences(void **state)
{
    closo_table *table =
        open_text(*state, "EC-Lab ASCII FILE\nNb header lines : 13\n\n"
                          "Galvanostatic Cycling with Potential Limitation\n\n"
                          "Cycle Definition : Charge/Discharge alternance\n"
                          "Ns                  0                   1                   2\n"
                          "Set I/C             I                   C x N               C / N\n"
                          "Is                  0.000               137.000             -137.000\n"
                          "N                   1.00                2.00                10.00\n"
                          "I sign              > 0                 > 0                 < 0\n"
                          "EM (V)              0.000               0.500               -0.600\n"
                          "time/s\tEwe/V\tdq/mA.h\t\n0\t1\t0\n");
    assert_int_equal(table->setting_count, 6);
    assert_int_equal(table->settings[3].value_count, 3);
    assert_string_equal(table->settings[3].values[2], "10.00");
    assert_near(number_si(table, "potential_limit_low"), -0.6, 0);
    assert_near(number_si(table, "potential_limit_high"), 0.5, 0);
    assert_near(number_si(table, "c_rate"), 2, 0);
    double si;
    /* The currents stand beside C-rates, which overrule them. */
    assert_false(closo_table_number_si(table, "applied_current", &si));
}

static void mps_is_read(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_MPS);
    assert_string_equal(table->format, "BioLogic .mps");
    assert_string_equal(table->technique, "OCV");
    assert_int_equal(table->row_count, 0);
    assert_string_equal(closo_table_text(table, "instrument"), "BCS-815");
    assert_non_null(table->next);
    assert_string_equal(table->next->technique, "GCPL");
    assert_near(number_si(table->next, "c_rate"), 0.1, 1e-15);
    assert_near(number_si(table->next, "potential_limit_high"), 4.2, 0);
    assert_near(number_si(table->next, "potential_limit_low"), 2.5, 0);
    assert_near(number_si(table->next, "battery_capacity"), 720, 1e-9);
    assert_null(table->next->next);
}

/* ---- Gamry ---- */

static void dta_is_read(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_DTA);
    assert_string_equal(table->format, "Gamry .DTA");
    assert_string_equal(table->technique, "CV");
    assert_int_equal(table->row_count, 3);
    assert_near(value_at(table, "Im", 2), -7.5e-6, 0);
    assert_near(value_at(table, "Vf", 0), 0.200054, 0);
    assert_string_equal(word_at(table, "Over", 0), "..........a");
    const closo_column *current = closo_table_find(table, CLOSO_QUANTITY_CURRENT);
    assert_string_equal(current->unit, "A");
    assert_int_equal(table->segment_count, 2);
    assert_string_equal(table->segments[1].name, "CURVE2");
    assert_int_equal(table->segments[1].first_row, 2);
    const closo_column *curve = closo_table_find(table, CLOSO_QUANTITY_LOOP);
    assert_true(curve->derived);
    assert_near(value_at(table, "curve", 0), 1, 0);
    assert_near(value_at(table, "curve", 2), 2, 0);
    assert_note(table, "CURVE1 says that it has 3 points, but 2 are there");
    assert_note(table, "aborted");
    assert_note(table, "no sensor");
    assert_null(closo_table_find(table, CLOSO_QUANTITY_TEMPERATURE));
    /* The open circuit before it has columns of its own. */
    assert_non_null(table->next);
    assert_int_equal(table->next->row_count, 2);
    assert_string_equal(table->next->technique, "OCV");
}

static void dta_header_becomes_metadata(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_DTA);
    assert_string_equal(closo_table_text(table, "start_time"), "2023-04-13T15:26:16");
    assert_string_equal(closo_table_text(table, "comments"), "gold\nin acid");
    assert_near(number_si(table, "scan_rate"), 0.05, 1e-15);
    assert_near(number_si(table, "electrode_area"), 0.25e-4, 1e-18);
    assert_near(number_si(table, "potential_limit_low"), -0.8, 0);
    assert_near(number_si(table, "potential_limit_high"), 0.75, 0);
    assert_near(number_si(table, "open_circuit_potential"), 0.2834, 0);
    assert_true(table->setting_count >= 6);
}

static void dta_impedance(void **state)
{
    closo_table *table =
        open_text(*state, "EXPLAIN\nTAG\tEISPOT\nVDC\tPOTEN\t1.3\tT\tDC\nZCURVE\tTABLE\n"
                          "\tPt\tTime\tFreq\tZreal\tZimag\tZphz\tIdc\tVdc\n"
                          "\t#\ts\tHz\tohm\tohm\t\xb0\tA\tV\n"
                          "\t0\t1\t10000\t224.6\t-3.76\t-0.961\t2.4E-006\t1.299\n"
                          "  1 2 5000\t224.7\t-4.28\t-1.091\t1.8E-006\t1.298\n");
    double si;
    assert_string_equal(table->technique, "PEIS");
    assert_int_equal(table->row_count, 2);
    assert_near(value_at(table, "Zreal", 1), 224.7, 0); /* mended by hand, with blanks */
    assert_int_equal(closo_table_find_name(table, "Zimag")->quantity,
                     CLOSO_QUANTITY_IMPEDANCE_IMAGINARY);
    assert_near(closo_table_find_name(table, "Zphz")->si_factor, 3.14159265358979 / 180, 1e-15);
    assert_false(closo_table_number_si(table, "applied_potential", &si)); /* against open circuit */
}

/* ---- BDF and other text ---- */

static void bdf_is_read(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_BDF);
    assert_string_equal(table->format, "Battery Data Format CSV");
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->columns[0].quantity, CLOSO_QUANTITY_TIME);
    assert_string_equal(table->columns[2].name, "current_ampere");
    assert_string_equal(table->columns[2].unit, "A");
    assert_int_equal(table->columns[5].quantity, CLOSO_QUANTITY_TEMPERATURE);
    assert_true(isnan(value_at(table, "temperature_t1_celsius", 2)));
    assert_note(table, "positive while charging");
    table = open_text(*state, "Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n"
                              "0,3,0.5,1\n1,3.1,0.5,1\n");
    assert_string_equal(table->format, "Battery Data Format CSV");
    assert_int_equal(table->columns[1].quantity, CLOSO_QUANTITY_POTENTIAL);
    assert_int_equal(table->columns[3].quantity, CLOSO_QUANTITY_CYCLE);
}

static void delimited_is_read(void **state)
{
    closo_table *table = open_text(*state, SAMPLE_CSV);
    assert_string_equal(table->format, "delimited text");
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->column_count, 7);
    assert_near(value_at(table, "Voltage(V)", 2), 3.55, 0);
    assert_near(value_at(table, "Current [mA]", 2), -0.25, 0);
    assert_near(value_at(table, "Total Time", 2), 70, 0);
    assert_int_equal(closo_table_find_name(table, "Total Time")->quantity, CLOSO_QUANTITY_TIME);
    assert_string_equal(word_at(table, "Step Type", 2), "CC_DChg");
    assert_string_equal(word_at(table, "Note", 0), "a;b");
    assert_string_equal(word_at(table, "Note", 1), "say \"no\"");
    /* 2024-05-27 is day 19870 of the Unix calendar (date -d 2024-05-27 +%s gives 1716768000). */
    assert_near(value_at(table, "Date", 0), 1716768000.0 + 36000, 0);
    assert_near(number_si(table, "active_mass"), 12.5e-6, 1e-18);
    assert_note(table, "time zone");
}

static void delimited_names_and_units(void **state)
{
    static const struct {
        const char *name;
        closo_quantity quantity;
        double factor;
    } cases[] = {
        {"I/mA", CLOSO_QUANTITY_CURRENT, 1e-3},
        {"Current(uA)", CLOSO_QUANTITY_CURRENT, 1e-6},
        {"Voltage / V", CLOSO_QUANTITY_POTENTIAL, 1},
        {"Ewe [V]", CLOSO_QUANTITY_POTENTIAL, 1},
        {"U[V]", CLOSO_QUANTITY_POTENTIAL, 1},
        {"Voltage(mV)", CLOSO_QUANTITY_POTENTIAL, 1e-3},
        {"Potential (V)", CLOSO_QUANTITY_POTENTIAL, 1},
        {"voltage_V", CLOSO_QUANTITY_POTENTIAL, 1},
        {"Test (Min)", CLOSO_QUANTITY_TIME, 60},
        {"Step (Sec)", CLOSO_QUANTITY_STEP_TIME, 1},
        {"Run Time (h)", CLOSO_QUANTITY_TIME, 3600},
        {"Amp-hr", CLOSO_QUANTITY_CAPACITY, 3600},
        {"Chg. Cap.(mAh)", CLOSO_QUANTITY_CAPACITY_CHARGE, 3.6},
        {"Capacity(mAs)", CLOSO_QUANTITY_CAPACITY, 1e-3},
        {"Discharge_Capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, 3600},
        {"Cycle Index", CLOSO_QUANTITY_CYCLE, 1},
        {"T/K", CLOSO_QUANTITY_TEMPERATURE, 1},
        {"temperature_1_C", CLOSO_QUANTITY_TEMPERATURE, 1},
        {"freq/Hz", CLOSO_QUANTITY_FREQUENCY, 1},
        {"-Z'' (kOhm)", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, 1e3},
        {"Z'/ohm", CLOSO_QUANTITY_IMPEDANCE_REAL, 1},
        {"j/mA/cm2", CLOSO_QUANTITY_OTHER, 10},
        {"dQ/dV (Ah/V)", CLOSO_QUANTITY_OTHER, 3600},
        {"Voltage(A)", CLOSO_QUANTITY_OTHER, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s;n;extra\n1;2;3\n4;5;6\n", cases[i].name);
        closo_table *table = open_text(*state, text);
        const closo_column *column = &table->columns[0];
        if (column->quantity != cases[i].quantity)
            fail_msg("%s is %s", cases[i].name, closo_quantity_name(column->quantity));
        assert_near(column->si_factor, cases[i].factor, 1e-12 * cases[i].factor);
        assert_string_equal(column->name, cases[i].name);
    }
}

static void delimited_dialects(void **state)
{
    /* The same three points; each must give 1.5, 2.5, 3.5 in the second column. */
    static const char *const texts[] = {
        "t/s,U/V\n1,1.5\n2,2.5\n3,3.5\n",
        "t/s;U/V\r\n1;1,5\r\n2;2,5\r\n3;3,5\r\n",
        "t/s\tU/V\n1\t1,5\n2\t2,5\n3\t3,5\n",
        "t/s|U/V\n1|1.5\n2|2.5\n3|3.5\n",
        "t/s   U/V\n  1   1.5\n  2   2.5\n  3   3.5\n",
        "t/s,U/V\r1,1.5\r2,2.5\r3,3.5\r",
        "\"t/s\",\"U/V\"\n\"1\",\"1.5\"\n\"2\",\"2.5\"\n\"3\",\"3.5\"\n",
        "\"t/s\",\"U/V\"\n1,\"1,5\"\n2,\"2,5\"\n3,\"3,5\"\n",
        "\xef\xbb\xbft/s,U/V\n1,1.5\n2,2.5\n3,3.5\n",
        "# made by hand\n# t/s, U/V\n1, 1.5\n2, 2.5\n3, 3.5\n",
        "t,U\ns,V\n1,1.5\n2,2.5\n3,3.5\n",
        "t,U\n[s],[V]\n1,1.5\n2,2.5\n3,3.5\n",
        "a report\nof 2 lines\n\nt/s,U/V,\n1,1.5,\n2,2.5,\n3,3.5,\n",
        "t/s,U/V\n1,1.5\n\n2,2.5\nt/s,U/V\n3,3.5",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        closo_table *table = open_text(*state, texts[i]);
        if (table->row_count != 3 || table->column_count != 2)
            fail_msg("text %zu has %zu rows of %zu columns", i, table->row_count,
                     table->column_count);
        const closo_column *column = closo_table_find(table, CLOSO_QUANTITY_POTENTIAL);
        assert_non_null(column);
        for (size_t row = 0; row < 3; row++) {
            double value;
            closo_column_read_si(column, row, 1, &value);
            assert_near(value, 1.5 + (double)row, 0);
        }
    }
}

/* As CH Instruments writes it. */
static void equals_signs_in_the_head(void **state)
{
    closo_table *table =
        open_text(*state, "June 16, 2017   14:25:04\r\nCyclic Voltammetry\r\nInstrument Model:  "
                          "CHI660E\r\n\r\nInit E (V) = 0.2\r\nScan Rate (V/s) = 0.1\r\n\r\n"
                          "Potential/V, Current/A\r\n\r\n-0.200, -1.5e-5\r\n-0.199, 1.5e-5\r\n");
    assert_int_equal(table->row_count, 2);
    assert_near(value_at(table, "Current/A", 1), 1.5e-5, 0);
    assert_near(number_si(table, "scan_rate"), 0.1, 0);
    assert_note(table, "check the sign");
}

static void rows_of_one_number(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA\n,2,\n4,,\n7,8,9\n");
    assert_int_equal(table->row_count, 3);
    assert_true(isnan(value_at(table, "time/s", 0)));
    assert_near(value_at(table, "Ewe/V", 0), 2, 0);
}

static void utf16_is_read(void **state)
{
    static const char text[] = "t/s,U/V\n1,1.5\n2,2.5\n";
    char wide[2 * sizeof text] = "\xff\xfe";
    size_t size = 2;
    for (const char *c = text; *c != '\0'; c++, size += 2)
        wide[size] = *c;
    closo_table *table = NULL;
    assert_int_equal(open_bytes("wide", wide, size, *state, &table, NULL), CLOSO_OK);
    assert_int_equal(table->row_count, 2);
}

/* ---- what is odd is kept and told ---- */

static void odd_rows_are_noted(void **state)
{
    closo_table *table = open_text(*state, "time/s,Ewe/V,I/mA\n1,2,3\n4,oops,6\n7,8\n9,10,11,12\n"
                                           "13,14,inf\n15,N/A,16\n");
    assert_int_equal(table->row_count, 6);
    assert_true(isnan(value_at(table, "Ewe/V", 1)));
    assert_near(value_at(table, "I/mA", 1), 6, 0);
    assert_true(isnan(value_at(table, "I/mA", 2)));
    assert_near(value_at(table, "Ewe/V", 2), 8, 0);
    assert_near(value_at(table, "I/mA", 3), 11, 0);
    assert_true(isnan(value_at(table, "Ewe/V", 5)));
    assert_note(table, "'oops' in line 3 is not a number (column 'Ewe/V')");
    assert_note(table, "line 4 has 2 fields in place of 3");
    assert_note(table, "line 5 has more than 3 fields");
    assert_note(table, "infinite values, the first in line 6");
}

static void cut_files_are_saved(void **state)
{
    /* SAMPLE_MPT ends without a line end, as EC-Lab's files do. */
    char text[sizeof SAMPLE_MPT] = SAMPLE_MPT;
    closo_table *table = open_text(*state, text);
    assert_false(has_note(table, "cut short"));
    text[strlen(text) - 2] = '\0'; /* "2.5200000E+0" */
    table = open_text(*state, text);
    assert_int_equal(table->row_count, 3);
    assert_true(isnan(value_at(table, "Temperature/°C", 2)));
    assert_near(value_at(table, "(Q-Qo)/C", 2), 5.5e-5, 0);
    assert_note(table, "the last, is cut short");
    *strrchr(text, '\t') = '\0';
    table = open_text(*state, text);
    assert_true(isnan(value_at(table, "(Q-Qo)/C", 2))); /* may have been longer */
    assert_near(value_at(table, "cycle number", 2), 2, 0);
}

static void repeated_names_are_kept(void **state)
{
    closo_table *table =
        open_text(*state, "EC-Lab ASCII FILE\nNb header lines : 3\n"
                          "time/s\t(Q-Qo)/C\t(Q-Qo)/mA.h\t(Q-Qo)/C\t\n1\t2\t3\t4\n");
    assert_int_equal(table->column_count, 4);
    double last;
    closo_column_read(&table->columns[3], 0, 1, &last);
    assert_near(last, 4, 0);
}

static void magnitudes_are_told(void **state)
{
    closo_table *table =
        open_text(*state, "Rec#\tTest (Sec)\tAmps\tVolts\tState\n1\t0\t0\t3\tR\n2\t1\t0.5\t3.1\tC\n"
                          "3\t2\t0.5\t3\tD\n");
    assert_string_equal(table->format, "Maccor text");
    assert_note(table, "its sign is made from the words of column 'State'");
    assert_string_equal(word_at(table, "State", 2), "D");
    assert_near(value_at(table, "Amps", 2), 0.5, 0);
    assert_near(value_at(table, "signed current/A", 2), -0.5, 0);
    /* A program nobody knows: told, not mended. */
    table = open_text(*state, "t/s\tI/A\tU/V\tdoes\n1\t0\t3\tR\n2\t0.5\t3.1\tC\n3\t0.5\t3\tD\n");
    assert_string_equal(table->format, "delimited text");
    assert_note(table, "without a sign");
}

static void unnamed_columns_are_kept(void **state)
{
    closo_table *table = open_text(*state, "time/s,U/V\n1,2,7\n2,3,8\n3,4,9\n");
    assert_int_equal(table->column_count, 3);
    assert_near(value_at(table, "column 3", 2), 9, 0);
}

/* ---- refusals ---- */

static void wrong_files_are_refused(void **state)
{
#define CASE(bytes, status, says)             \
    {                                         \
        bytes, sizeof bytes - 1, status, says \
    }
    static const struct {
        const char *bytes;
        size_t size;
        closo_status status;
        const char *says;
    } cases[] = {
        CASE("", CLOSO_FORMAT, "the file is empty"),
        CASE("PK\x03\x04....xl/worksheets/sheet1.xml", CLOSO_UNSUPPORTED, "Excel workbook"),
        CASE("PK\x03\x04..........................data.ndc", CLOSO_FORMAT, "cut or damaged"),
        CASE("PK\x03\x04....a.txt", CLOSO_UNSUPPORTED, "zip archive; unpack it first"),
        CASE("NEWARE\x01\x02", CLOSO_FORMAT, "ends within its head"),
        CASE("\0\1\0\0Standard Jet DB\0\1\0\0\0\0", CLOSO_FORMAT, "first pages"),
        CASE("\x1f\x8b\x08\0\0", CLOSO_FORMAT, "nothing that can be unpacked"),
        CASE("\x1f\x8b\x00\0\0", CLOSO_UNSUPPORTED, "gunzip"),
        CASE("%PDF-1.4", CLOSO_UNSUPPORTED, "PDF"),
        CASE("\x89PNG\r\n\x1a\n", CLOSO_UNSUPPORTED, "image"),
        CASE("\x89HDF\r\n\x1a\n", CLOSO_UNSUPPORTED, "HDF5"),
        CASE("MZ\x90\0\3\0\0\0", CLOSO_UNSUPPORTED, "Windows program"),
        CASE("<?xml version=\"1.0\"?><a/>", CLOSO_UNSUPPORTED, "XML"),
        CASE("<!DOCTYPE html><html></html>", CLOSO_UNSUPPORTED, "download the file itself"),
        CASE("{\"time\": [1, 2]}", CLOSO_UNSUPPORTED, "JSON"),
        CASE("version https://git-lfs.github.com/spec/v1\n", CLOSO_UNSUPPORTED, "git lfs pull"),
        CASE("\0\0\0\0\0\0\0\0\1\2\3\4", CLOSO_UNSUPPORTED, "binary file"),
        CASE("a letter\nto nobody\n", CLOSO_FORMAT, "finds no table in it"),
        CASE("1,2,3\n4,5,6\n7,8,9\n", CLOSO_FORMAT, "no line above them that names the columns"),
        CASE("EC-Lab ASCII FILE\nNb header lines : 20\n\nCV\n", CLOSO_FORMAT,
             "no line with the names"),
        CASE("EC-LAB SETTING FILE\n", CLOSO_FORMAT, "names no technique"),
        CASE("EXPLAIN\nTAG\tCV\nSCANRATE\tQUANT\t50\tx\n", CLOSO_FORMAT,
             "without a table of points"),
        CASE("EXPLAIN\nTAG\tCV\nCURVE\tTABLE\t5\n", CLOSO_FORMAT, "no line with the names"),
        CASE("test_time_second,voltage_volt\n", CLOSO_FORMAT, "no table in it"),
    };
#undef CASE
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_table *table = NULL;
        closo_error error = {0};
        closo_status status =
            open_bytes("wrong", cases[i].bytes, cases[i].size, *state, &table, &error);
        if (status != cases[i].status || strstr(error.message, cases[i].says) == NULL)
            fail_msg("case %zu: status %d, '%s'", i, (int)status, error.message);
        assert_null(table);
        assert_string_equal(error.file, "wrong");
    }
}

static void folders_and_missing_files_are_refused(void **state)
{
    closo_table *table = NULL;
    closo_error error = {0};
    assert_int_equal(closo_file_open(CLOSO_SOURCE_DIR, NULL, *state, &table, &error), CLOSO_IO);
    assert_non_null(strstr(error.message, "folder"));
    assert_int_equal(closo_file_open("/no/such/file", NULL, *state, &table, &error), CLOSO_IO);
    assert_non_null(strstr(error.message, "no such file"));
    const closo_read_options small = {.max_bytes = 10};
    assert_int_equal(
        closo_file_open_memory("big", "0123456789abcdef", 16, &small, *state, &table, &error),
        CLOSO_LIMIT);
}

/* A header of many names over rows of few fields would take memory without end. */
static void holes_do_not_take_memory(void **state)
{
    const size_t names = 4000, rows = 20000;
    char *text = malloc(names * 2 + rows * 4 + 16), *end = text;
    assert_non_null(text);
    for (size_t i = 0; i < names; i++, end += 2)
        memcpy(end, "a,", 2);
    memcpy(end, "b\n", 2);
    end += 2;
    for (size_t i = 0; i < rows; i++, end += 4)
        memcpy(end, "1,2\n", 4);
    closo_table *table = NULL;
    closo_error error = {0};
    closo_status status = open_bytes("holes", text, (size_t)(end - text), *state, &table, &error);
    free(text);
    assert_int_equal(status, CLOSO_FORMAT);
    assert_true(closo_arena_used(*state) < 50u << 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(mpt_is_read),
        TEST(mpt_header_becomes_metadata),
        TEST(mpt_with_decimal_commas),
        TEST(mpt_without_header),
        TEST(mpt_with_wrong_line_count),
        TEST(mpt_variants_mean_the_same),
        TEST(mpt_modified_on_the_way),
        TEST(mpt_settings_of_several_sequences),
        TEST(mps_is_read),
        TEST(dta_is_read),
        TEST(dta_header_becomes_metadata),
        TEST(dta_impedance),
        TEST(bdf_is_read),
        TEST(delimited_is_read),
        TEST(delimited_names_and_units),
        TEST(delimited_dialects),
        TEST(equals_signs_in_the_head),
        TEST(rows_of_one_number),
        TEST(utf16_is_read),
        TEST(odd_rows_are_noted),
        TEST(cut_files_are_saved),
        TEST(repeated_names_are_kept),
        TEST(magnitudes_are_told),
        TEST(unnamed_columns_are_kept),
        TEST(wrong_files_are_refused),
        TEST(folders_and_missing_files_are_refused),
        TEST(holes_do_not_take_memory),
    };
    return cmocka_run_group_tests_name("text readers", tests, NULL, NULL);
}
