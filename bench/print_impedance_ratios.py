#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sets closo's first line of JSON beside those of its peers: print_impedance_ratios.py CLOSO.jsonl PEERS.jsonl"""
import json
import sys

own = [json.loads(line) for line in open(sys.argv[1])]
peers = [json.loads(line) for line in open(sys.argv[2])]
print(f"{'way':54} {'ms':>10} {'/closo':>8}")
for row in own + peers:
    if "failed" in row:
        print(f"{row['way']:54} failed: {row['failed']}")
    else:
        print(f"{row['way']:54} {row['ms']:10.3f} {row['ms'] / own[0]['ms']:7.1f}x  {row['figure']}")
