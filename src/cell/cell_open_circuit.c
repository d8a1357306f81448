/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_open_circuit.c: the open-circuit curve of an active material, from a table or from plateaus:
 *   U(y) = E_1 - sum_k (E_k - E_k+1) / 2 (1 + tanh((y - k/N) / width)) + slope (1/2 - y) + end RT/F ln((1 - y) / y)
 * with E_1 > E_2 > ... > E_N the plateaus, each an equal share of the sites, at 25 degC. */
#include "cell_yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PLATEAUS_MAX = 16, ENDS = 121, AROUND_A_JUMP = 49 };

/* Where the logarithm of the end is cut: grains are never fuller or emptier. */
static const double farthest = 13.8; /* ln((1 - y) / y) of y = 1e-6 */

typedef struct plateau_curve {
    double plateaus_V[PLATEAUS_MAX];
    size_t count;
    double width, slope_V, end;
} plateau_curve;

static double potential_V(const plateau_curve *curve, double filled)
{
    double thermal_V = CLOSO_GAS_J_per_mol_K * 298.15 / CLOSO_FARADAY_C_per_mol;
    double sum = curve->plateaus_V[0] + curve->slope_V * (0.5 - filled) +
                 curve->end * thermal_V * log((1 - filled) / filled);
    for (size_t k = 1; k < curve->count; k++)
        sum -= (curve->plateaus_V[k - 1] - curve->plateaus_V[k]) / 2 *
               (1 + tanh((filled - (double)k / (double)curve->count) / curve->width));
    return sum;
}

