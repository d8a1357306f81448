#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How fast cellpy comes from a raw .mpr to its summary of cycles: cellpy_cycles.py FILE

cellpy calls the charge of a .mpr discharge and the other way round, and keeps only the last half cycle of each of its
cycles; what it gives is put back under the usual names.

Needs: pip install cellpy
"""
import contextlib
import io
import logging
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from measured import report  # noqa: E402

import cellpy  # noqa: E402


def work(path):
    with contextlib.redirect_stdout(io.StringIO()):
        summary = cellpy.get(path, instrument="biologics_mpr", mass=10.0).data.summary
    charges, discharges = summary["discharge_capacity"], summary["charge_capacity"]
    return charges[charges > 0], discharges[discharges > 0], list(summary.columns)


report("cellpy", sys.argv[1], work)
