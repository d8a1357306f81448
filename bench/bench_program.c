/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_program.c: what a program costs as a user calls it, from its start to its end.
 *
 *     bench_program OUTPUT PROGRAM [WORD...]
 *
 * Runs it once, its standard output into OUTPUT, and prints a line of JSON: wall time, processor time (user and system), and
 * the largest memory the system saw it hold. A small program does this, not a script: the memory of a process counts from
 * that of the one that started it. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* In the new process; comes back only when the program cannot be started. */
static void become(const char *output, char **words)
{
    const int to = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (to >= 0 && dup2(to, STDOUT_FILENO) >= 0)
        execvp(words[0], words);
    perror(words[0]);
    _exit(127);
}

int main(int count, char **words)
{
    if (count < 3) {
        fprintf(stderr, "usage: bench_program OUTPUT PROGRAM [WORD...]\n");
        return 2;
    }
    const double start = seconds_now();
    const pid_t process = fork();
    if (process == 0)
        become(words[1], words + 2);
    int status = 0;
    struct rusage usage;
    if (process < 0 || wait4(process, &status, 0, &usage) != process || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        return 1;
    printf("{\"wall_s\": %.6f, \"processor_s\": %.6f, \"peak_MB\": %.1f}\n", seconds_now() - start,
           seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
           (double)usage.ru_maxrss * 1024 / 1e6);
    return 0;
}
