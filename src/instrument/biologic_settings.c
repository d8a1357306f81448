/* SPDX-License-Identifier: BSD-3-Clause */
/* biologic_settings.c: the module 'VMP Set': the technique, and what was typed in about the sample. A value that is still
 * EC-Lab's default (0 or 0.001) was never typed in and is left out. */
#include "biologic_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TECHNIQUE_BCD = 0x88 }; /* only BT-Lab has it */

/* Offsets in the module, the same in all versions met. */
enum {
    SET_TECHNIQUE = 0x00,
    SET_COMMENTS = 0x07,     /* Pascal strings */
    SET_ACTIVE_MASS = 0x107, /* f32, mg */
    SET_ACTIVE_MASS_AT_X = 0x10b,
    SET_MOLAR_MASS = 0x10f, /* g/mol */
    SET_ION_MOLAR_MASS = 0x113,
    SET_X_START = 0x117,
    SET_ELECTRONS_PER_ION = 0x11b, /* u16 */
    SET_MATERIAL = 0x11e,
    SET_INITIAL_STATE = 0x16f,
    SET_ELECTROLYTE = 0x1c0,
    SET_AREA = 0x211, /* f32, cm2 */
    SET_REFERENCE = 0x215,
    SET_REFERENCE_POTENTIAL = 0x248, /* f32, V against the normal hydrogen electrode */
    SET_CHARACTERISTIC_MASS = 0x24c,
    SET_CHARACTERISTIC_MASS_UNIT = 0x251,
    SET_CAPACITY = 0x25c,
    SET_CAPACITY_UNIT = 0x260,
    SET_VOLUME = 0x265,
    SET_VOLUME_UNIT = 0x269
};

bool closo_mpr_f32(const closo_mpr_module *module, size_t offset, double *value)
{
    closo_bytes bytes = closo_bytes_of(module->data, module->length);
    closo_bytes_seek(&bytes, offset);
    *value = closo_bytes_f32(&bytes);
    return !bytes.overrun && isfinite(*value);
}

double closo_mpr_as_typed(double value)
{
    char digits[32];
    size_t length = closo_number_print_e(value, 6, digits, sizeof digits);
    double decimal = value;
    return closo_number_parse((closo_span){digits, length}, '.', &decimal) ? decimal : value;
}

/* False for EC-Lab's defaults. */
static bool typed_in(double value)
{
    return fabs(value) > 0 && fabs(value - 0.001) > 1e-9;
}

static closo_status keep_number(closo_mpr *mpr, const closo_mpr_module *module, size_t offset,
                                const char *key, const char *unit)
{
    double value;
    if (!closo_mpr_f32(module, offset, &value) || !typed_in(value))
        return CLOSO_OK;
    return closo_table_set_number(mpr->table, key, closo_mpr_as_typed(value), unit);
}

/* A number whose unit is a code at another offset. */
static closo_status keep_with_unit(closo_mpr *mpr, const closo_mpr_module *module, size_t offset,
                                   size_t unit_offset, const char *key)
{
    static const char *const masses[] = {"kg", "g", "mg", "µg"};
    static const char *const charges[] = {"A.h", "mA.h", "µA.h"};
    static const double from_mAh[] = {1e-3, 1,
                                      1e3}; /* a charge is stored in mA.h, its unit is for show */
    static const char *const volumes[] = {"m³", "cm³"};
    const bool is_mass = offset == SET_CHARACTERISTIC_MASS, is_charge = offset == SET_CAPACITY;
    const char *const *units = is_mass ? masses : is_charge ? charges : volumes;
    const size_t count = is_mass ? 4 : is_charge ? 3 : 2;
    double value;
    if (!closo_mpr_f32(module, offset, &value) || !typed_in(value) || unit_offset >= module->length)
        return CLOSO_OK;
    size_t code = module->data[unit_offset];
    if (code >= count) {
        closo_table_note(mpr->table,
                         "%s at byte 0x%zx has unit number %zu, which closo does not know; it is "
                         "left out",
                         key, module->offset + offset, code);
        return CLOSO_OK;
    }
    if (is_charge)
        value *= from_mAh[code];
    return closo_table_set_number(mpr->table, key, closo_mpr_as_typed(value), units[code]);
}

