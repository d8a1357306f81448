/* SPDX-License-Identifier: BSD-3-Clause */
/* elements.c: the elements, from data/elements.csv by way of tools/generate_elements.c. */
#include "closo/chemistry.h"

#include <math.h>
#include <string.h>

/* CIAAW's uncertainty U is no standard deviation: normal materials lie within +- U. Where nothing more is known of a
 * sample, a rectangular distribution of that half-width stands for it, whose sigma is U / sqrt 3: Possolo et al., Pure Appl.
 * Chem. 90 (2018) 395, doi:10.1515/pac-2016-0402, and van der Veen et al., ibid. 93 (2021) 629,
 * doi:10.1515/pac-2017-1002. */
#define SQRT_3    1.7320508075688772
#define NO_WEIGHT ((double)NAN)

static const closo_element elements[] = {
#define ELEMENT(number, symbol, name, weight, uncertainty) \
    {number, symbol, name, weight, (uncertainty) / SQRT_3},
#include "elements_table.inc"
#undef ELEMENT
};

_Static_assert(sizeof elements / sizeof *elements == CLOSO_ELEMENT_COUNT,
               "data/elements.csv must list every element");

const closo_element *closo_element_number(int atomic_number)
{
    if (atomic_number < 1 || atomic_number > CLOSO_ELEMENT_COUNT)
        return NULL;
    return &elements[atomic_number - 1];
}

const closo_element *closo_element_find(const char *symbol)
{
    if (symbol == NULL)
        return NULL;
    for (size_t i = 0; i < CLOSO_ELEMENT_COUNT; i++)
        if (strcmp(elements[i].symbol, symbol) == 0)
            return &elements[i];
    return NULL;
}
