"""Was the card shown on a screen? Its dots against the sensor's, their colours, its dark frame, its flicker."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.planes import Plane, luminance, measurable, polygon
from app.verification.documents.authenticity.spectra import AXIS, Peak, lattice, peak, spectra, succession
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure, Polygon
from app.verification.reasons import ReasonCode

TILE = 128
"""Pixels: long enough to tell a period of a few pixels, short enough that perspective does not smear it."""
FINE = (30, 64)
"""Cycles per tile: periods of two to four pixels, finer than a card's own guilloche; to be set anew on real cards."""
LATTICE = (20, 45)
"""Cycles per tile: 95 to 210 dots to the inch of the card."""
COLOURED = (5, 22)
"""Cycles per tile: a JPEG keeps colour at half the detail."""
SHADES = 160
"""Rows or columns a card's brightness is followed over."""
STRIPS = 4
FEWEST_BANDS, MOST_BANDS = 3, 14
"""Over the card: slower is a lamp's own falling off, faster is print."""
PACES = 17
"""Over the card: below it another pace is looked for."""
ALONE = 3.0
"""Times as strong as every pace but its neighbours, of the slowest: a screen's bands 3.6 to 12.6 (60 drawn), a shadow's edge
over the card up to 2.5 (52 that were taken for bands, each at that pace; seeds below 500)."""
RAYS = 24
"""From each edge of the card outwards."""
SEEN_AS = 500.0
"""Pixels the card's long edge is brought to before its surroundings are looked at."""
REACH = 180
"""Pixels outwards, at that size."""
DARK = 0.22
"""Of the card's own white: a bezel is darker than any desk in the same light."""
NARROWEST, WIDEST = 4, 120
"""Pixels of a bezel, at that size."""
BESIDE = 2.5
"""Pixels an edge may lie off its line, at that size."""


def fine_pattern(canvas: Image) -> tuple[Measure, ...]:
    """Repetition finer than anything printed on a card, and dots in a lattice; log power over others as fast."""
    grey = luminance(canvas) if measurable(canvas) else None
    seen = None if grey is None else spectra((grey,), grey, TILE)
    if seen is None:
        return ()
    pattern, dots = peak(seen, *FINE), lattice(seen, *LATTICE)
    return (
        Measure(ReasonCode.RECAPTURE_PATTERN, pattern.height, _tile(pattern, TILE)),
        Measure(ReasonCode.COPY_DOTS, dots.height, _tile(dots, TILE)),
    )