/* Lines of a comment end in CRLF. */
static closo_status keep_comments(closo_mpr *mpr, const closo_mpr_module *module)
{
    const char *text = closo_mpr_text(mpr, module, SET_COMMENTS);
    char *kept = text != NULL ? closo_arena_text(mpr->table->arena, text) : NULL;
    if (kept == NULL)
        return CLOSO_NOMEM;
    size_t length = 0;
    for (; *text != '\0'; text++) {
        if (*text == '\r' && text[1] == '\n')
            continue;
        if (*text == '\n' || *text == '\r')
            while (length != 0 && kept[length - 1] == ' ')
                length--;
        kept[length++] = *text == '\r' ? '\n' : *text;
    }
    kept[length] = '\0';
    return length != 0 ? closo_table_set_text(mpr->table, "comments", kept) : CLOSO_OK;
}

/* "SCE Saturated Calomel Electrode (0.241 V)", as the text export has it; the number is the potential against the normal
 * hydrogen electrode. */
static closo_status keep_reference(closo_mpr *mpr, const closo_mpr_module *module)
{
    const char *name = closo_mpr_text(mpr, module, SET_REFERENCE);
    double potential_V;
    if (name == NULL)
        return CLOSO_NOMEM;
    if (name[0] == '\0' || strncmp(name, "(unspecified)", 13) == 0)
        return CLOSO_OK;
    if (!closo_mpr_f32(module, SET_REFERENCE_POTENTIAL, &potential_V) || !(fabs(potential_V) < 100))
        return closo_table_set_text(mpr->table, "reference", name);
    const long millivolts = lround(potential_V * 1000);
    const char *text =
        closo_arena_printf(mpr->table->arena, "%s (%s%ld.%03ld V)", name, millivolts < 0 ? "-" : "",
                           labs(millivolts) / 1000, labs(millivolts) % 1000);
    if (text == NULL || closo_table_set_text(mpr->table, "reference", text) != CLOSO_OK)
        return CLOSO_NOMEM;
    return closo_table_set_number(mpr->table, "reference_potential",
                                  closo_mpr_as_typed(potential_V), "V");
}

/* EC-Lab's own value, with which its x and its DQ were computed. */
static const double ECLAB_FARADAY_C_per_mol = 96485.4;

bool closo_mpr_charge_per_x(const closo_mpr_module *module, double *charge_mAh)
{
    double mass_mg, molar, ion, x;
    if (!closo_mpr_f32(module, SET_ACTIVE_MASS, &mass_mg) ||
        !closo_mpr_f32(module, SET_MOLAR_MASS, &molar) ||
        !closo_mpr_f32(module, SET_ION_MOLAR_MASS, &ion) ||
        !closo_mpr_f32(module, SET_ACTIVE_MASS_AT_X, &x))
        return false;
    double electrons = module->data[SET_ELECTRONS_PER_ION] | module->data[SET_ELECTRONS_PER_ION + 1]
                                                                 << 8;
    *charge_mAh = electrons * ECLAB_FARADAY_C_per_mol * mass_mg / (3600 * (molar + x * ion));
    return isfinite(*charge_mAh) && *charge_mAh > 0;
}

