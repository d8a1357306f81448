/* SPDX-License-Identifier: BSD-3-Clause */
#include "support.h"

#include "base/base_internal.h"
#include "closo/chemistry.h"
#include "closo/numeric.h"

#include <math.h>
#include <string.h>

static closo_arena *arena;

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

static closo_formula read(const char *text)
{
    closo_formula formula;
    closo_error error = {0};
    if (closo_formula_parse(text, arena, &formula, &error) != CLOSO_OK)
        fail_msg("'%s': %s", text, error.message);
    return formula;
}

/* g/mol. The first number is from the Python package periodictable 2.1.0 (formula(text).mass), whose table of weights is
 * also the source of data/elements.csv: it tests the reading and the sum. The second is from molmass 2026.1.8
 * (Formula(text).mass), which averages isotope masses and abundances, so it tests the weights too and may differ by their
 * uncertainty. 0: it does not read fractions. The ions of periodictable are the sum of its atoms and electrons. */
static void molar_masses_are_as_other_programs_have_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double periodictable, molmass;
    } cases[] = {
        {"Na4(CB11H12)2(B12H12)", 519.8090771200, 519.84043},
        {"Li(CB9H10)0.7(CB11H12)0.3", 133.4118, 0},
        {"Na3(VOPO4)2F", 411.7882349980, 411.79228},
        {"LiBH4", 21.782, 21.782764},
        {"Li7La3Zr2O12", 839.73241, 839.73727},
        {"Na2B12H12", 187.7955385600, 187.80683},
        {"Na2B10H10", 164.1595385600, 164.16895},
        {"NaCB11H12", 166.0067692800, 166.0168},
        {"Li6PS5Cl", 268.3637619980, 268.39066},
        {"Li10GeP2S12", 588.6975239960, 588.75512},
        {"Na3PS4", 228.1830698380, 228.20227},
        {"Li1.3Al0.3Ti1.7P3O12", 383.3996475140, 0},
        {"LiNi0.8Mn0.1Co0.1O2", 97.2798437, 0},
        {"NaCrO2", 106.9838692800, 106.98468},
        {"TiS2", 111.987, 111.9966},
        {"H2O", 18.015, 18.015287},
        {"CuSO4·5H2O", 249.677, 249.68485},
        {"C6H12O6", 180.156, 180.15616},
        {"Pb(C2H3O2)2", 325.288, 325.28823},
        {"B12H12^2-", 141.8170971598, 141.82838915981813},
        {"Na+", 22.9892207001, 22.989220700090936},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_value mass = read(cases[i].text).molar_mass_kg_per_mol;
        if (!(fabs(1e3 * mass.value - cases[i].periodictable) < 1e-9))
            fail_msg("%s has %.10f g/mol, should have %.10f", cases[i].text, 1e3 * mass.value,
                     cases[i].periodictable);
        if (cases[i].molmass > 0)
            assert_near(1e3 * mass.value, cases[i].molmass, 3e3 * mass.sigma + 1e-5);
    }
}

/* By hand from the published uncertainties: sqrt(sum (n U)^2 / 3). */
static void sigma_counts_the_atoms_of_an_element_together(void **state)
{
    (void)state;
    const double lithium = 0.06, boron = 0.02, hydrogen = 0.0002;
    double expected = sqrt((lithium * lithium + boron * boron + 16 * hydrogen * hydrogen) / 3);
    assert_near(1e3 * read("LiBH4").molar_mass_kg_per_mol.sigma, expected, 1e-15);
    expected = sqrt((144 * boron * boron + 144 * hydrogen * hydrogen) / 3);
    assert_near(1e3 * read("(BH)12").molar_mass_kg_per_mol.sigma, expected, 1e-14);
    assert_near(1e3 * read("BHBHB10H10").molar_mass_kg_per_mol.sigma, expected, 1e-14);
    assert_true(isnan(read("TcO4^-").molar_mass_kg_per_mol.value));
    assert_near(closo_formula_count(&(closo_formula){0}, "H"), 0, 0);
}

