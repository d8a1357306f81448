/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_columns.c: what the column names of EC-Lab and BT-Lab mean. The names differ by version and program: <Ewe/V>
 * and <Ewe>/V, Ewe and Ecell, P/W and Pwe/W, Energy charge and Energy we charge. */
#include "instrument_internal.h"

#include <string.h>

/* Names without their unit. What stands for one electrode or one cell of several (Zce, Z1, Zstack, |Ewe h2|) is known
 * but OTHER, so that it is not taken for the impedance or the potential. */
static const struct {
    const char *name;
    closo_quantity quantity;
} names[] = {
    {"time", CLOSO_QUANTITY_TIME},
    {"step time", CLOSO_QUANTITY_STEP_TIME},
    {"Ewe", CLOSO_QUANTITY_POTENTIAL},
    {"Ecell", CLOSO_QUANTITY_POTENTIAL},
    {"<Ewe>", CLOSO_QUANTITY_POTENTIAL_AVERAGE},
    {"<Ecell>", CLOSO_QUANTITY_POTENTIAL_AVERAGE},
    {"Ece", CLOSO_QUANTITY_POTENTIAL_COUNTER},
    {"<Ece>", CLOSO_QUANTITY_POTENTIAL_COUNTER},
    {"Ewe-Ece", CLOSO_QUANTITY_POTENTIAL_CELL},
    {" Ecell", CLOSO_QUANTITY_POTENTIAL_CELL}, /* so, with a blank, beside Ewe in one version */
    {"control/V", CLOSO_QUANTITY_POTENTIAL_CONTROL},
    {"control/mA", CLOSO_QUANTITY_CURRENT_CONTROL},
    {"control/V/mA", CLOSO_QUANTITY_CONTROL},
    {"I", CLOSO_QUANTITY_CURRENT},
    {"<I>", CLOSO_QUANTITY_CURRENT_AVERAGE},
    {"dq", CLOSO_QUANTITY_CHARGE_INCREMENT},
    {"dQ", CLOSO_QUANTITY_CHARGE_STEP},
    {"(Q-Qo)", CLOSO_QUANTITY_CHARGE},
    {"Q charge/discharge", CLOSO_QUANTITY_CHARGE_HALF_CYCLE},
    {"Q charge", CLOSO_QUANTITY_CAPACITY_CHARGE},
    {"Q discharge", CLOSO_QUANTITY_CAPACITY_DISCHARGE},
    {"Capacity", CLOSO_QUANTITY_CAPACITY},
    {"|Energy|", CLOSO_QUANTITY_ENERGY},
    {"Energy", CLOSO_QUANTITY_ENERGY},
    {"Energy we", CLOSO_QUANTITY_ENERGY},
    {"Energy charge", CLOSO_QUANTITY_ENERGY_CHARGE},
    {"Energy we charge", CLOSO_QUANTITY_ENERGY_CHARGE},
    {"Energy discharge", CLOSO_QUANTITY_ENERGY_DISCHARGE},
    {"Energy we discharge", CLOSO_QUANTITY_ENERGY_DISCHARGE},
    {"Energy ce charge", CLOSO_QUANTITY_OTHER},
    {"Energy ce discharge", CLOSO_QUANTITY_OTHER},
    {"Energy we-ce charge", CLOSO_QUANTITY_OTHER},
    {"Energy we-ce discharge", CLOSO_QUANTITY_OTHER},
    {"P", CLOSO_QUANTITY_POWER},
    {"Pwe", CLOSO_QUANTITY_POWER},
    {"Pce", CLOSO_QUANTITY_OTHER},
    {"Pwe-ce", CLOSO_QUANTITY_OTHER},
    {"Efficiency", CLOSO_QUANTITY_EFFICIENCY},
    {"Capacitance charge", CLOSO_QUANTITY_CAPACITANCE},
    {"Capacitance discharge", CLOSO_QUANTITY_CAPACITANCE},
    {"Cs", CLOSO_QUANTITY_CAPACITANCE},
    {"Cp", CLOSO_QUANTITY_CAPACITANCE},
    {"Cs-2", CLOSO_QUANTITY_OTHER},
    {"Cp-2", CLOSO_QUANTITY_OTHER},
    {"R", CLOSO_QUANTITY_RESISTANCE},
    {"Rwe", CLOSO_QUANTITY_RESISTANCE},
    {"Rapp", CLOSO_QUANTITY_RESISTANCE},
    {"Rcmp", CLOSO_QUANTITY_OTHER},
    {"Rac", CLOSO_QUANTITY_RESISTANCE},
    {"Rdc", CLOSO_QUANTITY_RESISTANCE},
    {"Rce", CLOSO_QUANTITY_OTHER},
    {"Rwe-ce", CLOSO_QUANTITY_OTHER},
    {"freq", CLOSO_QUANTITY_FREQUENCY},
    {"Re(Z)", CLOSO_QUANTITY_IMPEDANCE_REAL},
    {"Im(Z)", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY},
    {"-Im(Z)", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY},
    {"|Z|", CLOSO_QUANTITY_IMPEDANCE_MODULUS},
    {"Phase(Z)", CLOSO_QUANTITY_PHASE},
    {"Temperature", CLOSO_QUANTITY_TEMPERATURE},
    {"cycle number", CLOSO_QUANTITY_CYCLE},
    {"half cycle", CLOSO_QUANTITY_HALF_CYCLE},
    {"z cycle", CLOSO_QUANTITY_OTHER},
    {"Ns", CLOSO_QUANTITY_STEP},
    {"mode", CLOSO_QUANTITY_MODE},
    {"ox/red", CLOSO_QUANTITY_FLAG},
    {"error", CLOSO_QUANTITY_FLAG},
    {"control changes", CLOSO_QUANTITY_FLAG},
    {"Ns changes", CLOSO_QUANTITY_FLAG},
    {"counter inc.", CLOSO_QUANTITY_FLAG},
    {"I Range", CLOSO_QUANTITY_RANGE},
    {"x", CLOSO_QUANTITY_OTHER},
    {"|Ewe|", CLOSO_QUANTITY_OTHER},
    {"|Ece|", CLOSO_QUANTITY_OTHER},
    {"|I|", CLOSO_QUANTITY_OTHER},
    {"|Estack|", CLOSO_QUANTITY_OTHER},
    {"<Estack>", CLOSO_QUANTITY_OTHER},
    {"Analog IN 1", CLOSO_QUANTITY_OTHER},
    {"Analog IN 2", CLOSO_QUANTITY_OTHER},
    {"Analog OUT", CLOSO_QUANTITY_OTHER},
    {"Acir/Dcir Control", CLOSO_QUANTITY_FLAG},
    {"Tan(Delta)", CLOSO_QUANTITY_OTHER},
    {"Loss Angle(Delta)", CLOSO_QUANTITY_OTHER},
};

