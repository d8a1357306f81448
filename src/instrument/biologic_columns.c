/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_columns.c: what EC-Lab's columns are called, how they are stored and what they mean. One table for .mpr (by
 * number) and for .mpt (by name). Evidence for each number: FORMAT-biologic.md. */
#include "biologic_internal.h"

#include <string.h>

/* Columns that are stored, by their 16-bit number, in increasing order. */
static const struct {
    uint16_t id;
    uint8_t storage;
    uint8_t quantity;
    const char *name;
} stored[] = {
#define F32 CLOSO_STORE_F32
#define F64 CLOSO_STORE_F64
#define U8  CLOSO_STORE_U8
#define U16 CLOSO_STORE_U16
#define U32 CLOSO_STORE_U32
#define C(id, storage, name, quantity)               \
    {                                                \
        id, storage, CLOSO_QUANTITY_##quantity, name \
    }
    /* clang-format off */
    C(4, F64, "time/s", TIME),
    C(5, F32, "control/V/mA", CONTROL),
    C(6, F32, "Ewe/V", POTENTIAL),
    C(7, F64, "dq/mA.h", CHARGE_INCREMENT),
    C(8, F32, "I/mA", CURRENT),
    C(9, F32, "Ece/V", POTENTIAL_COUNTER),
    C(11, F64, "<I>/mA", CURRENT_AVERAGE),
    C(13, F64, "(Q-Qo)/mA.h", CHARGE),
    C(16, F32, "Analog IN 1/V", OTHER),
    C(17, F32, "Analog IN 2/V", OTHER),
    C(19, F32, "control/V", POTENTIAL_CONTROL),
    C(20, F32, "control/mA", CURRENT_CONTROL),
    C(23, F64, "dQ/mA.h", CHARGE_STEP),
    C(24, F64, "cycle number", CYCLE),
    C(26, F32, "Rapp/Ohm", RESISTANCE),
    C(27, F32, "Ewe-Ece/V", POTENTIAL_CELL),
    C(32, F32, "freq/Hz", FREQUENCY),
    C(33, F32, "|Ewe|/V", OTHER),
    C(34, F32, "|I|/A", OTHER),
    C(35, F32, "Phase(Z)/deg", PHASE),
    C(36, F32, "|Z|/Ohm", IMPEDANCE_MODULUS),
    C(37, F32, "Re(Z)/Ohm", IMPEDANCE_REAL),
    C(38, F32, "-Im(Z)/Ohm", IMPEDANCE_MINUS_IMAGINARY),
    C(39, U16, "I Range", RANGE),
    C(69, F32, "R/Ohm", RESISTANCE),
    C(70, F32, "P/W", POWER),
    C(74, F64, "|Energy|/W.h", ENERGY),
    C(75, F32, "Analog OUT/V", OTHER),
    C(76, F32, "<I>/mA", CURRENT_AVERAGE),
    C(77, F32, "<Ewe>/V", POTENTIAL_AVERAGE),
    C(78, F32, "Cs-2/µF-2", OTHER),
    C(96, F32, "|Ece|/V", OTHER),
    C(98, F32, "Phase(Zce)/deg", OTHER),
    C(99, F32, "|Zce|/Ohm", OTHER),
    C(100, F32, "Re(Zce)/Ohm", OTHER),
    C(101, F32, "-Im(Zce)/Ohm", OTHER),
    C(123, F64, "Energy charge/W.h", ENERGY_CHARGE),
    C(124, F64, "Energy discharge/W.h", ENERGY_DISCHARGE),
    C(125, F64, "Capacitance charge/µF", CAPACITANCE),
    C(126, F64, "Capacitance discharge/µF", CAPACITANCE),
    C(131, U16, "Ns", STEP),
    C(163, F32, "|Estack|/V", OTHER),
    C(168, F32, "Rcmp/Ohm", RESISTANCE),
    C(169, F32, "Cs/µF", CAPACITANCE),
    C(172, F32, "Cp/µF", CAPACITANCE),
    C(173, F32, "Cp-2/µF-2", OTHER),
    C(174, F32, "<Ewe>/V", POTENTIAL_AVERAGE),
    C(242, F32, "|E2|/V", OTHER),
    C(271, F32, "Phase(Z1)/deg", OTHER),
    C(272, F32, "Phase(Z2) / deg", OTHER),
    C(301, F32, "|Z1|/Ohm", OTHER),
    C(302, F32, "|Z2|/Ohm", OTHER),
    C(331, F32, "Re(Z1)/Ohm", OTHER),
    C(332, F32, "Re(Z2)/Ohm", OTHER),
    C(361, F32, "-Im(Z1)/Ohm", OTHER),
    C(362, F32, "-Im(Z2)/Ohm", OTHER),
    C(391, F32, "<E1>/V", OTHER),
    C(392, F32, "<E2>/V", OTHER),
    C(422, F32, "Phase(Zstack)/deg", OTHER),
    C(423, F32, "|Zstack|/Ohm", OTHER),
    C(424, F32, "Re(Zstack)/Ohm", OTHER),
    C(425, F32, "-Im(Zstack)/Ohm", OTHER),
    C(426, F32, "<Estack>/V", OTHER),
    C(430, F32, "Phase(Zwe-ce)/deg", OTHER),
    C(431, F32, "|Zwe-ce|/Ohm", OTHER),
    C(432, F32, "Re(Zwe-ce)/Ohm", OTHER),
    C(433, F32, "-Im(Zwe-ce)/Ohm", OTHER),
    C(434, F32, "(Q-Qo)/C", CHARGE),
    C(435, F32, "dQ/C", CHARGE_STEP),
    C(438, F64, "step time/s", STEP_TIME),
    C(441, F32, "<Ece>/V", POTENTIAL_COUNTER),
    C(462, F32, "Temperature/°C", TEMPERATURE),
    C(467, F64, "Q charge/discharge/mA.h", CHARGE_HALF_CYCLE),
    C(468, U32, "half cycle", HALF_CYCLE),
    C(469, U32, "z cycle", LOOP),
    C(471, F32, "<Ece>/V", POTENTIAL_COUNTER),
    C(473, F32, "THD Ewe/%", OTHER),
    C(474, F32, "THD I/%", OTHER),
    C(475, F32, "THD Ece/%", OTHER),
    C(476, F32, "NSD Ewe/%", OTHER),
    C(477, F32, "NSD I/%", OTHER),
    C(478, F32, "NSD Ece/%", OTHER),
    C(479, F32, "NSR Ewe/%", OTHER),
    C(480, F32, "NSR I/%", OTHER),
    C(481, F32, "NSR Ece/%", OTHER),
    C(486, F32, "|Ewe h2|/V", OTHER),
    C(487, F32, "|Ewe h3|/V", OTHER),
    C(488, F32, "|Ewe h4|/V", OTHER),
    C(489, F32, "|Ewe h5|/V", OTHER),
    C(490, F32, "|Ewe h6|/V", OTHER),
    C(491, F32, "|Ewe h7|/V", OTHER),
    C(492, F32, "|I h2|/A", OTHER),
    C(493, F32, "|I h3|/A", OTHER),
    C(494, F32, "|I h4|/A", OTHER),
    C(495, F32, "|I h5|/A", OTHER),
    C(496, F32, "|I h6|/A", OTHER),
    C(497, F32, "|I h7|/A", OTHER),
    C(498, F64, "Q charge/mA.h", CAPACITY_CHARGE),
    C(499, F64, "Q discharge/mA.h", CAPACITY_DISCHARGE),
    C(500, F64, "step time/s", STEP_TIME),
    C(501, F64, "Efficiency/%", EFFICIENCY),
    C(502, F64, "Capacity/mA.h", CAPACITY),
    C(504, F32, "Rac/Ohm", RESISTANCE),
    C(505, F32, "Rdc/Ohm", RESISTANCE),
    C(509, U8, "Acir/Dcir Control", OTHER),
    C(880, F64, "Energy we/W.h", ENERGY),
    C(883, F64, "Energy ce charge/W.h", OTHER),
    C(884, F64, "Energy ce discharge/W.h", OTHER),
/* clang-format on */
#undef C
#undef F32
#undef F64
#undef U8
#undef U16
#undef U32
};

