"""How large must a picture be to be looked at? As large as the engine needs and no larger."""

import cv2
import numpy as np
import numpy.typing as npt

from app.gateways.vision.decoding import Pixels

SMOOTH_UNTIL = 2.1
"""Times a picture may be shrunk by taking each pixel from its four neighbours: beyond, some would be left out."""


def sketched(image: Pixels, long_side: int) -> tuple[npt.NDArray[np.uint8], float]:
    """Grey, at most that long, and quickly made: for a detector, which sees edges; and the factor as below."""
    height, width, _ = image.shape
    factor = max(height, width) / long_side
    if factor > SMOOTH_UNTIL:
        small, _ = shrunk(image, long_side)
    else:
        size = (max(1, round(width / max(1.0, factor))), max(1, round(height / max(1.0, factor))))
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), max(1.0, factor)


def shrunk(image: Pixels, long_side: int) -> tuple[Pixels, float]:
    """The picture with at most that long side, and the factor that leads its places back to the original."""
    height, width, _ = image.shape
    factor = max(height, width) / long_side
    if factor <= 1:
        return image, 1.0
    size = (max(1, round(width / factor)), max(1, round(height / factor)))  # a thread of pixels stays one
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor
