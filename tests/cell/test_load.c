/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells in YAML: volumes, areas and conductivities against numbers worked out by hand from the papers; every slip against
 * its sentence and line. */
#include "support.h"

#include "base/base_internal.h"
#include "closo/cell.h"

#include <math.h>
#include <string.h>

static closo_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

static const closo_cell_file *parse(const char *text)
{
    closo_cell_file *file = NULL;
    closo_error error = {0};
    if (closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, &error) != CLOSO_OK)
        fail_msg("line %d: %s\n%s", (int)error.line, error.message, text);
    return file;
}

static const closo_cell_file *load_example(const char *name)
{
    closo_cell_file *file = NULL;
    closo_error error = {0};
    const char *path = closo_arena_printf(arena, "%s/examples/cells/%s", CLOSO_SOURCE_DIR, name);
    if (closo_cell_load(path, arena, &file, &error) != CLOSO_OK)
        fail_msg("%s, line %d: %s", name, (int)error.line, error.message);
    return file;
}

/* 2 mg of 70:20:10 on 12 mm, R. Asakura et al., Energy Environ. Sci. 13 (2020) 5048. */
static void swagelok_cell_of_chapter_5(void **state)
{
    (void)state;
    const closo_cell_file *file = load_example("chapter5-swagelok.yaml");
    const closo_cell *cell = &file->cell;
    assert_near(cell->area_m2, 1.130973e-4, 1e-10);
    assert_near(100 * file->composite_kg_per_m2, 2 / 1.130973, 1e-5); /* mg/cm2 */
    assert_near(100 * file->active_kg_per_m2, 1.2, 0.05);             /* as the paper rounds */
    assert_near(file->capacity_C_per_m2 / 3.6e4, 0.161,
                0.001); /* mAh/cm2: 130 mAh/g, as the paper has it */
    /* volumes of 1 g: 0.7/3.175 = 0.22047, 0.2/1.18 = 0.16949, 0.1/1.9 = 0.05263, together 0.44259 cm3 */
    assert_near(1e6 * cell->thickness_m, 17.6839 * 0.442595, 1e-3);
    assert_near(cell->active.volume_fraction, 0.22047 / 0.442595, 1e-4);
    assert_near(file->electrolyte_fraction, 0.16949 / 0.442595, 1e-4);
    assert_near(file->carbon_fraction, 0.05263 / 0.442595, 1e-4);
    assert_near(file->porosity, 0, 0);
    assert_near(cell->active.radius_m, 3e-6, 1e-15);
    assert_near(cell->active.sites_mol_per_m3, 15.4e3, 20);
    assert_near(cell->active.usable, 0.842, 1e-12);
    assert_near(cell->ion_path, 0.23698, 1e-4); /* 0.38295^1.5 */
    /* by bulk density: 0.625 of 0.625 + 0.22047 + 0.16949; percolation from 0.303 on */
    assert_near(file->carbon_apparent_fraction, 0.61577, 1e-4);
    assert_near(file->carbon_contact, 0.71997, 1e-4);              /* (0.31277 / 0.697)^0.41 */
    assert_near(cell->electron_conductivity_S_per_m, 201.37, 0.1); /* 1000 S/m times 0.44874^2 */
    assert_near(1e4 * file->carbon_area_m2, 0.2e-3 * 60e4, 1e-6);  /* 0.2 mg of 60 m2/g: 120 cm2 */
    double carbon = 0.71997 * 17.6839e-3 * 0.1 * 60e3;             /* m2 per m2 */
    assert_near(cell->carbon_area_per_m * cell->thickness_m, carbon, 0.02);
    double grains = 3 / 3e-6 * 17.6839e-3 * 0.7 / 3175 * 0.842;
    assert_near(file->surface_m2_per_m2, carbon + grains + 1, 0.02);
    /* 80 mg on 12 mm, 600 um of 1.2 mS/cm: R0 of about 50 ohm cm2, as measured */
    assert_near(cell->separator_m, 600e-6, 0);
    assert_near(1e4 * cell->separator_m / cell->ion_conductivity_S_per_m.value, 50, 0.1);
    /* 31 ohm cm2 after the rest of 12 h, 77 when the last spectrum of the stepwise test is taken */
    const double metal = 1e4 * cell->counter.resistance_ohm_m2.value,
                 per_root = 1e4 * sqrt(cell->counter.growth_ohm2_m4_per_s * 3600);
    assert_near(metal + per_root * sqrt(12), 31, 0.1);
    assert_near(metal + per_root * sqrt(582), 77, 0.2);
    assert_int_equal(cell->node_count, 5);
    assert_int_equal(file->experiment.step_count, 1 + 4 + 6 + 3);
    assert_int_equal(file->notes.count, 1); /* 3.45 V is from a sweep at 60 degC */
    assert_non_null(
        strstr(file->notes.texts[0], "the onset of [B12H12]2- in Na4(CB11H12)2(B12H12)"));
    assert_non_null(strstr(cell->source, "Na3(VOPO4)2F | Na4(CB11H12)2(B12H12) | Na"));
}

