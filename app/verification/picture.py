"""Is this a picture we take, told by its own octets alone? Header reading; nothing here decodes a pixel.

The checks are in the order of their cost: length, magic, declared size. What passes is decoded, in another process.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.refusal import Refusal

MAX_OCTETS = 15_000_000
"""Of one photograph; a 40-megapixel phone JPEG takes 8 to 14 MB."""
MAX_PIXELS = 40_000_000
"""Declared or decoded: 120 MB as RGB, what one intake process is given memory for."""

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
HEIF_STILL = frozenset({b"heic", b"heix"})
"""Brands of one picture coded by HEVC, ISO/IEC 23008-12 annex B; what phones write."""
HEIF_SEQUENCE = frozenset({b"hevc", b"hevx", b"msf1", b"avis"})

JPEG_START_OF_SCAN = 0xDA
JPEG_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0 to SOF15 without DHT, JPG and DAC, ITU-T T.81 table B.1."""

JPEG_END_OF_IMAGE = 0xD9
JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
"""Of a segment with a length; what else follows 0xFF within a scan is data, a restart or filling (T.81 §B.1.1)."""
MAX_SCANS = 64
"""Of one JPEG. Cameras write 1, progressive encoders 10 or 12; each may cost ten octets, and a walk over every pixel:
64 of 40 megapixels took 1.7 s (measured), and three thousand a minute."""

MAX_TILES = 300
"""Coded pictures in one HEIC: phones cut forty megapixels into 160 tiles. Each may be the same octets, decoded anew."""

MAX_STEPS = 4_096
"""Segments or chunks walked before the picture itself: 15 MB of empty ones would hold the event loop for seconds."""

WEBP_ANIMATED = 0x02
"""Flag of the VP8X chunk, RFC 9649 §2.7."""


class EmptyImage(Refusal, code="empty_image"):
    """Nothing was sent."""


class ImageTooLarge(Refusal, code="image_too_large"):
    """More octets than we take. Facts: limit_octets."""


class UnsupportedImage(Refusal, code="unsupported_image"):
    """Not a still JPEG, PNG, WebP or HEIC. Facts: found = heif, animated or unknown."""


class TooManyPixels(Refusal, code="too_many_pixels"):
    """A larger area than we decode. Facts: limit_pixels."""


class BrokenImage(Refusal, code="broken_image"):
    """It says it is a picture and cannot be read as one, or ends too early."""


class Format(StrEnum):
    """The kinds of picture we take."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heif"
    """Named as Pillow names the container."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before anything is decoded; the size is as stored, before any EXIF turn."""

    format: Format
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Traces:
    """What the file tells of its making: a signal for reviewers, as easily forged as left out."""

    software: str | None
    make: str | None
    taken: str | None
    """EXIF DateTimeOriginal or DateTime as written, in the camera's unknown zone."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph that was decoded to its last pixel; the size is as seen, after the EXIF turn."""

    format: Format
    width: int
    height: int
    sha256: str
    """Of the octets as sent, in hexadecimal."""
    traces: Traces


def inspect(octets: bytes) -> Header:
    """The declared kind and size, or the refusal that spares us the decoding."""
    if not octets:
        raise EmptyImage
    if len(octets) > MAX_OCTETS:
        raise ImageTooLarge(limit_octets=MAX_OCTETS)
    kind = sniff(octets)
    width, height = _SIZES[kind](octets)
    if width == 0 or height == 0:
        raise BrokenImage
    if width * height > MAX_PIXELS:
        raise TooManyPixels(limit_pixels=MAX_PIXELS)
    return Header(kind, width, height)


def sniff(octets: bytes) -> Format:
    """The kind by magic number; the name or type the sender gave it is never asked."""
    if octets.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if octets.startswith(PNG_MAGIC):
        return Format.PNG
    if octets.startswith(b"RIFF") and octets[8:12] == b"WEBP":
        return Format.WEBP
    if octets[4:8] == b"ftyp":
        return _heif_brand(octets)
    raise UnsupportedImage(found="unknown")


def _heif_brand(octets: bytes) -> Format:
    """By the major brand, or by the compatible ones where the major says no more than that it is a picture."""
    length = int.from_bytes(octets[:4])
    compatible = {octets[at : at + 4] for at in range(16, min(length, 256, len(octets)), 4)}
    if octets[8:12] in HEIF_SEQUENCE:
        raise UnsupportedImage(found="animated")
    if octets[8:12] in HEIF_STILL or (octets[8:12] == b"mif1" and compatible & HEIF_STILL):
        return Format.HEIC
    raise UnsupportedImage(found="heif" if octets[8:12] in {b"mif1", b"avif"} else "unknown")


