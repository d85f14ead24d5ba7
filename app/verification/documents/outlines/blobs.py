"""Which four-cornered patches has a picture? Edges closed and thresholds of several channels, their hulls' corners."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.shapes import Corners, Floats, Quad

Image = NDArray[np.uint8]
"""(h, w, 3), RGB; or (h, w), a mask or one channel."""
Points = NDArray[np.int32]
"""(n, 2)."""

CONTOURS_AT_MOST = 12
"""The largest of each mask that are looked at: the time is bounded, whatever the picture."""
OUTLINE_POINTS = 360
"""Of a hull, that its edges are fitted to."""
SAME_PX = 2
"""Corners this near are those of a patch found before."""


def quads(image: Image, least_area: float) -> list[Quad]:
    """The patches with four corners, unordered, each one once."""
    found: list[Quad] = []
    rough: list[Quad] = []
    for mask in _masks(image):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        large = [(w * h, c) for c in contours for _, _, w, h in [cv2.boundingRect(c)] if w * h >= least_area]
        for _, contour in sorted(large, key=lambda sized: -sized[0])[:CONTOURS_AT_MOST]:
            hull = np.asarray(cv2.convexHull(np.asarray(contour, np.int32)), np.int32)
            quad = _quad(hull, least_area)
            if quad is not None and not any(np.abs(quad - other).max() <= SAME_PX for other in rough):
                rough.append(quad)
                found.append(_sharpened(hull.reshape(-1, 2), quad))
    return found


def _masks(image: Image) -> Iterator[Image]:
    """Black-and-white renderings in which a document may be one blob; openings part it from a pattern it touches."""
    grey = np.asarray(cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (5, 5), 0), np.uint8)
    for low, high, kernel in ((12, 36, 3), (30, 90, 3), (30, 90, 7), (60, 150, 5)):
        yield np.asarray(cv2.dilate(cv2.Canny(grey, low, high), np.ones((kernel, kernel), np.uint8)), np.uint8)
    smooth = cv2.blur(image, (5, 5))
    for channel in (*cv2.split(cv2.cvtColor(smooth, cv2.COLOR_RGB2YCrCb)), saturation(np.asarray(smooth, np.uint8))):
        _, otsu = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for mask in (otsu, cv2.bitwise_not(otsu)):
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
            yield np.asarray(closed, np.uint8)
            yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8)), np.uint8)
    yield from _calm(grey)


def saturation(image: Image) -> Image:
    """The largest channel less the smallest."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)), np.uint8)


def _calm(grey: Image) -> Iterator[Image]:
    """Where nothing changes nearby: the margins of a document on a page of print, whose paper is as bright."""
    change = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((7, 7), np.uint8))
    for level, kernel in ((16, 9), (32, 9), (32, 25), (24, 41)):
        calm = np.asarray(change < level, np.uint8) * np.uint8(255)
        opened = cv2.morphologyEx(calm, cv2.MORPH_OPEN, np.ones((kernel, kernel), np.uint8))
        yield np.asarray(cv2.dilate(opened, np.ones((7, 7), np.uint8)), np.uint8)


def _quad(hull: Points, least_area: float) -> Quad | None:
    """The four corners of a contour that is one; rounded corners and a bitten edge are smoothed by the hull."""
    if cv2.contourArea(hull) < least_area:
        return None
    length = cv2.arcLength(hull, closed=True)
    for share in (0.02, 0.04, 0.08):
        corners = cv2.approxPolyDP(hull, share * length, closed=True)
        if len(corners) == 4:
            return corners.reshape(4, 2).astype(np.float32)
    return None


def _sharpened(hull: Points, quad: Quad) -> Quad:
    """Corners moved to where the edges' own lines meet: a card's corners are rounded by 3 mm (ISO/IEC 7810)."""
    dense = _dense(hull)
    lines = [_edge_line(dense, quad[at], quad[(at + 1) % 4]) for at in range(4)]
    corners = [meeting(lines[at - 1], lines[at]) for at in range(4)]
    moved = np.array([q if c is None else c for c, q in zip(corners, quad, strict=True)], np.float32)
    reach = 0.1 * float(np.linalg.norm(quad[0] - quad[2]))
    return moved if float(np.abs(moved - quad).max()) < reach else quad


def _edge_line(dense: NDArray[np.float32], start: NDArray[np.float32], end: NDArray[np.float32]) -> Floats:
    """The homogeneous line through an edge, fitted to the outline's points along its middle."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / max(length, 1e-6)
    offset = dense - start
    position = offset @ along
    distance = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0])
    near = dense[(position > 0.12 * length) & (position < 0.88 * length) & (distance < 0.02 * length + 2)]
    if len(near) < 2:
        return through(start, end)
    vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return through((x, y), (x + vx, y + vy))


def _dense(hull: Points) -> NDArray[np.float32]:
    """Points at equal steps along the whole outline."""
    closed = np.vstack([hull, hull[:1]]).astype(np.float64)
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    steps = np.linspace(0, travelled[-1], OUTLINE_POINTS, endpoint=False)
    return np.stack([np.interp(steps, travelled, closed[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def through(start: Sequence[float] | Corners, end: Sequence[float] | Corners) -> Floats:
    """The homogeneous line through two points."""
    (a, b), (c, d) = start, end
    return np.array([b - d, c - a, a * d - b * c], np.float64)


def meeting(one: Floats, other: Floats) -> Floats | None:
    """The point in which two homogeneous lines meet; None where they run side by side."""
    a, b, c = one
    d, e, f = other
    w = a * e - b * d
    return None if abs(w) < 1e-9 else np.array([(b * f - c * e) / w, (c * d - a * f) / w])
