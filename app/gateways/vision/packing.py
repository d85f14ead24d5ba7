"""How do the pictures of single fields travel between processes? All in one blob: JSON of base64 by name, parsed strictly."""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection

from app.gateways.vision import Crops
from app.gateways.vision.frames import BrokenFrame

MOST_OCTETS = 1 << 18
"""Of one field: a line across the whole document takes a quarter of it, and a broken process shall not fill the database."""


def packed(crops: Crops) -> bytes:
    """The blob."""
    return json.dumps({name: b64encode(octets).decode() for name, octets in crops.items()}).encode()


def unpacked(blob: bytes, names: Collection[str]) -> Crops:
    """The pictures, of these fields alone; raises BrokenFrame for anything else."""
    try:
        found = json.loads(blob)
        crops = {name: b64decode(octets, validate=True) for name, octets in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise BrokenFrame from None  # its text quotes the input
    if not crops.keys() <= set(names) or any(len(octets) > MOST_OCTETS for octets in crops.values()):
        raise BrokenFrame
    return crops