/* One electron of each anion of the composite, per gram of active material: 14.7 and 29.4 mAh/g (M = 519.81 g/mol); the second
 * gives more of them. */
static void reservoirs_follow_from_the_composition(void **state)
{
    (void)state;
    const closo_cell_file *file = load_example("chapter5-swagelok.yaml");
    const closo_cell *cell = &file->cell;
    static const double capacities_mAh_per_g[] = {14.7, 29.4};
    assert_int_equal(cell->anion_count, 2);
    for (size_t k = 0; k < 2; k++)
        assert_near(cell->anions[k].reservoir_C_per_m2 * file->surface_m2_per_m2 /
                        file->active_kg_per_m2 / 3600,
                    capacities_mAh_per_g[k] * cell->anions[k].electrons,
                    0.1 * cell->anions[k].electrons);
    assert_near(cell->anions[0].electrons, 1, 0);
    assert_near(cell->anions[1].electrons, 3.73, 0);
    assert_near(cell->wear.order, 3.69, 0);
    assert_string_equal(cell->anions[0].name, "[B12H12]2-");
    const double twice_V = 2 * CLOSO_GAS_J_per_mol_K * 333.15 / (0.606 * CLOSO_FARADAY_C_per_mol);
    assert_near(cell->anions[0].potential_V, 3.45 + twice_V, 1e-12); /* the middle of the rise */
    assert_near(cell->anions[0].gamma_V_m2_per_C, 1 / 6.31, 1e-12);
    assert_near(cell->anions[0].rate_V_per_s, 10e-6, 0);
    assert_near(cell->film.rho_ohm_m4_per_C, 8.59e-4, 1e-15);
    assert_near(cell->film.growth, 3.885, 0);
}

static void pressure_cell_of_chapter_5(void **state)
{
    (void)state;
    const closo_cell_file *file = load_example("chapter5-pressure.yaml");
    assert_near(1e4 * file->cell.area_m2, 1.2272, 1e-4); /* 1.23 cm2 in Table S1 */
    assert_near(100 * file->active_kg_per_m2, 8.0, 0.02);
    assert_near(file->capacity_C_per_m2 / 3.6e4, 1.04,
                0.002); /* mAh/cm2; 0.94 of it were measured */
    /* Table S1: 50 to 90 um */
    assert_near(1e6 * file->cell.thickness_m, 50.5, 0.2);
    /* 90 mg of 1.18 g/cm3: 500 to 600 um in Table S1 */
    assert_near(1e6 * file->cell.separator_m, 621.5, 0.5);
}

/* Carbon of chapter 4: fractions and surfaces as ACS Appl. Energy Mater. 2 (2019) 6924 has them. */
static void carbons_of_chapter_4(void **state)
{
    (void)state;
    static const struct {
        const char *carbon;
        double composite_mg, share, fraction, area_cm2;
    } cases[] = {{"Super P", 5, 0.25, 0.58, 725},
                 {"Super P", 2, 0.25, 0.58, 290},
                 {"Super P", 5, 0.10, 0.316, 290},
                 {"MCMB", 5, 0.25, 0.146, 15},
                 {"Ketjenblack EC-600JD", 5, 0.05, 0.242, 3405},
                 {"Super C65", 5, 0.25, 0.58, 750},
                 {"TIMREX KS6", 5, 0.25, 0.760, 200}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_cell_file *file = parse(closo_arena_printf(
            arena,
            "diameter: 12 mm\ntemperature: 60 degC\nworking_electrode:\n  mass: %g mg\n  parts:\n"
            "    - {role: electrolyte, material: LiBH4, share: %g %%}\n"
            "    - {role: carbon, material: %s, share: %g %%}\n"
            "electrolyte: {material: LiBH4, thickness: 1.1 mm}\ncounter_electrode: {material: Li}\n",
            cases[i].composite_mg, 100 - 100 * cases[i].share, cases[i].carbon,
            100 * cases[i].share));
        assert_near(file->carbon_apparent_fraction, cases[i].fraction, 0.002);
        assert_near(1e4 * file->carbon_area_m2, cases[i].area_cm2, 0.5);
        assert_near(file->cell.active.volume_fraction, 0, 0);
        assert_near(file->capacity_C_per_m2, 0, 0);
        assert_true(file->carbon_contact > 0.1 && file->carbon_contact < 1);
        assert_int_equal(file->notes.count, 0);
    }
    /* one electron for each [BH4]-, of 3.75 mg: 16.6 C */
    const closo_cell_file *file = load_example("chapter4-libh4-superp.yaml");
    const closo_cell *cell = &file->cell;
    assert_near(cell->anions[0].reservoir_C_per_m2 * file->surface_m2_per_m2 * cell->area_m2, 16.61,
                0.02);
    /* 1.29 nA/cm2 at 60 degC with 0.46 eV, at the reference of 25 degC */
    assert_near(cell->anions[0].j0_A_per_m2,
                1.29e-5 * exp(-0.46 / 8.617333e-5 * (1 / 298.15 - 1 / 333.15)), 1e-11);
    assert_near(cell->temperature_K, 333.15, 1e-9);
    assert_int_equal(file->experiment.step_count, 3);
}

static const char *with(const char *find, const char *put)
{
    static const char cell[] =
        "name: a cell\n"                                                            /* 1 */
        "diameter: 12 mm\n"                                                         /* 2 */
        "temperature: 25 degC\n"                                                    /* 3 */
        "nodes: 5\n"                                                                /* 4 */
        "working_electrode:\n"                                                      /* 5 */
        "  mass: 2 mg\n"                                                            /* 6 */
        "  parts:\n"                                                                /* 7 */
        "    - {role: active, material: Na3(VOPO4)2F, share: 70 %}\n"               /* 8 */
        "    - {role: electrolyte, material: Na4(CB11H12)2(B12H12), share: 20 %}\n" /* 9 */
        "    - {role: carbon, material: Super C65, share: 10 %}\n"                  /* 10 */
        "electrolyte:\n"                                                            /* 11 */
        "  material: Na4(CB11H12)2(B12H12)\n"                                       /* 12 */
        "  thickness: 600 um\n"                                                     /* 13 */
        "counter_electrode:\n"                                                      /* 14 */
        "  material: Na\n"                                                          /* 15 */
        "steps: |\n"                                                                /* 16 */
        "  charge at C/10 until 4.15 V\n"                                           /* 17 */
        "  discharge at C/10 until 2.5 V\n";                                        /* 18 */
    const char *at = strstr(cell, find);
    if (at == NULL)
        fail_msg("the test has no '%s'", find);
    return closo_arena_printf(arena, "%.*s%s%s", (int)(at - cell), cell, put, at + strlen(find));
}

#define RESIDUE                                        \
    "residues: [{name: r, share: {value: 1 %"          \
    ", assumed: x}, onset: {value: 3 V, assumed: x}, " \
    "transfer: {value: 0.5, assumed: x}, film_capacitance: {value: 1 F/m2, assumed: x}}]"

static void slips_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put;
        int line;
        const char *says[2];
    } cases[] = {
        {"name: a cell", "nmae: a cell", 1, {"did you mean 'name'"}},
        {"diameter: 12 mm\n", "", 0, {"diameter", "it is missing"}},
        {"diameter: 12 mm", "diameter: 12", 2, {"no unit", "12 mm"}},
        {"diameter: 12 mm", "diameter: 12 mg", 2, {"something else"}},
        {"diameter: 12 mm", "diameter: 12 km", 2, {"no cell is wider"}},
        {"diameter: 12 mm",
         "diameter: 12 mm\narea: 2 cm2",
         3,
         {"contradicts the diameter", "1.131"}},
        {"25 degC", "25 C", 3, {"something else", "60 degC"}},
        {"diameter: 12 mm", "diameter: 12 mm\ndiameter: 13 mm", 3, {"only once"}},
        {"  mass: 2 mg", "\tmass: 2 mg", 6, {"begins with a tab", "two blanks"}},
        {"25 degC", "25 \001degC", 3, {"control character"}},
        {"25 degC", "25 \260C", 3, {"not UTF-8", "save the file as UTF-8"}},
        {"  parts:", " parts:", 6, {"not YAML", "blanks at the beginning"}},
        {"discharge at C/10 until 2.5 V",
         "discharge at C/10 until 4.3 V",
         18,
         {"where line 17 leaves the cell"}},
        {"nodes: 5", "nodes: 5000", 4, {"more than 1000"}},
        {"nodes: 5", "nodes: 0", 4, {"0 of them cannot be", "10"}},
        {"nodes: 5", "shells: 0", 4, {"0 of them cannot be", "20"}},
        {"nodes: 5", "shells: 2", 4, {"between 3 and 1000"}},
        {"nodes: 5", "nodes: five", 4, {"whole number"}},
        {"mass: 2 mg", "mass: -2 mg", 6, {"larger than zero"}},
        {"mass: 2 mg", "mass: 2 kg", 6, {"mass", "783 cm thick"}},
        {"mass: 2 mg", "mass: 20 g", 6, {"mass", "7.83 cm thick"}},
        {"mass: 2 mg", "loading: 9 g/cm2", 6, {"loading", "thicker than 1 cm"}},
        {"mass: 2 mg", "mass: 2 mg\n  thickness: 2 cm", 7, {"thicker than 1 cm"}},
        {"thickness: 600 um", "mass: 2 kg", 13, {"mass", "thicker than 10 cm"}},
        {"mass: 2 mg", "mass: 0 mg", 6, {"larger than zero"}},
        {"mass: 2 mg", "mass: 2 mm", 6, {"something else"}},
        {"  mass: 2 mg\n", "", 5, {"mass", "it is missing"}},
        {"mass: 2 mg", "loading: 1.2 kg/cm2", 6, {"10 g/cm2"}},
        {"mass: 2 mg", "mass: 2 mg\n  loading: 2 mg/cm2", 7, {"contradicts the mass", "1.238"}},
        {"mass: 2 mg", "mass: 2 mg\n  thickness: 5 um", 7, {"no room for the masses", "7.83 um"}},
        {"mass: 2 mg",
         "mass: 2 mg\n  thickness: 9 um\n  porosity: 10 %",
         8,
         {"leave one of the two"}},
        {"mass: 2 mg", "mass: 2 mg\n  porosity: 120 %", 7, {"0 to 95"}},
        {"mass: 2 mg", "foil: Pt", 6, {"no parts"}},
        {"share: 70 %", "share: 60 %", 7, {"add up to 90 %"}},
        {"share: 70 %", "share: 170 %", 8, {"at most 100 %"}},
        {"share: 70 %", "mass: 1.4 mg", 9, {"every part"}},
        {"role: active", "role: actvie", 8, {"write active"}},
        {"role: carbon", "role: active", 10, {"two parts that are active"}},
        {"share: 70 %", "share: 70 %, contact: 5 %", 8, {"belongs to the carbon"}},
        {"share: 10 %", "share: 10 %, usable: 5 %", 10, {"belongs to the active material"}},
        {"share: 70 %", "share: 70 %, usable: 0 %", 8, {"above 0"}},
        {"share: 70 %", "share: 70 %, potential_at_start: 200 V", 8, {"up to 20 V"}},
        {"share: 70 %", "share: 70 %, potential_at_start: -19 V", 8, {"none that the open"}},
        {"share: 70 %", "share: 70 %, potential_at_start: 5.8 V", 8, {"none that the open"}},
        {"  mass: 2 mg", "  mass: 2 mg\n  potential_at_start: 2.4 V", 7, {"among the words"}},
        {"share: 70 %",
         "share: 70 %, potential_at_start: 2.4 V, filled_at_start: 99 %",
         8,
         {"leave one of the two out"}},
        {"share: 10 %",
         "share: 10 %, potential_at_start: 2.4 V",
         10,
         {"belongs to the active material"}},
        {"Na3(VOPO4)2F", "Na3(VOPO4)2", 8, {"no active material", "did you mean 'Na3(VOPO4)2F'"}},
        {"share: 20 %", "share: 20 %, " RESIDUE, 9, {"residues", "without wear"}},
        {"share: 10 %", "share: 10 %, " RESIDUE, 10, {"belongs to the electrolyte"}},
        {"Super C65", "graphene", 10, {"no carbon 'graphene'", "TIMREX KS6"}},
        {"material: Na4(CB11H12)2(B12H12), share",
         "material: LiBH4, share",
         9,
         {"another electrolyte"}},
        {"  thickness: 600 um\n", "", 11, {"thickness", "it is missing"}},
        {"thickness: 600 um",
         "thickness: 600 um\n  mass: 200 mg",
         13,
         {"no room for '200 mg'", "1499 um"}},
        {"material: Na\n", "material: Li\n", 15, {"conducts Na"}},
        {"material: Na\n", "material: Na\n  resistance: 31 ohm\n", 16, {"something else"}},
        {"material: Na\n", "material: Na\n  thickness: 1 mm\n", 16, {"thickness"}},
        {"charge at C/10 until 4.15 V", "charge at C/10", 17, {"steps", "never ends"}},
        {"until 2.5 V", "until 5 V", 18, {"out of order", "line 1"}},
        {"steps: |\n  charge at C/10 until 4.15 V\n  discharge at C/10 until 2.5 V\n",
         "steps: rest",
         16,
         {"steps", "never ends"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = with(cases[i].find, cases[i].put);
        closo_cell_file *file = NULL;
        closo_error error = {0};
        closo_status status =
            closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, &error);
        if (status != CLOSO_FORMAT)
            fail_msg("'%s' gave %s", cases[i].put, closo_status_text(status));
        assert_null(file);
        assert_string_equal(error.file, "cell.yaml");
        if (error.line != cases[i].line)
            fail_msg("'%s': line %d: %s", cases[i].put, (int)error.line, error.message);
        for (size_t k = 0; k < 2 && cases[i].says[k] != NULL; k++)
            if (strstr(error.message, cases[i].says[k]) == NULL)
                fail_msg("'%s': does not say \"%s\": %s", cases[i].put, cases[i].says[k],
                         error.message);
    }
}

static const char own_carbon[] = "  carbons:\n"
                                 "    - name: my black\n"
                                 "      surface: {value: 100 m2/g, source: own BET}\n"
                                 "      bulk_density: {value: 0.2 g/cm3, source: own}\n"
                                 "      density: {value: 2 g/cm3, source: own}\n"
                                 "      conductivity: {value: 10 S/cm, assumed: as others}\n"
                                 "      double_layer: {value: 10 uF/cm2, fitted: own sweeps}\n";

/* Of two ways to say how fast an anion is oxidised, none is passed over in silence. */
static void anions_do_not_contradict_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *words, *says;
    } cases[] = {
        {"film_capacitance: {value: 2 F/m2, energy: 0.3 eV, assumed: x}", NULL},
        {"film_capacitance: {value: 2 F/m2, assumed: x}, rate: {value: 1 mV/s, assumed: x}", NULL},
        {"film_capacitance: {value: 2 F/m2, assumed: x}, exchange_current: {value: 1 nA/cm2, "
         "energy: 0.3 eV, assumed: x}",
         NULL},
        {"film_capacitance: {value: 2 F/m2, energy: 0.3 eV, assumed: x}, exchange_current: {value: "
         "1 nA/cm2, assumed: x}",
         "the energy belongs to the exchange_current of BH4"},
        {"exchange_current: {value: 1 nA/cm2, assumed: x}, rate: {value: 1 mV/s, assumed: x}",
         "the reversible potential, which has no scan rate"},
        {"electrons: {value: 1, assumed: x}", "wants a film_capacitance"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = closo_arena_printf(
            arena,
            "%smaterials:\n  electrolytes:\n    - name: Na4(CB11H12)2(B12H12)\n      cation: Na\n"
            "      molar_mass: {value: 100 g/mol, assumed: x}\n"
            "      density: {value: 1.2 g/cm3, assumed: x}\n"
            "      conductivity: {value: 1 mS/cm, assumed: x}\n"
            "      anions: [{name: BH4, count: 1, onset: {value: 3 V, assumed: x}, transfer: "
            "{value: 0.5, assumed: x}, %s}]\n",
            with("nodes: 5", "nodes: 4"), cases[i].words);
        closo_cell_file *file = NULL;
        closo_error error = {0};
        closo_status status =
            closo_cell_parse("cell.yaml", text, strlen(text), arena, &file, &error);
        if (status != (cases[i].says == NULL ? CLOSO_OK : CLOSO_FORMAT))
            fail_msg("'%s': %s", cases[i].words, error.message);
        if (cases[i].says != NULL && strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].says, error.message);
    }
}