def _jpeg_size(octets: bytes) -> tuple[int, int]:
    for marker, start, end in _jpeg_segments(octets):
        if marker not in JPEG_FRAMES:
            continue
        if end - start < 5:
            raise BrokenImage
        height, width = struct.unpack_from(">xHH", octets, start)
        return width, height
    raise BrokenImage


def _jpeg_segments(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment's body before the first scan (T.81 §B.1.1)."""
    at = 2
    for _ in range(MAX_STEPS):
        if at + 4 > len(octets) or octets[at] != 0xFF:
            return
        marker = octets[at + 1]
        if marker == 0xFF:  # fill octet
            at += 1
            continue
        if marker in JPEG_STANDALONE:
            at += 2
            continue
        end = at + 2 + int.from_bytes(octets[at + 2 : at + 4])
        if marker == JPEG_START_OF_SCAN or end < at + 4 or end > len(octets):
            return
        yield marker, at + 4, end
        at = end


def has_too_many_scans(octets: bytes) -> bool:
    """Whether decoding this JPEG would walk over its pixels too often; reads all of it, so not for an event loop."""
    at, scans = 2, 0
    for _ in range(MAX_STEPS):
        found = JPEG_MARKER.search(octets, at)
        if found is None or octets[found.end() - 1] == JPEG_END_OF_IMAGE:
            return False
        scans += octets[found.end() - 1] == JPEG_START_OF_SCAN
        if scans > MAX_SCANS:
            return True
        at = found.end() + int.from_bytes(octets[found.end() : found.end() + 2])
    return True


def _png_size(octets: bytes) -> tuple[int, int]:
    """From IHDR, which must come first; a chunk acTL before the first IDAT makes it an animation."""
    if len(octets) < 33 or octets[8:16] != b"\x00\x00\x00\x0dIHDR":
        raise BrokenImage
    at = 33
    for _ in range(MAX_STEPS):
        if at + 8 > len(octets):
            break
        length, name = struct.unpack_from(">I4s", octets, at)
        if name == b"acTL":
            raise UnsupportedImage(found="animated")
        if name == b"IDAT":
            width, height = struct.unpack_from(">II", octets, 16)
            return width, height
        at += 12 + length
    raise BrokenImage


def _webp_size(octets: bytes) -> tuple[int, int]:
    chunk, body = octets[12:16], octets[20:30]
    if len(body) < 10:
        raise BrokenImage
    if chunk == b"VP8X":
        if body[0] & WEBP_ANIMATED:
            raise UnsupportedImage(found="animated")
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise BrokenImage


def _heic_size(octets: bytes) -> tuple[int, int]:
    """The largest of the declared extents: a grid's whole is larger than its tiles and than any thumbnail.

    An overlay (ISO/IEC 23008-12 §6.6.2.2) is of any number of pictures, each decoded for a few octets; nobody sends one.
    """
    for name, start, end in _boxes(octets, 0, len(octets), ()):
        described = b"" if name == b"mdat" else octets[start:end]
        if b"iovl" in described or described.count(b"hvc1") > MAX_TILES:
            raise BrokenImage
    sizes = [
        struct.unpack_from(">II", octets, start + 4)
        for name, start, end in _boxes(octets, 0, len(octets), (b"meta", b"iprp", b"ipco"))
        if name == b"ispe" and end - start == 12
    ]
    if not sizes:
        raise BrokenImage
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return width, height


def _boxes(octets: bytes, at: int, end: int, path: tuple[bytes, ...]) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each box body below `path`, ISO/IEC 14496-12 §4.2; one of no size goes to the end."""
    for _ in range(MAX_STEPS):
        if at + 8 > end:
            return
        length, name = struct.unpack_from(">I4s", octets, at)
        body = at + 8
        if length == 1 and body + 8 <= end:
            (length,), body = struct.unpack_from(">Q", octets, body), body + 8
        next_at = at + length if length else end
        if next_at < body or next_at > end:
            return
        if path and name == path[0]:
            # `meta` is a full box: version and flags come before its children.
            yield from _boxes(octets, body + (4 if name == b"meta" else 0), next_at, path[1:])
            return
        if not path:
            yield name, body, next_at
        at = next_at


_SIZES = {Format.JPEG: _jpeg_size, Format.PNG: _png_size, Format.WEBP: _webp_size, Format.HEIC: _heic_size}
