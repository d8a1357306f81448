#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo's table of cycles beside the peers': print_cycle_ratios.py FOLDER PEER...

The folder holds, for closo and each peer, cycles-WAY.jsonl (the call within a process that has loaded everything, a line of
JSON a run) and program-WAY.jsonl (the whole process, from bench_program); medians are taken. table-closo.csv is the table of
closo's program. Ratios are peer / closo. They are given twice: process
against process, and the peer's call alone, without what loading Python and the peer costs, against all of closo's process.
"""
import json
import math
import os
import sys
from statistics import median

ENOUGH_TIMES_FASTER, ENOUGH_TIMES_SMALLER = 20, 10


def lines_of(folder, part, way):
    path = os.path.join(folder, f"{part}-{way}.jsonl")
    return [json.loads(line) for line in open(path) if line.strip()] if os.path.exists(path) else []


def load(folder, way):
    """What is known of one way; None when it could not run."""
    calls, programs = lines_of(folder, "cycles", way), lines_of(folder, "program", way)
    if not calls or not programs:
        return None
    row = dict(calls[-1], runs=len(programs))
    for key in ("median_s", "peak_MB", "peak_without_import_MB"):
        row["call_" + key.removeprefix("median_")] = median([call[key] for call in calls if key in call] or [float("nan")])
    for key in programs[0]:
        row["program_" + key] = median([program[key] for program in programs])
    if math.isnan(row["call_peak_without_import_MB"]):
        row["call_peak_without_import_MB"] = row["call_peak_MB"]
    table = os.path.join(folder, f"table-{way}.csv")
    if os.path.exists(table):
        row["columns"] = open(table).readline().strip().split(",")
    return row


def worst_share(own, peer):
    """How far each of the peer's capacities is from the nearest of closo's; None when it has none."""
    if not peer:
        return None
    return max(min(abs(value / known - 1) for known in own) for value in peer)


def difference(own, row):
    shares = [worst_share(own[key], row[key]) for key in ("charges_mAh", "discharges_mAh")]
    return max((share for share in shares if share is not None), default=float("nan"))


def print_times(rows):
    own = rows[0]
    print("\nthe program as a user calls it, start to end (median), and the call alone in a process that has loaded everything:")
    print(f"{'':10} {'runs':>4} {'wall/s':>8} {'processor/s':>11} {'peak/MB':>8}   {'call/s':>8} {'its memory/MB':>13}")
    for row in rows:
        print(
            f"{row['way']:10} {row['runs']:4d} {row['program_wall_s']:8.3f} {row['program_processor_s']:11.3f}"
            f" {row['program_peak_MB']:8.1f}   {row['call_s']:8.3f} {row['call_peak_without_import_MB']:13.1f}"
        )
    if len(rows) > 1:
        print("\ntimes as much as closo's program:")
        print(f"{'':10} {'':4} {'wall':>8} {'processor':>11} {'peak':>8}   {'call':>8} {'its memory':>13}")
    worst_time, worst_memory = float("inf"), float("inf")
    for row in rows[1:]:
        wall, processor, peak, call, memory = (
            row["program_wall_s"] / own["program_wall_s"],
            row["program_processor_s"] / own["program_processor_s"],
            row["program_peak_MB"] / own["program_peak_MB"],
            row["call_s"] / own["program_wall_s"],
            row["call_peak_without_import_MB"] / own["program_peak_MB"],
        )
        worst_time, worst_memory = min(worst_time, wall, processor, call), min(worst_memory, peak, memory)
        print(f"{row['way']:10} {'':4} {wall:8.1f} {processor:11.1f} {peak:8.1f}   {call:8.1f} {memory:13.1f}")
    if len(rows) > 1:
        reached = worst_time >= ENOUGH_TIMES_FASTER and worst_memory >= ENOUGH_TIMES_SMALLER
        print(
            f"the least of them: {worst_time:.1f} times the time, {worst_memory:.1f} times the memory; "
            f"wanted {ENOUGH_TIMES_FASTER} and {ENOUGH_TIMES_SMALLER}: {'reached' if reached else 'NOT REACHED'}"
        )


def print_tables(rows):
    own = rows[0]
    print("\nwhat each makes of the file:")
    for row in rows:
        found = f"{len(row['charges_mAh'])} charges, {len(row['discharges_mAh'])} discharges"
        if row is not own:
            found += f", capacities within {difference(own, row):.1g} of closo's"
        columns = row["columns"]
        shown = ", ".join(columns[:12]) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
        print(f"  {row['way']}: {found}\n    columns of its table: {shown}")
    print("  closo's program prints that table, and resistance, plateaus, fade and notes under it; the peers' tables are made, not printed")


def main():
    rows = [load(sys.argv[1], way) for way in ["closo", *sys.argv[2:]]]
    if rows[0] is None:
        sys.exit("closo was not measured")
    rows = [row for row in rows if row is not None]
    print(f"{rows[0]['file_MB']:.1f} MB")
    print_times(rows)
    print_tables(rows)


main()
