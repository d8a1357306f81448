#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo's table of cycles beside the peers': print_cycle_ratios.py CLOSO.jsonl PEER.jsonl...

Ratios are peer / closo; of memory, the peer's without what importing it takes against all of closo's.
"""
import json
import sys


def worst_share(own, peer):
    """How far each of the peer's capacities is from the nearest of closo's; None when it has none."""
    if not peer:
        return None
    return max(min(abs(value / known - 1) for known in own) for value in peer)


def main():
    rows = [json.loads(line) for path in sys.argv[1:] for line in open(path) if line.strip()]
    own = rows[0]
    print(f"{'way':10} {'s':>9} {'MB/s':>8} {'peak MB':>8} {'time':>9} {'memory':>9}   capacities")
    for row in rows:
        memory = row.get("peak_without_import_MB", row["peak_MB"])
        line = f"{row['way']:10} {row['median_s']:9.3f} {row['MB_per_s']:8.1f} {memory:8.1f}"
        found = f"{len(row['charges_mAh'])} charges, {len(row['discharges_mAh'])} discharges"
        if row is not own:
            shares = [worst_share(own[key], row[key]) for key in ("charges_mAh", "discharges_mAh")]
            worst = max((share for share in shares if share is not None), default=float("nan"))
            line += f" {row['median_s'] / own['median_s']:8.1f}x {memory / own['peak_MB']:8.1f}x"
            found += f", within {worst:.1g} of closo's"
        else:
            line += " " * 20
        print(f"{line}   {found}")


main()
