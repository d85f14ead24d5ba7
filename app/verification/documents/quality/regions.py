"""Which pixels lie in a box? Every canvas has 300 dots to the inch, so that lengths in pixels hold on all of them."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Polygon

Grey = NDArray[np.uint8]
"""(h, w)."""

COARSE = 4
"""The canvas is looked at so many times smaller where single strokes do not matter."""


def coarsened(canvas: Image) -> Image:
    """The canvas COARSE times smaller."""
    height, width = canvas.shape[:2]
    size = (max(1, width // COARSE), max(1, height // COARSE))
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)


def cut(picture: Grey, box: Box, *, coarse: int = 1) -> Grey | None:
    """What a box holds of a picture made `coarse` times smaller; None where it holds nothing of it."""
    left, top, right, bottom = _pixels(box, picture.shape, coarse)
    return picture[top:bottom, left:right] if left < right and top < bottom else None


def share(mask: Grey, box: Box, *, coarse: int = 1) -> tuple[float, Polygon] | None:
    """Share of a box under a mask, and the part of the box it lies in; the whole box where it is nowhere."""
    crop = cut(mask, box, coarse=coarse)
    if crop is None:
        return None
    left, top, _, _ = _pixels(box, mask.shape, coarse)
    return float(crop.mean()), corners(extent(crop, left=left, top=top, coarse=coarse) or box)


def extent(mask: Grey, *, left: int = 0, top: int = 0, coarse: int = 1) -> Box | None:
    """The box around all that a mask marks, on the canvas; `left` and `top` say where the mask was cut from."""
    x, y, wide, high = cv2.boundingRect(mask)
    if not wide:
        return None
    return Box((left + x) * coarse, (top + y) * coarse, (left + x + wide) * coarse, (top + y + high) * coarse)


def within(place: Box, strip: Box) -> Box:
    """The part of a place in its strip, for OCR takes the end of a label with it; all of it where they do not meet."""
    left, right = max(place.left, strip.left), min(place.right, strip.right)
    top, bottom = max(place.top, strip.top), min(place.bottom, strip.bottom)
    return Box(left, top, right, bottom) if left < right and top < bottom else place


def corners(box: Box) -> Polygon:
    """The box as every place is given."""
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def _pixels(box: Box, shape: tuple[int, ...], coarse: int) -> tuple[int, int, int, int]:
    """The box in whole pixels, cut at the picture; empty where a side of it is no number."""
    if not all(map(math.isfinite, (box.left, box.top, box.right, box.bottom))):
        return 0, 0, 0, 0
    left, right = max(math.floor(box.left / coarse), 0), min(math.ceil(box.right / coarse), shape[1])
    top, bottom = max(math.floor(box.top / coarse), 0), min(math.ceil(box.bottom / coarse), shape[0])
    return left, top, right, bottom
