#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How fast galvani reads a .mpr into its table; the same line of JSON as bench_mpr prints.

    galvani_mpr.py FILE [TIMES]

Needs: pip install galvani
"""
import json
import os
import resource
import statistics
import sys
import time

from galvani import BioLogic


def main():
    path = sys.argv[1]
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        table = BioLogic.MPRfile(path)
        seconds.append(time.perf_counter() - start)
    size = os.path.getsize(path) / 1e6
    median = statistics.median(seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(
        json.dumps(
            {
                "way": "galvani",
                "file_MB": round(size, 3),
                "median_s": round(median, 6),
                "MB_per_s": round(size / median, 1),
                "peak_MB": round(peak, 1),
                "peak_without_import_MB": round(peak - before, 1),
                "result": len(table.data),
            }
        )
    )


main()
