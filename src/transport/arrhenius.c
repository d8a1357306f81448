/* SPDX-License-Identifier: BSD-3-Clause */
/* arrhenius.c: conductivities against temperature: every model fitted, one chosen, with what speaks for and against it. */
#include "transport_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *closo_arrhenius_name(closo_arrhenius_model model)
{
    static const char *const names[] = {"line", "vtf", "kink", "two-regimes", "jump"};
    return model < CLOSO_ARRHENIUS_COUNT ? names[model] : "";
}

const char *closo_arrhenius_text(closo_arrhenius_model model)
{
    static const char *const texts[] = {
#define X(code, parameters, text) text,
        CLOSO_ARRHENIUS_LIST(X)
#undef X
    };
    return model < CLOSO_ARRHENIUS_COUNT ? texts[model] : "";
}

closo_status closo_arrhenius_model_parse(const char *text, closo_arrhenius_model *model,
                                         closo_error *error)
{
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++)
        if (strcmp(text, closo_arrhenius_name((closo_arrhenius_model)i)) == 0) {
            *model = (closo_arrhenius_model)i;
            return CLOSO_OK;
        }
    return closo_fail(error, CLOSO_ARGUMENT,
                      "'%s' is no model; there are line, vtf, kink, two-regimes and jump", text);
}

double closo_arrhenius_predict(const closo_arrhenius_fit *fit, double temperature_K)
{
    arrhenius_curve curve = {.model = fit->model};
    memcpy(curve.parameters, fit->parameters, sizeof curve.parameters);
    return arrhenius_curve_at(&curve, 1 / (CLOSO_BOLTZMANN_eV_per_K * temperature_K));
}

/* ---- from data to points ---- */

typedef struct point {
    double x, y, weight;
} point;

static int by_x(const void *one, const void *other)
{
    double a = ((const point *)one)->x, b = ((const point *)other)->x;
    return (a > b) - (a < b);
}

static closo_status take_points(const closo_arrhenius_data *data, closo_arena *arena,
                                arrhenius_points *points, closo_error *error)
{
    size_t n = data->count, temperatures = 0;
    point *list = closo_arena_alloc(arena, n + 1, sizeof *list);
    double *numbers = closo_arena_alloc(arena, 3 * n + 1, sizeof *numbers);
    points->solver = closo_least_squares_new(n, PARAMETERS_MAX, arena);
    if (list == NULL || numbers == NULL || points->solver == NULL)
        return closo_fail_nomem(error);
    points->weighted = data->conductivity_sigma_S_per_m != NULL;
    for (size_t i = 0; i < n; i++) {
        double T_K = data->temperature_K[i], conductivity = data->conductivity_S_per_m[i];
        double sigma = points->weighted ? data->conductivity_sigma_S_per_m[i] : conductivity;
        if (!(T_K > 0) || !isfinite(T_K))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu: a temperature of %g K cannot be; are the temperatures in "
                              "degC and their column does not say so?",
                              i + 1, T_K);
        if (!(conductivity > 0) || !isfinite(conductivity))
            return closo_fail(
                error, CLOSO_RANGE,
                "point %zu (%.2f K): a conductivity has to be larger than zero, it is "
                "%g S/m; take the point out",
                i + 1, T_K, conductivity);
        if (!(sigma > 0) || !isfinite(sigma))
            return closo_fail(error, CLOSO_RANGE,
                              "point %zu (%.2f K): its uncertainty has to be larger than zero, it "
                              "is %g S/m; give one to every point or to none",
                              i + 1, T_K, sigma);
        double share = sigma / conductivity;
        list[i] = (point){1 / (CLOSO_BOLTZMANN_eV_per_K * T_K), log(conductivity * T_K),
                          1 / (share * share)};
    }
    qsort(list, n, sizeof *list, by_x);
    for (size_t i = 0; i < n; i++) {
        temperatures += i == 0 || list[i].x != list[i - 1].x;
        numbers[i] = list[i].x;
        numbers[n + i] = list[i].y;
        numbers[2 * n + i] = list[i].weight;
    }
    if (temperatures < 3)
        return closo_fail(error, CLOSO_RANGE,
                          "an activation energy wants three temperatures or more, there %s %zu",
                          temperatures == 1 ? "is" : "are", temperatures);
    points->count = n;
    points->x = numbers;
    points->y = numbers + n;
    points->weight = numbers + 2 * n;
    return CLOSO_OK;
}

