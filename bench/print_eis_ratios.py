#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets the fits of closo beside those of the peers: print_eis_ratios.py CLOSO.jsonl PEER.jsonl..."""
import json
import sys

rows = [json.loads(line) for name in sys.argv[1:] for line in open(name)]
print(f"{'circuit':28} {'way':24} {'ms a fit':>9} {'right':>8} {'slower than closo':>18}")
for circuit in dict.fromkeys(row["circuit"] for row in rows):
    own = next(row for row in rows if row["circuit"] == circuit and row["way"] == "closo")
    for row in (row for row in rows if row["circuit"] == circuit):
        ratio = "" if row["way"].startswith("closo") else f"{row['median_s'] / own['median_s']:17.0f}x"
        right = f"{row['right']}/{row['of']}"
        print(f"{circuit:28} {row['way']:24} {1e3 * row['median_s']:9.4f} {right:>8} {ratio:>18}")
