#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""PyBaMM's half-cell DFN with the parameters of examples/cells/lithium-half-cell.yaml.

    pybamm_half_cell.py reference > tests/cell/half_cell_reference.csv   the voltages that closo is compared with
    pybamm_half_cell.py impedances > tests/cell/half_cell_impedance.csv  and the impedances
    pybamm_half_cell.py discharge|cycles|impedance NODES SHELLS          processor time as a line of JSON
"""
import json
import sys
import time

import numpy as np
import pybamm

pybamm.set_logging_level("ERROR")
ONE_C_A = 0.0024


def half_cell(surface_form="false", **changes):
    """The model and its parameters. A closed-form thermodynamic factor may take the place of Xu2019's 1."""
    model = pybamm.lithium_ion.DFN({"working electrode": "positive", "surface form": surface_form})
    parameters = pybamm.ParameterValues("Xu2019")
    parameters.update(changes)
    return model, parameters


def points(nodes, shells, separator=None):
    separator = separator or nodes // 2
    return {"x_n": nodes, "x_s": separator, "x_p": nodes, "r_n": shells, "r_p": shells}


def discharge(rate, mesh, rtol=1e-9, atol=1e-10, surface_form="differential", factor=None):
    model, parameters = half_cell(surface_form)
    parameters["Current function [A]"] = rate * ONE_C_A
    if factor is not None:
        parameters["Thermodynamic factor"] = factor
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=atol)
    simulation = pybamm.Simulation(model, parameter_values=parameters, var_pts=mesh, solver=solver)
    return simulation.solve([0, 1.7 * 3600 / rate])


def factor_of_concentration(concentration, temperature):
    """Made up, to compare the equations where it is not 1."""
    return 0.6 + 0.7 * (concentration / 1000) + 0.2 * (concentration / 1000) ** 2


def reference():
    coarse, fine = points(60, 60), points(120, 120)
    print(f"# PyBaMM {pybamm.__version__}, half-cell DFN (working electrode: positive, surface form: differential), Xu2019;")
    print(f"# IDAKLUSolver, rtol 1e-9; voltages extrapolated to h = 0 from {coarse['x_p']} and {fine['x_p']} nodes and as many")
    print(f"# shells ({coarse['x_s']} and {fine['x_s']} nodes in the separator); made with bench/pybamm_half_cell.py reference.")
    print("# case 2: the thermodynamic factor is 0.6 + 0.7 c + 0.2 c^2, c in mol/L, instead of 1.")
    print("case,rate,time_s,voltage_V")
    for case, rate, factor in ((1, 0.1, None), (1, 1, None), (1, 2, None), (2, 2, factor_of_concentration)):
        one, two = discharge(rate, coarse, factor=factor), discharge(rate, fine, factor=factor)
        end = min(one.t[-1], two.t[-1])
        times = np.concatenate([[10, 30], np.linspace(0, 0.995 * end, 60)[1:]])
        before, after = one["Voltage [V]"](times), two["Voltage [V]"](times)
        print(f"# {rate} C, case {case}: the two meshes differ by {1e3 * np.sqrt(np.mean((before - after) ** 2)):.3f} mV RMS")
        for t, v in zip(times, after + (after - before) / 3):
            print(f"{case},{rate},{t:.6g},{v:.7f}")


def impedances():
    frequencies = np.array([1e5, 1e4, 3e3, 1e3, 300, 100, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4])
    meshes = [points(40, 120), points(80, 240)]
    one, two = [solve_impedance(mesh, frequencies) for mesh in meshes]
    print(f"# PyBaMM {pybamm.__version__}, half-cell DFN (working electrode: positive, surface form: differential), Xu2019, at the")
    print("# initial state; EISSimulation; extrapolated to h = 0 from 40 and 80 nodes (20 and 40 in the separator), 120 and 240")
    print(f"# shells, which differ by at most {np.max(np.abs(one / two - 1)):.1e}; made with bench/pybamm_half_cell.py impedances.")
    print("frequency_Hz,real_ohm,imaginary_ohm")
    for f, z in zip(frequencies, two + (two - one) / 3):
        print(f"{f:g},{z.real:.7f},{z.imag:.7f}")


def solve_impedance(mesh, frequencies):
    model, parameters = half_cell("differential")
    simulation = pybamm.EISSimulation(model, parameter_values=parameters, var_pts=mesh)
    return np.array(simulation.solve(frequencies)["Impedance [Ohm]"])


def report(task, program, states, took, **more):
    took = sorted(took)
    print(json.dumps({"task": task, "program": program, "states": states, "median_s": round(took[len(took) // 2], 6),
                      "least_s": round(took[0], 6), **more}), flush=True)


def timed(work, turns):
    """Processor time of each turn, and what the last one gave."""
    took = []
    for _ in range(turns):
        start = time.process_time()
        result = work()
        took.append(time.process_time() - start)
    return took, result


def time_discharge(mesh, options, name, surface_form):
    model, parameters = half_cell(surface_form)
    parameters["Current function [A]"] = ONE_C_A
    solver = pybamm.IDAKLUSolver(rtol=1e-5, atol=1e-6, options=options)
    simulation = pybamm.Simulation(model, parameter_values=parameters, var_pts=mesh, solver=solver)
    simulation.solve([0, 6000])  # builds, and compiles where it is told to
    took, solution = timed(lambda: simulation.solve([0, 6000]), 21)
    report("discharge", f"PyBaMM, {name}", solution.y.shape[0], took, steps=len(solution.t))


def time_cycles(mesh, options, name, surface_form, count=100):
    model, parameters = half_cell(surface_form)
    cycle = ("Discharge at 0.0024 A until 3.5 V", "Charge at 0.0024 A until 4.2 V")
    experiment = pybamm.Experiment([cycle] * count)
    solver = pybamm.IDAKLUSolver(rtol=1e-5, atol=1e-6, options=options)
    simulation = pybamm.Simulation(model, parameter_values=parameters, var_pts=mesh, solver=solver, experiment=experiment)
    simulation.build_for_experiment()
    took, solution = timed(lambda: simulation.solve(calc_esoh=False), 1)
    report("cycles", f"PyBaMM, {name}", solution.y.shape[0] if hasattr(solution.y, "shape") else 0, took)


def time_impedance(mesh):
    model, parameters = half_cell("differential")
    simulation = pybamm.EISSimulation(model, parameter_values=parameters, var_pts=mesh)
    frequencies = np.geomspace(2e5, 2.7e-4, 60)
    simulation.solve(frequencies)
    took, solution = timed(lambda: simulation.solve(frequencies), 5)
    report("impedance", "PyBaMM, EISSimulation", 0, took)


def times(task, nodes, shells):
    mesh = points(nodes, shells)
    if task == "impedance":
        time_impedance(mesh)
        return
    work = time_discharge if task == "discharge" else time_cycles
    # closo has double layers and so has "differential"; without them PyBaMM has fewer equations and is faster
    for options, how in (({}, "IDAKLUSolver"), ({"compile": True}, "IDAKLUSolver compiled")):
        work(mesh, options, f"{how}, double layers", "differential")
        work(mesh, options, f"{how}, none", "false")


if __name__ == "__main__":
    if sys.argv[1] == "reference":
        reference()
    elif sys.argv[1] == "impedances":
        impedances()
    else:
        times(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
