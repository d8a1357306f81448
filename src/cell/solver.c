/* SPDX-License-Identifier: BSD-3-Clause */
/* solver.c: SUNDIALS' IDA with KLU around the residual. Variable order and step, backward differentiation; limits are found
 * by IDA's root finding, never stepped over. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363,
 * doi:10.1145/1089014.1089020; KLU: Davis and Natarajan, ACM Trans. Math. Softw. 37 (2010) 36, doi:10.1145/1824801.1824814. */
#include "cell_internal.h"
#include "vector.h"

#include <ida/ida.h>
#include <klu.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>

/* A step of control excites the fastest double layer; the first step of time may have to shrink to it. */
enum { ROOTS = 3, STEPS_MOST = 20000000, FAILURES_MOST = 100 };

struct cell_solver {
    cell_model *model;
    cell_matrix matrix;
    SUNContext context;
    void *ida;
    N_Vector y, slope, id, tolerance, look;
    SUNMatrix jacobian;
    SUNLinearSolver linear;
    double t_s, relative;
    double *stiffness; /* room for the entries of the Jacobian */
    cell_limits limits;
    size_t steps, residuals, jacobians, factorisations, newtons; /* of stretches that are over */
    bool counting;  /* IDA's own counts are of the stretch that is under way */
    char said[256]; /* IDA's own last words */
};

static int residual(realtype t, N_Vector y, N_Vector slope, N_Vector r, void *user)
{
    cell_solver *solver = user;
    const double *values = N_VGetArrayPointer(y);
    double *out = N_VGetArrayPointer(r);
    cell_assemble(solver->model, t, values, N_VGetArrayPointer(slope), 0, out, NULL);
    if (cell_salt_least(solver->model, values) < 0)
        return 1; /* a smaller step may help */
    for (size_t i = 0; i < solver->model->state_count; i++)
        if (!isfinite(out[i]))
            return 1;
    return 0;
}

static int jacobian(realtype t, realtype share, N_Vector y, N_Vector slope, N_Vector r, SUNMatrix j,
                    void *user, N_Vector one, N_Vector two, N_Vector three)
{
    cell_solver *solver = user;
    cell_matrix *matrix = &solver->matrix;
    (void)r, (void)one, (void)two, (void)three;
    cell_assemble(solver->model, t, N_VGetArrayPointer(y), N_VGetArrayPointer(slope), share, NULL,
                  matrix);
    memcpy(SUNSparseMatrix_IndexPointers(j), matrix->starts,
           (matrix->row_count + 1) * sizeof *matrix->starts);
    memcpy(SUNSparseMatrix_IndexValues(j), matrix->indices,
           matrix->entry_count * sizeof *matrix->indices);
    memcpy(SUNSparseMatrix_Data(j), matrix->data, matrix->entry_count * sizeof *matrix->data);
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

/* A millionth of what each kind of state usually is. */
static void set_tolerances(cell_solver *solver)
{
    const cell_model *model = solver->model;
    double *absolute = N_VGetArrayPointer(solver->tolerance);
    double *id = N_VGetArrayPointer(solver->id);
    double scale = solver->relative;
    for (size_t i = 0; i < model->state_count; i++) {
        id[i] = model->differential[i];
        absolute[i] = 0.1 * scale; /* potentials in V, fillings */
    }
    double usual_A_per_m2 = 1;
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->current != SIZE_MAX) {
            absolute[node->current] = 1e-2 * scale;
            absolute[node->slow] = 1e-2 * scale;
        }
        for (size_t s = 0; s < node->surface_count; s++)
            for (size_t k = 0; k < model->cell->anion_count; k++) {
                absolute[node->surfaces[s].charge + k] = 1e-2 * scale;
                if (node->surfaces[s].broken != SIZE_MAX)
                    absolute[node->surfaces[s].broken + k] = 1e-2 * scale;
            }
    }
    absolute[model->current] = 1e-2 * scale * usual_A_per_m2;
    absolute[model->charge] = 1 * scale;
    const cell_metal *metals[] = {&model->counter, &model->working};
    for (size_t m = 0; m < (model->cell->node_count == 0 ? 2 : 1); m++) {
        absolute[metals[m]->interphase] = 1e-8 * scale;
        if (metals[m]->reaction != SIZE_MAX)
            absolute[metals[m]->reaction] = 1e-2 * scale * usual_A_per_m2;
    }
}

static closo_status made_or_not(cell_solver *solver, bool fine, closo_error *error)
{
    if (fine)
        return CLOSO_OK;
    cell_solver_free(solver);
    return closo_fail(error, CLOSO_NOMEM, "the solver could not be made: not enough memory");
}

