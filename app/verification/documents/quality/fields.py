"""How sharply, in what light and in what contrast does each field stand? Figures of single boxes of the canvas."""

from collections.abc import Iterator

import cv2
import numpy as np

from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality.regions import COARSE, Grey, coarsened, cut, extent
from app.verification.documents.quality.whole import curvature

WIDEST_STROKE = 44
"""Pixels, 3.7 mm: darker things are print up to this width, and paper in shadow beyond it."""
CELL = 120
"""Pixels along a field, 10 mm: the widest gap in a printed date is half of it, so that each cell holds print."""
LEAST_CONTRAST = 0.02
"""Below it is noise."""
INK_SHARE = 0.4
"""Of the darkest print in a strip: darker is print, paler the paper's pattern or the soft edge of a stroke."""
EDGE, EDGE_DEEP, EDGE_CELL = 12, 16, 32
"""Pixels from the canvas's edge, 1 mm, at which its light is looked at: inside rounded corners and outside all print."""
SMALLEST = 2 * (EDGE + EDGE_CELL)
"""Pixels of a canvas with an edge that can be looked at."""
RIM = 5
"""Pixels that the reader, too, leaves around a line."""


def blur(grey: Grey, box: Box) -> float | None:
    """Variance of the Laplacian of one field, as if its print took all of the paper's light; low is blurred.

    Without that a gleam that pales the print would count as blur; a box without print counts as sharp.
    """
    crop = cut(grey, box)
    if crop is None:
        return None
    return float(curvature(crop).var()) / max(_contrast(_soft(crop)), LEAST_CONTRAST) ** 2


def contrasts(grey: Grey, box: Box) -> tuple[float, ...]:
    """What the print takes of the paper's light, 0 to 1, in each cell along a box; none outside the canvas."""
    crop = cut(grey, box)
    if crop is None:
        return ()
    cells = np.array_split(_soft(crop), max(1, crop.shape[1] // CELL), axis=1)
    return tuple(_contrast(np.asarray(cell, np.uint8)) for cell in cells)


def printed(grey: Grey, strip: Box) -> Box | None:
    """The part of a strip that bears print; None where there is none."""
    ink = _ink(grey, strip)
    if ink is None:
        return None
    found = np.asarray(ink > INK_SHARE * max(float(ink.max()), 1.0), np.uint8)
    at = extent(found, left=max(int(strip.left), 0), top=max(int(strip.top), 0))
    return None if at is None else Box(at.left - RIM, at.top - RIM, at.right + RIM, at.bottom + RIM)


def boldness(grey: Grey, strip: Box) -> float | None:
    """What the boldest print in a strip takes of the paper's light, 0 to 1: almost nothing where there is none."""
    ink, crop = _ink(grey, strip), cut(grey, strip)
    if ink is None or crop is None:
        return None
    return float(np.percentile(ink, 99.5)) / max(float(np.percentile(crop, 90)), 1.0)


def _ink(grey: Grey, strip: Box) -> Grey | None:
    """By how much a strip is darker than the paper around it, but for what is wider than print."""
    crop = cut(grey, strip)
    if crop is None:
        return None
    kernel = np.ones((WIDEST_STROKE, WIDEST_STROKE), np.uint8)
    return np.asarray(cv2.morphologyEx(_soft(crop), cv2.MORPH_BLACKHAT, kernel), np.uint8)


def paper(canvas: Image) -> Grey:
    """The light on the paper, the print taken out of it, COARSE times smaller than the canvas."""
    grey = cv2.cvtColor(coarsened(canvas), cv2.COLOR_RGB2GRAY)
    size = WIDEST_STROKE // COARSE
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def brightest(paper: Grey) -> float:
    """Grey level of the paper where the card is well lit."""
    return max(float(np.percentile(paper, 90)), 1.0)


def darkest(paper: Grey, box: Box) -> float | None:
    """Grey level of the paper in the darkest part of a field."""
    crop = cut(paper, box, coarse=COARSE)
    return None if crop is None else float(np.percentile(crop, 5))


def evenness(paper: Grey) -> tuple[float, Box] | None:
    """Light on the darkest places along the document's edge over the light along it, and the darkest place."""
    cells = list(_along_the_edge(*paper.shape)) if min(paper.shape) >= SMALLEST // COARSE else []
    if not cells:
        return None
    levels = np.array([np.median(paper[top:bottom, left:right]) for left, top, right, bottom in cells])
    left, top, right, bottom = (COARSE * edge for edge in cells[int(levels.argmin())])
    # Of two: one alone may be a stain, or a sliver of a dark desk.
    score = float(np.sort(levels)[:2].mean()) / max(float(np.percentile(levels, 90)), 1.0)
    return score, Box(left, top, right, bottom)


def _along_the_edge(high: int, wide: int) -> Iterator[tuple[int, int, int, int]]:
    """Cells of the coarse paper, all the way round."""
    rim, deep, long = EDGE // COARSE, EDGE_DEEP // COARSE, EDGE_CELL // COARSE
    for left in range(rim, max(wide - rim - long, rim) + 1, long):
        for top in (rim, high - rim - deep):
            yield left, top, left + long, top + deep
    for top in range(rim, max(high - rim - long, rim) + 1, long):
        for left in (rim, wide - rim - deep):
            yield left, top, left + deep, top + long


def _soft(crop: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), 1.0), np.uint8)


def _contrast(cell: Grey) -> float:
    ink, light = np.percentile(cell, (2, 90))
    return float((light - ink) / max(light, 1.0))
