#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo's first line of JSON beside those of its peers, and the line that does the same work: print_impedance_ratios.py CLOSO.jsonl PEERS.jsonl"""
import json
import sys

own = [json.loads(line) for line in open(sys.argv[1])]
peers = [json.loads(line) for line in open(sys.argv[2])]
by_way = {row["way"]: row["ms"] for row in own}
print(f"{'way':54} {'ms':>10} {'/closo':>8} {'/same work':>11}")
for row in own + peers:
    if "failed" in row:
        print(f"{row['way']:54} failed: {row['failed']}")
        continue
    same = f"{row['ms'] / by_way[row['like']]:10.1f}x" if row.get("like") in by_way else ""
    print(f"{row['way']:54} {row['ms']:10.3f} {row['ms'] / own[0]['ms']:7.1f}x {same:>11}  {row['figure']}")
