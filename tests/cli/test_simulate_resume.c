/* SPDX-License-Identifier: BSD-3-Clause */
/* closo simulate --checkpoint, killed at moments that nobody chose: what comes out in the end are the bytes of the run that
 * was left alone. */
#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include "base/base_internal.h"
#include "closo/numeric.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static closo_arena *arena;

static const char *temporary(const char *name)
{
    const char *made = closo_arena_text(arena, temporary_path(name));
    assert_non_null(made);
    return made;
}

/* Starts closo with its words; standard error goes to a file. */
static pid_t begin(const char *const *words, const char *complaints)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    char program[1200];
    int out = open("/dev/null", O_WRONLY),
        errors = open(complaints, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    snprintf(program, sizeof program, "%s/closo", CLOSO_BINARY_DIR);
    if (out < 0 || errors < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0 ||
        chdir(CLOSO_SOURCE_DIR) != 0)
        _exit(127);
    execv(program, (char *const *)(uintptr_t)words);
    _exit(127);
}

static void wait_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static bool has_ended(pid_t child, int *status)
{
    return waitpid(child, status, WNOHANG) == child;
}

/* Lets it run for a time; true when it ended by itself. */
static bool ran_out(pid_t child, long ms, int *status)
{
    for (long waited = 0; waited < ms; waited += 2) {
        if (has_ended(child, status))
            return true;
        wait_ms(2);
    }
    return false;
}

static void assert_same_files(const char *one, const char *other)
{
    unsigned char *a, *b;
    size_t a_size, b_size;
    assert_int_equal(closo_file_read(one, SIZE_MAX, arena, &a, &a_size, NULL), CLOSO_OK);
    assert_int_equal(closo_file_read(other, SIZE_MAX, arena, &b, &b_size, NULL), CLOSO_OK);
    assert_true(a_size > 10000);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a, b, a_size);
}

static int run_to_end(const char *const *words, const char *complaints)
{
    int status = -1;
    pid_t child = begin(words, complaints);
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define STEPS                                                                                         \
    "repeat 10 times: charge at C/5 until 4.15 V; impedance 200 kHz to 10 mHz, 6 per decade; rest 5 " \
    "min; discharge at C/5 until 2.5 V; end"

static const char *const swagelok = "examples/cells/chapter5-swagelok.yaml";

static void killed_runs_end_with_the_same_bytes(void **state)
{
    (void)state;
    const char *output[] = {temporary("whole.mpt"), temporary("killed.mpt"),
                            temporary("whole.bdf.csv"), temporary("killed.bdf.csv")};
    const char *eis[] = {temporary("whole_eis.csv"), temporary("killed_eis.csv")};
    const char *checkpoint = temporary("killed.checkpoint"), *complaints = temporary("killed.err");
    closo_random random;
    closo_random_seed(&random, 20);
    for (int format = 0; format < 2; format++) {
        const char *const whole[] = {"closo",
                                     "simulate",
                                     swagelok,
                                     "--steps",
                                     STEPS,
                                     "-o",
                                     output[2 * format],
                                     "--eis",
                                     eis[0],
                                     "--noise-potential",
                                     "0.1 mV",
                                     NULL};
        assert_int_equal(run_to_end(whole, complaints), 0);
        const char *const kept[] = {"closo",
                                    "simulate",
                                    swagelok,
                                    "--steps",
                                    STEPS,
                                    "-o",
                                    output[2 * format + 1],
                                    "--eis",
                                    eis[1],
                                    "--noise-potential",
                                    "0.1 mV",
                                    "--checkpoint",
                                    checkpoint,
                                    "--checkpoint-every",
                                    "1 us",
                                    "--resume",
                                    NULL};
        int status = -1, kills = 0;
        bool done = false;
        for (; !done && kills < 200; kills += !done) {
            pid_t child = begin(kept, complaints);
            assert_true(child > 0);
            done = ran_out(child, 10 + (long)closo_random_below(&random, 40) + 3 * kills, &status);
            if (!done) {
                assert_int_equal(kill(child, SIGKILL), 0);
                assert_int_equal(waitpid(child, &status, 0), child);
            }
        }
        assert_true(done && WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_true(kills >= 2);
        assert_same_files(output[2 * format], output[2 * format + 1]);
        assert_same_files(eis[0], eis[1]);
        assert_int_not_equal(access(checkpoint, F_OK), 0); /* nothing is left behind */
    }
    for (size_t i = 0; i < sizeof output / sizeof *output; i++)
        unlink(output[i]);
    unlink(eis[0]);
    unlink(eis[1]);
    unlink(complaints);
}

/* Ctrl-C: exit 1, what there is is a whole file, and the run can go on. */
static void an_interrupted_run_leaves_a_table(void **state)
{
    (void)state;
    const char *table = temporary("interrupted.mpt"), *checkpoint = temporary("stop.checkpoint"),
               *complaints = temporary("stop.err");
    const char *const words[] = {"closo",
                                 "simulate",
                                 swagelok,
                                 "--steps",
                                 "repeat 2000 times: charge at C/5 until 4.15 V; discharge at C/5 "
                                 "until 2.5 V; end",
                                 "-o",
                                 table,
                                 "--checkpoint",
                                 checkpoint,
                                 NULL};
    int status = -1;
    pid_t child = begin(words, complaints);
    assert_true(child > 0);
    assert_false(ran_out(child, 400, &status));
    assert_int_equal(kill(child, SIGINT), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    unsigned char *text;
    size_t size;
    assert_int_equal(closo_file_read(complaints, SIZE_MAX, arena, &text, &size, NULL), CLOSO_OK);
    assert_non_null(strstr((const char *)text, "stopped in step"));
    const char *const reads[] = {"closo", "cycles", table, NULL};
    assert_int_equal(run_to_end(reads, complaints), 0);
    assert_int_equal(access(checkpoint, F_OK), 0);
    assert_int_equal(run_to_end(words, complaints), 2); /* not over a checkpoint without a word */
    assert_int_equal(closo_file_read(complaints, SIZE_MAX, arena, &text, &size, NULL), CLOSO_OK);
    assert_non_null(strstr((const char *)text, "--resume"));
    unlink(table);
    unlink(checkpoint);
    unlink(closo_arena_printf(arena, "%s.rows", checkpoint));
    unlink(complaints);
}

static int set_up(void **state)
{
    (void)state;
    arena = closo_arena_new(0);
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    closo_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_runs_end_with_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_interrupted_run_leaves_a_table, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
