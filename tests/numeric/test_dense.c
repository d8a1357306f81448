/* SPDX-License-Identifier: BSD-3-Clause */
/* Small linear algebra against identities it must obey, tail probabilities against closed forms and tables. */
#include "support.h"

#include "closo/numeric.h"
#include "numeric/dense_internal.h"
#include "numeric/distribution_internal.h"
#include "numeric/exponential_internal.h"

#include <math.h>
#include <string.h>

enum { N = 17, STRIDE = 20 };

/* A positive definite matrix. */
static void make_matrix(double *matrix, closo_random *random)
{
    double root[N][N];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            root[i][j] = closo_random_normal(random);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            matrix[i * STRIDE + j] = closo_dot(root[i], root[j], N) + (i == j ? 0.1 : 0);
}

static void cholesky_solves(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 1);
    double matrix[N * STRIDE] = {0}, factor[N * STRIDE], truth[N], vector[N];
    make_matrix(matrix, &random);
    for (size_t i = 0; i < N; i++)
        truth[i] = closo_random_normal(&random);
    for (size_t i = 0; i < N; i++)
        vector[i] = closo_dot(matrix + i * STRIDE, truth, N);
    memcpy(factor, matrix, sizeof matrix);
    assert_true(closo_cholesky(factor, N, STRIDE));
    closo_cholesky_forward(factor, N, STRIDE, vector);
    closo_cholesky_backward(factor, N, STRIDE, vector);
    for (size_t i = 0; i < N; i++)
        assert_near(vector[i], truth[i], 1e-9);
    matrix[3 * STRIDE + 3] = -1;
    assert_false(closo_cholesky(matrix, N, STRIDE));
}

/* A times its inverse is one, whatever the units of its columns; what is singular in one unit is so in all. */
static void positive_matrices_are_inverted(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 8);
    double matrix[N * STRIDE] = {0}, inverse[N * STRIDE], work[N * (N + 1)];
    make_matrix(matrix, &random);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            matrix[i * STRIDE + j] *= pow(10, (double)i - 8) * pow(10, (double)j - 8);
    memcpy(inverse, matrix, sizeof matrix);
    assert_true(closo_positive_inverse(inverse, N, STRIDE, work));
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = 0;
            for (size_t k = 0; k < N; k++)
                sum += matrix[i * STRIDE + k] * inverse[k * STRIDE + j];
            assert_near(sum * pow(10, (double)j - (double)i), i == j, 1e-9);
        }
    double twice[4] = {1e-20, 1e-10, 1e-10, 1}, indefinite[4] = {1, 2, 2, 1},
           none[4] = {0, 0, 0, 1};
    assert_false(closo_positive_inverse(twice, 2, 2, work));
    assert_false(closo_positive_inverse(indefinite, 2, 2, work));
    assert_false(closo_positive_inverse(none, 2, 2, work));
}

/* T = Q'AQ: traces of A and A^2 stay, b'A b = (Q'b)'T(Q'b), |Q'b| = |b|. */
/* Against the mathematics library in extended precision, over all that does not overflow, and what does. */
static void exponentials_of_an_array(void **state)
{
    (void)state;
    enum { COUNT = 4001 };
    static double x[COUNT], out[COUNT];
    double worst = 0;
    for (size_t i = 0; i < COUNT; i++)
        x[i] = -705 + 1410.0 * (double)i / (COUNT - 1) + (i % 7 == 0 ? 1e-9 : 0);
    closo_exponentials(1, x, COUNT, out);
    for (size_t i = 0; i < COUNT; i++)
        worst = fmax(worst, (double)fabsl(out[i] / expl(x[i]) - 1));
    print_message("largest relative error of an exponential %.2g\n", worst);
    assert_true(worst < 5e-16);
    const double odd[] = {0, -0.0, 1, -1, INFINITY, -INFINITY, NAN, 1e300, 5e-324};
    closo_exponentials(2, odd, sizeof odd / sizeof *odd, out);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        double exact = exp(2 * odd[i]);
        if (isnan(exact))
            assert_true(isnan(out[i]));
        else if (isinf(exact) || exact <= 0)
            assert_true(!(out[i] < exact) && !(out[i] > exact));
        else
            assert_near(out[i], exact, 5e-16 * exact);
    }
}

/* Products of vectors of a length that four does not divide, against sums in extended precision. */
static void gram_matrix_holds_all_products(void **state)
{
    (void)state;
    enum { COUNT = 11, LENGTH = 30, APART = 33 };
    double vectors[COUNT * APART], gram[COUNT * (COUNT + 1)];
    closo_random random;
    closo_random_seed(&random, 8);
    for (size_t i = 0; i < COUNT * APART; i++)
        vectors[i] = closo_random_normal(&random);
    for (size_t count = 0; count <= COUNT; count++) {
        closo_gram(vectors, count, APART, LENGTH, gram, COUNT + 1);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++) {
                long double sum = 0;
                for (size_t k = 0; k < LENGTH; k++)
                    sum += (long double)vectors[i * APART + k] * vectors[j * APART + k];
                assert_near(gram[i * (COUNT + 1) + j], (double)sum, 1e-13);
            }
    }
}

