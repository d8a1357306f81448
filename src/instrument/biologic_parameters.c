/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_parameters.c: the parameter records of 'VMP Set' in the words of EC-Lab's text export. Numbers are worded with
 * EC-Lab's decimals, but with more where the stored float has more: "0.0278", where EC-Lab writes 0.028. */
#include "biologic_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 48, SEQUENCES_MAX = 200, TAIL_BYTES = 410 };

/* The records of a technique: sequence_count times the same parameters. */
typedef struct block {
    const closo_eclab_technique_layout *technique;
    size_t layout;
    const unsigned char *records;
    size_t offset; /* of the counts before the records, in the module */
    size_t sequence_count, record_bytes;
    uint16_t at[CLOSO_ECLAB_PARAMETERS_MAX]; /* offset of each parameter in a record */
} block;

/* ---- words ---- */

/* Words for codes, from text exports; NULL where none has been seen, then the code itself is given. "vs." 1 and 3 are
 * from BioLogic's manual. */
static const struct {
    closo_eclab_word word;
    const char *words[9];
} lists[] = {
    {CLOSO_WORD_VS_POTENTIAL, {"Eoc", "Ectrl", "Emeas", "Ei", "Ref"}},
    {CLOSO_WORD_VS_CURRENT, {NULL, NULL, "<None>"}},
    {CLOSO_WORD_UNIT_CURRENT, {"A", "mA", "µA", "nA", "pA"}},
    {CLOSO_WORD_UNIT_CHARGE, {"A.h", "mA.h", "µA.h", "nA.h", "pA.h"}},
    {CLOSO_WORD_UNIT_FREQUENCY, {"MHz", "kHz", "Hz", "mHz", "µHz"}},
    {CLOSO_WORD_UNIT_SCAN, {"V/s", "mV/s", "V/mn"}},
    {CLOSO_WORD_UNIT_CURRENT_SCAN, {"A/s", "mA/s"}},
    {CLOSO_WORD_SET_CURRENT, {"I", "C / N", "C x N"}},
    {CLOSO_WORD_SIGN, {"> 0", "< 0"}},
    {CLOSO_WORD_RECORD_CURRENT, {"I", "<I>"}},
    {CLOSO_WORD_RECORD_POTENTIAL, {"Ewe", "<Ewe>"}},
    {CLOSO_WORD_EIS_MODE, {"Single sine"}},
    {CLOSO_WORD_EIS_POINTS, {NULL, "per decade"}},
    {CLOSO_WORD_EIS_SPACING, {NULL, "Logarithmic"}},
    {CLOSO_WORD_EIS_AMPLITUDE, {"Ia"}},
    {CLOSO_WORD_BCD_LIMIT, {"Im"}},
    {CLOSO_WORD_ZIR_MODE, {"Software"}},
    {CLOSO_WORD_MB_CONTROL, {"CC", NULL, NULL, NULL, "Rest", "Loop", NULL, NULL, "PEIS"}},
    {CLOSO_WORD_MB_WHAT, {"current"}},
    {CLOSO_WORD_MB_DIRECTION, {"Charge", "Discharge"}},
    {CLOSO_WORD_MB_TRIGGER, {"Falling Edge"}},
    {CLOSO_WORD_MB_TIMEOUT, {"d"}},
    {CLOSO_WORD_MB_TYPE, {"Time", "Ewe", NULL, NULL, NULL, "|Q|"}},
    {CLOSO_WORD_MB_COMPARE, {">", "<"}},
    {CLOSO_WORD_MB_CHARGE, {"Q limit"}},
    {CLOSO_WORD_MB_ACTION, {"Next sequence"}},
};

static void print_code(uint32_t code, char text[WORD_BYTES])
{
    snprintf(text, WORD_BYTES, "%u", code);
}

static void print_listed(closo_eclab_word word, uint32_t code, char text[WORD_BYTES])
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i].word != word || code >= sizeof lists[i].words / sizeof *lists[i].words ||
            lists[i].words[code] == NULL)
            continue;
        snprintf(text, WORD_BYTES, "%s", lists[i].words[code]);
        return;
    }
    print_code(code, text);
}

/* The value with so many decimals where that says all a float can (10.000001 mV is 10 mV); otherwise the shortest digits
 * that give the same float. NaN is EC-Lab's "pass": not used. */
