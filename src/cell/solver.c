/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.c: SUNDIALS' IDA around the residual. Variable order and step, backward differentiation; limits are found
 * by IDA's root finding, never stepped over. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363,
 * doi:10.1145/1089014.1089020. */
#include "corrector.h"
#include "tolerance.h"
#include "vector.h"

#include <ida/ida.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <string.h>

/* A step of control excites the fastest double layer; the first step of time may have to shrink to it. */
enum { ROOTS = 3, STEPS_MOST = 20000000, FAILURES_MOST = 100 };

/* What Newton's method may leave of the error that a step may make. With IDA's own third the differences of high order, by
 * which it chooses order and step, are noise at close tolerances: 12 % more steps at 1e-8, ten times as many at worst. */
static const double newton_leaves = 0.1;

struct cell_solver {
    cell_model *model;
    cell_matrix matrix;
    SUNContext context;
    void *ida;
    cell_newton *newton;
    N_Vector y, slope;
    N_Vector tested; /* 1: its error is looked at */
    N_Vector common; /* room for the states of the whole cell */
    N_Vector look;   /* room for all */
    cell_tolerance tolerance;
    double *allowed; /* of each state at the last start */
    double *before;  /* states and slopes in front of a start */
    cell_counts counts;
    cell_corrector corrector;
    double t_s, relative;
    double recovered_s; /* when IDA last failed and was started again */
    cell_limits limits;
    size_t steps;   /* of stretches that are over */
    bool counting;  /* IDA's own count is of the stretch that is under way */
    char said[256]; /* IDA's own last words */
};

/* IDA asks for a residual; the corrector, which is the one that needs it, has its own. */
static int residual(realtype t, N_Vector y, N_Vector slope, N_Vector r, void *user)
{
    const cell_solver *solver = user;
    cell_assemble(solver->model, t, N_VGetArrayPointer(y), N_VGetArrayPointer(slope), 0,
                  N_VGetArrayPointer(r), NULL);
    return 0;
}

/* Zero where a limit is met. A limit that is not there never is. */
static int roots(realtype t, N_Vector y, N_Vector slope, realtype *out, void *user)
{
    const cell_solver *solver = user;
    const cell_model *model = solver->model;
    const cell_limits *limits = &solver->limits;
    const double *values = N_VGetArrayPointer(y);
    (void)t, (void)slope;
    double passed = values[model->charge] - limits->charge_C_per_m2;
    out[0] = isfinite(limits->until_V) ? values[model->potential] - limits->until_V : 1;
    out[1] = isfinite(limits->until_A_per_m2)
                 ? fabs(cell_outer_current(model, values)) - limits->until_A_per_m2
                 : 1;
    out[2] = isfinite(limits->until_C_per_m2) ? fabs(passed) - limits->until_C_per_m2 : 1;
    return 0;
}

static void listen(int code, const char *module, const char *function, char *words, void *user)
{
    cell_solver *solver = user;
    (void)module, (void)function;
    if (code < 0)
        snprintf(solver->said, sizeof solver->said, "%s", words);
}

static int weigh(N_Vector y, N_Vector weight, void *user)
{
    const cell_solver *solver = user;
    cell_tolerance_weigh(&solver->tolerance, solver->model->state_count, N_VGetArrayPointer(y),
                         N_VGetArrayPointer(weight));
    return 0;
}

static closo_status made_or_not(cell_solver *solver, bool fine, closo_error *error)
{
    if (fine)
        return CLOSO_OK;
    cell_solver_free(solver);
    return closo_fail(error, CLOSO_NOMEM, "the solver could not be made: not enough memory");
}

static bool make_vectors(cell_solver *made)
{
    int64_t n = (int64_t)made->model->state_count;
    int64_t common = n - (int64_t)cell_model_first_common(made->model);
    made->y = N_VNew_Serial(n, made->context);
    made->slope = N_VNew_Serial(n, made->context);
    made->tested = N_VNew_Serial(n, made->context);
    made->common = N_VNew_Serial(common, made->context);
    made->look = N_VNew_Serial(n, made->context);
    N_Vector vectors[] = {made->y, made->slope, made->tested, made->common, made->look};
    bool fine = true;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        fine = fine && vectors[i] != NULL;
        if (fine)
            cell_vector_quicken(vectors[i]); /* those that IDA makes are clones */
    }
    return fine;
}

/* Differentiation of fifth order damps oscillations least. At the usual tolerances it saves no steps and wants more turns in
 * each (335 residuals of a discharge against 299), at 1e-8 it saves a fifth of the steps. */
static int highest_order(double relative)
{
    return relative > 3e-6 ? 4 : 5;
}

static bool set_options(cell_solver *made)
{
    return IDASetErrHandlerFn(made->ida, listen, made) == IDA_SUCCESS &&
           IDAInit(made->ida, residual, 0, made->y, made->slope) == IDA_SUCCESS &&
           IDASetUserData(made->ida, made) == IDA_SUCCESS &&
           IDAWFtolerances(made->ida, weigh) == IDA_SUCCESS &&
           IDASetId(made->ida, made->tested) == IDA_SUCCESS &&
           IDASetSuppressAlg(made->ida, SUNTRUE) == IDA_SUCCESS &&
           IDASetMaxNumSteps(made->ida, STEPS_MOST) == IDA_SUCCESS &&
           IDASetMaxErrTestFails(made->ida, FAILURES_MOST) == IDA_SUCCESS &&
           IDASetMaxConvFails(made->ida, FAILURES_MOST) == IDA_SUCCESS &&
           IDASetNonlinConvCoef(made->ida, newton_leaves) == IDA_SUCCESS &&
           IDASetMaxOrd(made->ida, highest_order(made->relative)) == IDA_SUCCESS &&
           IDARootInit(made->ida, ROOTS, roots) == IDA_SUCCESS &&
           IDASetNoInactiveRootWarn(made->ida) == IDA_SUCCESS;
}

static bool make_integrator(cell_solver *made)
{
    made->ida = IDACreate(made->context);
    if (made->ida == NULL)
        return false;
    N_VConst(0, made->slope);
    cell_model_rest(made->model, N_VGetArrayPointer(made->y));
    memcpy(N_VGetArrayPointer(made->tested), made->tolerance.tested,
           made->model->state_count * sizeof *made->tolerance.tested);
    made->corrector.ida = made->ida;
    return set_options(made) &&
           IDASetNonlinearSolver(made->ida, made->corrector.sun) == IDA_SUCCESS;
}

closo_status cell_solver_new(cell_model *model, double relative_tolerance, closo_arena *arena,
                             cell_solver **solver, closo_error *error)
{
    cell_solver *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    made->model = model;
    made->relative = relative_tolerance > 0 ? relative_tolerance : CLOSO_SIMULATION_TOLERANCE;
    made->allowed = closo_arena_alloc(arena, 3 * model->state_count, sizeof *made->allowed);
    made->before = made->allowed + model->state_count;
    if (made->allowed == NULL)
        return closo_fail_nomem(error);
    closo_status status = cell_tolerance_make(model, made->relative, &made->tolerance, error);
    if (status == CLOSO_OK)
        status = cell_matrix_make(model, &made->matrix, error);
    if (status == CLOSO_OK)
        status = cell_newton_new(model, &made->matrix, &made->counts, &made->newton, error);
    if (status == CLOSO_OK && SUNContext_Create(NULL, &made->context) != 0)
        status = closo_fail_nomem(error);
    if (status == CLOSO_OK)
        status = cell_corrector_make(model, &made->matrix, &made->counts, made->context,
                                     &made->corrector, error);
    *solver = made;
    if (status != CLOSO_OK) {
        cell_solver_free(made);
        return status;
    }
    return made_or_not(made, make_vectors(made) && make_integrator(made), error);
}

void cell_solver_free(cell_solver *solver)
{
    if (solver == NULL)
        return;
    cell_newton_free(solver->newton);
    if (solver->context == NULL)
        return;
    if (solver->ida != NULL)
        IDAFree(&solver->ida);
    cell_corrector_free(&solver->corrector);
    N_Vector vectors[] = {solver->y, solver->slope, solver->tested, solver->common, solver->look};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        if (vectors[i] != NULL)
            N_VDestroy(vectors[i]);
    SUNContext_Free(&solver->context);
    solver->context = NULL;
}

static void keep_count(cell_solver *solver)
{
    long steps = 0;
    if (solver->counting && IDAGetNumSteps(solver->ida, &steps) == IDA_SUCCESS)
        solver->steps += (size_t)steps;
    solver->counting = false;
}