static void tridiagonal_form_is_similar(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 2);
    double matrix[N * STRIDE] = {0}, diagonal[N], below[N], vector[N], work[N];
    make_matrix(matrix, &random);
    double trace = 0, trace2 = 0, form = 0, norm2 = 0;
    for (size_t i = 0; i < N; i++)
        vector[i] = closo_random_normal(&random);
    for (size_t i = 0; i < N; i++) {
        trace += matrix[i * STRIDE + i];
        trace2 += closo_dot(matrix + i * STRIDE, matrix + i * STRIDE, N);
        form += vector[i] * closo_dot(matrix + i * STRIDE, vector, N);
        norm2 += vector[i] * vector[i];
    }
    closo_tridiagonalise(matrix, N, STRIDE, diagonal, below, vector, work);
    for (size_t i = 0; i < N; i++) {
        trace -= diagonal[i];
        trace2 -= diagonal[i] * diagonal[i];
        form -= vector[i] * diagonal[i] * vector[i];
        norm2 -= vector[i] * vector[i];
        if (i + 1 < N) {
            trace2 -= 2 * below[i] * below[i];
            form -= 2 * vector[i] * below[i] * vector[i + 1];
        }
    }
    assert_near(trace, 0, 1e-10);
    assert_near(trace2, 0, 1e-8);
    assert_near(form, 0, 1e-9);
    assert_near(norm2, 0, 1e-11);
}

/* The second difference of n points has the eigenvalues 2 - 2 cos(k pi / (n + 1)); the vector keeps its length. */
static void eigenvalues_are_those_of_the_chain(void **state)
{
    (void)state;
    double diagonal[N], below[N], vector[N], sum2 = 0;
    for (size_t i = 0; i < N; i++) {
        diagonal[i] = 2;
        below[i] = -1;
        vector[i] = (double)i - 4;
        sum2 += vector[i] * vector[i];
    }
    assert_true(closo_tridiagonal_eigenvalues(diagonal, below, N, vector));
    for (size_t k = 1; k <= N; k++) {
        double exact = 2 - 2 * cos((double)k * 3.14159265358979324 / (N + 1)), nearest = 9;
        for (size_t i = 0; i < N; i++)
            nearest = fmin(nearest, fabs(diagonal[i] - exact));
        assert_near(nearest, 0, 1e-13);
    }
    for (size_t i = 0; i < N; i++)
        sum2 -= vector[i] * vector[i];
    assert_near(sum2, 0, 1e-11);
}

/* Kuhn-Tucker: x >= 0, slope >= 0 where x is zero, slope 0 where it is not. */
static void nonnegative_answers_are_optimal(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 3);
    for (int round = 0; round < 200; round++) {
        double matrix[N * STRIDE] = {0}, right[N], x[N], work[N * (N + 3)];
        bool free[N];
        make_matrix(matrix, &random);
        for (size_t i = 0; i < N; i++) {
            right[i] = 10 * closo_random_normal(&random);
            free[i] = closo_random_uniform(&random) < 0.5;
        }
        assert_true(closo_nonnegative_solve(matrix, right, N, STRIDE, x, free, work));
        for (size_t i = 0; i < N; i++) {
            double slope = closo_dot(matrix + i * STRIDE, x, N) - right[i];
            assert_true(x[i] >= 0);
            if (x[i] > 0)
                assert_near(slope, 0, 1e-8);
            else
                assert_true(slope >= -1e-8);
        }
    }
}

static void tails_are_those_of_the_tables(void **state)
{
    (void)state;
    /* I_x(1, b) = 1 - (1 - x)^b; I_x(2, 2) = x^2 (3 - 2x) */
    assert_near(closo_beta_incomplete(0.3, 1, 4), 1 - pow(0.7, 4), 1e-13);
    assert_near(closo_beta_incomplete(0.8, 2, 2), 0.64 * 1.4, 1e-13);
    assert_true(isnan(closo_beta_incomplete(2, 1, 1)));
    /* Student's t of 1 degree of freedom is Cauchy's: P(|t| > 1) = 1/2; of 2: 1 - t / sqrt(2 + t^2). */
    assert_near(closo_t_tails(1, 1), 0.5, 1e-12);
    assert_near(closo_t_tails(3, 2), 1 - 3 / sqrt(11), 1e-12);
    /* F(2, b): (1 + 2 f / b)^(-b/2), also far out. */
    assert_near(closo_f_tail(3, 2, 10), pow(1.6, -5), 1e-12);
    assert_near(log(closo_f_tail(1e4, 2, 60)), -30 * log(1 + 2e4 / 60), 1e-9);
    assert_near(closo_f_tail(0, 2, 3), 1, 0);
    /* Abramowitz, Stegun, table 26.1: Q(1.96) */
    assert_near(closo_normal_tails(1.959963984540054), 0.05, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cholesky_solves),
        cmocka_unit_test(positive_matrices_are_inverted),
        cmocka_unit_test(exponentials_of_an_array),
        cmocka_unit_test(gram_matrix_holds_all_products),
        cmocka_unit_test(tridiagonal_form_is_similar),
        cmocka_unit_test(eigenvalues_are_those_of_the_chain),
        cmocka_unit_test(nonnegative_answers_are_optimal),
        cmocka_unit_test(tails_are_those_of_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
