/* SPDX-License-Identifier: BSD-3-Clause */
/* cell_materials.c: materials by name: first those of the description, then those of data/materials, which are built in. */
#include "cell_yaml.h"

#include <string.h>

enum { NAMES_MAX = 256 };

enum { BUILT_IN_BYTES = 32768 };
static const struct {
    const char *name;
    unsigned char bytes[BUILT_IN_BYTES];
    size_t size;
} built_in[] = {
#include "materials_table.inc"
};

closo_status closo_materials_open(closo_cell_loader *load)
{
    closo_materials_yaml *own = load->yaml->materials;
    if (own == NULL)
        own = closo_arena_alloc(load->arena, 1, sizeof *own);
    if (own == NULL)
        return closo_fail_nomem(load->error);
    load->materials[load->material_count++] = (closo_material_file){load->text, own};
    for (size_t i = 0;
         i < sizeof built_in / sizeof *built_in && load->material_count < CLOSO_MATERIAL_FILES;
         i++) {
        const closo_yaml_text text = {built_in[i].name, (const char *)built_in[i].bytes,
                                      built_in[i].size};
        closo_materials_yaml *yaml = NULL;
        closo_status status = closo_materials_yaml_parse(&text, load->arena, &yaml, load->error);
        if (status != CLOSO_OK)
            return status;
        load->materials[load->material_count++] = (closo_material_file){text, yaml};
    }
    return CLOSO_OK;
}

/* The names that have been looked at, for the nearest one. */
typedef struct name_list {
    const char *names[NAMES_MAX];
    size_t count;
} name_list;

static void *find(const char *name, void *entries, unsigned count, size_t size, name_list *seen)
{
    unsigned char *at = entries;
    for (unsigned i = 0; i < count; i++, at += size) {
        const char *entry_name = *(char **)(void *)at; /* name is the first member of all four */
        if (strcmp(entry_name, name) == 0)
            return at;
        if (seen->count < NAMES_MAX)
            seen->names[seen->count++] = entry_name;
    }
    return NULL;
}

static closo_status unknown(const closo_cell_loader *load, const char *name, const char *kind,
                            const name_list *seen)
{
    const char *nearest = closo_text_nearest(name, seen->names, seen->count);
    if (nearest != NULL)
        return closo_cell_wrong(load, "material", "there is no %s '%.60s'; did you mean '%.60s'",
                                kind, name, nearest);
    char list[256] = "";
    for (size_t i = 0, length = 0; i < seen->count && length + 48 < sizeof list; i++) {
        size_t left = sizeof list - length;
        const char *entry = seen->names[i];
        if (strlen(entry) + 3 >= left)
            break;
        if (length != 0) {
            memcpy(list + length, ", ", 3);
            length += 2;
        }
        memcpy(list + length, entry, strlen(entry) + 1);
        length += strlen(entry);
    }
    return closo_cell_wrong(load, "material",
                            "there is no %s '%.60s'; there are %s; or describe it under the key "
                            "'materials' (docs/simulate.md)",
                            kind, name, list);
}

#define FIND(function, type, list, kind)                                                 \
    closo_status function(closo_cell_loader *load, const char *name, const type **found) \
    {                                                                                    \
        name_list seen = {{NULL}, 0};                                                    \
        for (size_t f = 0; f < load->material_count; f++) {                              \
            const closo_materials_yaml *in = load->materials[f].materials;               \
            *found = find(name, in->list, in->list##_count, sizeof *in->list, &seen);    \
            if (*found != NULL)                                                          \
                return CLOSO_OK;                                                         \
        }                                                                                \
        return unknown(load, name, kind, &seen);                                         \
    }

FIND(closo_find_active, closo_active_yaml, active_materials, "active material")
FIND(closo_find_electrolyte, closo_electrolyte_yaml, electrolytes, "electrolyte")
FIND(closo_find_carbon, closo_carbon_yaml, carbons, "carbon")
FIND(closo_find_metal, closo_metal_yaml, metals, "metal")
