"""Does something lie on the card? What has not the paper's colour and is wider than print, and strips without print."""

from collections.abc import Sequence

import cv2
import numpy as np

from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality.fields import boldness, brightest
from app.verification.documents.quality.regions import COARSE, Grey, coarsened, corners, cut, extent
from app.verification.examination import Polygon

FOREIGN = 13.0
"""Distance from the paper in the a-b plane of CIE L*a*b*, at one light: skin from pale to dark lies 17 to 30 from it."""
SEARCHED_LIGHT = 200.0
"""Grey level the paper is brought to first: colour fades with the light."""
WIDER_THAN_PRINT = 24
"""Pixels, 2 mm: no stroke is as wide, a finger's tip is."""
RIM = 24
"""Pixels along the edge of the canvas in which a hand that holds the card shows."""
SKIN_HUES = (20.0, 80.0)
"""Degrees in the a-b plane: five skins from pale to dark as they are drawn in the tests lie at 50 to 62."""
BLANK = 0.12
"""Boldness below which a strip holds no print anybody reads: a slip's own edge has up to 0.1, and print blurred by 6 px 0.25."""


def foreign(canvas: Image, paper: Grey) -> Grey:
    """One where something of another colour than most of the card lies, COARSE times smaller than the canvas."""
    lit = coarsened(canvas).astype(np.float32) * np.float32(SEARCHED_LIGHT / 255 / brightest(paper))
    _, a, b = cv2.split(cv2.cvtColor(np.minimum(lit, 1.0), cv2.COLOR_RGB2LAB))
    strange = np.asarray(np.hypot(a - np.median(a), b - np.median(b)) > FOREIGN, np.uint8)
    kernel = np.ones((WIDER_THAN_PRINT // COARSE, WIDER_THAN_PRINT // COARSE), np.uint8)
    # Beyond the canvas lies no colour: a sliver of desk along its edge would count as a thing on the card.
    opened = cv2.morphologyEx(strange, cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(opened, np.uint8)


def fingers(canvas: Image, strange: Grey) -> Grey:
    """What is foreign and has the hue of skin, COARSE times smaller than the canvas."""
    _, a, b = cv2.split(cv2.cvtColor(coarsened(canvas).astype(np.float32) / 255, cv2.COLOR_RGB2LAB))
    hue = np.degrees(np.arctan2(b, a))
    return np.asarray(strange * ((hue >= SKIN_HUES[0]) & (hue <= SKIN_HUES[1])), np.uint8)


def lying(canvas: Image, strange: Grey, own: Sequence[Box]) -> tuple[float, Polygon | None]:
    """Share of the canvas under a finger, or on its rim under anything foreign, and the box around it.

    `own` is where the document prints colours of its own; on the rim it has none.
    """
    there = fingers(canvas, without(strange, own))
    deep = RIM // COARSE
    rim = np.ones(strange.shape, np.uint8)
    rim[deep:-deep, deep:-deep] = 0
    there |= strange * rim
    around = extent(there, coarse=COARSE)
    return float(there.mean()), None if around is None else corners(around)


def without(mask: Grey, boxes: Sequence[Box]) -> Grey:
    """A mask COARSE times smaller than the canvas, with nothing marked inside these boxes."""
    bare = mask.copy()
    for box in boxes:
        inside = cut(bare, box, coarse=COARSE)
        if inside is not None:
            inside[...] = 0
    return bare


def blank(grey: Grey, strip: Box, read: Sequence[Box]) -> bool:
    """Neither a line of text nor print of any kind is in a strip: something of the paper's own colour lies on it."""
    if any(_meet(strip, line) for line in read):
        return False
    bold = boldness(grey, strip)
    return bold is not None and bold < BLANK


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom
