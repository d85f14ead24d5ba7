"""Which pictures of one face does the network see? Fixed ones: the same picture gives the same descriptor, always.

One crop is the chip dlib's own network sees. More are the same face mirrored and moved by a few pixels; their mean
depends less on where exactly the eyes were found.
"""

from typing import Final

import dlib
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.face_network.weights import SIDE

MARGIN: Final = 10
"""Pixels around the chip that a moved crop may reach into."""
WIDER: Final = 0.35
"""Padding with which dlib cuts a chip larger by this margin at the same scale: 150 / (1 + 2 × 0.25) = 170 / (1 + 2 × 0.35)."""
CROPS: Final = (
    (0, 0, False),
    (0, 0, True),
    (-5, -5, False),
    (5, 5, True),
    (5, -5, False),
    (-5, 5, True),
    (0, 8, False),
    (0, -8, True),
)
"""Pixels to the right and down, mirrored or not; in the order they are taken in. Moved by 3 to 5 % of the chip: as far as
the box of the same face moves between two detections."""


def crops_of(image: Pixels, shape: dlib.full_object_detection, chip: Pixels, count: int) -> Pixels:
    """(count, 150, 150, 3), the chip first."""
    if count == 1:
        return chip[None]
    size = SIDE + 2 * MARGIN
    wide = np.asarray(dlib.get_face_chip(image, shape, size=size, padding=WIDER), np.uint8)
    return np.stack([chip, *(_cut(wide, *each) for each in CROPS[1:count])])


def _cut(wide: Pixels, right: int, down: int, mirrored: bool) -> Pixels:  # noqa: FBT001  a row of the table
    cut = wide[MARGIN + down : MARGIN + down + SIDE, MARGIN + right : MARGIN + right + SIDE]
    return cut[:, ::-1] if mirrored else cut