static void materials_of_ones_own(void **state)
{
    (void)state;
    const char *text = closo_arena_printf(
        arena, "%smaterials:\n%s", with("material: Super C65", "material: my black"), own_carbon);
    const closo_cell_file *file = parse(text);
    assert_near(file->carbon_area_m2, 0.2e-6 * 100e3, 1e-12);
    assert_near(file->cell.carbon_double_layer_F_per_m2, 0.1, 1e-12);
    assert_non_null(strstr(file->cell.source, "the description"));
    static const struct {
        const char *find, *put, *says;
    } cases[] = {{", source: own BET", "", "does not say where it is from"},
                 {"source: own BET", "source: own BET, fitted: x", "not 2"},
                 {"100 m2/g", "100 m2", "something else"},
                 {"100 m2/g", "1e9 m2/g", "4000"},
                 {"source: own BET", "source: own BET, energy: 0.3 eV", "take 'energy' out"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = strstr(text, cases[i].find);
        const char *wrong = closo_arena_printf(arena, "%.*s%s%s", (int)(at - text), text,
                                               cases[i].put, at + strlen(cases[i].find));
        closo_cell_file *none = NULL;
        closo_error error = {0};
        assert_int_equal(closo_cell_parse("cell.yaml", wrong, strlen(wrong), arena, &none, &error),
                         CLOSO_FORMAT);
        assert_int_equal(error.line, 22);
        if (strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].put, error.message);
    }
}

/* X(60 degC) = X(25 degC) exp(E/R (1/298.15 - 1/333.15)); the cell keeps numbers at 25 degC. */
static void numbers_are_brought_to_the_reference_temperature(void **state)
{
    (void)state;
    static const char electrolyte[] =
        "materials:\n  electrolytes:\n    - name: warm\n      cation: Na\n"
        "      molar_mass: {value: 100 g/mol, source: own}\n"
        "      density: {value: 1 g/cm3, source: own}\n"
        "      conductivity: {value: 2 mS/cm, at: 60 degC, energy: %s, source: own}\n";
    for (int kilojoule = 0; kilojoule < 2; kilojoule++) {
        const closo_cell_file *file = parse(closo_arena_printf(
            arena,
            "diameter: 10 mm\ntemperature: 60 degC\nworking_electrode: {foil: Pt}\n"
            "electrolyte: {material: warm, thickness: 1 mm}\ncounter_electrode: {material: Na}\n%s",
            closo_arena_printf(arena, electrolyte, kilojoule ? "38.594 kJ/mol" : "0.4 eV")));
        const closo_thermal_law *law = &file->cell.ion_conductivity_S_per_m;
        assert_near(law->energy_J_per_mol, 38594.1, 1);
        assert_near(law->value * exp(38594.1 / 8.314462618 * (1 / 298.15 - 1 / 333.15)), 0.2, 1e-4);
        assert_int_equal(file->cell.anion_count, 0);
    }
    /* without an energy the number stays, and a note says so: Na's resistance was measured at 25 degC */
    const closo_cell_file *file = parse(with("25 degC", "60 degC"));
    assert_true(file->notes.count >= 1);
    assert_non_null(strstr(file->notes.texts[0], "no energy of activation"));
}

static void foils_and_masses_of_parts(void **state)
{
    (void)state;
    const closo_cell_file *foil =
        parse("diameter: 12 mm\ntemperature: 60 degC\nworking_electrode: {foil: Pt}\n"
              "electrolyte: {material: LiBH4, mass: 80 mg}\ncounter_electrode: {material: Li}\n"
              "steps: sweep to 4 V at 10 uV/s");
    assert_int_equal(foil->cell.node_count, 1);
    assert_near(foil->surface_m2_per_m2, 1, 0);
    assert_near(foil->cell.carbon_area_per_m, 0, 0);
    /* no electrolyte in the electrode: what lies behind it is without end */
    assert_near(foil->cell.anions[0].reservoir_C_per_m2, 0, 0);
    assert_near(1e3 * foil->cell.separator_m, 80e-3 / 0.666 / 1.130973 * 10, 1e-4);
    assert_int_equal(foil->experiment.step_count, 1);
    const closo_cell_file *shares = parse(with("name", "name"));
    const closo_cell_file *masses =
        parse("diameter: 12 mm\nworking_electrode:\n  parts:\n"
              "    - {role: active, material: Na3(VOPO4)2F, mass: 1.4 mg}\n"
              "    - {role: electrolyte, material: Na4(CB11H12)2(B12H12), mass: 0.4 mg}\n"
              "    - {role: carbon, material: Super C65, mass: 0.2 mg}\n"
              "electrolyte: {material: Na4(CB11H12)2(B12H12), thickness: 600 um}\n"
              "counter_electrode: {material: Na, resistance: 50 ohm cm2, growth: 0 ohm2 cm4/h}\n");
    assert_near(masses->cell.thickness_m, shares->cell.thickness_m, 1e-15);
    assert_near(masses->cell.carbon_area_per_m, shares->cell.carbon_area_per_m, 1);
    assert_near(1e4 * masses->cell.counter.resistance_ohm_m2.value, 50, 1e-9);
    assert_near(masses->cell.counter.growth_ohm2_m4_per_s, 0, 0);
    /* a thickness gives the pores */
    const closo_cell_file *porous = parse(with("mass: 2 mg", "mass: 2 mg\n  thickness: 12 um"));
    assert_near(porous->porosity, 1 - 7.8270 / 12, 1e-4);
    assert_near(porous->electrolyte_fraction, 0.38295 * 7.8270 / 12, 1e-4);
}

