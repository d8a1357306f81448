/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLOSO_IMPEDANCE_INTERNAL_H
#define CLOSO_IMPEDANCE_INTERNAL_H

#include "base/base_internal.h"
#include "closo/impedance.h"

#define CLOSO_TWO_PI 6.28318530717958647693

/* What the spectrum's notes say about the sign of its imaginary part; adds a note where it looks turned. */
void closo_spectrum_check_sign(closo_spectrum *spectrum, closo_arena *arena);

#endif
