"""How do a pool and its processes talk? Length-prefixed frames: one JSON header, some blobs.

Never pickle: a process broken by a hostile picture must not be able to run code in the one that asked it.
"""

import asyncio
import struct
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"HFV2"
PREFIX = struct.Struct(">4sII")
"""Magic, length of the header, count of the blobs; the length of each follows."""
LENGTH = struct.Struct(">I")
MAX_HEADER_OCTETS = 1 << 20
MAX_BLOBS = 16
MAX_BLOB_OCTETS = 16 << 20
"""Above `picture.MAX_OCTETS`, the largest thing that travels."""

Blobs = tuple[bytes, ...]
NO_BLOBS: Blobs = ()


class BrokenFrame(Exception):
    """Not a frame of ours, or one beyond the bounds: the other side is broken or hostile."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; an absent blob is empty."""

    header: bytes
    blobs: Blobs = NO_BLOBS

    def pack(self) -> bytes:
        """The octets that travel."""
        prefix = PREFIX.pack(MAGIC, len(self.header), len(self.blobs))
        lengths = (LENGTH.pack(len(blob)) for blob in self.blobs)
        return b"".join((prefix, *lengths, self.header, *self.blobs))


def announced(prefix: bytes) -> tuple[int, int]:
    """Octets of the header, and how many blobs follow; refused before anything of them is awaited."""
    if len(prefix) != PREFIX.size:
        raise BrokenFrame
    magic, header, count = PREFIX.unpack(prefix)
    if magic != MAGIC or header > MAX_HEADER_OCTETS or count > MAX_BLOBS:
        raise BrokenFrame
    return header, count


def lengths(octets: bytes) -> list[int]:
    """Of the blobs; refused before a single octet of them is awaited."""
    if len(octets) % LENGTH.size:
        raise BrokenFrame
    found = [length for (length,) in LENGTH.iter_unpack(octets)]
    if any(length > MAX_BLOB_OCTETS for length in found):
        raise BrokenFrame
    return found


async def receive(stream: asyncio.StreamReader) -> Frame:
    """The next frame; raises BrokenFrame also where the stream ends."""
    try:
        header, count = announced(await stream.readexactly(PREFIX.size))
        sizes = lengths(await stream.readexactly(count * LENGTH.size))
        return _framed([await stream.readexactly(size) for size in (header, *sizes)])
    except asyncio.IncompleteReadError as ended:
        raise BrokenFrame from ended


def read(stream: BinaryIO) -> Frame | None:
    """The next frame, waiting for it; None where the stream has ended between two frames."""
    prefix = stream.read(PREFIX.size)
    if not prefix:
        return None
    header, count = announced(prefix)
    sizes = [header, *lengths(_whole(stream, count * LENGTH.size))]
    return _framed([_whole(stream, size) for size in sizes])


def _whole(stream: BinaryIO, size: int) -> bytes:
    part = stream.read(size)
    if len(part) != size:
        raise BrokenFrame
    return part


def _framed(parts: list[bytes]) -> Frame:
    header, *blobs = parts
    return Frame(header, tuple(blobs))
