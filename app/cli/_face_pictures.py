"""Which files hold photographs of faces, at the desk? All that the service takes, and what collections of faces are kept in."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from app.gateways.vision.decoding import opened
from app.verification.picture import MAX_PIXELS

COLLECTED: Final = {".pgm": "PPM", ".ppm": "PPM", ".bmp": "BMP"}
"""Of labelled faces that are exchanged among those who measure; no telephone sends them, and the service takes none."""
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", *COLLECTED})

EIGHT_BITS: Final = {"1", "L", "P", "RGB"}
"""Modes of Pillow's that become RGB as they are; sixteen bits would be cut off at white."""


def octets_of(picture: Path) -> bytes:
    """The file's octets; of a collection's format those of a PNG with the same pixels. Raises OSError.

    What is no such picture is given as it is, for the process that looks to refuse like any other.
    """
    octets, stored = picture.read_bytes(), COLLECTED.get(picture.suffix.lower())
    if stored is None:
        return octets
    try:
        with opened(octets, stored) as image:
            if image.mode not in EIGHT_BITS or image.width * image.height > MAX_PIXELS:
                return octets
            made = BytesIO()
            image.convert("RGB").save(made, "PNG", compress_level=1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return octets
    return made.getvalue()
