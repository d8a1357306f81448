#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes a large .mpr out of a small one, by repeating its points, as a cell that goes on cycling would: time, charge since
the start and half cycle go on where they were. So that every peer reads it, the data module is written as version 2 (EC-Lab
10 to 11.1) where the small file has version 2 or 3, and the current asked for (control/V/mA) is overwritten with the current
that flowed (I/mA, from dq and time).

    make_large_mpr.py SMALL.mpr MEGABYTES LARGE.mpr
"""
import struct
import sys

FLAGS = {1, 2, 3, 21, 31, 65}  # share one byte
BYTES = {4: 8, 5: 4, 6: 4, 7: 8, 8: 4, 11: 8, 13: 8, 19: 4, 20: 4, 23: 8, 24: 8, 39: 2, 70: 4, 76: 4, 131: 2, 467: 8, 468: 4}
GO_ON = {4: "<d", 13: "<d", 468: "<I"}  # time, charge since the start, half cycle
APART = {4: 1.0, 13: 0.0, 468: 1}  # of one turn's last and the next one's first


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


def places(ids):
    """Offset of each column in a record, and the record's length; None where a column is not known here."""
    offsets, at, flags = {}, 0, False
    for number in ids:
        offsets[number] = at
        if number in FLAGS:
            at += 0 if flags else 1
            flags = True
        elif number in BYTES:
            at += BYTES[number]
        else:
            return None, None
    return offsets, at


def repeated(points, ids, wanted):
    """The records, and again, further on, those after the first half cycle, until there are `wanted` bytes of them."""
    offsets, record = places(ids)
    if record is None or len(points) % record != 0 or 468 not in offsets:
        return points * -(-wanted // len(points))

    def value(number, place):
        return struct.unpack_from(GO_ON[number], points, place + offsets[number])[0]

    first, last = 0, len(points) - record
    while first < last and value(468, first) == value(468, 0):
        first += record
    out = bytearray(points)
    turn = 0
    while len(out) < wanted:
        turn += 1
        copy = bytearray(points[first:])
        for number, kind in GO_ON.items():
            if number not in offsets:
                continue
            shift = turn * (value(number, last) - value(number, first) + APART[number])
            for place in range(offsets[number], len(copy), record):
                struct.pack_into(kind, copy, place, struct.unpack_from(kind, copy, place)[0] + shift)
        out += copy
    return bytes(out)


def with_current(points, ids):
    """control/V/mA (5) becomes I/mA (8) where the file has dq (7), time (4) and no current."""
    offsets, record = places(ids)
    if record is None or not {4, 5, 7} <= set(ids) or 8 in ids:
        return points, ids
    out = bytearray(points)
    before = None
    for at in range(0, len(points), record):
        (time,) = struct.unpack_from("<d", points, at + offsets[4])
        (charge,) = struct.unpack_from("<d", points, at + offsets[7])
        current = 0.0 if before is None or time <= before else 3600 * charge / (time - before)
        struct.pack_into("<f", out, at + offsets[5], current)
        before = time
    return bytes(out), tuple(8 if number == 5 else number for number in ids)


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
            ids = struct.unpack_from(f"<{body[4]}H", body, 5) if not new and version != 0 else ()
            head = body[4:first]
            if not new and version == 3:
                head = body[4:405]
                struct.pack_into("<I", header, place - position + 4, 2)
            record = (length - first) // points
            rows, written = with_current(body[first:], ids)
            if ids:
                head = head[:1] + struct.pack(f"<{len(ids)}H", *written) + head[1 + 2 * len(ids) :]
            records = repeated(rows, written, wanted - (len(data) - (length - first)))
            body = struct.pack("<I", len(records) // record) + head + records
            struct.pack_into("<I", header, place - position, len(body))
        if not name.startswith(b"VMP loop"):
            out += header + body
    with open(sys.argv[3], "wb") as file:
        file.write(out)


main()