/* Flags: all that are listed share one byte, which stands where the first of them is listed. */
static const struct {
    uint16_t id;
    uint8_t mask, shift;
    uint8_t quantity;
    const char *name;
} flags[] = {
    {1, 0x03, 0, CLOSO_QUANTITY_MODE, "mode"},
    {2, 0x04, 2, CLOSO_QUANTITY_FLAG, "ox/red"},
    {3, 0x08, 3, CLOSO_QUANTITY_FLAG, "error"},
    {21, 0x10, 4, CLOSO_QUANTITY_FLAG, "control changes"},
    {31, 0x20, 5, CLOSO_QUANTITY_FLAG, "Ns changes"},
    {65, 0x80, 7, CLOSO_QUANTITY_FLAG, "counter inc."},
};

/* Names that only the text export has: other spellings, and columns it derives. */
static const struct {
    uint8_t quantity;
    const char *name;
} text_only[] = {
    {CLOSO_QUANTITY_POTENTIAL, "Ecell/V"}, /* BT-Lab, and two-electrode techniques */
    {CLOSO_QUANTITY_POTENTIAL_AVERAGE, "<Ewe/V>"},
    {CLOSO_QUANTITY_POTENTIAL_AVERAGE, "<Ecell>/V"},
    {CLOSO_QUANTITY_ENERGY_CHARGE, "Energy we charge/W.h"},
    {CLOSO_QUANTITY_ENERGY_DISCHARGE, "Energy we discharge/W.h"},
    {CLOSO_QUANTITY_POWER, "Pwe/W"},
    {CLOSO_QUANTITY_RESISTANCE, "Rwe/Ohm"},
    {CLOSO_QUANTITY_OTHER, "Energy we-ce charge/W.h"},
    {CLOSO_QUANTITY_OTHER, "Energy we-ce discharge/W.h"},
    {CLOSO_QUANTITY_OTHER, "Pce/W"},
    {CLOSO_QUANTITY_OTHER, "Pwe-ce/W"},
    {CLOSO_QUANTITY_OTHER, "Rce/Ohm"},
    {CLOSO_QUANTITY_OTHER, "Rwe-ce/Ohm"},
    {CLOSO_QUANTITY_OTHER, "x"},
    {CLOSO_QUANTITY_OTHER, "Re(Y)/Ohm-1"},
    {CLOSO_QUANTITY_OTHER, "Im(Y)/Ohm-1"},
    {CLOSO_QUANTITY_OTHER, "|Y|/Ohm-1"},
    {CLOSO_QUANTITY_OTHER, "Phase(Y)/deg"},
    {CLOSO_QUANTITY_OTHER, "Re(C)/nF"},
    {CLOSO_QUANTITY_OTHER, "Im(C)/nF"},
    {CLOSO_QUANTITY_OTHER, "|C|/nF"},
    {CLOSO_QUANTITY_OTHER, "Phase(C)/deg"},
    {CLOSO_QUANTITY_OTHER, "Re(M)"},
    {CLOSO_QUANTITY_OTHER, "Im(M)"},
    {CLOSO_QUANTITY_OTHER, "|M|"},
    {CLOSO_QUANTITY_OTHER, "Phase(M)/deg"},
    {CLOSO_QUANTITY_OTHER, "Re(Permittivity)"},
    {CLOSO_QUANTITY_OTHER, "Im(Permittivity)"},
    {CLOSO_QUANTITY_OTHER, "|Permittivity|"},
    {CLOSO_QUANTITY_OTHER, "Phase(Permittivity)/deg"},
    {CLOSO_QUANTITY_OTHER, "Re(Resistivity)/Ohm.cm"},
    {CLOSO_QUANTITY_OTHER, "Im(Resistivity)/Ohm.cm"},
    {CLOSO_QUANTITY_OTHER, "|Resistivity|/Ohm.cm"},
    {CLOSO_QUANTITY_OTHER, "Phase(Resistivity)/deg"},
    {CLOSO_QUANTITY_OTHER, "Re(Conductivity)/mS/cm"},
    {CLOSO_QUANTITY_OTHER, "Im(Conductivity)/mS/cm"},
    {CLOSO_QUANTITY_OTHER, "|Conductivity|/mS/cm"},
    {CLOSO_QUANTITY_OTHER, "Phase(Conductivity)/deg"},
    {CLOSO_QUANTITY_OTHER, "Tan(Delta)"},
    {CLOSO_QUANTITY_OTHER, "Loss Angle(Delta)/deg"},
};

