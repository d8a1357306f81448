#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo's lines of JSON beside the peer's: print_ratios.py CLOSO.jsonl PEER.jsonl"""
import json
import sys

own = [json.loads(line) for line in open(sys.argv[1])]
peers = [json.loads(line) for line in open(sys.argv[2])]
peer = peers[0] if peers else None
print(f"{'way':46} {'ms':>9} {'MB/s':>8} {'peak MB':>8} {'peer/closo':>10}")
if peer:
    print(f"{peer['way']:46} {1e3 * peer['median_s']:9.2f} {peer['MB_per_s']:8.0f} {peer['peak_without_import_MB']:8.1f}")
for row in own:
    ratio = f"{peer['median_s'] / row['median_s']:9.1f}x" if peer else ""
    print(f"{row['way']:46} {1e3 * row['median_s']:9.2f} {row['MB_per_s']:8.0f} {row['peak_MB']:8.1f} {ratio:>10}")