/* A metal that passes no ions: nothing to say of two of them, but a composite wants another. */
static void blocking_counter_electrodes_are_noted(void **state)
{
    (void)state;
    const closo_cell_file *composite = parse(with("material: Na\n", "material: Cu\n"));
    bool told = false;
    for (size_t i = 0; i < composite->notes.count; i++)
        told = told || strstr(composite->notes.texts[i], "Cu blocks ions") != NULL;
    assert_true(told);
    const closo_cell_file *two =
        parse("diameter: 12 mm\nworking_electrode: {metal: Cu}\n"
              "electrolyte: {material: Na4(CB11H12)2(B12H12), thickness: 600 um}\n"
              "counter_electrode: {material: Cu}\n");
    for (size_t i = 0; i < two->notes.count; i++)
        assert_null(strstr(two->notes.texts[i], "blocks ions"));
}

/* Open circuit: 3.8 + 0.2 tanh((0.5 - y) / 0.015) + 0.0845 (0.5 - y) + 0.4 RT/F ln((1 - y) / y). */
static void open_circuit_has_its_plateaus(void **state)
{
    (void)state;
    const closo_equilibrium *curve =
        &load_example("chapter5-swagelok.yaml")->cell.active.equilibrium;
    assert_true(curve->count > 100);
    for (size_t i = 0; i < curve->count; i++) {
        double y = curve->filled[i];
        double expected = 3.8 + 0.2 * tanh((0.5 - y) / 0.015) + 0.0845 * (0.5 - y) +
                          0.4 * 8.314462618 * 298.15 / 96485.332 * log((1 - y) / y);
        assert_near(curve->potential_V[i], expected, 1e-9);
        if (i > 0)
            assert_true(y > curve->filled[i - 1] &&
                        curve->potential_V[i] < curve->potential_V[i - 1]);
    }
    assert_near(curve->filled[0], 1e-6, 2e-8);
}

/* The parameters of S. Xu et al. (2019): 48230 mol/m3 of sites, 0.518 of 42 um; 0.331 of electrolyte; 1 mol/L, t+ = 0.38. */
static void half_cell_with_a_salt(void **state)
{
    (void)state;
    const closo_cell *cell = &load_example("lithium-half-cell.yaml")->cell;
    const closo_salt *salt = &cell->salt;
    assert_near(cell->active.sites_mol_per_m3, 48230, 0.1);
    assert_near(cell->active.volume_fraction, 0.518, 1e-6);
    assert_near(salt->composite_fraction, 0.331, 1e-6);
    assert_near(cell->ion_path, pow(0.331, 1.5), 1e-7);
    assert_near(salt->concentration_mol_per_m3, 1000, 1e-9);
    assert_near(salt->transference, 0.38, 0);
    assert_near(salt->separator_path, pow(0.39, 1.5), 1e-12);
    assert_int_equal(salt->separator_nodes, 10);
    assert_int_equal(salt->table_count, 36);
    assert_near(salt->table_m2_per_s[20], 3.22272e-10,
                1e-15); /* 10^(-4.43 - 54/64.15 - 0.22) cm2/s */
    assert_null(salt->table_factor);
    assert_near(salt->metal_exponent, 0.3, 0);
    assert_near(cell->counter.exchange_current_A_per_m2.value,
                3.5e-8 * 96485.33 * pow(1 / 13e-6, 0.7) * pow(1000, 0.3), 1e-4);
}