def colour_fringes(canvas: Image) -> Measure | None:
    """Repetition of one colour after the other: a screen's red, green and blue stripes stand in a row.

    Repetition in colour alone would be a guilloche in coloured ink too, and an honest card has one.
    """
    if not measurable(canvas):
        return None
    half = np.asarray(cv2.resize(canvas, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    red, green, blue = (plane.astype(np.float32) for plane in cv2.split(half))
    seen = succession(red, green, blue, luminance(half), TILE // 2)
    if seen is None:
        return None
    fringes = peak(seen, *COLOURED, off_axis=AXIS)
    return Measure(
        ReasonCode.RECAPTURE_FRINGES, fringes.height, _tile(Peak(0, 2 * fringes.left, 2 * fringes.top), TILE)
    )


def refresh_bands(canvas: Image, portrait: Box | None) -> Measure | None:
    """Swing of brightness in even bands across the card, as share of its brightness."""
    if not measurable(canvas):
        return None
    grey = luminance(canvas)
    upright = _banding(grey, portrait)
    turned = None if portrait is None else Box(portrait.top, portrait.left, portrait.bottom, portrait.right)
    return Measure(ReasonCode.RECAPTURE_BANDS, max(upright, _banding(np.ascontiguousarray(grey.T), turned)))


def screen_frame(photograph: Image | None, outline: Polygon | None, white: float) -> Measure | None:
    """Share of the card's surroundings that is a straight dark rim with something lighter behind it, on two sides.

    `white` is the card's own paper in grey levels. A dark desk has no outer edge, a shadow no sharp one.
    """
    if photograph is None or outline is None or not measurable(photograph):
        return None
    corners = np.array(outline, np.float64)
    long_edge = float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max())
    if not np.isfinite(long_edge) or long_edge < 1 or white <= 0:
        return None
    scale = SEEN_AS / long_edge
    size = (max(round(photograph.shape[1] * scale), 1), max(round(photograph.shape[0] * scale), 1))
    if max(size) > 4 * SEEN_AS:
        return None  # a card so small in its photograph is refused for that
    small = cv2.resize(photograph, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    grey = cv2.copyMakeBorder(luminance(np.asarray(small, np.uint8)), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=-1)
    shares = sorted(_rim(np.asarray(grey, np.float32), start, end, white) for start, end in _edges(corners * scale + 1))
    return Measure(ReasonCode.RECAPTURE_FRAME, shares[-2])


def _tile(of: Peak, side: int) -> Polygon:
    return polygon(of.left, of.top, of.left + side, of.top + side)


def _banding(grey: Plane, portrait: Box | None) -> float:
    """Of rows: light in strips beside each other, print closed over; neighbours must swing together, at whatever lean."""
    wide = grey.shape[1]
    small = cv2.resize(grey, (SHADES, SHADES), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)) + 1
    strips = np.stack([np.percentile(part, 60, axis=1) for part in np.array_split(paper, STRIPS, axis=1)])
    free = [
        at
        for at in range(STRIPS)
        if portrait is None or not _covers(portrait, at / STRIPS * wide, (at + 1) / STRIPS * wide)
    ]
    rows = np.linspace(-1, 1, SHADES)
    levels = np.log(strips[free])
    trend = np.polynomial.polynomial.polyvander(rows, 3)
    level = levels - (trend @ np.linalg.lstsq(trend, levels.T, rcond=None)[0]).T
    window = np.hanning(SHADES)
    swings = np.fft.rfft(level * window) * 2 / window.sum()
    together = swings[:-1] * np.conj(swings[1:])
    if not len(together):
        return 0.0
    swing = np.sqrt(np.abs(together.mean(axis=0)) * _steady(together))
    first = FEWEST_BANDS if _is_alone(swing, FEWEST_BANDS) else FEWEST_BANDS + 1
    asked = np.arange(first, MOST_BANDS + 1)
    return max(float((swing[asked] - np.maximum(swing[asked - 2], swing[asked + 2])).max()), 0.0)


def _is_alone(swing: NDArray[np.float64], at: int) -> bool:
    """Whether there is one pace: a shadow's edge swings at every one, most at the slowest that is not taken for its falling off.

    The window blurs a pace by one to a side.
    """
    others = np.concatenate([swing[1 : at - 1], swing[at + 2 : PACES]])
    return bool(swing[at] >= ALONE * others.max())


def _steady(together: NDArray[np.complex128]) -> NDArray[np.float64]:
    """1 where all neighbours are out of step by the same, 0 where by anything."""
    return np.asarray(np.abs(together.sum(axis=0)) / (np.abs(together).sum(axis=0) + 1e-12), np.float64)


def _covers(portrait: Box, left: float, right: float) -> bool:
    return min(portrait.right, right) - max(portrait.left, left) > 0.3 * (right - left)


def _edges(corners: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    return [(corners[at], corners[(at + 1) % 4]) for at in range(4)]


def _rim(grey: Plane, start: NDArray[np.float64], end: NDArray[np.float64], white: float) -> float:
    """Share of the rays from one edge that leave a dark rim on one straight line."""
    along = end - start
    outwards = np.array([along[1], -along[0]]) / max(float(np.linalg.norm(along)), 1e-6)
    roots = start + along * np.linspace(0.06, 0.94, RAYS)[:, None]
    points = (roots[:, None] + outwards * np.arange(REACH)[None, :, None]).astype(np.float32)
    x, y = np.ascontiguousarray(points[..., 0]), np.ascontiguousarray(points[..., 1])
    profiles = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1)
    left = [_left_at(profile, white) for profile in np.asarray(profiles, np.float32)]
    on = np.array([(ray, at) for ray, at in enumerate(left) if at is not None], np.float64).reshape(-1, 2)
    if len(on) < RAYS / 3:
        return 0.0
    return (
        max(_on_line(on, one, other) for one, other in ((0, -1), (1, -2), (0, len(on) // 2), (len(on) // 2, -1))) / RAYS
    )


def _left_at(profile: Plane, white: float) -> int | None:
    """Where a ray leaves the first dark rim it crosses for something lighter, sharply."""
    dark = (profile >= 0) & (profile < DARK * white)
    if not dark.any():
        return None
    first = int(np.argmax(dark))
    length = int(np.argmin(np.append(dark[first:], False)))
    last = first + length
    behind = profile[last : last + 4]
    if not NARROWEST <= length <= WIDEST or len(behind) < 4 or float(behind.min()) < 0:
        return None
    level = float(np.median(profile[first:last]))
    return last if float(behind.max()) > 1.8 * level + 0.06 * white else None


def _on_line(points: NDArray[np.float64], one: int, other: int) -> int:
    (x0, y0), (x1, y1) = points[one], points[other]
    slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
    return int((np.abs(points[:, 1] - y0 - slope * (points[:, 0] - x0)) <= BESIDE).sum())
