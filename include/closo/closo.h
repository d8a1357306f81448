/* SPDX-License-Identifier: BSD-3-Clause */
/* closo.h: all public headers. */
#ifndef CLOSO_H
#define CLOSO_H

#include "closo/base.h"
#include "closo/cell.h"
#include "closo/cell_fit.h"
#include "closo/chemistry.h"
#include "closo/cycling.h"
#include "closo/impedance.h"
#include "closo/instrument.h"
#include "closo/numeric.h"
#include "closo/report.h"
#include "closo/study.h"
#include "closo/symmetric.h"
#include "closo/transport.h"
#include "closo/voltammetry.h"

#endif
