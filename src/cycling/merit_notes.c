/* SPDX-License-Identifier: BSD-3-Clause */
/* merit_notes.c: what a careful colleague would say to the figures. */
#include "merit_internal.h"

#include <math.h>

static double shown(const closo_merit *merit, closo_merit_figure figure)
{
    return merit->figures[figure].value * closo_merit_figure_name(figure).shown_factor;
}

/* Which masses the cell's energy holds, and which it does not. */
static void about_the_cell(closo_merit *merit, closo_arena *arena)
{
    const closo_merit_cell *cell = merit->cell;
    if (isnan(merit->figures[CLOSO_MERIT_ENERGY_CELL].value) &&
        !isnan(merit->figures[CLOSO_MERIT_ENERGY_WITHOUT_ANODE].value))
        closo_notes_add(&merit->notes, arena,
                        "the anode's mass is not said: %.4g Wh/kg of cathode and electrolyte is an "
                        "upper bound for the cell",
                        shown(merit, CLOSO_MERIT_ENERGY_WITHOUT_ANODE));
    if (!isnan(merit->figures[CLOSO_MERIT_ENERGY_CELL].value) && cell->extra_count == 0)
        closo_notes_add(&merit->notes, arena,
                        "'cell' is cathode, electrolyte and anode; current collectors and housing "
                        "are not weighed in");
    double implied = merit->figures[CLOSO_MERIT_IMPLIED_ANODE_MASS].value;
    if (implied < 0)
        closo_notes_add(&merit->notes, arena,
                        "the reported energy of the cell cannot be: cathode and electrolyte alone "
                        "weigh %.3g mg too much for it",
                        -1e6 * implied);
    else if (isfinite(implied) && !isnan(merit->figures[CLOSO_MERIT_ENERGY_CELL].value) &&
             fabs(implied - merit->figures[CLOSO_MERIT_ANODE_MASS].value) <
                 0.02 * merit->figures[CLOSO_MERIT_ANODE_MASS].value)
        closo_notes_add(&merit->notes, arena,
                        "the anode's mass is the one that the reported energy of the cell implies: "
                        "if it was taken from there, that energy is no check");
    closo_value energy = merit->figures[CLOSO_MERIT_ENERGY_COMPOSITE];
    const closo_merit_target *target = merit->targets[CLOSO_MERIT_ENERGY_CELL];
    if (target != NULL && energy.value < target->value)
        closo_notes_add(&merit->notes, arena,
                        "no electrolyte is thin enough and no loading high enough for %.4g Wh/kg: "
                        "the composite alone has %.4g Wh/kg",
                        target->value / 3600, energy.value / 3600);
}

static void about_the_result(closo_merit *merit, closo_arena *arena)
{
    const closo_merit_cell *cell = merit->cell;
    double share = merit->figures[CLOSO_MERIT_CAPACITY_SHARE].value;
    if (share > 1)
        closo_notes_add(&merit->notes, arena,
                        "the capacity is %.4g %% of the theoretical one: more than the active "
                        "material holds; the mass, or something else that reacts (the electrolyte, "
                        "the carbon)?",
                        100 * share);
    if (merit->figures[CLOSO_MERIT_ENERGY_EFFICIENCY].value > 1)
        closo_notes_add(&merit->notes, arena,
                        "the energy efficiency is above 100 %%: the discharge gave back more than "
                        "this charge put in; look at the cycle before");
    closo_value resistance = merit->figures[CLOSO_MERIT_RESISTANCE];
    double electrolyte = merit->figures[CLOSO_MERIT_ELECTROLYTE_RESISTANCE].value;
    if (electrolyte > resistance.value + (resistance.sigma > 0 ? 2 * resistance.sigma : 0))
        closo_notes_add(&merit->notes, arena,
                        "the electrolyte alone (thickness / conductivity) has %.3g ohm cm2, more "
                        "than the internal resistance: is the conductivity that of the pressed "
                        "layer at this temperature?",
                        1e4 * electrolyte);
    if (isnan(cell->result.rate_per_h.value) && isnan(cell->result.current_A_per_m2.value))
        closo_notes_add(&merit->notes, arena,
                        "neither rate nor current is said: capacities and energies of a slower "
                        "discharge are larger");
}

static void about_the_layers(closo_merit *merit, closo_arena *arena)
{
    double density = merit->figures[CLOSO_MERIT_CATHODE_DENSITY].value;
    double porosity = merit->figures[CLOSO_MERIT_CATHODE_POROSITY].value;
    if (porosity < 0)
        closo_notes_add(&merit->notes, arena,
                        "the composite's density of %.3g g/cm3 is above that of its parts without "
                        "pores: is the thickness or the mass that of another pellet?",
                        1e-3 * density);
    const closo_merit_layer *electrolyte = &merit->cell->electrolyte;
    if (!isnan(electrolyte->mass_kg.value) && isnan(electrolyte->thickness_m.value) &&
        isnan(electrolyte->density_kg_per_m3.value))
        closo_notes_add(&merit->notes, arena,
                        "neither thickness nor density of the electrolyte is said: no energy "
                        "density and no energy against thickness");
}

/* A sigma of some inputs only is too small. */
static void about_uncertainty(closo_merit *merit, closo_arena *arena)
{
    const closo_merit_cell *cell = merit->cell;
    const closo_value nothing = {NAN, NAN};
    const bool by_hand = cell->result.source == NULL;
    const struct {
        const char *words;
        closo_value value;
    } inputs[] = {{"capacity", by_hand ? cell->result.capacity_C_per_kg : nothing},
                  {"voltage", by_hand ? cell->result.voltage_V : nothing},
                  {"mass of the cathode", cell->cathode.mass_kg},
                  {"mass of the electrolyte", cell->electrolyte.mass_kg},
                  {"mass of the anode", cell->anode.mass_kg}};
    const char *list = NULL;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        if (isnan(inputs[i].value.value) || inputs[i].value.sigma > 0)
            continue;
        list = list == NULL ? inputs[i].words
                            : closo_arena_printf(arena, "%s, %s", list, inputs[i].words);
        if (list == NULL)
            return;
    }
    if (list != NULL)
        closo_notes_add(&merit->notes, arena,
                        "without an uncertainty ('14.0 +- 0.1 mg'): %s; the sigmas lack their part",
                        list);
}

void closo_merit_remarks(closo_merit *merit, closo_arena *arena)
{
    for (size_t i = 0; i < merit->cell->notes.count; i++)
        closo_notes_add(&merit->notes, arena, "%s", merit->cell->notes.texts[i]);
    about_the_cell(merit, arena);
    about_the_result(merit, arena);
    about_the_layers(merit, arena);
    about_uncertainty(merit, arena);
}