closo_status cell_solver_new(cell_model *model, double relative_tolerance, closo_arena *arena,
                             cell_solver **solver, closo_error *error)
{
    cell_solver *made = closo_arena_alloc(arena, 1, sizeof *made);
    if (made == NULL)
        return closo_fail_nomem(error);
    made->model = model;
    made->relative = relative_tolerance > 0 ? relative_tolerance : 1e-5;
    closo_status status = cell_matrix_make(model, &made->matrix, error);
    if (status != CLOSO_OK)
        return status;
    int64_t n = (int64_t)model->state_count;
    made->stiffness = closo_arena_alloc(arena, made->matrix.entry_count, sizeof *made->stiffness);
    if (made->stiffness == NULL)
        return closo_fail_nomem(error);
    bool fine = SUNContext_Create(NULL, &made->context) == 0;
    fine = fine && (made->y = N_VNew_Serial(n, made->context)) != NULL &&
           (made->slope = N_VNew_Serial(n, made->context)) != NULL &&
           (made->id = N_VNew_Serial(n, made->context)) != NULL &&
           (made->tolerance = N_VNew_Serial(n, made->context)) != NULL &&
           (made->look = N_VNew_Serial(n, made->context)) != NULL &&
           (made->ida = IDACreate(made->context)) != NULL;
    if (fine) {
        N_Vector vectors[] = {made->y, made->slope, made->id, made->tolerance, made->look};
        for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
            cell_vector_quicken(vectors[i]); /* those that IDA makes are clones */
        N_VConst(0, made->slope);
        cell_model_rest(model, N_VGetArrayPointer(made->y));
        set_tolerances(made);
        fine = IDASetErrHandlerFn(made->ida, listen, made) == IDA_SUCCESS &&
               IDAInit(made->ida, residual, 0, made->y, made->slope) == IDA_SUCCESS &&
               IDASetUserData(made->ida, made) == IDA_SUCCESS &&
               IDASVtolerances(made->ida, made->relative, made->tolerance) == IDA_SUCCESS &&
               IDASetId(made->ida, made->id) == IDA_SUCCESS &&
               IDASetMaxNumSteps(made->ida, STEPS_MOST) == IDA_SUCCESS &&
               IDASetMaxErrTestFails(made->ida, FAILURES_MOST) == IDA_SUCCESS &&
               IDASetMaxConvFails(made->ida, FAILURES_MOST) == IDA_SUCCESS &&
               IDARootInit(made->ida, ROOTS, roots) == IDA_SUCCESS &&
               IDASetNoInactiveRootWarn(made->ida) == IDA_SUCCESS;
    }
    fine = fine &&
           (made->jacobian = SUNSparseMatrix(n, n, (int64_t)made->matrix.entry_count, CSC_MAT,
                                             made->context)) != NULL &&
           (made->linear = SUNLinSol_KLU(made->y, made->jacobian, made->context)) != NULL &&
           IDASetLinearSolver(made->ida, made->linear, made->jacobian) == IDA_SUCCESS &&
           IDASetJacFn(made->ida, jacobian) == IDA_SUCCESS;
    *solver = made;
    return made_or_not(made, fine, error);
}

void cell_solver_free(cell_solver *solver)
{
    if (solver == NULL || solver->context == NULL)
        return;
    if (solver->ida != NULL)
        IDAFree(&solver->ida);
    if (solver->linear != NULL)
        SUNLinSolFree(solver->linear);
    if (solver->jacobian != NULL)
        SUNMatDestroy(solver->jacobian);
    N_Vector vectors[] = {solver->y, solver->slope, solver->id, solver->tolerance, solver->look};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        if (vectors[i] != NULL)
            N_VDestroy(vectors[i]);
    SUNContext_Free(&solver->context);
    solver->context = NULL;
}

static void keep_counts(cell_solver *solver)
{
    long steps = 0, residuals = 0, setups = 0, failures = 0, newtons = 0, jacobians = 0;
    int order, next;
    double first, last, present, t;
    if (!solver->counting)
        return;
    solver->counting = false;
    if (IDAGetIntegratorStats(solver->ida, &steps, &residuals, &setups, &failures, &order, &next,
                              &first, &last, &present, &t) != IDA_SUCCESS)
        return;
    IDAGetNumNonlinSolvIters(solver->ida, &newtons);
    IDAGetNumJacEvals(solver->ida, &jacobians);
    solver->steps += (size_t)steps;
    solver->residuals += (size_t)residuals;
    solver->factorisations += (size_t)setups;
    solver->jacobians += (size_t)jacobians;
    solver->newtons += (size_t)newtons;
}

