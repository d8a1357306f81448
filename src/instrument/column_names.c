/* SPDX-License-Identifier: BSD-3-Clause */
/* column_names.c: what a column of unknown origin holds, told by its name: "Voltage(V)", "U[V]", "Ewe/V", "Test Time (s)",
 * "current_A", "Amp-hr". A unit decides between meanings: T/K is a temperature, T/s is not. */
#include "text_internal.h"

#include <string.h>

/* ---- units ---- */

typedef struct respelling {
    const char *written, *unit;
} respelling;

/* Case does not matter here; what base/units.c reads already is not listed. */
static const respelling respelled[] = {
    {"sec", "s"},       {"sec.", "s"},       {"secs", "s"},     {"second", "s"},
    {"seconds", "s"},   {"min", "min"},      {"hr", "h"},       {"mins", "min"},
    {"minute", "min"},  {"minutes", "min"},  {"hrs", "h"},      {"hour", "h"},
    {"hours", "h"},     {"amp", "A"},        {"amps", "A"},     {"ampere", "A"},
    {"volt", "V"},      {"volts", "V"},      {"ohms", "ohm"},   {"deg c", "degC"},
    {"deg. c", "degC"}, {"celsius", "degC"}, {"degree", "deg"}, {"degrees", "deg"},
    {"amp-hr", "Ah"},   {"watt-hr", "Wh"},   {"mas", "mA.s"},   {"mws", "mW.s"},
    {"as", "A.s"},      {"ws", "W.s"},       {"hertz", "Hz"},   {"hz", "Hz"},
    {"ohms", "ohm"},    {"watt", "W"},       {"watts", "W"},    {"percent", "%"},
    {"#", ""},          {"bits", ""},        {"-", ""},         {"none", ""},
    {"", ""},
};

static void put_text(char text[64], const char *first, closo_span second)
{
    size_t length = strlen(first);
    memcpy(text, first, length);
    if (second.length > 63 - length) {
        second.length = 63 - length;
        /* Never half a character: the text may be shown. */
        while (second.length != 0 && ((unsigned char)second.start[second.length] & 0xc0) == 0x80)
            second.length--;
    }
    if (second.length != 0)
        memcpy(text + length, second.start, second.length);
    text[length + second.length] = '\0';
}

/* Cuts "V vs. Ref." to "V". */
static closo_span without_reference(closo_span unit)
{
    for (size_t i = 1; i + 3 < unit.length; i++)
        if (unit.start[i] == ' ' && unit.start[i + 1] == 'v' && unit.start[i + 2] == 's' &&
            (unit.start[i + 3] == '.' || unit.start[i + 3] == ' '))
            return closo_span_trim((closo_span){unit.start, i});
    return unit;
}

void closo_unit_mend(closo_span written, char unit[64])
{
    static const char damaged[] = "\xef\xbf\xbd"; /* U+FFFD: an editor did not know the encoding */
    const size_t damage = sizeof damaged - 1;
    closo_span text = without_reference(closo_span_trim(written));
    for (size_t i = 0; i < sizeof respelled / sizeof *respelled; i++) {
        if (closo_span_equals_nocase(text, respelled[i].written)) {
            put_text(unit, "", closo_span_of(respelled[i].unit));
            return;
        }
    }
    bool first = closo_span_starts(text, damaged);
    bool asked = text.length > 1 && text.start[0] == '?';
    if (first || asked) {
        closo_span rest = {text.start + (first ? damage : 1), text.length - (first ? damage : 1)};
        put_text(unit, closo_span_equals(rest, "C") ? "°" : "µ", rest);
        return;
    }
    if (text.length > damage && text.length < 8 && closo_span_starts(text, "cm") &&
        memcmp(text.start + text.length - damage, damaged, damage) == 0) {
        put_text(unit, "cm²", (closo_span){NULL, 0});
        return;
    }
    put_text(unit, "", text);
}

/* ---- quantities ---- */

typedef struct meaning {
    const char *word; /* lower case, one blank between words */
    closo_quantity quantity;
    const char *unit; /* NULL: the word says nothing about it */
} meaning;

