/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_salt.c: an electrolyte with a salt that moves: its transport as constants or as columns
 * against concentration, and how much of it is in the separator. Effective / bulk = fraction^1.5, as in the composite. */
#include "cell_yaml.h"
#include "cycling/merit_yaml.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
enum { SEPARATOR_NODES = 10 };

/* ---- columns against concentration ---- */

typedef struct column {
    closo_bounds bounds;
    char *const *words;
    unsigned count;
    const double **place;
} column;

static closo_status take_column(closo_cell_loader *load, const column *at, size_t rows)
{
    const char *name = load->separator->name, *key = at->bounds.key;
    closo_error reason = {0};
    if (at->count == 0)
        return CLOSO_OK;
    if (at->count != rows)
        return closo_material_wrong(load, name, key,
                                    "the table has %zu concentrations and %u entries of this "
                                    "column",
                                    rows, at->count);
    double *values = closo_arena_alloc(load->arena, rows, sizeof *values);
    if (values == NULL)
        return closo_fail_nomem(load->error);
    for (size_t i = 0; i < rows; i++) {
        if (closo_quantity_parse(at->words[i], at->bounds.unit, &values[i], &reason) != CLOSO_OK)
            return closo_material_wrong(load, name, key, "%s", reason.message);
        if (!(values[i] >= at->bounds.least && values[i] <= at->bounds.most))
            return closo_material_wrong(load, name, key, "'%.60s' cannot be: %s", at->words[i],
                                        at->bounds.why);
    }
    *at->place = values;
    return CLOSO_OK;
}

static closo_status check_table(const closo_cell_loader *load, const closo_salt_table_yaml *yaml)
{
    const closo_salt *salt = &load->file->cell.salt;
    const char *name = load->separator->name;
    if ((yaml->source != NULL) + (yaml->fitted != NULL) + (yaml->assumed != NULL) != 1)
        return closo_material_wrong(load, name, "table",
                                    "it has to say where it is from: one of 'source', 'fitted' (to "
                                    "what) and 'assumed' (why)");
    for (size_t i = 1; i < salt->table_count; i++)
        if (!(salt->table_mol_per_m3[i] > salt->table_mol_per_m3[i - 1]))
            return closo_material_wrong(load, name, "concentration",
                                        "'%.60s' does not follow '%.60s': concentrations rise",
                                        yaml->concentration[i], yaml->concentration[i - 1]);
    double rest = salt->concentration_mol_per_m3;
    if (rest < salt->table_mol_per_m3[0] || rest > salt->table_mol_per_m3[salt->table_count - 1])
        return closo_material_wrong(
            load, name, "table", "the concentration at rest, %.4g mol/m3, is outside of it", rest);
    return CLOSO_OK;
}

/* The conductivity of the material is that at rest; a table that says otherwise is of another electrolyte. */
static closo_status check_conductivity(closo_cell_loader *load)
{
    const closo_salt *salt = &load->file->cell.salt;
    double told = load->file->cell.ion_conductivity_S_per_m.value;
    if (salt->table_S_per_m == NULL)
        return CLOSO_OK;
    size_t i = 1;
    while (i + 1 < salt->table_count && salt->table_mol_per_m3[i] < salt->concentration_mol_per_m3)
        i++;
    double width = salt->table_mol_per_m3[i] - salt->table_mol_per_m3[i - 1];
    double part = (salt->concentration_mol_per_m3 - salt->table_mol_per_m3[i - 1]) / width;
    double there = salt->table_S_per_m[i - 1] * (1 - part) + salt->table_S_per_m[i] * part;
    if (fabs(told / there - 1) > 0.05)
        return closo_material_wrong(load, load->separator->name, "conductivity",
                                    "%.4g S/m contradicts the table, which has %.4g S/m at the "
                                    "concentration at rest",
                                    told, there);
    return CLOSO_OK;
}

static closo_status take_table(closo_cell_loader *load, const closo_salt_table_yaml *yaml)
{
    closo_salt *salt = &load->file->cell.salt;
    const char *name = load->separator->name;
    if (yaml == NULL)
        return CLOSO_OK;
    if (yaml->concentration_count < 2)
        return closo_material_wrong(load, name, "table",
                                    "it wants two concentrations or more and a column beside them");
    salt->table_count = yaml->concentration_count;
    const column columns[] = {{{"concentration", "mol/m3", 0, 1e5, "0 to 100 mol/L"},
                               yaml->concentration,
                               yaml->concentration_count,
                               &salt->table_mol_per_m3},
                              {{"conductivity", "S/m", 1e-14, 1e5, "above 0, up to 1 kS/cm"},
                               yaml->conductivity,
                               yaml->conductivity_count,
                               &salt->table_S_per_m},
                              {{"diffusivity", "m2/s", 1e-20, 1e-4, "1e-20 to 1e-4 m2/s"},
                               yaml->diffusivity,
                               yaml->diffusivity_count,
                               &salt->table_m2_per_s},
                              {{"thermodynamic_factor", "1", 1e-3, 1e3, "0.001 to 1000"},
                               yaml->thermodynamic_factor,
                               yaml->thermodynamic_factor_count,
                               &salt->table_factor}};
    closo_status status = CLOSO_OK;
    for (size_t i = 0; i < COUNT(columns) && status == CLOSO_OK; i++)
        status = take_column(load, &columns[i], salt->table_count);
    if (status == CLOSO_OK)
        status = check_table(load, yaml);
    return status == CLOSO_OK ? check_conductivity(load) : status;
}