/* The facts that turn charge into x of Na(x)CoO2. They mean something only where a mass was typed in. */
static closo_status keep_intercalation(closo_mpr *mpr, const closo_mpr_module *module)
{
    closo_table *table = mpr->table;
    double mass_mg, x, x_start, charge_mAh;
    if (module->length < SET_MATERIAL || !closo_mpr_f32(module, SET_ACTIVE_MASS, &mass_mg) ||
        !typed_in(mass_mg))
        return CLOSO_OK;
    closo_status status = keep_number(mpr, module, SET_ACTIVE_MASS, "active_mass", "mg");
    if (status == CLOSO_OK)
        status = keep_number(mpr, module, SET_MOLAR_MASS, "molar_mass", "g/mol");
    if (status == CLOSO_OK)
        status = keep_number(mpr, module, SET_ION_MOLAR_MASS, "ion_molar_mass", "g/mol");
    if (status == CLOSO_OK && closo_mpr_f32(module, SET_ACTIVE_MASS_AT_X, &x))
        status = closo_table_set_number(table, "active_mass_at_x", closo_mpr_as_typed(x), "");
    if (status == CLOSO_OK && closo_mpr_f32(module, SET_X_START, &x_start))
        status = closo_table_set_number(table, "x_start", closo_mpr_as_typed(x_start), "");
    double electrons = module->data[SET_ELECTRONS_PER_ION] | module->data[SET_ELECTRONS_PER_ION + 1]
                                                                 << 8;
    if (status == CLOSO_OK)
        status = closo_table_set_number(table, "electrons_per_ion", electrons, "");
    if (status == CLOSO_OK && closo_mpr_charge_per_x(module, &charge_mAh))
        status = closo_table_set_number(table, "charge_per_x", charge_mAh, "mA.h");
    return status;
}

static closo_status keep_sample(closo_mpr *mpr, const closo_mpr_module *module)
{
    closo_status status = keep_comments(mpr, module);
    if (status == CLOSO_OK)
        status = keep_intercalation(mpr, module);
    if (status == CLOSO_OK)
        status = closo_mpr_keep_text(mpr, module, SET_MATERIAL, "electrode_material");
    if (status == CLOSO_OK)
        status = closo_mpr_keep_text(mpr, module, SET_INITIAL_STATE, "initial_state");
    if (status == CLOSO_OK)
        status = closo_mpr_keep_text(mpr, module, SET_ELECTROLYTE, "electrolyte");
    if (status == CLOSO_OK)
        status = keep_reference(mpr, module);
    if (status == CLOSO_OK)
        status = keep_number(mpr, module, SET_AREA, "electrode_area", "cm²");
    if (status == CLOSO_OK)
        status = keep_with_unit(mpr, module, SET_CHARACTERISTIC_MASS, SET_CHARACTERISTIC_MASS_UNIT,
                                "characteristic_mass");
    if (status == CLOSO_OK)
        status = keep_with_unit(mpr, module, SET_CAPACITY, SET_CAPACITY_UNIT, "battery_capacity");
    if (status == CLOSO_OK)
        status = keep_with_unit(mpr, module, SET_VOLUME, SET_VOLUME_UNIT, "electrolyte_volume");
    return status;
}

closo_status closo_mpr_read_settings(closo_mpr *mpr, const closo_mpr_module *module)
{
    if (module->length == 0) {
        closo_table_note(mpr->table,
                         "module 'VMP Set' at byte 0x%zx is empty: the technique and its "
                         "settings are not known",
                         module->offset);
        return CLOSO_OK;
    }
    const uint8_t id = module->data[SET_TECHNIQUE];
    const closo_eclab_technique_layout *technique = closo_eclab_technique_by_id(id);
    mpr->is_bt_lab = id == TECHNIQUE_BCD;
    closo_status status = keep_sample(mpr, module);
    if (status != CLOSO_OK)
        return status;
    if (technique == NULL) {
        closo_table_note(mpr->table,
                         "the technique has number 0x%02x (byte 0x%zx), which closo does not know; "
                         "the points are read, the settings are left out",
                         id, module->offset);
        return CLOSO_OK;
    }
    mpr->table->technique = technique->short_name;
    status = closo_table_set_text(mpr->table, "technique", technique->name);
    return status == CLOSO_OK ? closo_mpr_read_parameters(mpr, module, technique) : status;
}