/* The first meaning that fits the unit is taken. */
static const meaning meanings[] = {
    {"time", CLOSO_QUANTITY_TIME, NULL},
    {"test time", CLOSO_QUANTITY_TIME, NULL},
    {"testtime", CLOSO_QUANTITY_TIME, NULL},
    {"total time", CLOSO_QUANTITY_TIME, NULL},
    {"cumulative time", CLOSO_QUANTITY_TIME, NULL},
    {"run time", CLOSO_QUANTITY_TIME, NULL},
    {"elapsed time", CLOSO_QUANTITY_TIME, NULL},
    {"elapsed", CLOSO_QUANTITY_TIME, NULL},
    {"test", CLOSO_QUANTITY_TIME, NULL},
    {"t", CLOSO_QUANTITY_TIME, NULL},
    {"zeit", CLOSO_QUANTITY_TIME, NULL},
    {"step time", CLOSO_QUANTITY_STEP_TIME, NULL},
    {"steptime", CLOSO_QUANTITY_STEP_TIME, NULL},
    {"t step", CLOSO_QUANTITY_STEP_TIME, NULL},
    {"unix time", CLOSO_QUANTITY_UNIX_TIME, NULL},
    {"datetime", CLOSO_QUANTITY_UNIX_TIME, NULL},
    {"voltage", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"volts", CLOSO_QUANTITY_POTENTIAL, "V"},
    {"cell voltage", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"potential", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"spannung", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"ewe", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"ecell", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"vf", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"e", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"u", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"v", CLOSO_QUANTITY_POTENTIAL, NULL},
    {"vdc", CLOSO_QUANTITY_POTENTIAL_AVERAGE, NULL},
    {"current", CLOSO_QUANTITY_CURRENT, NULL},
    {"amps", CLOSO_QUANTITY_CURRENT, "A"},
    {"strom", CLOSO_QUANTITY_CURRENT, NULL},
    {"im", CLOSO_QUANTITY_CURRENT, NULL},
    {"i", CLOSO_QUANTITY_CURRENT, NULL},
    {"idc", CLOSO_QUANTITY_CURRENT_AVERAGE, NULL},
    {"charge", CLOSO_QUANTITY_CHARGE, NULL},
    {"q qo", CLOSO_QUANTITY_CHARGE, NULL},
    {"capacity", CLOSO_QUANTITY_CAPACITY, NULL},
    {"cap", CLOSO_QUANTITY_CAPACITY, NULL},
    {"amp hr", CLOSO_QUANTITY_CAPACITY, "Ah"},
    {"charge capacity", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"charging capacity", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"chg cap", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"q charge", CLOSO_QUANTITY_CAPACITY_CHARGE, NULL},
    {"discharge capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"discharging capacity", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"dchg cap", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"q discharge", CLOSO_QUANTITY_CAPACITY_DISCHARGE, NULL},
    {"energy", CLOSO_QUANTITY_ENERGY, NULL},
    {"ener", CLOSO_QUANTITY_ENERGY, NULL},
    {"watt hr", CLOSO_QUANTITY_ENERGY, "Wh"},
    {"wh", CLOSO_QUANTITY_ENERGY, "Wh"},
    {"charge energy", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"charging energy", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"chg energy", CLOSO_QUANTITY_ENERGY_CHARGE, NULL},
    {"discharge energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"discharging energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"dchg energy", CLOSO_QUANTITY_ENERGY_DISCHARGE, NULL},
    {"power", CLOSO_QUANTITY_POWER, NULL},
    {"p", CLOSO_QUANTITY_POWER, NULL},
    {"p", CLOSO_QUANTITY_PRESSURE, NULL},
    {"pressure", CLOSO_QUANTITY_PRESSURE, NULL},
    {"force", CLOSO_QUANTITY_FORCE, NULL},
    {"internal resistance", CLOSO_QUANTITY_RESISTANCE, NULL},
    {"resistance", CLOSO_QUANTITY_RESISTANCE, NULL},
    {"freq", CLOSO_QUANTITY_FREQUENCY, NULL},
    {"frequency", CLOSO_QUANTITY_FREQUENCY, NULL},
    {"f", CLOSO_QUANTITY_FREQUENCY, NULL},
    {"frequenz", CLOSO_QUANTITY_FREQUENCY, NULL},
    {"zreal", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z real", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z re", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"re z", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z'", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z′", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"zre", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"rez", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"zs'", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z' re", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"impedance real", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"z prime", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"real impedance", CLOSO_QUANTITY_IMPEDANCE_REAL, NULL},
    {"zimag", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z imag", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z im", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"im z", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z\"", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z″", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z′′", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"zim", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"imz", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"zimg", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"zs''", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z'' im", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"impedance imag", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"impedance imaginary", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"z double prime", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"imaginary impedance", CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, NULL},
    {"minus z''", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"minus zimag", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"minus im z", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"minus zim", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"minus z imag", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"neg zimag", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"neg z imag", CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, NULL},
    {"zmod", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"|z|", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"z mod", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"absolute impedance", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"impedance modulus", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"impedance magnitude", CLOSO_QUANTITY_IMPEDANCE_MODULUS, NULL},
    {"zphz", CLOSO_QUANTITY_PHASE, NULL},
    {"phase z", CLOSO_QUANTITY_PHASE, NULL},
    {"z phase", CLOSO_QUANTITY_PHASE, NULL},
    {"phase angle", CLOSO_QUANTITY_PHASE, NULL},
    {"theta", CLOSO_QUANTITY_PHASE, NULL},
    {"phase", CLOSO_QUANTITY_PHASE, NULL},
    {"temperature", CLOSO_QUANTITY_TEMPERATURE, NULL},
    {"ambient temperature", CLOSO_QUANTITY_TEMPERATURE, NULL},
    {"temp", CLOSO_QUANTITY_TEMPERATURE, NULL},
    {"t", CLOSO_QUANTITY_TEMPERATURE, NULL},
    {"cycle", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle number", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle index", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle count", CLOSO_QUANTITY_CYCLE, NULL},
    {"cycle c", CLOSO_QUANTITY_CYCLE, NULL},
    {"cyc count", CLOSO_QUANTITY_CYCLE, NULL},
    {"cyc", CLOSO_QUANTITY_CYCLE, NULL},
    {"step", CLOSO_QUANTITY_STEP, NULL},
    {"step", CLOSO_QUANTITY_STEP_TIME, NULL},
    {"step index", CLOSO_QUANTITY_STEP, NULL},
    {"step number", CLOSO_QUANTITY_STEP, NULL},
    {"step count", CLOSO_QUANTITY_STEP, NULL},
    {"line", CLOSO_QUANTITY_STEP, NULL},
    {"curve", CLOSO_QUANTITY_LOOP, NULL},
    {"loop", CLOSO_QUANTITY_LOOP, NULL},
    {"rec", CLOSO_QUANTITY_RECORD, NULL},
    {"record", CLOSO_QUANTITY_RECORD, NULL},
    {"record index", CLOSO_QUANTITY_RECORD, NULL},
    {"data point", CLOSO_QUANTITY_RECORD, NULL},
    {"datapoint", CLOSO_QUANTITY_RECORD, NULL},
    {"dataset", CLOSO_QUANTITY_RECORD, NULL},
    {"pt", CLOSO_QUANTITY_RECORD, NULL},
    {"index", CLOSO_QUANTITY_RECORD, NULL},
    {"ierange", CLOSO_QUANTITY_RANGE, NULL},
};

/* The unit that is meant where a name has none. */
const char *closo_usual_unit(closo_quantity quantity)
{
    static const struct {
        closo_quantity quantity;
        const char *unit;
    } usual[] = {
        {CLOSO_QUANTITY_TIME, "s"},
        {CLOSO_QUANTITY_STEP_TIME, "s"},
        {CLOSO_QUANTITY_UNIX_TIME, "s"},
        {CLOSO_QUANTITY_POTENTIAL, "V"},
        {CLOSO_QUANTITY_POTENTIAL_AVERAGE, "V"},
        {CLOSO_QUANTITY_CURRENT, "A"},
        {CLOSO_QUANTITY_CURRENT_AVERAGE, "A"},
        {CLOSO_QUANTITY_CAPACITY, "Ah"},
        {CLOSO_QUANTITY_CAPACITY_CHARGE, "Ah"},
        {CLOSO_QUANTITY_CAPACITY_DISCHARGE, "Ah"},
        {CLOSO_QUANTITY_ENERGY, "Wh"},
        {CLOSO_QUANTITY_ENERGY_CHARGE, "Wh"},
        {CLOSO_QUANTITY_ENERGY_DISCHARGE, "Wh"},
        {CLOSO_QUANTITY_POWER, "W"},
        {CLOSO_QUANTITY_RESISTANCE, "ohm"},
        {CLOSO_QUANTITY_FREQUENCY, "Hz"},
        {CLOSO_QUANTITY_IMPEDANCE_REAL, "ohm"},
        {CLOSO_QUANTITY_IMPEDANCE_IMAGINARY, "ohm"},
        {CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY, "ohm"},
        {CLOSO_QUANTITY_IMPEDANCE_MODULUS, "ohm"},
        {CLOSO_QUANTITY_PHASE, "deg"},
        {CLOSO_QUANTITY_TEMPERATURE, "degC"},
    };
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (usual[i].quantity == quantity)
            return usual[i].unit;
    return NULL;
}

/* ---- taking a name apart ---- */

static bool is_unit(closo_span text, char unit[64])
{
    closo_unit parsed;
    closo_unit_mend(text, unit);
    return closo_unit_parse(unit, &parsed, NULL) == CLOSO_OK;
}

/* "Voltage(V)", "U[V]": the unit in the brackets at the end. */
static bool unit_in_brackets(closo_span *name, char unit[64])
{
    if (name->length < 3)
        return false;
    char last = name->start[name->length - 1];
    char opening = last == ')' ? '(' : last == ']' ? '[' : '\0';
    for (size_t i = name->length - 1; opening != '\0' && i > 0; i--) {
        if (name->start[i - 1] != opening)
            continue;
        closo_span inside = {name->start + i, name->length - 1 - i};
        if (i == 1)
            return false;
        /* "E (V vs. Ag/AgCl (3 M))": the brackets may hold others. */
        if (!is_unit(inside, unit))
            continue;
        *name = closo_span_trim((closo_span){name->start, i - 1});
        return true;
    }
    return false;
}

/* "Voltage / V", "I/mA", "Potential, V", and with a lower line "current_A": what stands after the sign, if it is a unit.
 * The first sign that leaves one counts, so that "j/mA/cm2" has mA/cm2. */
static bool unit_after(closo_span *name, char sign, char unit[64])
{
    for (size_t i = 1; i + 1 < name->length; i++) {
        closo_span rest = {name->start + i + 1, name->length - i - 1};
        if (name->start[i] != sign || closo_span_trim(rest).length == 0)
            continue;
        /* dQ/dV is a derivative, not a charge in decivolts. */
        if (sign == '/' && name->start[0] == 'd' && closo_span_trim(rest).start[0] == 'd')
            return false;
        if (!is_unit(rest, unit) || *unit == '\0')
            continue;
        *name = closo_span_trim((closo_span){name->start, i});
        return true;
    }
    return false;
}

void closo_name_words(closo_span name, char words[64])
{
    size_t written = 0;
    bool gap = false;
    for (size_t i = 0; i < name.length && written < 62; i++) {
        char c = name.start[i];
        bool sign = strchr(" _-.#:,<>()[]/~*;\t", c) != NULL;
        if (sign) {
            gap = written != 0;
            continue;
        }
        if (gap)
            words[written++] = ' ';
        gap = false;
        words[written++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    words[written] = '\0';
}

static bool fits(const meaning *m, const char *unit)
{
    closo_unit own, si;
    if (unit == NULL || closo_unit_parse(unit, &own, NULL) != CLOSO_OK ||
        closo_unit_parse(closo_quantity_unit(m->quantity), &si, NULL) != CLOSO_OK)
        return unit == NULL;
    return closo_unit_matches(&own, &si);
}

static const meaning *find_meaning(const char *words, const char *unit)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcmp(meanings[i].word, words) == 0 && fits(&meanings[i], unit))
            return &meanings[i];
    return NULL;
}

/* Also "temperature 2" and "t1": the number at the end only tells sensors apart. */
static const meaning *find_numbered(char words[64], const char *unit)
{
    const meaning *found = find_meaning(words, unit);
    size_t length = strlen(words);
    if (found != NULL || length < 2 || words[length - 1] < '0' || words[length - 1] > '9')
        return found;
    char shorter[64];
    memcpy(shorter, words, length + 1);
    while (length != 0 && ((shorter[length - 1] >= '0' && shorter[length - 1] <= '9') ||
                           shorter[length - 1] == ' '))
        shorter[--length] = '\0';
    found = find_meaning(shorter, unit);
    /* Only sensors are numbered: V1 beside V is something else. */
    return found != NULL && found->quantity == CLOSO_QUANTITY_TEMPERATURE ? found : NULL;
}

bool closo_name_is_turned(closo_span name)
{
    name = closo_span_trim(name);
    return closo_span_starts(name, "-") || closo_span_starts(name, "\xe2\x88\x92"); /* U+2212 */
}

static void guess_words(closo_name_guess *guess, closo_span base, bool has_unit)
{
    char *words = guess->words;
    const bool turned = closo_name_is_turned(base);
    if (turned && base.start[0] != '-')
        base = (closo_span){base.start + 3, base.length - 3};
    closo_name_words(base, words);
    const meaning *found = NULL;
    /* C after a temperature is no coulomb. */
    if (has_unit && strcmp(guess->unit, "C") == 0 && find_numbered(words, "K") != NULL)
        put_text(guess->unit, "degC", (closo_span){NULL, 0});
    found = find_numbered(words, has_unit ? guess->unit : NULL);
    if (found == NULL)
        return;
    guess->quantity = found->quantity;
    if (turned && found->quantity == CLOSO_QUANTITY_IMPEDANCE_IMAGINARY)
        guess->quantity = CLOSO_QUANTITY_IMPEDANCE_MINUS_IMAGINARY;
    if (has_unit)
        return;
    const char *unit = found->unit != NULL ? found->unit : closo_usual_unit(found->quantity);
    guess->unit_assumed = found->unit == NULL && unit != NULL;
    if (unit != NULL)
        put_text(guess->unit, unit, (closo_span){NULL, 0});
}

closo_name_guess closo_name_guess_quantity(const char *name)
{
    closo_name_guess guess = {.quantity = CLOSO_QUANTITY_OTHER};
    closo_span base = closo_span_trim(closo_span_of(name));
    if (closo_eclab_column_quantity(name, &guess.quantity)) {
        const char *unit = closo_eclab_column_unit(name);
        closo_unit_mend(closo_span_of(unit), guess.unit);
        bool bare = *unit == '\0' && closo_usual_unit(guess.quantity) != NULL;
        if (!bare)
            return guess;
        guess.quantity = CLOSO_QUANTITY_OTHER;
    }
    if (base.length == 0 || base.length > 62)
        return guess;
    if (unit_in_brackets(&base, guess.unit) || unit_after(&base, '/', guess.unit) ||
        unit_after(&base, ',', guess.unit)) {
        guess_words(&guess, base, true);
        return guess;
    }
    guess_words(&guess, base, false);
    if (guess.quantity != CLOSO_QUANTITY_OTHER)
        return guess;
    /* test_time_s: the ending counts as a unit only where the words before it are known. */
    closo_name_guess other = {.quantity = CLOSO_QUANTITY_OTHER};
    for (size_t i = base.length; i > 1; i--) {
        if (base.start[i - 1] != '_')
            continue;
        closo_span ending = {base.start + i, base.length - i};
        if (ending.length == 0 || !is_unit(ending, other.unit) || *other.unit == '\0')
            break;
        guess_words(&other, (closo_span){base.start, i - 1}, true);
        break;
    }
    return other.quantity != CLOSO_QUANTITY_OTHER ? other : guess;
}

bool closo_name_split(const char *name, bool underscores, char words[64], char unit[64])
{
    closo_span base = closo_span_trim(closo_span_of(name));
    bool told = base.length <= 62 && (unit_in_brackets(&base, unit) ||
                                      unit_after(&base, '/', unit) || unit_after(&base, ',', unit));
    for (size_t i = base.length; underscores && !told && i > 1; i--) {
        if (base.start[i - 1] != '_')
            continue;
        told = i < base.length && is_unit((closo_span){base.start + i, base.length - i}, unit) &&
               *unit != '\0';
        if (told)
            base.length = i - 1;
        break;
    }
    if (!told)
        *unit = '\0';
    closo_name_words(base, words);
    return told;
}
