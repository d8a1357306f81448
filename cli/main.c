/* SPDX-License-Identifier: BSD-3-Clause */
/* main.c: finds the command, reads its words by its option table, runs it. */
#include "cli.h"

#include "base/base_internal.h"

#include <string.h>

static const cli_command *const commands[] = {
#define X(name) &cli_##name,
    CLI_COMMAND_LIST(X)
#undef X
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(FILE *stream)
{
    fputs("closo: a laboratory for solid electrolytes and all-solid-state batteries\n\n"
          "usage: closo COMMAND INPUT... [--option value]\n\n",
          stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fputs(
        "\n  closo COMMAND --help   what it does, its options, an example that runs\n"
        "  closo --version\n\n"
        "exit status: 0 done, 1 the work failed (the reason is on standard error), 2 the words were wrong\n",
        stream);
}

static void print_command_help(const cli_command *command)
{
    printf("closo %s: %s\n\nusage: closo %s %s%s\n\n%s\n", command->name, command->summary,
           command->name, command->inputs, command->option_count != 0 ? " [options]" : "",
           command->about);
    if (command->option_count != 0)
        puts("\noptions");
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *option = &command->options[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", option->name, option->argument != NULL ? " " : "",
                 option->argument != NULL ? option->argument : "");
        printf("  %-28s %s\n", left, option->help);
    }
    printf("\nexample\n%s\n", command->example);
}

/* Prints the words nearest to a wrong one. */
static int wrong_option(const cli_command *command, const char *word)
{
    const char *names[CLI_OPTIONS_MAX];
    for (size_t i = 0; i < command->option_count; i++)
        names[i] = command->options[i].name;
    const char *nearest = closo_text_nearest(word, names, command->option_count);
    if (nearest != NULL)
        return cli_say_wrong("%s has no option %s; did you mean %s? (closo %s --help)",
                             command->name, word, nearest, command->name);
    return cli_say_wrong("%s has no option %s; see closo %s --help", command->name, word,
                         command->name);
}

/* Reads one option at words[*at]; moves *at to its last word. */
static int read_option(cli_call *call, int count, char **words, int *at)
{
    const cli_command *command = call->command;
    const char *word = words[*at];
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    if (strcmp(word, "-o") == 0) {
        word = "--output";
        length = strlen(word);
    }
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *option = &command->options[i];
        if (strlen(option->name) != length || memcmp(option->name, word, length) != 0)
            continue;
        if (option->argument == NULL) {
            if (equals != NULL)
                return cli_say_wrong("%s takes no value", option->name);
            call->values[i] = "";
        } else if (equals != NULL) {
            call->values[i] = equals + 1;
        } else if (*at + 1 < count) {
            call->values[i] = words[++*at];
        } else {
            return cli_say_wrong("%s wants a value: %s %s", option->name, option->name,
                                 option->argument);
        }
        return EXIT_DONE;
    }
    return wrong_option(command, words[*at]);
}

static int read_words(cli_call *call, int count, char **words)
{
    const cli_command *command = call->command;
    bool only_inputs = false;
    for (int i = 0; i < count; i++) {
        if (!only_inputs && strcmp(words[i], "--") == 0) {
            only_inputs = true;
        } else if (!only_inputs && words[i][0] == '-' && words[i][1] != '\0') {
            int wrong = read_option(call, count, words, &i);
            if (wrong != EXIT_DONE)
                return wrong;
        } else {
            call->inputs[call->input_count++] = words[i];
        }
    }
    if (call->input_count < command->inputs_min)
        return cli_say_wrong("%s wants %s; see closo %s --help", command->name, command->inputs,
                             command->name);
    if (call->input_count > command->inputs_max)
        return cli_say_wrong("%s takes %s, but '%s' is one more; put a value with spaces in quotes",
                             command->name, command->inputs, call->inputs[command->inputs_max]);
    return cli_check_outputs(call);
}

static int flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    fputs("closo: standard output could not be written\n", stderr);
    return EXIT_FAILED;
}

static int run_command(const cli_command *command, int count, char **words)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) {
            print_command_help(command);
            return flush_output();
        }
    }
    cli_call call = {.command = command, .arena = closo_arena_new(0)};
    int result = EXIT_FAILED;
    if (call.arena != NULL)
        call.inputs = closo_arena_alloc(call.arena, (size_t)count + 1, sizeof *call.inputs);
    if (call.inputs == NULL)
        fputs("closo: not enough memory\n", stderr);
    else if ((result = read_words(&call, count, words)) == EXIT_DONE)
        result = command->run(&call);
    closo_arena_free(call.arena);
    return result == EXIT_DONE ? flush_output() : result;
}

int main(int count, char **words)
{
    if (count < 2) {
        print_help(stderr);
        return EXIT_WORDS;
    }
    const char *word = words[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_help(stdout);
        return flush_output();
    }
    if (strcmp(word, "--version") == 0) {
        puts("closo " CLOSO_VERSION);
        return flush_output();
    }
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i]->name;
        if (strcmp(word, names[i]) == 0)
            return run_command(commands[i], count - 2, words + 2);
    }
    const char *nearest = closo_text_nearest(word, names, COMMAND_COUNT);
    if (nearest != NULL)
        return cli_say_wrong("there is no command '%s'; did you mean '%s'? (closo --help)", word,
                             nearest);
    return cli_say_wrong("there is no command '%s'; closo --help lists them", word);
}