/* The code of the "I Range" column is an index here. In the settings the code is one less. Codes 8-14, 36, 38, 40, 64
 * and 115 of the settings were checked against text exports. */
static const char *const current_ranges[] = {
    /* clang-format off */
    "", "10 mA", "100 µA", "1 µA", "2 A", "1 A", "5 A", "10 A", "20 A", "1 A", "100 mA", "10 mA",
    "1 mA", "100 µA", "10 µA", "Auto", "100 mA", "10 mA", "1 mA", "100 µA", "100 µA", "10 µA",
    "1 µA", "100 nA", "10 nA", "1 nA", "80 A", "4 A", "PAC", "4 A", "100 µA", "10 µA", "1 µA",
    "100 nA", "10 nA", "1 nA", "8 A", "1 A", "100 mA", "10 mA", "1 mA", "100 µA", "10 µA", "1 µA",
    "100 nA", "10 nA", "50 A", "5 A", "100 A", "150 A", "1 A", "4 A", "100 µA", "10 µA", "1 µA",
    "100 nA", "10 nA", "1 nA", "100 pA", "10 pA", "1 pA", "5 A", "10 A", "20 A", "40 A", "10 A",
    "2 A", "8 A", "12 A", "16 A", "20 A", "24 A", "28 A", "32 A", "36 A", "40 A", "44 A", "48 A",
    "52 A", "56 A", "60 A", "64 A", "20 A", "30 A", "40 A", "50 A", "60 A", "70 A", "80 A", "90 A",
    "100 A", "110 A", "120 A", "130 A", "140 A", "150 A", "160 A", "4 A", "6 A", "8 A", "10 A",
    "12 A", "14 A", "16 A", "18 A", "20 A", "22 A", "24 A", "26 A", "28 A", "30 A", "32 A", "10 A",
    "1 A", "100 mA", "10 mA", "1 mA", "100 µA", "10 µA", "20 A", "40 A", "80 A", "Auto Limited",
    "Unset", "300 mA", "3 A", "30 A", "60 A", "90 A", "120 A", "150 A", "180 A", "210 A", "240 A",
    "270 A", "300 A", "330 A", "360 A", "390 A", "420 A", "450 A", "480 A", "50 A", "100 A",
    "150 A", "200 A", "200 A", "400 A", "600 A", "800 A", "50 A", "100 A", "150 A", "200 A", "1 A",
    "2 A", "3 A", "4 A", "5 A", "6 A", "7 A", "8 A", "9 A", "10 A", "11 A", "12 A", "13 A", "14 A",
    "15 A", "16 A", "50 A", "100 A", "150 A", "200 A", "50 A", "100 A", "150 A", "200 A", "1 A",
    "2 A", "3 A", "4 A", "5 A", "6 A", "7 A", "8 A", "9 A", "10 A", "11 A", "12 A", "13 A", "14 A",
    "15 A", "16 A",
    /* clang-format on */
};

