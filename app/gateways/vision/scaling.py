"""How large must a picture be to be looked at? As large as the engine needs and no larger."""

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels


def shrunk(image: Pixels, long_side: int) -> tuple[Pixels, float]:
    """The picture with at most that long side, and the factor that leads its places back to the original."""
    height, width, _ = image.shape
    factor = max(height, width) / long_side
    if factor <= 1:
        return image, 1.0
    size = (max(1, round(width / factor)), max(1, round(height / factor)))  # a thread of pixels stays one
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor
