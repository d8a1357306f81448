/* SPDX-License-Identifier: BSD-3-Clause */
/* A file that is looked at in place and becomes shorter meanwhile: the system then sends SIGBUS, and there is no way back to
 * where the bytes were wanted. */
#define _POSIX_C_SOURCE 200809L
#include "cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void say_and_end(int signal_number)
{
    static const char text[] =
        "closo: the file became shorter while it was being read; try again when nothing "
        "writes to it any more\n";
    (void)signal_number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(EXIT_FAILED);
    _exit(EXIT_FAILED);
}

void cli_expect_shorter_file(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = say_and_end;
    (void)sigaction(SIGBUS, &action, NULL); /* without it the program ends all the same */
}
