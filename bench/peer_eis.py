#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fits the spectra that bench_eis wrote with a peer: peer_eis.py impedance.py|leastsq|least_squares SPECTRA.json
leastsq and least_squares are methods of pyimpspec: its fastest, and the one of its gradient methods that is right most often.
Prints a line of JSON for each circuit: median processor time of a fit, how many are right. Modulus weights, the same guess."""
import json
import statistics
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
peer, path = sys.argv[1:]

if peer == "impedance.py":
    from impedance.models.circuits import CustomCircuit

    def fit(circuit, guess, f, z):
        model = CustomCircuit(circuit, initial_guess=guess)
        model.fit(f, z, weight_by_modulus=True)
        return list(model.parameters_)

else:
    from pyimpspec import DataSet, fit_circuit, parse_cdc

    def fit(circuit, guess, f, z):
        g = list(guess)
        text = ""
        for part in circuit.replace("p(", "(").replace("-", " ").replace(",", " ").replace("(", "( ").replace(")", " )").split():
            if part[0] == "R":
                text += f"R{{R={g.pop(0)!r}}}"
            elif part.startswith("CPE"):
                y, n = g.pop(0), g.pop(0)
                text += f"Q{{Y={y!r},n={n!r}}}"
            else:
                text += part
        result = fit_circuit(parse_cdc(text), DataSet(f, z), method=peer, weight="boukamp", num_procs=1)
        values = []
        for element in result.circuit.get_elements():
            found = element.get_values()
            values += [found["R"]] if "R" in found else [found["Y"], found["n"]]
        return values


results = {}
for line in open(path):
    s = json.loads(line)
    f = np.array(s["frequency_Hz"])
    z = np.array(s["real_ohm"]) + 1j * np.array(s["imaginary_ohm"])
    start = time.process_time()
    try:
        found = fit(s["circuit"], s["guess"], f, z)
    except Exception:
        found = [0.0] * len(s["truth"])
    spent = time.process_time() - start
    right = all(abs(a / b - 1) < 0.15 for a, b in zip(found, s["truth"]))
    times, count = results.setdefault(s["circuit"], ([], [0]))
    times.append(spent)
    count[0] += right
for circuit, (times, count) in results.items():
    print(json.dumps({"way": peer if peer == "impedance.py" else f"pyimpspec {peer}", "circuit": circuit, "median_s": statistics.median(times), "right": count[0], "of": len(times)}))
