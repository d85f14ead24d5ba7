"""Was something on the card changed? A digit unlike its neighbours, a place whose noise is not its surroundings'."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.planes import (
    Mask,
    Plane,
    cut,
    grain,
    ink,
    luminance,
    measurable,
    noise_level,
    of_box,
    polygon,
)
from app.verification.documents.layout import Box, around
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure
from app.verification.reasons import ReasonCode

NUMBER = "number"
DATED = ("birth", "valid_from", "valid_to")
FEWEST_DIGITS = 8
"""Of a number: with fewer nobody knows which one is odd."""
UNSURE = 0.03
"""Of a digit's height: how well its edges are placed on a canvas, even of an honest card."""
UNSURE_ACROSS = 0.12
"""Of a digit's height: a 1 does not fill its cell, and stands in it as its face has it."""
UNSURE_STROKE = 0.16
"""Of the stroke's breadth: junctions of a 4 or an 8 count as broader."""
ABOVE = 0.15
"""Of a digit's height: how much paper above and below belongs to its cell."""
PIECE = 1.8
"""Of a line's height: narrower ones hold too little paper between the print to know its noise."""
FEWEST_CELLS = 5
"""Of which the usual noise is known."""
MOST_HEIGHT = 200
"""Pixels: a taller box is no line of text."""
WIDEST_STROKE = 31
"""Pixels: wider than any stroke of a field, as wide as a character."""
QUIETEST = 0.2
"""Grey levels added to every noise: below it the grain is rounding, and a factor one of nothing to nothing."""
USUAL_SPREAD = 0.06
"""Median of how far the noise of a field's cells is from the usual, in logarithms: drawn cards of 60 seeds below 500 have
less in nine of ten fields, numbers painted over no more; cards with coarse guilloches 0.07 to 0.17."""
LOUDER = 0.77
"""Exponent of a factor above the usual. Paint has none of the sensor's noise, so a place painted over is quieter; honest
places reach as far upwards as forged ones, by print that nobody masked (drawn cards, 240 honest and 120 painted over,
seeds below 500)."""
LEVEL = 0.8
"""Exponent of a factor to the level of all cells, where the line through them is another usual: honest noise may lean with
light and focus, and whoever paints over all digits from one on leans the line."""


@dataclass(frozen=True, slots=True)
class _Digit:
    """One character's strokes, in the canvas."""

    left: int
    top: float
    right: int
    bottom: float
    stroke: float
    """How broad it is drawn."""


def uneven_digits(canvas: Image, places: Mapping[str, Box]) -> Measure | None:
    """How far the oddest digit of the number is from its neighbours, in what an honest digit may be off."""
    digits = _digits(canvas, places.get(NUMBER))
    if len(digits) < FEWEST_DIGITS:
        return None
    middles = np.array([(each.left + each.right) / 2 for each in digits])
    height = float(np.median([each.bottom - each.top for each in digits]))
    order = np.arange(len(digits), dtype=np.float64)
    strokes = np.array([each.stroke for each in digits])
    off = np.max(
        (
            _off_line(middles, np.array([each.bottom for each in digits])) / (UNSURE * height),
            _off_line(middles, np.array([each.top for each in digits])) / (UNSURE * height),
            _off_line(order, middles) / (UNSURE_ACROSS * height),
            np.abs(strokes / max(float(np.median(strokes)), 0.1) - 1) / UNSURE_STROKE,
        ),
        axis=0,
    )
    at = int(np.argmax(off))
    odd = digits[at]
    where = polygon(odd.left, odd.top, odd.right, odd.bottom)
    return Measure(ReasonCode.DIGITS_UNEVEN, float(off[at]), where, NUMBER)


def noise_of_fields(canvas: Image, places: Mapping[str, Box]) -> tuple[Measure, ...]:
    """For the number and each date: how far the noise of its oddest cell is from that of its usual ones, as a factor."""
    if not measurable(canvas):
        return ()
    grey = luminance(canvas)
    found: list[Measure] = []
    for name in (NUMBER, *DATED):
        box = places.get(name)
        cells = () if box is None else _cells(canvas, name, box)
        oddest = _oddest(grey, cells)
        if oddest is not None:
            found.append(Measure(ReasonCode.NOISE_DIFFERS, oddest[0], of_box(oddest[1]), name))
    return tuple(found)


def _cells(canvas: Image, name: str, box: Box) -> tuple[Box, ...]:
    """Around each digit of the number; elsewhere pieces of about two characters, overlapping by half."""
    digits = _digits(canvas, box) if name == NUMBER else []
    if len(digits) >= FEWEST_DIGITS:
        middles = [(each.left + each.right) / 2 for each in digits]
        half = float(np.median(np.diff(middles))) / 2
        top, bottom = float(np.median([d.top for d in digits])), float(np.median([d.bottom for d in digits]))
        rim = ABOVE * (bottom - top)
        return tuple(Box(at - half, top - rim, at + half, bottom + rim) for at in middles)
    wide = PIECE * box.height
    if not 8 <= box.height <= MOST_HEIGHT or not np.isfinite(box.right - box.left):
        return ()
    lefts = np.linspace(box.left, box.right - wide, min(int(max(box.right - box.left - wide, 0) / (wide / 2)) + 1, 60))
    return tuple(Box(float(left), box.top, float(left) + wide, box.bottom) for left in lefts)


def _oddest(grey: Plane, cells: tuple[Box, ...]) -> tuple[float, Box] | None:
    """The cell whose paper is the quietest or loudest, as a factor of the usual; None where too few can be told.

    The usual is the line through the cells or their level, whichever finds more (`LEVEL`); louder counts less (`LOUDER`).
    Where half of the cells differ
    more than on paper of one grain, as on a guilloche of lines, so may any.
    """
    region = cut(around(cells), grey.shape, grown=4) if cells else None
    if region is None:
        return None
    rows, columns = region
    paper = np.ascontiguousarray(grey[region])
    fine, still = grain(paper), ~_near_ink(paper)
    levels: list[tuple[float, Box]] = []
    for cell in cells:
        moved = Box(
            cell.left - columns.start, cell.top - rows.start, cell.right - columns.start, cell.bottom - rows.start
        )
        inside = cut(moved, paper.shape)
        level = None if inside is None else noise_level(fine[inside][still[inside]])
        if level is not None:
            levels.append((level + QUIETEST, cell))
    if len(levels) < FEWEST_CELLS:
        return None
    middles, logs = np.array([(cell.left + cell.right) / 2 for _, cell in levels]), np.log([each for each, _ in levels])
    odd = np.maximum(_odd(_from_line(middles, logs)), LEVEL * _odd(logs - np.median(logs)))
    at = int(odd.argmax())
    return float(np.exp(odd[at])), levels[at][1]


def _odd(above: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each logarithm is from the usual, in what it may be where so many differ."""
    uneven = max(float(np.median(np.abs(above))) / USUAL_SPREAD, 1.0)
    return np.asarray(np.where(above > 0, LOUDER * above, -above) / uneven, np.float64)


def _near_ink(paper: Plane) -> Mask:
    """Print and its edges: its grain is the strokes', not the sensor's."""
    marked = ink(np.asarray(cv2.GaussianBlur(paper, (0, 0), 1.0), np.float32), WIDEST_STROKE).astype(np.uint8)
    return np.asarray(cv2.dilate(marked, np.ones((5, 5), np.uint8)) > 0, np.bool_)


def _digits(canvas: Image, box: Box | None) -> list[_Digit]:
    """The characters in a box, left to right, each a column of connected ink."""
    inside = None if box is None or not measurable(canvas) else cut(box, canvas.shape, grown=0.12 * box.height)
    if inside is None or box is None or box.height < 12:
        return []
    rows, columns = inside
    grey = luminance(np.ascontiguousarray(canvas[inside]))
    paper = cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((31, 31), np.uint8)), (31, 31))
    share = np.clip(1 - grey / (paper + 1), 0, 1)
    darkest = float(np.percentile(share, 97))
    if darkest < 0.15:
        return []
    dark = np.asarray(share / darkest, np.float32)
    count, _, stats, _ = cv2.connectedComponentsWithStats((dark > 0.5).astype(np.uint8), connectivity=8)
    tall = [s for s in stats[1:count] if 0.3 * box.height < s[cv2.CC_STAT_HEIGHT] < 1.15 * box.height]
    tall = [s for s in tall if s[cv2.CC_STAT_WIDTH] < 1.2 * box.height and s[cv2.CC_STAT_LEFT] > 0]
    digits = (_digit(dark, s) for s in sorted(tall, key=lambda s: s[cv2.CC_STAT_LEFT]))
    return [
        _Digit(d.left + columns.start, d.top + rows.start, d.right + columns.start, d.bottom + rows.start, d.stroke)
        for d in digits
    ]


def _digit(dark: Plane, stats: NDArray[np.int32]) -> _Digit:
    """Its edges to a fraction of a pixel: where the darkest of each row passes half."""
    left, top, wide, high, _ = (int(value) for value in stats)
    rim = 3
    part = dark[max(top - rim, 0) : top + high + rim, left : left + wide]
    rows = part.max(axis=1)
    return _Digit(
        left,
        max(top - rim, 0) + _passes(rows),
        left + wide,
        max(top - rim, 0) + len(rows) - _passes(rows[::-1]),
        _stroke(part),
    )


def _stroke(part: Plane) -> float:
    """Four times the mean depth: a bar's ink lies a quarter of its breadth from the nearest paper, however it leans."""
    larger = cv2.resize(part, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder((larger > 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 5)
    return 4 / 3 * float(depth[depth > 0].mean()) if (depth > 0).any() else 0.0


def _passes(rows: NDArray[np.float32]) -> float:
    at = int(np.argmax(rows > 0.5))
    if at == 0:
        return 0.0
    before, after = float(rows[at - 1]), float(rows[at])
    return at - (after - 0.5) / max(after - before, 1e-6)


def _off_line(at: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each value from the line through all the others."""
    return np.abs(_from_line(at, values))


def _from_line(at: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each value is above the line through all the others: the median slope, the median level (Theil, 1950)."""
    apart = at[:, None] - at[None, :]
    rise = values[:, None] - values[None, :]
    upper = np.triu_indices(len(at), 1)
    steep = float(np.median(rise[upper] / np.where(apart[upper] == 0, 1.0, apart[upper])))
    level = values - steep * at
    return np.asarray(level - np.median(level), np.float64)