static void formulas_become_hill_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hill;
        double charge;
    } cases[] = {
        /* The first five as molmass 2026.1.8 and periodictable 2.1.0 write them too. */
        {"Na4(CB11H12)2(B12H12)", "C2H36B34Na4", 0},
        {"Na3(VOPO4)2F", "FNa3O10P2V2", 0},
        {"LiBH4", "BH4Li", 0},
        {"CuSO4*5H2O", "CuH10O9S", 0},
        {"C6H12O6", "C6H12O6", 0},
        {"Li(CB9H10)0.7(CB11H12)0.3", "CH10.6B9.6Li", 0},
        {"B12H12^2-", "B12H12^2-", -2},
        {"[B12H12]^2-", "B12H12^2-", -2},
        {"[B12H12]^-2", "B12H12^2-", -2},
        {"[B12H12]²⁻", "B12H12^2-", -2},
        {"B₁₂H₁₂²⁻", "B12H12^2-", -2},
        {"B12H12^2−", "B12H12^2-", -2},
        {"{[(B)12](H)12}^2-", "B12H12^2-", -2},
        {"CB11H12^-", "CH12B11^-", -1},
        {"CB11H12-", "CH12B11^-", -1},
        {"CB9H10-", "CH10B9^-", -1},
        {"CB₁₁H₁₂⁻", "CH12B11^-", -1},
        {"Na+", "Na^+", 1},
        {"Na^+", "Na^+", 1},
        {"Na⁺", "Na^+", 1},
        {"Ca^2+", "Ca^2+", 2},
        {"Ca^+2", "Ca^2+", 2},
        {"Ca2^+", "Ca2^+", 1},
        {"Ca₂+", "Ca2^+", 1},
        {"NH4+", "H4N^+", 1},
        {"PF6-", "F6P^-", -1},
        {"Al(OH)4-", "AlH4O4^-", -1},
        {"  H2O\t", "H2O", 0},
        {"CuSO4 · 5H2O", "CuH10O9S", 0},
        {"CuSO4•5H2O", "CuH10O9S", 0},
        {"CaSO4⋅0.5H2O", "CaHO4.5S", 0},
        {"0.75Li2S·0.25P2S5", "Li1.5P0.5S2", 0},
        {"75Li2S*25P2S5", "Li150P50S200", 0},
        {"((((H))))2", "H2", 0},
        {"Li₀.₅CoO₂", "CoLi0.5O2", 0},
        {"C4.50H2O", "C4.50H2O", 0},
        {"CO", "CO", 0},
        {"Co", "Co", 0},
        {"HF0.001", "F0.001H", 0},
        {"C1000000H0.000001", "C1000000H0.000001", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const closo_formula formula = read(cases[i].text);
        assert_string_equal(closo_formula_text(&formula, arena), cases[i].hill);
        assert_near(formula.charge, cases[i].charge, 0);
    }
}

static void parts_are_in_the_order_of_atomic_numbers(void **state)
{
    (void)state;
    const closo_formula formula = read("Na4(CB11H12)2(B12H12)");
    static const int numbers[] = {1, 5, 6, 11};
    static const double counts[] = {36, 34, 2, 4};
    assert_int_equal(formula.part_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(formula.parts[i].element->atomic_number, numbers[i]);
        assert_near(formula.parts[i].count, counts[i], 0);
        assert_near(closo_formula_count(&formula, formula.parts[i].element->symbol), counts[i], 0);
    }
    assert_near(closo_formula_count(&formula, "K"), 0, 0);
}