static closo_status explain(const cell_solver *solver, const char *doing, closo_error *error)
{
    const double *y = N_VGetArrayPointer(solver->y);
    const cell_model *model = solver->model;
    const char *cause = "a limit on potential or current is missing, or a parameter is extreme";
    for (size_t n = 0; n < model->cell->node_count; n++) {
        const cell_node *node = &model->nodes[n];
        if (node->shells == SIZE_MAX)
            continue;
        double filled = y[node->shells + model->cell->shell_count - 1];
        if (filled < 1e-3 || filled > 1 - 1e-3)
            cause = filled < 0.5 ? "the active material is empty at its surface"
                                 : "the active material is full at its surface";
    }
    if (cell_salt_least(model, y) < 0.01)
        cause = "the electrolyte has run out of salt: the current is above its limiting current";
    return closo_fail(error, CLOSO_NOCONVERGE, "%s failed at %.6g s, %.4f V and %.4g A/m2: %s (%s)",
                      doing, solver->t_s, y[model->potential], cell_outer_current(model, y), cause,
                      solver->said[0] != '\0' ? solver->said : "no reason given");
}

/* Algebraic states and slopes of the differential ones that fit together, with the differential states as they are:
 * Newton's method on F = 0. Columns of the Jacobian are dF/dy for the former, dF/dy' for the latter. */
static bool make_consistent(cell_solver *solver)
{
    enum { TURNS = 60 };
    cell_model *model = solver->model;
    cell_matrix *matrix = &solver->matrix;
    size_t n = model->state_count;
    double *y = N_VGetArrayPointer(solver->y), *slope = N_VGetArrayPointer(solver->slope),
           *step = N_VGetArrayPointer(solver->look);
    const double *absolute = N_VGetArrayPointer(solver->tolerance);
    klu_l_common common;
    klu_l_defaults(&common);
    klu_l_symbolic *symbolic = klu_l_analyze((int64_t)n, matrix->starts, matrix->indices, &common);
    bool settled = false;
    for (int turn = 0; turn < TURNS && symbolic != NULL && !settled; turn++) {
        cell_assemble(model, solver->t_s, y, slope, 0, step, matrix);
        memcpy(solver->stiffness, matrix->data, matrix->entry_count * sizeof *matrix->data);
        cell_assemble(model, solver->t_s, y, slope, 1, NULL, matrix);
        for (size_t c = 0; c < n; c++)
            for (int64_t e = matrix->starts[c]; e < matrix->starts[c + 1]; e++)
                matrix->data[e] = model->differential[c] > 0
                                      ? matrix->data[e] - solver->stiffness[e]
                                      : solver->stiffness[e];
        klu_l_numeric *numeric =
            klu_l_factor(matrix->starts, matrix->indices, matrix->data, symbolic, &common);
        if (numeric == NULL || klu_l_solve(symbolic, numeric, (int64_t)n, 1, step, &common) == 0) {
            klu_l_free_numeric(&numeric, &common);
            break;
        }
        klu_l_free_numeric(&numeric, &common);
        settled = true; /* slopes enter linearly: they are right when the algebraic states are */
        for (size_t i = 0; i < n; i++) {
            double *value = model->differential[i] > 0 ? &slope[i] : &y[i];
            *value -= step[i];
            if (model->differential[i] == 0)
                settled = settled &&
                          fabs(step[i]) <= 1e-3 * (absolute[i] + solver->relative * fabs(y[i]));
            if (!isfinite(*value))
                turn = TURNS;
        }
    }
    klu_l_free_symbolic(&symbolic, &common);
    return settled;
}

closo_status cell_solver_start(cell_solver *solver, closo_error *error)
{
    keep_counts(solver);
    solver->said[0] = '\0';
    if (!make_consistent(solver) ||
        IDAReInit(solver->ida, solver->t_s, solver->y, solver->slope) != IDA_SUCCESS)
        return explain(solver, "the start of a step", error);
    IDASetInitStep(solver->ida, 1e-9);
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
        if (flag < 0)
            return explain(solver, "the solution", error);
        solver->t_s = to_s;
        if (listener != NULL && !listener(user, solver, from_s, to_s)) {
            *end = CELL_END_STOPPED;
            return CLOSO_OK;
        }
        if (flag == IDA_ROOT_RETURN) {
            int found[ROOTS] = {0};
            IDAGetRootInfo(solver->ida, found);
            *end = found[0] != 0   ? CELL_END_POTENTIAL
                   : found[1] != 0 ? CELL_END_CURRENT
                                   : CELL_END_CHARGE;
            return CLOSO_OK;
        }
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
    solver->residuals = work->residuals;
    solver->jacobians = work->jacobians;
    solver->factorisations = work->factorisations;
    solver->newtons = work->newton_iterations;
}

void cell_solver_statistics(const cell_solver *solver, closo_simulation_statistics *statistics)
{
    cell_solver sum = *solver;
    keep_counts(&sum);
    *statistics = (closo_simulation_statistics){.steps = sum.steps,
                                                .residuals = sum.residuals,
                                                .jacobians = sum.jacobians,
                                                .factorisations = sum.factorisations,
                                                .newton_iterations = sum.newtons,
                                                .state_count = solver->model->state_count};
}
