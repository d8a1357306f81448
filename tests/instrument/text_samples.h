/* SPDX-License-Identifier: BSD-3-Clause */
/* text_samples.h: small files of each text format, made up for the tests. */
#ifndef CLOSO_TEST_TEXT_SAMPLES_H
#define CLOSO_TEST_TEXT_SAMPLES_H

#include "support.h"

#include "closo/instrument.h"

#include <stdlib.h>
#include <string.h>

/* A cyclic voltammogram in Windows-1252 with CRLF; two loops; the header's 0.001 g is EC-Lab's "not set". */
#define SAMPLE_MPT                                                                            \
    "EC-Lab ASCII FILE\r\n"                                                                   \
    "Nb header lines : 33                          \r\n"                                      \
    "\r\n"                                                                                    \
    "Cyclic Voltammetry\r\n"                                                                  \
    "\r\n"                                                                                    \
    "Run on channel : 3 (SN 1234)\r\n"                                                        \
    "User : \r\n"                                                                             \
    "Ewe ctrl range : min = -2.50 V, max = 5.00 V\r\n"                                        \
    "Safety Limits :\r\n"                                                                     \
    "\tDo not start on E overload\r\n"                                                        \
    "Acquisition started on : 02/13/2024 09:08:07.250\r\n"                                    \
    "Saved on :\r\n"                                                                          \
    "\tFile : sample_CV_C03.mpr\r\n"                                                          \
    "\tDirectory : C:\\Users\\somebody\\\r\n"                                                 \
    "\tHost : 192.0.2.17\r\n"                                                                 \
    "Device : VSP (SN 0042)\r\n"                                                              \
    "Address : 192.0.2.18\r\n"                                                                \
    "EC-Lab for windows v11.33 (software)\r\n"                                                \
    "Electrolyte : Na2B12H12\r\n"                                                             \
    "Comments : first\r\n"                                                                    \
    "Comments : second\r\n"                                                                   \
    "Reference electrode : Na (-2.714 V)\r\n"                                                 \
    "Electrode surface area : 1.131 cm\xb2\r\n"                                               \
    "Characteristic mass : 0.001 g\r\n"                                                       \
    "Cycle Definition : Charge/Discharge alternance\r\n"                                      \
    "dE/dt               0.100               \r\n"                                            \
    "dE/dt unit          mV/s                \r\n"                                            \
    "E1 (V)              1.500               \r\n"                                            \
    "vs.                 Ref                 \r\n"                                            \
    "E2 (V)              5.500               \r\n"                                            \
    "vs.                 Ref                 \r\n"                                            \
    "\r\n"                                                                                    \
    "mode\ttime/s\tEwe/V\t<I>/mA\tcycle number\t(Q-Qo)/C\tTemperature/\xb0"                   \
    "C\t\r\n"                                                                                 \
    "2\t0.000000000000000E+000\t1.5000000E+000\t-1.000000000000000E-003\t1.000000000000000E+" \
    "000\t0.0000000E+000\t2.5000000E+001\r\n"                                                 \
    "2\t1.000000000000000E+001\t1.5010000E+000\t2.000000000000000E-003\t1.000000000000000E+"  \
    "000\t2.0000000E-005\t2.5100000E+001\r\n"                                                 \
    "2\t2.000000000000000E+001\t1.5020000E+000\t3.500000000000000E-003\t2.000000000000000E+"  \
    "000\t5.5000000E-005\t2.5200000E+001"

#define SAMPLE_MPT_COMMA                                       \
    "EC-Lab ASCII FILE\n"                                      \
    "Nb header lines : 9\n"                                    \
    "\n"                                                       \
    "Chronoamperometry / Chronocoulometry\n"                   \
    "\n"                                                       \
    "Electrode surface area : 0,500 cm\xef\xbf\xbd\n"          \
    "Number of loops : 2\n"                                    \
    "Loop 0 from point number 0 to 1\n"                        \
    "time/s\tI/mA\tEwe/V\t\n"                                  \
    "0,000000000000000E+000\t2,0000000E+000\t1,2500000E+000\n" \
    "1,000000000000000E+000\tXXX\t1,2500000E+000\n"            \
    "\n"                                                       \
    "2,000000000000000E+000\t1,0000000E+000\t1,2500000E+000\n"

#define SAMPLE_MPS                                                     \
    "BT-LAB SETTING FILE\r\n"                                          \
    "\r\n"                                                             \
    "Number of linked techniques : 2\r\n"                              \
    "\r\n"                                                             \
    "Device : BCS-815\r\n"                                             \
    "Ecell ctrl range : min = 0.00 V, max = 9.00 V\r\n"                \
    "Battery capacity : 200.000 mA.h\r\n"                              \
    "\r\n"                                                             \
    "Technique : 1\r\n"                                                \
    "Open Circuit Voltage\r\n"                                         \
    "tR (h:m:s)          1:00:0.0000         \r\n"                     \
    "\r\n"                                                             \
    "Technique : 2\r\n"                                                \
    "Galvanostatic Cycling with Potential Limitation\r\n"              \
    "Ns                  0                   1                   \r\n" \
    "Set I/C             C / N               C / N               \r\n" \
    "N                   10.00               10.00               \r\n" \
    "I sign              > 0                 < 0                 \r\n" \
    "EM (V)              4.200               2.500               \r\n"

#define SAMPLE_DTA                                                                       \
    "EXPLAIN\r\n"                                                                        \
    "TAG\tCV\r\n"                                                                        \
    "TITLE\tLABEL\tCyclic Voltammetry\tTest &Identifier\r\n"                             \
    "DATE\tLABEL\t13.4.2023\tDate\r\n"                                                   \
    "TIME\tLABEL\t15:26:16\tTime\r\n"                                                    \
    "NOTES\tNOTES\t2\t&Notes...\r\n"                                                     \
    "\tgold\r\n"                                                                         \
    "\tin acid\r\n"                                                                      \
    "PSTAT\tPSTAT\tREF600-1\tPotentiostat\r\n"                                           \
    "VLIMIT1\tPOTEN\t7,50000E-001\tF\tScan Limit &1 (V)\r\n"                             \
    "VLIMIT2\tPOTEN\t-8,00000E-001\tF\tScan Limit &2 (V)\r\n"                            \
    "SCANRATE\tQUANT\t5,00000E+001\t&Scan Rate (mV/s)\r\n"                               \
    "AREA\tQUANT\t2,50000E-001\tElectrode &Area (cm^2)\r\n"                              \
    "CONDIT\tTWOPARAM\tF\t1,00000E+001\t-5,00000E-001\tConditionin&g\tTime(s)\tE(V)\r\n" \
    "OCVCURVE\tTABLE\t2\r\n"                                                             \
    "\tPt\tT\tVf\tOver\r\n"                                                              \
    "\t#\ts\tV vs. Ref.\tbits\r\n"                                                       \
    "\t0\t0,25\t2,83470E-001\t...........\r\n"                                           \
    "\t1\t0,5\t2,83480E-001\t...........\r\n"                                            \
    "EOC\tQUANT\t0,2834\tOpen Circuit (V)\r\n"                                           \
    "EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\r\n"                               \
    "CURVE1\tTABLE\t3\r\n"                                                               \
    "\tPt\tT\tVf\tIm\tOver\tTemp\r\n"                                                    \
    "\t#\ts\tV vs. Ref.\tA\tbits\tdeg C\r\n"                                             \
    "\t0\t0,06\t2,00054E-001\t1,72821E-005\t..........a\t-327,75\r\n"                    \
    "\t1\t0,12\t1,97170E-001\t1,04547E-005\t...........\t-327,75\r\n"                    \
    "CURVE2\tTABLE\t1\r\n"                                                               \
    "\tPt\tT\tVf\tIm\tOver\tTemp\r\n"                                                    \
    "\t#\ts\tV vs. Ref.\tA\tbits\tdeg C\r\n"                                             \
    "\t2\t0,18\t1,94145E-001\t-7,5E-006\t...........\t-327,75\r\n"

#define SAMPLE_BDF                                                                              \
    "test_time_second,voltage_volt,current_ampere,cycle_count,step_id,temperature_t1_celsius\n" \
    "0,3.5,0.001,1,7,25\n"                                                                      \
    "60,3.6,0.001,1,7,25.5\n"                                                                   \
    "120,3.55,-0.002,2,8,\n"

/* A cycler's CSV: a head, decimal commas, words, dates, times of day. */
#define SAMPLE_CSV                                                       \
    "Test: \"one\"\n"                                                    \
    "Mass (mg): 12.5\n"                                                  \
    "\n"                                                                 \
    "Index;Date;Total Time;Voltage(V);Current [mA];Step Type;Note\n"     \
    "1;27.05.2024 10:00:00;00:00:00;3,5;0,5;CC_Chg;\"a;b\"\n"            \
    "2;27.05.2024 10:00:10;00:00:10;3,6;0,5;CC_Chg;\"say \"\"no\"\"\"\n" \
    "3;27.05.2024 10:01:10;00:01:10;3,55;-0,25;CC_DChg;c\n"

/* ---- opening ---- */

static inline closo_status open_bytes(const char *name, const void *bytes, size_t size,
                                      closo_arena *arena, closo_table **table, closo_error *error)
{
    /* A copy of exactly its size, and the 0 that the contract asks for. */
    char *copy = calloc(size + 1, 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    char *kept = closo_arena_alloc(arena, size + 1, 1);
    assert_non_null(kept);
    memcpy(kept, copy, size + 1);
    free(copy);
    return closo_file_open_memory(name, kept, size, NULL, arena, table, error);
}

static inline closo_table *open_text(closo_arena *arena, const char *text)
{
    closo_table *table = NULL;
    closo_error error = {0};
    if (open_bytes("sample", text, strlen(text), arena, &table, &error) != CLOSO_OK)
        fail_msg("not read: %s", error.message);
    return table;
}

static inline double value_at(const closo_table *table, const char *name, size_t row)
{
    double value;
    const closo_column *column = closo_table_find_name(table, name);
    if (column == NULL)
        fail_msg("there is no column '%s'", name);
    assert_true(row < table->row_count);
    closo_column_read(column, row, 1, &value);
    return value;
}

static inline const char *word_at(const closo_table *table, const char *name, size_t row)
{
    const closo_column *column = closo_table_find_name(table, name);
    double value = value_at(table, name, row);
    assert_non_null(column->labels);
    assert_true(value >= 0 && value < (double)column->label_count);
    return column->labels[(size_t)value];
}

static inline bool has_note(const closo_table *table, const char *words)
{
    for (size_t i = 0; i < table->notes.count; i++)
        if (strstr(table->notes.texts[i], words) != NULL)
            return true;
    return false;
}

static inline void assert_note(const closo_table *table, const char *words)
{
    if (has_note(table, words))
        return;
    for (size_t i = 0; i < table->notes.count; i++)
        print_message("note: %s\n", table->notes.texts[i]);
    fail_msg("no note says '%s'", words);
}

static inline double number_si(const closo_table *table, const char *key)
{
    double si = 0;
    if (!closo_table_number_si(table, key, &si))
        fail_msg("there is no number '%s'", key);
    return si;
}

#endif