static void wrong_formulas_are_refused_with_the_position(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int position;
        const char *says;
    } cases[] = {
        {"", 1, "empty"},
        {"   ", 1, "empty"},
        {"co", 1, "is 'Co' meant"},
        {"h2o", 1, "is 'H' meant"},
        {"na2b12h12", 1, "is 'Na' meant"},
        {"NA2B12H12", 2, "is 'Na' meant"},
        {"LIBH4", 1, "is 'Li' meant"},
        {"Li6PS5CL", 8, "is 'Cl' meant"},
        {"Hcl", 1, "is 'HCl' meant"},
        {"Xx2", 1, "no element 'Xx'"},
        {"NaQ", 3, "no element 'Q'"},
        {"LixCoO2", 1, "'Lix'; a variable"},
        {"D2O", 1, "isotopes"},
        {"Na4(CB11H12", 4, "never closed; add ')'"},
        {"Na4[(CB11H12)2", 4, "never closed; add ']'"},
        {"Na4CB11H12)2", 11, "')' closes nothing"},
        {"Na4(CB11H12]2", 12, "']' cannot close the '(' of position 4; write ')'"},
        {"Na4()2", 5, "nothing in the brackets"},
        {"()", 2, "nothing in the brackets"},
        {"Na0", 3, "count of zero"},
        {"Na0.000", 3, "count of zero"},
        {"(NaCl)0", 7, "count of zero"},
        {"0NaCl", 1, "count of zero"},
        {"Na1e5", 4, "no element 'e'"},
        {"Na99999999999", 3, "not between"},
        {"Na0.0000000000001", 3, "not between"},
        {"((Na100000)100000)100000", 12, "multiply to 1e+10 of Na"},
        {"H1000000000H1000000000", 1, "add up to 2e+09"},
        {"Na000000000000000000000000000000001", 3, "more than 32 digits"},
        {"Na.5", 3, "digit on both sides"},
        {"CaCl2.H2O", 5, "write '*'"},
        {"CuSO4.5H2O", 5, "two ways"},
        {"CaSO4.0.5H2O", 8, "second decimal point"},
        {"Li0,5CoO2", 4, "write fractions with a point"},
        {"Na^", 4, "no sign"},
        {"Na^2", 5, "no sign"},
        {"Na^0+", 3, "charge of zero"},
        {"Na^9999+", 3, "above 999"},
        {"Na^99999999999999999999+", 3, "above 999"},
        {"Na++", 4, "second charge"},
        {"Na^++", 5, "second sign"},
        {"Na^+^+", 5, "second charge"},
        {"Na+⁺", 4, "second charge"},
        {"B12H12²⁻²⁻", 9, "both sides"},
        {"Na^2+3", 6, "both sides"},
        {"Na+Cl-", 4, "after the charge"},
        {"Na^+Cl", 5, "after the charge"},
        {"(NH4+)2SO4", 5, "charge inside brackets"},
        {"(NH4^+)2", 5, "charge inside brackets"},
        {"(Na⁺)2", 4, "charge inside brackets"},
        {"(CuSO4*5H2O)2", 7, "dot inside brackets"},
        {"2Na+", 4, "cannot stand together"},
        {"Ca2+", 4, "write 'Ca^2+' or 'Ca2^+'"},
        {"O2-", 3, "write 'O^2-' or 'O2^-'"},
        {"SO42-", 5, "write 'SO4^2-' or 'SO42^-'"},
        {"B12H122-", 8, "write 'B12H12^2-' or 'B12H122^-'"},
        {"[B12H12]2-", 10, "write '[B12H12]^2-' or '[B12H12]2^-'"},
        {"Na Cl", 3, "a space"},
        {"Na/Cl", 3, "'/' is no part"},
        {"Na\x01", 3, "U+0001"},
        {"Na\xff", 3, "byte 0xff"},
        {"B₁₂H₁₂é", 7, "'é' is no part"},
        {"NaCl*", 6, "missing at the end"},
        {"NaCl*+", 6, "'+' stands where"},
        {"*5H2O", 1, "'*' stands where"},
        {"5", 2, "missing at the end"},
        {"^2-", 1, "'^' stands where"},
        {"(2Na)", 2, "after its element"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        closo_formula formula;
        closo_error error = {0};
        char position[32];
        snprintf(position, sizeof position, "position %d", cases[i].position);
        assert_int_equal(closo_formula_parse(cases[i].text, arena, &formula, &error), CLOSO_FORMAT);
        const char *place = strstr(error.message, position);
        if (strstr(error.message, cases[i].says) == NULL || place == NULL ||
            (place[strlen(position)] >= '0' && place[strlen(position)] <= '9'))
            fail_msg("'%s' should say '%s' at %s: %s", cases[i].text, cases[i].says, position,
                     error.message);
        assert_int_equal(formula.part_count, 0);
        assert_int_equal(closo_formula_parse(cases[i].text, arena, &formula, NULL), CLOSO_FORMAT);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    enum { LONG = 5000 };
    static char text[LONG + 1];
    closo_formula formula;
    closo_error error = {0};
    for (int depth = 64; depth <= 65; depth++) {
        memset(text, '(', (size_t)depth);
        text[depth] = 'H';
        memset(text + depth + 1, ')', (size_t)depth);
        text[2 * depth + 1] = '\0';
        assert_int_equal(closo_formula_parse(text, arena, &formula, &error),
                         depth == 64 ? CLOSO_OK : CLOSO_LIMIT);
    }
    assert_non_null(strstr(error.message, "position 65"));
    memset(text, 'H', LONG);
    text[LONG] = '\0';
    assert_int_equal(closo_formula_parse(text, arena, &formula, &error), CLOSO_LIMIT);
    text[4096] = '\0';
    const closo_formula longest = read(text);
    assert_near(closo_formula_count(&longest, "H"), 4096, 0);
    memset(text, 'X', 4096);
    assert_int_equal(closo_formula_parse(text, arena, &formula, &error), CLOSO_FORMAT);
    assert_non_null(strstr(error.message, "..."));
}

static void no_memory_is_said(void **state)
{
    (void)state;
    for (size_t allowed = 0; allowed < 2; allowed++) {
        closo_arena *poor = closo_arena_new(0);
        closo_formula formula;
        closo_error error = {0};
        closo_arena_fail_after(poor, allowed);
        assert_int_equal(closo_formula_parse("NaCl", poor, &formula, &error), CLOSO_NOMEM);
        closo_arena_free(poor);
    }
    const closo_formula formula = read("NaCl");
    for (size_t allowed = 0; allowed < 2; allowed++) {
        closo_arena *poor = closo_arena_new(0);
        closo_arena_fail_after(poor, allowed);
        assert_null(closo_formula_text(&formula, poor));
        closo_arena_free(poor);
    }
}

/* ---- properties on random formulas ---- */

/* Writes a random group and adds what it holds to counts; returns the bytes written. */
static size_t write_group(closo_random *random, char *text, int depth, double factor,
                          double counts[CLOSO_ELEMENT_COUNT + 1])
{
    static const double choices[] = {1, 1, 2, 3, 12, 0.5, 0.25, 1.75, 100};
    static const char *const written[] = {"", "", "2", "3", "12", "0.5", "0.25", "1.75", "100"};
    size_t used = 0;
    const size_t units = 1 + closo_random_below(random, 4);
    for (size_t i = 0; i < units; i++) {
        const size_t choice = closo_random_below(random, sizeof choices / sizeof *choices);
        if (depth > 0 && closo_random_below(random, 3) == 0) {
            const size_t kind = closo_random_below(random, 3);
            text[used++] = "([{"[kind];
            used += write_group(random, text + used, depth - 1, factor * choices[choice], counts);
            text[used++] = ")]}"[kind];
        } else {
            const int number = 1 + (int)closo_random_below(random, CLOSO_ELEMENT_COUNT);
            counts[number] += factor * choices[choice];
            used += (size_t)sprintf(text + used, "%s", closo_element_number(number)->symbol);
        }
        used += (size_t)sprintf(text + used, "%s", written[choice]);
    }
    return used;
}

static void random_formulas_are_read_and_read_back(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 7);
    for (int round = 0; round < 20000; round++) {
        static char text[8192];
        double counts[CLOSO_ELEMENT_COUNT + 1] = {0};
        size_t used = write_group(&random, text, 3, 1, counts);
        const int charge = (int)closo_random_below(&random, 9) - 4;
        if (charge != 0)
            used += (size_t)sprintf(text + used, "^%d%c", charge < 0 ? -charge : charge,
                                    charge < 0 ? '-' : '+');
        if (used > 4096)
            continue;
        const closo_formula formula = read(text);
        const char *hill = closo_formula_text(&formula, arena);
        const closo_formula again = read(hill);
        assert_string_equal(closo_formula_text(&again, arena), hill);
        assert_near(formula.charge, charge, 0);
        assert_near(again.charge, charge, 0);
        assert_int_equal(again.part_count, formula.part_count);
        for (size_t i = 0; i < formula.part_count; i++) {
            const closo_formula_part *part = &formula.parts[i];
            const double expected = counts[part->element->atomic_number];
            assert_near(part->count, expected, 1e-12 * expected);
            assert_ptr_equal(again.parts[i].element, part->element);
            assert_near(again.parts[i].count, expected, 1e-11 * expected);
        }
    }
}

