"""Was the portrait replaced? Its edges are cut where print runs out into the paper; its noise is another picture's."""

import cv2
import numpy as np

from app.verification.documents.authenticity.planes import (
    Cut,
    Plane,
    cut,
    grain,
    luminance,
    measurable,
    noise_level,
    of_box,
    paper_white,
)
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure
from app.verification.reasons import ReasonCode

OUT, IN = 0.16, 0.10
"""Of the portrait's width: how far outside and inside its box an edge may lie."""
PARTS = 8
"""Of each side: an edge must be seen along most of them."""
SHARP = 4.0
"""Pixels: print fades into the paper over more than this, a cut edge over less."""
TILE = 24
SMOOTHEST = 10
"""Percent of the tiles."""
QUIETEST = 0.1
"""Grey levels, as in tampering.py."""
BLACK, BURNT = 0.22, 245
"""Of the paper's light, and grey level, beyond which a tile tells no noise."""


def cut_edges(canvas: Image, portrait: Box | None) -> Measure | None:
    """Contrast of the straight sharp edges around the portrait, in percent of the brightness: of the third best side."""
    inside = None if portrait is None or not measurable(canvas) else cut(portrait, canvas.shape)
    if portrait is None or inside is None or min(portrait.right - portrait.left, portrait.height) < 40:
        return None
    grey = luminance(canvas)
    level = np.log(np.maximum(grey, 8))
    turned = np.ascontiguousarray(level.T)
    across, down = portrait.right - portrait.left, portrait.height
    sides = sorted(
        (
            _edge(level, portrait.left, across, (portrait.top, portrait.bottom), inward=1),
            _edge(level, portrait.right, across, (portrait.top, portrait.bottom), inward=-1),
            _edge(turned, portrait.top, down, (portrait.left, portrait.right), inward=1),
            _edge(turned, portrait.bottom, down, (portrait.left, portrait.right), inward=-1),
        )
    )
    return Measure(ReasonCode.PORTRAIT_EDGED, 100 * sides[1], of_box(portrait))


def noise_of_portrait(canvas: Image, portrait: Box | None) -> Measure | None:
    """The factor between the noise of the portrait's smoothest parts and that of the paper's."""
    inside = None if portrait is None or not measurable(canvas) else cut(portrait, canvas.shape, grown=-18)
    around = None if portrait is None else cut(portrait, canvas.shape, grown=70)
    if portrait is None or inside is None or around is None:
        return None
    grey = luminance(canvas)
    fine = grain(grey)
    own = _quiet(grey, fine, inside, without=None)
    others = _quiet(grey, fine, around, without=inside)
    if own is None or others is None:
        return None
    high, low = max(own, others) + QUIETEST, min(own, others) + QUIETEST
    return Measure(ReasonCode.PORTRAIT_NOISE_DIFFERS, high / low, of_box(portrait))


def _edge(level: Plane, at: float, width: float, along: tuple[float, float], *, inward: int) -> float:
    """The sharpest upright edge near a column: median over its parts of the step that no fading print makes."""
    start, end = sorted((at - inward * OUT * width, at + inward * IN * width))
    band = cut(Box(start, along[0], end, along[1]), level.shape, grown=3)
    if band is None:
        return 0.0
    strip = level[band]
    if min(strip.shape) < 2 * PARTS:
        return 0.0
    parts = np.stack([part.mean(axis=0) for part in np.array_split(strip[len(strip) // 20 : -len(strip) // 20], PARTS)])
    fine = cv2.GaussianBlur(parts, (0, 0), sigmaX=0.8, sigmaY=0.01)
    steps = np.abs(fine[:, 2:] - fine[:, :-2])
    broad = np.abs(
        cv2.GaussianBlur(parts, (0, 0), sigmaX=SHARP, sigmaY=0.01)[:, 2:]
        - cv2.GaussianBlur(parts, (0, 0), sigmaX=SHARP, sigmaY=0.01)[:, :-2]
    )
    sharp = np.maximum(steps - broad, 0)
    near = cv2.dilate(sharp, np.ones((1, 5), np.uint8))  # a lean of the card moves the edge from part to part
    return float(np.percentile(near, 30, axis=0).max())


def _quiet(grey: Plane, fine: Plane, where: Cut, without: Cut | None) -> float | None:
    """The grain of the smoothest tiles, in which there is least of the picture and most of the sensor."""
    rows, columns = where
    levels: list[float] = []
    black = BLACK * paper_white(grey[::4, ::4])
    for top in range(rows.start, rows.stop - TILE, TILE):
        for left in range(columns.start, columns.stop - TILE, TILE):
            if without is not None and _overlap(top, left, without):
                continue
            tile = (slice(top, top + TILE), slice(left, left + TILE))
            if black < float(grey[tile].mean()) < BURNT:
                levels.append(noise_level(fine[tile]) or 0.0)
    return None if len(levels) < 6 else float(np.percentile(levels, SMOOTHEST))


def _overlap(top: int, left: int, box: Cut) -> bool:
    rows, columns = box
    return top < rows.stop and top + TILE > rows.start and left < columns.stop and left + TILE > columns.start