/* ---- the choice ---- */

typedef struct contest {
    const arrhenius_points *points;
    const arrhenius_curve *curves;
    const bool *fitted;
} contest;

static double bic_of(const contest *all, closo_arrhenius_model model)
{
    return arrhenius_bic(all->points, model, all->curves[model].chi2);
}

/* Models that can be compared, the lowest BIC first. */
static size_t rank(const contest *all, closo_arrhenius_model *models)
{
    size_t count = 0;
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        closo_arrhenius_model model = (closo_arrhenius_model)i;
        if (!all->fitted[i] || all->points->count <= arrhenius_parameter_count(model))
            continue;
        size_t at = count++;
        for (; at > 0 && bic_of(all, models[at - 1]) > bic_of(all, model); at--)
            models[at] = models[at - 1];
        models[at] = model;
    }
    return count;
}

/* The simpler model whose noise does best what the candidate does, and how often. */
typedef struct rival {
    closo_arrhenius_model model;
    double chance, gain;
} rival;

static closo_status hardest_rival(const contest *all, closo_arrhenius_model candidate,
                                  const arrhenius_draws *draws, rival *hardest, closo_error *error)
{
    *hardest = (rival){CLOSO_ARRHENIUS_COUNT, 0, 0};
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        closo_arrhenius_model simple = (closo_arrhenius_model)i;
        if (!all->fitted[i] ||
            arrhenius_parameter_count(simple) >= arrhenius_parameter_count(candidate))
            continue;
        double gain = bic_of(all, simple) - bic_of(all, candidate);
        double chance = arrhenius_false_alarm(all->points, &all->curves[i], gain, draws);
        if (chance < 0)
            return closo_fail_nomem(error);
        if (chance > hardest->chance)
            *hardest = (rival){simple, chance, gain};
    }
    return CLOSO_OK;
}

/* By BIC, but a model is taken only when luck does not do as well about any simpler one. The line has none, so one is
 * found. */
static closo_status choose(const contest *all, const arrhenius_draws *draws, double false_alarm,
                           closo_arrhenius_result *result, closo_error *error)
{
    closo_arrhenius_model models[CLOSO_ARRHENIUS_COUNT];
    const char *refused = "";
    size_t count = rank(all, models);
    for (size_t i = 0; i < count; i++) {
        rival hardest;
        closo_status status = hardest_rival(all, models[i], draws, &hardest, error);
        if (status != CLOSO_OK)
            return status;
        bool taken = hardest.chance <= false_alarm, alone = hardest.chance <= 0;
        const char *name = closo_arrhenius_name(models[i]);
        result->reason =
            alone
                ? closo_arena_printf(draws->arena, "%s: nothing simpler is there%s", name, refused)
                : closo_arena_printf(draws->arena,
                                     "%s: noise about the simpler %s would do as well (BIC %.1f "
                                     "lower) in %.1f %% of %zu simulated sets%s",
                                     name, closo_arrhenius_name(hardest.model), hardest.gain,
                                     100 * hardest.chance, draws->count, refused);
        if (!taken)
            refused = closo_arena_printf(draws->arena, "%s; refused: %s", refused,
                                         result->reason != NULL ? result->reason : "");
        if (result->reason == NULL || refused == NULL)
            return closo_fail_nomem(error);
        if (!taken)
            continue;
        double nothing = NAN;
        result->chosen = models[i];
        result->false_alarm = alone ? nothing : hardest.chance;
        return CLOSO_OK;
    }
    return closo_fail(error, CLOSO_RANGE, "no model can be compared: there are %zu points",
                      all->points->count);
}