/* Units that hold a slash themselves, and names that end in what looks like a unit. */
static const struct {
    const char *ending, *unit;
} endings[] = {
    {"control/V/mA", ""}, /* volts or milliamperes, by mode */
    {"ox/red", ""},
    {"Acir/Dcir Control", ""},
    {"/mS/cm", "mS/cm"},
    {"/S/cm", "S/cm"},
    {"/mA/cm²", "mA/cm²"},
    {"/mA.h/g", "mA.h/g"},
    {"/mA.h/cm²", "mA.h/cm²"},
    {"/V>", "V"}, /* <Ewe/V> */
    {"/mA>", "mA"},
};

const char *closo_eclab_column_unit(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i].ending);
        if (length >= ending && strcmp(name + length - ending, endings[i].ending) == 0)
            return endings[i].unit;
    }
    const char *slash = strrchr(name, '/');
    return slash != NULL && slash != name ? slash + 1 : "";
}

/* The name without its unit: "<Ewe/V>" and "<Ewe>/V" both give "<Ewe>". False when it is too long to be one. */
static bool strip_unit(const char *name, char base[64])
{
    const char *unit = closo_eclab_column_unit(name);
    size_t length = strlen(name), tail = 0;
    bool closes = false;
    if (*unit != '\0') {
        closes = name[length - 1] == '>' && unit[strlen(unit) - 1] != '>';
        tail = strlen(unit) + 1 + closes;
    }
    if (length < tail || length - tail + 2 > 64)
        return false;
    length -= tail;
    memcpy(base, name, length);
    if (closes)
        base[length++] = '>';
    base[length] = '\0';
    return true;
}

bool closo_eclab_column_quantity(const char *name, closo_quantity *quantity)
{
    char base[64];
    *quantity = CLOSO_QUANTITY_OTHER;
    if (!strip_unit(name, base))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(base, names[i].name) != 0 && strcmp(name, names[i].name) != 0)
            continue;
        *quantity = names[i].quantity;
        return true;
    }
    return false;
}
