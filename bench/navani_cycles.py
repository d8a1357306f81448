#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How fast navani comes from a raw file to its summary of cycles: navani_cycles.py FILE

Needs: pip install navani
"""
import sys

from measured import report
from navani import echem


def work(path):
    summary = echem.cycle_summary(echem.echem_file_loader(path))
    return summary["Charge Capacity"].dropna(), summary["Discharge Capacity"].dropna(), list(summary.columns)


report("navani", sys.argv[1], work)
