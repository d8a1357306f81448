/* SPDX-License-Identifier: BSD-3-Clause */
/* corrector.h: Newton's method of an implicit step, as the nonlinear solver that IDA calls. */
#ifndef CLOSO_CELL_CORRECTOR_H
#define CLOSO_CELL_CORRECTOR_H

#include "linear.h"

#include <sundials/sundials_nonlinearsolver.h>

typedef struct cell_corrector {
    cell_model *model;
    cell_matrix *matrix;
    cell_linear *linear;
    void *ida; /* whose step it is; set before the first */
    SUNNonlinearSolver sun;
    double *wrong;        /* the residual, then the step */
    double factored_Hz;   /* cj of the factors; 0: there are none */
    double last_Hz, pace; /* cj of the last step; what is left behind a step is pace times it */
    cell_counts *counts;
} cell_corrector;

/* What corrector->linear and sun hold belongs to the caller of cell_corrector_free(). NOMEM. */
closo_status cell_corrector_make(cell_model *model, cell_matrix *matrix, cell_counts *counts,
                                 SUNContext context, cell_corrector *corrector, closo_error *error);
void cell_corrector_free(cell_corrector *corrector);
/* The next step begins as the first one does. */
void cell_corrector_forget(cell_corrector *corrector);

#endif
