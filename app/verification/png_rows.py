"""Does a PNG hold every row it declares? Decoders leave black what its packed data end before."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type, RFC 2083 §4.1.1."""
PASSES: Final = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
"""Adam7: first column and step, first row and step of each pass, RFC 2083 §2.6."""
BLOCK_OCTETS = 1 << 20
"""Unpacked at a time, and forgotten."""


def holds_every_row(octets: bytes) -> bool:
    """Whether its data unpack to as much as its header declares; raises zlib.error, KeyError for a colour there is not."""
    needed = _needed(octets)
    unpacker = zlib.decompressobj()
    for data in _data(octets):
        waiting: bytes | memoryview = data
        while waiting and not unpacker.eof:
            needed -= len(unpacker.decompress(waiting, BLOCK_OCTETS))
            if needed <= 0:
                return True
            waiting = unpacker.unconsumed_tail
    return False


def _needed(octets: bytes) -> int:
    """Octets of all rows, each with its filter's before it."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", octets, 16)
    passes = PASSES if interlaced else ((0, 1, 0, 1),)
    sizes = ((_steps(width, column, over), _steps(height, row, down)) for column, over, row, down in passes)
    return sum(rows * (1 + (columns * depth * CHANNELS[colour] + 7) // 8) for columns, rows in sizes if columns)


def _steps(length: int, first: int, step: int) -> int:
    return max(0, (length - first + step - 1) // step)


def _data(octets: bytes) -> Iterator[memoryview]:
    """The bodies of the first unbroken run of IDAT chunks: decoders read no further."""
    whole, at, begun = memoryview(octets), 8, False
    while at + 8 <= len(octets):
        length, name = struct.unpack_from(">I4s", octets, at)
        if name == b"IDAT":
            begun = True
            yield whole[at + 8 : at + 8 + length]
        elif begun:
            return
        at += 12 + length
