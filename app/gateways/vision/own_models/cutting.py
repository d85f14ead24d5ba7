"""Which pixels of a photograph does a model see? A face turned into a template, or its box and some of what is around."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.verification.faces.five_points import Box

Points = NDArray[np.complex128]

ARCFACE_SIDE: Final = 112
ARCFACE: Final = np.array(
    [38.2946 + 51.6963j, 73.5318 + 51.5014j, 56.0252 + 71.7366j, 41.5493 + 92.3655j, 70.7299 + 92.2041j]
)
"""Middles of the eyes, tip of the nose, corners of the mouth: `arcface_dst` of insightface."""
EYES_AND_LIP: Final = np.array([38.2946 + 51.6963j, 73.5318 + 51.5014j, 56.0252 + 76.04j])
"""Middles of the eyes, and where the nose meets the lip, which is what dlib finds: on the mean of 255 faces 0.694 of the
eyes' distance below them. The tip itself would tilt and shrink every face."""


def aligned(image: Pixels, points: Points, side: int) -> Pixels:
    """(side, side, 3): three of dlib's points or five of ArcFace's where the template has them (Umeyama 1991)."""
    template = (ARCFACE if len(points) == len(ARCFACE) else EYES_AND_LIP) * (side / ARCFACE_SIDE)
    mean, wanted = points.mean(), template.mean()
    spread = (abs(points - mean) ** 2).sum()
    turned = ((points - mean).conj() @ (template - wanted)) / spread if spread else complex(1)
    smaller = max(1, int(1 / max(abs(turned), 1 / max(image.shape))))  # or a large face would be cut from single pixels
    if smaller > 1:
        image = np.asarray(cv2.resize(image, _shrunk(image, smaller), interpolation=cv2.INTER_AREA), np.uint8)
        turned, mean = turned * smaller, mean / smaller
    moved = wanted - turned * mean
    matrix = np.array([[turned.real, -turned.imag, moved.real], [turned.imag, turned.real, moved.imag]])
    return np.asarray(cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR), np.uint8)


def around(image: Pixels, box: Box, times: float, side: int) -> Pixels:
    """(side, side, 3): the box so many times as large, moved and at last shrunk to lie in the picture.

    As `CropImage` of Silent-Face-Anti-Spoofing does, which MiniFASNet was trained with.
    """
    left, top, right, bottom = outer(image, box, times)
    cut = image[top:bottom, left:right]
    return np.asarray(cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def outer(image: Pixels, box: Box, times: float) -> tuple[int, int, int, int]:
    """Edges of what `around` cuts."""
    high, wide, _ = image.shape
    across, down = max(1.0, box[2] - box[0]), max(1.0, box[3] - box[1])
    times = min(times, wide / across, high / down)
    across, down = max(1, round(across * times)), max(1, round(down * times))
    left = min(max(0, round((box[0] + box[2] - across) / 2)), wide - across)
    top = min(max(0, round((box[1] + box[3] - down) / 2)), high - down)
    return left, top, left + across, top + down


def whole(image: Pixels, side: int, fill: int) -> tuple[Pixels, float]:
    """(side, side, 3): all of the picture at its own proportions from the top left, and how often it was made smaller."""
    high, wide, _ = image.shape
    factor = max(high, wide) / side
    size = (max(1, round(wide / factor)), max(1, round(high / factor)))
    seen = np.full((side, side, 3), fill, np.uint8)
    seen[: size[1], : size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return seen, factor


def _shrunk(image: Pixels, times: int) -> tuple[int, int]:
    return max(1, image.shape[1] // times), max(1, image.shape[0] // times)