/* Where a run fails, what it was like there, and what may be the cause. */
static closo_status explain(const cell_solver *solver, const char *doing, closo_error *error)
{
    const double *y = N_VGetArrayPointer(solver->y);
    const cell_model *model = solver->model;
    const char *cause = "a limit on potential or current is missing, or a parameter is extreme";
    double least = HUGE_VAL, most = -HUGE_VAL;
    char grains[64] = "";
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->shells == SIZE_MAX)
            continue;
        double filled = y[cell_shell(model, node, model->cell->shell_count - 1)];
        least = fmin(least, filled);
        most = fmax(most, filled);
    }
    if (least < 1e-3)
        cause = "the active material is empty at its surface";
    else if (most > 1 - 1e-3 && isfinite(least))
        cause = "the active material is full at its surface";
    if (cell_salt_least(model, y) < 0.01)
        cause = "the electrolyte has run out of salt: the current is above its limiting current";
    if (isfinite(least))
        snprintf(grains, sizeof grains, ", grains filled to %.4g .. %.4g at their surface", least,
                 most);
    return closo_fail(error, CLOSO_NOCONVERGE,
                      "%s failed at %.6g s, %.4f V and %.4g A/m2%s: %s (%.160s)", doing,
                      solver->t_s, y[model->potential], cell_outer_current(model, y), grains, cause,
                      solver->said[0] != '\0' ? solver->said : "no reason given");
}

/* A start fails where no potentials and currents fit states and control. */
static closo_status explain_start(cell_solver *solver, closo_error *error)
{
    snprintf(
        solver->said, sizeof solver->said,
        "no potentials and currents were found that fit; a rest before this step, or a smaller "
        "step of current or potential, may help");
    return explain(solver, "the start of a step", error);
}

static bool settle(cell_solver *solver, double t_s, bool relaxed)
{
    cell_tolerance_allow(&solver->tolerance, solver->model->state_count,
                         N_VGetArrayPointer(solver->y), solver->allowed);
    const cell_point at = {N_VGetArrayPointer(solver->y), N_VGetArrayPointer(solver->slope),
                           solver->allowed};
    return cell_newton_settle(solver->newton, t_s, &at, relaxed);
}

/* Without the currents of the step before: at another temperature they can lie where there is no current at all. */
static void take_currents_off(cell_solver *solver)
{
    const cell_model *model = solver->model;
    double *y = N_VGetArrayPointer(solver->y);
    for (size_t n = 0; n < model->cell->node_count; n++)
        if (model->nodes[n].current != SIZE_MAX)
            y[model->nodes[n].current] = 0;
    const cell_metal *metals[] = {&model->counter, &model->working};
    for (size_t m = 0; m < (model->cell->node_count == 0 ? 2 : 1); m++)
        if (metals[m]->reaction != SIZE_MAX)
            y[metals[m]->reaction] = 0;
    y[model->current] = 0;
}

/* Algebraic states that fit, from those of the step before or else from rest. False: none were found, all is as it was. */
static bool begin(cell_solver *solver)
{
    size_t n = solver->model->state_count;
    double *y = N_VGetArrayPointer(solver->y), *slope = N_VGetArrayPointer(solver->slope);
    memcpy(solver->before, y, n * sizeof *y);
    memcpy(solver->before + n, slope, n * sizeof *slope);
    for (int turn = 0; turn < 2; turn++) {
        if (turn > 0)
            take_currents_off(solver);
        if (settle(solver, solver->t_s, false))
            return true;
        memcpy(y, solver->before, n * sizeof *y);
        memcpy(slope, solver->before + n, n * sizeof *slope);
        cell_newton_forget(solver->newton);
    }
    return false;
}

closo_status cell_solver_start(cell_solver *solver, closo_error *error)
{
    keep_count(solver);
    solver->said[0] = '\0';
    solver->recovered_s = -1;
    cell_corrector_forget(&solver->corrector); /* a run that is taken up here has the same bits */
    cell_newton_forget(solver->newton);
    if (!begin(solver))
        return explain_start(solver, error);
    if (IDAReInit(solver->ida, solver->t_s, solver->y, solver->slope) != IDA_SUCCESS)
        return explain(solver, "the start of a step", error);
    IDASetInitStep(solver->ida, 0); /* IDA's own, from the slopes */
    return CLOSO_OK;
}

