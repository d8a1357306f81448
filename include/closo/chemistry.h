/* SPDX-License-Identifier: BSD-3-Clause */
/* chemistry.h: elements and formulas. */
#ifndef CLOSO_CHEMISTRY_H
#define CLOSO_CHEMISTRY_H

#include "closo/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An element; constant data (data/elements.csv). */
typedef struct closo_element {
    int atomic_number;
    const char *symbol, *name;
    double
        atomic_weight; /* conventional or abridged standard atomic weight, g/mol; NaN when there is none */
    double atomic_weight_sigma;
} closo_element;

/* By symbol ("Na") or atomic number; NULL when there is none. */
CLOSO_API const closo_element *closo_element_find(const char *symbol);
CLOSO_API const closo_element *closo_element_number(int atomic_number);

typedef struct closo_formula_part {
    const closo_element *element;
    double count;
} closo_formula_part;

/* What a formula is made of: each element once, in the order of atomic numbers. */
typedef struct closo_formula {
    closo_formula_part *parts;
    size_t part_count;
    double charge; /* in elementary charges */
    closo_value molar_mass_kg_per_mol;
} closo_formula;

/* Reads "Na4(CB11H12)2(B12H12)", "Li(CB9H10)0.7(CB11H12)0.3", "[B12H12]^2-", "B12H12^2-", "Na+", "CuSO4*5H2O".
 * FORMAT: the message names the position (counted from 1) and what would be right. */
CLOSO_API CLOSO_CHECK closo_status closo_formula_parse(const char *text, closo_arena *arena,
                                                       closo_formula *formula, closo_error *error);

/* How much of an element a formula holds; 0 when none. */
CLOSO_API double closo_formula_count(const closo_formula *formula, const char *symbol);

/* The formula in Hill order (C, H, then by alphabet; without C all by alphabet), with its charge. NULL: no memory. */
CLOSO_API const char *closo_formula_text(const closo_formula *formula, closo_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
