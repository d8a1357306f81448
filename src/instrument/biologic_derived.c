/* SPDX-License-Identifier: BSD-3-Clause */
#include "biologic_internal.h"
closo_status closo_eclab_derive(closo_table *table, closo_error *error)
{
    (void)table;
    (void)error;
    return CLOSO_OK;
}
