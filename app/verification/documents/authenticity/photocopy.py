"""Is this a copy on paper? No colour of its own, dots of toner, no red where the emblem is."""

from math import hypot

import cv2
import numpy as np

from app.verification.documents.authenticity.planes import Mask, Plane, measurable, paper_white
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure
from app.verification.reasons import ReasonCode

DARKEST = 0.25
"""Of the paper's light, below which a pixel's colour is mostly noise; a level of its own would find no colour in dim light."""
RED = 0.22
"""By how much red stands above green and blue, over the paper's brightness: seal and emblem 0.4 and more, skin 0.15."""
EMBLEM = "emblem"


def tint(canvas: Image) -> Measure | None:
    """Spread of colour over the card, in percent of its brightness, whatever colour the light has; a grey copy has none."""
    if not measurable(canvas):
        return None
    # Not in whole grey levels: in dim light one of them is a colour.
    small = cv2.medianBlur(
        cv2.resize(canvas.astype(np.float32), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), 3
    )
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)
    lit = grey > DARKEST * paper_white(grey)
    if lit.mean() < 0.2:
        return None
    red, green, blue = cv2.split(small)
    reddish, bluish = (_spread((one - green) / (grey + 1), lit) for one in (red, blue))
    return Measure(ReasonCode.COPY_COLOURLESS, 100 * hypot(reddish, bluish))


def emblem_red(canvas: Image, side: str) -> Measure | None:
    """Share of the card that is red by the light it lies in; only of the side that has the emblem."""
    if side != EMBLEM or not measurable(canvas):
        return None
    small = np.asarray(cv2.resize(canvas, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    paper = np.percentile(small.reshape(-1, 3), 70, axis=0) + 1
    red, green, blue = cv2.split(np.asarray(small / paper.astype(np.float32), np.float32))
    return Measure(ReasonCode.COPY_EMBLEM_PALE, float((red - (green + blue) / 2 > RED).mean()))


def _spread(colour: Plane, lit: Mask) -> float:
    """Between the reddest and the least red of a hundred, after the light's own change across the card is taken out."""
    high, wide = colour.shape
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    plane = np.stack([np.ones(int(lit.sum())), x[lit], y[lit]], axis=1)
    values = colour[lit].astype(np.float64)
    values -= plane @ np.linalg.lstsq(plane, values, rcond=None)[0]
    low, high_end = np.percentile(values, (2, 98))
    return float(high_end - low)