/* A step begins where a limit of the one before ended it: a limit that is met already ends it at once. */
static bool met_already(const cell_solver *solver, cell_end *end)
{
    const cell_model *model = solver->model;
    const cell_limits *limits = &solver->limits;
    const double *y = N_VGetArrayPointer(solver->y);
    double current = cell_outer_current(model, y);
    if (isfinite(limits->until_V) && fabs(y[model->potential] - limits->until_V) > 1e-9 &&
        model->control == CELL_CONTROL_CURRENT && model->control_value != 0 &&
        (limits->until_V - y[model->potential]) * model->control_value < 0) {
        *end = CELL_END_POTENTIAL;
        return true;
    }
    if (isfinite(limits->until_A_per_m2) && fabs(current) <= limits->until_A_per_m2) {
        *end = CELL_END_CURRENT;
        return true;
    }
    return false;
}

/* ---- where a limit is met ---- */

/* What is left to a limit at a time of the last internal step, with double layers relaxed. NaN: not found. */
static double left_at(cell_solver *solver, size_t limit, double t_s)
{
    double left[ROOTS];
    if (IDAGetDky(solver->ida, t_s, 0, solver->y) != IDA_SUCCESS ||
        IDAGetDky(solver->ida, t_s, 1, solver->slope) != IDA_SUCCESS || !settle(solver, t_s, true))
        return NAN;
    roots(t_s, solver->y, solver->slope, left, solver);
    return left[limit];
}

/* IDA found the root of its interpolated potential, which is off by what its tolerance allows, where fillings and charges are
 * much closer: 0.1 mV are 0.1 % of the capacity at the end of a charge. The potential that belongs to them is worked out,
 * and its root by the secant through two times of the step. Without one IDA's is kept. */
static void settle_end(cell_solver *solver, size_t limit)
{
    enum { TURNS = 8 };
    const double close = 1e-10; /* V, A/m2 */
    double found_s = solver->t_s, now_s, last_s;
    IDAGetCurrentTime(solver->ida, &now_s);
    IDAGetLastStep(solver->ida, &last_s);
    double from_s = now_s - last_s, at_s = found_s, left = left_at(solver, limit, at_s);
    double old_s = found_s - 1e-3 * last_s; /* the other point of the secant */
    if (old_s < from_s)
        old_s = found_s + 1e-3 * last_s;
    double old = fabs(left) >= close ? left_at(solver, limit, old_s) : left;
    for (int turn = 0; turn < TURNS && fabs(left) >= close && left != old; turn++) {
        double next_s = fmin(fmax(at_s - left * (at_s - old_s) / (left - old), from_s), now_s);
        old_s = at_s;
        old = left;
        at_s = next_s;
        left = left_at(solver, limit, at_s);
    }
    if (fabs(left) < 1e3 * close) {
        solver->t_s = at_s;
        return;
    }
    solver->t_s = found_s;
    (void)IDAGetDky(solver->ida, found_s, 0, solver->y);
    (void)IDAGetDky(solver->ida, found_s, 1, solver->slope);
}

/* The limit that lies between two sets of what is left to limits; ROOTS: none. */
static size_t crossed(const double before[ROOTS], const double now[ROOTS])
{
    for (size_t i = 0; i < ROOTS; i++)
        if ((before[i] > 0) != (now[i] > 0))
            return i;
    return ROOTS;
}

/* Where grains are all but empty or full a double layer that is off by its tolerance can ask for a current that grows with
 * the exponential of it, and Newton's method is lost however short the step. Double layers that fit fillings and charges
 * are worked out, and IDA begins anew; should a limit lie between, it is met. False: it has not come on since the last
 * time. */
static bool recover(cell_solver *solver, double t_s, size_t *limit)
{
    double before[ROOTS], now[ROOTS];
    roots(t_s, solver->y, solver->slope, before, solver);
    if (!(t_s > solver->recovered_s) || !settle(solver, t_s, true) || !settle(solver, t_s, false))
        return false;
    roots(t_s, solver->y, solver->slope, now, solver);
    *limit = crossed(before, now);
    solver->t_s = solver->recovered_s = t_s;
    keep_count(solver);
    solver->counting = true;
    cell_corrector_forget(&solver->corrector);
    return IDAReInit(solver->ida, t_s, solver->y, solver->slope) == IDA_SUCCESS &&
           IDASetStopTime(solver->ida, solver->limits.until_s) == IDA_SUCCESS;
}

