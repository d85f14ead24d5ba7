"""What are the samples made of? A small honest scene, encoded in every way; the parts of the containers."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

PICTURES = Path(__file__).parents[1] / "vectors" / "pictures"
PNG_START = b"\x89PNG\r\n\x1a\n"
SIZE = WIDTH, HEIGHT = 64, 48


def scene(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Noise: no tenth of its octets is idle."""
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def encoded(image: Image.Image, kind: str, **how: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()


def jpeg(**how: Any) -> bytes:
    return encoded(scene(), "jpeg", **how)


def png(**how: Any) -> bytes:
    return encoded(scene(), "png", **how)


def webp(**how: Any) -> bytes:
    return encoded(scene(), "webp", **how)


def heic() -> bytes:
    return (PICTURES / "upright.heic").read_bytes()


def segment(marker: int, body: bytes) -> bytes:
    """Of a JPEG, ITU-T T.81 §B.1.1.4."""
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(body)) + body


def within_jpeg(octets: bytes, inserted: bytes) -> bytes:
    """Right after the start of the image."""
    return octets[:2] + inserted + octets[2:]


def frame_of(octets: bytes, marker: int = 0xC0) -> int:
    """Where the frame header of a JPEG of ours begins."""
    return octets.index(bytes((0xFF, marker)))


def chunk(name: bytes, body: bytes) -> bytes:
    """Of a PNG, RFC 2083 §3.2."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def header(width: int, height: int, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def png_of(head: bytes, rows: bytes, *before: bytes) -> bytes:
    """A whole PNG around those packed rows."""
    return PNG_START + head + b"".join(before) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """That many zero octets, packed a thousandfold."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = [packer.compress(block) for _ in range(count >> 20)]
    return b"".join([*packed, packer.compress(bytes(count & 0xFFFFF)), packer.flush()])


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of those chunks, RFC 9649 §2.3."""
    inner = b"WEBP" + b"".join(
        name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2) for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    """The VP8X chunk, RFC 9649 §2.7."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes((flags, 0, 0, 0)) + sizes


def image_chunk(octets: bytes) -> tuple[bytes, bytes]:
    """The one image chunk of a simple WebP."""
    length = int.from_bytes(octets[16:20], "little")
    return octets[12:16], octets[20 : 20 + length]


def tiff(*entries: tuple[int, int, int, int], after: bytes = b"", following: int = 0) -> bytes:
    """EXIF's body, big-endian: an IFD of (tag, type, count, value or offset), TIFF 6.0 §2."""
    listed = b"".join(struct.pack(">HHII", *entry) for entry in entries)
    return (
        b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">H", len(entries)) + listed + struct.pack(">I", following) + after
    )


def exif(body: bytes) -> bytes:
    """As a segment of a JPEG."""
    return segment(0xE1, b"Exif\x00\x00" + body)