static double mass_of(const char *text)
{
    assert_non_null(text);
    return read(text).molar_mass_kg_per_mol.value;
}

/* The mass of the whole is the mass of its parts; a bracket times 2.5 is 2.5 times the bracket. */
static void masses_add_up(void **state)
{
    (void)state;
    closo_random random;
    closo_random_seed(&random, 8);
    for (int round = 0; round < 5000; round++) {
        static char one[2048], other[2048];
        double counts[CLOSO_ELEMENT_COUNT + 1] = {0};
        one[write_group(&random, one, 1, 1, counts)] = '\0';
        other[write_group(&random, other, 1, 1, counts)] = '\0';
        const double mass_one = mass_of(one), mass_other = mass_of(other);
        if (isnan(mass_one) || isnan(mass_other))
            continue;
        assert_near(mass_of(closo_arena_printf(arena, "%s%s", one, other)), mass_one + mass_other,
                    1e-13 * (mass_one + mass_other));
        assert_near(mass_of(closo_arena_printf(arena, "%s*3%s", one, other)),
                    mass_one + 3 * mass_other, 1e-13 * (mass_one + 3 * mass_other));
        assert_near(mass_of(closo_arena_printf(arena, "[%s]2.5(%s)", one, other)),
                    2.5 * mass_one + mass_other, 1e-13 * (2.5 * mass_one + mass_other));
        /* A salt weighs what its ions weigh: the electrons come and go. */
        assert_near(mass_of(closo_arena_printf(arena, "[%s]^2+", one)) +
                        mass_of(closo_arena_printf(arena, "[%s]^2-", other)),
                    mass_of(closo_arena_printf(arena, "%s%s", one, other)),
                    1e-13 * (mass_one + mass_other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(molar_masses_are_as_other_programs_have_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sigma_counts_the_atoms_of_an_element_together, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(formulas_become_hill_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_are_in_the_order_of_atomic_numbers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wrong_formulas_are_refused_with_the_position, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(limits_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_memory_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_formulas_are_read_and_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(masses_add_up, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("formula", tests, NULL, NULL);
}
