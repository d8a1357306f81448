/* SPDX-License-Identifier: BSD-3-Clause */
#include "biologic_internal.h"
closo_status closo_mpr_read_settings(closo_mpr *mpr, const closo_mpr_module *module)
{
    (void)module;
    mpr->table->technique = "";
    return CLOSO_OK;
}
