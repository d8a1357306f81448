#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo beside PyBaMM, task by task: print_half_cell_ratios.py LINES.jsonl. Processor time, medians."""
import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
wanted = {"discharge": 10, "cycles": 20, "impedance": 20}
names = {"discharge": "1C discharge", "cycles": "100 cycles at 1C", "impedance": "impedance, 60 points"}
print(f"{'':58} {'ms':>10} {'states':>7} {'steps':>7} {'PyBaMM/closo':>13}")
for task, least in wanted.items():
    rows = [row for row in lines if row["task"] == task]
    kinds = ["double layers", "none"] if task != "impedance" else [""]
    for kind in kinds:
        same = [row for row in rows if row["program"].endswith(kind)]
        own = [row for row in same if row["program"].removesuffix(f", {kind}") == "closo"]
        peers = [row for row in same if row["program"].startswith("PyBaMM")]
        if not own:
            continue
        for row in own + peers + [row for row in same if row not in own + peers]:
            ratio = f"{row['median_s'] / own[0]['median_s']:12.1f}x" if row in peers else ""
            print(
                f"{names[task] + ', ' + row['program']:58} {1e3 * row['median_s']:10.3f} {row.get('states') or '':>7} "
                f"{row.get('steps') or '':>7} {ratio:>13}"
            )
        if peers:
            fastest = min(peers, key=lambda row: row["median_s"])
            ratio = fastest["median_s"] / own[0]["median_s"]
            print(f"  beside PyBaMM's fastest of the same equations ({fastest['program']}): {ratio:.1f} times faster, wanted {least}")
