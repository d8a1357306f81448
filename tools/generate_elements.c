/* SPDX-License-Identifier: BSD-3-Clause */
/* generate_elements.c: data/elements.csv to the table that src/chemistry/elements.c includes. Runs while closo is built.
 *
 * Every cell is checked, and the digits are passed on as they are written, so that no value is rounded on the way. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ELEMENTS = 118, CELLS = 7, LINE_BYTES = 512 };
enum { NUMBER, SYMBOL, NAME, WEIGHT, UNCERTAINTY, LOW, HIGH };

static const char header[] = "atomic_number,symbol,name,atomic_weight,atomic_weight_uncertainty,"
                             "interval_low,interval_high";

/* Cuts a line at its commas. False when it has not exactly CELLS cells. */
static bool split(char *line, char *cells[CELLS])
{
    size_t count = 0;
    for (char *at = line; at != NULL && count < CELLS; count++) {
        cells[count] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
        if (count == CELLS - 1 && at != NULL)
            return false;
    }
    return count == CELLS;
}

static bool is_symbol(const char *text)
{
    return isupper((unsigned char)text[0]) &&
           (text[1] == '\0' || (islower((unsigned char)text[1]) && text[2] == '\0'));
}

static bool is_name(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* Only digits and one dot: what C reads as a double too. */
static bool is_number(const char *text, double *value)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789.")] != '\0' || strchr(text, '.') == NULL ||
        strchr(text, '.') != strrchr(text, '.'))
        return false;
    *value = strtod(text, NULL);
    return *value > 0;
}

/* What is wrong with a row, or NULL. */
static const char *check(char *cells[CELLS], int number)
{
    if (strtol(cells[NUMBER], NULL, 10) != number)
        return "the atomic number is not the next one";
    if (!is_symbol(cells[SYMBOL]))
        return "the symbol is not a capital and at most one small letter";
    if (!is_name(cells[NAME]))
        return "the name is not in small letters";
    bool none = true;
    for (int i = WEIGHT; i <= HIGH; i++)
        none = none && cells[i][0] == '\0';
    if (none)
        return NULL;
    double weight, uncertainty, low, high;
    if (!is_number(cells[WEIGHT], &weight) || !is_number(cells[UNCERTAINTY], &uncertainty))
        return "the weight and its uncertainty must be decimal numbers, or all four cells empty";
    if (uncertainty > 0.02 * weight)
        return "the uncertainty is above 2 %; is a digit missing?";
    if (cells[LOW][0] == '\0' && cells[HIGH][0] == '\0')
        return NULL;
    if (!is_number(cells[LOW], &low) || !is_number(cells[HIGH], &high) || low >= high)
        return "the interval is not two decimal numbers, the smaller first";
    if (low < weight - uncertainty * 1.001 || high > weight + uncertainty * 1.001)
        return "the interval is wider than weight +- uncertainty";
    return NULL;
}

static int fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    return EXIT_FAILURE;
}

static int generate(FILE *input, const char *input_name, FILE *output)
{
    char line[LINE_BYTES];
    int line_number = 0, elements = 0;
    bool has_header = false;
    fprintf(output, "/* Made from data/elements.csv by tools/generate_elements.c. */\n");
    while (fgets(line, sizeof line, input) != NULL) {
        line_number++;
        if (strchr(line, '\n') == NULL)
            return fail(input_name, line_number, "the line is too long or has no end");
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#')
            continue;
        if (!has_header) {
            if (strcmp(line, header) != 0)
                return fail(input_name, line_number, "the first row is not the names of the cells");
            has_header = true;
            continue;
        }
        char *cells[CELLS];
        if (!split(line, cells))
            return fail(input_name, line_number, "the row has not seven cells");
        const char *wrong = check(cells, ++elements);
        if (wrong != NULL)
            return fail(input_name, line_number, wrong);
        const bool known = cells[WEIGHT][0] != '\0';
        fprintf(output, "ELEMENT(%d, \"%s\", \"%s\", %s, %s)\n", elements, cells[SYMBOL],
                cells[NAME], known ? cells[WEIGHT] : "NO_WEIGHT",
                known ? cells[UNCERTAINTY] : "NO_WEIGHT");
    }
    if (elements != ELEMENTS)
        return fail(input_name, line_number, "there are not 118 elements");
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: generate_elements elements.csv elements_table.inc\n");
        return EXIT_FAILURE;
    }
    FILE *input = fopen(words[1], "r");
    if (input == NULL)
        return fail(words[1], 0, "cannot be opened");
    FILE *output = fopen(words[2], "w");
    if (output == NULL) {
        fclose(input);
        return fail(words[2], 0, "cannot be written");
    }
    int outcome = generate(input, words[1], output);
    if (ferror(input))
        outcome = fail(words[1], 0, "cannot be read");
    fclose(input);
    if (fclose(output) != 0)
        outcome = fail(words[2], 0, "cannot be written");
    if (outcome != EXIT_SUCCESS)
        remove(words[2]);
    return outcome;
}