static void print_float(float value, size_t decimals, char text[WORD_BYTES])
{
    if (isnan(value)) {
        snprintf(text, WORD_BYTES, "pass");
        return;
    }
    static const double powers[] = {1, 10, 100, 1000, 10000};
    const double rounded = floor((double)value * powers[decimals] + 0.5) / powers[decimals];
    if (fabs(rounded - (double)value) <= 2e-7 * fabs((double)value))
        value = (float)rounded;
    char digits[32];
    size_t length = closo_number_print_f32(value, digits, sizeof digits);
    const char *point = strchr(digits, '.');
    size_t have = point != NULL ? length - (size_t)(point - digits) - 1 : 0;
    const bool plain = strpbrk(digits, "einf") == NULL;
    const char *zeros = "0000";
    size_t missing = plain && have < decimals ? decimals - have : 0;
    snprintf(text, WORD_BYTES, "%s%s%.*s", digits, missing != 0 && point == NULL ? "." : "",
             (int)missing, zeros);
}

static void print_duration(float seconds, char text[WORD_BYTES])
{
    if (!(seconds >= 0 && seconds < 1e9f)) {
        print_float(seconds, 4, text);
        return;
    }
    char rest[WORD_BYTES];
    double whole = floor((double)seconds / 60) * 60;
    print_float((float)((double)seconds - whole), 4, rest);
    snprintf(text, WORD_BYTES, "%d:%02d:%.20s", (int)(whole / 3600), (int)fmod(whole / 60, 60),
             rest);
}

