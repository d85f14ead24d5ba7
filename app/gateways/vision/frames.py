"""How do a pool and its processes talk? Length-prefixed frames: one JSON header, three blobs.

Never pickle: a process broken by a hostile picture must not be able to run code in the one that asked it.
"""

import asyncio
import struct
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"HFV1"
PREFIX = struct.Struct(">4sIIII")
MAX_HEADER_OCTETS = 1 << 20
MAX_BLOB_OCTETS = 16 << 20
"""Above `picture.MAX_OCTETS`, the largest thing that travels."""

Blobs = tuple[bytes, bytes, bytes]
NO_BLOBS: Blobs = (b"", b"", b"")


class BrokenFrame(Exception):
    """Not a frame of ours, or one beyond the bounds: the other side is broken or hostile."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; an absent blob is empty."""

    header: bytes
    blobs: Blobs = NO_BLOBS

    def pack(self) -> bytes:
        """The octets that travel."""
        prefix = PREFIX.pack(MAGIC, len(self.header), *(len(blob) for blob in self.blobs))
        return b"".join((prefix, self.header, *self.blobs))


def lengths(prefix: bytes) -> tuple[int, int, int, int]:
    """Of the header and the three blobs; refused before a single octet of them is awaited."""
    if len(prefix) != PREFIX.size:
        raise BrokenFrame
    magic, header, first, second, third = PREFIX.unpack(prefix)
    if magic != MAGIC or header > MAX_HEADER_OCTETS or max(first, second, third) > MAX_BLOB_OCTETS:
        raise BrokenFrame
    return header, first, second, third


async def receive(stream: asyncio.StreamReader) -> Frame:
    """The next frame; raises BrokenFrame also where the stream ends."""
    try:
        parts = [await stream.readexactly(length) for length in lengths(await stream.readexactly(PREFIX.size))]
    except asyncio.IncompleteReadError as ended:
        raise BrokenFrame from ended
    return _framed(parts)


def read(stream: BinaryIO) -> Frame | None:
    """The next frame, waiting for it; None where the stream has ended between two frames."""
    prefix = stream.read(PREFIX.size)
    if not prefix:
        return None
    sizes = lengths(prefix)
    parts = [stream.read(size) for size in sizes]
    if any(len(part) != size for part, size in zip(parts, sizes, strict=True)):
        raise BrokenFrame
    return _framed(parts)


def _framed(parts: list[bytes]) -> Frame:
    header, first, second, third = parts
    return Frame(header, (first, second, third))
