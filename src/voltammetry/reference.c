/* SPDX-License-Identifier: BSD-3-Clause */
/* reference.c: reference electrodes on one scale.
 * Standard potentials in water at 25 degC: CRC Handbook of Chemistry and Physics, 97th ed. (2016), table 5-78; silver
 * chloride and calomel in saturated KCl: Bard & Faulkner, Electrochemical Methods, 2nd ed. (2001), inside cover. In a
 * solid electrolyte they are a convention, good to some 10 mV. */
#include "voltammetry_internal.h"

#include <stdio.h>

static const struct {
    const char *name;
    const char *aliases[4];
    double potential_SHE_V;
} electrodes[] = {
    {"Li+/Li", {"Li", "Li/Li+"}, -3.0401},
    {"Na+/Na", {"Na", "Na/Na+"}, -2.71},
    {"K+/K", {"K", "K/K+"}, -2.931},
    {"Mg2+/Mg", {"Mg", "Mg/Mg2+"}, -2.372},
    {"Ca2+/Ca", {"Ca", "Ca/Ca2+"}, -2.868},
    {"Zn2+/Zn", {"Zn", "Zn/Zn2+"}, -0.7618},
    {"SHE", {"NHE", "H+/H2"}, 0},
    {"Ag/AgCl", {"AgCl", "Ag/AgCl (sat. KCl)", "Ag/AgCl / KCl (sat'd)"}, 0.197},
    {"SCE", {"calomel", "Hg/Hg2Cl2", "SCE Saturated Calomel Electrode"}, 0.2412},
};

closo_status closo_reference_parse(const char *text, closo_arena *arena, closo_reference *reference,
                                   closo_error *error)
{
    closo_span word = closo_span_trim(closo_span_of(text));
    for (size_t i = 0; i < sizeof electrodes / sizeof *electrodes; i++) {
        bool same = closo_span_equals_nocase(word, electrodes[i].name);
        for (size_t a = 0; a < 4 && electrodes[i].aliases[a] != NULL; a++)
            same = same || closo_span_equals_nocase(word, electrodes[i].aliases[a]);
        if (same) {
            *reference = (closo_reference){electrodes[i].name, electrodes[i].potential_SHE_V};
            return CLOSO_OK;
        }
    }
    double offset_V;
    if (closo_quantity_parse(text, "V", &offset_V, NULL) == CLOSO_OK) {
        char *name = closo_arena_printf(arena, "SHE %+.3f V", offset_V);
        if (name == NULL)
            return closo_fail_nomem(error);
        *reference = (closo_reference){name, offset_V};
        return CLOSO_OK;
    }
    return closo_fail(error, CLOSO_FORMAT,
                      "'%.60s' is not a reference electrode closo knows; write Li, Na, K, Mg, Ca, "
                      "Zn, SHE, Ag/AgCl, SCE, or its potential against SHE such as '0.25 V'",
                      text);
}
