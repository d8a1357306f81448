# SPDX-License-Identifier: BSD-3-Clause
"""What the peers' scripts share: time and memory of one call, without what importing the peer takes."""
import json
import os
import resource
import time


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def report(way, path, work):
    """Calls work(path) -> (charges, discharges in mA.h, names of the table's columns) once and prints the line of JSON that bench_cycles prints."""
    before = peak_megabytes()
    start = time.perf_counter()
    charges, discharges, columns = work(path)
    seconds = time.perf_counter() - start
    megabytes = os.path.getsize(path) / 1e6
    print(
        json.dumps(
            {
                "way": way,
                "file_MB": round(megabytes, 3),
                "median_s": round(seconds, 6),
                "MB_per_s": round(megabytes / seconds, 1),
                "peak_MB": round(peak_megabytes(), 1),
                "peak_without_import_MB": round(peak_megabytes() - before, 1),
                "charges_mAh": [float(value) for value in charges],
                "discharges_mAh": [float(value) for value in discharges],
                "columns": columns,
            }
        )
    )
