/* SPDX-License-Identifier: BSD-3-Clause */
/* cycles_print.h: the tables that closo cycles prints under that of the cycles. */
#ifndef CLOSO_CLI_CYCLES_PRINT_H
#define CLOSO_CLI_CYCLES_PRINT_H

#include "closo/cycling.h"

/* "  what    value ± sigma unit", nothing when there is no value. */
void cycles_print_value(const char *what, closo_value value, const char *unit);
/* Knee, rate test, formation, resistance. */
void cycles_print_analyses(const closo_cycling *cycling);

#endif