/* ---- the salt ---- */

static closo_status take_transport(closo_cell_loader *load, const closo_salt_yaml *yaml)
{
    closo_salt *salt = &load->file->cell.salt;
    const char *name = load->separator->name;
    closo_thermal_law *diffusivity = &salt->diffusivity_m2_per_s;
    bool tabled = yaml->table != NULL && yaml->table->diffusivity_count != 0;
    salt->thermodynamic_factor = 1;
    salt->insertion_exponent = salt->metal_exponent = 0.5;
    const closo_active_yaml *active = load->active;
    const closo_material_number numbers[] = {
        {name,
         yaml->concentration,
         {"concentration", "mol/m3", 0.1, 5e4, "0.1 mmol/L to 50 mol/L; is the unit right"},
         false,
         &salt->concentration_mol_per_m3,
         NULL},
        {name,
         yaml->transference,
         {"transference", "1", 0, 1, "0 to 1"},
         false,
         &salt->transference,
         NULL},
        {name,
         yaml->diffusivity,
         {"diffusivity", "m2/s", 1e-20, 1e-4, "1e-20 to 1e-4 m2/s; is the unit right"},
         tabled,
         &diffusivity->value,
         &diffusivity->energy_J_per_mol},
        {name,
         yaml->thermodynamic_factor,
         {"thermodynamic_factor", "1", 1e-3, 1e3, "0.001 to 1000"},
         true,
         &salt->thermodynamic_factor,
         NULL},
        {active != NULL ? active->name : name,
         active != NULL ? active->salt_exponent : NULL,
         {"salt_exponent", "1", 0, 3, "0 to 3"},
         true,
         &salt->insertion_exponent,
         NULL},
        {load->counter->name,
         load->counter->salt_exponent,
         {"salt_exponent", "1", 0, 3, "0 to 3"},
         true,
         &salt->metal_exponent,
         NULL}};
    closo_status status = closo_material_take(load, numbers, COUNT(numbers));
    return status == CLOSO_OK ? take_table(load, yaml->table) : status;
}

/* What the separator's words say; without a salt they have no meaning. */
static closo_status take_separator(closo_cell_loader *load, bool salted)
{
    const closo_separator_yaml *yaml = load->yaml->electrolyte;
    closo_salt *salt = &load->file->cell.salt;
    const closo_bounds fraction = {"fraction", "1", 1e-3, 1, "a share above 0 and at most 100 %"},
                       path = {"ion_path", "1", 1e-6, 1, "a share above 0 and at most 1"};
    load->section = "electrolyte";
    const char *key = yaml->fraction != NULL   ? "fraction"
                      : yaml->ion_path != NULL ? "ion_path"
                                               : "nodes";
    if (!salted && (yaml->fraction != NULL || yaml->ion_path != NULL || yaml->nodes != 0))
        return closo_cell_wrong(load, key,
                                "it belongs to an electrolyte with a salt that moves, and '%.60s' "
                                "has none; take it out",
                                load->separator->name);
    if (yaml->nodes > 1000)
        return closo_cell_wrong(load, "nodes", "%u are more than 1000; 10 is usual", yaml->nodes);
    if (!salted)
        return CLOSO_OK;
    size_t key_line = closo_merit_line(&load->text, "electrolyte", SIZE_MAX, "nodes");
    if (yaml->nodes == 0 && key_line != closo_merit_line(&load->text, "", SIZE_MAX, "electrolyte"))
        return closo_cell_wrong(load, "nodes", "0 of them cannot be; take it out for %d",
                                SEPARATOR_NODES);
    if (load->working_metal != NULL || load->counter->blocking)
        return closo_cell_wrong(load, "material",
                                "the salt of '%.60s' moves, and the model has that only between a "
                                "metal that plates and a composite or foil",
                                load->separator->name);
    salt->separator_nodes = yaml->nodes != 0 ? yaml->nodes : SEPARATOR_NODES;
    salt->separator_fraction = 1;
    closo_status status =
        closo_cell_take(load, yaml->fraction, &fraction, &salt->separator_fraction);
    salt->separator_path = pow(salt->separator_fraction, 1.5);
    return status == CLOSO_OK ? closo_cell_take(load, yaml->ion_path, &path, &salt->separator_path)
                              : status;
}

closo_status closo_salt_take(closo_cell_loader *load)
{
    const closo_salt_yaml *yaml = load->separator->salt;
    closo_cell_file *file = load->file;
    closo_status status = take_separator(load, yaml != NULL);
    if (status != CLOSO_OK || yaml == NULL)
        return status;
    bool foil = load->yaml->working_electrode->foil != NULL;
    file->cell.salt.composite_fraction = foil ? 1 : file->electrolyte_fraction;
    status = take_transport(load, yaml);
    if (status == CLOSO_OK && file->cell.salt.transference == 1)
        closo_notes_add(&file->notes, load->arena,
                        "the transference number of %s is 1: its salt does not move and is left "
                        "out",
                        load->separator->name);
    return status;
}