static int by_value(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Dense where the curve bends: towards both ends and around each jump. */
static size_t fill_grid(const plateau_curve *curve, double *filled)
{
    size_t count = 0, kept = 1;
    for (int i = 0; i < ENDS; i++)
        filled[count++] = 1 / (1 + exp(farthest * (1 - 2.0 * i / (ENDS - 1))));
    for (size_t k = 1; k < curve->count; k++)
        for (int i = 0; i < AROUND_A_JUMP; i++) {
            double at = (double)k / (double)curve->count +
                        6 * curve->width * (2.0 * i / (AROUND_A_JUMP - 1) - 1);
            if (at > filled[0] && at < filled[ENDS - 1])
                filled[count++] = at;
        }
    qsort(filled, count, sizeof *filled, by_value);
    for (size_t i = 1; i < count; i++)
        if (filled[i] - filled[kept - 1] > 1e-7)
            filled[kept++] = filled[i];
    return kept;
}

static closo_status wrong(const closo_cell_loader *load, const closo_active_yaml *active,
                          const char *key, const char *text, const char *why)
{
    return closo_material_wrong(load, active->name, key, "'%.60s' cannot be: %s", text, why);
}

static closo_status read_plateaus(const closo_cell_loader *load, const closo_active_yaml *active,
                                  plateau_curve *curve)
{
    const closo_open_circuit_yaml *yaml = active->open_circuit;
    const struct {
        const char *key, *text, *unit;
        double most, *place;
    } rest[] = {{"jump_width", yaml->jump_width, "1", 0.5, &curve->width},
                {"slope", yaml->slope, "V", 5, &curve->slope_V},
                {"end", yaml->end, "1", 10, &curve->end}};
    *curve = (plateau_curve){.width = 0.01, .end = 0.4};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (rest[i].text != NULL &&
            (closo_quantity_parse(rest[i].text, rest[i].unit, rest[i].place, NULL) != CLOSO_OK ||
             !(*rest[i].place >= 0 && *rest[i].place <= rest[i].most)))
            return wrong(load, active, rest[i].key, rest[i].text,
                         "a number such as 0.015, 0.15 V, 0.4");
    if (yaml->plateaus_count > PLATEAUS_MAX || !(curve->width > 1e-4) || !(curve->end > 0))
        return closo_material_wrong(load, active->name, "open_circuit",
                                    "at most %d plateaus, a jump_width of 1e-4 or more, an end "
                                    "above 0",
                                    PLATEAUS_MAX);
    for (unsigned i = 0; i < yaml->plateaus_count; i++) {
        double *place = &curve->plateaus_V[curve->count++];
        if (closo_quantity_parse(yaml->plateaus[i], "V", place, NULL) != CLOSO_OK ||
            !(fabs(*place) < 20))
            return wrong(load, active, "plateaus", yaml->plateaus[i],
                         "write for example [4.0 V, 3.6 V]");
        if (i > 0 && !(*place < place[-1]))
            return wrong(load, active, "plateaus", yaml->plateaus[i],
                         "plateaus go from the highest down, as the sites fill");
    }
    return CLOSO_OK;
}

static closo_status read_table(const closo_cell_loader *load, const closo_active_yaml *active,
                               double *filled, double *volts)
{
    const closo_open_circuit_yaml *yaml = active->open_circuit;
    for (unsigned i = 0; i < yaml->filled_count; i++) {
        if (closo_quantity_parse(yaml->filled[i], "1", &filled[i], NULL) != CLOSO_OK ||
            !(filled[i] >= 0 && filled[i] <= 1) || (i > 0 && !(filled[i] > filled[i - 1])))
            return wrong(load, active, "filled", yaml->filled[i], "shares rise from 0 to 1");
        if (closo_quantity_parse(yaml->potential[i], "V", &volts[i], NULL) != CLOSO_OK ||
            !(fabs(volts[i]) < 20) || (i > 0 && !(volts[i] < volts[i - 1])))
            return wrong(load, active, "potential", yaml->potential[i],
                         "potentials such as '3.6 V' fall while the sites fill");
    }
    return CLOSO_OK;
}

static closo_status check_kind(const closo_cell_loader *load, const closo_active_yaml *active)
{
    const closo_open_circuit_yaml *yaml = active->open_circuit;
    if (yaml == NULL)
        return closo_material_wrong(load, active->name, "open_circuit", "it is missing; add it");
    bool table = yaml->filled_count != 0 || yaml->potential_count != 0;
    if (table == (yaml->plateaus_count != 0))
        return closo_material_wrong(load, active->name, "open_circuit",
                                    "give plateaus, or a table of filled and potential");
    if (yaml->filled_count != yaml->potential_count || yaml->filled_count == 1)
        return closo_material_wrong(load, active->name, "open_circuit",
                                    "filled and potential want as many entries each, two or more; "
                                    "there are %u and %u",
                                    yaml->filled_count, yaml->potential_count);
    if ((yaml->source != NULL) + (yaml->fitted != NULL) + (yaml->assumed != NULL) != 1)
        return closo_material_wrong(load, active->name, "open_circuit",
                                    "it has to say where it is from: one of 'source', 'fitted' (to "
                                    "what) and 'assumed' (why)");
    return CLOSO_OK;
}

closo_status closo_open_circuit_take(closo_cell_loader *load, const closo_active_yaml *active,
                                     closo_equilibrium *equilibrium)
{
    closo_status status = check_kind(load, active);
    if (status != CLOSO_OK)
        return status;
    size_t most = active->open_circuit->filled_count + ENDS + PLATEAUS_MAX * AROUND_A_JUMP;
    double *filled = closo_arena_alloc(load->arena, most, sizeof *filled);
    double *volts = closo_arena_alloc(load->arena, most, sizeof *volts);
    if (filled == NULL || volts == NULL)
        return closo_fail_nomem(load->error);
    *equilibrium = (closo_equilibrium){active->open_circuit->filled_count, filled, volts};
    if (equilibrium->count != 0)
        return read_table(load, active, filled, volts);
    plateau_curve curve;
    status = read_plateaus(load, active, &curve);
    if (status != CLOSO_OK)
        return status;
    equilibrium->count = fill_grid(&curve, filled);
    for (size_t i = 0; i < equilibrium->count; i++)
        volts[i] = potential_V(&curve, filled[i]);
    return CLOSO_OK;
}
