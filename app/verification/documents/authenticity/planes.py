"""Which grey levels, fine grain and regions of a canvas do the signals look at? Shared by the species' files."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Polygon

Plane = NDArray[np.float32]
"""(h, w): one channel, or a difference of channels."""
Mask = NDArray[np.bool_]
"""(h, w)."""

FEWEST_PIXELS = 60
"""Of which a noise can be told."""
Cut = tuple["slice[int, int, int]", "slice[int, int, int]"]
"""Rows and columns."""

SMALLEST = 32
"""Pixels: a picture with a shorter side holds nothing to measure."""


def measurable(canvas: Image) -> bool:
    """Whether there is a picture at all."""
    return canvas.ndim == 3 and canvas.shape[2] == 3 and min(canvas.shape[:2]) >= SMALLEST


def luminance(canvas: Image) -> Plane:
    """Grey levels."""
    return np.asarray(cv2.cvtColor(canvas, cv2.COLOR_RGB2GRAY), np.float32)


def paper_white(grey: Plane) -> float:
    """The card's own brightness: most of it is paper. What is dark is so beside it, in whatever light it lies."""
    return float(np.percentile(grey, 75))


def cut(box: Box, size: tuple[int, ...], grown: float = 0.0) -> Cut | None:
    """Rows and columns of a box with a rim, inside a picture of that size; None where nothing of it is inside."""
    if not all(np.isfinite((box.left, box.top, box.right, box.bottom))):
        return None
    left, right = max(int(box.left - grown), 0), min(int(np.ceil(box.right + grown)), size[1])
    top, bottom = max(int(box.top - grown), 0), min(int(np.ceil(box.bottom + grown)), size[0])
    return (slice(top, bottom), slice(left, right)) if right - left >= 1 and bottom - top >= 1 else None


def polygon(left: float, top: float, right: float, bottom: float) -> Polygon:
    """The four corners of an upright rectangle."""
    left, top, right, bottom = (float(edge) for edge in (left, top, right, bottom))
    return (left, top), (right, top), (right, bottom), (left, bottom)


def of_box(box: Box) -> Polygon:
    """A box's corners."""
    return polygon(box.left, box.top, box.right, box.bottom)


def grain(grey: Plane) -> Plane:
    """What is left without all that is locally a plane, in absolute grey levels: the sensor's noise, and print's edges.

    The mask of Immerkær (Fast noise variance estimation, 1996).
    """
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
    return np.asarray(np.abs(cv2.filter2D(grey, cv2.CV_32F, mask)), np.float32)


def noise_level(values: Plane) -> float | None:
    """Mean of the grain without its tallest third, which is print nobody masked; None where it is too little to say."""
    if values.size < FEWEST_PIXELS:
        return None
    return float(np.sort(values, axis=None)[: int(0.7 * values.size)].mean())


def ink(grey: Plane, reach: int) -> Mask:
    """Where something darker than its surroundings is printed; `reach` is wider than any stroke."""
    odd = 2 * (reach // 2) + 1
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((odd, odd), np.uint8))
    paper = cv2.blur(paper, (odd, odd))
    return np.asarray(grey < 0.78 * paper, np.bool_)
