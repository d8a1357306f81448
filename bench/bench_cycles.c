/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_cycles.c: from a raw file to the table of cycles, and how much memory that takes.
 *
 *     bench_cycles FILE [TIMES]
 *
 * As `closo cycles` does it: the file looked at in place. A line of JSON, with the capacity of each charge and discharge, so
 * that peers can be compared. */
#include "closo/cycling.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { TIMES_MOST = 1000 };

static double seconds_now(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *one, const void *two)
{
    const double a = *(const double *)one, b = *(const double *)two;
    return (a > b) - (a < b);
}

/* NULL, with the reason on standard error. */
static const closo_cycling *analyse(const char *path, closo_arena *arena)
{
    const closo_read_options reading = {.in_place = true, .only_views = true};
    closo_table *table;
    closo_cycling *cycling;
    closo_error error = {0};
    char text[1200];
    if (closo_file_open(path, &reading, arena, &table, &error) == CLOSO_OK &&
        closo_cycling_from_table(table, NULL, arena, &cycling, &error) == CLOSO_OK)
        return cycling;
    fprintf(stderr, "%s\n", closo_error_text(&error, text, sizeof text));
    return NULL;
}

static void print_capacities(const closo_cycling *cycling, int direction)
{
    bool first = true;
    for (size_t h = 0; h < cycling->half_cycle_count; h++) {
        if (cycling->half_cycles[h].direction != direction)
            continue;
        printf("%s%.9g", first ? "" : ", ", cycling->half_cycles[h].charge_C / 3.6);
        first = false;
    }
}

int main(int count, char **words)
{
    int times = count > 2 ? atoi(words[2]) : 5;
    struct stat about;
    if (count < 2 || times < 1 || times > TIMES_MOST || stat(words[1], &about) != 0) {
        fprintf(stderr, "usage: bench_cycles FILE [TIMES, at most %d]\n", TIMES_MOST);
        return 2;
    }
    static double seconds[TIMES_MOST];
    for (int i = 0; i < times; i++) {
        const double start = seconds_now();
        closo_arena *arena = closo_arena_new(0);
        const closo_cycling *cycling = analyse(words[1], arena);
        if (cycling == NULL)
            return 1;
        seconds[i] = seconds_now() - start;
        if (i + 1 == times) {
            printf("{\"charges_mAh\": [");
            print_capacities(cycling, 1);
            printf("], \"discharges_mAh\": [");
            print_capacities(cycling, -1);
            printf("], ");
        }
        closo_arena_free(arena);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    qsort(seconds, (size_t)times, sizeof *seconds, compare);
    const double megabytes = (double)about.st_size / 1e6, median = seconds[times / 2];
    printf("\"way\": \"closo\", \"file_MB\": %.3f, \"median_s\": %.6f, \"MB_per_s\": %.1f, "
           "\"peak_MB\": %.1f}\n",
           megabytes, median, megabytes / median, (double)usage.ru_maxrss * 1024 / 1e6);
    return 0;
}