static void slips_of_a_salt_are_named(void **state)
{
    (void)state;
    unsigned char *bytes;
    size_t size;
    static const struct {
        const char *find, *put, *says;
    } cases[] = {
        {"value: 0.38,", "value: 1.38,", "0 to 1"},
        {"value: 1 mol/L", "value: 1 mol/kg", "something else"},
        {"value: 1 mol/L", "value: 9 mol/L", "outside of it"},
        {"value: 1.19433 S/m", "value: 2.4 S/m", "contradicts the table, which has 1.194"},
        {"[1 mol/m3, 50", "[1 mol/m3, 0.5", "concentrations rise"},
        {"[1 mol/m3, ", "[", "35 concentrations and 36 entries"},
        {"source: eqs. 14 and 17", "fitted: to, source: eqs", "FORMAT"},
        {"  fraction: 39 %", "  fraction: 390 %", "at most 100 %"},
        {"  nodes: 10", "  nodes: 5000", "more than 1000"},
        {"  nodes: 10", "  nodes: 0", "0 of them cannot be"},
        {"      salt:", "      slat:", "did you mean 'salt'"},
    };
    const char *path =
        closo_arena_printf(arena, "%s/examples/cells/lithium-half-cell.yaml", CLOSO_SOURCE_DIR);
    assert_int_equal(closo_file_read(path, 1 << 20, arena, &bytes, &size, NULL), CLOSO_OK);
    const char *text = closo_arena_printf(arena, "%.*s", (int)size, (const char *)bytes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = strstr(text, cases[i].find);
        if (at == NULL)
            fail_msg("the example has no '%s'", cases[i].find);
        const char *wrong = closo_arena_printf(arena, "%.*s%s%s", (int)(at - text), text,
                                               cases[i].put, at + strlen(cases[i].find));
        closo_cell_file *none = NULL;
        closo_error error = {0};
        assert_int_equal(closo_cell_parse("cell.yaml", wrong, strlen(wrong), arena, &none, &error),
                         CLOSO_FORMAT);
        assert_true(error.line > 0);
        if (strcmp(cases[i].says, "FORMAT") != 0 && strstr(error.message, cases[i].says) == NULL)
            fail_msg("'%s': %s", cases[i].put, error.message);
    }
    /* words of a salt where there is none */
    const char *dry = with("thickness: 600 um", "thickness: 600 um\n  fraction: 40 %");
    closo_cell_file *none = NULL;
    closo_error error = {0};
    assert_int_equal(closo_cell_parse("cell.yaml", dry, strlen(dry), arena, &none, &error),
                     CLOSO_FORMAT);
    assert_int_equal(error.line, 14);
    assert_non_null(strstr(error.message, "has none; take it out"));
}

static void all_examples_and_all_materials_load(void **state)
{
    (void)state;
    assert_int_equal(load_example("chapter5-stepwise.yaml")->experiment.step_count,
                     2 + 8 * (6 + 6));
    static const char *const electrolytes[][2] = {
        {"Na4(CB11H12)2(B12H12)", "Na"}, {"Na2B12H12", "Na"}, {"LiBH4", "Li"}};
    for (size_t i = 0; i < 3; i++) {
        const closo_cell_file *file = parse(closo_arena_printf(
            arena,
            "diameter: 12 mm\ntemperature: 60 degC\nworking_electrode: {foil: Pt}\n"
            "electrolyte: {material: %s, thickness: 1 mm}\ncounter_electrode: {material: %s}\n",
            electrolytes[i][0], electrolytes[i][1]));
        assert_true(file->cell.anion_count >= 1);
    }
}

static void no_memory_is_said(void **state)
{
    (void)state;
    const char *text = with("name", "name");
    for (size_t i = 0; i < 400; i += 7) {
        closo_arena *small = closo_arena_new(0);
        closo_cell_file *file;
        closo_arena_fail_after(small, i);
        closo_status status = closo_cell_parse("cell.yaml", text, strlen(text), small, &file, NULL);
        assert_true(status == CLOSO_OK || status == CLOSO_NOMEM);
        closo_arena_free(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swagelok_cell_of_chapter_5),
        cmocka_unit_test(reservoirs_follow_from_the_composition),
        cmocka_unit_test(pressure_cell_of_chapter_5),
        cmocka_unit_test(carbons_of_chapter_4),
        cmocka_unit_test(slips_are_named),
        cmocka_unit_test(anions_do_not_contradict_themselves),
        cmocka_unit_test(materials_of_ones_own),
        cmocka_unit_test(numbers_are_brought_to_the_reference_temperature),
        cmocka_unit_test(foils_and_masses_of_parts),
        cmocka_unit_test(blocking_counter_electrodes_are_noted),
        cmocka_unit_test(open_circuit_has_its_plateaus),
        cmocka_unit_test(half_cell_with_a_salt),
        cmocka_unit_test(slips_of_a_salt_are_named),
        cmocka_unit_test(all_examples_and_all_materials_load),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
