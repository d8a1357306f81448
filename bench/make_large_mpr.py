#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes a large .mpr out of a small one, by repeating its points.

    make_large_mpr.py SMALL.mpr MEGABYTES LARGE.mpr
"""
import struct
import sys


def modules(data):
    """(offset of the header, offset of the data, length, where the length stands, new header) of each module."""
    position = 52
    while data[position : position + 6] == b"MODULE":
        (first,) = struct.unpack_from("<I", data, position + 41)
        new = first == 0xFFFFFFFF
        place = position + (45 if new else 41)
        (length,) = struct.unpack_from("<I", data, place)
        start = position + 6 + (59 if new else 51)
        yield position, start, length, place, new
        position = start + length


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    wanted = int(float(sys.argv[2]) * 1e6)
    out = bytearray(data[:52])
    for position, start, length, place, new in modules(data):
        header = bytearray(data[position:start])
        body = data[start : start + length]
        name = header[6:16]
        if name.startswith(b"VMP data"):
            (version,) = struct.unpack_from("<I", header, place - position + 4)
            first = 1007 if new else {0: 100, 2: 405, 3: 406}[version]
            (points,) = struct.unpack_from("<I", body, 0)
            times = 1 + -(-max(0, wanted - len(data)) // (length - first))
            body = struct.pack("<I", points * times) + body[4:first] + body[first:] * times
            struct.pack_into("<I", header, place - position, len(body))
        if not name.startswith(b"VMP loop"):
            out += header + body
    with open(sys.argv[3], "wb") as file:
        file.write(out)


main()