static const cell_end ends[ROOTS] = {CELL_END_POTENTIAL, CELL_END_CURRENT, CELL_END_CHARGE};

static cell_end end_at_root(cell_solver *solver)
{
    int found[ROOTS] = {0};
    IDAGetRootInfo(solver->ida, found);
    size_t limit = found[0] != 0 ? 0 : found[1] != 0 ? 1 : 2;
    if (limit != 2)
        settle_end(solver, limit);
    return ends[limit];
}

closo_status cell_solver_run(cell_solver *solver, const cell_limits *limits,
                             cell_listener *listener, void *user, cell_end *end, closo_error *error)
{
    solver->limits = *limits;
    if (met_already(solver, end))
        return CLOSO_OK;
    IDASetStopTime(solver->ida, limits->until_s);
    solver->counting = true;
    for (size_t done = 0; solver->t_s < limits->until_s; done++) {
        if (done == CELL_PAUSE_STEPS) {
            *end = CELL_END_PAUSE;
            return CLOSO_OK;
        }
        double from_s = solver->t_s, to_s = from_s;
        int flag =
            IDASolve(solver->ida, limits->until_s, &to_s, solver->y, solver->slope, IDA_ONE_STEP);
        size_t limit = ROOTS;
        if (flag < 0 && !recover(solver, to_s, &limit))
            return explain(solver, "the solution", error);
        if (flag < 0 && limit == ROOTS)
            continue;
        solver->t_s = to_s;
        if (flag == IDA_ROOT_RETURN)
            *end = end_at_root(solver);
        else if (limit != ROOTS)
            *end = ends[limit];
        if (listener != NULL && !listener(user, solver, from_s, solver->t_s)) {
            *end = CELL_END_STOPPED;
            return CLOSO_OK;
        }
        if (flag == IDA_ROOT_RETURN || limit != ROOTS)
            return CLOSO_OK;
        if (flag == IDA_TSTOP_RETURN)
            break;
    }
    *end = CELL_END_TIME;
    return CLOSO_OK;
}

void cell_solver_at(cell_solver *solver, double t_s, double *y)
{
    const double *values = N_VGetArrayPointer(solver->y);
    if (t_s < solver->t_s && IDAGetDky(solver->ida, t_s, 0, solver->look) == IDA_SUCCESS)
        values = N_VGetArrayPointer(solver->look);
    memcpy(y, values, solver->model->state_count * sizeof *y);
}

void cell_solver_glance(cell_solver *solver, double t_s, double *y)
{
    size_t first = cell_model_first_common(solver->model);
    const double *values = N_VGetArrayPointer(solver->y) + first;
    if (t_s < solver->t_s && IDAGetDky(solver->ida, t_s, 0, solver->common) == IDA_SUCCESS)
        values = N_VGetArrayPointer(solver->common);
    memcpy(y + first, values, (solver->model->state_count - first) * sizeof *y);
}

double cell_solver_time_s(const cell_solver *solver)
{
    return solver->t_s;
}

double *cell_solver_state(cell_solver *solver)
{
    return N_VGetArrayPointer(solver->y);
}

double *cell_solver_slope(cell_solver *solver)
{
    return N_VGetArrayPointer(solver->slope);
}

void cell_solver_restore(cell_solver *solver, double t_s, const closo_simulation_statistics *work)
{
    solver->t_s = t_s;
    solver->steps = work->steps;
    solver->counts = (cell_counts){.residuals = work->residuals,
                                   .factorisations = work->factorisations,
                                   .jacobians = work->jacobians,
                                   .iterations = work->newton_iterations};
}

void cell_solver_statistics(const cell_solver *solver, closo_simulation_statistics *statistics)
{
    cell_solver sum = *solver;
    keep_count(&sum);
    *statistics = (closo_simulation_statistics){.steps = sum.steps,
                                                .residuals = solver->counts.residuals,
                                                .jacobians = solver->counts.jacobians,
                                                .factorisations = solver->counts.factorisations,
                                                .newton_iterations = solver->counts.iterations,
                                                .state_count = solver->model->state_count};
}
