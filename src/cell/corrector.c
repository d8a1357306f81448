/* SPDX-License-Identifier: BSD-3-Clause */
/* corrector.c: Newton's method of an implicit step, with the factors of an earlier step while they serve. When to stop, when to
 * factorise and how to use old factors is as in DASSL and IDA: K. E. Brenan, S. L. Campbell, L. R. Petzold, Numerical Solution
 * of Initial-Value Problems in Differential-Algebraic Equations, SIAM 1996, section 5.2, doi:10.1137/1.9781611971224. IDA's own
 * goes over the states a dozen times in each turn; with a few hundred of them that took longer than residual and solution. */
#include "corrector.h"

#include "vector.h"

#include <ida/ida.h>
#include <math.h>

/* Old factors serve while cj is within this of theirs, either way. */
static const double factors_serve = 0.6;
/* What is thought to be left behind the first turn, in that turn's step: with fresh factors, and with those of another cj. */
static const double pace_fresh = 20, pace_old = 100;
static const double slowest = 0.9; /* of two steps of Newton's method that converge */

/* What IDA knows of the step. */
typedef struct stage {
    double t_s, cj_Hz;
    N_Vector predicted, predicted_slope, y, slope;
} stage;

static bool get_stage(const cell_corrector *corrector, stage *made)
{
    N_Vector thrown;
    void *user;
    return IDAGetNonlinearSystemData(corrector->ida, &made->t_s, &made->predicted,
                                     &made->predicted_slope, &made->y, &made->slope, &thrown,
                                     &made->cj_Hz, &user) == IDA_SUCCESS;
}

/* States and slopes with the correction, and their residual. False: there is none here, a smaller step may help. */
static bool evaluate(cell_corrector *corrector, const stage *at, const double *correction)
{
    size_t n = corrector->model->state_count;
    double *y = N_VGetArrayPointer(at->y), *slope = N_VGetArrayPointer(at->slope);
    cell_vector_correct(n, correction, 1, N_VGetArrayPointer(at->predicted), y);
    cell_vector_correct(n, correction, at->cj_Hz, N_VGetArrayPointer(at->predicted_slope), slope);
    corrector->counts->residuals++;
    cell_assemble(corrector->model, at->t_s, y, slope, 0, corrector->wrong, NULL);
    return cell_salt_least(corrector->model, y) >= 0 && cell_vector_is_finite(n, corrector->wrong);
}

static bool factor(cell_corrector *corrector, const stage *at)
{
    corrector->counts->jacobians++;
    corrector->counts->factorisations++;
    cell_assemble(corrector->model, at->t_s, N_VGetArrayPointer(at->y),
                  N_VGetArrayPointer(at->slope), at->cj_Hz, NULL, corrector->matrix);
    corrector->pace = pace_fresh;
    bool regular = cell_linear_factor(corrector->linear, corrector->matrix->data);
    corrector->factored_Hz = regular ? at->cj_Hz : 0;
    return regular;
}

/* Turns until what is left is below close. evaluate() has been called. */
static bool converge(cell_corrector *corrector, const stage *at, double *correction,
                     const double *weight, double close)
{
    enum { TURNS = 4 };
    size_t n = corrector->model->state_count;
    double first = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        if ((turn > 0 && !evaluate(corrector, at, correction)) ||
            !cell_linear_solve(corrector->linear, corrector->wrong))
            return false;
        /* factors of another cj give steps that are too long or too short; on average, so much */
        double share = 2 / (1 + at->cj_Hz / corrector->factored_Hz);
        double step = cell_vector_take_step(n, share, corrector->wrong, weight, correction);
        corrector->counts->iterations++;
        if (turn == 0) {
            first = step;
            if (step <= 1e-8 * close)
                return true;
        } else {
            double rate = pow(step / first, 1.0 / turn);
            if (!(rate <= slowest))
                return false;
            corrector->pace = rate / (1 - rate);
        }
        if (corrector->pace * step <= close)
            return true;
    }
    return false;
}

static int solve(SUNNonlinearSolver sun, N_Vector predicted, N_Vector corrected, N_Vector weights,
                 realtype close, booleantype setup, void *memory)
{
    cell_corrector *corrector = sun->content;
    stage at;
    (void)predicted, (void)setup, (void)memory;
    if (!get_stage(corrector, &at))
        return SUN_NLS_MEM_FAIL;
    double *correction = N_VGetArrayPointer(corrected);
    const double *weight = N_VGetArrayPointer(weights);
    bool fresh = !(at.cj_Hz >= factors_serve * corrector->factored_Hz &&
                   factors_serve * at.cj_Hz <= corrector->factored_Hz);
    if (at.cj_Hz != corrector->last_Hz)
        corrector->pace = pace_old;
    corrector->last_Hz = at.cj_Hz;
    for (;; fresh = true) {
        bool fine = evaluate(corrector, &at, correction) && (!fresh || factor(corrector, &at));
        if (fine && converge(corrector, &at, correction, weight, close))
            return SUN_NLS_SUCCESS;
        if (fresh)
            return SUN_NLS_CONV_RECVR;
        N_VConst(0, corrected);
    }
}

static SUNNonlinearSolver_Type kind(SUNNonlinearSolver sun)
{
    (void)sun;
    return SUNNONLINEARSOLVER_ROOTFIND;
}

/* The residual is the model's; IDA's wrapping of it is not needed. */
static int set_system(SUNNonlinearSolver sun, SUNNonlinSolSysFn system)
{
    (void)sun, (void)system;
    return SUN_NLS_SUCCESS;
}

closo_status cell_corrector_make(cell_model *model, cell_matrix *matrix, cell_counts *counts,
                                 SUNContext context, cell_corrector *corrector, closo_error *error)
{
    *corrector = (cell_corrector){.model = model, .matrix = matrix, .counts = counts};
    corrector->wrong =
        closo_arena_alloc(model->arena, model->state_count, sizeof *corrector->wrong);
    corrector->sun = SUNNonlinSolNewEmpty(context);
    if (corrector->wrong == NULL || corrector->sun == NULL)
        return closo_fail_nomem(error);
    corrector->sun->content = corrector;
    corrector->sun->ops->gettype = kind;
    corrector->sun->ops->setsysfn = set_system;
    corrector->sun->ops->solve = solve;
    return cell_linear_new(matrix, &corrector->linear, error);
}

void cell_corrector_free(cell_corrector *corrector)
{
    cell_linear_free(corrector->linear);
    if (corrector->sun != NULL)
        SUNNonlinSolFreeEmpty(corrector->sun);
    *corrector = (cell_corrector){0};
}

void cell_corrector_forget(cell_corrector *corrector)
{
    cell_linear_forget(corrector->linear);
    corrector->factored_Hz = corrector->last_Hz = 0;
}