/* ---- warnings ---- */

/* Several values at one temperature that differ by more than the scatter: heating and cooling, or time. */
static void warn_of_hysteresis(const arrhenius_points *points, const closo_arrhenius_fit *fit,
                               closo_arena *arena, closo_notes *warnings)
{
    double squares = 0;
    size_t pairs = 0;
    for (size_t i = 1; i < points->count; i++)
        if (points->x[i] == points->x[i - 1]) {
            double apart = points->y[i] - points->y[i - 1];
            squares += apart * apart / 2;
            pairs++;
        }
    double repeat = sqrt(squares / fmax((double)pairs, 1));
    if (pairs >= 3 && repeat > 0.15)
        closo_notes_add(warnings, arena,
                        "values at the same temperature differ by a factor of %.2f: heating and "
                        "cooling do not agree; fit them apart",
                        exp(repeat * sqrt(2)));
    else if (pairs >= 3 && fit->residual_rms > 3 * repeat)
        closo_notes_add(warnings, arena,
                        "the points lie %.1f %% off the curve but repeat within %.1f %%: the model "
                        "is not the whole truth",
                        100 * fit->residual_rms, 100 * repeat);
}

static void warn_of_branches(const closo_arrhenius_fit *fit, closo_arena *arena,
                             closo_notes *warnings)
{
    for (size_t b = 0; b < fit->branch_count; b++) {
        const closo_arrhenius_branch *branch = &fit->branches[b];
        if (branch->energy_eV.value < 0)
            closo_notes_add(warnings, arena,
                            "the conductivity falls on heating from %.0f K to %.0f K: the pellet "
                            "decomposes, dries or loses contact",
                            branch->from_K, branch->to_K);
        if (branch->to_K - branch->from_K < 20)
            closo_notes_add(warnings, arena,
                            "the branch from %.1f K to %.1f K is short: its energy hangs on a few "
                            "hundredths of the conductivity",
                            branch->from_K, branch->to_K);
    }
    if (fit->model == CLOSO_ARRHENIUS_JUMP && fit->step.value < 0)
        closo_notes_add(warnings, arena,
                        "the conductivity drops at the transition on heating: a contact that is "
                        "lost, rather than a phase that orders");
    if (fit->model == CLOSO_ARRHENIUS_JUMP && fit->gap_to_K - fit->gap_from_K > 15)
        closo_notes_add(warnings, arena,
                        "the transition lies somewhere between %.1f K and %.1f K: measure between",
                        fit->gap_from_K, fit->gap_to_K);
}

static void warn_of_rivals(const closo_arrhenius_result *result, closo_arena *arena,
                           closo_notes *warnings)
{
    const closo_arrhenius_fit *chosen = &result->fits[result->chosen];
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        const closo_arrhenius_fit *other = &result->fits[i];
        if (other == chosen || !other->fitted || !(other->bic < chosen->bic + 2))
            continue;
        /* a fit that became another, or that lost against the chance of a false alarm */
        if (other->parameter_count > chosen->parameter_count)
            continue;
        closo_notes_add(warnings, arena, "these points cannot tell %s from %s (BIC %+.1f)",
                        closo_arrhenius_name(chosen->model), closo_arrhenius_name(other->model),
                        other->bic - chosen->bic);
    }
}

