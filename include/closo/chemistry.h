/* SPDX-License-Identifier: BSD-3-Clause */
/* chemistry.h: elements and formulas. */
#ifndef CLOSO_CHEMISTRY_H
#define CLOSO_CHEMISTRY_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { CLOSO_ELEMENT_COUNT = 118 };

/* An element; constant data (data/elements.csv: CIAAW 2021, doi:10.1515/pac-2019-0603). The atomic weight is the standard
 * one, abridged where the standard is an interval; NaN when there is none (Tc, Pm, Po to Ac, Np and beyond). Its sigma is
 * CIAAW's uncertainty over sqrt 3 (a rectangular distribution, doi:10.1515/pac-2016-0402). */
typedef struct closo_element {
    int atomic_number;
    const char *symbol, *name;
    double atomic_weight; /* relative, so in g/mol */
    double atomic_weight_sigma;
} closo_element;

/* By symbol ("Na", in the right case) or atomic number; NULL when there is none. */
CLOSO_API const closo_element *closo_element_find(const char *symbol);
CLOSO_API const closo_element *closo_element_number(int atomic_number);

typedef struct closo_formula_part {
    const closo_element *element;
    double count;
} closo_formula_part;

/* What a formula is made of: each element once, in the order of atomic numbers. */
typedef struct closo_formula {
    closo_formula_part *parts; /* in the arena */
    size_t part_count;
    double charge; /* in elementary charges, a whole number */
    /* The sum of the atomic weights less the charge times the mass of the electron. NaN when an element has no standard
     * atomic weight. sigma: from the weights' alone, one element's atoms all off alike. */
    closo_value molar_mass_kg_per_mol;
} closo_formula;

/* Reads "Na4(CB11H12)2(B12H12)", "Li(CB9H10)0.7(CB11H12)0.3", "[B12H12]^2-", "B12H12²⁻", "Na+", "CuSO4*5H2O",
 * "75Li2S·25P2S5"; the grammar is in docs/chemistry.md. What can be read in two ways ("Ca2+") is refused with both.
 * FORMAT: the message names the position (in characters, counted from 1) and what would be right. LIMIT: brackets nested
 * deeper than 64 or a text above 4096 bytes. */
CLOSO_API CLOSO_CHECK closo_status closo_formula_parse(const char *text, closo_arena *arena,
                                                       closo_formula *formula, closo_error *error);

/* How much of an element a formula holds; 0 when none. */
CLOSO_API double closo_formula_count(const closo_formula *formula, const char *symbol);

/* The formula in Hill order (C, H, then by alphabet; without C all by alphabet), with its charge: "CH12B11^-". Counts have
 * 12 significant digits; closo_formula_parse reads it back. In the arena; NULL: no memory. */
CLOSO_API const char *closo_formula_text(const closo_formula *formula, closo_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
