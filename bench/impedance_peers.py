#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kramers-Kronig tests and distributions of relaxation times of other programs, on the spectra that bench_kk wrote:
impedance_peers.py kk|drt FOLDER. A line of JSON each: median processor time of one thread a spectrum. Slow ways get the
first few spectra; the line says how many."""
import contextlib
import glob
import json
import os
import statistics
import sys
import time
import warnings
from importlib.metadata import version

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["MPLBACKEND"] = "Agg"
warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402

# impedance.py writes its circuit as a text of numbers and evaluates it; numpy 2 prints "np.float64(1.0)" there.
np.set_printoptions(legacy="1.25")


def read(folder):
    for path in sorted(glob.glob(folder + "/spectrum_*.csv")):
        f, re, im = np.loadtxt(path, delimiter=",", unpack=True)
        yield f, re + 1j * im


def report(program, task, way, spectra, call, figure=None, like=None):
    """Times call(f, z) for each spectrum; figure(answer, f, z) makes a number that is quoted as a median. like: closo's way that does the same work."""
    times, figures = [], []
    try:
        with contextlib.redirect_stdout(sys.stderr):  # some print as they go
            call(*spectra[0])  # whatever is made ready once
            for f, z in spectra:
                start = time.process_time()
                answer = call(f, z)
                times.append(time.process_time() - start)
                if figure:
                    figures.append(figure(answer, f, z))
    except Exception as problem:  # a peer that fails is reported, not hidden
        print(json.dumps({"program": program, "task": task, "way": way, "failed": f"{type(problem).__name__}: {problem}"[:200]}))
        return
    text = f"{len(spectra)} spectra" + (f", residual {statistics.median(figures):.3f} %" if figures else "")
    print(json.dumps({"program": program, "task": task, "way": way, "ms": 1e3 * statistics.median(times), "figure": text, "like": like}), flush=True)


def rms_percent(real, imaginary):
    return 100 * float(np.sqrt(np.mean(np.concatenate([np.asarray(real), np.asarray(imaginary)]) ** 2)))


def run_kk(spectra):
    try:
        from impedance.validation import linKK

        for c in (0.5, 0.85):
            report("impedance.py", "kk", f"impedance.py {version('impedance')} linKK c={c}", spectra,
                   lambda f, z, c=c: linKK(f, z, c=c, max_M=100, fit_type="complex", add_cap=True),
                   lambda answer, f, z: rms_percent(answer[3], answer[4]))
    except ImportError as problem:
        print(json.dumps({"program": "impedance.py", "task": "kk", "way": "impedance.py", "failed": str(problem)}))
    try:
        import pyimpspec

        def data(f, z):
            return pyimpspec.DataSet(frequencies=f, impedances=z)

        def left(answer, f, z):
            difference = (z - answer.get_impedances()) / abs(z)
            return rms_percent(difference.real, difference.imag)

        report("pyimpspec", "kk", f"pyimpspec {version('pyimpspec')}, no extension search", spectra[:4],
               lambda f, z: pyimpspec.perform_kramers_kronig_test(data(f, z), num_F_ext_evaluations=0, num_procs=1), left)
        report("pyimpspec", "kk", f"pyimpspec {version('pyimpspec')}, as it comes", spectra[:2],
               lambda f, z: pyimpspec.perform_kramers_kronig_test(data(f, z), num_procs=1), left)
    except ImportError as problem:
        print(json.dumps({"program": "pyimpspec", "task": "kk", "way": "pyimpspec", "failed": str(problem)}))


def run_drt(spectra):
    try:
        import importlib.util
        import types

        # The package opens its window when it is imported; its computations alone need none.
        package = types.ModuleType("pyDRTtools")
        found = importlib.util.find_spec("pyDRTtools")
        if found is None:
            raise ImportError("pyDRTtools is not installed")
        package.__path__ = list(found.submodule_search_locations)
        sys.modules["pyDRTtools"] = package
        with contextlib.redirect_stdout(sys.stderr):
            from pyDRTtools.runs import EIS_object, simple_run

        report("pyDRTtools", "drt", f"pyDRTtools {version('pyDRTtools')}, lambda by GCV", spectra[:4],
               lambda f, z: simple_run(EIS_object(f, z.real, z.imag), rbf_type="Gaussian", data_used="Combined Re-Im Data",
                                       induct_used=1, der_used="2nd order", cv_type="GCV"), like="closo drt --no-arcs --criterion gcv")
    except ImportError as problem:
        print(json.dumps({"program": "pyDRTtools", "task": "drt", "way": "pyDRTtools", "failed": str(problem)}))
    try:
        import pyimpspec

        def data(f, z):
            return pyimpspec.DataSet(frequencies=f, impedances=z)

        report("pyimpspec", "drt", f"pyimpspec {version('pyimpspec')} TR-NNLS, real part, lambda found", spectra[:12],
               lambda f, z: pyimpspec.calculate_drt(data(f, z), method="tr-nnls", mode="real", num_procs=1), like="closo drt --no-arcs --only real")
        report("pyimpspec", "drt", f"pyimpspec {version('pyimpspec')} TR-NNLS, real part, lambda given", spectra[:12],
               lambda f, z: pyimpspec.calculate_drt(data(f, z), method="tr-nnls", mode="real", lambda_value=1e-3, num_procs=1),
               like="closo drt --no-arcs --only real --lambda 1e-4")
        report("pyimpspec", "drt", f"pyimpspec {version('pyimpspec')} TR-RBF, both parts, lambda by GCV", spectra[:3],
               lambda f, z: pyimpspec.calculate_drt(data(f, z), method="tr-rbf", mode="complex", cross_validation="gcv",
                                                    inductance=True, num_procs=1), like="closo drt --no-arcs --criterion gcv")
    except ImportError as problem:
        print(json.dumps({"program": "pyimpspec", "task": "drt", "way": "pyimpspec", "failed": str(problem)}))


spectra = list(read(sys.argv[2]))
(run_kk if sys.argv[1] == "kk" else run_drt)(spectra)
