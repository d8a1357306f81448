/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_contact.c: what pressure on the cell does to the contact of the grains: the share
 *   theta(p) = theta_inf (1 - exp(-(p / p0)^n))
 * of them touches electrolyte and carbon. It multiplies 'usable', hence both their surface and their sites. A Weibull form that
 * rises from 0 and saturates; no theory of contact is behind it. */
#include "cell_yaml.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

closo_status closo_contact_take(closo_cell_loader *load)
{
    closo_cell_file *file = load->file;
    const closo_bounds applied = {"pressure", "Pa", 1, 1e10,
                                  "above 0, at most 10 GPa; write '3.2 MPa'"};
    double pressure_Pa = 0, full = 1, scale_Pa = NAN, exponent = 1;
    file->grain_contact = 1;
    closo_status status = closo_cell_take(load, load->yaml->pressure, &applied, &pressure_Pa);
    if (status != CLOSO_OK || load->yaml->pressure == NULL)
        return status;
    const closo_contact_yaml *yaml = load->catholyte != NULL ? load->catholyte->contact : NULL;
    if (yaml == NULL || load->active == NULL) {
        closo_notes_add(&file->notes, load->arena, "the pressure has no effect: %s",
                        load->active == NULL ? "there is no active material"
                                             : "the electrolyte has no law of contact");
        return CLOSO_OK;
    }
    const char *name = load->catholyte->name;
    const closo_material_number numbers[] = {
        {name,
         yaml->share,
         {"share", "1", 1e-3, 1, "a share above 0 and at most 100 %"},
         true,
         &full,
         NULL},
        {name, yaml->pressure, {"pressure", "Pa", 1, 1e10, "above 0"}, false, &scale_Pa, NULL},
        {name, yaml->exponent, {"exponent", "1", 0.1, 5, "0.1 to 5"}, true, &exponent, NULL}};
    status = closo_material_take(load, numbers, COUNT(numbers));
    if (status != CLOSO_OK)
        return status;
    file->grain_contact = -full * expm1(-pow(pressure_Pa / scale_Pa, exponent));
    file->cell.active.usable *= file->grain_contact;
    if (file->cell.active.usable < 1e-3)
        return closo_cell_wrong(load, "pressure",
                                "under '%.40s' %.2g of the active material is in contact: there is "
                                "no electrode",
                                load->yaml->pressure, file->cell.active.usable);
    return CLOSO_OK;
}
