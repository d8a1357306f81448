/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_mpr.c: how fast a BioLogic .mpr becomes a table, numbers, half-cycle charges, and how much memory that takes.
 *
 *     bench_mpr FILE [TIMES]
 *
 * Each way runs in a process of its own, so that its peak memory is its own. A line of JSON a way. */
#define _DEFAULT_SOURCE
#include "closo/instrument.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK_ROWS = 1024 };

/* What a way finds, so that the compiler cannot leave it out, and that ways can be compared. */
typedef double bench_way(const closo_table *table, closo_arena *arena);

static double count_rows(const closo_table *table, closo_arena *arena)
{
    (void)arena;
    return (double)table->row_count;
}

/* Every column as an array of doubles, some rows of all of them at a time, so that the file passes the cache once. */
static double all_columns(const closo_table *table, closo_arena *arena)
{
    double last = 0;
    double **values = closo_arena_alloc(arena, table->column_count, sizeof *values);
    for (size_t i = 0; values != NULL && i < table->column_count; i++)
        if ((values[i] = closo_arena_alloc(arena, table->row_count, sizeof **values)) == NULL)
            return NAN;
    for (size_t first = 0; values != NULL && first < table->row_count; first += BLOCK_ROWS) {
        size_t count = table->row_count - first;
        count = count < BLOCK_ROWS ? count : BLOCK_ROWS;
        for (size_t i = 0; i < table->column_count; i++)
            closo_column_read(&table->columns[i], first, count, values[i] + first);
    }
    for (size_t i = 0; values != NULL && table->row_count != 0 && i < table->column_count; i++)
        last += values[i][table->row_count - 1];
    return last;
}

/* The charge of each run of rows in which the current has one sign: dq where the file has it, else I dt. Returns the sum
 * of the magnitudes in mA.h. */
static double half_cycle_charges(const closo_table *table, closo_arena *arena)
{
    (void)arena;
    static double step[BLOCK_ROWS], time[BLOCK_ROWS];
    const closo_column *increment = closo_table_find(table, CLOSO_QUANTITY_CHARGE_INCREMENT);
    const closo_column *seconds = closo_table_find(table, CLOSO_QUANTITY_TIME);
    const closo_column *current = closo_table_find(table, CLOSO_QUANTITY_CURRENT);
    if (current == NULL)
        current = closo_table_find(table, CLOSO_QUANTITY_CURRENT_AVERAGE);
    if (increment == NULL && (current == NULL || seconds == NULL))
        return NAN;
    double sum = 0, half_cycle = 0, before = NAN;
    for (size_t first = 0; first < table->row_count; first += BLOCK_ROWS) {
        size_t count = table->row_count - first;
        count = count < BLOCK_ROWS ? count : BLOCK_ROWS;
        closo_column_read(increment != NULL ? increment : current, first, count, step);
        if (increment == NULL)
            closo_column_read(seconds, first, count, time);
        for (size_t i = 0; i < count; i++) {
            double passed = step[i];
            if (increment == NULL) {
                passed = before <= time[i] ? passed * (time[i] - before) / 3600 : 0;
                before = time[i];
            }
            if (passed * half_cycle < 0) {
                sum += fabs(half_cycle);
                half_cycle = 0;
            }
            half_cycle += passed;
        }
    }
    return sum + fabs(half_cycle);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *one, const void *two)
{
    const double a = *(const double *)one, b = *(const double *)two;
    return (a > b) - (a < b);
}

static int run(const char *path, int times, bool without_derived, bench_way *way, double *seconds,
               double *result)
{
    const closo_read_options options = {.without_derived = without_derived};
    for (int i = 0; i < times; i++) {
        double start = seconds_now();
        closo_arena *arena = closo_arena_new(0);
        closo_table *table = NULL;
        closo_error error = {0};
        char text[1200];
        if (closo_file_open(path, &options, arena, &table, &error) != CLOSO_OK) {
            fprintf(stderr, "%s\n", closo_error_text(&error, text, sizeof text));
            closo_arena_free(arena);
            return 1;
        }
        *result = way(table, arena);
        closo_arena_free(arena);
        seconds[i] = seconds_now() - start;
    }
    return 0;
}

static int report(const char *path, int times, const char *name, bool without_derived,
                  bench_way *way)
{
    fflush(stdout);
    pid_t child = fork();
    if (child != 0) {
        int status = 1;
        return child < 0 || waitpid(child, &status, 0) < 0 || status != 0;
    }
    static double seconds[10000];
    struct stat about;
    struct rusage usage;
    double result = NAN;
    if (stat(path, &about) != 0 || run(path, times, without_derived, way, seconds, &result) != 0)
        _exit(1);
    getrusage(RUSAGE_SELF, &usage);
    qsort(seconds, (size_t)times, sizeof *seconds, compare);
    double median = seconds[times / 2], megabytes = (double)about.st_size / 1e6;
    double peak_MB = (double)usage.ru_maxrss * 1024 / 1e6;
    printf("{\"way\": \"%s\", \"file_MB\": %.3f, \"median_s\": %.6f, \"MB_per_s\": %.1f, "
           "\"peak_MB\": %.1f, \"peak_per_file\": %.2f, \"result\": %.17g}\n",
           name, megabytes, median, megabytes / median, peak_MB, peak_MB / megabytes, result);
    fflush(stdout);
    _exit(0);
}

int main(int count, char **words)
{
    int times = count > 2 ? atoi(words[2]) : 20;
    if (count < 2 || times < 1 || times > 10000) {
        fprintf(stderr, "usage: bench_mpr FILE [TIMES, at most 10000]\n");
        return 2;
    }
    const char *path = words[1];
    return report(path, times, "table", true, count_rows) +
           report(path, times, "table with derived columns", false, count_rows) +
           report(path, times, "all stored columns as doubles", true, all_columns) +
           report(path, times, "all columns, derived ones too, as doubles", false, all_columns) +
           report(path, times, "half-cycle charges", true, half_cycle_charges);
}
