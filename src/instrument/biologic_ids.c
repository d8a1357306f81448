/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_ids.c: the columns of .mpr by their number: name and type. What the names mean is in biologic_columns.c.
 * Evidence for each number: FORMAT-biologic.md. */
#include "biologic_internal.h"

/* Columns that are stored, by their 16-bit number, in increasing order. */
static const struct {
    uint16_t id;
    uint8_t storage;
    const char *name;
} stored[] = {
#define F32 CLOSO_STORE_F32
#define F64 CLOSO_STORE_F64
#define U8  CLOSO_STORE_U8
#define U16 CLOSO_STORE_U16
#define U32 CLOSO_STORE_U32
#define C(id, storage, name) \
    {                        \
        id, storage, name    \
    }
    /* clang-format off */
    C(4, F64, "time/s"),
    C(5, F32, "control/V/mA"),
    C(6, F32, "Ewe/V"),
    C(7, F64, "dq/mA.h"),
    C(8, F32, "I/mA"),
    C(9, F32, "Ece/V"),
    C(11, F64, "<I>/mA"),
    C(13, F64, "(Q-Qo)/mA.h"),
    C(16, F32, "Analog IN 1/V"),
    C(17, F32, "Analog IN 2/V"),
    C(19, F32, "control/V"),
    C(20, F32, "control/mA"),
    C(23, F64, "dQ/mA.h"),
    C(24, F64, "cycle number"),
    C(26, F32, "Rapp/Ohm"),
    C(27, F32, "Ewe-Ece/V"),
    C(32, F32, "freq/Hz"),
    C(33, F32, "|Ewe|/V"),
    C(34, F32, "|I|/A"),
    C(35, F32, "Phase(Z)/deg"),
    C(36, F32, "|Z|/Ohm"),
    C(37, F32, "Re(Z)/Ohm"),
    C(38, F32, "-Im(Z)/Ohm"),
    C(39, U16, "I Range"),
    C(69, F32, "R/Ohm"),
    C(70, F32, "P/W"),
    C(74, F64, "|Energy|/W.h"),
    C(75, F32, "Analog OUT/V"),
    C(76, F32, "<I>/mA"),
    C(77, F32, "<Ewe>/V"),
    C(78, F32, "Cs-2/µF-2"),
    C(96, F32, "|Ece|/V"),
    C(98, F32, "Phase(Zce)/deg"),
    C(99, F32, "|Zce|/Ohm"),
    C(100, F32, "Re(Zce)/Ohm"),
    C(101, F32, "-Im(Zce)/Ohm"),
    C(123, F64, "Energy charge/W.h"),
    C(124, F64, "Energy discharge/W.h"),
    C(125, F64, "Capacitance charge/µF"),
    C(126, F64, "Capacitance discharge/µF"),
    C(131, U16, "Ns"),
    C(163, F32, "|Estack|/V"),
    C(168, F32, "Rcmp/Ohm"),
    C(169, F32, "Cs/µF"),
    C(172, F32, "Cp/µF"),
    C(173, F32, "Cp-2/µF-2"),
    C(174, F32, "<Ewe>/V"),
    C(242, F32, "|E2|/V"),
    C(271, F32, "Phase(Z1)/deg"),
    C(272, F32, "Phase(Z2) / deg"),
    C(301, F32, "|Z1|/Ohm"),
    C(302, F32, "|Z2|/Ohm"),
    C(331, F32, "Re(Z1)/Ohm"),
    C(332, F32, "Re(Z2)/Ohm"),
    C(361, F32, "-Im(Z1)/Ohm"),
    C(362, F32, "-Im(Z2)/Ohm"),
    C(391, F32, "<E1>/V"),
    C(392, F32, "<E2>/V"),
    C(422, F32, "Phase(Zstack)/deg"),
    C(423, F32, "|Zstack|/Ohm"),
    C(424, F32, "Re(Zstack)/Ohm"),
    C(425, F32, "-Im(Zstack)/Ohm"),
    C(426, F32, "<Estack>/V"),
    C(430, F32, "Phase(Zwe-ce)/deg"),
    C(431, F32, "|Zwe-ce|/Ohm"),
    C(432, F32, "Re(Zwe-ce)/Ohm"),
    C(433, F32, "-Im(Zwe-ce)/Ohm"),
    C(434, F32, "(Q-Qo)/C"),
    C(435, F32, "dQ/C"),
    C(438, F64, "step time/s"),
    C(441, F32, "<Ece>/V"),
    C(462, F32, "Temperature/°C"),
    C(467, F64, "Q charge/discharge/mA.h"),
    C(468, U32, "half cycle"),
    C(469, U32, "z cycle"),
    C(471, F32, "<Ece>/V"),
    C(473, F32, "THD Ewe/%"),
    C(474, F32, "THD I/%"),
    C(475, F32, "THD Ece/%"),
    C(476, F32, "NSD Ewe/%"),
    C(477, F32, "NSD I/%"),
    C(478, F32, "NSD Ece/%"),
    C(479, F32, "NSR Ewe/%"),
    C(480, F32, "NSR I/%"),
    C(481, F32, "NSR Ece/%"),
    C(486, F32, "|Ewe h2|/V"),
    C(487, F32, "|Ewe h3|/V"),
    C(488, F32, "|Ewe h4|/V"),
    C(489, F32, "|Ewe h5|/V"),
    C(490, F32, "|Ewe h6|/V"),
    C(491, F32, "|Ewe h7|/V"),
    C(492, F32, "|I h2|/A"),
    C(493, F32, "|I h3|/A"),
    C(494, F32, "|I h4|/A"),
    C(495, F32, "|I h5|/A"),
    C(496, F32, "|I h6|/A"),
    C(497, F32, "|I h7|/A"),
    C(498, F64, "Q charge/mA.h"),
    C(499, F64, "Q discharge/mA.h"),
    C(500, F64, "step time/s"),
    C(501, F64, "Efficiency/%"),
    C(502, F64, "Capacity/mA.h"),
    C(504, F32, "Rac/Ohm"),
    C(505, F32, "Rdc/Ohm"),
    C(509, U8, "Acir/Dcir Control"),
    C(880, F64, "Energy we/W.h"),
    C(883, F64, "Energy ce charge/W.h"),
    C(884, F64, "Energy ce discharge/W.h"),
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
    const char *name;
} flags[] = {
    {1, 0x03, 0, "mode"},        {2, 0x04, 2, "ox/red"},
    {3, 0x08, 3, "error"},       {21, 0x10, 4, "control changes"},
    {31, 0x20, 5, "Ns changes"}, {65, 0x80, 7, "counter inc."},
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

enum { STORED_COUNT = sizeof stored / sizeof *stored, FLAG_COUNT = sizeof flags / sizeof *flags };

bool closo_eclab_column_by_id(uint16_t id, closo_eclab_column *column)
{
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (flags[i].id == id) {
            *column = (closo_eclab_column){id,   flags[i].name, CLOSO_STORE_U8,
                                           true, flags[i].mask, flags[i].shift};
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
    closo_storage storage = (closo_storage)stored[low].storage;
    *column = (closo_eclab_column){id, stored[low].name, storage, false, 0, 0};
    return true;
}

const char *const *closo_eclab_current_ranges(size_t *count)
{
    *count = sizeof current_ranges / sizeof *current_ranges;
    return current_ranges;
}