static void warn(const arrhenius_points *points, closo_arrhenius_result *result, closo_arena *arena)
{
    const closo_arrhenius_fit *fit = &result->fits[result->chosen];
    double coldest_K = 1 / (CLOSO_BOLTZMANN_eV_per_K * points->x[points->count - 1]),
           hottest_K = 1 / (CLOSO_BOLTZMANN_eV_per_K * points->x[0]);
    result->extrapolated = result->at_K < coldest_K - 0.5 || result->at_K > hottest_K + 0.5;
    if (result->extrapolated)
        closo_notes_add(&result->warnings, arena,
                        "%.2f K lies outside the points (%.2f K to %.2f K): the conductivity there "
                        "assumes that nothing changes in between",
                        result->at_K, coldest_K, hottest_K);
    if (points->count < 6)
        closo_notes_add(&result->warnings, arena,
                        "%zu points say little about how the conductivity bends", points->count);
    if (points->weighted &&
        arrhenius_scale(points, &(arrhenius_curve){.model = fit->model, .chi2 = fit->chi2}) > 4)
        closo_notes_add(&result->warnings, arena,
                        "the points scatter more than their sigmas say (chi2 %.3g for %zu points); "
                        "the sigmas of the parameters are scaled up",
                        fit->chi2, points->count);
    warn_of_branches(fit, arena, &result->warnings);
    warn_of_hysteresis(points, fit, arena, &result->warnings);
    warn_of_rivals(result, arena, &result->warnings);
}

static void start_fit(closo_arrhenius_model model, closo_arrhenius_fit *fit)
{
    const closo_value nothing = {NAN, NAN};
    *fit = (closo_arrhenius_fit){.model = model,
                                 .parameter_count = arrhenius_parameter_count(model),
                                 .chi2 = nothing.value,
                                 .residual_rms = nothing.value,
                                 .bic = nothing.value,
                                 .aicc = nothing.value,
                                 .transition_K = nothing,
                                 .gap_from_K = nothing.value,
                                 .gap_to_K = nothing.value,
                                 .step = nothing,
                                 .vtf_energy_eV = nothing,
                                 .vtf_T0_K = nothing,
                                 .vtf_ln_prefactor = nothing};
}

closo_status closo_arrhenius_fit_data(const closo_arrhenius_data *data,
                                      const closo_arrhenius_options *options, closo_arena *arena,
                                      closo_arrhenius_result *result, closo_error *error)
{
    closo_arrhenius_options wanted = options != NULL ? *options : (closo_arrhenius_options){0};
    arrhenius_points points = {0};
    *result = (closo_arrhenius_result){.at_K = wanted.at_K > 0 ? wanted.at_K : 298.15};
    closo_status status = take_points(data, arena, &points, error);
    if (status != CLOSO_OK)
        return status;
    const arrhenius_draws draws = {wanted.draws != 0 ? wanted.draws : 400, wanted.seed, arena};
    double at_x = 1 / (CLOSO_BOLTZMANN_eV_per_K * result->at_K);
    arrhenius_curve curves[CLOSO_ARRHENIUS_COUNT];
    bool fitted[CLOSO_ARRHENIUS_COUNT];
    closo_value at[CLOSO_ARRHENIUS_COUNT];
    for (int i = 0; i < CLOSO_ARRHENIUS_COUNT; i++) {
        closo_arrhenius_model model = (closo_arrhenius_model)i;
        start_fit(model, &result->fits[i]);
        fitted[i] = arrhenius_fit_curve(&points, model, &curves[i]);
        if (fitted[i] &&
            !arrhenius_report_fit(&points, &curves[i], &draws, at_x, &result->fits[i], &at[i]))
            return closo_fail_nomem(error);
    }
    if (wanted.choose_given) {
        if (!fitted[wanted.model])
            return closo_fail(error, CLOSO_RANGE,
                              "the model '%s' cannot be fitted to these points: it wants %d "
                              "temperatures on either side of its transition, or 4 for vtf",
                              closo_arrhenius_name(wanted.model), BRANCH_TEMPERATURES);
        double nothing = NAN;
        result->chosen = wanted.model;
        result->false_alarm = nothing;
        result->reason = "the model was given";
    } else {
        const contest all = {&points, curves, fitted};
        status =
            choose(&all, &draws, wanted.false_alarm > 0 ? wanted.false_alarm : 0.05, result, error);
        if (status != CLOSO_OK)
            return status;
    }
    double conductivity = exp(at[result->chosen].value) / result->at_K;
    result->conductivity_S_per_m =
        (closo_value){conductivity, conductivity * at[result->chosen].sigma};
    warn(&points, result, arena);
    return CLOSO_OK;
}