enum {
    STORED_COUNT = sizeof stored / sizeof *stored,
    FLAG_COUNT = sizeof flags / sizeof *flags,
    TEXT_ONLY_COUNT = sizeof text_only / sizeof *text_only
};

bool closo_eclab_column_by_id(uint16_t id, closo_eclab_column *column)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (flags[i].id == id) {
            *column = (closo_eclab_column){id,
                                           flags[i].name,
                                           (closo_quantity)flags[i].quantity,
                                           CLOSO_STORE_U8,
                                           true,
                                           flags[i].mask,
                                           flags[i].shift};
            return true;
        }
    }
    size_t low = 0, high = STORED_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (stored[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == STORED_COUNT || stored[low].id != id)
        return false;
    *column = (closo_eclab_column){id,
                                   stored[low].name,
                                   (closo_quantity)stored[low].quantity,
                                   (closo_storage)stored[low].storage,
                                   false,
                                   0,
                                   0};
    return true;
}

bool closo_eclab_column_quantity(const char *name, closo_quantity *quantity)
{
    closo_span word = closo_span_trim(closo_span_of(name));
    for (size_t i = 0; i < STORED_COUNT; i++) {
        if (closo_span_equals(word, stored[i].name)) {
            *quantity = (closo_quantity)stored[i].quantity;
            return true;
        }
    }
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (closo_span_equals(word, flags[i].name)) {
            *quantity = (closo_quantity)flags[i].quantity;
            return true;
        }
    }
    for (size_t i = 0; i < TEXT_ONLY_COUNT; i++) {
        if (closo_span_equals(word, text_only[i].name)) {
            *quantity = (closo_quantity)text_only[i].quantity;
            return true;
        }
    }
    return false;
}

const char *closo_eclab_column_unit(const char *name)
{
    static const struct {
        const char *name, *unit;
    } special[] = {
        {"ox/red", ""},
        {"Acir/Dcir Control", ""},
        {"control/V/mA", "V/mA"}, /* one or the other, by mode */
        {"Re(Conductivity)/mS/cm", "mS/cm"},
        {"Im(Conductivity)/mS/cm", "mS/cm"},
        {"|Conductivity|/mS/cm", "mS/cm"},
        {"<Ewe/V>", "V"},
    };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(name, special[i].name) == 0)
            return special[i].unit;
    return NULL;
}

const char *const *closo_eclab_current_ranges(size_t *count)
{
    *count = sizeof current_ranges / sizeof *current_ranges;
    return current_ranges;
}
