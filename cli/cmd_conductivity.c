/* SPDX-License-Identifier: BSD-3-Clause */
/* closo conductivity: the size of a pellet, and a resistance, with their errors. */
#include "cli.h"

#include "base/base_internal.h"
#include "closo/report.h"
#include "closo/transport.h"

#include <jansson.h>
#include <math.h>

/* A value with its unit and, perhaps, "+- sigma". An option that is not given leaves *value alone. */
static int take(const cli_call *call, const char *name, const char *unit, closo_value *value)
{
    closo_error error = {0};
    const char *text = cli_value(call, name);
    if (text == NULL)
        return EXIT_DONE;
    if (closo_value_parse(text, unit, value, &error) != CLOSO_OK)
        return cli_say_wrong("%s: %s", name, error.message);
    return EXIT_DONE;
}

static closo_value times(double factor, closo_value value)
{
    return (closo_value){factor * value.value, factor * value.sigma};
}

static int print_json(const closo_pellet_result *pellet, const closo_value *conductivity,
                      closo_arena *arena)
{
    json_t *object = json_object();
    bool fine =
        closo_json_value(object, "area_cm2", times(1e4, pellet->area_m2)) &&
        closo_json_value(object, "volume_cm3", times(1e6, pellet->volume_m3)) &&
        closo_json_value(object, "cell_constant_1_cm", times(1e-2, pellet->cell_constant_per_m)) &&
        closo_json_value(object, "density_g_cm3", times(1e-3, pellet->density_kg_per_m3)) &&
        closo_json_value(object, "relative_density", pellet->relative_density) &&
        (conductivity == NULL ||
         closo_json_value(object, "conductivity_S_cm", times(1e-2, *conductivity))) &&
        closo_json_notes(object, "warnings", &pellet->warnings);
    if (!fine) {
        json_decref(object);
        return cli_no_memory();
    }
    const char *text = closo_json_finish(object, arena);
    if (text == NULL)
        return cli_no_memory();
    fputs(text, stdout);
    return EXIT_DONE;
}

static void print_value(const char *what, closo_value value, const char *unit)
{
    char text[128];
    if (isfinite(value.value))
        printf("  %-18s %s\n", what, closo_value_text(value, unit, text, sizeof text));
}

static int run(const cli_call *call)
{
    const double nothing = NAN;
    closo_pellet pellet = {{0, nothing}, {0, nothing}, {0, nothing}, 0};
    closo_value resistance_ohm = {nothing, nothing}, conductivity, density = {0, 0};
    closo_pellet_result result;
    closo_error error = {0};
    int wrong = take(call, "--diameter", "m", &pellet.diameter_m);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--thickness", "m", &pellet.thickness_m);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--mass", "kg", &pellet.mass_kg);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--density", "kg/m3", &density);
    if (wrong == EXIT_DONE)
        wrong = take(call, "--resistance", "ohm", &resistance_ohm);
    if (wrong == EXIT_DONE && (!cli_given(call, "--diameter") || !cli_given(call, "--thickness")))
        wrong = cli_say_wrong("it wants --diameter and --thickness, such as --diameter '12 mm' "
                              "--thickness '0.60 +- 0.02 mm'");
    if (wrong != EXIT_DONE)
        return wrong;
    pellet.theoretical_density_kg_per_m3 = density.value;
    bool asked = cli_given(call, "--resistance");
    if (closo_pellet_work_out(&pellet, call->arena, &result, &error) != CLOSO_OK ||
        (asked && closo_conductivity_from_resistance(resistance_ohm, &pellet, &conductivity,
                                                     &error) != CLOSO_OK))
        return cli_fail(&error);
    if (cli_given(call, "--json"))
        return print_json(&result, asked ? &conductivity : NULL, call->arena);
    print_value("area", times(1e4, result.area_m2), "cm2");
    print_value("volume", times(1e6, result.volume_m3), "cm3");
    print_value("cell constant", times(1e-2, result.cell_constant_per_m), "1/cm");
    print_value("density", times(1e-3, result.density_kg_per_m3), "g/cm3");
    print_value("relative density", result.relative_density, "");
    if (asked)
        print_value("conductivity", times(1e-2, conductivity), "S/cm");
    cli_print_notes("warnings", &result.warnings);
    return EXIT_DONE;
}

static const cli_option options[] = {
    CLI_JSON,
    {"--resistance", "VALUE", "of the pellet, such as '850 +- 17 ohm'"},
    {"--diameter", "LENGTH", "such as '12 mm' or '12.00 +- 0.05 mm'"},
    {"--thickness", "LENGTH", "such as '0.60 +- 0.02 mm'"},
    {"--mass", "MASS", "such as '117 mg': gives the density"},
    {"--density", "DENSITY", "of the crystal, such as '1.15 g/cm3': gives the relative density"},
};

const cli_command cli_conductivity = {
    .name = "conductivity",
    .summary = "conductivity and density of a pellet from its size, weight and resistance",
    .inputs = "",
    .inputs_min = 0,
    .inputs_max = 0,
    .about =
        "Thickness / (area R), with the errors of all three, and the relative density. Says when a\n"
        "diameter looks like a radius. For resistances at several temperatures see closo arrhenius,\n"
        "which takes the size of the pellet too.",
    .example =
        "  closo conductivity --resistance '850 +- 17 ohm' --diameter '12 mm' --thickness '0.6 mm'",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