static void print_date(closo_eclab_word word, float days, char text[WORD_BYTES])
{
    closo_mpr_date date;
    if (word == CLOSO_WORD_DATE && closo_mpr_date_of((double)days, &date)) {
        snprintf(text, WORD_BYTES, "%02d/%02d/%02d", date.month, date.day, date.year % 100);
    } else if (word == CLOSO_WORD_TIME_OF_DAY && days >= 0 && days < 1) {
        int second = (int)floor((double)days * 86400 + 0.5);
        snprintf(text, WORD_BYTES, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
    } else {
        print_float(days, 3, text);
    }
}

static void print_range(closo_eclab_word word, uint32_t code, char text[WORD_BYTES])
{
    size_t count = 0;
    const char *const *ranges = closo_eclab_current_ranges(&count);
    const uint32_t unset = 123;
    if (word == CLOSO_WORD_RANGE || code != unset)
        code++;
    if (code < count && code != 0)
        snprintf(text, WORD_BYTES, "%s", ranges[code]);
    else
        print_code(code - 1, text);
}

/* ---- reading records ---- */

static uint32_t raw_code(const block *found, size_t parameter, size_t sequence)
{
    const unsigned char *data =
        found->records + sequence * found->record_bytes + found->at[parameter];
    uint32_t code = 0;
    for (size_t i = found->technique->parameters[parameter].bytes[found->layout]; i-- > 0;)
        code = code << 8 | data[i];
    return code;
}

static float raw_float(const block *found, size_t parameter, size_t sequence)
{
    uint32_t bits = raw_code(found, parameter, sequence);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The code of the parameter of that name, or `otherwise` when the layout has none. */
static uint32_t code_of(const block *found, const char *name, size_t sequence, uint32_t otherwise)
{
    for (size_t i = 0; i < found->technique->parameter_count; i++)
        if (strcmp(found->technique->parameters[i].name, name) == 0)
            return found->technique->parameters[i].bytes[found->layout] != 0
                       ? raw_code(found, i, sequence)
                       : otherwise;
    return otherwise;
}

/* ---- Modulo Bat ---- */

enum { MB_CC = 0, MB_REST = 4, MB_LOOP = 5, MB_PEIS = 8 };

/* ctrl1 .. ctrl5 mean something else for each kind of control, and are blank where they mean nothing. Of a kind that no
 * text export has shown, the plain numbers are given. */
static void print_mb_control(const block *found, size_t parameter, size_t sequence,
                             char text[WORD_BYTES])
{
    static const char *const small_potentials[] = {"V", "mV"};
    const closo_eclab_parameter *about = &found->technique->parameters[parameter];
    const closo_eclab_word word = (closo_eclab_word)about->word;
    const uint32_t kind = code_of(found, "ctrl_type", sequence, UINT32_MAX);
    const int which = about->name[4] - '0'; /* ctrl2_val: 2 */
    const uint32_t code = raw_code(found, parameter, sequence);
    const bool known = kind == MB_CC || kind == MB_REST || kind == MB_LOOP || kind == MB_PEIS;
    const int used = kind == MB_REST ? 0 : kind == MB_PEIS ? 3 : known ? 1 : 5;
    text[0] = '\0';
    if (which > used)
        return;
    if (word == CLOSO_WORD_MB_VALUE)
        print_float(raw_float(found, parameter, sequence), 3, text);
    else if (!known)
        print_code(code, text);
    else if (kind == MB_CC)
        print_listed(word == CLOSO_WORD_MB_VS ? CLOSO_WORD_VS_CURRENT : CLOSO_WORD_UNIT_CURRENT,
                     code, text);
    else if (kind == MB_PEIS && word == CLOSO_WORD_MB_UNIT && which > 1)
        print_listed(CLOSO_WORD_UNIT_FREQUENCY, code, text);
    else if (kind == MB_PEIS && word == CLOSO_WORD_MB_UNIT && code < 2)
        snprintf(text, WORD_BYTES, "%s", small_potentials[code]);
    else if (kind == MB_PEIS && word == CLOSO_WORD_MB_UNIT)
        print_code(code, text);
}

/* The unit of lim1_value, rec1_value, ... goes by what is limited. */
static void print_mb_limit_unit(const block *found, size_t parameter, size_t sequence,
                                char text[WORD_BYTES])
{
    static const char *const times[] = {NULL, "h", "mn", "s"};
    static const char *const potentials[] = {"V", "mV"};
    const uint32_t code = raw_code(found, parameter, sequence);
    char type[16];
    snprintf(type, sizeof type, "%.4s_type", found->technique->parameters[parameter].name);
    const char *word = NULL;
    switch (code_of(found, type, sequence, UINT32_MAX)) {
    case 0:
        word = code < 4 ? times[code] : NULL;
        break;
    case 1:
        word = code < 2 ? potentials[code] : NULL;
        break;
    case 5:
        print_listed(CLOSO_WORD_UNIT_CHARGE, code, text);
        return;
    default:
        break;
    }
    if (word != NULL)
        snprintf(text, WORD_BYTES, "%s", word);
    else
        print_code(code, text);
}

/* ---- all parameters ---- */

static void print_parameter(const block *found, size_t parameter, size_t sequence,
                            char text[WORD_BYTES])
{
    const closo_eclab_word word = (closo_eclab_word)found->technique->parameters[parameter].word;
    if (word >= CLOSO_WORD_LISTS)
        print_listed(word, raw_code(found, parameter, sequence), text);
    else if (word >= CLOSO_WORD_DECIMALS_0 && word <= CLOSO_WORD_DECIMALS_4)
        print_float(raw_float(found, parameter, sequence), (size_t)(word - CLOSO_WORD_DECIMALS_0),
                    text);
    else if (word == CLOSO_WORD_DURATION)
        print_duration(raw_float(found, parameter, sequence), text);
    else if (word == CLOSO_WORD_DATE || word == CLOSO_WORD_TIME_OF_DAY)
        print_date(word, raw_float(found, parameter, sequence), text);
    else if (word == CLOSO_WORD_RANGE || word == CLOSO_WORD_RANGE_LIMIT)
        print_range(word, raw_code(found, parameter, sequence), text);
    else if (word == CLOSO_WORD_MB_LIMIT_UNIT)
        print_mb_limit_unit(found, parameter, sequence, text);
    else if (word == CLOSO_WORD_INTEGER)
        print_code(raw_code(found, parameter, sequence), text);
    else
        print_mb_control(found, parameter, sequence, text);
}

static uint32_t largest(const block *found, const char *name)
{
    uint32_t most = 0;
    for (size_t s = 0; s < found->sequence_count; s++) {
        uint32_t code = code_of(found, name, s, 0);
        most = code > most ? code : most;
    }
    return most;
}

/* Limits and records that no sequence uses are not shown, as in the text export. */
static bool is_hidden(const block *found, const char *name)
{
    const size_t length = strlen(name);
    if (strcmp(name, "lim_nb") == 0)
        return found->technique->parameters[0].word == CLOSO_WORD_EIS_MODE &&
               largest(found, "lim_nb") == 0;
    if (strncmp(name, "limit_", 6) == 0)
        return (uint32_t)(name[length - 1] - '0') > largest(found, "lim_nb");
    if (length < 5 || name[4] != '_' || name[3] < '1' || name[3] > '9')
        return false;
    if (strncmp(name, "lim", 3) == 0)
        return (uint32_t)(name[3] - '0') > largest(found, "lim_nb");
    return strncmp(name, "rec", 3) == 0 && (uint32_t)(name[3] - '0') > largest(found, "rec_nb");
}

static closo_status add_settings(closo_table *table, const block *found)
{
    char(*texts)[WORD_BYTES] =
        closo_arena_alloc(table->arena, found->sequence_count, sizeof *texts);
    const char **values = closo_arena_alloc(table->arena, found->sequence_count, sizeof *values);
    if (texts == NULL || values == NULL)
        return CLOSO_NOMEM;
    for (size_t s = 0; s < found->sequence_count; s++) {
        values[s] = texts[s];
        print_code((uint32_t)s, texts[s]);
    }
    if (found->sequence_count > 1 &&
        closo_table_add_setting(table, "Ns", values, found->sequence_count) != CLOSO_OK)
        return CLOSO_NOMEM;
    for (size_t i = 0; i < found->technique->parameter_count; i++) {
        const closo_eclab_parameter *about = &found->technique->parameters[i];
        if (about->bytes[found->layout] == 0 || is_hidden(found, about->name))
            continue;
        for (size_t s = 0; s < found->sequence_count; s++)
            print_parameter(found, i, s, texts[s]);
        if (closo_table_add_setting(table, about->name, values, found->sequence_count) != CLOSO_OK)
            return CLOSO_NOMEM;
    }
    return CLOSO_OK;
}

/* ---- finding the records ---- */

static uint32_t u16_at(const closo_mpr_module *module, size_t offset)
{
    return (uint32_t)(module->data[offset] | module->data[offset + 1] << 8);
}

/* Whether the two counts at `offset` say that records of this layout follow, and they fit into what is there. */
static bool fits_at(const closo_mpr_module *module, size_t offset, block *found)
{
    const size_t record = found->technique->layouts[found->layout].record_bytes;
    if (offset > module->length || module->length - offset < 4)
        return false;
    size_t sequences = u16_at(module, offset);
    if (sequences == 0 || sequences > SEQUENCES_MAX ||
        u16_at(module, offset + 2) != found->technique->layouts[found->layout].parameter_count ||
        module->length - offset - 4 < sequences * record)
        return false;
    found->offset = offset;
    found->sequence_count = sequences;
    found->record_bytes = record;
    found->records = module->data + offset + 4;
    return true;
}

/* In every file met, from 10.40 to 11.61, 410 bytes follow the last record. So the length of the module and a number of
 * sequences give the place of the counts, which must then be these. */
static bool find_by_length(const closo_mpr_module *module, block *found)
{
    const size_t record = found->technique->layouts[found->layout].record_bytes;
    for (size_t sequences = 1; sequences <= SEQUENCES_MAX; sequences++) {
        size_t behind = 4 + sequences * record + TAIL_BYTES;
        if (behind > module->announced)
            return false;
        if (fits_at(module, module->announced - behind, found) &&
            found->sequence_count == sequences)
            return true;
    }
    return false;
}

/* The places of the versions met, for a module whose length is not what it should be. */
static bool find_by_place(const closo_mpr_module *module, block *found)
{
    static const uint16_t places[] = {0x0572, 0x1845, 0x1846, 0x1847};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (fits_at(module, places[i], found))
            return true;
    return false;
}

static bool find_records(const closo_mpr_module *module, block *found)
{
    const closo_eclab_header_kind kind = module->new_header ? CLOSO_ECLAB_NEW : CLOSO_ECLAB_OLD;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < found->technique->layout_count; i++) {
            const closo_eclab_header_kind own = found->technique->layouts[i].header;
            found->layout = i;
            if ((own == kind || own == CLOSO_ECLAB_BOTH) &&
                (pass == 0 ? find_by_length(module, found) : find_by_place(module, found)))
                return true;
        }
    }
    return false;
}

closo_status closo_mpr_read_parameters(closo_mpr *mpr, const closo_mpr_module *module,
                                       const closo_eclab_technique_layout *technique)
{
    block found = {.technique = technique};
    if (!find_records(module, &found)) {
        closo_table_note(mpr->table,
                         "the parameters of this %s are written in a way closo does not know; its "
                         "settings (scan rate, limits, ...) are left out",
                         technique->short_name);
        return CLOSO_OK;
    }
    size_t at = 0;
    for (size_t i = 0; i < technique->parameter_count; i++) {
        found.at[i] = (uint16_t)at;
        at += technique->parameters[i].bytes[found.layout];
    }
    closo_status status = add_settings(mpr->table, &found);
    return status == CLOSO_OK ? closo_eclab_settings_metadata(mpr->table) : status;
}
